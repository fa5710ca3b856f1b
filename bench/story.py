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

QUARTERS, _YEAR = 8, 4
# What comes every quarter, and what comes once a year.
QUARTERLY, YEARLY = ("pbi",), (REGISTER, "dtsen")
_LEAVE, _MOVE = 0.03, 0.02


def grow(city: City, entas: Installation, say: Callable[[str], None]) -> Result:
    """Fill an empty installation with the city and two years of story.

    Returns:
        How many lists came, and what ``story.fill`` wrote beside them.
    """
    entas.run("init", "--demo")
    lists = 0
    for quarter in range(QUARTERS, 0, -1):
        say(f"  {quarter} quarters ago")
        first = quarter == QUARTERS
        for source in (*YEARLY, *QUARTERLY) if first or quarter == _YEAR else QUARTERLY:
            day = dt.date.fromisoformat(city.entry(source)["as_of"])
            entas.take_in([again(city, source, day - dt.timedelta(91 * quarter))], city.folder)
            lists += 1
        entas.run("registry", "link")
    say("  today")
    entas.take_in([city.entry(source) for source in city.delivered()], city.folder)
    entas.run("registry", "link")
    lists += len(city.delivered())
    say("  two years of looks and corrections")
    filled = task("story.fill", home=entas.home, database=entas.database)
    return {"lists": lists, **filled}


def again(city: City, source: str, as_of: dt.date) -> dict[str, str]:
    """The list as it was delivered on another day, written beside the city's own; its entry."""
    path = city.folder / "story" / f"{source}-{as_of}.csv"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        rnd = Random(f"{source} {as_of}")  # noqa: S311 - a story, no secret
        _write_changed(city.file(source), path, rnd)
    told = {"file": str(path.relative_to(city.folder)), "as_of": as_of.isoformat()}
    return {**city.entry(source), **told}


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
