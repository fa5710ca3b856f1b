"""What is measured: every case for one city, as plain results."""

import hashlib
import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

from bench import postgres
from bench.cities import REGISTER, City
from bench.doors import Installation
from bench.measure import MeasurementFailed, Result, interleaved, run, task

Say = Callable[[str], None]
IMPORTED_ROWS = 10_000
CHECKED = ("cek-60k", "cek-200k")
# Comparing every name with every like birth date takes minutes beyond this many people.
FUZZY_PERSONS = 100_000


def prepared(city: City, say: Say) -> Path:
    """Parse the city's lists once and store its register; returns the folder of the facts."""
    work, home = city.work, city.work / "home"
    if (work / "done").exists():
        return work
    say(f"  parsing the lists of {city.folder.name}")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    ended = run(
        [sys.executable, "-m", "entas.cli", "init", "--demo"], env={"ENTAS_HOME": str(home)}
    )
    if ended.code:
        raise MeasurementFailed(f"entas init: {ended.err[-300:]}")
    files = [one for one in city.manifest["files"] if one["role"] != "survey"]
    task("facts.prepare", home=home, city=city.folder, work=work, files=files)
    task("ours.store", home=home, work=work)
    (work / "done").touch()
    return work


def quality(city: City, say: Say) -> Result:
    """Every list against the register: ours untuned, Splink tuned, and two plain methods."""
    work, results = prepared(city, say), {}
    for source in city.checked():
        say(f"  {source}: links")
        one: Result = {"ours": task("ours.link", home=work / "home", work=work, source=source)}
        one["splink"] = task("peers.splink_link", work=work, source=source)
        one["nik"] = task("peers.exact_nik", work=work, source=source)
        if city.manifest["persons"] <= FUZZY_PERSONS:
            one["fuzzy"] = task("peers.fuzzy", work=work, source=source)
        results[source] = one
    return results


def duplicates(city: City, say: Say, *, times: int) -> Result:
    """Suspected duplicates inside the register; all runs are kept."""
    work = prepared(city, say)
    say("  duplicates inside the register")
    ours, splink = interleaved(
        times,
        lambda: task("ours.duplicates", home=work / "home", work=work),
        lambda: task("peers.splink_duplicates", work=work),
    )
    return {"ours": ours, "splink": splink}


def speed(city: City, say: Say, *, times: int) -> Result:
    """Parsed list and stored keys to verdicts, taking turns with Splink; all runs are kept."""
    work, results = prepared(city, say), {}
    for source in [name for name in CHECKED if name in city.checked()]:
        say(f"  {source}: speed")
        ours, splink = interleaved(
            times,
            lambda name=source: task("ours.link", home=work / "home", work=work, source=name),
            lambda name=source: task("peers.splink_link", work=work, source=name),
        )
        results[source] = {"ours": ours, "splink": splink}
    return results


def whole_city(city: City, say: Say, *, database: str = "sqlite") -> Result:
    """From delivered files to a linked registry through the command line.

    Returns:
        Every command's answer and cost, their sum, a fingerprint of all links, and for SQLite
        what is asked of the finished registry: checked lists and single persons.
    """
    say(f"  the whole city on {database}")
    place = city.folder / "bench-doors" / database
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    with postgres.server() if database == "postgresql" else nullcontext("") as url:
        entas = Installation(place / "home", url)
        entas.run("init", "--demo")
        entries = [city.entry(source) for source in city.delivered()]
        imported = entas.take_in(entries, city.folder)
        linked = entas.run("registry", "link")
        result: Result = {"import": imported, "link": linked, "total": entas.total()}
        result["links_sha256"] = _exported(entas, city, place)
        if not url:
            result |= _asked_of_the_registry(entas, city, place, say)
    return result


def files_to_links(city: City, say: Say) -> Result:
    """Only the way from files to a linked registry, on SQLite."""
    say(f"  files to links, {city.size}")
    place = city.folder / "bench-growth"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    entas = Installation(place)
    entas.run("init", "--demo")
    entas.take_in([city.entry(source) for source in city.delivered()], city.folder)
    linked = entas.run("registry", "link")
    shutil.rmtree(place)
    return {"link": linked["process"], "total": entas.total()}


def ours_alone(city: City, say: Say) -> Result:
    """One list and the duplicates, without the peers."""
    work = prepared(city, say)
    return {
        "cek-60k": task("ours.link", home=work / "home", work=work, source="cek-60k"),
        "duplicates": task("ours.duplicates", home=work / "home", work=work),
    }


def _exported(entas: Installation, city: City, place: Path) -> dict[str, str]:
    marks = {}
    for source in city.delivered():
        out = place / f"links-{source}.csv"
        entas.run("registry", "links", "--source", source, "--out", str(out))
        marks[source] = hashlib.sha256(out.read_bytes()).hexdigest()
    out = place / "duplicates.csv"
    entas.run("registry", "duplicates", "--out", str(out))
    return marks


def _asked_of_the_registry(entas: Installation, city: City, place: Path, say: Say) -> Result:
    say("  checking lists and finding single persons")
    checked = {}
    for source in [name for name in CHECKED if name in city.checked()]:
        out = place / f"result-{source}.xlsx"
        checked[source] = entas.run("registry", "match", str(city.file(source)), "--out", str(out))
    grades = task("doors.grade", city=city.folder, place=place, manifest=city.manifest)
    work = prepared(city, say)
    single = {
        what: task(f"single.{what}", home=entas.home, work=work, city=city.folder, place=place)
        for what in ("intake", "typed_names")
    }
    return {"match": checked, "grades": grades, "single": single}


def small_import(city: City, say: Say, *, times: int) -> Result:
    """The first ten thousand rows of the register's list into an empty installation."""
    say(f"  importing {IMPORTED_ROWS} rows")
    place = city.folder / "bench-import"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    entry = city.entry(REGISTER)
    with (city.folder / entry["file"]).open("rb") as whole:
        (place / "first.csv").write_bytes(b"".join(islice(whole, IMPORTED_ROWS + 1)))
    runs = []
    for number in range(times):
        entas = Installation(place / f"home-{number}")
        entas.run("init", "--demo")
        imported = entas.take_in([{**entry, "file": "first.csv"}], place)[0]
        linked = entas.run("registry", "link")
        runs.append({"import": imported, "link": linked})
    return {"runs": runs}


def febrl(say: Say) -> Result:
    """The two public sets, ours and Splink."""
    results: Result = {}
    for number in (4, 3):
        say(f"  FEBRL {number}")
        results[str(number)] = {
            who: task(f"febrl.{who}", number=number) for who in ("ours", "splink")
        }
    return results


def guarded(measure: Callable[[], Any]) -> Any:
    """The result of a case, or ``{"failed": why}``: one broken case must not hide the others."""
    try:
        return measure()
    except (MeasurementFailed, OSError, RuntimeError) as fault:
        return {"failed": str(fault)[-800:]}
