"""What stands in the chains, in pages: the newest first, however long the chain is.

A page is continued by the place of its last entry and never by counting, so the last page of ten
million entries costs as much as the first.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import QuerySet

from entas.audit.models import Act, ActHead, ChainEntry, ChainHead, Look, LookHead

Entry = TypeVar("Entry", Act, Look)

PAGE = 50
# Counting goes no further: above it a page says "more than".
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Entry]):
    """Fifty entries; ``older`` is the place to go on from, None at the end."""

    entries: list[Entry]
    older: int | None


def _place_at(model: type[ChainEntry], moment: dt.datetime) -> int | None:
    """Place of the first entry from this moment on; None when there is none yet."""
    rows = model._base_manager.filter(at__gte=moment).order_by("at")
    place: int | None = rows.values_list("position", flat=True).first()
    return place


def _within(
    rows: QuerySet[Entry], since: dt.datetime | None, until: dt.datetime | None
) -> QuerySet[Entry]:
    # Entries stand in the order of time, so a period is a stretch of places. Asked for by time
    # and sorted by place, a database would read everything to sort it.
    model = rows.model
    if since is not None:
        first = _place_at(model, since)
        rows = rows.filter(position__gte=first) if first is not None else rows.none()
    if until is not None:
        end = _place_at(model, until)
        rows = rows.filter(position__lt=end) if end is not None else rows
    return rows


def acts(
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    actor: str = "",
    act: str = "",
    about: tuple[str, str] | None = None,
    position: int | None = None,
) -> QuerySet[Act]:
    """Acts, the newest first.

    Args:
        since: from this moment on.
        until: before this moment.
        actor: as :func:`entas.audit.services.actor_text` writes it.
        act: stage and act.
        about: kind and number of what was acted on.
        position: its place in the chain.
    """
    rows = Act.objects.order_by("-position")
    if actor:
        rows = rows.filter(actor=actor)
    if act:
        rows = rows.filter(act=act)
    if about is not None:
        rows = rows.filter(object_type=about[0], object_id=about[1])
    if position is not None:
        rows = rows.filter(position=position)
    return _within(rows, since, until)


def looks(
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    actor: str = "",
    person: int | None = None,
    without: tuple[str, ...] = (),
) -> QuerySet[Look]:
    """Looks, the newest first.

    Args:
        since: from this moment on.
        until: before this moment.
        actor: as :func:`entas.audit.services.actor_text` writes it.
        person: who was seen.
        without: pages whose looks are left out.
    """
    rows = Look.objects.order_by("-position")
    if actor:
        rows = rows.filter(actor=actor)
    if person is not None:
        rows = rows.filter(person=person)
    if without:
        rows = rows.exclude(where__in=without)
    return _within(rows, since, until)


def page_of(rows: QuerySet[Entry], *, before: int | None = None) -> Page[Entry]:
    """The entries in front of a place, or the newest."""
    if before is not None:
        rows = rows.filter(position__lt=before)
    found = list(rows[: PAGE + 1])
    entries = found[:PAGE]
    return Page(entries, entries[-1].position if len(found) > PAGE else None)


def counted(rows: QuerySet[Entry]) -> int:
    """How many there are; ``MOST_COUNTED + 1`` stands for more."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def chain_lengths() -> tuple[int, int]:
    """Entries of the chain of acts and of the chain of looks, as their ends say."""
    heads: tuple[type[ChainHead], ...] = (ActHead, LookHead)
    acts_length, looks_length = (
        head._base_manager.filter(pk=1).values_list("length", flat=True).first() or 0
        for head in heads
    )
    return acts_length, looks_length


def neighbours(entry: Act) -> tuple[Act | None, Act | None]:
    """The act before and the act behind."""
    around = Act.objects.filter(position__in=(entry.position - 1, entry.position + 1))
    found = {act.position: act for act in around}
    return found.get(entry.position - 1), found.get(entry.position + 1)


def acts_since(*, actor: str, act: str, since: dt.datetime) -> int:
    """How often somebody (as ``actor_text`` writes it) did one thing since a moment."""
    return acts(actor=actor, act=act, since=since).order_by().count()
