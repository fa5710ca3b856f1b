import csv
import datetime as dt

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.sources.cells import is_formula_text, strip_unseen
from entas.sources.errors import CannotWrite, UnknownProfile
from entas.sources.profiles import choose, profile_names
from entas.sources.reading.header import find_header
from entas.sources.templates import write_template
from entas.sources.writing import list_writer, write_csv, write_xlsx

DANGEROUS = [
    "=cmd|' /C calc'!A0",
    "+cmd|x",
    "-2+3+cmd",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    " =1+1",
    "\uff1d1+1",
]
HARMLESS = ["-", "-5", "+62812", "1.250.000", "ANI", "jl. a=b", ""]


def sheet_of(path):
    return openpyxl.load_workbook(path).active


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_text_is_made_harmless_in_csv(tmp_path, text):
    path = tmp_path / "hasil.csv"
    write_csv(path, [[text]])

    with path.open(encoding="utf-8-sig", newline="") as stream:
        ((cell,),) = csv.reader(stream)

    assert cell.startswith("'")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_text_is_a_text_cell_in_a_workbook(tmp_path, text):
    path = tmp_path / "hasil.xlsx"
    write_xlsx(path, [["NAMA", text]])

    cell = sheet_of(path)["B1"]

    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_texts_stay_as_they_are(text):
    assert not is_formula_text(text)


def test_numbers_and_dates_keep_their_kind(tmp_path):
    path = tmp_path / "hasil.xlsx"
    row = ["005", 5, 12.5, True, dt.date(1990, 5, 4), dt.datetime(2026, 6, 1, 12, 30), None]  # noqa: DTZ001
    write_xlsx(path, [row])

    values = [cell.value for cell in sheet_of(path)[1]]

    assert values[:4] == ["005", 5, 12.5, True]
    assert [str(value) for value in values[4:6]] == ["1990-05-04 00:00:00", "2026-06-01 12:30:00"]


def test_text_cells_have_the_format_text_so_that_a_mended_nik_keeps_its_digits(tmp_path):
    path = tmp_path / "hasil.xlsx"
    write_xlsx(path, [["1571810101900001"]])

    assert sheet_of(path)["A1"].number_format == "@"


@given(st.text(max_size=60))
def test_whatever_is_written_comes_back_without_what_nobody_sees(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("tulis") / "hasil.xlsx"
    write_xlsx(path, [["A", text, "Z"]])

    found = [cell.value or "" for cell in sheet_of(path)[1]]

    # XML has one kind of line end.
    seen = strip_unseen(text).replace("\r\n", "\n").replace("\r", "\n")
    assert found == ["A", seen, "Z"]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_no_cell_of_any_csv_can_run(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("tulis") / "hasil.csv"
    write_csv(path, [texts])

    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]

    assert not any(is_formula_text(cell) for cell in cells)


def test_a_cell_too_long_for_a_sheet_is_cut_and_shows_it(tmp_path):
    path = tmp_path / "hasil.xlsx"
    write_xlsx(path, [["x" * 40_000]])

    value = sheet_of(path)["A1"].value

    assert (len(value), value[-1]) == (32_767, "…")


def test_a_file_that_is_not_finished_never_shows(tmp_path):
    path = tmp_path / "hasil.csv"
    path.write_text("lama", encoding="utf-8")

    with pytest.raises(RuntimeError), list_writer(path) as write:
        write(["baru"])
        raise RuntimeError

    assert path.read_text(encoding="utf-8") == "lama"
    assert [entry.name for entry in tmp_path.iterdir()] == ["hasil.csv"]


@pytest.mark.parametrize("name", ["tidak-ada/hasil.csv", "tidak-ada/hasil.xlsx"])
def test_a_folder_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(CannotWrite, match="Periksa folder"):
        write_csv(tmp_path / name, [["x"]])


@pytest.mark.parametrize("profile", profile_names())
def test_every_profile_has_a_form_that_is_read_as_that_profile(tmp_path, profile):
    path = tmp_path / "formulir.xlsx"
    write_template(profile, path)

    sheet = openpyxl.load_workbook(path)["Daftar"]
    header = find_header([[cell.value for cell in sheet[1]]])

    assert choose(header.names, source_kind=profile).profile == profile
    formats = {dimension.number_format for dimension in sheet.column_dimensions.values()}
    assert formats == {"@"}


def test_a_form_checks_the_length_of_numbers_and_brings_its_notes(tmp_path):
    path = tmp_path / "formulir.xlsx"
    write_template("umum", path)

    book = openpyxl.load_workbook(path)

    rules = {str(rule.sqref): rule.type for rule in book["Daftar"].data_validations.dataValidation}
    assert rules["A2:A5001"] == "textLength"
    assert "Petunjuk" in book.sheetnames


def test_an_unknown_form_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownProfile, match="dukcapil"):
        write_template("tidak-ada", tmp_path / "f.xlsx")
