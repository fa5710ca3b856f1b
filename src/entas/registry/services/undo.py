"""Take a whole import back: whatever the registry built on its lines is withdrawn.

Nothing is deleted. A kill in the middle leaves the list standing, and the same command
again ends as an undisturbed one would.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from entas.city.models import User
from entas.city.policies import check_may
from entas.history import bulk_update_with_history
from entas.registry import states
from entas.registry.models import Link, LinkedList, Person, RegistryHistory, Run
from entas.registry.services import runs
from entas.registry.services.linking import finish_published
from entas.registry.services.survivorship import (
    COLUMNS,
    FIELDS,
    put_value,
    rekey,
)
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from entas.sources.queries import accepted_rows, delivery_of
from entas.sources.services import withdraw
from entas.sources.states import ACCEPTED

_CHUNK = 5_000
_ROWS_AT_ONCE = 20_000


def standing_on(delivery: Delivery) -> list[str]:  # noqa: ARG001
    """What signed acts stand on a list and forbid taking it back.

    Nothing yet: decrees come with the delivery stage, which will be asked here.
    """
    return []


def undo_import(*, import_id: int, by: User, on: date) -> dict[str, int]:
    """Withdraw a list and everything that stands only on it.

    Persons that no other list knows are withdrawn; persons others know keep living, and
    what they owed to this list falls back to the best of the remaining lists.

    Returns:
        links, withdrawn (persons) and changed (persons).

    Raises:
        entas.sources.errors.UnknownImport: no list has this number.
        entas.sources.errors.NotWithdrawable: it was withdrawn before.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.undo")
    delivery = delivery_of(import_id)
    if delivery.state != ACCEPTED:
        withdraw(delivery=delivery, by=by, on=on)
        return {"links": 0, "withdrawn": 0, "changed": 0}
    with runs.exclusive():
        runs.sweep()
        finish_published()
        run = runs.start(kind="undo", by=by)
        counts = _take_back(delivery, run)
        _close(delivery, run, by, on, counts)
    return counts


def _take_back(delivery: Delivery, run: Run) -> dict[str, int]:
    links = _withdraw_links(delivery)
    alone = _founded(delivery).exclude(Exists(_other_links()))
    gone = _withdraw_persons(alone, run)
    changed = _fall_back(delivery, run)
    return {"links": links, "withdrawn": gone, "changed": changed}


def _withdraw_links(delivery: Delivery) -> int:
    standing = Link.objects.filter(delivery=delivery, withdrawn=False)
    total = 0
    for first in range(0, delivery.rows + 1, _ROWS_AT_ONCE):
        with transaction.atomic():
            part = standing.filter(row__gte=first, row__lt=first + _ROWS_AT_ONCE)
            total += part.update(withdrawn=True)
    return total


def _founded(delivery: Delivery) -> QuerySet[Person]:
    return Person.objects.filter(origin_delivery=delivery, state=states.ACTIVE)


def _other_links() -> QuerySet[Link]:
    return Link.objects.filter(person=OuterRef("pk"), withdrawn=False)


def _withdraw_persons(alone: QuerySet[Person], run: Run) -> int:
    keys = list(alone.order_by("pk").values_list("pk", flat=True))
    rows = ((pk, states.WITHDRAWN) for pk in keys)
    bulk_update_with_history(Person, ("state",), rows, history=RegistryHistory, act_id=run.act_id)
    return len(keys)


def _fall_back(delivery: Delivery, run: Run) -> int:
    """Give persons that live on what the remaining lists say of them."""
    changed = 0
    for part in _parts(_owing(delivery)):
        changed += _recompute(part, delivery, run)
    return changed


def _owing(delivery: Delivery) -> Iterator[int]:
    yield from _founded(delivery).order_by("pk").values_list("pk", flat=True)
    # Fields from other lines stand in a small JSON: most persons have none.
    others = Person.objects.filter(state=states.ACTIVE, origin_more__isnull=False)
    for pk, more in others.exclude(origin_delivery=delivery).values_list("pk", "origin_more"):
        if any(line[0] == delivery.pk for line in (more or {}).values()):
            yield pk


def _parts(keys: Iterator[int]) -> Iterator[list[int]]:
    rest = iter(list(keys))
    while part := list(islice(rest, _CHUNK)):
        yield part


Line = tuple[Delivery, int, ParsedRow]


def _recompute(keys: Sequence[int], delivery: Delivery, run: Run) -> int:
    told = _remaining_lines(keys)
    people = Person.objects.in_bulk(list(keys))
    rows: list[tuple[Any, ...]] = []
    for pk in keys:
        person = people[pk]
        _restate(person, told.get(pk, []), delivery)
        rows.append((pk, *(getattr(person, column) for column in UNDO_COLUMNS)))
    changed = bulk_update_with_history(
        Person, UNDO_COLUMNS, rows, history=RegistryHistory, act_id=run.act_id
    )
    rekey(list(keys))
    return changed


UNDO_COLUMNS = (*COLUMNS, "origin_delivery_id", "origin_row")


def _remaining_lines(keys: Sequence[int]) -> dict[int, list[Line]]:
    """The lines of other lists that stand for these persons."""
    links = Link.objects.filter(person__in=keys, withdrawn=False, decision__in=states.LINKED)
    by_list: dict[int, dict[int, int]] = {}
    for delivery_id, number, person in links.values_list("delivery_id", "row", "person_id"):
        by_list.setdefault(delivery_id, {})[number] = person or 0
    lines: dict[int, list[Line]] = {}
    for delivery in Delivery.objects.select_related("source").filter(pk__in=list(by_list)):
        wanted = by_list[delivery.pk]
        for number, row in accepted_rows(delivery, after=min(wanted) - 1):
            if number in wanted:
                lines.setdefault(wanted[number], []).append((delivery, number, row))
    return lines


def _restate(person: Person, lines: list[Line], gone: Delivery) -> None:
    """Replace what came from the withdrawn list by the best remaining word, field by field."""
    more = dict(person.origin_more or {})
    was_origin = person.origin_delivery_id == gone.pk
    for field, source in FIELDS.items():
        supplier = more[field][0] if field in more else person.origin_delivery_id
        if supplier != gone.pk:
            continue
        known = [line for line in lines if getattr(line[2], source)]
        best = min(known, key=lambda line: _standing(line, source), default=None)
        more.pop(field, None)
        # A name stays even when nobody repeats it: a person cannot be without one.
        if best is None and field == "name":
            continue
        put_value(person, field, getattr(best[2], source) if best else None)
        if best:
            more[field] = [best[0].pk, best[1]]
    if was_origin and lines:
        first = min(lines, key=lambda line: _standing(line, "nama"))
        person.origin_delivery_id, person.origin_row = first[0].pk, first[1]
    person.origin_more = more or None


def _standing(line: Line, source: str) -> tuple[int, int, int]:
    delivery, row, _ = line
    return delivery.source.rank(source), -delivery.as_of.toordinal(), row


def _close(delivery: Delivery, run: Run, by: User, on: date, counts: dict[str, int]) -> None:
    with transaction.atomic():
        # Last and together: until here the list stands and the command can be repeated.
        LinkedList.objects.filter(delivery=delivery).update(withdrawn=True)
        withdraw(delivery=delivery, by=by, on=on)
        runs.publish(run=run, by=by, result=counts)
    runs.finish(run=run)
