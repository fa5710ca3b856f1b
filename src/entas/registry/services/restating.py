"""What stands of a person after lines came to it or left it.

Every value of a person names the delivered line that told it. When that line stands no more
(its list was withdrawn, a human took the link away, a merge was taken back), the value
falls back to what the best of the remaining lines says. A person that no line speaks for
any more is withdrawn, never deleted. Doing it twice changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction

from entas import custody
from entas.history import bulk_update_with_history
from entas.jobs.services import Progress, no_progress
from entas.registry import states
from entas.registry.models import Link, Person, RegistryHistory, Run
from entas.registry.services.founding import small
from entas.registry.services.homes import join_families
from entas.registry.services.survivorship import COLUMNS, FIELDS, put_value, rekey
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from entas.sources.queries import accepted_columns
from entas.tables import fetch

# Persons whose lines are read together: one pass over each list for so many persons.
_SLICE = 100_000
_CHUNK = 2_000
_COLUMNS = (
    *COLUMNS,
    "family_id",
    "role",
    "kelurahan",
    "rt",
    "origin_delivery_id",
    "origin_row",
)
# Where a value stands that people decided on: no list takes it away.
PROPOSED_ORIGIN, TRANSFER_ORIGIN = states.PROPOSED_ORIGIN, states.TRANSFER_ORIGIN
_PEOPLES_WORD = frozenset({PROPOSED_ORIGIN, TRANSFER_ORIGIN})

# A line of a list: (import, row).
Line = tuple[int, int]


@dataclass(slots=True)
class Settled:
    """How many persons were withdrawn for want of any line, and how many changed."""

    withdrawn: int = 0
    changed: int = 0


@dataclass(slots=True)
class _Case:
    """One person with the lines that stand, best first, and what they say."""

    person: Person
    lines: list[Line]
    told: Mapping[Line, ParsedRow]
    is_moved: bool = False

    @property
    def was_transferred(self) -> bool:
        """People moved the person to another kelurahan: no list says where he or she lives."""
        origin = (self.person.origin_more or {}).get("kelurahan") or [None]
        return bool(origin[0] == TRANSFER_ORIGIN)

    @property
    def rows(self) -> Iterator[tuple[Line, ParsedRow]]:
        return ((line, self.told[line]) for line in self.lines if line in self.told)


def settle(
    *, persons: Sequence[int], run: Run, learn: bool = False, progress: Progress = no_progress
) -> Settled:
    """Let persons hold what their standing lines say, in short transactions.

    Args:
        persons: numbers of persons whose lines changed.
        run: whose act the log names. A single act hands in an unsaved ``Run``.
        learn: also take what a better-ranked line says, and fill what is missing;
            otherwise only values that lost their line change.
        progress: told how many persons are done.
    """
    done = Settled()
    for at in range(0, len(persons), _SLICE):
        progress(at, len(persons), "memeriksa warga")
        concerned = _concerned(persons[at : at + _SLICE], learn=learn)
        done.withdrawn += _withdraw(concerned.alone, run)
        if concerned.lines:
            done.changed += _restate(concerned.lines, _Rules.of(concerned.lines, learn=learn), run)
    progress(len(persons), len(persons), "memeriksa warga")
    return done


def close_questions(*, run: Run) -> int:
    """Stop asking whether a line is a person's who was withdrawn.

    Suspected pairs need no closing: they are asked about only while both persons are active.

    Returns:
        How many questions fell.
    """
    rows = Link.objects.filter(
        decision=states.REVIEW, withdrawn=False, candidate__state=states.WITHDRAWN
    )
    unasked = ((pk, states.NOT_FOUND) for pk in fetch(rows, "id")["id"])
    return bulk_update_with_history(
        Link, ("decision",), unasked, history=RegistryHistory, act_id=run.act_id
    )


def standing_lines(persons: Sequence[int]) -> dict[int, list[Line]]:
    """The lines that speak for each of these persons; no entry for a person without any."""
    links = Link.objects.filter(withdrawn=False, decision__in=states.LINKED)
    found: dict[int, list[Line]] = {}
    for some in _among(links, "person", persons):
        held = fetch(some, "person_id", "delivery_id", "row")
        for person, *line in zip(*held.values(), strict=True):
            found.setdefault(person, []).append((line[0], line[1]))
    return found


def _among(rows: Any, column: str, numbers: Sequence[int]) -> Iterator[Any]:
    """The rows whose column holds one of the numbers, in questions of bearable length."""
    for at in range(0, len(numbers), _CHUNK):
        yield rows.filter(**{f"{column}__in": list(numbers[at : at + _CHUNK])})


@dataclass(slots=True)
class _Concerned:
    """Persons something changes for: those left without a line, and the lines of the others."""

    alone: list[int]
    lines: dict[int, list[Line]]


def _concerned(persons: Sequence[int], *, learn: bool) -> _Concerned:
    lines = standing_lines(persons)
    out = _Concerned([], {})
    active = Person.objects.filter(state=states.ACTIVE)
    for some in _among(active, "pk", persons):
        held = fetch(some, "id", "origin_delivery_id", "origin_row", "origin_more")
        for pk, delivery, row, more in zip(*held.values(), strict=True):
            own = lines.get(pk, [])
            # A person that a human opened names no list, and needs none.
            if not own and delivery is not None:
                out.alone.append(pk)
            elif own and (learn or _has_lost((delivery, row), more or {}, set(own))):
                out.lines[pk] = own
    return out


def _has_lost(base: tuple[Any, Any], more: Mapping[str, Sequence[Any]], own: set[Line]) -> bool:
    told = [tuple(line) for line in more.values() if line[0] not in _PEOPLES_WORD]
    return any(line not in own for line in (base, *told) if line[0] is not None)


def _withdraw(persons: Sequence[int], run: Run) -> int:
    rows = ((pk, states.WITHDRAWN) for pk in persons)
    return bulk_update_with_history(
        Person, ("state",), rows, history=RegistryHistory, act_id=run.act_id, chunk=_CHUNK * 4
    )


def _restate(lines: Mapping[int, list[Line]], rules: "_Rules", run: Run) -> int:
    told = _read(lines)
    changed = 0
    for some in _chunks(sorted(lines), _CHUNK):
        people = Person.objects.select_related("family").in_bulk(some)
        cases = [_Case(people[pk], rules.in_order(lines[pk]), told) for pk in some if pk in people]
        changed += _restate_chunk(cases, rules, run)
    return changed


def _chunks(numbers: Sequence[int], size: int) -> Iterator[list[int]]:
    return (list(numbers[at : at + size]) for at in range(0, len(numbers), size))


def _read(lines: Mapping[int, Sequence[Line]]) -> dict[Line, ParsedRow]:
    """What the lines say; each list is read once, as a stream."""
    wanted: dict[int, set[int]] = {}
    for own in lines.values():
        for number, row in own:
            wanted.setdefault(number, set()).add(row)
    told: dict[Line, ParsedRow] = {}
    for delivery in Delivery.objects.filter(pk__in=wanted):
        rows = wanted[delivery.pk]
        last = max(rows)
        for block in accepted_columns(delivery, after=min(rows) - 1):
            if block.baris and block.baris[0] > last:
                break
            if not rows.isdisjoint(block.baris):
                told |= {(delivery.pk, n): read for n, read in block.rows() if n in rows}
    return told


@dataclass(slots=True)
class _Rules:
    """Which line is believed rather than another, and whether good values may be bettered."""

    deliveries: dict[int, Delivery]
    learn: bool

    @classmethod
    def of(cls, lines: Mapping[int, Sequence[Line]], *, learn: bool) -> "_Rules":
        wanted = {delivery for own in lines.values() for delivery, _ in own}
        return cls(Delivery.objects.select_related("source").in_bulk(wanted), learn)

    def in_order(self, lines: Iterable[Line]) -> list[Line]:
        """Lines in the order in which they would have opened the person."""

        def place(line: Line) -> tuple[int, Any, int, int]:
            delivery = self.deliveries[line[0]]
            return (delivery.source.rank("nama"), delivery.as_of, *line)

        return sorted(lines, key=place)

    def merit(self, line: Line, field: str) -> tuple[int, int]:
        """The smaller, the rather the line is believed: rank, then the later day."""
        delivery = self.deliveries[line[0]]
        return delivery.source.rank(FIELDS[field]), -delivery.as_of.toordinal()


def _restate_chunk(cases: Sequence[_Case], rules: _Rules, run: Run) -> int:
    bearers = _bearers(cases)
    touched = [case for case in cases if _renew(case, rules, bearers)]
    if not touched:
        return 0
    columns = attrgetter("pk", *_COLUMNS)
    with transaction.atomic():
        _move(touched, rules, run)
        changed = bulk_update_with_history(
            Person,
            _COLUMNS,
            [columns(case.person) for case in touched],
            history=RegistryHistory,
            act_id=run.act_id,
        )
        addresses = {
            case.person.pk: case.told[case.lines[0]].alamat or ""
            for case in touched
            if case.is_moved and not case.was_transferred
        }
        rekey([case.person.pk for case in touched], addresses=addresses)
    return changed


def _move(cases: Sequence[_Case], rules: _Rules, run: Run) -> None:
    """Give persons whose opening line fell the family and place of the next best line."""

    def base(case: _Case) -> int:
        return case.lines[0][0]

    # Whom people moved stays where people put him or her.
    moved = sorted((one for one in cases if one.is_moved and not one.was_transferred), key=base)
    for delivery, group in groupby(moved, key=base):
        members = list(group)
        rows = [case.told[case.lines[0]] for case in members]
        join_families(
            people=[case.person for case in members],
            rows=rows,
            delivery=rules.deliveries[delivery],
            run=run,
        )


@dataclass(slots=True)
class _Bearers:
    """Whose a NIK is, for the NIK that stand on the lines of one chunk."""

    hashes: dict[str, int]
    owners: dict[int, set[int]]

    def is_free(self, nik: str, person: int) -> bool:
        """Whether nobody else bears it."""
        return not self.owners.get(self.hashes[nik], set()) - {person}

    def give(self, nik: str, person: int) -> int:
        """Write down the bearer; gives the NIK's keyed hash."""
        number = self.hashes[nik]
        self.owners.setdefault(number, set()).add(person)
        return number


