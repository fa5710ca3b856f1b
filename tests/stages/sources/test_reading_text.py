import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.sources.errors import BrokenFile, ListRefused, NoHeader, NoRows, NotAList
from entas.sources.reading import read_table

LINES = "NIK;NAMA;ALAMAT\n1571810101900001;ANI;JL. A, NO 1\n1571814101900002;BUDI;JL. B\n"


def rows(path):
    return [cells for _, cells in read_table(path).rows()]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(text_file, separator):
    path = text_file(f"NIK{separator}NAMA{separator}RT\n1{separator}ANI{separator}5\n")

    table = read_table(path)

    assert table.separator == separator
    assert rows(path) == [["1", "ANI", "5"]]


def test_commas_inside_semicolon_lists_do_not_split_cells(text_file):
    assert rows(text_file(LINES))[0] == ["1571810101900001", "ANI", "JL. A, NO 1"]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("utf-32", "utf-32"),
    ],
)
def test_every_usual_encoding_is_read(text_file, encoding, said):
    path = text_file(LINES.replace("BUDI", "BUDI ÉMILE"), encoding=encoding)

    table = read_table(path)

    assert table.facts.encoding == said
    assert rows(path)[1][1] == "BUDI ÉMILE"


def test_a_byte_that_windows_does_not_know_is_read_as_latin_1(tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_bytes(LINES.encode() + b"1;CITRA \x81;\n")

    assert read_table(path).facts.encoding == "latin-1"


def test_one_stray_byte_at_the_end_decides_for_the_whole_file(tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_bytes(LINES.encode() * 50_000 + b"1;CITRA;NO\xb0 5\n")

    assert read_table(path).facts.encoding == "cp1252"


def test_quotes_may_hold_separators_and_line_breaks(text_file):
    path = text_file('NIK,NAMA,ALAMAT\n1,"ANI, H.","JL. A\nNO ""5"""\n')

    assert rows(path) == [["1", "ANI, H.", 'JL. A\nNO "5"']]


@pytest.mark.parametrize("below", ["2,BUDI,B\n", "2,BUDI,B\n" * 100])
def test_a_quote_that_is_never_closed_is_refused_with_its_line(text_file, below):
    path = text_file(f'NIK,NAMA,ALAMAT\n1,"ANI,A\n{below}')

    with pytest.raises(BrokenFile, match="baris 2 "):
        rows(path)


def test_a_quote_that_swallows_the_next_row_is_refused(text_file):
    head = "NIK,NAMA,ALAMAT,RT,RW,KEL,KEC\n"
    path = text_file(f'{head}1,"ANI,A,1,2,LEGOK,DANAU SIPIN\n2,BUDI",B,1,2,LEGOK,DANAU SIPIN\n')

    with pytest.raises(BrokenFile, match="Tanda kutip"):
        rows(path)


NIK = "157181450590000"


@pytest.mark.parametrize(
    "text",
    [
        f'NAMA;NIK;ALAMAT\nSITI;{NIK}1;"Jl A\nBUDI;{NIK}2;Jl B\nUDIN;{NIK}3;"Jl C"\nWATI;;D\n',
        'NAMA;ALAMAT\nSITI;"Jl A\nBUDI;Jl B\nUDIN;"Jl C"\nWATI;Jl D\n',
        'NAMA;ALAMAT;RT\nSITI;"Jl A;1\nBUDI;Jl B";2\n',
        'NAMA,ALAMAT,RT\nSITI,"Jl A\nBUDI,Jl B,3\nUDIN",C,4\n',
        f'NAMA,NIK,ALAMAT\nSITI,{NIK}1,"Jl A\nBUDI,{NIK}2,Jl B"\n',
    ],
)
def test_a_quote_that_swallows_people_is_refused_in_narrow_lists(text_file, text):
    with pytest.raises(BrokenFile, match="baris 2 "):
        rows(text_file(text))


@pytest.mark.parametrize(
    "cell",
    [
        "Jl. Mawar, RT 05, RW 02,\nKel. Simpang III Sipin, Kec. Kota Baru, Kota Jambi",
        "Jl. Mawar\nRT 05, RW 02\nKel. Legok, Kota Jambi, 36123",
        'Jl. ""Mawar""\nNo 5',
        "\nJl. Mawar\n",
        "Kontak: 0812\nKK 1571810101200001",
    ],
)
def test_an_address_over_several_lines_is_one_cell(text_file, cell):
    text = f'NAMA,NIK,ALAMAT\nSITI,{NIK}1,"{cell}"\nBUDI,{NIK}2,Jl X\n'

    found = rows(text_file(text))

    assert [row[0] for row in found] == ["SITI", "BUDI"]
    assert found[0][2] == cell.replace('""', '"')


def test_a_name_over_two_lines_before_other_cells_is_one_cell(text_file):
    path = text_file(f'NAMA;NIK;RT\n"SITI\nalias X";{NIK}1;5\nBUDI;{NIK}2;6\n')

    assert [row[0] for row in rows(path)] == ["SITI\nalias X", "BUDI"]


def test_a_line_without_end_is_refused(text_file):
    with pytest.raises(BrokenFile, match="lebih dari"):
        read_table(text_file(LINES + "x" * 2_000_000))


def test_nul_bytes_in_a_cell_do_not_stop_the_list(text_file):
    assert rows(text_file("NIK,NAMA\n1,AN\x00I\n2,BUDI\n"))[1] == ["2", "BUDI"]


def test_old_macintosh_line_ends_are_read(text_file):
    assert len(rows(text_file(LINES.replace("\n", "\r")))) == 2


@pytest.mark.parametrize("content", ["", "\n\n  \n", "\ufeff"])
def test_an_empty_file_is_refused(text_file, content):
    with pytest.raises(NotAList, match="kosong"):
        read_table(text_file(content))


def test_a_file_with_only_a_header_is_refused(text_file):
    with pytest.raises(NoRows, match="tanpa baris data"):
        read_table(text_file("NIK,NAMA,ALAMAT\n\n,,\n"))


def test_a_file_without_a_header_is_refused(text_file):
    with pytest.raises(NoHeader, match="judul kolom"):
        read_table(text_file("1571810101900001,ANI,JL. A\n1571814101900002,BUDI,JL. B\n"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 x", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Office lama"),
        (b"<html><table>", "HTML"),
        (b'<?xml version="1.0"?><Workbook>', "HTML/XML"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b'{"nik": 1}', "JSON"),
        (b"\x00\x01\x02\x03" * 500, "bukan teks"),
    ],
)
def test_other_files_under_the_name_of_a_list_are_named_for_what_they_are(tmp_path, content, kind):
    path = tmp_path / "daftar.csv"
    path.write_bytes(content)

    with pytest.raises(NotAList, match=kind):
        read_table(path)


def test_text_under_the_name_of_a_workbook_is_refused(text_file):
    with pytest.raises(NotAList, match="isinya teks"):
        read_table(text_file(LINES, name="daftar.xlsx"))


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(NotAList, match="bukan berkas biasa"):
        read_table(tmp_path)
    with pytest.raises(NotAList, match="tidak ada"):
        read_table(tmp_path / "tidak-ada.csv")


def test_a_nik_in_a_file_name_is_masked_in_the_refusal(tmp_path):
    with pytest.raises(NotAList) as refused:
        read_table(tmp_path / "1571810101900001.csv")

    assert "15718101" not in str(refused.value)


anything = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=5)
person = st.tuples(
    st.text("0123456789", min_size=1, max_size=16), st.text("ABCDEF", min_size=1), anything
)


@given(body=st.lists(person, min_size=1, max_size=8))
def test_whatever_csv_writes_is_read_back(tmp_path_factory, body):
    stream = io.StringIO()
    csv.writer(stream).writerows([["NIK", "NAMA", "ALAMAT"], *body])
    path = tmp_path_factory.mktemp("daftar") / "daftar.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")

    assert rows(path) == [list(cells) for cells in body]


@given(content=st.binary(max_size=400))
def test_no_bytes_at_all_bring_the_reader_down(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("daftar") / "daftar.csv"
    path.write_bytes(content)

    try:
        said = str(rows(path))
    except ListRefused as refused:
        said = str(refused)

    assert said != "[]"
    assert len(said) < 1_000
