"""Which value of a person stands: the best source's, and what nobody better has told.

A row that was linked to somebody already known may fill what is missing, or replace what
came from a lower-ranked source (or an older list of the same one). Every change is
logged, and the field remembers the line it came from. Running it twice changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from entas import custody
from entas.city.queries import area_resolver
from entas.history import bulk_update_with_history
from entas.registry import states
from entas.registry.keys import KeyColumns, add_row
from entas.registry.models import Link, Person, PersonKey, RegistryHistory, Run
from entas.registry.services.founding import KEY_COLUMNS, key_rows, small
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from entas.sources.queries import accepted_rows
from entas.tables import bulk_update

# Field of a person -> field of a row, for values that are taken as they are.
FIELDS = {
    "name": "nama",
    "nik": "nik",
    "birth": "lahir",
    "birth_place": "tempat_lahir",
    "sex": "sex",
    "mother_name": "nama_ibu",
    "alive": "status",
}
COLUMNS = (
    "name",
    "nik_sealed",
    "nik_hash",
    "birth_on",
    "birth_year",
    "birth_place",
    "sex",
    "mother_name",
    "alive",
    "origin_more",
)
_LIMITS = {"name": 200, "birth_place": 100, "mother_name": 200}
_KEYED = {"name", "nik", "birth", "sex", "mother_name"}
_CHUNK = 2_000

Linked = tuple[int, int, ParsedRow]


def apply_run(*, run: Run) -> int:
    """Let the rows linked in this run tell what they know of persons known before.

    Returns:
        How many persons changed.
    """
    changed = 0
    links = Link.objects.filter(run=run, decision=states.SURE)
    deliveries = links.order_by("delivery_id").values_list("delivery_id", flat=True).distinct()
    for delivery in Delivery.objects.filter(pk__in=list(deliveries)).order_by("as_of", "pk"):
        standing = _Standing.of(delivery)
        for part in _parts(_linked_rows(delivery, run), _CHUNK):
            changed += _apply(standing, part, run)
    return changed


def _parts(rows: Iterator[Linked], size: int) -> Iterator[list[Linked]]:
    while part := list(islice(rows, size)):
        yield part


def _linked_rows(delivery: Delivery, run: Run) -> Iterator[Linked]:
    person_of = dict(
        Link.objects.filter(run=run, delivery=delivery, decision=states.SURE)
        .values_list("row", "person_id")
        .iterator()
    )
    for number, row in accepted_rows(delivery):
        person = person_of.get(number)
        if person is not None:
            yield number, person, row


def _apply(standing: "_Standing", part: Sequence[Linked], run: Run) -> int:
    people = Person.objects.filter(state=states.ACTIVE).in_bulk([person for _, person, _ in part])
    # By person: people may have decided that two rows are one person's.
    rows: dict[int, tuple[Any, ...]] = {}
    keyed: set[int] = set()
    given: set[str] = set()
    for number, pk, row in part:
        person = people.get(pk)
        if person is None:
            continue
        told = {
            field: value
            for field, source in FIELDS.items()
            if (value := getattr(row, source)) and _stands_back(person, field, value, standing)
        }
        if told.get("nik") in given:
            # A number that stands on two rows of one list is nobody's yet.
            del told["nik"]
        if not told:
            continue
        given.update(value for field, value in told.items() if field == "nik")
        _set(person, told, standing.delivery, number)
        rows[pk] = (pk, *(getattr(person, column) for column in COLUMNS))
        if _KEYED & told.keys():
            keyed.add(pk)
    if rows:
        bulk_update_with_history(
            Person, COLUMNS, rows.values(), history=RegistryHistory, act_id=run.act_id
        )
        rekey(sorted(keyed))
    return len(rows)


def _stands_back(person: Person, field: str, value: Any, standing: "_Standing") -> bool:
    """Whether the person's present value gives way to this one."""
    present = _present(person, field)
    if present in (None, ""):
        # A NIK that is somebody's already is a question for people, not a gap to fill.
        return field != "nik" or not _is_borne(value)
    if field == "nik" or present == value:
        return False
    return standing.outranks(_supplier(person, field), field)


def _present(person: Person, field: str) -> Any:
    if field == "nik":
        return person.nik_hash
    return getattr(person, "birth_on" if field == "birth" else field)


