"""A filled form of ours, from a spreadsheet or as text."""

import pytest
import xlsxwriter

from entas.sources.errors import NoHeader, NoRows, NotAList
from entas.sources.reading.forms import read_form

COLUMNS = ("username", "nama", "peran")


def read(path):
    return read_form(path, COLUMNS, most=1_000)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_text_with_any_separator_is_read(tmp_path, separator):
    path = tmp_path / "a.csv"
    lines = [("username", "nama", "peran"), ("budi", "Budi", "auditor")]
    path.write_text("\n".join(separator.join(line) for line in lines))

    assert read(path) == [(2, {"username": "budi", "nama": "Budi", "peran": "auditor"})]


def test_a_workbook_is_read_whatever_the_order_of_its_columns(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([["Pengguna 2026"], ["Nama", "USERNAME"], [], ["Budi", "budi"]]):
            sheet.write_row(line, 0, row)

    assert read(path) == [(4, {"username": "budi", "nama": "Budi", "peran": ""})]


def test_a_file_without_the_header_is_refused_with_the_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("nik,nama\n1,Budi\n")

    with pytest.raises(NoHeader, match="username, nama, peran"):
        read(path)


def test_a_form_nobody_filled_in_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("username,nama\n,\n")

    with pytest.raises(NoRows):
        read(path)


def test_what_is_no_list_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("username,nama\nbudi,Budi\n")

    with pytest.raises(NotAList):
        read(path)
