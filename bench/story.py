"""Two years of a city's work on one installation: lists that come again every quarter with a few
changes, links, corrections, and everybody's looks. What the web door is measured on.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from bench.cities import REGISTER, City
from bench.doors import Installation
from bench.measure import Result, task

QUARTERS = 8
# What comes every quarter, and what comes with every fourth.
QUARTERLY, YEARLY = ("pbi",), (REGISTER, "dtsen")
_LEAVE, _MOVE = 0.03, 0.02


def grow(city: City, entas: Installation, say: Callable[[str], None]) -> Result:
    """Fill an empty installation with the city and two years of story.

    Returns:
        How many lists came, and what ``story.fill`` wrote beside them.
    """
    entas.run("init", "--demo")
    entas.take_in([city.entry(source) for source in city.delivered()], city.folder)
    entas.run("registry", "link")
    lists = len(city.delivered())
    for quarter in range(1, QUARTERS + 1):
        say(f"  quarter {quarter} of {QUARTERS}")
        for source in (*QUARTERLY, *(YEARLY if quarter % 4 == 0 else ())):
            entry = {**city.entry(source), **_again(city, source, quarter)}
            entas.take_in([entry], city.folder)
            lists += 1
        entas.run("registry", "link")
    say("  two years of looks and corrections")
    filled = task("story.fill", home=entas.home, database=entas.database)
    return {"lists": lists, **filled}


def _again(city: City, source: str, quarter: int) -> dict[str, str]:
    """The list as it comes a quarter later, written beside the city's own; returns its entry."""
    first = dt.date.fromisoformat(city.entry(source)["as_of"])
    as_of = (first + dt.timedelta(days=91 * quarter)).isoformat()
    path = city.folder / "story" / f"{source}-{quarter}.csv"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        rnd = Random(f"{source} {quarter}")  # noqa: S311 - a story, no secret
        _write_changed(city.file(source), path, rnd)
    return {"file": str(path.relative_to(city.folder)), "as_of": as_of}


def _write_changed(old: Path, new: Path, rnd: Random) -> None:
    # One letter a byte, so that every office's encoding comes out as it went in.
    with (
        old.open(encoding="latin-1", newline="") as read,
        new.open("w", encoding="latin-1", newline="") as write,
    ):
        dialect = csv.Sniffer().sniff(read.readline(), delimiters=",;|\t")
        read.seek(0)
        rows = csv.reader(read, delimiter=dialect.delimiter)
        out = csv.writer(write, delimiter=dialect.delimiter)
        header = next(rows)
        out.writerow(header)
        out.writerows(_changed(rows, header, rnd))


def _changed(rows: Iterator[list[str]], header: list[str], rnd: Random) -> Iterator[list[str]]:
    """A few leave, and a few live in another RT."""
    place = next(
        (at for at, name in enumerate(header) if name.strip().lower() in {"rt", "no_rt"}), None
    )
    for row in rows:
        if rnd.random() < _LEAVE:
            continue
        if place is not None and rnd.random() < _MOVE and len(row) > place:
            row[place] = f"{rnd.randint(1, 40):03d}"
        yield row
