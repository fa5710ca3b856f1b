import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.sources.checking import Context, RowChecker, checked_rows
from entas.sources.nik import NumberRules
from entas.sources.parsed import ParsedRow
from entas.sources.profiles import choose
from entas.sources.reading import read_table
from entas.sources.rules import ERROR, INFO, REJECTING, RULES, WARN, message

HEADERS = ("NIK", "NO KK", "NAMA", "L/P", "TANGGAL LAHIR", "NAMA IBU", "ALAMAT", "RT", "KELURAHAN",
           "STAT_HBKEL", "STATUS", "CATATAN")  # fmt: skip
ANI = ("1571814101900001", "1571810101200001", "ANI", "P", "01-01-1990", "SITI", "JL. A NO 1",
       "005", "Legok", "ISTRI", "", "x")  # fmt: skip


def with_cell(header, value):
    return [value if name == header else cell for name, cell in zip(HEADERS, ANI, strict=True)]


def test_a_good_row_has_every_field_and_no_fault(checked):
    assert checked(HEADERS, *ANI) == (
        ParsedRow(
            "ANI",
            nik="1571814101900001",
            kk="1571810101200001",
            lahir=dt.date(1990, 1, 1),
            sex="P",
            nama_ibu="SITI",
            alamat="JL. A NO 1",
            rt=5,
            kelurahan=1571101003,
            kelurahan_teks="Legok",
            hubungan="pasangan",
            extras={"CATATAN": "x"},
        ),
        [],
    )


@pytest.mark.parametrize(
    ("header", "value", "code", "field"),
    [
        ("NIK", 1571814101900001.0, "N13", "nik"),
        ("NIK", "157181410190001", "N1", "nik"),
        ("NO KK", 1571810101200001.0, "K13", "kk"),
        ("NO KK", "123", "K1", "kk"),
        ("TANGGAL LAHIR", "31-02-1990", "D1", "lahir"),
        ("L/P", "X", "S1", "sex"),
        ("RT", "depan masjid", "A1", "rt"),
        ("KELURAHAN", "Entah", "A2", "kelurahan"),
    ],
)
def test_a_broken_cell_is_set_aside_and_the_row_goes_on(checked, header, value, code, field):
    row, codes = checked(HEADERS, *with_cell(header, value))

    assert codes == [code]
    assert row is not None
    assert getattr(row, field) is None


@pytest.mark.parametrize("name", ["", None, "-", "NIHIL", "123", "...", " \u200f "])
def test_a_row_without_a_name_is_rejected(checked, name):
    row, codes = checked(HEADERS, *with_cell("NAMA", name))

    assert row is None
    assert "B1" in codes


def test_a_name_and_nothing_else_is_rejected(checked):
    assert checked(HEADERS, "", "", "ANI") == (None, ["N14", "B2"])


def test_an_invalid_nik_is_nothing_to_identify_by(checked):
    assert checked(("NIK", "NAMA"), "123", "ANI") == (None, ["N1", "B2"])


def test_a_name_of_five_thousand_letters_is_rejected(checked):
    assert checked(HEADERS, *with_cell("NAMA", "A" * 5_000)) == (None, ["B4"])


def test_more_cells_than_headers_are_rejected(checked):
    assert checked(HEADERS, *ANI, "LEGOK") == (None, ["B3"])
    assert checked(HEADERS, *ANI, "", None)[1] == []


def test_marks_that_turn_the_writing_are_taken_out_and_named(checked):
    row, codes = checked(HEADERS, *with_cell("NAMA", "\u202eA\x00NI"))

    assert row is not None
    assert (row.nama, codes) == ("ANI", ["T1"])


def test_a_nik_that_tells_another_birthday_is_used_and_named(checked):
    row, codes = checked(HEADERS, *with_cell("TANGGAL LAHIR", "02-01-1990"))

    assert row is not None
    assert (row.nik, codes) == (ANI[0], ["N10"])


def test_a_formula_text_is_kept_as_text(checked):
    row, _ = checked(HEADERS, *with_cell("ALAMAT", "=cmd|' /C calc'!A0"))

    assert row is not None
    assert row.alamat == "=cmd|' /C calc'!A0"


def test_the_apostrophe_of_our_own_writer_is_taken_off_again(checked):
    row, _ = checked(HEADERS, *with_cell("ALAMAT", "'=1+1"))

    assert row is not None
    assert row.alamat == "=1+1"


def test_the_address_tells_what_has_no_column(checked):
    row, codes = checked(("NAMA", "ALAMAT"), "ANI", "JL A NO 5 RT 07 KEL. LEGOK")

    assert row is not None
    assert (row.rt, row.kelurahan, codes) == (7, 1571101003, [])


def test_place_and_date_in_one_column_are_parted(checked):
    row, _ = checked(("NAMA", "Tempat/Tgl Lahir"), "ANI", "Jambi, 01-01-1990")

    assert row is not None
    assert (row.tempat_lahir, row.lahir) == ("Jambi", dt.date(1990, 1, 1))


def test_an_age_gives_the_year_only(checked):
    row, _ = checked(("NAMA", "Umur"), "ANI", "36")

    assert row is not None
    assert (row.lahir, row.lahir_tahun) == (None, 1990)


