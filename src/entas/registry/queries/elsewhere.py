"""Somebody whose exact identity was typed and who is registered in another area.

So that nobody registers a mover twice, an officer learns that the person is registered and in
which kelurahan, and nothing else.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from entas import custody
from entas.analytics.linkage.keys import name_book
from entas.analytics.linkage.single import ReadyRegister
from entas.analytics.normalise.names import Name
from entas.city.policies import Scope
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.models import Person
from entas.registry.queries.finding import area_name
from entas.registry.queries.question import Question, parse_question, readings
from entas.registry.queries.ready import standing

_HEAD = "kepala"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A person of another area. Only the kelurahan may be shown; ``person_id`` stays here."""

    person_id: int
    kelurahan: int | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Where the one person lives whose exact identity was typed.

    Attributes:
        is_here: within the area that was asked about.
        elsewhere: who it is otherwise; None where nobody of this identity is registered.
    """

    is_here: bool = False
    elsewhere: Elsewhere | None = None


def identity(text: str, *, within: Scope) -> Identity | None:
    """Where the person lives who was named exactly: by NIK or KK, or by name and birth date.

    A name and a birth date name somebody exactly when one active person of the city bears the
    whole name, by sound and in any order, and was born that day.

    Args:
        text: as typed.
        within: the area of who asks.

    Returns:
        None when what was typed is no exact identity.
    """
    question = parse_question(text)
    if question.number:
        return _by_number(question.number, within)
    year = question.birth // 10_000
    if not question.birth % 100 or not dt.MINYEAR <= year <= dt.MAXYEAR:
        return None
    if not question.name.strip():
        return None
    return _by_name(question, within)


def transfer_hint(kelurahan: int | None) -> str:
    """The one sentence about somebody registered in another area."""
    if kelurahan is None:
        return "Terdaftar, tetapi kelurahannya belum diketahui: hubungi penanggung jawab data kota."
    return f"Terdaftar di Kelurahan {area_name(kelurahan)}: ajukan permohonan pindah."


def _by_number(number: str, within: Scope) -> Identity:
    active = Person.objects.filter(state=states.ACTIVE)
    nik = active.filter(nik_hash=custody.blind_index(number, purpose="nik"))
    card = active.filter(family__kk_hash=custody.blind_index(number, purpose="kk"))
    found = []
    for people in (nik, card):
        rows = list(people.order_by("pk").values_list("pk", "kelurahan", "role")[:100])
        # Of a family its head stands for the others.
        rows.sort(key=lambda row: row[2] != _HEAD)
        found += rows
    return _where([(pk, kelurahan) for pk, kelurahan, _ in found], within)


def _by_name(question: Question, within: Scope) -> Identity:
    ready = standing().register
    rows: set[int] = set()
    if len(ready.persons):
        for reading in readings(question.name, area_resolver().kelurahan):
            rows |= _bearers(reading.name, reading.kelurahan, question, ready)
    places = np.asarray(sorted(rows), np.int64)
    people = Person.objects.filter(
        pk__in=ready.persons[places].tolist(),
        state=states.ACTIVE,
        birth_on__year=question.birth // 10_000,
    )
    held = list(people.order_by("pk").values_list("pk", "kelurahan"))
    # Suspected duplicates are one human being; of two others nobody knows who is meant.
    kept = ready.rows_of([pk for pk, _ in held])
    humans = {int(ready.index.same_person[row]) for row in kept.values()}
    if len(humans) > 1 and not any(within.covers(kelurahan) for _, kelurahan in held):
        return Identity()
    return _where(held, within)


def _bearers(name: Name, kelurahan: int, question: Question, ready: ReadyRegister) -> set[int]:
    table = ready.index.table
    rows = ready.nearby.named(name_book([" ".join(name.sound)]), 0)
    fits = table.birth[rows] == question.birth
    # An RT beside the name narrows nothing here: by trying one after the other, anybody could
    # learn in which RT of another kelurahan the person lives.
    if kelurahan:
        fits &= table.kel_group[rows] == area_resolver().parent_group(kelurahan)
    return set(rows[fits].tolist())


def _where(people: list[tuple[int, int | None]], within: Scope) -> Identity:
    if any(within.covers(kelurahan) for _, kelurahan in people):
        return Identity(is_here=True)
    return Identity(elsewhere=Elsewhere(*people[0]) if people else None)
