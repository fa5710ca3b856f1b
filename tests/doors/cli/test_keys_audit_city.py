"""The small commands of the house."""

import sqlite3

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
