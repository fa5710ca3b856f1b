"""Find a person by what a clerk types: a NIK, a KK, a name as it was heard."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from entas import custody
from entas.analytics.linkage.hints import Hints, hint_bits, hinted
from entas.analytics.linkage.likeness import name_bits
from entas.analytics.linkage.single import Inhabitants, ReadyRegister
from entas.analytics.normalise.names import Name, parse_name
from entas.city.policies import Scope
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.models import Person
from entas.registry.queries.question import Question, Reading, parse_question, readings
from entas.registry.queries.ready import active, standing

MOST_RESULTS = 20
_SIMILAR_NAMES = 120
# Persons whose spelling is looked at, and how far behind the twentieth they may lie.
_MOST_READ, _BEHIND_BITS = 300, 4.0
# A letter that sounds alike and is written otherwise.
_SPELT_BITS, _MOST_SPELT = 0.5, 4
# Reading the last word as a kelurahan needs a little more belief than reading a name.
_PLACE_BITS = 1.0
_FAR_BITS = 40.0


@dataclass(frozen=True, slots=True)
class Found:
    """A person found; ``likeness`` between 0 and 1."""

    person: Person
    likeness: float


def find(text: str, *, within: Scope | None = None, most: int = MOST_RESULTS) -> list[Found]:
    """Active persons that fit what was typed, best first.

    Sixteen digits are looked up as NIK and as KK by keyed hash. Words are compared by
    sound, in any order, and may be mistyped, joined, parted, cut short or left out; a
    birth date or year, an RT and a kelurahan beside the name decide among namesakes.

    Args:
        text: as typed.
        within: where the persons must live, as if nobody else were registered; the whole city
            without it. Whose kelurahan is not known is found in the whole city only.
        most: longest answer.
    """
    within = None if within is None or within.is_city else within
    if within is not None and within.is_empty:
        return []
    number = parse_question(text).number
    if number:
        return _by_number(number, within)
    return ranked(text, standing().register, within=within, most=most)


def ranked(
    text: str, ready: ReadyRegister, *, within: Scope | None, most: int = MOST_RESULTS
) -> list[Found]:
    """As ``find``, for the words of a name and a register at hand.

    Args:
        text: as typed.
        ready: where the persons stand.
        within: some kelurahan, None for the whole register.
        most: longest answer.
    """
    question = parse_question(text)
    read = readings(question.name, area_resolver().kelurahan)
    if not read or not len(ready.persons):
        return []
    here = ready.inhabitants(within.kelurahan) if within is not None else None
    bits: dict[int, tuple[float, Reading]] = {}
    for reading in read:
        rows, costs = _fitting(reading, question, ready, here)
        for row, cost in zip(rows.tolist(), costs.tolist(), strict=True):
            if row not in bits or cost < bits[row][0]:
                bits[row] = (cost, reading)
    return _as_spelt(bits, ready, within, most)


def _by_number(number: str, within: Scope | None) -> list[Found]:
    nik = custody.blind_index(number, purpose="nik")
    kk = custody.blind_index(number, purpose="kk")
    active = Person.objects.filter(state=states.ACTIVE).select_related("family").order_by("pk")
    if within is not None:
        active = active.filter(within.filter("kelurahan"))
    same = list(active.filter(nik_hash=nik)[:MOST_RESULTS])
    family = list(active.filter(family__kk_hash=kk)[:MOST_RESULTS])
    # A number that is somebody's NIK and the card of the same family names its bearer once.
    people = {person.pk: person for person in [*same, *family]}
    return [Found(person, 1.0) for person in people.values()]


def _fitting(
    reading: Reading, question: Question, ready: ReadyRegister, here: Inhabitants | None
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Register rows that may be meant, and the bits each needs to be explained away."""
    table, words = ready.index.table, ready.words
    group = area_resolver().parent_group(reading.kelurahan) if reading.kelurahan else 0
    hints = Hints(question.birth, question.year, question.rt, group)
    typed = words.typed(reading.name.sound, written=reading.name.plain)
    gains = words.gains(typed)
    known = None if here is None else words.promising(gains, among=here.names)
    names = words.best_names(typed, gains, among=known, most=_SIMILAR_NAMES)
    pointed = hinted(hints, ready.nearby)
    if here is not None:
        pointed = pointed[here.among(table, pointed)]
    by_hint = table.name[pointed]
    by_hint = np.unique(by_hint[(by_hint >= 0)])
    names = np.union1d(names, words.best_names(typed, gains, among=by_hint, most=_SIMILAR_NAMES))
    costs = np.asarray([name_bits(typed, words.of_name[at].tolist(), words) for at in names])
    every, many = ready.nearby.bearers(names)
    bits = np.repeat(costs, many).astype(np.float32)
    if here is not None:
        living = here.among(table, every)
        every, bits = every[living], bits[living]
    bits += hint_bits(hints, table, every)
    bits += _PLACE_BITS * (reading.kelurahan > 0)
    near = np.flatnonzero(bits <= _limit(bits))
    return every[near], bits[near]


def _limit(bits: NDArray[np.float32]) -> float:
    if len(bits) <= MOST_RESULTS:
        return np.inf
    return float(np.partition(bits, MOST_RESULTS)[MOST_RESULTS]) + _BEHIND_BITS


def _as_spelt(
    bits: dict[int, tuple[float, Reading]], ready: ReadyRegister, within: Scope | None, most: int
) -> list[Found]:
    """The best of them in the order of sound, hints and spelling; the living first among equals."""
    best = sorted(bits, key=lambda row: (bits[row][0], row))[: max(_MOST_READ, most)]
    asked = {int(ready.persons[row]): bits[row] for row in best}
    ranked = []
    for pk, (name, alive, place) in active(list(asked)).items():
        if within is not None and not within.covers(place):
            # Moved away since the register was counted.
            continue
        cost, reading = asked[pk]
        cost += _spelling_bits(reading.name, parse_name(name))
        ranked.append((cost, alive != states.LIVING, pk))
    ranked.sort()
    chosen = ranked[:most]
    people = Person.objects.select_related("family").in_bulk([pk for _, _, pk in chosen])
    return [
        Found(people[pk], round(max(0.0, 1 - cost / _FAR_BITS), 3))
        for cost, _, pk in chosen
        if pk in people
    ]


def _spelling_bits(typed: Name, theirs: Name) -> float:
    one, other = ("".join(sorted(name.plain)) for name in (typed, theirs))
    as_written = OSA.distance("".join(typed.plain), "".join(theirs.plain))
    return _SPELT_BITS * min(as_written, OSA.distance(one, other), _MOST_SPELT)


def area_name(number: int | None) -> str:
    """Name of a kelurahan, "" when it is not known."""
    return area_resolver().name(number)


def born(day: date | None, year: int | None) -> str:
    """A birth date as yyyy-mm-dd, or the year alone."""
    return day.isoformat() if day else str(year or "")
