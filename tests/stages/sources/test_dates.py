import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.sources.dates import (
    Writing,
    is_month_first,
    parse_birth,
    split_place_and_date,
    year_alone,
    year_of_age,
)

ON = dt.date(2026, 6, 1)
DAY = dt.date(1990, 5, 4)


@pytest.mark.parametrize(
    "cell",
    [
        "04-05-1990",
        "4/5/1990",
        "04.05.1990",
        "4 5 1990",
        "1990-05-04",
        "1990/5/4",
        "1990-05-04 00:00:00",
        "1990-05-04T00:00:00Z",
        "4 Mei 1990",
        "04-MEI-1990",
        "4 May 1990",
        "04051990",
        "19900504",
        "'04-05-1990",
        dt.datetime(1990, 5, 4, 12),  # noqa: DTZ001 -- as cells have it
        DAY,
        32997,
        32997.0,
        "32997",
    ],
)
def test_one_birthday_in_many_hands(cell):
    assert parse_birth(cell, on=ON) == (DAY, 1990, "")


@pytest.mark.parametrize(
    ("month", "number"),
    [("Januari", 1), ("Peb", 2), ("Agt", 8), ("Nopember", 11), ("Des", 12), ("OKTOBER", 10)],
)
def test_months_have_indonesian_names(month, number):
    assert parse_birth(f"17 {month} 1990", on=ON).day == dt.date(1990, number, 17)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31-02-1990", "D1"),
        ("05/13/1990", "D1"),
        ("4 Foo 1990", "D1"),
        ("kemarin", "D1"),
        (123456789, "D1"),
        ("02-06-2026", "D2"),
        ("01-01-1890", "D2"),
        ("00/00/0000", "D3"),
        ("00-00-1975", "D3"),
    ],
)
def test_a_date_that_cannot_be_is_left_out_and_named(cell, code):
    birth = parse_birth(cell, on=ON)

    assert (birth.day, birth.code) == (None, code)


def test_the_year_of_a_half_known_date_is_kept():
    assert parse_birth("00-00-1975", on=ON).year == 1975
    assert parse_birth("00/00/0000", on=ON).year is None


@pytest.mark.parametrize("cell", ["", None, "-", "N/A", 0, "0"])
def test_no_date_is_no_problem(cell):
    assert parse_birth(cell, on=ON) == (None, None, "")


@pytest.mark.parametrize(
    ("cell", "is_child", "year"),
    [
        ("04-05-90", False, 1990),
        ("04-05-15", True, 2015),
        ("04-05-15", False, 2015),
        ("04-05-27", False, 1927),
    ],
)
def test_the_century_of_a_two_digit_year_is_inferred_and_said(cell, is_child, year):
    birth = parse_birth(cell, on=ON, is_child=is_child)

    assert (birth.year, birth.code) == (year, "N11")


def test_a_year_alone_is_a_year():
    assert parse_birth("1975", on=ON) == (None, 1975, "")
    assert parse_birth(1975.0, on=ON) == (None, 1975, "")


@given(st.dates(dt.date(1907, 1, 1), ON))
def test_every_day_comes_back_from_every_usual_form(day):
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d%m%Y"):
        assert parse_birth(day.strftime(form), on=ON).day == day


@given(st.text(max_size=25) | st.floats() | st.integers())
def test_no_cell_brings_the_reader_down(cell):
    birth = parse_birth(cell, on=ON)

    assert birth.day is None or birth.day <= ON


@pytest.mark.parametrize(
    ("cell", "place", "date"),
    [
        ("Jambi, 04-05-1990", "Jambi", "04-05-1990"),
        ("MUARO JAMBI 4 Mei 1990", "MUARO JAMBI", "4 Mei 1990"),
        ("Jambi / 1990-05-04", "Jambi", "1990-05-04"),
        ("Jambi", "Jambi", ""),
        ("04-05-1990", "", "04-05-1990"),
    ],
)
def test_place_and_date_are_parted(cell, place, date):
    assert split_place_and_date(cell) == (place, date)


@pytest.mark.parametrize(
    ("cell", "year"), [("36", 1990), (36.0, 1990), ("36 th", 1990), ("0", 2026), ("abc", None),
                       ("200", None)]
)  # fmt: skip
def test_an_age_tells_the_year(cell, year):
    assert year_of_age(cell, on=ON) == year


@pytest.mark.parametrize(("cell", "year"), [("1990", 1990), (1990.0, 1990), ("90", None)])
def test_a_birth_year_stands_alone(cell, year):
    assert year_alone(cell, on=ON) == year


@pytest.mark.parametrize("cell", ["²", "⑤", "1²", "٣٢٩٩٧"])
def test_digits_of_other_kinds_are_no_numbers(cell):
    assert parse_birth(cell, on=ON) == (None, None, "D1")


def test_bare_days_count_from_where_the_workbook_says():
    since_1904 = Writing(is_1904=True)

    assert parse_birth(31535, on=ON, writing=since_1904).day == DAY
    assert parse_birth("31535", on=ON, writing=since_1904).day == DAY
    assert parse_birth(1990, on=ON, writing=since_1904) == (None, 1990, "")


@pytest.mark.parametrize("cell", ["05/04/1990", "5-4-1990", "05041990", "1990-05-04", "4 Mei 1990"])
def test_a_column_may_put_the_month_first(cell):
    assert parse_birth(cell, on=ON, writing=Writing(month_first=True)).day == DAY


def test_a_thirteenth_month_is_no_date_also_where_the_month_comes_first():
    assert parse_birth("13/05/1990", on=ON, writing=Writing(month_first=True)).code == "D1"


@pytest.mark.parametrize(
    ("header", "is_first"),
    [
        ("TANGGAL LAHIR (MM/DD/YYYY)", True),
        ("Tgl Lahir mm-dd-yy", True),
        ("Tgl Lahir (bulan/tanggal/tahun)", True),
        ("TANGGAL LAHIR (DD/MM/YYYY)", False),
        ("Tanggal Lahir (YYYY-MM-DD)", False),
        ("Tanggal/Bulan/Tahun Lahir", False),
        ("TANGGAL LAHIR", False),
    ],
)
def test_a_header_says_whether_the_month_comes_first(header, is_first):
    assert is_month_first(header) is is_first
