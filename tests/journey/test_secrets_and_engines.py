"""The whole way of a list: nothing readable stays behind, and both databases say the same."""

import csv
import subprocess
import sys

import pytest

from journey.little_lists import citizen, citizens, programme_row, shared_installation, write_csv
from secret_search import in_installation

LISTS = (
    ("dukcapil", "dukcapil.csv"),
    ("dtsen", "dtsen.csv"),
    ("kelurahan", "kelurahan.xlsx"),
)


def test_after_a_days_work_no_number_can_be_read_and_the_chains_are_whole(installed, tmp_path):
    register = write_csv(tmp_path / "penduduk.csv", citizens(40))
    programme = write_csv(tmp_path / "pbi.csv", [programme_row(row) for row in citizens(10)])
    check = write_csv(tmp_path / "cek.csv", [programme_row(citizen(n)) for n in (4, 4, 301)])
    for source, path in (("dukcapil", register), ("pbi", programme)):
        installed.json("sources", "import", path, "--source", source, "--as-of", "2026-06-01")
        installed.json("registry", "link")
    installed.json("registry", "match", check, "--out", tmp_path / "hasil.xlsx")
    installed.json("registry", "find", citizen(4)["NIK"])
    installed.json("registry", "find", citizen(4)["NO_KK"])
    installed.json("registry", "explain", "2:4")
    installed.run("registry", "find", citizen(4)["NIK"], ENTAS_HOME=str(tmp_path / "tidak-ada"))

    verified = installed.run("audit", "verify")
    found = {
        secret: places
        for secret in (citizen(4)["NIK"], citizen(4)["NO_KK"], citizen(301)["NIK"])
        if (places := in_installation(installed.home, installed.env, secret))
    }

    assert found == {}
    assert verified.returncode == 0, verified.stderr


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contoh")
    words = ["build", "--size", "mini", "--seed", "43", "--out", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "kotacontoh", *words], check=True, capture_output=True, timeout=60
    )
    return folder / "lists"


def linked(installed, lists, folder):
    """Everything the registry of an installation says of the lists."""
    installed.json("init", "--demo")
    for source, name in LISTS:
        installed.json(
            "sources", "import", lists / name, "--source", source, "--as-of", "2026-06-01"
        )
    counts = installed.json("registry", "link")
    del counts["seconds"]
    checked = installed.json(
        "registry", "match", lists / "cek-60k.xlsx", "--out", folder / "hasil.csv"
    )
    del checked["seconds"]
    for source, _ in LISTS:
        installed.json("registry", "links", "--source", source, "--out", folder / f"{source}.csv")
    installed.json("registry", "duplicates", "--out", folder / "ganda.csv")
    files = ["hasil", "ganda", *(source for source, _ in LISTS)]
    return counts, checked, {name: (folder / f"{name}.csv").read_bytes() for name in files}


def on_sqlite(installed, folder):
    """A second installation beside the first, on a file."""
    env = {**installed.env, "ENTAS_HOME": str(folder / "kedua"), "ENTAS_DATABASE_URL": ""}
    return type(installed)(folder / "kedua", env)


@pytest.fixture(scope="module")
def city(request, lists, tmp_path_factory):
    """An installation with its lists linked, what it says, and where the files are."""
    folder = tmp_path_factory.mktemp("pertama")
    for installed in shared_installation(request, folder):
        yield installed, linked(installed, lists, folder), folder


def test_the_same_lists_give_the_same_answers_byte_for_byte_in_another_installation(
    city, lists, tmp_path
):
    # On PostgreSQL this compares the two databases; on SQLite two installations with keys of
    # their own, which must not decide anything either.
    installed, said, _ = city

    other = linked(on_sqlite(installed, tmp_path), lists, tmp_path)

    assert other == said
    assert said[0]["linked"] > 500
    assert said[0]["duplicates"] > 0


def test_every_verdict_agrees_with_the_counts_and_every_row_has_its_reason(city):
    _, (_, counts, _), folder = city

    with (folder / "hasil.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["baris"] for row in rows] == [str(n) for n in range(1, counts["rows"] + 1)]
    for row in rows:
        is_named = row["keputusan"] in {"cocok", "ganda"}
        assert bool(row["id_warga"]) is is_named
        assert bool(row["id_calon"]) is (row["keputusan"] == "tinjau")
        assert (row["status_warga"] != "") is (is_named or row["keputusan"] == "tinjau")
        assert 0 < len(row["alasan"]) <= 260
    words = [row["keputusan"] for row in rows]
    assert {word: words.count(word) for word in set(words)} == {
        word: number for word, number in counts.items() if word != "rows" and number
    }
