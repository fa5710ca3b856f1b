"""Corrections that somebody proposes; another person accepts or rejects them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from entas import custody
from entas.audit.models import Act
from entas.audit.services import actor_text, is_same_actor, record
from entas.city.models import User
from entas.city.policies import check_may, check_may_at, check_second_person
from entas.city.queries import nik_ranges
from entas.city.services import mark_single_handed
from entas.history import record_change
from entas.refusals import Saying
from entas.registry import states
from entas.registry.errors import (
    ChangedMeanwhile,
    DecisionRefused,
    NotYourProposal,
    ValuesRefused,
)
from entas.registry.keys import LARGEST_RT
from entas.registry.models import Person, Proposal, RegistryHistory
from entas.registry.queries.corrections import changed_since, plain_value
from entas.registry.queries.review import living
from entas.registry.services import runs
from entas.registry.services.merging import active_person
from entas.registry.services.restating import PROPOSED_ORIGIN
from entas.registry.services.survivorship import COLUMNS, FIELDS, put_value, rekey
from entas.registry.services.telling import tell_decided
from entas.registry.services.unfinished import alone
from entas.registry.states import CORRECTABLE
from entas.sources.nik import NumberRules
from entas.sources.rules import Told

_CONTEXT = Proposal.SEALED["body_sealed"]
_ANSWER_CONTEXT = Proposal.SEALED["answer_sealed"]
_LONGEST = {"name": 200, "mother_name": 200, "birth_place": 100}
_LONGEST_WORDS = 2_000
_OLDEST_YEARS = 120
_COLUMNS = (*COLUMNS, "role", "rt")


def propose_correction(
    *, person_id: int, field: str, value: str, reason: str, by: User
) -> Proposal:
    """Propose another value for one field of a person; nothing changes yet.

    Args:
        person_id: an active person.
        field: one of ``CORRECTABLE``; a birth date as yyyy-mm-dd.
        value: what should stand there.
        reason: what shows it, in words.
        by: who proposes.

    Raises:
        NoSuchPerson: the person is not active.
        DecisionRefused: no such field, no reason, or a value that cannot stand there.
        entas.city.errors.NotAllowed, OutsideArea: ``by`` may not, or not in this kelurahan.
    """
    made = propose_corrections(person_id=person_id, values={field: value}, reason=reason, by=by)
    return made[0]


@transaction.atomic
def propose_corrections(
    *,
    person_id: int,
    values: Mapping[str, str],
    reason: str,
    by: User,
    evidence: str = "",
    seen: str = "",
) -> list[Proposal]:
    """Propose other values for fields of a person in one act; nothing changes yet.

    Args:
        person_id: an active person.
        values: field -> what should stand there; fields as in ``CORRECTABLE``, a birth date as
            yyyy-mm-dd. Empty ones are left out.
        reason: what shows it, in words.
        by: who proposes.
        evidence: papers or witnesses that show it, in words.
        seen: version of the state the form was filled in on (queries.corrections.present).

    Raises:
        NoSuchPerson: the person is not active.
        ValuesRefused: values that cannot stand there, a field at a time.
        ChangedMeanwhile: others changed the person or proposed something since ``seen``.
        DecisionRefused: no such field, no value or no reason.
        entas.city.errors.NotAllowed, OutsideArea: ``by`` may not, or not in this kelurahan.
    """
    check_may(by, "registry.propose")
    asked = {field: value.strip() for field, value in values.items() if value.strip()}
    _check_asked(asked, reason, evidence)
    # Held to the end: of two who propose at once, the second sees what the first proposed.
    person = active_person(person_id)
    check_may_at(by, "registry.propose", person.kelurahan)
    changes = changed_since(person, seen)
    if changes:
        raise ChangedMeanwhile(changes)
    if seen:
        _check_changes_something(person, asked)
    return _write(person, asked, (reason, evidence), by)


def _write(
    person: Person, asked: Mapping[str, str], words: tuple[str, str], by: User
) -> list[Proposal]:
    fields = [field for field in CORRECTABLE if field in asked]
    act = record(
        by,
        "registry.propose",
        object_type="person",
        object_id=person.pk,
        detail={"field": ",".join(fields)},
    )
    _check_age(asked, localdate(act.at))
    return [
        Proposal.objects.create(
            person=person,
            field=field,
            body_sealed=_sealed_body(person, field, asked[field], *words),
            by=actor_text(by),
            at=act.at,
            act_id=act.pk,
        )
        for field in fields
    ]


def _check_asked(asked: Mapping[str, str], reason: str, evidence: str) -> None:
    if not asked or set(asked) - set(CORRECTABLE) or not reason.strip():
        known = ", ".join(CORRECTABLE)
        raise DecisionRefused("Usulan perlu bidang ({known}), nilai dan alasan.", known=known)
    if max(len(reason), len(evidence)) > _LONGEST_WORDS:
        raise DecisionRefused("Alasan atau bukti lebih dari {most} huruf.", most=_LONGEST_WORDS)
    problems = {}
    for field, value in asked.items():
        try:
            _plain(field, value)
        except DecisionRefused as refusal:
            problems[field] = refusal.saying
    if problems:
        raise ValuesRefused(problems)


def _check_changes_something(person: Person, asked: Mapping[str, str]) -> None:
    """Whoever fills in a form sees what stands, and has no reason to propose the same."""
    same = [
        field
        for field, value in asked.items()
        if _compared(field, value) == plain_value(person, field)
    ]
    if same:
        words = Saying("Nilai ini sudah tercatat. Kosongkan isian yang tidak berubah.")
        raise ValuesRefused(dict.fromkeys(same, words))


def _check_age(asked: Mapping[str, str], today: date) -> None:
    if "birth" not in asked:
        return
    born = _birth_day(asked["birth"])
    if born > today or today.year - born.year > _OLDEST_YEARS:
        words = Saying(
            "Tanggal lahir setelah hari ini atau lebih dari {most} tahun lalu.", most=_OLDEST_YEARS
        )
        raise ValuesRefused({"birth": words})


def _compared(field: str, value: str) -> str:
    if field == "nik":
        return str(custody.blind_index(value, purpose="nik"))
    return str(_plain(field, value))


def _sealed_body(person: Person, field: str, value: str, reason: str, evidence: str) -> bytes:
    body = {"value": value, "reason": reason.strip()}
    if evidence.strip():
        body["evidence"] = evidence.strip()
    # What stood there, so that the reader sees whether it changed since; numbers by their hash.
    body["before"] = plain_value(person, field)
    return custody.seal(json.dumps(body, ensure_ascii=False).encode(), context=_CONTEXT)


def _plain(field: str, value: str) -> Any:
    """The value as the field keeps it.

    Raises:
        DecisionRefused: it cannot stand there.
    """
    if not value.isprintable() or len(value) > _LONGEST.get(field, 40):
        raise DecisionRefused("Nilai usulan terlalu panjang atau memuat tanda yang tak terlihat.")
    if field == "birth":
        return _birth_day(value)
    if field == "rt":
        return _rt_number(value)
    if field == "alive" and value not in dict(states.ALIVE_CHOICES):
        raise DecisionRefused("Status warga: hidup, meninggal atau pindah.")
    if field == "sex" and value not in dict(states.SEX_CHOICES):
        raise DecisionRefused("Jenis kelamin ditulis L atau P.")
    if field == "role" and value not in dict(states.ROLE_CHOICES):
        raise DecisionRefused("Hubungan dalam keluarga: kepala, pasangan, anak atau lain.")
    if field == "nik":
        _check_nik(value)
    return value


def _birth_day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as fault:
        raise DecisionRefused("Tanggal lahir ditulis tttt-bb-hh, misalnya 1980-12-31.") from fault


def _rt_number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= LARGEST_RT):
        raise DecisionRefused("RT ditulis sebagai angka 1 sampai {most}.", most=LARGEST_RT)
    return int(value)


def _check_nik(value: str) -> None:
    ranges = nik_ranges()
    number = NumberRules(ranges.only, ranges.never).check_nik(value)
    if number.digits != value:
        why = Told(number.code) if number.code else Saying("Tulis 16 angka tanpa spasi atau titik.")
        raise DecisionRefused("NIK yang diusulkan tidak dapat dipakai. {why}", why=why)


def proposed_value(proposal: Proposal) -> dict[str, str]:
    """What was proposed and why, opened: ``value``, ``reason``, ``before`` and ``evidence``."""
    plain = custody.unseal(bytes(proposal.body_sealed), context=_CONTEXT)
    body: dict[str, str] = json.loads(plain)
    return body


def answer_of(proposal: Proposal) -> str:
    """Why it was decided so, in the words of who decided; "" where nothing was said."""
    if proposal.answer_sealed is None:
        return ""
    return custody.unseal(bytes(proposal.answer_sealed), context=_ANSWER_CONTEXT).decode()


def accept_proposal(*, proposal: Proposal, by: User, reason: str = "") -> Person:
    """Write the proposed value; the field's origin becomes the proposal, and no list
    overrules it any more. A person merged since is corrected as the one who lives on.

    Args:
        proposal: an open one.
        by: who decides.
        reason: why, in words for who proposed it.

    Raises:
        DecisionRefused: it was decided before, or the NIK is another's.
        NoSuchPerson: the person is not active any more.
        entas.city.errors.NotAllowed, OutsideArea: ``by`` may not, or not in this kelurahan.
        entas.city.errors.NeedsSecondPerson: ``by`` proposed it and somebody else may decide.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.decide_proposal")
    with alone():
        now = _undecided(proposal)
        person = active_person(living(now.person_id))
        is_alone = _check_decides(now, person, by)
        before: dict[str, object] = {column: getattr(person, column) for column in _COLUMNS}
        _put(person, now.field, _plain(now.field, proposed_value(now)["value"]))
        _check_bearer(person)
        origin = {now.field: [PROPOSED_ORIGIN, now.pk]}
        person.origin_more = dict(person.origin_more or {}) | origin
        person.save(update_fields=list(_COLUMNS))
        act = _decide(now, states.ACCEPTED, by, reason)
        record_change(person, before, history=RegistryHistory, act_id=act.pk)
        if is_alone:
            mark_single_handed(act=act, kelurahan=person.kelurahan)
        rekey([person.pk])
        runs.raise_version()
        return person


