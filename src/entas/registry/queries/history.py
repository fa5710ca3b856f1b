"""What happened to persons: every act on them, with the values before and after."""

import base64
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from entas.audit.models import Act
from entas.history import unpack
from entas.registry import states
from entas.registry.models import (
    Duplicate,
    Link,
    MergeDecision,
    Person,
    Proposal,
    RegistryHistory,
    ReviewDecision,
    Run,
)
from entas.sources.masking import mask_number

# Keyed hashes say nothing to a reader.
_UNSAID = frozenset({"nik_hash"})
_SHOWN_AS = {"nik_sealed": "nik", "family_id": "family", "person_id": "person"}
# Proposals that changed nothing tell of their end here; accepted ones tell by what they changed.
_ENDED = tuple(f"registry.proposal.{state}" for state in (states.REJECTED, states.TAKEN_BACK))


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


@dataclass(slots=True)
class _Things:
    """The things of some persons that the log tells of: number -> whose."""

    links: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    pairs: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def what_happened(person_id: int, *, reveal: bool = False) -> list[Happening]:
    """Everything that was done to a person, the first act first.

    The caller shows a person's data: it records the look.

    Args:
        person_id: whatever state the person is in.
        reveal: show NIK in full, to somebody who gave a reason.

    Raises:
        entas.custody.SealBroken: the log cannot be opened with the keys at hand.
    """
    return what_happened_to([person_id], reveal=reveal)[person_id]


def what_happened_to(
    person_ids: Sequence[int], *, reveal: bool = False
) -> dict[int, list[Happening]]:
    """:func:`what_happened` of several persons, in as many questions as for one."""
    ids = list(person_ids)
    traces: dict[int, list[_Trace]] = {pk: [] for pk in ids}
    things = _Things()
    linked = _linked(ids, things)
    decided = _decided(ids, things)
    merged = _merged(ids, things)
    _pairs_of(ids, things)
    log = _changes(ids, things, reveal)
    # The order in which the acts of one moment are told.
    for part in (_opened(ids), log["person"], linked, log["link"], log["duplicate"], decided):
        _put(traces, part)
    for part in (merged, _proposed(ids), _ended(ids)):
        _put(traces, part)
    acts = Act.objects.in_bulk({one.act_id for some in traces.values() for one in some})
    return {pk: _in_order(some, acts) for pk, some in traces.items()}


_Told = Iterable[tuple[int, _Trace]]


def _put(traces: dict[int, list[_Trace]], told: _Told) -> None:
    for pk, trace in told:
        if pk in traces:
            traces[pk].append(trace)


def _in_order(traces: Sequence[_Trace], acts: Mapping[int, Act]) -> list[Happening]:
    known = [(acts[trace.act_id], trace) for trace in traces if trace.act_id in acts]
    # The sort is stable: what one act did stays in the order in which it was read.
    known.sort(key=lambda pair: pair[0].position)
    return [
        Happening(
            act.at, act.actor, act.act, trace.thing, trace.thing_id, trace.words, trace.changes
        )
        for act, trace in known
    ]


def _opened(ids: Sequence[int]) -> _Told:
    """The acts that opened the persons: those of the runs that wrote them."""
    rows = Person.objects.filter(pk__in=ids, run__isnull=False)
    for pk, act_id in rows.order_by("pk").values_list("pk", "run__act_id"):
        yield pk, _Trace(act_id, "person", pk, {"new": True}, {})


def _linked(ids: Sequence[int], things: _Things) -> list[tuple[int, _Trace]]:
    """The lines a run gave to the persons."""
    told = []
    links = Link.objects.filter(person__in=ids).select_related("run").order_by("pk")
    for link in links:
        whose = int(link.person_id or 0)
        things.links[link.pk].add(whose)
        if link.run is None:
            continue
        words = {
            "import_id": link.delivery_id,
            "row": link.row,
            "decision": link.decision,
            "withdrawn": link.withdrawn,
        }
        told.append((whose, _Trace(link.run.act_id, "link", link.pk, words, {})))
    return told


