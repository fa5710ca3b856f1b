"""The small commands of the house."""

import json
import sqlite3
import subprocess
import sys

import pytest


def test_the_keys_are_rotated_and_everything_still_works(installed):
    answer = installed.json("keys", "rotate")

    assert answer["version"] == 2
    assert installed.json("keys", "status")["versions"] == [2]
    assert installed.json("audit", "verify")["is_whole"]


def test_keys_come_back_from_two_holders(installed, tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    installed.json("keys", "escrow", "--out-a", a, "--out-b", b)
    (installed.home / "keys" / "entas.key").unlink()
    installed.refusal("audit", "verify")

    installed.json("keys", "restore", "--from-a", a, "--from-b", b)

    assert installed.json("audit", "verify")["is_whole"]
    assert installed.json("keys", "status")["is_escrowed"]


def test_a_missing_half_is_refused(installed, tmp_path):
    line = installed.refusal(
        "keys", "restore", "--from-a", tmp_path / "tidak-ada", "--from-b", tmp_path / "b"
    )

    assert "tidak-ada tidak ada" in line


def test_the_status_says_that_an_escrow_is_missing(installed):
    assert "Belum ada titipan" in installed.run("keys", "status").stdout


def test_verify_gives_anchors_that_hold_later(installed):
    acts = installed.json("audit", "verify")["acts"]
    anchor = f"acts:{acts['length']}:{acts['last_hash']}"
    installed.json("keys", "rotate")

    assert installed.json("audit", "verify", "--anchor", anchor)["is_whole"]


def test_an_anchor_that_is_not_in_the_chain_is_refused(installed):
    anchor = f"acts:1:{'0' * 64}"

    assert "Jangkar acts:1" in installed.refusal("audit", "verify", "--anchor", anchor)


def test_an_odd_anchor_is_wrong_usage(installed):
    assert installed.run("audit", "verify", "--anchor", "x").returncode == 2


def tamper(installed, statement):
    url = installed.env["ENTAS_DATABASE_URL"]
    if not url:
        with sqlite3.connect(installed.home / "entas.sqlite3") as database:
            database.execute(statement)
        return
    import psycopg

    with psycopg.connect(url) as database:
        database.execute(statement)


def go_back_to(installed, migration):
    """Give the ground the tables of an older version."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "city", migration, "--verbosity", "0"],
        env={**installed.env, "DJANGO_SETTINGS_MODULE": "entas.settings"},
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_act SET actor = 'user:9:x' WHERE position = 1",
        "DELETE FROM audit_act WHERE position = 1",
        "DELETE FROM audit_act WHERE position = (SELECT max(position) FROM audit_act)",
    ],
)
def test_a_chain_somebody_changed_behind_our_back_is_refused(installed, statement):
    tamper(installed, statement)

    assert "Rantai tindakan rusak pada entri" in installed.refusal("audit", "verify")


def test_a_database_of_another_version_is_refused(installed):
    tamper(installed, "UPDATE city_installation SET schema = 'x'")

    assert "Jalankan: entas init" in installed.refusal("city", "areas")

    installed.json("init")
    assert len(installed.json("city", "areas")["areas"]) == 79


def test_the_areas_carry_both_codes(installed):
    areas = installed.json("city", "areas")["areas"]

    (sipin,) = [area for area in areas if area["name"] == "Simpang IV Sipin"]
    assert sipin["code_kemendagri"] == "15.71.01.1001"
    assert sipin["code_bps"] == "1571050002"
    assert sipin["parent"] == 157101


def test_a_second_person_may_act_once_entered(installed):
    assert installed.run("keys", "rotate", ENTAS_USER="budi").returncode == 1

    assert installed.json("city", "add-user", "budi")["changed"] is True
    assert installed.json("city", "add-user", "budi")["changed"] is False
    assert installed.run("keys", "rotate", ENTAS_USER="budi").returncode == 0


@pytest.fixture
def stale_escrow(installed, tmp_path):
    """Two halves of a copy made before the last rotation, and no key file."""
    halves = tmp_path / "a", tmp_path / "b"
    installed.json("keys", "escrow", "--out-a", halves[0], "--out-b", halves[1])
    installed.json("keys", "rotate")
    key = installed.home / "keys" / "entas.key"
    key.rename(tmp_path / "newest.key")
    return halves


def test_an_escrow_older_than_the_last_rotation_is_refused(installed, stale_escrow, tmp_path):
    a, b = stale_escrow

    line = installed.refusal("keys", "restore", "--from-a", a, "--from-b", b)

    assert "versi 1" in line
    assert "versi 2" in line
    assert not (installed.home / "keys" / "entas.key").exists()
    (tmp_path / "newest.key").rename(installed.home / "keys" / "entas.key")
    assert installed.json("audit", "verify")["is_whole"]


def test_no_command_works_with_a_key_file_of_before_the_last_rotation(installed, tmp_path):
    key = installed.home / "keys" / "entas.key"
    old = key.read_bytes()
    installed.json("keys", "rotate")
    key.write_bytes(old)

    for words in (["sources", "list"], ["keys", "rotate"], ["init", "--demo"]):
        assert "disegel dengan versi 2" in installed.refusal(*words)
    assert installed.json("keys", "status")["is_escrowed"] is False


def test_a_stale_copy_put_back_by_hand_counts_as_no_escrow(installed, stale_escrow, tmp_path):
    elsewhere = tmp_path / "lain"
    elsewhere.mkdir()
    a, b = stale_escrow
    answer = installed.run(
        "keys", "restore", "--from-a", a, "--from-b", b, ENTAS_HOME=str(elsewhere),
        ENTAS_DATABASE_URL="",
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    (elsewhere / "keys" / "entas.key").rename(installed.home / "keys" / "entas.key")

    done = installed.run("keys", "status", "--json")

    assert '"is_escrowed": false' in done.stdout
    assert "disegel dengan versi 2" in done.stdout


def test_a_rotation_killed_before_the_database_knew_is_noted_by_the_next_command(installed):
    installed.json("keys", "rotate")
    tamper(installed, "UPDATE city_installation SET key_version = 1")
    key = installed.home / "keys" / "entas.key"
    keys = json.loads(key.read_text())
    keys["sealing"]["1"] = keys["sealing"]["2"]
    key.write_text(json.dumps(keys))
    installed.json("sources", "list")
    del keys["sealing"]["2"]
    key.write_text(json.dumps(keys))

    assert "disegel dengan versi 2" in installed.refusal("sources", "list")


def test_an_installation_of_an_older_version_learns_its_key_version(installed):
    installed.json("keys", "rotate")
    go_back_to(installed, "0001_first")
    assert "Jalankan: entas init" in installed.refusal("sources", "list")

    installed.json("init", "--demo")

    key = installed.home / "keys" / "entas.key"
    key.write_text(key.read_text().replace('"2":', '"1":'))
    assert "disegel dengan versi 2" in installed.refusal("sources", "list")


def test_who_had_the_one_role_of_before_keeps_all_its_acts(installed):
    go_back_to(installed, "0002_installation_key_version")

    installed.json("init", "--demo")

    (ani,) = installed.json("city", "user", "list")["users"]
    assert {one["role"] for one in ani["rights"]} == {"administrator", "data_steward"}


def test_an_escrow_is_not_kept_inside_the_installation(installed, tmp_path):
    words = ("--out-a", installed.home / "a", "--out-b", tmp_path / "b")

    assert "folder instalasi" in installed.refusal("keys", "escrow", *words)
    assert not (tmp_path / "b").exists()
