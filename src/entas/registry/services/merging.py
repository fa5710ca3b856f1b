"""Two persons declared one by a human, and taking that back exactly.

Nothing is merged without a human. The absorbed person stays as he or she was and points at
the one who lives on; lines, memberships and open questions move and are remembered one by one.
"""

import base64
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from entas import custody
from entas.audit.services import actor_text, record
from entas.city.models import User
from entas.city.policies import check_may
from entas.history import bulk_update_with_history, record_change, unpack
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson
from entas.registry.models import (
    Duplicate,
    Link,
    Membership,
    MergeDecision,
    Person,
    RegistryHistory,
    Run,
)
from entas.registry.services import runs
from entas.registry.services.lines import renumber
from entas.registry.services.restating import settle
from entas.registry.services.survivorship import rekey
from entas.registry.services.unfinished import alone

LARGEST_CLUSTER = 4
_MOVED_TO_ME: dict[str, Any] = {"links": Link, "memberships": Membership}


def merge_persons(
    *, kept_id: int, absorbed_id: int, reason: str, by: User, in_spite_of_niks: bool = False
) -> MergeDecision:
    """Declare two persons one. The absorbed one stays readable and points at the kept one.

    The kept person learns what the absorbed one's lines know better or alone; corrections
    people accepted for the absorbed one stay with it.

    Args:
        kept_id: whose id_warga goes on.
        absorbed_id: whose lines move to the kept one.
        reason: why, in words; kept for ever.
        by: who decides.
        in_spite_of_niks: both bear a valid NIK and the numbers differ; say so on purpose.

    Raises:
        NoSuchPerson: one of them is not active.
        DecisionRefused: the same person, no reason, two different NIK, or too many merged
            into one already.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.merge")
    with alone():
        return merge(kept_id, absorbed_id, reason, by, in_spite_of_niks=in_spite_of_niks)


def merge(
    kept_id: int, absorbed_id: int, reason: str, by: User, *, in_spite_of_niks: bool
) -> MergeDecision:
    """``merge_persons`` inside the caller's transaction, the registry being the caller's alone."""
    if kept_id == absorbed_id:
        raise DecisionRefused("Seorang warga tidak dapat digabung dengan dirinya sendiri.")
    kept, absorbed = active_person(kept_id), active_person(absorbed_id)
    _check_merge(kept, absorbed, reason, in_spite_of_niks=in_spite_of_niks)
    act = record(
        by,
        "registry.merge",
        object_type="person",
        object_id=kept.pk,
        detail={"absorbed": absorbed.pk},
    )
    moved = _move_all(kept, absorbed, act.pk)
    before: dict[str, object] = {"state": states.ACTIVE, "merged_into_id": None}
    absorbed.state, absorbed.merged_into = states.MERGED, kept
    absorbed.save(update_fields=["state", "merged_into"])
    record_change(absorbed, before, history=RegistryHistory, act_id=act.pk)
    _tidy(moved, [kept], act.pk)
    settle(persons=[kept.pk], run=Run(act_id=act.pk), learn=True)
    runs.raise_version()
    return MergeDecision.objects.create(
        kept=kept,
        absorbed=absorbed,
        reason=reason,
        moved_links=moved,
        by=actor_text(by),
        at=act.at,
        act_id=act.pk,
    )


def active_person(person_id: int) -> Person:
    """An active person, held until the end of the transaction.

    Raises:
        NoSuchPerson: there is no such person, or not any more.
    """
    found = Person.objects.select_for_update().filter(pk=person_id, state=states.ACTIVE).first()
    if found is None:
        raise NoSuchPerson(person_id)
    return found


def _check_merge(kept: Person, absorbed: Person, reason: str, *, in_spite_of_niks: bool) -> None:
    if not reason.strip():
        raise DecisionRefused("Penggabungan perlu alasan. Tulis mengapa keduanya orang yang sama.")
    if _cluster(kept) + _cluster(absorbed) > LARGEST_CLUSTER:
        raise DecisionRefused(
            "Warga {kept} dan {absorbed} bersama gabungannya lebih dari {most} "
            "data. Periksa dulu apakah semuanya benar satu orang.",
            kept=kept.pk,
            absorbed=absorbed.pk,
            most=LARGEST_CLUSTER,
        )
    differ = kept.nik_hash and absorbed.nik_hash and kept.nik_hash != absorbed.nik_hash
    if differ and not in_spite_of_niks:
        raise DecisionRefused(
            "Warga {kept} dan {absorbed} punya NIK sah yang berbeda. "
            "Gabungkan hanya bila salah satu NIK terbukti keliru, dan nyatakan itu.",
            kept=kept.pk,
            absorbed=absorbed.pk,
        )


def _cluster(person: Person) -> int:
    """How many registered persons this one already stands for."""
    absorbed = Person.objects.filter(merged_into=person)
    return 1 + sum(_cluster(one) for one in absorbed)


def _move_all(kept: Person, absorbed: Person, act_id: int) -> dict[str, list[int]]:
    """Hand everything of the absorbed person over; says what was, by its numbers."""
    moved = {
        "links": _numbers(Link.objects.filter(person=absorbed)),
        "memberships": _numbers(Membership.objects.filter(person=absorbed)),
        "candidates": _numbers(Link.objects.filter(candidate=absorbed, decision=states.REVIEW)),
    }
    for name, model in _MOVED_TO_ME.items():
        _point(model, "person_id", moved[name], kept.pk, act_id)
    _point(Link, "candidate_id", moved["candidates"], kept.pk, act_id)
    return moved | _move_pairs(kept, absorbed, act_id)


def _numbers(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _point(model: Any, column: str, numbers: Sequence[int], person: int, act_id: int) -> None:
    rows = ((number, person) for number in numbers)
    bulk_update_with_history(model, (column,), rows, history=RegistryHistory, act_id=act_id)


def _move_pairs(kept: Person, absorbed: Person, act_id: int) -> dict[str, list[int]]:
    """The pair itself is confirmed; open suspicions about the absorbed one go to the kept one,
    unless people or the machine have spoken about that pair already.
    """
    confirmed: list[int] = []
    moved: list[int] = []
    for pair in _pairs_of(absorbed):
        other = pair.second_id if pair.first_id == absorbed.pk else pair.first_id
        if other == kept.pk:
            _set_pair(pair, act_id, state=states.CONFIRMED)
            confirmed.append(pair.pk)
        elif _pair(kept.pk, other) is None:
            low, high = sorted((kept.pk, other))
            _set_pair(pair, act_id, first_id=low, second_id=high)
            moved.append(pair.pk)
    return {"confirmed": confirmed, "pairs": moved}


def _pairs_of(person: Person) -> list[Duplicate]:
    suspected = Duplicate.objects.filter(state=states.SUSPECTED)
    pairs = suspected.filter(first=person) | suspected.filter(second=person)
    return list(pairs.order_by("pk"))


def _pair(one: int, other: int) -> Duplicate | None:
    low, high = sorted((one, other))
    return Duplicate.objects.filter(first_id=low, second_id=high).first()


def _set_pair(pair: Duplicate, act_id: int, **fields: Any) -> None:
    before: dict[str, object] = {name: getattr(pair, name) for name in fields}
    for name, value in fields.items():
        setattr(pair, name, value)
    pair.save(update_fields=list(fields))
    record_change(pair, before, history=RegistryHistory, act_id=act_id)


def _tidy(moved: Mapping[str, list[int]], persons: Sequence[Person], act_id: int) -> None:
    """In every list whose lines moved, a person stands once as found and else as repeated."""
    touched = Link.objects.filter(pk__in=moved["links"]).values_list("delivery_id", flat=True)
    for delivery in sorted(set(touched)):
        for person in persons:
            renumber(delivery_id=delivery, person_id=person.pk, act_id=act_id)


def split_persons(*, merge: MergeDecision, by: User) -> Person:
    """Take a merge back: both persons, their lines and their questions are as before.

    What came after the merge is respected: a line that people gave to somebody else stays
    there, a value that was changed since stays changed, and what was told by a list that was
    taken back in between is not told again.

    Returns:
        The person who was absorbed; withdrawn when no line speaks for him or her any more.

    Raises:
        DecisionRefused: it was taken back before, or the kept person is merged into another
            one, from whom he or she must be split first.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.split")
    with alone():
        now = MergeDecision.objects.select_for_update().get(pk=merge.pk)
        people = Person.objects.select_for_update().in_bulk([now.kept_id, now.absorbed_id])
        kept, absorbed = people[now.kept_id], people[now.absorbed_id]
        _check_split(now, kept, absorbed)
        return _split(now, kept, absorbed, by)


