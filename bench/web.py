"""The web door under twenty sessions, quiet and while the city's register is imported."""

import datetime as dt
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from bench import postgres, story
from bench.cities import REGISTER, City
from bench.doors import Installation
from bench.measure import MeasurementFailed, Result, task

SECONDS, THINK = 180, 3.0
_IMPORTED_AS_OF = "2026-11-01"
_PATIENCE, _SIGN_INS, _LONGEST, _WARMING = 120, 6, 900, 40


def web(city: City, say: Callable[[str], None], *, database: str = "sqlite") -> Result:
    """Two years of story, then the sessions: percentiles by kind of page."""
    place = city.folder / "bench-web" / database
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with postgres.server() if database == "postgresql" else nullcontext("") as url:
        entas = Installation(place / "home", url)
        grown = story.grow(city, entas, say)
        return {"story": grown, **loaded(city, entas, say)}


def loaded(city: City, entas: Installation, say: Callable[[str], None]) -> Result:
    """The sessions on an installation that has grown: quiet, then beside an import."""
    plan = task("story.sessions", home=entas.home, database=entas.database, city=city.folder)
    people = json.loads(Path(plan["file"]).read_text(encoding="utf-8"))
    with _server(entas) as port:
        _load(port, people, seconds=_WARMING)
        say("  twenty sessions, nothing else")
        quiet = _load(port, people, seconds=SECONDS)
        say("  twenty sessions while the register is imported")
        return {"quiet": quiet, "importing": _while_importing(city, entas, port, people)}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _server(entas: Installation) -> Iterator[int]:
    port = _free_port()
    env = {
        **os.environ,
        "ENTAS_HOME": str(entas.home),
        "ENTAS_DATABASE_URL": entas.database,
    }
    command = [sys.executable, "-m", "entas.cli", "web", "--port", str(port)]
    child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, child)
        yield port
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(30)


def _wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and child.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/masuk/", timeout=5) as answer:
                if answer.status == 200:  # noqa: PLR2004
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise MeasurementFailed("entas web does not answer")


def _load(
    port: int, people: list[dict[str, Any]], *, seconds: int, flag: Path | None = None
) -> Result:
    plan = {
        "port": port,
        "people": people,
        "seconds": seconds,
        "think": THINK,
        "flag": str(flag or ""),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        timeout=seconds + 300,
        check=False,
    )
    if done.returncode:
        raise MeasurementFailed(f"bench.load: {done.stderr[-600:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    kinds = {kind: _percentiles(took) for kind, took in sorted(told["kinds"].items())}
    return {"kinds": kinds, "largest_bytes": told["largest_bytes"], "odd": told["odd"][:20]}


def _percentiles(took: list[float]) -> Result:
    cuts = statistics.quantiles(took, n=100, method="inclusive") if len(took) > 1 else took * 99
    return {
        "asked": len(took),
        "median_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
        "slowest_ms": round(max(took), 1),
    }


def _while_importing(
    city: City, entas: Installation, port: int, people: list[dict[str, Any]]
) -> Result:
    """The register comes once more; the sessions last as long as its import."""
    # A list of a day long after all others, and of today at the latest.
    entry = story.again(city, REGISTER, dt.date.fromisoformat(_IMPORTED_AS_OF))
    env = {**os.environ, "ENTAS_HOME": str(entas.home), "ENTAS_DATABASE_URL": entas.database}
    words = ["sources", "import", str(city.folder / entry["file"]), "--source", REGISTER]
    command = [sys.executable, "-m", "entas.cli", *words, "--as-of", entry["as_of"], "--json"]
    # The sessions last as long as this file.
    flag = entas.home.parent / "importing"
    flag.touch()
    with ThreadPoolExecutor(1) as beside:
        loaded = beside.submit(_load, port, people, seconds=_LONGEST, flag=flag)
        # The first sign-ins are no reading.
        time.sleep(_SIGN_INS)
        began = time.monotonic()
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        took = round(time.monotonic() - began, 1)
        flag.unlink()
        result = loaded.result()
    if done.returncode:
        raise MeasurementFailed(f"the import during the sessions: {done.stderr[-400:]}")
    rows = json.loads(done.stdout.splitlines()[-1])["rows"]
    return {"import_s": took, "rows": rows, **result}
