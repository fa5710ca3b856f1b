"""``entas registry`` as scripts use it: fields, words, exit codes, refusals."""

import csv
import json
import sqlite3

import openpyxl
import pytest

from journey.little_lists import (
    citizen,
    citizens,
    programme_row,
    shared_installation,
    write_csv,
)

RESULT = ["baris", "keputusan", "id_warga", "id_calon", "bobot", "status_warga", "alasan"]
COUNTS = ("cocok", "tinjau", "tidak_ditemukan", "ganda", "bermasalah")
WORDS = set(COUNTS)


def take_in(installed, path, source):
    return installed.json("sources", "import", path, "--source", source, "--as-of", "2026-06-01")


def register_of(installed, folder, rows):
    take_in(installed, write_csv(folder / "penduduk.csv", rows), "dukcapil")
    return installed.json("registry", "link")


@pytest.fixture(scope="module")
def shared_town(request, tmp_path_factory):
    """An installation with a linked register of sixty people; number 60 is dead.

    Made once: the tests below only ask it.
    """
    folder = tmp_path_factory.mktemp("kota")
    for installed in shared_installation(request, folder):
        installed.json("init", "--demo")
        rows = [{**row, "STATUS": "HIDUP"} for row in citizens(60)]
        rows[-1]["STATUS"] = "MENINGGAL"
        register_of(installed, folder, rows)
        path = write_csv(folder / "pbi.csv", [programme_row(row) for row in citizens(4)])
        take_in(installed, path, "pbi")
        installed.json("registry", "link")
        yield installed


@pytest.fixture
def town(shared_town):
    return shared_town


def checked(town, path, out, *words):
    answer = town.json("registry", "match", path, "--out", out, *words)
    with out.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    own = len(header) - len(RESULT)
    assert header[own:] == RESULT
    told = [dict(zip(RESULT, row[own:], strict=True)) for row in rows]
    return answer, told


def test_link_answers_in_the_promised_fields(installed, tmp_path):
    answer = register_of(installed, tmp_path, citizens(12))

    assert list(answer) == ["persons", "linked", "review", "new", "duplicates", "seconds"]
    assert [answer[key] for key in list(answer)[:5]] == [12, 0, 0, 12, 0]
    assert answer["seconds"] >= 0


def test_match_answers_in_the_promised_fields_and_counts_every_row(town, tmp_path):
    rows = [programme_row(row) for row in [*citizens(5), citizen(301), citizen(2)]]
    path = write_csv(tmp_path / "cek.csv", rows)

    answer, told = checked(town, path, tmp_path / "hasil.csv")

    assert list(answer) == ["rows", *COUNTS, "seconds"]
    assert answer["rows"] == len(told) == 7
    assert sum(answer[word] for word in COUNTS) == 7
    for word in COUNTS:
        assert [one["keputusan"] for one in told].count(word) == answer[word]


def test_the_result_is_the_list_itself_in_its_order_with_the_verdict_behind(town, tmp_path):
    rows = [programme_row(row) for row in reversed(citizens(6))]
    path = write_csv(tmp_path / "cek.csv", rows)

    _, told = checked(town, path, tmp_path / "hasil.csv")

    with (tmp_path / "hasil.csv").open(encoding="utf-8", newline="") as file:
        back = list(csv.DictReader(file))
    assert [{key: row[key] for key in rows[0]} for row in back] == rows
    assert list(back[0]) == [*rows[0], *RESULT]
    assert [one["baris"] for one in told] == list("123456")


def test_a_person_certain_enough_is_named_and_has_no_candidate(town, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(citizen(4))])

    _, (told,) = checked(town, path, tmp_path / "hasil.csv")

    assert (told["keputusan"], told["id_warga"], told["id_calon"]) == ("cocok", "4", "")
    assert float(told["bobot"]) > 0
    assert told["status_warga"] == "hidup"
    assert told["alasan"].startswith("NIK sama, nama sama")


