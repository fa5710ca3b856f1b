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


FAR = b'<row r="1048576">%s<v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD1048576" x="/>">',
        b'<c r="XFD001048576">',
        b'<c r="XFD1048576"' + b" " * 3_000_000 + b">",
        b"<c r='XFD1048576'>",
        b'<c\nr="XFD1048576">',
        b'<c s="0" r="xfd1048576">',
        b'<c r="&#88;FD1048576">',
    ],
    ids=["bracket", "noughts", "blanks", "apostrophes", "lines", "small", "entity"],
)
def test_a_far_cell_is_seen_in_any_dress(book, cell):
    wide = b'<row r="3">' + b"<c><v>1</v></c>" * 100 + b"</row>"

    with pytest.raises(DangerousFile, match="membentang"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", wide + FAR % cell)))


def test_a_far_cell_under_a_prefix_is_seen(book):
    far = b'<row r="1048576"><x:c r="XFD1048576"><v>1</v></x:c></row></sheetData>'

    with pytest.raises(DangerousFile, match="membentang"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", far)))


@pytest.mark.parametrize(
    "hidden", [b"<!--</row>-->", b"<x><![CDATA[</row>]]></x>", b"<?x </row>?>"]
)
def test_what_only_looks_like_the_end_of_a_row_does_not_hide_its_width(book, hidden):
    row = b'<row r="1000000">' + (b"<c><v>1</v></c>" + hidden) * 100 + b"</row></sheetData>"

    with pytest.raises(DangerousFile, match="membentang"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", row)))


def test_a_part_is_scanned_whatever_the_capitals_of_its_name(book):
    path = book([HEAD, ANI])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("xl/OTHERSTRINGS.XML", b"<sst>" + b"A" * 60_000_000 + b"</sst>")

    with pytest.raises(DangerousFile, match="bom zip"):
        read_table(path)


def test_parts_that_differ_only_in_capitals_are_refused(book):
    path = book([HEAD, ANI])
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("xl/WORKSHEETS/sheet1.xml", b"<worksheet/>")

    with pytest.raises(DangerousFile, match="kembar"):
        read_table(path)


@pytest.mark.parametrize("evil", [b"<a>" * 500_000, b"<!--" + b"<a>" * 2_000_000 + b"-->"])
def test_xml_that_costs_memory_without_holding_anything_is_refused(book, evil):
    with pytest.raises(DangerousFile, match="Bagian XML"):
        read_table(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", evil + b"</sheetData>")))


@pytest.mark.parametrize("place", [b"r='A3' ", b"", b'r="A3" '])
@pytest.mark.parametrize("formula", [b"<f>A2</f>", b"\n <f/>", b"<x:f>A2</x:f>"])
def test_a_formula_is_known_however_its_cell_is_written(book, place, formula):
    cell = b"<c " + place + b't="str">' + formula + b"<v>1571810101900001</v></c>"
    row = b'<row r="3">' + cell + b'<c t="inlineStr"><is><t>BUDI</t></is></c></row></sheetData>'

    table = read_table(remade(book([HEAD, ANI]), in_sheet(b"</sheetData>", row)))

    assert table.is_formula(3, 0)
    assert not table.is_formula(3, 1)


def test_formulas_far_down_a_long_sheet_are_known(book):
    table = read_table(book([HEAD, *[ANI] * 20_000, ["=A1", "BUDI"], *[ANI] * 9_000, ["=A2", "X"]]))

    assert [table.is_formula(line, 0) for line in (20_001, 20_002, 29_003)] == [False, True, True]


@pytest.mark.parametrize("begin", range(150, 420, 10))
def test_a_workbook_with_a_piece_missing_is_refused(book, begin):
    path = book([HEAD, ANI])
    content = path.read_bytes()
    path.write_bytes(content[:begin] + content[begin + 30 :])

    with pytest.raises(BrokenFile, match="XLSX"):
        read_table(path)


PEOPLE = [["NIK", "NAMA", "RT"], ["1571810101900001", "ANI", 5]]


def test_two_sheets_of_people_are_refused_by_name_instead_of_losing_one(book):
    more = [PEOPLE[0], ["1571810101900002", "BUDI", 5], ["1571810101900003", "CITRA", 5]]

    with pytest.raises(NotAList, match="2 lembar berisi daftar orang: 'RT 01', 'RT 02'"):
        read_table(book({"RT 01": PEOPLE, "RT 02": more}))


def test_two_sheets_with_the_same_header_are_two_lists_even_without_numbers(book):
    rows = [["NAMA", "ALAMAT"], ["ANI", "JL. A"]]

    with pytest.raises(NotAList, match="2 lembar"):
        read_table(book({"A": rows, "B": rows}))


def test_a_nik_in_the_name_of_a_sheet_is_masked_in_the_refusal(book):
    with pytest.raises(NotAList) as refused:
        read_table(book({"1571810101900001": PEOPLE, "B": PEOPLE}))

    assert "15718101" not in str(refused.value)


@pytest.mark.parametrize(
    "helper",
    [
        [["Petunjuk"], ["Nama", "isi nama lengkap"], ["NIK", "isi 16 angka"]],
        [["KODE", "NAMA KELURAHAN"], ["1571101003", "LEGOK"]],
        [["NO", "NAMA", "KET"], [1, "Kawin", "K"], [2, "Belum", "B"]],
        [["RT", "JUMLAH"], [5, 2]],
        PEOPLE[:1],
        [],
    ],
    ids=["notes", "areas", "codes", "summary", "header only", "empty"],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_helping_sheets_beside_a_list_harm_nobody(book, helper, is_first):
    sheets = {"Bantu": helper, "Data": PEOPLE} if is_first else {"Data": PEOPLE, "Bantu": helper}

    assert read_table(book(sheets)).sheet == "Data"


def test_a_workbook_knows_from_when_its_days_count(book):
    path = book([HEAD, ANI])

    assert not read_table(path).is_1904

    old = remade(path, lambda _, part: part.replace(b"<workbookPr ", b'<workbookPr date1904="1" '))
    assert read_table(old).is_1904
