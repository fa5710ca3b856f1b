"""Corrections that somebody proposes; another person accepts or rejects them."""

import json
from datetime import date
from typing import Any

from django.db import transaction

from entas import custody
from entas.audit.services import actor_text, record
from entas.city.models import User
from entas.city.policies import check_may
from entas.city.queries import nik_ranges
from entas.history import record_change
from entas.refusals import Saying
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson
from entas.registry.models import Person, Proposal, RegistryHistory
from entas.registry.queries.review import living
from entas.registry.services import runs
from entas.registry.services.merging import active_person
from entas.registry.services.restating import PROPOSED_ORIGIN
from entas.registry.services.survivorship import COLUMNS, FIELDS, put_value, rekey
from entas.registry.services.unfinished import alone
from entas.sources.nik import NumberRules
from entas.sources.rules import Told

_CONTEXT = Proposal.SEALED["body_sealed"]
_LONGEST = {"name": 200, "mother_name": 200, "birth_place": 100}


@transaction.atomic
def propose_correction(
    *, person_id: int, field: str, value: str, reason: str, by: User
) -> Proposal:
    """Propose another value for one field of a person; nothing changes yet.

    Args:
        person_id: an active person.
        field: one of ``FIELDS``; a birth date as yyyy-mm-dd.
        value: what should stand there.
        reason: what shows it, in words.
        by: who proposes.

    Raises:
        NoSuchPerson: the person is not active.
        DecisionRefused: no such field, no reason, or a value that cannot stand there.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.propose")
    value = value.strip()
    if field not in FIELDS or not reason.strip() or not value:
        known = ", ".join(FIELDS)
        raise DecisionRefused("Usulan perlu bidang ({known}), nilai dan alasan.", known=known)
    _plain(field, value)
    if not Person.objects.filter(pk=person_id, state=states.ACTIVE).exists():
        raise NoSuchPerson(person_id)
    act = record(
        by, "registry.propose", object_type="person", object_id=person_id, detail={"field": field}
    )
    body = json.dumps({"value": value, "reason": reason}, ensure_ascii=False).encode()
    return Proposal.objects.create(
        person_id=person_id,
        field=field,
        body_sealed=custody.seal(body, context=_CONTEXT),
        by=actor_text(by),
        at=act.at,
        act_id=act.pk,
    )


def _plain(field: str, value: str) -> Any:
    """The value as the field keeps it.

    Raises:
        DecisionRefused: it cannot stand there.
    """
    if not value.isprintable() or len(value) > _LONGEST.get(field, 40):
        raise DecisionRefused("Nilai usulan terlalu panjang atau memuat tanda yang tak terlihat.")
    if field == "birth":
        return _birth_day(value)
    if field == "alive" and value not in dict(states.ALIVE_CHOICES):
        raise DecisionRefused("Status warga: hidup, meninggal atau pindah.")
    if field == "sex" and value not in dict(states.SEX_CHOICES):
        raise DecisionRefused("Jenis kelamin ditulis L atau P.")
    if field == "nik":
        _check_nik(value)
    return value


def _birth_day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as fault:
        raise DecisionRefused("Tanggal lahir ditulis tttt-bb-hh, misalnya 1980-12-31.") from fault


def _check_nik(value: str) -> None:
    ranges = nik_ranges()
    number = NumberRules(ranges.only, ranges.never).check_nik(value)
    if number.digits != value:
        why = Told(number.code) if number.code else Saying("Tulis 16 angka tanpa spasi atau titik.")
        raise DecisionRefused("NIK yang diusulkan tidak dapat dipakai. {why}", why=why)


def proposed_value(proposal: Proposal) -> dict[str, str]:
    """What was proposed and why, opened: ``value`` and ``reason``."""
    plain = custody.unseal(bytes(proposal.body_sealed), context=_CONTEXT)
    body: dict[str, str] = json.loads(plain)
    return body


def accept_proposal(*, proposal: Proposal, by: User) -> Person:
    """Write the proposed value; the field's origin becomes the proposal, and no list
    overrules it any more. A person merged since is corrected as the one who lives on.

    Raises:
        DecisionRefused: it was decided before, ``by`` proposed it, or the NIK is another's.
        NoSuchPerson: the person is not active any more.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.decide_proposal")
    with alone():
        now = _undecided(proposal, by)
        person = active_person(living(now.person_id))
        before: dict[str, object] = {column: getattr(person, column) for column in COLUMNS}
        put_value(person, now.field, _plain(now.field, proposed_value(now)["value"]))
        _check_bearer(person)
        origin = {now.field: [PROPOSED_ORIGIN, now.pk]}
        person.origin_more = dict(person.origin_more or {}) | origin
        person.save(update_fields=list(COLUMNS))
        act_id = _decide(now, states.ACCEPTED, by)
        record_change(person, before, history=RegistryHistory, act_id=act_id)
        rekey([person.pk])
        runs.raise_version()
        return person


def _check_bearer(person: Person) -> None:
    if person.nik_hash is None:
        return
    bearers = Person.objects.filter(nik_hash=person.nik_hash, state=states.ACTIVE)
    other = bearers.exclude(pk=person.pk).values_list("pk", flat=True).first()
    if other is not None:
        raise DecisionRefused(
            "NIK itu sudah dimiliki warga {other}. Bila keduanya orang yang sama, gabungkan dulu.",
            other=other,
        )


@transaction.atomic
def reject_proposal(*, proposal: Proposal, by: User) -> Proposal:
    """Leave the value as it is; the proposal stays readable.

    Raises:
        DecisionRefused: it was decided before, or ``by`` proposed it.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.decide_proposal")
    now = _undecided(proposal, by)
    _decide(now, states.REJECTED, by)
    return now


def _undecided(proposal: Proposal, by: User) -> Proposal:
    now = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if now.state != states.PROPOSED:
        raise DecisionRefused("Usulan nomor {number} sudah diputuskan.", number=now.pk)
    if now.by == actor_text(by):
        raise DecisionRefused("Usulan diputuskan orang lain, bukan oleh pengusulnya sendiri.")
    return now


def _decide(proposal: Proposal, state: str, by: User) -> int:
    act = record(
        by, f"registry.proposal.{state}", object_type="person", object_id=proposal.person_id
    )
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor_text(by), act.at
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    return act.pk
