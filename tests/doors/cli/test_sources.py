"""The acts on delivered lists, as a user calls them."""

import json
import zipfile

import openpyxl
import pytest

GOOD = "NIK,NAMA,RT\n1571814101900001,ANI,5\n"


@pytest.fixture
def a_list(tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def importing(path, *more, source="umum", as_of="2026-06-01"):
    return ("sources", "import", path, "--source", source, "--as-of", as_of, *more)


def test_an_import_answers_in_the_promised_fields_on_the_last_line(installed, a_list):
    done = installed.run(*importing(a_list, "--json"))

    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "import_id": 1,
        "rows": 1,
        "accepted": 1,
        "problems": 0,
        "already_imported": False,
        "rejects_file": "",
    }


def test_imports_are_listed_with_what_was_said_of_them(installed, a_list):
    installed.json(*importing(a_list, "--sender", "Kelurahan Legok", "--legal-basis", "SK 1/2026"))

    (row,) = installed.json("sources", "list")["imports"]

    assert (row["import_id"], row["source"], row["state"]) == (1, "umum", "accepted")
    assert (row["sender"], row["legal_basis"]) == ("Kelurahan Legok", "SK 1/2026")
    assert row["file"] == "daftar.csv"


def test_an_import_is_undone_once(installed, a_list):
    installed.json(*importing(a_list))

    assert installed.json("sources", "undo", "1")["state"] == "withdrawn"
    assert "sudah ditarik" in installed.refusal("sources", "undo", "1")
    assert not installed.json(*importing(a_list))["already_imported"]


def test_an_import_that_does_not_exist_is_refused(installed):
    assert "tidak ada" in installed.refusal("sources", "undo", "7")
    assert "tidak ada" in installed.refusal("sources", "problems", "7")


def test_problems_are_shown_masked_and_written_to_a_file(installed, tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_text("NIK,NAMA,RT\n157181410190001,ANI,5\n1571814101900002,,5\n", encoding="utf-8")
    assert installed.json(*importing(path))["problems"] == 2

    answer = installed.json("sources", "problems", "1", "--out", tmp_path / "masalah.xlsx")

    assert answer["rules"] == {"N1": 1, "B1": 1}
    first = answer["problems"][0]
    assert (first["baris"], first["line"], first["column"]) == (1, 2, "NIK")
    assert first["value"] == "*************01"
    assert "ANI" not in json.dumps(answer)
    assert openpyxl.load_workbook(tmp_path / "masalah.xlsx").active.max_row == 3


def test_a_form_is_written_and_can_be_filled_in_and_delivered(installed, tmp_path):
    path = tmp_path / "formulir.xlsx"
    installed.json("sources", "template", "kelurahan", "--out", path)
    book = openpyxl.load_workbook(path)
    book["Daftar"].append(["1", "ANI", "1571814101900001", None, "36", "LRG A", "5", "LEGOK"])
    book.save(path)

    answer = installed.json(*importing(path, source="kelurahan"))

    assert (answer["rows"], answer["accepted"], answer["problems"]) == (1, 1, 0)


def test_a_new_source_can_send_lists(installed, a_list):
    assert installed.json("sources", "add", "rtlh", "--name", "Rumah tidak layak huni")["new"]

    assert installed.json(*importing(a_list, source="rtlh"))["accepted"] == 1


def test_wrong_usage_ends_with_2(installed, a_list):
    assert installed.run(*importing(a_list, as_of="1 Juni 2026")).returncode == 2
    assert installed.run("sources", "import", a_list).returncode == 2


def write_bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b" " * 80_000_000)


BAD_FILES = [
    ("kosong.csv", b"", "kosong"),
    ("judul.csv", b"NIK,NAMA,RT\n", "tanpa baris data"),
    ("tanpa-judul.csv", b"1571814101900001,ANI,5\n", "judul kolom"),
    ("daftar.xlsx", b"NIK,NAMA,RT\n", "isinya teks"),
    ("daftar.csv", b"%PDF-1.4", "PDF"),
    ("daftar.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office lama"),
    ("potong.xlsx", b"PK\x03\x04" + b"x" * 200, "rusak"),
    ("halaman.xls", b"<html><table><tr><td>NIK</td></tr></table>", "HTML"),
    ("bom.xlsx", write_bomb, "bom zip"),
    ("kutip.csv", b'NIK,NAMA,RT\n1,"ANI,5\n', "Tanda kutip"),
    ("tidak\x1b[31m-ada.csv", None, "tidak ada"),
]


def test_every_bad_file_is_refused_in_one_line_and_leaves_nothing(installed, tmp_path):
    for name, content, said in BAD_FILES:
        path = tmp_path / name
        if callable(content):
            content(path)
        elif content is not None:
            path.write_bytes(content)

        assert said in installed.refusal(*importing(path))
    assert installed.json("sources", "list")["imports"] == []


def test_odd_orders_are_refused_with_what_is_possible(installed, a_list):
    assert "dukcapil" in installed.refusal(*importing(a_list, source="tidak-ada"))
    assert "masa depan" in installed.refusal(*importing(a_list, as_of="2999-01-01"))
    assert "sebelum" in installed.refusal(*importing(a_list, as_of="1066-10-14"))
    assert "dukcapil" in installed.refusal(*importing(a_list, "--profile", "tidak-ada"))


def test_a_list_is_refused_while_the_keys_are_gone(installed, a_list):
    key = installed.home / "keys" / "entas.key"
    key.rename(key.with_suffix(".hilang"))

    assert "kunci" in installed.refusal(*importing(a_list)).lower()


def test_names_of_five_thousand_letters_and_unseen_marks_are_problems_not_faults(
    installed, tmp_path
):
    path = tmp_path / "aneh.csv"
    path.write_text(
        f"NIK,NAMA,RT\n1,{'A' * 5_000},5\n2,\u202eA\x00NI,5\n3,=cmd|x,5\n", encoding="utf-8"
    )

    answer = installed.json(*importing(path))

    assert (answer["rows"], answer["accepted"]) == (3, 2)