def _bearers(cases: Sequence[_Case]) -> _Bearers:
    niks = sorted({row.nik for case in cases for _, row in case.rows if row.nik})
    numbers = custody.blind_index_many(niks, purpose="nik")
    hashes = {nik: number for nik, number in zip(niks, numbers, strict=True) if number is not None}
    owners: dict[int, set[int]] = {}
    standing = Person.objects.exclude(state=states.WITHDRAWN)
    for some in _among(standing, "nik_hash", list(hashes.values())):
        for number, pk, into in some.values_list("nik_hash", "pk", "merged_into_id"):
            # An absorbed person's number is the number of the one who lives on.
            owners.setdefault(number, set()).add(into or pk)
    return _Bearers(hashes, owners)


def _renew(case: _Case, rules: _Rules, bearers: _Bearers) -> bool:
    """Set the person's fields anew; says whether anything was set."""
    person, own = case.person, set(case.lines)
    more = dict(person.origin_more or {})
    base = (person.origin_delivery_id, person.origin_row)
    case.is_moved = base[0] is not None and base not in own and case.lines[0] in case.told
    suppliers = {field: tuple(more[field]) if field in more else base for field in FIELDS}
    touched = case.is_moved
    for field in FIELDS:
        line = _better(case, field, suppliers[field], rules, bearers)
        if line is not None:
            suppliers[field] = line
            touched = True
    if case.is_moved:
        base = case.lines[0]
        _open_anew(case, more)
    if touched:
        person.origin_delivery_id, person.origin_row = base
        others = {f: list(more[f]) for f in more if f not in FIELDS}
        others |= {f: list(line) for f, line in suppliers.items() if line != base}
        person.origin_more = others or None
    return touched


