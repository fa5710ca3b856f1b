from datetime import date
from random import Random

# ruff: noqa: S311 - dice, not secrets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotacontoh import spoil

NAMES = st.lists(
    st.text("ABCDEFGHIKLMNOPRSTUVWYZ", min_size=2, max_size=11), min_size=1, max_size=4
).map(" ".join)
NIKS = st.from_regex(r"1571(8[1-9]|9[01])[0-9]{10}", fullmatch=True)
DATES = st.dates(date(1920, 1, 1), date(2026, 6, 30)).map(date.isoformat)
DICE = st.integers(0, 10_000).map(Random)


@given(NIKS, DICE)
def test_a_mistyped_nik_never_leaves_the_reserved_range(nik, rnd):
    for change in (spoil.wrong_digit, spoil.swapped_digits, spoil.wrong_length, spoil.wrong_region):
        spoilt = change(nik, rnd)

        assert spoilt.isdigit()
        assert 157_181 <= int(spoilt[:6]) <= 157_191


@given(NIKS, DICE)
def test_two_wrong_digits_differ_in_two_places(nik, rnd):
    spoilt = spoil.wrong_digit(nik, rnd, 2)

    assert sum(a != b for a, b in zip(nik, spoilt, strict=True)) == 2


@given(NAMES, DICE)
def test_no_mistake_leaves_a_name_empty(name, rnd):
    for change in (spoil.typed, spoil.heard, spoil.shortened, spoil.called, spoil.respaced):
        assert change(name, rnd).strip()


@given(DATES, DICE)
def test_a_wrong_date_is_still_a_date(iso, rnd):
    swapped = spoil.day_month_swapped(iso)
    for spoilt in (spoil.misdated(iso, rnd), swapped, spoil.new_year(iso, rnd)):
        assert date.fromisoformat(spoilt)


def test_day_and_month_change_places_only_where_that_is_a_date():
    assert spoil.day_month_swapped("1980-03-07") == "1980-07-03"
    assert spoil.day_month_swapped("1980-03-17") == "1980-03-17"


@pytest.mark.parametrize("rnd", [Random(seed) for seed in range(20)], ids=range(20))
def test_muhammad_is_heard_as_one_of_its_many_forms(rnd):
    heard = spoil.heard("MUHAMMAD RIZKY", rnd)

    assert heard != "MUHAMMAD RIZKY"
    assert heard[0] in "MNL" or heard.startswith("OE")


def test_neighbours_never_call_somebody_by_a_prefix_alone():
    called = {spoil.called("M. ARIFIN", Random(seed)) for seed in range(50)}

    assert called == {"ARIFIN", "IFIN", "ARIF"}


def test_a_woman_gets_a_womans_title():
    titles = {spoil.titled("AMINAH", Random(seed), woman=True) for seed in range(60)}

    assert "HJ. AMINAH" in titles
    assert "H. AMINAH" not in titles


def test_a_single_short_word_cannot_be_split():
    assert spoil.respaced("ANI", Random(1)) == "ANI"
