"""The environment is parsed once and refused when odd."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.settings import OddSetting, postgres_database


def test_a_usual_address_is_taken_apart():
    database = postgres_database("postgres://siti:p%40ss@db.kota:5433/entas?sslmode=require")

    assert database["USER"] == "siti"
    assert database["PASSWORD"] == "p@ss"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.kota", "5433", "entas")
    assert database["OPTIONS"]["sslmode"] == "require"


def test_a_unix_socket_is_an_address_too():
    database = postgres_database("postgresql://siti@/entas?host=/run/postgresql")

    assert (database["HOST"], database["PORT"]) == ("/run/postgresql", "")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("mysql://a@b/c", "jenis 'mysql'"),
        ("entas", "jenis ''"),
        ("postgres://a@b:99999/c", "porta"),
        ("postgres://a@b:x/c", "porta"),
        ("postgres://a@b", "nama basis data"),
        ("postgres://a@b/", "nama basis data"),
        ("postgres://a@b/c/d", "nama basis data"),
        ("postgres:///c", "host tidak ada"),
        ("postgres://a@b/c?host=/x", "dua kali"),
        ("postgres://a@/c?host=x", "diawali /"),
        ("postgres://a@b/c?application_name=x", "'application_name'"),
        ("postgres://[::1/c", "salah tulis"),
    ],
)
def test_an_odd_address_is_refused_with_the_reason_and_the_form(address, why):
    with pytest.raises(OddSetting, match="ENTAS_DATABASE_URL tidak dapat dipakai") as refusal:
        postgres_database(address)

    assert why in str(refusal.value)
    assert "postgres://pengguna:sandi@host:5432/basisdata" in str(refusal.value)


def test_a_refused_address_does_not_show_its_password():
    with pytest.raises(OddSetting) as refusal:
        postgres_database("postgres://siti:rahasia@db:port/entas")

    assert "rahasia" not in str(refusal.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_refusal(text):
    try:
        answer = postgres_database(text)["NAME"]
    except OddSetting as refusal:
        answer = str(refusal)

    assert 0 < len(answer) < 1_000


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("ENTAS_HOME", "file", "bukan folder"),
        ("ENTAS_KEY_FILE", "folder", "adalah folder"),
        ("ENTAS_HOME", "newline", "karakter kendali"),
    ],
)
def test_odd_places_are_refused(tmp_path, name, make, why):
    place = tmp_path / "place"
    if make == "file":
        place.write_text("")
    elif make == "folder":
        place.mkdir()
    value = f"{place}\nx" if make == "newline" else str(place)

    done = subprocess.run(
        [sys.executable, "-m", "entas.cli", "keys", "status"],
        env={"PATH": "", "ENTAS_HOME": str(tmp_path / "home"), name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1
