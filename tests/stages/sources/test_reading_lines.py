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


def listed(text_file, text):
    return [cells[0] for _, cells in read_table(text_file(text)).rows()]


def test_people_below_a_subtotal_stay_in_narrow_lists(text_file):
    text = (
        "NAMA;ALAMAT\nSITI;Jl Mawar 1\nBUDI;Jl Mawar 2\nJumlah RT 01;2\nANI;Jl Melati 1\n"
        "UDIN;Jl Melati 2\nJumlah RT 02;2\nTUTI;Jl Anggrek\nTotal;5\n"
    )

    assert listed(text_file, text) == ["SITI", "BUDI", "ANI", "UDIN", "TUTI"]


def test_people_with_few_filled_cells_stay_below_a_total(text_file):
    text = "NAMA;ALAMAT;RT\nSITI;Jl Mawar;1\nJUMLAH;;\nBUDI;Jl A;\nUDIN;;2\n"

    assert listed(text_file, text) == ["SITI", "BUDI", "UDIN"]


@pytest.mark.parametrize(
    "person", ["JUMLAH SARI;;Jl Mawar 5", "TOTAL SARI;;5", "JML;;Jl Mawar", "JUMLAH;;1-1-1990",
               "TOTAL;1571 8101 0190 0001;", "Jumlah;P;"]
)  # fmt: skip
def test_a_person_whose_name_begins_like_a_total_is_a_row(text_file, person):
    found = listed(text_file, f"NAMA;NIK;ALAMAT\nSITI;;Jl Mawar 1\n{person}\nTUTI;;Jl B\n")

    assert found == ["SITI", person.split(";")[0], "TUTI"]


@pytest.mark.parametrize(
    "total",
    ["Jumlah RT 05 / RW 02;;7", "JUMLAH LAKI-LAKI;3 orang;", "Total Kelurahan Legok;;7", "Jml:;;",
     "GRAND TOTAL;;1.000", "Jumlah KK: 12;;", "Sub total;2;jiwa", "Jumlah RT05;;",
     "Jumlah penerima bulan Januari 2026;;5"],
)  # fmt: skip
def test_totals_in_many_words_are_no_rows(text_file, total):
    found = listed(text_file, f"NAMA;X;ALAMAT\nSITI;;Jl A\n{total}\nTUTI;;Jl B\n{total}\n")

    assert found == ["SITI", "TUTI"]


@pytest.mark.parametrize(
    "foot",
    [
        ";Jambi, 3 Januari 2026\n;Lurah Legok\n\n;SUDIRMAN, S.Sos\n;NIP. 19700101 199003 1 001\n",
        "Mengetahui\nLurah Legok\nSUDIRMAN\nNIP. 197001011990031001\n",
        "Mengetahui,;Jambi, 03-01-2026\nCamat;Lurah\nHASAN;SUDIRMAN\nNIP 1;NIP 2\n",
        "Catatan: data sementara\n",
        ";Jambi, ...... Januari 2026\n;(..........)\n",
    ],
)
@pytest.mark.parametrize("total", ["", "Jumlah;1\n"])
def test_who_signs_a_list_is_nobody_in_it(text_file, foot, total):
    assert listed(text_file, f"NAMA;ALAMAT\nSITI;Jl Mawar 1\n{total}{foot}") == ["SITI"]


def test_a_birthday_at_the_end_is_no_signature(text_file):
    text = "NAMA;TEMPAT TGL LAHIR\nSITI;\n;Jambi, 03-01-2006\n"

    assert listed(text_file, text) == ["SITI", ""]


def test_people_below_a_signature_are_rows_in_doubt(text_file):
    text = "NAMA;ALAMAT;RT\nSITI;Jl Mawar;1\nKetua RT 05;;\nBUDI;;\nANI;Jl A;\n"

    assert listed(text_file, text) == ["SITI", "BUDI", "ANI"]
    assert listed(text_file, f"{text}UDIN;Jl B;7\n")[1:] == ["Ketua RT 05", "BUDI", "ANI", "UDIN"]


@pytest.mark.parametrize(
    "rows",
    [";SITI;Ibu;Desa\n;BUDI;Anak;RT 5\n", ";SITI;Ibu;Alamat\n;BUDI;;\n", ";;Ibu;Desa\n;BUDI;;\n"],
)
def test_words_that_are_also_headers_do_not_make_a_person_a_header(text_file, rows):
    table = read_table(text_file(f"NIK;NAMA;PERAN;CATATAN\n{rows}"))

    assert table.headers == ("NIK", "NAMA", "PERAN", "CATATAN")
    assert len(list(table.rows())) == 2
