"""Letters show words as they are, and are the same for the same data."""

import datetime as dt

import pytest

from entas.papers import Facts, Heading, Items, Letter, Rows, Text, letter

AT = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)


def test_a_letter_with_every_part_is_a_tagged_pdf():
    parts = [
        Heading("Masalah"),
        Text("Dua kolom tidak terbaca."),
        Facts([("Baris", "12")]),
        Rows(["Kode", "Banyak"], [["N1", "12"], ["N2", "3"]]),
        Items(["Tulis NIK sebagai teks"]),
    ]
    made = letter(
        Letter("Umpan balik", "Dinas Sosial", parts, facts=[("Hari", "25 November 2026")]), at=AT
    )

    assert made.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in made
    assert b"(id)" in made or b"/Lang" in made


@pytest.mark.parametrize(
    "odd", ["#panic()", "*tebal* _miring_ $x$", "`", "\\", '"', "@acuan <label>", "//", "= Judul"]
)
def test_marks_of_the_typesetter_in_a_text_are_only_text(odd):
    everywhere = Letter(
        odd, odd, [Heading(odd), Text(odd), Facts([(odd, odd)]), Rows([odd], [[odd]]), Items([odd])]
    )

    assert letter(everywhere, at=AT).startswith(b"%PDF-")


def test_the_same_letter_at_the_same_moment_is_the_same_file():
    one = Letter("Judul", "Kantor", [Text("isi")])

    assert letter(one, at=AT) == letter(one, at=AT)