def _check_split(merge: MergeDecision, kept: Person, absorbed: Person) -> None:
    if merge.reversed_at is not None or absorbed.merged_into_id != kept.pk:
        raise DecisionRefused(
            "Penggabungan nomor {number} sudah dibatalkan sebelumnya.", number=merge.pk
        )
    if kept.state == states.MERGED:
        raise DecisionRefused(
            "Warga {kept} sendiri sudah digabung ke warga {other}. Batalkan penggabungan itu dulu.",
            kept=kept.pk,
            other=kept.merged_into_id,
        )


def _split(merge: MergeDecision, kept: Person, absorbed: Person, by: User) -> Person:
    act = record(by, "registry.split", object_type="person", object_id=absorbed.pk)
    moved: dict[str, list[int]] = dict(merge.moved_links)
    for name, model in _MOVED_TO_ME.items():
        still = model.objects.filter(pk__in=moved[name], person=kept)
        _point(model, "person_id", _numbers(still), absorbed.pk, act.pk)
    asked = Link.objects.filter(pk__in=moved["candidates"], candidate=kept)
    _point(Link, "candidate_id", _numbers(asked), absorbed.pk, act.pk)
    moved["strays"] = _give_pairs_back(moved, absorbed, kept, act.pk)
    _bring_strays_home(act.pk)
    _restore_fields(kept, merge.act_id, act.pk)
    before: dict[str, object] = {"state": absorbed.state, "merged_into_id": absorbed.merged_into_id}
    absorbed.state, absorbed.merged_into = states.ACTIVE, None
    absorbed.save(update_fields=["state", "merged_into"])
    record_change(absorbed, before, history=RegistryHistory, act_id=act.pk)
    merge.reversed_by, merge.reversed_at, merge.moved_links = actor_text(by), act.at, moved
    merge.save(update_fields=["reversed_by", "reversed_at", "moved_links"])
    _tidy(moved, [kept, absorbed], act.pk)
    # Only what lost its line since the merge changes here.
    settle(persons=[kept.pk, absorbed.pk], run=Run(act_id=act.pk))
    runs.raise_version()
    return Person.objects.get(pk=absorbed.pk)


