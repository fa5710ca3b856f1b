"""Persons as they are shown: what is known of each, and where it comes from."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from entas import custody
from entas.city.policies import Scope
from entas.city.resolver import AreaResolver
from entas.registry import states
from entas.registry.models import (
    Duplicate,
    Family,
    Link,
    Membership,
    Person,
    Proposal,
    ReviewDecision,
    TransferRequest,
)
from entas.registry.queries.origins import Line, Origin, Origins
from entas.sources.masking import as_dots, mask_number

# The order in which an officer reads a person.
SHOWN_FIELDS = (
    "name", "nik", "birth", "birth_place", "sex", "mother_name", "role", "alive", "kelurahan", "rt",
)  # fmt: skip
_ROLE_ORDER = {word: place for place, (word, _) in enumerate(states.ROLE_CHOICES)}


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a person and what told it; numbers masked, "" where nothing is known."""

    field: str
    value: Any
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody who may be the same person; ``name`` and ``person_id`` only inside the area."""

    person_id: int
    name: str
    kelurahan_name: str
    probability: float


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """A correction nobody has decided."""

    id: int
    person_id: int
    field: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class WaitingTransfer:
    """A request to register the person in another kelurahan that nobody has decided."""

    id: int
    to_name: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """A person in a family for a time.

    Attributes:
        kk: the card, masked.
        to_on: the last day known, or the day another membership began; None for today.
        list_name: the list that told it.
    """

    family_id: int
    kk: str
    role: str
    from_on: dt.date
    to_on: dt.date | None
    list_name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One person with everything a page tells of him or her.

    Attributes:
        nik: masked; "" where there is none.
        age: whole years on the day asked for; None where no birth is known.
        is_age_rough: only the year of birth is known.
        absorbed: numbers of those who were merged into this person.
    """

    id: int
    name: str
    nik: str
    birth_on: dt.date | None
    birth_year: int | None
    age: int | None
    is_age_rough: bool
    sex: str
    role: str
    alive: str
    state: str
    family_id: int | None
    kelurahan: int | None
    kelurahan_name: str
    rt: int | None
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    stays: tuple[Stay, ...]
    suspects: tuple[Suspect, ...]
    waiting: tuple[WaitingProposal, ...]
    transfers: tuple[WaitingTransfer, ...]
    absorbed: tuple[int, ...]


def masked(numbers: Sequence[Any], context: str) -> list[str]:
    """Sealed numbers with their last two digits showing; "" where there is none.

    Raises:
        entas.custody.SealBroken: they cannot be opened with the keys at hand.
    """
    plain = custody.unseal_many([bytes(one) if one else None for one in numbers], context=context)
    return [dotted(one.decode()) if one else "" for one in plain]


def dotted(number: str) -> str:
    """A NIK or KK as screens show it: ``••••••••••••••12``."""
    return as_dots(mask_number(number))


def age_on(person: Person, day: dt.date) -> int | None:
    """Whole years on that day, by the year alone where only the year is known.

    None where neither is known, or the birth lies ahead.
    """
    born, year = person.birth_on, person.birth_year
    if born is not None:
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    elif year:
        age = day.year - year
    else:
        return None
    return age if age >= 0 else None


def in_reading_order(persons: Iterable[Person]) -> list[Person]:
    """The head first, then by place in the family and age."""
    last = dt.date.max

    def place(person: Person) -> tuple[int, dt.date, int]:
        role = _ROLE_ORDER.get(person.role, len(_ROLE_ORDER))
        return role, person.birth_on or last, person.pk

    return sorted(persons, key=place)


def members_of(
    persons: Sequence[Person], *, scope: Scope, areas: AreaResolver, on: dt.date
) -> list[Member]:
    """Tell everything of these persons, in as many questions as for one of them.

    The caller shows persons' data: it records the looks.

    Args:
        persons: with ``family`` selected; all of them in the actor's reach.
        scope: where the actor may look; others are named by their kelurahan only.
        areas: names of kelurahan.
        on: the day on which ages are told.
    """
    reader = _Reader.of(persons, scope, areas)
    return [reader.member(person, on) for person in persons]


