"""Words, places and streams that no clerk means: one clear line, and nothing half done."""

import fcntl
import resource
import subprocess
from urllib.parse import urlsplit

import pytest

GOOD = "NIK,NAMA,RT\n1571814101900001,ANI,5\n"
ODD = "caf\udce9"


@pytest.fixture
def a_list(tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def importing(path, *more):
    return ("sources", "import", path, "--source", "umum", "--as-of", "2026-06-01", *more)


def refused(installed, *words, **environment):
    done = installed.run(*words, **environment)
    assert done.returncode in {1, 2}, (done.returncode, done.stdout, done.stderr)
    (line,) = done.stderr.splitlines()
    assert line.isprintable()
    assert len(line) <= 1_000
    assert "tak terduga" not in line
    return line


def test_bytes_that_are_no_text_are_refused_and_nothing_is_kept(installed, a_list, tmp_path):
    odd = tmp_path / f"{ODD}.csv"
    odd.write_text(GOOD, encoding="utf-8")

    assert "bukan UTF-8" in refused(installed, *importing(odd))
    assert "bukan UTF-8" in refused(installed, *importing(a_list, "--sender", ODD))
    assert "Nama pengguna" in refused(installed, *importing(a_list), ENTAS_USER=ODD)
    assert installed.json("sources", "list")["imports"] == []


def test_numbers_longer_than_a_database_takes_are_wrong_usage(installed):
    for words in (
        ("sources", "problems", "1", "--limit", "9" * 20),
        ("sources", "problems", "9" * 20),
        ("sources", "undo", "-1"),
    ):
        assert installed.run(*words).returncode == 2, words


def test_a_list_behind_a_link_in_a_circle_is_refused(installed, tmp_path):
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")

    refused(installed, *importing(tmp_path / "a.csv"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://u:p@nosuchhost.invalid/db", "host"),
        ("postgres://u:p@127.0.0.1/db?connect_timeout=abc", "connect_timeout"),
        ("postgres://u:p@127.0.0.1/db?sslmode=abc", "sslmode"),
    ],
)
def test_an_odd_database_address_is_refused_in_words(installed, url, said):
    assert said in refused(installed, "sources", "list", ENTAS_DATABASE_URL=url)


def test_with_standard_output_closed_nothing_is_begun(installed, a_list):
    words = " ".join(f"'{word}'" for word in installed.command(*importing(a_list)))

    done = subprocess.run(
        ["sh", "-c", f"{words} >&-"], env=installed.env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Keluaran standar tertutup")
    assert installed.json("sources", "list")["imports"] == []


def test_with_the_other_streams_closed_the_work_is_done(installed, a_list):
    words = " ".join(f"'{word}'" for word in installed.command(*importing(a_list)))

    done = subprocess.run(
        ["sh", "-c", f"{words} <&- 2>&-"], env=installed.env, capture_output=True, check=False
    )

    assert done.returncode == 0
    assert len(installed.json("sources", "list")["imports"]) == 1


def test_a_file_larger_than_the_system_allows_is_refused_and_leaves_nothing(installed, tmp_path):
    rows = "".join(f",,{number}\n" for number in range(30_000))
    path = tmp_path / "daftar.csv"
    path.write_text(f"NIK,NAMA,RT\n1571814101900001,ANI,5\n{rows}", encoding="utf-8")
    installed.json(*importing(path))
    (tmp_path / "daftar.tolak.csv").unlink()

    done = subprocess.run(
        installed.command("sources", "problems", "1", "--out", tmp_path / "masalah.csv"),
        env=installed.env,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
    )

    assert done.returncode == 1
    assert "ukuran terbesar" in done.stderr
    assert sorted(entry.name for entry in tmp_path.glob("[.a-z]*.*")) == ["daftar.csv"]


def test_a_usage_message_is_indonesian_and_shows_no_escapes(installed):
    for words in (
        ("sources", "import", "x", "--source", "umum", "--as-of", "besok"),
        ("registry", "explain", "x"),
        ("city", "add-user", "x", "--role", "raja\x1b[31m"),
        ("sources", "terbang\x1b[31m"),
    ):
        line = refused(installed, *words)
        assert "argument" not in line
        assert "\\x1b" not in line
    line = refused(installed, "sources", "add", "baru", "--name", "x", "--profile", "x\x1b[31m")
    assert "\\x1b" not in line


def test_a_source_one_added_has_the_form_of_its_profile(installed, tmp_path):
    installed.json("sources", "add", "dinsos", "--name", "Dinsos", "--profile", "kelurahan")

    answer = installed.json("sources", "template", "dinsos", "--out", tmp_path / "f.xlsx")

    assert answer["profile"] == "kelurahan"


def test_an_undo_waits_for_a_running_import_and_says_so(installed, a_list):
    installed.json(*importing(a_list))
    with (installed.home / "locks" / "import.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "sedang berjalan (import" in installed.refusal("sources", "undo", "1")

    assert installed.json("sources", "undo", "1")["state"] == "withdrawn"


@pytest.mark.parametrize(("part", "said"), [("database", "basis data itu"), ("user", "pengguna")])
def test_a_mistyped_database_or_user_is_no_missing_installation(installed, part, said):
    url = urlsplit(installed.env["ENTAS_DATABASE_URL"])
    if not url.scheme:
        # On SQLite the database is a file of the installation: its name cannot be mistyped.
        return
    odd = url._replace(path="/salah") if part == "database" else url._replace(netloc="salah@")

    line = refused(installed, "sources", "list", ENTAS_DATABASE_URL=odd.geturl())

    assert said in line
    assert "entas init" not in line
