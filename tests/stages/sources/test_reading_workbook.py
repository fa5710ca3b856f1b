import datetime as dt
import zipfile

import pytest

from entas.sources.errors import BrokenFile, DangerousFile, NoHeader, NotAList
from entas.sources.reading import archive, read_table

HEAD = ["NIK", "NAMA", "TANGGAL LAHIR", "RT"]
ANI = ["1571810101900001", "ANI", dt.date(1990, 1, 1), 5]


def rows(path):
    return [cells for _, cells in read_table(path).rows()]


def remade(path, change):
    """The same workbook with its parts passed through ``change(name, content)``."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            changed = change(name, content)
            if changed is not None:
                new.writestr(name, changed)
    return path


def in_sheet(old: bytes, new: bytes):
    def change(name, content):
        return content.replace(old, new) if "sheet1.xml" in name else content

    return change


def test_text_stays_text_numbers_stay_numbers_and_dates_are_dates(book):
    found = rows(book([HEAD, ANI]))

    assert found == [["1571810101900001", "ANI", dt.date(1990, 1, 1), 5.0]]


def test_a_list_that_begins_at_column_c_keeps_its_columns(book):
    table = read_table(book([[], [None, None, *HEAD], [None, None, *ANI]]))

    assert table.headers == ("", "", *HEAD)
    assert next(iter(table.rows())) == (3, [None, None, *rows(table.facts.path)[0][2:]])


def test_the_sheet_with_the_best_header_is_taken(book):
    path = book({"Petunjuk": [["Nama", "isi nama"]], "Data": [HEAD, ANI], "Rekap": [["JUMLAH", 1]]})

    assert read_table(path).sheet == "Data"


def test_a_hidden_sheet_is_not_taken(book):
    path = book({"Data": [HEAD, ANI], "Lama": [[*HEAD, "KK", "ALAMAT"], ANI]})
    shown, hidden = b'sheetId="2" state="visible"', b'sheetId="2" state="hidden"'

    assert read_table(path).sheet == "Lama"
    assert read_table(remade(path, lambda _, part: part.replace(shown, hidden))).sheet == "Data"


def test_a_formula_is_known_as_one(book):
    table = read_table(book([HEAD, ['=CONCATENATE("15","71")', "ANI", None, 5]]))

    assert table.is_formula(2, 0)
    assert not table.is_formula(2, 1)


def test_a_workbook_without_formulas_asks_no_cell(book):
    assert read_table(book([HEAD, ANI])).is_formula is None


def test_an_empty_workbook_is_refused(book):
    with pytest.raises(NoHeader, match="kosong"):
        read_table(book([]))


@pytest.mark.parametrize("length", [30, 200, 3_000])
def test_a_truncated_workbook_is_refused(book, length):
    path = book([HEAD, ANI])
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(BrokenFile, match="rusak"):
        read_table(path)


def test_a_workbook_with_damaged_bytes_is_refused(book):
    path = book([HEAD, *[ANI] * 50])
    content = bytearray(path.read_bytes())
    place = content.find(b"xl/worksheets/sheet1.xml") + 60
    content[place : place + 40] = b"\xff" * 40
    path.write_bytes(content)

    with pytest.raises(BrokenFile):
        read_table(path)


def test_entities_are_refused(book):
    evil = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet'

    with pytest.raises(DangerousFile, match="entitas"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"<worksheet", evil)))


def test_entities_hidden_in_another_encoding_are_refused(book):
    def change(name, content):
        return content.decode().encode("utf-16") if "sheet1.xml" in name else content

    with pytest.raises(DangerousFile, match="UTF-8"):
        read_table(remade(book([HEAD, ANI]), change))


def test_a_bomb_is_refused_before_it_is_opened(book):
    bomb = b"<worksheet>" + b" " * 60_000_000

    with pytest.raises(DangerousFile, match="bom zip"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"<worksheet", bomb)))


def test_a_part_that_is_larger_than_it_says_is_refused(book):
    path = book([HEAD, *[ANI] * 200])
    content = path.read_bytes()
    with zipfile.ZipFile(path) as opened:
        size = opened.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))

    with pytest.raises(BrokenFile):
        read_table(path)


def test_two_cells_at_the_ends_of_the_earth_are_refused(book):
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

    with pytest.raises(DangerousFile, match="membentang 1048576 baris x 16384 kolom"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", far)))


def test_far_cells_that_do_not_say_where_they_stand_are_refused_too(book):
    wide = b'<row r="1000000">' + b"<c><v>1</v></c>" * 100 + b"</row></sheetData>"

    with pytest.raises(DangerousFile, match="membentang"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", wide)))


def test_far_cells_with_only_a_border_harm_nobody(book):
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'

    assert len(rows(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", far)))) == 1


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("word/document.xml", "Word"),
        ("content.xml", "OpenDocument"),
        ("xl/workbook.bin", "biner"),
        ("daftar.csv", "arsip zip"),
        ("daftar.xlsx", "arsip zip"),
    ],
)
def test_other_archives_are_named_for_what_they_are(tmp_path, part, kind):
    path = tmp_path / "daftar.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(part, "x")

    with pytest.raises(NotAList, match=kind):
        read_table(path)


def test_too_many_parts_are_refused(tmp_path):
    path = tmp_path / "daftar.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(archive.MAX_PARTS + 1):
            made.writestr("xl/workbook.xml" if not number else f"a{number}", "")

    with pytest.raises(DangerousFile, match="bagian"):
        read_table(path)


def test_a_workbook_under_the_name_of_a_csv_is_refused(book):
    with pytest.raises(NotAList, match="isinya XLSX"):
        read_table(book([HEAD, ANI], name="daftar.csv"))


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_have_letters(number, letters):
    assert archive.column_letters(number) == letters
    assert archive.column_number(letters) == number
