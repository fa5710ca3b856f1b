"""kill -9 while lists are linked: the same command again ends as if nothing had been."""

import csv
import fcntl
import signal
import subprocess
import sys
import time

import pytest

from journey.little_lists import shared_installation

SIZE, SEED = "mini", "41"
LISTS = (("dukcapil", "dukcapil.csv"), ("dtsen", "dtsen.csv"), ("pip", "pip.xlsx"))


@pytest.fixture(scope="module")
def lists(request, tmp_path_factory):
    """Lists of the smallest synthetic city."""
    folder = tmp_path_factory.mktemp("contoh")
    words = ["build", "--size", SIZE, "--seed", SEED, "--out", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "kotacontoh", *words], check=True, capture_output=True, timeout=60
    )
    return folder / "lists"


def take_in(installed, lists):
    for source, name in LISTS:
        installed.json(
            "sources", "import", lists / name, "--source", source, "--as-of", "2026-06-01"
        )


def outcome(installed, folder):
    """Everything the registry says, as far as it does not tell the time."""
    said = {}
    for source, _ in LISTS:
        path = folder / f"{source}.csv"
        installed.json("registry", "links", "--source", source, "--out", path)
        said[source] = read(path)
    installed.json("registry", "duplicates", "--out", folder / "ganda.csv")
    return said | {"pairs": read(folder / "ganda.csv")}


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="module")
def undisturbed(request, tmp_path_factory, lists):
    """What an installation says where nothing went wrong."""
    folder = tmp_path_factory.mktemp("tenang")
    for installed in shared_installation(request, folder):
        installed.json("init", "--demo")
        take_in(installed, lists)
        answer = installed.json("registry", "link")
        yield answer, outcome(installed, folder)


def killed_after(installed, seconds):
    """Start linking and kill it so many seconds after it took the lock; give its exit code."""
    process = subprocess.Popen(
        installed.command("registry", "link"),
        env=installed.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    lock = installed.home / "locks" / "registry.lock"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        if lock.exists() and f'"pid": {process.pid}' in lock.read_text(encoding="utf-8"):
            break
        time.sleep(0.005)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return process.wait()


def counted(answer):
    return {key: value for key, value in answer.items() if key != "seconds"}


def test_links_killed_again_and_again_end_as_if_nothing_had_been(
    installed, lists, undisturbed, tmp_path
):
    take_in(installed, lists)
    expected, said = undisturbed

    ends = [killed_after(installed, seconds) for seconds in (0, 0.1, 0.25, 0.45, 0.65)]
    answer = installed.json("registry", "link")

    assert -signal.SIGKILL in ends
    assert answer["persons"] == expected["persons"]
    assert answer["duplicates"] == expected["duplicates"]
    assert outcome(installed, tmp_path) == said
    again = installed.json("registry", "link")
    assert counted(again) == {**counted(expected), "linked": 0, "review": 0, "new": 0}


def test_nothing_of_a_killed_link_is_seen_before_it_is_done_again(installed, lists, tmp_path):
    take_in(installed, lists)

    end = killed_after(installed, 0.2)

    assert end == -signal.SIGKILL
    shown = {len(rows) for rows in outcome(installed, tmp_path).values()}
    found = installed.json("registry", "find", "SITI")["results"]
    assert shown == {1} or (min(shown) > 1 and found)
    if shown == {1}:
        assert found == []


def test_two_links_at_once_end_like_one(installed, lists, undisturbed, tmp_path):
    take_in(installed, lists)
    both = [
        subprocess.Popen(
            installed.command("registry", "link"),
            env=installed.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    said = [(one.communicate(timeout=60)[1].splitlines(), one.returncode) for one in both]

    assert 0 in [code for _, code in said]
    for lines, code in said:
        assert code in {0, 1}
        if code == 1:
            assert "sedang berjalan" in lines[-1]
    assert outcome(installed, tmp_path) == undisturbed[1]


def test_the_second_of_two_says_who_is_at_work(installed):
    folder = installed.home / "locks"
    folder.mkdir(exist_ok=True)
    with (folder / "registry.lock").open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write('{"pid": 4242, "since": "2026-06-01T08:15:00+07:00"}')
        file.flush()

        said = installed.refusal("registry", "link")

    assert "4242" in said
    assert "08:15:00" in said
