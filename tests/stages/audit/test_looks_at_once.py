"""Looks of many people at once: no fork, none lost, and nobody waits.

In a process of its own on an installation of its own: the databases of the other tests lie in
memory, where SQLite locks otherwise than in files.
"""

import json
import subprocess
import sys

import pytest

THREADS, CALLS, PERSONS = 6, 10, 5

AT_ONCE = """
import json, sys, threading
import django
django.setup()
from django.db import connections, transaction
from entas.audit.models import Look
from entas.audit.services import look, record

threads, calls, persons = map(int, sys.argv[1:])
gate, faults = threading.Barrier(threads), []

def work(number):
    try:
        gate.wait()
        for call in range(calls):
            seen = range(call * 100, call * 100 + persons)
            look(f"user:{number}:x", seen, purpose="layanan", where="web search")
            with transaction.atomic():
                record(f"user:{number}:x", "test.act")
    except Exception as fault:
        faults.append(repr(fault))
    finally:
        connections.close_all()

every = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
for one in every:
    one.start()
for one in every:
    one.join()
actors = list(Look.objects.order_by("position").values_list("actor", flat=True))
print(json.dumps({"faults": faults, "actors": actors}))
"""


def run(installed, script, *words):
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        env=installed.env | {"DJANGO_SETTINGS_MODULE": "entas.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def written(installed):
    """The installation behind several writers, and what they left."""
    return installed, run(installed, AT_ONCE, THREADS, CALLS, PERSONS)


def test_looks_and_acts_of_several_threads_make_whole_chains_without_a_loss(written):
    installed, left = written

    assert left["faults"] == []
    report = installed.json("audit", "verify")
    assert report["is_whole"]
    assert report["looks"]["length"] == THREADS * CALLS * PERSONS
    for number in range(THREADS):
        assert left["actors"].count(f"user:{number}:x") == CALLS * PERSONS
    # Those of one call stand together.
    pieces = [left["actors"][n : n + PERSONS] for n in range(0, len(left["actors"]), PERSONS)]
    assert all(len(set(piece)) == 1 for piece in pieces)