def test_the_dead_are_told_as_dead(town, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(citizen(60))])

    _, (told,) = checked(town, path, tmp_path / "hasil.csv")

    assert (told["id_warga"], told["status_warga"]) == ("60", "meninggal")


def test_a_second_row_of_one_person_points_to_the_first(town, tmp_path):
    rows = [programme_row(citizen(number)) for number in (9, 4, 7, 4)]
    path = write_csv(tmp_path / "cek.csv", rows)

    _, told = checked(town, path, tmp_path / "hasil.csv")

    assert [one["keputusan"] for one in told] == ["cocok", "cocok", "cocok", "ganda"]
    assert told[3]["id_warga"] == told[1]["id_warga"] == "4"
    assert "baris 2 daftar ini" in told[3]["alasan"]


def test_a_row_that_cannot_be_used_says_why_and_the_others_keep_their_numbers(town, tmp_path):
    rows = [programme_row(row) for row in citizens(3)]
    rows[1]["NAMA PESERTA"] = ""
    path = write_csv(tmp_path / "cek.csv", rows)

    answer, told = checked(town, path, tmp_path / "hasil.csv")

    assert answer["bermasalah"] == 1
    assert [one["keputusan"] for one in told] == ["cocok", "bermasalah", "cocok"]
    assert "nama" in told[1]["alasan"].lower()
    assert [told[1][key] for key in ("id_warga", "id_calon", "bobot", "status_warga")] == [""] * 4


def test_nobody_found_means_no_number_at_all(town, tmp_path):
    nobody = {**programme_row(citizen(301)), "NAMA PESERTA": "OEMAR BAKRIE"}
    path = write_csv(tmp_path / "cek.csv", [nobody])

    _, (told,) = checked(town, path, tmp_path / "hasil.csv")

    assert told["keputusan"] == "tidak_ditemukan"
    assert (told["id_warga"], told["id_calon"], told["status_warga"]) == ("", "", "")
    assert told["alasan"]


def test_title_blank_and_total_lines_are_not_counted(town, tmp_path):
    book = openpyxl.Workbook()
    rows = [programme_row(row) for row in citizens(3)]
    for line in (
        ["DAFTAR PESERTA PBI"],
        [],
        list(rows[0]),
        list(rows[0].values()),
        [],
        list(rows[1].values()),
        list(rows[2].values()),
        [],
        ["JUMLAH", "3"],
    ):
        book.active.append(line)
    book.save(tmp_path / "cek.xlsx")

    answer, told = checked(town, tmp_path / "cek.xlsx", tmp_path / "hasil.csv")

    assert answer["rows"] == answer["cocok"] == 3
    assert [(one["baris"], one["id_warga"]) for one in told] == [("1", "1"), ("2", "2"), ("3", "3")]


