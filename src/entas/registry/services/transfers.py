"""Requests to register somebody in another kelurahan: asked there, decided where they leave."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from entas import custody
from entas.audit.models import Act
from entas.audit.services import actor_text, is_same_actor, record
from entas.city.errors import OutsideArea
from entas.city.models import Area, User
from entas.city.policies import check_may, check_second_person, scope_of
from entas.city.services import mark_single_handed
from entas.history import record_change
from entas.registry import states
from entas.registry.errors import NoSuchPerson, TransferRefused
from entas.registry.keys import LARGEST_RT
from entas.registry.models import Person, RegistryHistory, TransferRequest
from entas.registry.queries.review import living
from entas.registry.queries.transfers import transfer_words
from entas.registry.services import runs
from entas.registry.services.merging import active_person
from entas.registry.services.moving import leave_family, move_family
from entas.registry.services.restating import TRANSFER_ORIGIN
from entas.registry.services.survivorship import rekey
from entas.registry.services.telling import tell_of_decision, tell_of_request
from entas.registry.services.unfinished import alone

_BODY, _ANSWER = (TransferRequest.SEALED[name] for name in ("body_sealed", "answer_sealed"))
_LONGEST_REASON, _LONGEST_ADDRESS = 1_000, 300
_COLUMNS = ("kelurahan", "rt", "origin_more", "family_id", "role")


@transaction.atomic
def request_transfer(
    *,
    person_id: int,
    to_kelurahan: int,
    whole_family: bool,
    words: Mapping[str, str],
    by: User,
    on: date,
) -> TransferRequest:
    """Ask that a person be registered in another kelurahan; nothing changes yet.

    Args:
        person_id: an active person.
        to_kelurahan: where the person lives now.
        whole_family: the family's other members in the same kelurahan come along.
        words: ``reason``; ``rt`` and ``address`` there, where they are known.
        by: an officer of that kelurahan, or of the one the person leaves.
        on: the day; the kelurahan must exist on it.

    Raises:
        NoSuchPerson: the person is not active.
        TransferRefused: no reason, an odd RT or address, no such kelurahan, the person is
            registered there, or a request for the person is open.
        entas.city.errors.NotAllowed, entas.city.errors.OutsideArea: ``by`` may not.
    """
    check_may(by, "registry.request_transfer")
    body = _body(words)
    person = _movable(person_id, to_kelurahan, by, on)
    act = record(
        by,
        "registry.request_transfer",
        object_type="person",
        object_id=person.pk,
        detail={"from": person.kelurahan, "to": to_kelurahan, "whole_family": whole_family},
    )
    made = TransferRequest.objects.create(
        person=person,
        from_kelurahan=person.kelurahan,
        to_kelurahan=to_kelurahan,
        whole_family=whole_family,
        body_sealed=custody.seal(json.dumps(body, ensure_ascii=False).encode(), context=_BODY),
        by=actor_text(by),
        at=act.at,
        act_id=act.pk,
    )
    tell_of_request(transfer=made, by=by)
    return made


def _body(words: Mapping[str, str]) -> dict[str, str]:
    reason, rt, address = (words.get(name, "").strip() for name in ("reason", "rt", "address"))
    if not reason:
        raise TransferRefused("Tulis alasan kepindahan, misalnya: sudah tinggal di RT 005.")
    if rt and not (rt.isascii() and rt.isdigit() and 0 < int(rt[:6]) <= LARGEST_RT):
        raise TransferRefused("RT ditulis dengan angka 1 sampai 999.")
    for text, longest in ((reason, _LONGEST_REASON), (address, _LONGEST_ADDRESS)):
        if len(text) > longest or not text.replace("\n", " ").replace("\r", " ").isprintable():
            raise TransferRefused(
                "Alasan atau alamat terlalu panjang (alasan paling banyak 1.000 huruf, alamat 300) "
                "atau memuat tanda yang tak terlihat. Tulis ulang dengan lebih singkat."
            )
    return {"reason": reason, "rt": rt, "address": address}


def _movable(person_id: int, to_kelurahan: int, by: User, on: date) -> Person:
    person = Person.objects.filter(pk=person_id, state=states.ACTIVE).first()
    if person is None:
        raise NoSuchPerson(person_id)
    scope = scope_of(by, "registry.request_transfer")
    if not (scope.covers(to_kelurahan) or scope.covers(person.kelurahan)):
        raise OutsideArea("registry.request_transfer")
    if not Area.objects.on(on).kelurahan().filter(number=to_kelurahan).exists():
        raise TransferRefused("Kelurahan tujuan tidak ada. Pilih kelurahan dari daftar.")
    if person.kelurahan == to_kelurahan:
        raise TransferRefused(
            "Warga ini sudah terdaftar di kelurahan itu. Bila RT atau alamatnya salah, usulkan "
            "perbaikan data."
        )
    if TransferRequest.objects.filter(person=person, state=states.ASKED).exists():
        raise TransferRefused(
            "Permohonan pindah untuk warga ini sudah ada dan menunggu keputusan. Lihat daftar "
            "permohonan pindah."
        )
    return person


@transaction.atomic
def withdraw_transfer(*, transfer: TransferRequest, by: User) -> TransferRequest:
    """Take one's own request back.

    Raises:
        TransferRefused: it was decided before, or somebody else asked.
        entas.city.errors.NotAllowed: ``by`` may not ask any more.
    """
    check_may(by, "registry.request_transfer")
    now = _open(transfer)
    if not is_same_actor(now.by, by):
        raise TransferRefused("Permohonan hanya dapat dibatalkan oleh pengajunya sendiri.")
    _close(now, states.CALLED_OFF, _decision(now, states.CALLED_OFF, by))
    return now


@transaction.atomic
def refuse_transfer(*, transfer: TransferRequest, reason: str, by: User) -> TransferRequest:
    """Leave the person where he or she is registered; whoever asked is told why.

    Raises:
        TransferRefused: it was decided before, or no reason is given.
        entas.city.errors.NotAllowed, entas.city.errors.OutsideArea: ``by`` does not decide in
            the kelurahan that the person would leave.
        entas.city.errors.NeedsSecondPerson: ``by`` asked, and somebody else may decide.
    """
    check_may(by, "registry.decide_transfer")
    now = _open(transfer)
    if not reason.strip():
        raise TransferRefused("Tulis alasan penolakan, supaya pengaju tahu apa yang kurang.")
    is_alone = _check_decider(now, by)
    _answer(now, reason)
    _finish(now, states.REFUSED, by, is_alone=is_alone)
    return now


def accept_transfer(*, transfer: TransferRequest, by: User, on: date, reason: str = "") -> Person:
    """Register the person (or the family) in the new kelurahan; no list moves them back.

    Args:
        transfer: an open request.
        by: who decides in the kelurahan that is left.
        on: the day the new dwelling begins.
        reason: what the decision rests on.

    Raises:
        TransferRefused: it was decided before, or the person is registered elsewhere meanwhile.
        NoSuchPerson: the person is not active any more.
        entas.city.errors.NotAllowed, entas.city.errors.OutsideArea: as for a refusal.
        entas.city.errors.NeedsSecondPerson: ``by`` asked, and somebody else may decide.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.decide_transfer")
    with alone():
        now = _open(transfer)
        is_alone = _check_decider(now, by)
        person = active_person(living(now.person_id))
        if person.kelurahan != now.from_kelurahan:
            raise TransferRefused(
                "Warga ini sudah terdaftar di kelurahan lain sejak permohonan diajukan. Tolak "
                "permohonan ini, lalu minta pengaju memeriksa lagi."
            )
        _answer(now, reason)
        act = _finish(now, states.AGREED, by, is_alone=is_alone)
        moved = _move(now, person, act.pk, on)
        numbers = [one.pk for one in moved]
        rekey(numbers, addresses=dict.fromkeys(numbers, transfer_words(now)["address"]))
        runs.raise_version()
        return person


