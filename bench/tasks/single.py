"""One person at a time against the finished registry: intake by key, search by typed name."""

import csv
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import django
import numpy as np

from bench.tasks.store import kept, persons_of
from kotacontoh import spoil

ASKED = 1_000
WARM = 20
FIRST_TEN = 10
SEED = 2026


def _ids(place: str, city: str) -> dict[int, set[int]]:
    """True person -> ids in the registry, from the rows that founded persons."""
    ids: dict[int, set[int]] = {}
    truth: dict[str, list[int]] = {}
    with (Path(city) / "truth" / "rows.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            truth.setdefault(row["source"], []).append(int(row["person"]))
    for path in Path(place).glob("links-*.csv"):
        who = truth[path.stem.removeprefix("links-")]
        with path.open(encoding="utf-8", newline="") as handle:
            for link in csv.DictReader(handle):
                if link["keputusan"] == "baru":
                    person = who[int(link["baris"]) - 1]
                    ids.setdefault(person, set()).add(int(link["id_warga"]))
    return ids


def _timed(ask: Callable[[Any], list[int]], questions: Iterable[tuple[Any, set[int]]]) -> Any:
    """Milliseconds and the place (from 0, -1 for nowhere) of the right person, per question."""
    took, places = [], []
    for question, right in questions:
        began = time.perf_counter()
        found = ask(question)
        took.append((time.perf_counter() - began) * 1000)
        places.append(next((at for at, pk in enumerate(found) if pk in right), -1))
    return np.asarray(took[WARM:]), np.asarray(places[WARM:]), took[0]


def _summary(took: Any, places: Any, first: float) -> dict[str, Any]:
    return {
        "asked": len(took),
        "first_ms": round(first, 1),
        "median_ms": round(float(np.median(took)), 2),
        "p95_ms": round(float(np.percentile(took, 95)), 2),
        "first_place": float((places == 0).mean()),
        "first_ten": float(((places >= 0) & (places < FIRST_TEN)).mean()),
    }


def intake(*, work: str, city: str, place: str) -> dict[str, Any]:
    """Rows of lists, one by one, as if each person came to a desk with these facts."""
    django.setup()
    from entas.registry.queries.candidates import candidates

    ids, results = _ids(place, city), {}
    for source in ("dtsen", "cek-60k"):
        rows, who = kept(Path(work) / f"{source}.rows"), persons_of(work, source)
        known = [at for at in range(len(rows)) if int(who[at]) in ids and rows[at].nama]
        chosen = Random(SEED).sample(known, min(ASKED + WARM, len(known)))  # noqa: S311
        asked = ((rows[at], ids[int(who[at])]) for at in chosen)
        results[source] = _summary(
            *_timed(lambda row: [c.person_id for c in candidates(row)], asked)
        )
    return results


def typed_names(*, work: str, city: str, place: str) -> dict[str, Any]:  # noqa: ARG001 - as intake
    """Names typed with an error, alone and with what a clerk types beside them."""
    django.setup()
    from entas.registry.queries.finding import find

    ids, rnd = _ids(place, city), Random(SEED)  # noqa: S311 - a sample, no secret
    people = _sample(Path(city) / "truth" / "persons.csv", ids, rnd)
    results = {}
    for name, hints in _HINTS.items():
        asked = ((f"{_mistyped(who['name'], rnd)} {hints(who)}", ids[int(who["person"])])
                 for who in people)  # fmt: skip
        found = _timed(lambda text: [one.person.pk for one in find(text)], asked)
        results[name] = _summary(*found)
    results["name_only"]["shared_by_more_than_ten"] = _shared(people)
    return results


def _shared(people: list[dict[str, str]]) -> float:
    """Share of the people whose name, by sound, more than ten in the registry bear: a name
    alone leads to ten of them, and nothing typed says which.
    """
    from entas.analytics.normalise.names import parse_name
    from entas.registry.models import Person

    def sound(name: str) -> tuple[str, ...]:
        return tuple(sorted(parse_name(name).sound))

    bearers = Counter(sound(name) for name in Person.objects.values_list("name", flat=True))
    return sum(bearers[sound(who["name"])] > FIRST_TEN for who in people) / max(len(people), 1)


def _sample(path: Path, ids: dict[int, set[int]], rnd: Random) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        known = [row for row in csv.DictReader(handle) if int(row["person"]) in ids]
    return rnd.sample(known, min(ASKED + WARM, len(known)))


def _mistyped(name: str, rnd: Random) -> str:
    """One slip of the fingers, or the name as another ear would write it."""
    slip = spoil.typed if rnd.random() < 0.5 else spoil.heard  # noqa: PLR2004 - half and half
    return slip(name, rnd)


def _date(who: dict[str, str]) -> str:
    return "-".join(reversed(who["dob"].split("-")))


_HINTS: dict[str, Callable[[dict[str, str]], str]] = {
    "name_and_birth_date": _date,
    "name_year_rt": lambda who: f"{who['dob'][:4]} RT {who['rt']}",
    "name_only": lambda _: "",
}
