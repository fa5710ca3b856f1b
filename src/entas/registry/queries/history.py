"""What happened to a person: every act on him or her, with the values before and after."""

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from entas.audit.models import Act
from entas.history import unpack
from entas.registry import states
from entas.registry.models import (
    Duplicate,
    Link,
    MergeDecision,
    Proposal,
    RegistryHistory,
    ReviewDecision,
    Run,
)
from entas.sources.masking import mask_number

# Keyed hashes say nothing to a reader.
_UNSAID = frozenset({"nik_hash"})
_SHOWN_AS = {"nik_sealed": "nik", "family_id": "family", "person_id": "person"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One act and what it did to one thing of the person.

    Attributes:
        at, actor, act: when, by whom, and which act of the chain.
        thing: ``person``, ``link``, ``duplicate``, ``decision``, ``merge`` or ``proposal``.
        thing_id: its number.
        words: what it is about, by numbers and codes.
        changes: field -> (before, after); NIK masked unless asked for.
    """

    at: dt.datetime
    actor: str
    act: str
    thing: str
    thing_id: int
    words: Mapping[str, Any]
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class _Trace:
    act_id: int
    thing: str
    thing_id: int
    words: dict[str, Any]
    changes: dict[str, tuple[Any, Any]]


def what_happened(person_id: int, *, reveal: bool = False) -> list[Happening]:
    """Everything that was done to a person, the first act first.

    The caller shows a person's data: it records the look.

    Args:
        person_id: whatever state the person is in.
        reveal: show NIK in full, to somebody who gave a reason.

    Raises:
        entas.custody.SealBroken: the log cannot be opened with the keys at hand.
    """
    traces = [
        *_changes("person", [person_id], reveal),
        *_linked(person_id),
        *_changes("link", _links_of(person_id), reveal),
        *_changes("duplicate", _pairs_of(person_id), reveal),
        *_decided(person_id),
        *_merged(person_id),
        *_proposed(person_id),
    ]
    acts = Act.objects.in_bulk({trace.act_id for trace in traces})
    known = [(acts[trace.act_id], trace) for trace in traces if trace.act_id in acts]
    # The sort is stable: what one act did stays in the order in which it was read.
    known.sort(key=lambda pair: pair[0].position)
    return [
        Happening(
            act.at, act.actor, act.act, trace.thing, trace.thing_id, trace.words, trace.changes
        )
        for act, trace in known
    ]


def _links_of(person_id: int) -> list[int]:
    """Lines that are the person's, and those that people or merges took away."""
    own = set(Link.objects.filter(person=person_id).values_list("pk", flat=True))
    for delivery, row in ReviewDecision.objects.filter(person=person_id).values_list(
        "delivery_id", "row"
    ):
        own |= set(Link.objects.filter(delivery=delivery, row=row).values_list("pk", flat=True))
    for merge in _merges(person_id):
        own |= set(merge.moved_links["links"])
    return sorted(own)


def _linked(person_id: int) -> list[_Trace]:
    """The lines a run gave to the person."""
    links = Link.objects.filter(person=person_id, run__isnull=False).select_related("run")
    return [
        _Trace(
            link.run.act_id,
            "link",
            link.pk,
            {
                "import_id": link.delivery_id,
                "row": link.row,
                "decision": link.decision,
                "withdrawn": link.withdrawn,
            },
            {},
        )
        for link in links.order_by("pk")
        if link.run
    ]


def _pairs_of(person_id: int) -> list[int]:
    pairs = Duplicate.objects.filter(Q(first=person_id) | Q(second=person_id))
    return list(pairs.order_by("pk").values_list("pk", flat=True))


def _changes(kind: str, numbers: Sequence[int], reveal: bool) -> list[_Trace]:  # noqa: FBT001
    rows = _published().filter(object_type=kind, kind=RegistryHistory.Kind.CHANGED)
    found = list(rows.filter(first_id__in=list(numbers)).order_by("pk"))
    if kind == "person":
        found = [*_opening(numbers[0]), *found]
    return [
        _Trace(row.act_id, kind, row.first_id, {}, _shown(unpack(row), reveal=reveal))
        if row.changes
        else _Trace(row.act_id, kind, numbers[0], {"new": True}, {})
        for row in found
    ]


def _opening(person_id: int) -> list[RegistryHistory]:
    """The log entry of the run that opened the person; new rows are logged as ranges."""
    before = _published().filter(
        object_type="person", kind=RegistryHistory.Kind.NEW, first_id__lte=person_id
    )
    row = before.order_by("-first_id").first()
    return [row] if row and row.last_id >= person_id else []


def _published() -> Any:
    staging = Run.objects.filter(state=states.STAGING).values("act_id")
    return RegistryHistory.objects.exclude(act_id__in=staging)


def _shown(changes: Mapping[str, Sequence[Any]], *, reveal: bool) -> dict[str, tuple[Any, Any]]:
    return {
        _SHOWN_AS.get(field, field): (_plain(before, reveal), _plain(after, reveal))
        for field, (before, after) in changes.items()
        if field not in _UNSAID
    }


def _plain(value: Any, reveal: bool) -> Any:  # noqa: FBT001
    if not isinstance(value, dict) or set(value) != {"bytes"}:
        return value
    digits = base64.b64decode(value["bytes"]).decode()
    return digits if reveal else mask_number(digits)


def _decided(person_id: int) -> list[_Trace]:
    return [
        _Trace(
            one.act_id,
            "decision",
            one.pk,
            {
                "import_id": one.delivery_id,
                "row": one.row,
                "same": one.same,
                "withdrawn": one.withdrawn,
            },
            {},
        )
        for one in ReviewDecision.objects.filter(person=person_id).order_by("pk")
    ]


def _merges(person_id: int) -> QuerySet[MergeDecision]:
    own = MergeDecision.objects.filter(Q(kept=person_id) | Q(absorbed=person_id))
    return own.order_by("pk")


def _merged(person_id: int) -> list[_Trace]:
    return [
        _Trace(
            one.act_id,
            "merge",
            one.pk,
            {
                "kept": one.kept_id,
                "absorbed": one.absorbed_id,
                "reason": one.reason,
                "reversed_at": one.reversed_at,
            },
            {},
        )
        for one in _merges(person_id)
    ]


def _proposed(person_id: int) -> list[_Trace]:
    return [
        _Trace(one.act_id, "proposal", one.pk, {"field": one.field, "state": one.state}, {})
        for one in Proposal.objects.filter(person=person_id).order_by("pk")
    ]
