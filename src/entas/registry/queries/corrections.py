"""What a correction starts from: the values as they stand, and what changed since a form was
opened on them.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from entas import custody
from entas.audit.services import is_same_actor
from entas.city.models import User
from entas.city.policies import Scope, scope_of
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.models import Person, Proposal
from entas.registry.queries.history import Happening, what_happened
from entas.registry.queries.members import masked, shown_value
from entas.registry.states import CORRECTABLE

_LOGGED_AS = {"birth_on": "birth", "birth_year": "birth"}
_FAMILY = "keluarga"
_STATE_MARK = {word: place for place, (word, _) in enumerate(states.PROPOSAL_CHOICES)}
_LONGEST_VERSION = 10_000
_MARK_BITS = 0xFFFFFFFF
# Four data of one person at most, one merged into the next (services.merging.LARGEST_CLUSTER).
_MOST_MERGES = 3


@dataclass(frozen=True, slots=True)
class FieldNow:
    """A field as it stands.

    Attributes:
        plain: what is compared; for a NIK its keyed hash.
        shown: what screens show, masked; in words for none.
        waiting: open proposals for it, as (number, who proposed it, when).
    """

    field: str
    plain: str
    shown: Any
    waiting: tuple[tuple[int, str, dt.datetime], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became different while a form was open.

    Attributes:
        field: of the person; "" for another member of the family.
        kind: ``value`` (it holds something else now), one of ``states.PROPOSAL_CHOICES`` for
            what became of a proposal, or ``moved`` (the person cannot be corrected here now).
        who, about: of another member: the name, and the field the proposal is about.
        before, after: of a value, masked; empty where not known.
        by, at: who did it and when; None where nobody wrote it down.
    """

    field: str
    kind: str
    who: str = ""
    about: str = ""
    before: Any = ""
    after: Any = ""
    by: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """A person as a form of corrections shows him or her."""

    person: Person
    fields: Mapping[str, FieldNow]
    version: str


def correctable_person(person_id: int, *, scope: Scope) -> Person | None:
    """An active person inside the area; None otherwise."""
    person = (
        Person.objects.filter(pk=person_id, state=states.ACTIVE).select_related("family").first()
    )
    return person if person is not None and scope.covers(person.kelurahan) else None


def present(person: Person) -> Present:
    """The values of a person as they stand, with the version of this moment.

    The caller shows a person's data: it records the look.

    Raises:
        entas.custody.SealBroken: the NIK cannot be opened with the keys at hand.
    """
    proposals = _proposals_of([person.pk])
    waiting: dict[str, list[tuple[int, str, dt.datetime]]] = defaultdict(list)
    for one in proposals:
        if one.state == states.PROPOSED:
            waiting[one.field].append((one.pk, one.by, one.at))
    nik, areas = masked([person.nik_sealed], "person.nik")[0], area_resolver()
    fields = {
        field: FieldNow(
            field,
            plain_value(person, field),
            shown_value(person, field, nik=nik, areas=areas),
            tuple(waiting[field]),
        )
        for field in CORRECTABLE
    }
    return Present(person, fields, _version(person, proposals))


def plain_value(person: Person, field: str) -> str:
    """A present value as it is compared with a proposed one; a NIK as its keyed hash."""
    value = {
        "nik": person.nik_hash,
        "birth": person.birth_on.isoformat() if person.birth_on else person.birth_year,
    }.get(field, getattr(person, field, ""))
    return "" if value is None else str(value)


def _proposals_of(persons: Sequence[int]) -> list[Proposal]:
    rows = Proposal.objects.filter(person__in=persons).defer("body_sealed", "answer_sealed")
    return list(rows.order_by("pk"))


def _relatives(person: Person) -> dict[int, str]:
    """Other members of the family in the same kelurahan: whoever corrects this person may know
    them. Of members elsewhere nothing is told, nor that anything happened to them.
    """
    if person.family_id is None:
        return {}
    others = Person.objects.filter(
        family=person.family_id, state=states.ACTIVE, kelurahan=person.kelurahan
    )
    return dict(others.exclude(pk=person.pk).values_list("pk", "name"))