def _move(transfer: TransferRequest, person: Person, act_id: int, on: date) -> list[Person]:
    """Write the new place of the person and of who comes along; gives whoever moved."""
    words = transfer_words(transfer)
    members = _members(person) if transfer.whole_family else [person]
    before = [{name: getattr(one, name) for name in _COLUMNS} for one in members]
    home = transfer.to_kelurahan, int(words["rt"] or 0) or None, words["address"]
    if person.family_id is None or _others(person, members):
        leave_family(members=members, home=home, on=on, act_id=act_id)
    else:
        move_family(family_id=person.family_id, home=home, on=on, act_id=act_id)
    origin = [TRANSFER_ORIGIN, transfer.pk]
    for one, held in zip(members, before, strict=True):
        one.kelurahan, one.rt = home[0], home[1]
        one.origin_more = dict(one.origin_more or {}) | {"kelurahan": origin, "rt": origin}
        one.save(update_fields=list(_COLUMNS))
        record_change(one, held, history=RegistryHistory, act_id=act_id)
    return members


def _members(person: Person) -> list[Person]:
    """The person and the active others of the family who are registered in the same kelurahan."""
    if person.family_id is None:
        return [person]
    family = Person.objects.select_for_update().filter(
        family=person.family_id, state=states.ACTIVE, kelurahan=person.kelurahan
    )
    return [person, *family.exclude(pk=person.pk).order_by("pk")]


def _others(person: Person, members: Sequence[Person]) -> bool:
    """Whether somebody of the family stays behind."""
    family = Person.objects.filter(family=person.family_id, state=states.ACTIVE)
    return family.exclude(pk__in=[one.pk for one in members]).exists()


def _open(transfer: TransferRequest) -> TransferRequest:
    now = TransferRequest.objects.select_for_update().get(pk=transfer.pk)
    if now.state != states.ASKED:
        raise TransferRefused("Permohonan ini sudah diputuskan atau dibatalkan.")
    return now


def _check_decider(transfer: TransferRequest, by: User) -> bool:
    return check_second_person(
        by,
        "registry.decide_transfer",
        prepared_by=transfer.by,
        kelurahan=transfer.from_kelurahan,
    )


def _answer(transfer: TransferRequest, reason: str) -> None:
    reason = reason.strip()
    if len(reason) > _LONGEST_REASON:
        raise TransferRefused("Alasan paling banyak 1.000 huruf.")
    if reason:
        transfer.answer_sealed = custody.seal(reason.encode(), context=_ANSWER)


def _decision(transfer: TransferRequest, state: str, by: User) -> Act:
    return record(
        by,
        f"registry.transfer.{state}",
        object_type="person",
        object_id=transfer.person_id,
        detail={"transfer": transfer.pk, "to": transfer.to_kelurahan},
    )


def _close(transfer: TransferRequest, state: str, act: Act) -> None:
    transfer.state, transfer.decided_by, transfer.decided_at = state, act.actor, act.at
    transfer.save(
        update_fields=["state", "decided_by", "decided_at", "answer_sealed", "single_handed"]
    )


def _finish(transfer: TransferRequest, state: str, by: User, *, is_alone: bool) -> Act:
    act = _decision(transfer, state, by)
    transfer.single_handed = is_alone
    _close(transfer, state, act)
    if is_alone:
        mark_single_handed(act=act, kelurahan=transfer.from_kelurahan)
    tell_of_decision(transfer=transfer, by=by)
    return act