def _better(
    case: _Case,
    field: str,
    supplier: tuple[Any, Any],
    rules: _Rules,
    bearers: _Bearers,
) -> tuple[Any, Any] | None:
    """Write the field from the line that deserves it; gives that line, None to leave it.

    A value that lost its line and finds no other becomes empty, with the opening line
    behind it.
    """
    person = case.person
    is_lost = supplier[0] not in (None, PROPOSED_ORIGIN) and supplier not in case.lines
    if not (is_lost or rules.learn) or supplier[0] == PROPOSED_ORIGIN:
        return None
    offers = [
        (rules.merit(line, field), place, line, value)
        for place, (line, row) in enumerate(case.rows)
        if (value := getattr(row, FIELDS[field]))
        and (field != "nik" or bearers.is_free(value, person.pk))
    ]
    present = getattr(person, _COLUMN_OF.get(field, field))
    if not is_lost and present not in (None, ""):
        # A NIK that stands is never replaced by a list; people propose a correction.
        if field == "nik" or supplier[0] is None:
            return None
        offers = [offer for offer in offers if offer[0] < rules.merit(supplier, field)]
    if offers:
        _, _, line, value = min(offers, key=lambda offer: offer[:2])
        _write(person, field, value, bearers)
        return line
    if is_lost:
        _clear(case, field)
        return case.lines[0]
    return None


_COLUMN_OF = {"nik": "nik_hash", "birth": "birth_on"}


def _write(person: Person, field: str, value: Any, bearers: _Bearers) -> None:
    if field != "nik" or bearers.give(value, person.pk) != person.nik_hash:
        put_value(person, field, value)


def _clear(case: _Case, field: str) -> None:
    # Every usable row has a name; were there none, the person would keep the old one.
    if field != "name":
        put_value(case.person, field, None)
    if field == "birth":
        years = [row.lahir_tahun for _, row in case.rows if row.lahir_tahun]
        case.person.birth_year = years[0] if years else None


def _open_anew(case: _Case, more: Mapping[str, Any]) -> None:
    """Role and place come from the opening line alone, unless a human corrected them."""
    row, person = case.told[case.lines[0]], case.person
    if "role" not in more:
        person.role = row.hubungan or ""
    if "kelurahan" not in more:
        person.kelurahan = row.kelurahan
    if "rt" not in more:
        person.rt = small(row.rt)