def _version(person: Person, proposals: Iterable[Proposal]) -> str:
    """A mark for the value of each field, and every proposal of the family with its state."""
    marks = custody.blind_index_many(
        [f"{person.pk} {field} {plain_value(person, field)}" for field in CORRECTABLE],
        purpose="correction.version",
    )
    known = {
        field: f"{(mark or 0) & _MARK_BITS:x}"
        for field, mark in zip(CORRECTABLE, marks, strict=True)
    }
    relatives = _proposals_of(list(_relatives(person)))
    told = [[one.pk, _STATE_MARK[one.state]] for one in [*proposals, *relatives]]
    return json.dumps({**known, _FAMILY: told}, separators=(",", ":"))


def changed_since(person: Person, version: str) -> list[Change]:
    """What became different since a version was taken, a field at a time.

    Args:
        person: as he or she stands now.
        version: of :class:`Present`; one that cannot be read says that nothing is known to
            have stood there, so nothing is told.
    """
    seen = _read(version)
    if not seen:
        return []
    proposals, relatives = _proposals_of([person.pk]), _relatives(person)
    now = _read(_version(person, proposals))
    changed = [field for field in CORRECTABLE if seen.get(field) != now.get(field)]
    log = what_happened(person.pk) if changed else []
    changes = [_value_change(field, log) for field in changed]
    before = dict(seen.get(_FAMILY, []))
    return changes + [
        _proposal_change(one, relatives.get(one.person_id, ""))
        for one in [*proposals, *_proposals_of(list(relatives))]
        if before.get(one.pk) != _STATE_MARK[one.state]
    ]


def _read(version: str) -> dict[str, Any]:
    if len(version) > _LONGEST_VERSION:
        return {}
    try:
        read = json.loads(version)
        # Comes back from the browser: a pair that is none would end in a fault further on.
        told = dict(read.get(_FAMILY, [])) if isinstance(read, dict) else None
    except (ValueError, TypeError, RecursionError):
        return {}
    return read if told is not None else {}


def _value_change(field: str, log: Sequence[Happening]) -> Change:
    """The last entry of the log that touched the field."""
    for event in reversed(log):
        if event.thing != "person":
            continue
        for name, (before, after) in event.changes.items():
            if _LOGGED_AS.get(name, name) == field and name != "birth_year":
                return Change(
                    field, "value", before=before, after=after, by=event.actor, at=event.at
                )
    return Change(field, "value")


def _proposal_change(one: Proposal, relative: str) -> Change:
    is_open = one.state == states.PROPOSED
    return Change(
        field="" if relative else one.field,
        kind=one.state,
        who=relative,
        about=one.field,
        by=one.by if is_open else one.decided_by,
        at=one.at if is_open else one.decided_at,
    )


# --- proposals of an area --------------------------------------------------------------------


def proposals_for(actor: User) -> QuerySet[Proposal]:
    """Proposals about persons of the actor's area, the newest first; ``place`` is the kelurahan.

    A person merged since counts where the one lives who lives on.
    """
    # The end of the chain decides, as for queries.review.living: whoever was merged twice would
    # else be shown to the officers of a place where he or she does not live any more.
    chain = ["person" + "__merged_into" * merges for merges in range(_MOST_MERGES, -1, -1)]
    last = [When(**{f"{one}__isnull": False}, then=F(f"{one}__kelurahan")) for one in chain]
    placed = Proposal.objects.annotate(place=Case(*last))
    return placed.filter(reach_of(actor)).order_by("-pk")


def reach_of(actor: User) -> Q:
    """The condition on ``place`` for where the actor may propose or decide."""
    scopes = [scope_of(actor, act) for act in ("registry.propose", "registry.decide_proposal")]
    if any(scope.is_city for scope in scopes):
        return Q()
    return Q(place__in=sorted(frozenset().union(*(scope.kelurahan for scope in scopes))))


def is_own(proposal: Proposal, actor: User) -> bool:
    """Whether the actor proposed it."""
    return is_same_actor(proposal.by, actor)


def siblings(proposal: Proposal) -> list[Proposal]:
    """The other proposals of the same form."""
    rows = Proposal.objects.filter(person=proposal.person_id, act_id=proposal.act_id)
    return list(rows.exclude(pk=proposal.pk).order_by("pk"))