@dataclass(slots=True)
class _Reader:
    areas: AreaResolver
    niks: Mapping[int, str]
    origins: Origins
    links: Mapping[int, list[Link]]
    said: frozenset[tuple[int, int, int]]
    stays: Mapping[int, list[Membership]]
    cards: Mapping[int, str]
    suspects: Mapping[int, list[Suspect]]
    waiting: Mapping[int, list[WaitingProposal]]
    transfers: Mapping[int, list[WaitingTransfer]]
    absorbed: Mapping[int, list[int]]

    @classmethod
    def of(cls, persons: Sequence[Person], scope: Scope, areas: AreaResolver) -> "_Reader":
        ids = [person.pk for person in persons]
        links = list(Link.objects.filter(person__in=ids, decision__in=states.LINKED).order_by("pk"))
        stays = list(
            Membership.objects.filter(person__in=ids)
            .select_related("family", "delivery__source")
            .order_by("from_on", "pk")
        )
        absorbed = _absorbed(ids)
        return cls(
            areas,
            dict(zip(ids, masked([one.nik_sealed for one in persons], "person.nik"), strict=True)),
            Origins.of(persons, links),
            _by_person(links),
            _said(ids),
            _by_person(stays),
            _cards([one.family for one in stays]),
            _suspects(ids, scope, areas),
            _waiting(ids, absorbed),
            _transfers(ids, areas),
            absorbed,
        )

    def member(self, person: Person, on: dt.date) -> Member:
        facts = tuple(self._fact(person, field) for field in SHOWN_FIELDS)
        return Member(
            id=person.pk,
            name=person.name,
            nik=self.niks[person.pk],
            birth_on=person.birth_on,
            birth_year=person.birth_year,
            age=age_on(person, on),
            is_age_rough=person.birth_on is None and bool(person.birth_year),
            sex=person.sex,
            role=person.role,
            alive=person.alive,
            state=person.state,
            family_id=person.family_id,
            kelurahan=person.kelurahan,
            kelurahan_name=self.areas.name(person.kelurahan),
            rt=person.rt,
            facts=facts,
            lines=tuple(self._line(link) for link in self.links.get(person.pk, ())),
            stays=tuple(self._stays(person)),
            suspects=tuple(self.suspects.get(person.pk, ())),
            waiting=tuple(self.waiting.get(person.pk, ())),
            transfers=tuple(self.transfers.get(person.pk, ())),
            absorbed=tuple(self.absorbed.get(person.pk, ())),
        )

    def _fact(self, person: Person, field: str) -> Fact:
        value = shown_value(person, field, nik=self.niks[person.pk], areas=self.areas)
        is_known = value not in ("", None)
        return Fact(field, value, self.origins.of_field(person, field) if is_known else None)

    def _line(self, link: Link) -> Line:
        word = (link.delivery_id, link.row, int(link.person_id or 0))
        return self.origins.line(link, is_by_people=word in self.said)

    def _stays(self, person: Person) -> Iterable[Stay]:
        own = self.stays.get(person.pk, [])
        here = [one for one in own if one.family_id == person.family_id]
        for one, then in zip(own, [*own[1:], None], strict=True):
            is_current = bool(here) and one is here[-1] and person.state == states.ACTIVE
            ends = one.to_on or (then.from_on if then is not None and not is_current else None)
            yield Stay(
                family_id=one.family_id,
                kk=self.cards.get(one.family_id, ""),
                role=one.role,
                from_on=one.from_on,
                to_on=ends,
                list_name=one.delivery.source.name if one.delivery else "",
                is_current=is_current,
            )


def shown_value(person: Person, field: str, *, nik: str, areas: AreaResolver) -> Any:
    """A field's value as screens show it; "" where nothing is known.

    Args:
        person: whose.
        field: one of ``SHOWN_FIELDS``.
        nik: the masked number.
        areas: names of kelurahan.
    """
    if field == "nik":
        return nik
    if field == "birth":
        return person.birth_on or person.birth_year or ""
    if field == "kelurahan":
        return areas.name(person.kelurahan)
    if field == "rt":
        return person.rt or ""
    return getattr(person, field)


def _by_person(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _said(ids: Sequence[int]) -> frozenset[tuple[int, int, int]]:
    rows = ReviewDecision.objects.filter(person__in=ids, same=True, withdrawn=False)
    return frozenset(rows.values_list("delivery_id", "row", "person_id"))


def _cards(families: Iterable[Family]) -> dict[int, str]:
    held = {one.pk: one.kk_sealed for one in families}
    return dict(zip(held, masked(list(held.values()), "family.kk"), strict=True))


def _absorbed(ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = Person.objects.filter(merged_into__in=ids, state=states.MERGED).order_by("pk")
    for pk, into in rows.values_list("pk", "merged_into_id"):
        found[int(into or 0)].append(pk)
    return found


def _suspects(ids: Sequence[int], scope: Scope, areas: AreaResolver) -> dict[int, list[Suspect]]:
    found: dict[int, list[Suspect]] = defaultdict(list)
    pairs = Duplicate.objects.filter(
        Q(first__in=ids) | Q(second__in=ids),
        state=states.SUSPECTED,
        first__state=states.ACTIVE,
        second__state=states.ACTIVE,
    )
    for pair in pairs.select_related("first", "second").order_by("-probability", "pk"):
        for own, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if own.pk in ids:
                found[own.pk].append(_suspect(other, pair.probability, scope, areas))
    return found


def _suspect(other: Person, chance: float, scope: Scope, areas: AreaResolver) -> Suspect:
    place = areas.name(other.kelurahan)
    if scope.covers(other.kelurahan):
        return Suspect(other.pk, other.name, place, chance)
    return Suspect(0, "", place, chance)


def _waiting(
    ids: Sequence[int], absorbed: Mapping[int, list[int]]
) -> dict[int, list[WaitingProposal]]:
    """Open proposals of the persons, those about the persons merged into them included."""
    whose = {pk: pk for pk in ids}
    whose |= {gone: pk for pk, several in absorbed.items() for gone in several}
    found: dict[int, list[WaitingProposal]] = defaultdict(list)
    rows = Proposal.objects.filter(person__in=list(whose), state=states.PROPOSED).order_by("pk")
    for pk, person, field, by, at in rows.values_list("pk", "person_id", "field", "by", "at"):
        found[whose[person]].append(WaitingProposal(pk, whose[person], field, by, at))
    return found


def _transfers(ids: Sequence[int], areas: AreaResolver) -> dict[int, list[WaitingTransfer]]:
    found: dict[int, list[WaitingTransfer]] = defaultdict(list)
    rows = TransferRequest.objects.filter(person__in=ids, state=states.ASKED).order_by("pk")
    for one in rows.defer("body_sealed", "answer_sealed"):
        waiting = WaitingTransfer(one.pk, areas.name(one.to_kelurahan), one.by, one.at)
        found[one.person_id].append(waiting)
    return found