def test_a_spreadsheet_comes_back_as_a_spreadsheet_with_numbers_of_text(town, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(row) for row in citizens(3)])

    town.json("registry", "match", path, "--out", tmp_path / "hasil.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "hasil.xlsx").active
    header, *rows = sheet.iter_rows(values_only=True)
    assert list(header[-7:]) == RESULT
    assert [row[-7:-4] for row in rows] == [(1, "cocok", 1), (2, "cocok", 2), (3, "cocok", 3)]
    assert [row[1] for row in rows] == [row["NIK"] for row in citizens(3)]


def test_formulas_of_a_list_are_harmless_in_the_result(town, tmp_path):
    row = {**programme_row(citizen(4)), "CATATAN": "=cmd|' /C calc'!A0"}
    path = write_csv(tmp_path / "cek.csv", [row])

    town.json("registry", "match", path, "--out", tmp_path / "hasil.xlsx")
    town.json("registry", "match", path, "--out", tmp_path / "hasil.csv")

    sheet = openpyxl.load_workbook(tmp_path / "hasil.xlsx").active
    cells = {cell.value: cell for line in sheet.iter_rows() for cell in line}
    (text,) = [value for value in cells if "cmd" in str(value)]
    assert cells[text].data_type == "s"
    with (tmp_path / "hasil.csv").open(encoding="utf-8", newline="") as file:
        ((note,),) = [[r["CATATAN"]] for r in csv.DictReader(file)]
    assert not note.startswith("=")


def test_nothing_that_was_not_delivered_comes_back(town, tmp_path):
    asked = {"NAMA": citizen(4)["NAMA_LGKP"], "NO KK": citizen(4)["NO_KK"], "RT": "001"}
    path = write_csv(tmp_path / "cek.csv", [asked])

    answer, (told,) = checked(town, path, tmp_path / "hasil.csv")

    text = (tmp_path / "hasil.csv").read_text(encoding="utf-8") + json.dumps(answer)
    known = citizen(4)
    assert (told["id_warga"] or told["id_calon"]) == "4"
    for field in ("NIK", "TGL_LHR", "NAMA_LGKP_IBU", "ALAMAT"):
        assert known[field] not in text
    assert "1978" not in text


def rows_of_tables(installed):
    url = installed.env["ENTAS_DATABASE_URL"]
    if url:
        import psycopg

        with psycopg.connect(url) as database:
            return _counted(
                database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            )
    database = sqlite3.connect(installed.home / "entas.sqlite3")
    return _counted(database, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")


def _counted(database, tables):
    names = [name for (name,) in database.execute(tables).fetchall()]
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names
    }


def test_match_changes_nothing_in_the_registry(town, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(citizen(n)) for n in (1, 2, 301)])
    before = rows_of_tables(town)
    persons = town.json("registry", "find", citizen(1)["NAMA_LGKP"])
    before_links = town.json("registry", "links", "--source", "dukcapil", "--out", tmp_path / "a")

    first = checked(town, path, tmp_path / "hasil.csv")[1]
    second = checked(town, path, tmp_path / "hasil.csv")[1]

    after = rows_of_tables(town)
    assert first == second
    assert {name for name in after if after[name] != before[name]} <= {
        "audit_look",
        "audit_lookhead",
    }
    assert town.json("registry", "find", citizen(1)["NAMA_LGKP"]) == persons
    after_links = town.json("registry", "links", "--source", "dukcapil", "--out", tmp_path / "b")
    assert before_links["rows"] == after_links["rows"] == 60
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_links_are_written_in_the_promised_columns(town, tmp_path):
    answer = town.json("registry", "links", "--source", "pbi", "--out", tmp_path / "tautan.csv")

    with (tmp_path / "tautan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert answer["rows"] == 4
    assert list(rows[0]) == ["import_id", "baris", "id_warga", "id_calon", "keputusan", "bobot"]
    assert [(row["import_id"], row["baris"], row["id_warga"]) for row in rows] == [
        ("2", str(n), str(n)) for n in range(1, 5)
    ]
    assert {row["keputusan"] for row in rows} == {"cocok"}


def test_a_source_without_lists_has_no_links_and_an_unknown_one_is_refused(town, tmp_path):
    out = tmp_path / "tautan.csv"

    assert town.json("registry", "links", "--source", "pkh", "--out", out)["rows"] == 0
    assert "tidak-ada" in town.refusal("registry", "links", "--source", "tidak-ada", "--out", out)


def test_a_person_is_found_by_nik_card_and_name_and_shown_masked(town):
    person = citizen(4)

    by_nik = town.json("registry", "find", person["NIK"])["results"]
    by_card = town.json("registry", "find", person["NO_KK"])["results"]
    by_name = town.json("registry", "find", *person["NAMA_LGKP"].split())["results"]

    assert [one["id_warga"] for one in by_nik] == [4]
    assert 4 in [one["id_warga"] for one in by_card]
    assert by_name[0]["id_warga"] == 4
    assert by_name[0]["nama"] == person["NAMA_LGKP"]
    assert by_nik[0]["nik"] == "*" * 14 + person["NIK"][-2:]
    assert person["NIK"] not in json.dumps([by_nik, by_card, by_name])


def test_nobody_found_is_an_empty_answer_and_no_refusal(town):
    for text in (citizen(301)["NIK"], "'%", "\u202e"):
        assert town.json("registry", "find", text)["results"] == [], text


def test_an_explanation_answers_with_decision_and_words_and_no_values(town, tmp_path):
    answer = town.json("registry", "explain", "2:4")

    assert (answer["import_id"], answer["baris"]) == (2, 4)
    assert (answer["keputusan"], answer["id_warga"]) == ("cocok", 4)
    text = "\n".join(answer["penjelasan"])
    assert "Dibanding orang asing:" in text
    assert "Dibanding anggota keluarga serumah:" in text
    for field in ("NIK", "NO_KK", "NAMA_LGKP"):
        assert citizen(4)[field] not in text


def test_an_explanation_of_a_founded_row_says_that_it_founded(town):
    answer = town.json("registry", "explain", "1:4")

    assert (answer["keputusan"], answer["id_warga"]) == ("baru", 4)


def test_an_odd_row_number_is_wrong_usage_and_an_unknown_one_a_refusal(town):
    for text in (
        "1",
        "1:",
        ":1",
        "a:b",
        "1:2:3",
        "-1:2",
        "1:0",
        "1.5:2",
        "1:9999999999999999",
        "\u0661:1",
    ):
        assert town.run("registry", "explain", text).returncode == 2, text
    for text in ("99:1", "1:99", "999999999999:1", "1:999999999999"):
        assert "tidak ada" in town.refusal("registry", "explain", text)


def test_an_empty_register_checks_no_list(installed, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(citizen(1))])

    said = installed.refusal("registry", "match", path, "--out", tmp_path / "hasil.csv")

    assert "entas registry link" in said
    assert not (tmp_path / "hasil.csv").exists()