def _put(person: Person, field: str, value: Any) -> None:
    if field in FIELDS:
        put_value(person, field, value)
    else:
        setattr(person, field, value)


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
def reject_proposal(*, proposal: Proposal, by: User, reason: str = "") -> Proposal:
    """Leave the value as it is; the proposal stays readable.

    Args:
        proposal: an open one.
        by: who decides.
        reason: why, in words for who proposed it; kept sealed.

    Raises:
        DecisionRefused: it was decided before.
        entas.city.errors.NotAllowed, OutsideArea: ``by`` may not, or not in this kelurahan.
        entas.city.errors.NeedsSecondPerson: ``by`` proposed it and somebody else may decide.
    """
    check_may(by, "registry.decide_proposal")
    now = _undecided(proposal)
    person = Person.objects.get(pk=living(now.person_id))
    is_alone = _check_decides(now, person, by)
    act = _decide(now, states.REJECTED, by, reason)
    if is_alone:
        mark_single_handed(act=act, kelurahan=person.kelurahan)
    return now


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: User, reason: str = "") -> Proposal:
    """Take one's own proposal back before anybody decided it; it stays readable.

    Args:
        proposal: an open one.
        by: who proposed it.
        reason: why, in words; may be left out.

    Raises:
        DecisionRefused: it was decided before.
        NotYourProposal: somebody else proposed it.
        entas.city.errors.NotAllowed: ``by`` may not propose any more.
    """
    check_may(by, "registry.propose")
    now = _undecided(proposal)
    if not is_same_actor(now.by, by):
        raise NotYourProposal(now.pk)
    _decide(now, states.TAKEN_BACK, by, reason)
    return now


def _undecided(proposal: Proposal) -> Proposal:
    now = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if now.state != states.PROPOSED:
        raise DecisionRefused("Usulan nomor {number} sudah diputuskan.", number=now.pk)
    return now


def _check_decides(proposal: Proposal, person: Person, by: User) -> bool:
    """Whether the decision is single-handed; refuses who may not decide here."""
    return check_second_person(
        by, "registry.decide_proposal", prepared_by=proposal.by, kelurahan=person.kelurahan
    )


def _decide(proposal: Proposal, state: str, by: User, reason: str) -> Act:
    act = record(
        by,
        f"registry.proposal.{state}",
        object_type="person",
        object_id=proposal.person_id,
        detail={"proposal": proposal.pk, "field": proposal.field},
    )
    proposal.state, proposal.decided_by, proposal.decided_at = state, actor_text(by), act.at
    if reason.strip():
        words = reason.strip()[:_LONGEST_WORDS].encode()
        proposal.answer_sealed = custody.seal(words, context=_ANSWER_CONTEXT)
    proposal.save(update_fields=["state", "decided_by", "decided_at", "answer_sealed"])
    tell_decided(proposal.by, proposal=proposal)
    return act
