"""Corrections that somebody proposes; another person accepts or rejects them."""

import json
from datetime import date
from typing import Any

from django.db import transaction

from entas import custody
from entas.audit.services import actor_text, record
from entas.city.models import User
from entas.city.policies import check_may
from entas.history import record_change
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson
from entas.registry.models import Person, Proposal, RegistryHistory
from entas.registry.services import runs
from entas.registry.services.survivorship import COLUMNS, FIELDS, put_value, rekey

_CONTEXT = Proposal.SEALED["body_sealed"]


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
        DecisionRefused: no such field, no reason, or a date that is none.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.propose")
    if field not in FIELDS or not reason.strip() or not value.strip():
        known = ", ".join(FIELDS)
        raise DecisionRefused(f"Usulan perlu bidang ({known}), nilai dan alasan.")
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
    if field == "birth":
        try:
            return date.fromisoformat(value)
        except ValueError as fault:
            raise DecisionRefused(
                "Tanggal lahir ditulis tttt-bb-hh, misalnya 1980-12-31."
            ) from fault
    if field == "alive" and value not in dict(states.ALIVE_CHOICES):
        raise DecisionRefused("Status warga: hidup, meninggal atau pindah.")
    if field == "sex" and value not in dict(states.SEX_CHOICES):
        raise DecisionRefused("Jenis kelamin ditulis L atau P.")
    if field == "nik" and not (value.isascii() and value.isdigit() and len(value) == len("0" * 16)):
        raise DecisionRefused("NIK harus 16 angka.")
    return value


def proposed_value(proposal: Proposal) -> dict[str, str]:
    """What was proposed and why, opened: ``value`` and ``reason``."""
    plain = custody.unseal(bytes(proposal.body_sealed), context=_CONTEXT)
    body: dict[str, str] = json.loads(plain)
    return body


@transaction.atomic
def accept_proposal(*, proposal: Proposal, by: User) -> Person:
    """Write the proposed value; the field's origin becomes the proposal.

    Raises:
        DecisionRefused: it was decided before, or ``by`` proposed it.
        NoSuchPerson: the person is not active any more.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    now = _undecided(proposal, by)
    person = (
        Person.objects.select_for_update().filter(pk=now.person_id, state=states.ACTIVE).first()
    )
    if person is None:
        raise NoSuchPerson(now.person_id)
    before: dict[str, object] = {column: getattr(person, column) for column in COLUMNS}
    put_value(person, now.field, _plain(now.field, proposed_value(now)["value"]))
    person.origin_more = dict(person.origin_more or {}) | {now.field: ["usulan", now.pk]}
    person.save(update_fields=list(COLUMNS))
    act_id = _decide(now, states.ACCEPTED, by)
    record_change(person, before, history=RegistryHistory, act_id=act_id)
    rekey([person.pk])
    runs.raise_version()
    return person


@transaction.atomic
def reject_proposal(*, proposal: Proposal, by: User) -> Proposal:
    """Leave the value as it is; the proposal stays readable.

    Raises:
        DecisionRefused: it was decided before, or ``by`` proposed it.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    now = _undecided(proposal, by)
    _decide(now, states.REJECTED, by)
    return now


def _undecided(proposal: Proposal, by: User) -> Proposal:
    check_may(by, "registry.decide_proposal")
    now = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if now.state != states.PROPOSED:
        raise DecisionRefused(f"Usulan nomor {now.pk} sudah diputuskan.")
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