def test_files_that_are_no_lists_are_refused_in_one_line_and_nothing_is_written(town, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "gambar.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "kosong.csv").write_bytes(b"")
    (tmp_path / "judul.csv").write_bytes(b"NIK,NAMA,RT\n")
    (tmp_path / "palsu.xlsx").write_bytes(b"NIK,NAMA,RT\n")
    (tmp_path / "potong.xlsx").write_bytes(b"PK\x03\x04" + b"x" * 200)

    for name in (
        "tidak-ada.csv",
        "folder",
        "gambar.png",
        "kosong.csv",
        "judul.csv",
        "palsu.xlsx",
        "potong.xlsx",
    ):
        assert town.refusal("registry", "match", tmp_path / name, "--out", tmp_path / "hasil.csv")
    assert list(tmp_path.glob("*hasil*")) == []


def test_a_result_that_cannot_be_written_is_refused_and_names_the_file(town, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(citizen(1))])

    for out in (tmp_path / "tidak-ada" / "hasil.csv", tmp_path):
        assert "dapat ditulis" in town.refusal("registry", "match", path, "--out", out)


def test_wrong_usage_ends_with_2(town, tmp_path):
    assert town.run("registry").returncode == 2
    assert town.run("registry", "match", tmp_path / "cek.csv").returncode == 2
    assert town.run("registry", "links", "--out", tmp_path / "a.csv").returncode == 2
    assert town.run("registry", "find").returncode == 2
    assert town.run("registry", "bakar").returncode == 2


def test_the_registry_is_refused_while_the_keys_are_gone(town, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(citizen(1))])
    key = town.home / "keys" / "entas.key"
    key.rename(key.with_suffix(".hilang"))

    said = town.refusal("registry", "match", path, "--out", tmp_path / "hasil.csv")

    found = town.run("registry", "find", citizen(1)["NIK"])
    key.with_suffix(".hilang").rename(key)
    assert "kunci" in said.lower()
    assert found.returncode == 1
    assert "kunci" in found.stderr.lower()
