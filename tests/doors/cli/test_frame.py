"""The frame: every end of a command becomes words and a status, and nothing else."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.cli.frame import LONGEST_LINE, ProgressLine, one_line

DRIVER = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from entas.cli import main
main.STAGES = ("stage_under_test",)
sys.exit(main.main(sys.argv[1:]))
"""
NIK = "1571810101900001"


def command(*words):
    return [sys.executable, "-c", DRIVER, str(Path(__file__).parent), *words]


@pytest.fixture
def env(tmp_path):
    return {**os.environ, "ENTAS_HOME": str(tmp_path / "home")}


def run(env, *words, **options):
    options = {"capture_output": True, "text": True, **options}
    return subprocess.run(command(*words), env=env, check=False, **options)


def test_the_answer_is_the_last_line_of_standard_output(env):
    done = run(env, "good", "--json", "--text", "é")

    *words, last = done.stdout.splitlines()
    assert done.returncode == 0
    assert words == ["Satu baris untuk orang."]
    assert json.loads(last) == {"teks": "é", "angka": 3}


def test_without_json_there_are_words_only(env):
    assert run(env, "good").stdout == "Satu baris untuk orang.\n"


def test_a_refusal_is_one_line_and_status_1(env):
    done = run(env, "refuse", "--text", "Baris 3 salah.\nPerbaiki\x1b[31m\u202e ini.")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == ["Baris 3 salah. Perbaiki�[31m� ini."]


def test_a_long_refusal_is_cut_at_a_thousand_characters(env):
    done = run(env, "refuse", "--text", "x" * 5_000)

    assert len(done.stderr.strip()) == LONGEST_LINE


def test_a_fault_nobody_foresaw_shows_a_code_and_no_values(env, tmp_path):
    (tmp_path / "home").mkdir()

    done = run(env, "surprise", "--text", f"Siti Rahma {NIK}")

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Galat tak terduga [" in done.stderr
    assert NIK not in done.stderr
    assert "Siti" not in done.stderr


def test_the_log_of_such_a_fault_says_where_and_not_whom(env, tmp_path):
    (tmp_path / "home").mkdir()

    done = run(env, "surprise", "--text", f"Siti Rahma {NIK}")

    (log,) = (tmp_path / "home" / "logs").iterdir()
    text, code = log.read_text(), done.stderr.split("[")[1][:8]
    assert code in text
    assert "builtins.RuntimeError" in text
    assert "builtins.KeyError" in text
    assert "stage_under_test.py:" in text
    assert NIK not in text
    assert "Siti" not in text
    assert log.stat().st_mode & 0o077 == 0


def test_a_full_disk_is_called_one(env):
    done = run(env, "full", "--text", "hasil.xlsx")

    assert done.returncode == 1
    assert done.stderr.startswith("Ruang disk penuh.")


def test_want_of_memory_is_called_so(env):
    assert run(env, "memory").stderr.startswith("Memori tidak cukup.")


def test_an_interrupt_is_one_line_and_status_130(env):
    # A test run started in the background ignores interrupts and would pass that on.
    process = subprocess.Popen(
        command("sleep"),
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdout.readline() == "tidur\n"

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)

    assert process.returncode == 130
    assert said.startswith("Dihentikan.")
    assert len(said.splitlines()) == 1


def test_a_reader_that_goes_away_is_no_fault(env):
    process = subprocess.Popen(
        command("good", "--json"), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()

    said = process.stderr.read()

    assert process.wait(10) == 0
    assert said == b""


def test_standard_output_on_a_full_disk_is_refused(env):
    with Path("/dev/full").open("w") as full:
        done = run(env, "good", stdout=full, stderr=subprocess.PIPE, capture_output=False)

    assert done.returncode == 1
    assert done.stderr.startswith("Ruang disk penuh.")


def test_a_terminal_without_the_letters_shows_question_marks(env):
    done = run({**env, "PYTHONIOENCODING": "ascii"}, "refuse", "--text", "Nama é salah")

    assert done.returncode == 1
    assert done.stderr == "Nama ? salah\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "belum diisi: PERINTAH"),
        (["terbang"], "'terbang' bukan pilihan"),
        (["good", "--tinggi"], "tidak dikenal: --tinggi"),
        (["good", "--text"], "--text perlu satu nilai"),
        (["good", "--json=1"], "--json tidak menerima nilai '1'"),
    ],
)
def test_wrong_usage_is_one_indonesian_line_and_status_2(env, words, said):
    done = run(env, *words)

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert "--help" in done.stderr


@given(st.text())
def test_whatever_is_said_is_one_printable_line(text):
    line = one_line(text)

    assert line.isprintable()
    assert len(line) <= LONGEST_LINE


def test_progress_off_a_terminal_is_a_line_now_and_then(capsys):
    with ProgressLine("Mengimpor") as progress:
        for done in range(1_000):
            progress(done, 1_000)

    # The first line comes after five seconds; a quick command stays silent.
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal_rewrites_one_line():
    class Terminal:
        def __init__(self):
            self.said = ""

        def isatty(self):
            return True

        def write(self, text):
            self.said += text

        def flush(self):
            pass

    terminal = Terminal()
    with ProgressLine("Mengimpor", terminal) as progress:
        progress(12_345, 40_000, "membaca")

    first, cleared, _ = terminal.said.split("\r")
    assert first == "Mengimpor: 12.345 dari 40.000 (31%) membaca"
    assert cleared.strip() == ""
