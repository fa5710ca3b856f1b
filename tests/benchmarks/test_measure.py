import sys
from pathlib import Path

import pytest
from bench.measure import MeasurementFailed, best, interleaved, last_json, run

ROOT = Path(__file__).resolve().parents[2]
# The measuring process must be small, so this is tried from a process that is not pytest.
TWO_PEAKS = """
import sys
import bench.__main__
from bench.measure import run
for size in (0, 80_000_000):
    print(run([sys.executable, "-c", f"x = bytearray({size})"]).peak_mb)
"""


def python(code):
    return run([sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)})


def test_the_peak_is_that_of_the_child_alone():
    small, large = map(int, python(TWO_PEAKS).out.split())

    assert small < 40
    assert 80 < large < 100


def test_seconds_of_work_and_of_waiting_are_told_apart():
    ended = python("import time; time.sleep(0.3)")

    assert ended.wall >= 0.3
    assert ended.cpu < 0.3


def test_only_the_last_line_is_the_result():
    ended = python("print('noise'); print('{\"rows\": 3}')")

    assert last_json(ended, "import") == {"rows": 3}


def test_a_child_that_ends_badly_is_no_measurement_even_if_it_printed_a_result():
    ended = python("import sys; print('{}'); sys.exit('no space left')")

    with pytest.raises(MeasurementFailed, match="import ended with 1: no space left"):
        last_json(ended, "import")


def test_measurements_take_turns():
    order = []

    interleaved(2, lambda: order.append("ours") or {}, lambda: order.append("peer") or {})

    assert order == ["ours", "peer", "ours", "peer"]


def test_the_best_run_is_the_quickest():
    runs = [{"seconds": {"total": 2.5}}, {"seconds": {"total": 1.5}}]

    assert best(runs, "seconds", "total") == 1.5
