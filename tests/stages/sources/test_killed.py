"""kill -9 at any moment: the same command again ends as an undisturbed one would."""

import json
import signal
import subprocess
import time

import pytest

from secret_search import in_installation

ROWS = 60_000
SECRET = "1571814101900001"


@pytest.fixture
def big_list(tmp_path):
    path = tmp_path / "besar.csv"
    lines = ["NIK,NAMA,TANGGAL LAHIR,KELURAHAN"]
    lines += [f"157181410190{n % 9_999 + 1:04d},ANI {n},01-01-1990,LEGOK" for n in range(ROWS)]
    lines += ["1571810101900002,,01-01-1990,LEGOK"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def words(path):
    return ("sources", "import", path, "--source", "umum", "--as-of", "2026-06-01")


def state_of(installed):
    imports = installed.json("sources", "list")["imports"]
    return [(row["import_id"], row["state"], row["rows"]) for row in imports]


def undisturbed(path):
    return {
        "import_id": 1,
        "rows": ROWS + 1,
        "accepted": ROWS,
        "already_imported": False,
        "rejects_file": str(path.with_name("besar.tolak.csv")),
    }


def started_and_killed(installed, path, seconds):
    """Kill an import so many seconds after it took the lock; give the state left behind."""
    process = subprocess.Popen(
        installed.command(*words(path)),
        env=installed.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    lock = installed.home / "locks" / "import.lock"
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if lock.exists() and f'"pid": {process.pid}' in lock.read_text(encoding="utf-8"):
            break
        time.sleep(0.01)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return state_of(installed)


def test_an_import_killed_again_and_again_ends_as_if_nothing_had_been(installed, big_list):
    left = [
        started_and_killed(installed, big_list, seconds) for seconds in (0, 0.1, 0.2, 0.3, 0.45)
    ]

    answer = installed.json(*words(big_list))

    assert [(1, "receiving", 0)] in left
    assert {tuple(state) for state in left} <= {(), ((1, "receiving", 0),)}
    assert {key: answer[key] for key in undisturbed(big_list)} == undisturbed(big_list)
    assert state_of(installed) == [(1, "accepted", ROWS + 1)]
    again = installed.json(*words(big_list))
    assert again == {**answer, "already_imported": True}
    beside = sorted(entry.name for entry in big_list.parent.glob("*besar*"))
    assert beside == ["besar.csv", "besar.tolak.csv"]


def test_an_unfinished_import_is_listed_as_such_and_can_be_undone(installed, big_list):
    deadline = time.monotonic() + 20
    process = subprocess.Popen(
        installed.command(*words(big_list)), env=installed.env, stderr=subprocess.DEVNULL
    )
    while not (state := state_of(installed)) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()

    assert state == [(1, "receiving", 0)]
    assert installed.json("sources", "undo", "1")["state"] == "withdrawn"
    assert installed.json(*words(big_list))["import_id"] == 2


def test_two_imports_at_once_both_end_well(installed, big_list, tmp_path):
    other = tmp_path / "lain.csv"
    other.write_text("NIK,NAMA,RT\n1571814101900001,ANI,5\n", encoding="utf-8")
    both = [
        subprocess.Popen(
            [*installed.command(*words(path)), "--json"],
            env=installed.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for path in (big_list, other)
    ]

    answers = [json.loads(one.communicate(timeout=60)[0].splitlines()[-1]) for one in both]

    assert [answer["rows"] for answer in answers] == [ROWS + 1, 1]


def test_no_nik_can_be_found_in_an_installation_after_an_import(installed, tmp_path):
    path = tmp_path / f"daftar-{SECRET}.csv"
    path.write_text(
        f"NIK,NAMA,NO KK,RT\n{SECRET},ANI,{SECRET},5\n{SECRET}9,BUDI,x,5\n,{SECRET},,\n",
        encoding="utf-8",
    )

    answer = installed.json(*words(path))
    installed.json("sources", "problems", "1")

    assert answer["problems"] == 3
    assert in_installation(installed.home, installed.env, SECRET) == []


def test_an_import_is_not_withdrawn_under_its_own_feet(installed, big_list):
    process = subprocess.Popen(
        [*installed.command(*words(big_list)), "--json"],
        env=installed.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while not state_of(installed) and time.monotonic() < deadline:
        time.sleep(0.02)

    undone = installed.run("sources", "undo", "1")

    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out.splitlines()[-1])["rows"] == ROWS + 1
    # A quick machine ends the import while the undo waits for it; a slow one says who works.
    assert undone.returncode == 0 or "sedang berjalan (import" in undone.stderr
    assert state_of(installed)[0][1] == ("withdrawn" if undone.returncode == 0 else "accepted")
