"""One long command at a time."""

import subprocess
import sys

import pytest

from entas.tables import Busy, run_lock

HOLDER = """
import django, sys
django.setup()
from entas.tables import run_lock
with run_lock("import"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(installed, settings):
    """Another process that holds the lock ``import`` of the installation."""
    settings.ENTAS_HOME = installed.home
    env = {**installed.env, "DJANGO_SETTINGS_MODULE": "entas.settings"}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_lock_somebody_holds_is_refused_with_who_and_since_when(ground, holder):
    refused = pytest.raises(Busy, match=rf"import, proses {holder.pid}, sejak \d\d:\d\d:\d\d")

    with refused, run_lock("import"):
        pytest.fail("two held it")


def test_the_second_gets_the_lock_when_the_first_lets_go_in_time(ground, holder):
    holder.stdin.write("\n")
    holder.stdin.flush()

    with run_lock("import", wait_seconds=20):
        pass

    assert holder.wait(10) == 0


def test_a_killed_holder_holds_nothing(ground, holder):
    holder.kill()
    holder.wait()

    with run_lock("import", wait_seconds=5):
        pass


def test_other_names_do_not_wait_for_each_other(ground, holder):
    with run_lock("link"):
        pass


def test_a_lock_can_be_taken_again_after_an_error(ground):
    with pytest.raises(KeyError), run_lock("import"):
        raise KeyError

    with run_lock("import"):
        pass


@pytest.mark.parametrize("name", ["", "../x", "Import", "a b"])
def test_odd_names_are_refused(ground, name):
    with pytest.raises(ValueError, match="cannot name a lock"), run_lock(name):
        pass