def test_rt_and_rw_in_one_column_are_parted(checked):
    row, _ = checked(("NAMA", "RT/RW"), "ANI", "005/002")

    assert row is not None
    assert (row.rt, row.rw) == (5, 2)


@pytest.mark.parametrize(
    ("profile", "code", "meaning"),
    [("dukcapil", "3", "pasangan"), ("dtsen", "3", "anak"), ("umum", "3", None)],
)
def test_the_same_code_means_what_the_profile_says(checked, profile, code, meaning):
    row, _ = checked(("NIK", "NAMA", "RT", "HUBUNGAN"), "", "ANI", "5", code, profile=profile)

    assert row is not None
    assert row.hubungan == meaning


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("MENINGGAL", "meninggal"),
        ("Sdh meninggal 2024", "meninggal"),
        ("Pindah ke Muaro Jambi", "pindah"),
        ("belum pindah", None),
        ("HIDUP", "hidup"),
        ("menerima beras", None),
    ],
)
def test_remarks_tell_deaths_and_moves(checked, words, status):
    row, _ = checked(("NAMA", "RT", "Keterangan"), "ANI", "5", words)

    assert row is not None
    assert row.status == status
    assert row.extras == ({} if status else {"Keterangan": words})


def test_a_computed_identity_is_set_aside(book, context):
    table = read_table(
        book([["NIK", "NAMA", "RT"], ['="1571814101900001"', "ANI", 5]], name="daftar.xlsx")
    )

    (found,) = checked_rows(table, choose(table.headers), context)

    assert found.row is not None
    assert found.row.nik is None
    assert found.faults[0].code == "X1"


def test_values_in_faults_are_masked(context):
    checker = RowChecker(choose(HEADERS), context)

    _, faults = checker.check(
        ["1571814101900099X", "12345", "ANI", "WANITA MUDA", "1 Mei 90x", "", "", "dekat ANI",
         "KEBUN ANI", "", "", ""]
    )  # fmt: skip

    assert {fault.code: fault.value for fault in faults} == {
        "S1": "W***** M***",
        "D1": "1 M** 9**",
        "A1": "d**** A**",
        "A2": "K**** A**",
        "N1": "***************9X",
        "K1": "***45",
        "B2": "",
    }


@pytest.mark.parametrize("header", ["TGL LAHIR", "TAHUN LAHIR", "UMUR", "TEMPAT TGL LAHIR"])
@pytest.mark.parametrize(
    "cell",
    ["1571810505900001/1", "1571810505900001 / 12", "1571 8105 0590 0003/2", "05-05-1990 / 5",
     "05/05/90 5", "1571810505900001", "05-05-1990 ; 06-06-1991"],
)  # fmt: skip
def test_no_number_and_no_birthday_stands_whole_in_a_problem(context, header, cell):
    checker = RowChecker(choose(("NAMA", header)), context)

    _, faults = checker.check(["ANI", cell])

    shown = " ".join(fault.value for fault in faults)
    assert {"D1", "D4"} & {fault.code for fault in faults} or header == "TEMPAT TGL LAHIR"
    for secret in ("1571810", "0590", "1990", "90", "1991"):
        assert secret not in shown


def test_the_fault_of_a_date_shows(context):
    checker = RowChecker(choose(("NAMA", "TGL LAHIR")), context)

    shown = [checker.check(["ANI", cell])[1][0].value for cell in ("31-02-1990", "31-02-90")]

    assert shown == ["31-02-19**", "31-02-**"]


def test_a_column_that_says_month_first_is_obeyed(checked):
    row, codes = checked(("NAMA", "TANGGAL LAHIR (MM/DD/YYYY)"), "ANI", "05/06/1990")

    assert row is not None
    assert (row.lahir, codes) == (dt.date(1990, 5, 6), [])


def test_a_place_and_date_in_a_column_that_says_month_first_is_obeyed(checked):
    row, _ = checked(("NAMA", "TEMPAT TGL LAHIR (MM/DD/YYYY)"), "ANI", "Jambi, 05/06/1990")

    assert row is not None
    assert (row.tempat_lahir, row.lahir) == ("Jambi", dt.date(1990, 5, 6))


def test_days_of_a_workbook_from_1904_are_counted_from_there(context):
    checker = RowChecker(choose(("NAMA", "TGL LAHIR")), context, is_1904=True)

    row, _ = checker.check(["ANI", 31536.0])

    assert row is not None
    assert row.lahir == dt.date(1990, 5, 5)


class Nowhere:
    def kelurahan(self, name, kecamatan=None, code=None):
        return None


CHECKER = RowChecker(
    choose(HEADERS),
    Context(dt.date(2026, 6, 1), NumberRules(frozenset(), frozenset()), Nowhere()),
)
cells = st.none() | st.text(max_size=20) | st.floats() | st.dates() | st.datetimes() | st.booleans()


@given(st.lists(cells, max_size=14))
def test_no_row_brings_the_checker_down(row):
    parsed, faults = CHECKER.check(row)

    assert parsed is not None or {fault.code for fault in faults} & REJECTING


def test_every_rule_says_what_is_wrong_and_what_to_do():
    for code, rule in RULES.items():
        assert rule.severity in {ERROR, WARN, INFO}
        assert rule.todo.endswith(".")
        assert message(code).count(".") >= 2