def _decided(ids: Sequence[int], things: _Things) -> list[tuple[int, _Trace]]:
    told = []
    about: dict[tuple[int, int], set[int]] = defaultdict(set)
    for one in ReviewDecision.objects.filter(person__in=ids).order_by("pk"):
        about[one.delivery_id, one.row].add(one.person_id)
        words = {
            "import_id": one.delivery_id,
            "row": one.row,
            "same": one.same,
            "withdrawn": one.withdrawn,
        }
        told.append((one.person_id, _Trace(one.act_id, "decision", one.pk, words, {})))
    if about:
        # Standing ones: they are found by the place of their line.
        places = Q()
        for delivery, row in about:
            places |= Q(delivery=delivery, row=row)
        links = Link.objects.filter(places, withdrawn=False)
        for pk, delivery, row in links.values_list("pk", "delivery_id", "row"):
            things.links[pk] |= about[delivery, row]
    return told


def _merged(ids: Sequence[int], things: _Things) -> list[tuple[int, _Trace]]:
    own = MergeDecision.objects.filter(Q(kept__in=ids) | Q(absorbed__in=ids))
    told = []
    for one in own.order_by("pk"):
        words = {
            "kept": one.kept_id,
            "absorbed": one.absorbed_id,
            "reason": one.reason,
            "reversed_at": one.reversed_at,
        }
        for pk in {one.kept_id, one.absorbed_id} & set(ids):
            for link in one.moved_links["links"]:
                things.links[link].add(pk)
            told.append((pk, _Trace(one.act_id, "merge", one.pk, words, {})))
    return told


def _pairs_of(ids: Sequence[int], things: _Things) -> None:
    pairs = Duplicate.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    for pk, first, second in pairs.values_list("pk", "first_id", "second_id"):
        things.pairs[pk] |= {first, second} & set(ids)


def _changes(
    ids: Sequence[int],
    things: _Things,
    reveal: bool,  # noqa: FBT001
) -> dict[str, list[tuple[int, _Trace]]]:
    """What the log says was changed, by kind of thing."""
    numbers: dict[str, Mapping[int, set[int]]] = {
        "person": {pk: {pk} for pk in ids},
        "link": things.links,
        "duplicate": things.pairs,
    }
    told: dict[str, list[tuple[int, _Trace]]] = {kind: [] for kind in numbers}
    wanted = Q()
    for kind, owners in numbers.items():
        if owners:
            wanted |= Q(object_type=kind, first_id__in=sorted(owners))
    if not wanted:
        return told
    staging = Run.objects.filter(state=states.STAGING).values("act_id")
    rows = RegistryHistory.objects.filter(wanted, kind=RegistryHistory.Kind.CHANGED)
    for row in rows.exclude(act_id__in=staging).order_by("pk"):
        kind = row.object_type
        changes = _shown(unpack(row), reveal=reveal)
        trace = _Trace(row.act_id, kind, row.first_id, {}, changes)
        told[kind] += [(pk, trace) for pk in sorted(numbers[kind][row.first_id])]
    # Link by link and pair by pair, as a reader follows them.
    for kind in ("link", "duplicate"):
        told[kind].sort(key=lambda pair: pair[1].thing_id)
    return told


def _shown(changes: Mapping[str, Sequence[Any]], *, reveal: bool) -> dict[str, tuple[Any, Any]]:
    return {
        _SHOWN_AS.get(name, name): (_plain(before, reveal), _plain(after, reveal))
        for name, (before, after) in changes.items()
        if name not in _UNSAID
    }


def _plain(value: Any, reveal: bool) -> Any:  # noqa: FBT001
    if not isinstance(value, dict) or set(value) != {"bytes"}:
        return value
    digits = base64.b64decode(value["bytes"]).decode()
    return digits if reveal else mask_number(digits)


def _proposed(ids: Sequence[int]) -> _Told:
    for one in Proposal.objects.filter(person__in=ids).order_by("pk"):
        words = {"field": one.field, "state": one.state}
        yield one.person_id, _Trace(one.act_id, "proposal", one.pk, words, {})


def _ended(ids: Sequence[int]) -> _Told:
    """Proposals that were rejected or taken back."""
    persons = [str(pk) for pk in ids]
    acts = Act.objects.filter(object_type="person", object_id__in=persons, act__in=_ENDED)
    for act in acts.order_by("pk"):
        number = int(act.detail.get("proposal", 0))
        words = {"field": act.detail.get("field", ""), "state": act.act.rpartition(".")[2]}
        yield int(act.object_id), _Trace(act.pk, "proposal", number, words, {})