def _give_pairs_back(
    moved: Mapping[str, list[int]], absorbed: Person, kept: Person, act_id: int
) -> list[int]:
    """Questions about the absorbed person go back to him or her; says which could not."""
    for pair in Duplicate.objects.filter(pk__in=moved["confirmed"], state=states.CONFIRMED):
        _set_pair(pair, act_id, state=states.SUSPECTED)
    return _bring_home(moved["pairs"], absorbed.pk, kept.pk, act_id)


def _bring_home(pairs: Sequence[int], absorbed: int, kept: int, act_id: int) -> list[int]:
    strays = []
    for pair in Duplicate.objects.filter(pk__in=pairs).order_by("pk"):
        if kept not in (pair.first_id, pair.second_id):
            continue
        other = pair.second_id if pair.first_id == kept else pair.first_id
        low, high = sorted((absorbed, other))
        if _pair(low, high) is None:
            _set_pair(pair, act_id, first_id=low, second_id=high)
        else:
            strays.append(pair.pk)
    return strays


def _bring_strays_home(act_id: int) -> None:
    """Another merge may have put its own question where one belongs that came back before;
    with that merge taken back too, the place is free again.
    """
    waiting = MergeDecision.objects.filter(
        reversed_at__isnull=False, moved_links__has_key="strays"
    ).exclude(moved_links__strays=[])
    active = {"kept__state": states.ACTIVE, "absorbed__state": states.ACTIVE}
    for merge in waiting.filter(**active).order_by("-pk"):
        moved = dict(merge.moved_links)
        moved["strays"] = _bring_home(moved["strays"], merge.absorbed_id, merge.kept_id, act_id)
        merge.moved_links = moved
        merge.save(update_fields=["moved_links"])


def _restore_fields(person: Person, merge_act_id: int, act_id: int) -> None:
    """Give the kept person the values the merge took away, where they were not changed since."""
    log = RegistryHistory.objects.filter(
        object_type="person", first_id=person.pk, act_id=merge_act_id
    )
    changes: dict[str, list[Any]] = {}
    for row in log.order_by("pk"):
        changes |= unpack(row)
    more = changes.pop("origin_more", [None, None])
    fields = {
        name: _stored(name, before)
        for name, (before, after) in changes.items()
        if _logged(person, name) == after
    }
    fields["origin_more"] = _lines_before(person.origin_more, *more)
    before: dict[str, object] = {name: getattr(person, name) for name in fields}
    for name, value in fields.items():
        setattr(person, name, value)
    person.save(update_fields=list(fields))
    record_change(person, before, history=RegistryHistory, act_id=act_id)
    rekey([person.pk])


def _lines_before(
    now: Mapping[str, Any] | None, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Where fields come from, with what the merge set taken back field by field."""
    lines = dict(now or {})
    was, became = before or {}, after or {}
    for field in {*was, *became}:
        if lines.get(field) != became.get(field) or was.get(field) == became.get(field):
            continue
        lines.pop(field, None)
        if field in was:
            lines[field] = was[field]
    return lines or None


def _logged(person: Person, name: str) -> Any:
    """A field's present value as the change log writes it."""
    value = getattr(person, name)
    if isinstance(value, bytes | memoryview):
        plain = custody.unseal(bytes(value), context=Person.SEALED[name])
        return {"bytes": base64.b64encode(plain).decode()}
    return value.isoformat() if isinstance(value, dt.date) else value


def _stored(name: str, logged: Any) -> Any:
    """A value of the change log as the field stores it."""
    if isinstance(logged, dict) and set(logged) == {"bytes"}:
        return custody.seal(base64.b64decode(logged["bytes"]), context=Person.SEALED[name])
    field: Any = Person._meta.get_field(name)
    return field.to_python(logged)
