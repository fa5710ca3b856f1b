"""People's words at the command line: they stand, and they can be taken back."""

import pytest

from journey.little_lists import citizens, programme_row, shared_installation, write_csv


def take_in(installed, path, source):
    return installed.json("sources", "import", path, "--source", source, "--as-of", "2026-06-01")


@pytest.fixture(scope="module")
def shared_town(request, tmp_path_factory):
    """Thirty people and a list about four of them; two user names may act."""
    folder = tmp_path_factory.mktemp("kota")
    for installed in shared_installation(request, folder):
        installed.json("init", "--demo")
        take_in(installed, write_csv(folder / "penduduk.csv", citizens(30)), "dukcapil")
        path = write_csv(folder / "pbi.csv", [programme_row(row) for row in citizens(4)])
        take_in(installed, path, "pbi")
        installed.json("registry", "link")
        installed.json("city", "add-user", "budi", "--role", "data_steward")
        yield installed


@pytest.fixture
def town(shared_town):
    return shared_town


def row_says(town, baris):
    told = town.json("registry", "explain", f"2:{baris}")
    return told["keputusan"], told["id_warga"]


def test_a_row_nobody_linked_cannot_be_decided(town):
    assert "Baris 99" in town.refusal("registry", "decide", "2:99", "--person", "1", "--same")
    assert "Impor nomor 77" in town.refusal("registry", "decide", "77:1", "--person", "1", "--same")


@pytest.mark.parametrize(
    "words",
    [
        ("decide", "2:1", "--person", "1"),
        ("decide", "2:1", "--person", "1", "--same", "--different"),
        ("decide", "2:0", "--person", "1", "--same"),
        ("decide", "2:1", "--person", "-1", "--same"),
        ("merge", "1", "2"),
        ("answer", "1"),
    ],
)
def test_half_a_decision_is_wrong_usage(town, words):
    assert town.run("registry", *words).returncode == 2


def test_no_to_a_link_takes_it_away_and_withdrawing_the_no_brings_it_back(town):
    word, person = row_says(town, 1)
    assert word == "cocok"

    said = town.json("registry", "decide", "2:1", "--person", person, "--different")

    assert said == {"import_id": 2, "baris": 1, "keputusan": "tidak_ditemukan", "id_warga": ""}
    back = town.json("registry", "decide", "2:1", "--person", person, "--withdraw")
    assert (back["keputusan"], back["id_warga"]) == ("cocok", person)


def test_a_word_that_was_never_said_cannot_be_withdrawn(town):
    line = town.refusal("registry", "decide", "2:2", "--person", "9", "--withdraw")

    assert "Belum ada keputusan" in line


def test_people_with_different_numbers_are_merged_only_on_purpose(town):
    words = ("registry", "merge", "11", "12", "--reason", "orang yang sama")

    assert "NIK sah yang berbeda" in town.refusal(*words)

    assert town.json(*words, "--despite-nik") == {"id_warga": 11, "absorbed": 12}
    assert "tidak aktif" in town.refusal(*words, "--despite-nik")
    assert "tidak sedang digabung" in town.refusal("registry", "split", "12", "11")
    split = town.json("registry", "split", "11", "12")
    assert split == {"id_warga": 11, "restored": 12, "state": "aktif"}


def test_a_pair_nobody_suspects_needs_no_word(town):
    line = town.refusal("registry", "apart", "3", "4", "--reason", "saudara")

    assert "tidak sedang diduga" in line


def test_what_waits_is_counted(town):
    waits = town.json("registry", "review", "--source", "pbi", "--limit", "3")

    assert waits["rows_waiting"] == len(waits["rows"]) == 0
    assert waits["pairs_waiting"] >= len(waits["pairs"])
    assert "tidak dikenal" in town.refusal("registry", "review", "--source", "tak-ada")


def test_a_proposal_is_answered_by_somebody_else_and_its_value_is_never_printed(town):
    made = town.run(
        "registry", "propose", "20", "--field", "mother_name", "--reason", "akta",
        typed="Zubaidah Baru\n",
    )  # fmt: skip
    assert made.returncode == 0
    waiting = town.json("registry", "proposals")["proposals"]
    number = str(waiting[0]["proposal"])

    assert [one["id_warga"] for one in waiting] == [20]
    assert "Zubaidah" not in made.stdout + str(waiting)
    assert "petugas lain" in town.refusal("registry", "answer", number, "--accept")
    accepted = town.json("registry", "answer", number, "--accept", ENTAS_USER="budi")
    assert accepted["state"] == "diterima"
    assert "sudah diputuskan" in town.refusal("registry", "answer", number, "--reject")
    assert town.json("registry", "proposals") == {"proposals": []}


def test_a_proposal_for_no_field_or_without_a_value_is_refused(town):
    words = ("registry", "propose", "20", "--reason", "akta", "--field")

    assert "bidang" in town.refusal(*words, "agama", typed="x\n")
    assert "nilai" in town.refusal(*words, "name", typed="")
    assert "Usulan nomor 999" in town.refusal("registry", "answer", "999", "--reject")
