"""`entas init`: whole or not at all, once, and again without harm."""

import resource
import subprocess
import time

import pytest


def test_the_first_time_makes_an_installation(empty_home):
    answer = empty_home.json("init", "--demo")

    assert answer["created"] is True
    assert answer["demo"] is True
    assert answer["areas"] == 79
    assert answer["user"] == "ani"


def test_everything_in_it_is_for_its_owner_only(installed):
    open_to_others = [
        str(path)
        for path in [installed.home, *installed.home.rglob("*")]
        if path.stat().st_mode & 0o077
    ]

    assert open_to_others == []


def test_the_second_time_says_so_and_changes_nothing(installed):
    key = (installed.home / "keys" / "entas.key").read_bytes()
    chain = installed.json("audit", "verify")

    done = installed.run("init")

    assert done.returncode == 0
    assert "sudah ada; tidak ada yang diubah" in done.stdout
    assert (installed.home / "keys" / "entas.key").read_bytes() == key
    assert installed.json("audit", "verify") == chain


def test_two_at_once_make_one_installation(empty_home):
    both = [
        subprocess.Popen(
            empty_home.command("init", "--demo", "--json"),
            env=empty_home.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    ends = [process.communicate(timeout=60) for process in both]

    assert [process.returncode for process in both] == [0, 0], ends
    assert sorted('"created": true' in out for out, _ in ends) == [False, True]


@pytest.mark.parametrize("seconds", [0.25, 0.3, 0.35, 0.4, 0.45, 0.55])
def test_killed_at_any_moment_the_same_command_finishes_it(empty_home, seconds):
    process = subprocess.Popen(
        empty_home.command("init", "--demo"), env=empty_home.env, stdout=subprocess.DEVNULL
    )
    time.sleep(seconds)
    process.kill()
    process.wait()

    answer = empty_home.json("init", "--demo")

    assert answer["areas"] == 79
    assert empty_home.json("audit", "verify")["is_whole"]
    assert empty_home.json("audit", "verify")["acts"]["length"] >= 2


def test_a_demo_is_refused_where_real_data_lives(empty_home):
    empty_home.json("init")

    assert "tidak boleh bercampur" in empty_home.refusal("init", "--demo")


def test_a_lost_key_is_not_replaced_by_a_new_one(installed):
    key = installed.home / "keys" / "entas.key"
    key.unlink()

    assert "entas keys restore" in installed.refusal("init", "--demo")
    assert not key.exists()


def test_a_home_below_a_file_is_refused(empty_home):
    empty_home.home.parent.mkdir(exist_ok=True)
    empty_home.home.write_text("")
    empty_home.env["ENTAS_HOME"] = str(empty_home.home / "deeper")

    assert "pilih folder lain dengan ENTAS_HOME" in empty_home.refusal("init")


def _small_files():
    # What a disk with forty kilobytes left would do to a database.
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))


def test_when_files_cannot_grow_it_is_refused_and_later_finished(empty_home):
    # A PostgreSQL server has its own disk; ours is where SQLite lies.
    empty_home.env["ENTAS_DATABASE_URL"] = ""
    done = subprocess.run(
        empty_home.command("init", "--demo"),
        env=empty_home.env,
        preexec_fn=_small_files,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Galat tak terduga" not in done.stderr
    assert empty_home.json("init", "--demo")["areas"] == 79