def _is_borne(nik: str) -> bool:
    standing = Person.objects.exclude(state=states.WITHDRAWN)
    return standing.filter(nik_hash=custody.blind_index(nik, purpose="nik")).exists()


def _supplier(person: Person, field: str) -> int | None:
    more = person.origin_more or {}
    return more[field][0] if field in more else person.origin_delivery_id


@dataclass(slots=True)
class _Standing:
    """One delivery's standing against those whose values are there already."""

    delivery: Delivery
    suppliers: dict[int, Delivery]

    @classmethod
    def of(cls, delivery: Delivery) -> "_Standing":
        known = Delivery.objects.select_related("source")
        return cls(known.get(pk=delivery.pk), {row.pk: row for row in known})

    def outranks(self, supplier: int | None, field: str) -> bool:
        """A better source for this field, or the same source on a later day."""
        other = self.suppliers.get(supplier) if supplier is not None else None
        if other is None:
            # Nobody's, or a correction people decided on: no list overrules people.
            return False
        ours = self.delivery.source.rank(FIELDS[field])
        theirs = other.source.rank(FIELDS[field])
        return ours < theirs or (ours == theirs and self.delivery.as_of > other.as_of)


def _set(person: Person, told: dict[str, Any], delivery: Delivery, number: int) -> None:
    for field, value in told.items():
        put_value(person, field, value)
    more = dict(person.origin_more or {})
    person.origin_more = more | {field: [delivery.pk, number] for field in told}


def put_value(person: Person, field: str, value: Any) -> None:
    """Set one field of ``FIELDS`` on a person, not saved; None empties it."""
    if field == "nik":
        person.nik_sealed = custody.seal(value.encode(), context="person.nik") if value else None
        person.nik_hash = custody.blind_index(value, purpose="nik") if value else None
    elif field == "birth":
        person.birth_on, person.birth_year = value, value.year if value else None
    elif field == "alive":
        person.alive = value or states.LIVING
    else:
        setattr(person, field, (value or "")[: _LIMITS.get(field, 1)])


def rekey(persons: Sequence[int], *, addresses: Mapping[int, str] | None = None) -> None:
    """Make the comparable keys of these persons anew from what is known of them.

    Args:
        persons: whose keys.
        addresses: written address of those who moved; the others keep street and house.
    """
    if not persons:
        return
    columns, moved = KeyColumns(), addresses or {}
    group = area_resolver().parent_group
    people = list(Person.objects.filter(pk__in=persons).select_related("family").order_by("pk"))
    niks = _opened([person.nik_sealed for person in people], "person.nik")
    cards = _opened([one.family.kk_sealed if one.family else None for one in people], "family.kk")
    for person, nik, kk in zip(people, niks, cards, strict=True):
        add_row(columns, _as_row(person, nik, kk, moved.get(person.pk)), group)
    table = columns.table()
    table.family = np.asarray([person.family_id or -1 for person in people], np.int32)
    stored = PersonKey.objects.filter(person__in=persons).values_list(
        "person_id", "street", "house"
    )
    place_of = {person.pk: place for place, person in enumerate(people)}
    for pk, street, house in stored:
        if pk not in moved:
            # Street and house stay as first keyed: the dwelling did not move.
            table.street[place_of[pk]], table.house[place_of[pk]] = street, house
    pks = list(place_of)
    made = key_rows(table, np.asarray(pks, np.int64), None)
    bulk_update(PersonKey, "person", KEY_COLUMNS[1:-1], (row[:-1] for row in made))


def _opened(sealed: Sequence[Any], context: str) -> list[str | None]:
    plain = custody.unseal_many([bytes(one) if one else None for one in sealed], context=context)
    return [one.decode() if one else None for one in plain]


def _as_row(person: Person, nik: str | None, kk: str | None, address: str | None) -> ParsedRow:
    return ParsedRow(
        nama=person.name,
        nik=nik,
        kk=kk,
        lahir=person.birth_on,
        lahir_tahun=person.birth_year,
        sex=person.sex or None,
        nama_ibu=person.mother_name or None,
        alamat=address,
        rt=small(person.rt),
        kelurahan=person.kelurahan,
        hubungan=person.role or None,
        status=person.alive,
    )
