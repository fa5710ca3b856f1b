import pytest

from entas.sources.reading import read_table

HEAD = "NO,NIK,NAMA,RT,JUMLAH JIWA\n"


def names(path):
    return [cells[2] for _, cells in read_table(path).rows()]


def test_titles_above_the_header_are_passed_over(text_file):
    path = text_file(
        f"DAFTAR PENERIMA BANTUAN,,,,\nKELURAHAN : LEGOK,,,,\n,,,,\n{HEAD}1,1,ANI,5,4\n"
    )

    table = read_table(path)

    assert table.headers == ("NO", "NIK", "NAMA", "RT", "JUMLAH JIWA")
    assert len(table.preamble) == 4
    assert next(iter(table.rows()))[0] == 5


def test_a_line_that_numbers_the_columns_is_no_row(text_file):
    assert names(text_file(f"{HEAD}(1),(2),(3),(4),(5)\n1,1,ANI,5,4\n")) == ["ANI"]


@pytest.mark.parametrize("blank", ["\n", ",,,,\n", " , ,\t,,\n"])
def test_blank_lines_are_no_rows(text_file, blank):
    path = text_file(f"{HEAD}{blank}1,1,ANI,5,4\n{blank}{blank}2,2,BUDI,6,3\n{blank}")

    assert names(path) == ["ANI", "BUDI"]


@pytest.mark.parametrize(
    "total",
    ["JUMLAH,,,,7\n", ",,TOTAL,,7\n", "Jumlah Penerima,,2 orang,,7\n", ",,,,7\n", "Jml :,,,,\n"],
)
def test_totals_at_the_end_are_no_rows(text_file, total):
    assert names(text_file(f"{HEAD}1,1,ANI,5,4\n2,2,BUDI,6,3\n\n{total}")) == ["ANI", "BUDI"]


def test_place_date_and_signature_below_a_total_are_no_rows(text_file):
    foot = "TOTAL,,,,4\n\n,,,,Jambi 2 Juni 2026\n,,,,Lurah Legok\n,,,,NIP. 1970\n"

    assert names(text_file(f"{HEAD}1,1,ANI,5,4\n{foot}")) == ["ANI"]


def test_subtotals_between_rows_are_no_rows(text_file):
    path = text_file(f"{HEAD}1,1,ANI,5,4\nJumlah RT 5,,,,4\n2,2,BUDI,6,3\n")

    assert names(path) == ["ANI", "BUDI"]


def test_a_row_of_numbers_between_rows_stays_a_row(text_file):
    path = text_file(f"{HEAD}1,1,ANI,5,4\n2,,,6,3\n3,3,CITRA,6,3\n")

    assert names(path) == ["ANI", "", "CITRA"]


def test_a_person_whose_row_has_an_identity_number_is_never_a_total(text_file):
    path = text_file(f"{HEAD}TOTAL,1571810101900001,ANI,5,4\n")

    assert names(path) == ["ANI"]


def test_a_header_over_two_lines_is_joined(book):
    rows = [
        ["No", "Identitas", None, "Nama", "Alamat", None],
        [None, "NIK", "No KK", None, "RT", "Kelurahan"],
        [1, "1571810101900001", "1571810101200001", "ANI", "5", "LEGOK"],
    ]

    table = read_table(book(rows))

    assert table.headers == ("No", "NIK", "No KK", "Nama", "RT", "Kelurahan")
    assert [cells[3] for _, cells in table.rows()] == ["ANI"]


def test_the_first_person_is_not_taken_for_the_lower_half_of_the_header(text_file):
    assert names(text_file("NO,NIK,NAMA,RT,JUMLAH\nA,,ANI,,\n")) == ["ANI"]


def test_a_million_lines_of_numbers_are_not_held_back_for_ever(text_file):
    path = text_file(HEAD + "1,,,,\n" * 5_000 + "1,1,ANI,,\n")

    assert sum(1 for _ in read_table(path).rows()) == 5_001
