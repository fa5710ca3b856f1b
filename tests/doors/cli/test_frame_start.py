"""How the door starts: quickly, and only where there is something to work on."""

import subprocess
import sys

import pytest


def test_help_needs_neither_django_nor_numpy():
    code = (
        "import sys; from entas.cli.main import main; main(['--help']);"
        "heavy = {'django', 'numpy', 'cryptography', 'rapidfuzz', 'psycopg'} & set(sys.modules);"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "PERINTAH" in done.stdout


def test_the_help_of_every_command_is_indonesian():
    from entas.cli.main import _leaves, build_parser

    english = ("usage:", "options:", "positional arguments:", "show this help")
    guilty = [
        leaf.prog
        for leaf in [build_parser(), *_leaves(build_parser())]
        if any(word in leaf.format_help() for word in english)
    ]

    assert guilty == []


def test_every_command_takes_json():
    from entas.cli.main import _leaves, build_parser

    leaves = list(_leaves(build_parser()))

    assert len(leaves) >= 8
    assert all("--json" in leaf.format_usage() for leaf in leaves)


def test_every_command_has_a_handler():
    from entas.cli.main import _leaves, build_parser

    without = [leaf.prog for leaf in _leaves(build_parser()) if not leaf.get_default("run")]

    assert without == []


def test_a_command_before_init_says_what_to_run_and_leaves_nothing_behind(empty_home):
    line = empty_home.refusal("city", "areas")

    assert "Jalankan: entas init" in line
    assert not empty_home.home.exists()


def test_a_command_without_the_key_file_is_refused(installed):
    (installed.home / "keys" / "entas.key").unlink()

    assert "entas keys restore" in installed.refusal("city", "areas")


def test_the_key_file_of_another_installation_is_refused(installed):
    key = installed.home / "keys" / "entas.key"
    key.write_text(key.read_text().replace('"id": "', '"id": "f'))

    assert "bukan milik basis data ini" in installed.refusal("city", "areas")


def test_who_was_never_entered_may_not_act(installed):
    done = installed.run("keys", "rotate", ENTAS_USER="orang-lain")

    assert done.returncode == 1
    assert "'orang-lain' belum terdaftar" in done.stderr


def test_an_unknown_database_address_is_refused_without_its_password(installed):
    done = installed.run(
        "city", "areas", ENTAS_DATABASE_URL="postgres://siti:rahasia@127.0.0.1:1/entas"
    )

    assert done.returncode == 1
    assert "PostgreSQL tidak dapat dihubungi" in done.stderr
    assert "rahasia" not in done.stderr


@pytest.mark.parametrize(
    "content", [b"bukan basis data" * 500, b"SQLite format 3\0" + b"\xff" * 9_000]
)
def test_a_broken_database_file_is_refused_and_left_alone(empty_home, content):
    empty_home.env["ENTAS_DATABASE_URL"] = ""
    empty_home.json("init", "--demo")
    database = empty_home.home / "entas.sqlite3"
    for leftover in empty_home.home.glob("entas.sqlite3-*"):
        leftover.unlink()
    database.write_bytes(content)

    for words in (["city", "areas"], ["init", "--demo"], ["audit", "verify"]):
        assert "Berkas basis data rusak" in empty_home.refusal(*words)
    assert database.read_bytes() == content


def test_an_empty_database_file_counts_as_no_installation(empty_home):
    empty_home.env["ENTAS_DATABASE_URL"] = ""
    empty_home.home.mkdir()
    (empty_home.home / "entas.sqlite3").write_bytes(b"")

    assert "Jalankan: entas init" in empty_home.refusal("city", "areas")
