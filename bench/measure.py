"""One measurement, one process: only then are its seconds and its peak memory its own.

The measuring process itself imports nothing heavy: a child's peak begins with that of the
process it was forked from.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Result = dict[str, Any]


class MeasurementFailed(RuntimeError):
    """A child ended badly; the message carries the end of what it said."""


@dataclass(frozen=True)
class Ended:
    """How a child process ended: what it cost and what it printed."""

    code: int
    wall: float
    cpu: float
    peak_mb: int
    load: float
    out: str
    err: str

    def cost(self) -> Result:
        """Seconds, CPU seconds, peak megabytes and how busy the machine was before."""
        return {
            "wall_s": round(self.wall, 3),
            "cpu_s": round(self.cpu, 3),
            "peak_mb": self.peak_mb,
            "load_before": round(self.load, 2),
        }


def run(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> Ended:
    """Run a command to its end and weigh it (children it waited for included)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        load = os.getloadavg()[0]
        began = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **(env or {})})
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Ended(
            child.returncode,
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss // 1024,
            load,
            out.read().decode("utf-8", "replace"),
            err.read().decode("utf-8", "replace"),
        )


def task(name: str, *, home: Path | None = None, database: str = "", **arguments: Any) -> Result:
    """Run one function of ``bench.tasks`` in a process of its own.

    Args:
        name: module and function, as ``ours.link``.
        home: the installation folder the task works in.
        database: its ENTAS_DATABASE_URL; empty for SQLite.
        arguments: anything JSON can carry; paths travel as text.

    Returns:
        What the function returned, and under ``process`` what it cost.

    Raises:
        MeasurementFailed: the task did not end well.
    """
    words = {key: str(v) if isinstance(v, Path) else v for key, v in arguments.items()}
    command = [sys.executable, "-m", "bench.tasks", name, json.dumps(words)]
    env = {"DJANGO_SETTINGS_MODULE": "entas.settings", "ENTAS_DATABASE_URL": database}
    ended = run(command, env={**env, "ENTAS_HOME": str(home)} if home else env)
    return {**last_json(ended, name), "process": ended.cost()}


def last_json(ended: Ended, name: str) -> Result:
    """The object on the last line a child printed.

    Raises:
        MeasurementFailed: it ended badly or printed no object.
    """
    if ended.code == 0:
        try:
            return dict(json.loads(ended.out.strip().splitlines()[-1]))
        except (IndexError, ValueError, TypeError):
            pass
    said = (ended.err.strip() or ended.out.strip())[-600:]
    raise MeasurementFailed(f"{name} ended with {ended.code}: {said}")


def interleaved(times: int, *measurements: Callable[[], Result]) -> list[list[Result]]:
    """Every measurement ``times`` times, taking turns, so that a busy minute hits them all."""
    runs: list[list[Result]] = [[] for _ in measurements]
    for _ in range(times):
        for place, measurement in enumerate(measurements):
            runs[place].append(measurement())
    return runs


def best(runs: Sequence[Result], *path: str) -> float:
    """The smallest value at ``path`` over several runs of one measurement."""
    return min(_at(run, path) for run in runs)


def _at(run: Result, path: Sequence[str]) -> float:
    value: Any = run
    for name in path:
        value = value[name]
    return float(value)
