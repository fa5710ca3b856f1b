"""A lost phone or password: one administrator asks, another one approves, the code works once."""

import datetime as dt
import hmac

from django.db import transaction
from django.utils import timezone

from entas import custody
from entas.audit.services import actor_text, is_same_actor, record, user_number
from entas.city.errors import RecoveryRefused
from entas.city.models import RecoveryRequest, User
from entas.city.policies import (
    ACTS_OF_ROLE,
    check_may,
    check_may_manage,
    others_who_may,
    rights_of,
)
from entas.city.services.passwords import check_password_strength, new_one_time_password

_ACT = "city.recover_user"
_PURPOSE = "user.recovery"
_WAITS = _PROVES_ITSELF = dt.timedelta(days=7)
_LASTS = dt.timedelta(hours=24)


def _hash(user_pk: int, code: str) -> int:
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return custody.blind_index(f"{user_pk} {plain}", purpose=_PURPOSE)


@transaction.atomic
def ask_recovery(
    *, user: User, kind: str, reason: str, by: User, now: dt.datetime
) -> RecoveryRequest:
    """Ask that somebody who lost phone or password may come in again.

    Args:
        user: who lost it.
        kind: one of ``RecoveryRequest.Kind``.
        reason: how the person was recognised; no names.
        by: the administrator who was asked.
        now: the moment; the request waits for seven days.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_manage`.
        RecoveryRefused: nobody else could approve it, the person is switched off, or a request
            waits already.
    """
    check_may_manage(by, user, _ACT)
    _check_kind(kind)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active:
        raise RecoveryRefused("Pengguna ini tidak aktif. Aktifkan dahulu, lalu ajukan pemulihan.")
    if not [other for other in others_who_may(by, _ACT, None) if other.pk != user.pk]:
        raise RecoveryRefused(
            "Pemulihan perlu administrator kedua, dan di sini hanya ada satu. Angkat administrator "
            "kedua, atau jalankan di server: entas city user recover {name}",
            name=locked.username,
        )
    if locked.recoveries.waiting(now).exists() or locked.recoveries.usable(now).exists():
        raise RecoveryRefused(
            "Pemulihan untuk pengguna ini sudah diajukan. Selesaikan atau tutup yang itu dahulu."
        )
    asked = RecoveryRequest.objects.create(
        user=locked,
        kind=kind,
        reason=reason.strip()[:200],
        asked_by=actor_text(by),
        asked_at=now,
        asked_until=now + _WAITS,
    )
    _record(by, "city.ask_recovery", asked)
    return asked


def _check_kind(kind: str) -> None:
    if kind not in RecoveryRequest.Kind.values:
        raise RecoveryRefused("Pilih apa yang hilang: ponsel, kata sandi, atau keduanya.")


def _record(by: object, act: str, recovery: RecoveryRequest) -> None:
    record(
        by,
        act,
        object_type="user",
        object_id=recovery.user_id,
        detail={"recovery": recovery.pk, "kind": recovery.kind},
    )


def _locked(recovery: RecoveryRequest) -> RecoveryRequest:
    rows = RecoveryRequest.objects.select_for_update(of=("self",)).select_related("user")
    return rows.get(pk=recovery.pk)


@transaction.atomic
def approve_recovery(*, recovery: RecoveryRequest, by: User, now: dt.datetime) -> str:
    """Let the person in again, as the second administrator.

    Returns:
        The code to hand over: shown once, kept as a keyed hash, good for 24 hours and one use.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_manage`.
        RecoveryRefused: ``by`` asked for it or was made administrator by who asked a moment ago,
            or it waits no more.
    """
    row = _locked(recovery)
    check_may_manage(by, row.user, _ACT)
    if is_same_actor(row.asked_by, by):
        raise RecoveryRefused(
            "Yang mengajukan pemulihan tidak boleh menyetujuinya. Minta administrator lain."
        )
    _check_independent(row, by, now)
    if row.approved_at or row.closed_at or row.asked_until <= now or not row.user.is_active:
        raise RecoveryRefused(
            "Pengajuan ini tidak menunggu lagi: sudah disetujui, ditutup, atau lewat tujuh hari. "
            "Ajukan yang baru bila masih perlu."
        )
    code = _approve(row, by, now)
    _record(by, "city.approve_recovery", row)
    return code


def _check_independent(row: RecoveryRequest, by: User, now: dt.datetime) -> None:
    # Otherwise one person could enrol a second one and be both of them.
    known_since = timezone.localtime(now).date() - _PROVES_ITSELF
    rights = [right for right in rights_of(by) if _ACT in ACTS_OF_ROLE[right.role]]
    asker = user_number(row.asked_by)
    if all(user_number(one.granted_by) == asker and one.valid_from > known_since for one in rights):
        raise RecoveryRefused(
            "Kewenangan Anda baru saja diberikan oleh yang mengajukan, jadi Anda belum dapat "
            "menjadi orang kedua baginya. Minta administrator lain, atau tunggu tujuh hari."
        )


def _approve(row: RecoveryRequest, by: object, now: dt.datetime) -> str:
    code = new_one_time_password().upper()
    row.approved_by, row.approved_at = actor_text(by), now
    row.code_hash, row.expires_at = _hash(row.user_id, code), now + _LASTS
    row.save(update_fields=["approved_by", "approved_at", "code_hash", "expires_at"])
    return code


@transaction.atomic
def close_recovery(*, recovery: RecoveryRequest, by: User, now: dt.datetime) -> None:
    """Refuse a request, or take back a code that was not used yet.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_manage`.
        RecoveryRefused: it was used or closed before.
    """
    row = _locked(recovery)
    check_may_manage(by, row.user, _ACT)
    if row.used_at or row.closed_at:
        raise RecoveryRefused("Pemulihan ini sudah dipakai atau ditutup.")
    row.closed_by, row.closed_at = actor_text(by), now
    row.save(update_fields=["closed_by", "closed_at"])
    _record(by, "city.close_recovery", row)


@transaction.atomic
def recover_on_server(*, user: User, kind: str, by: User, now: dt.datetime) -> str:
    """Make a code alone, at the server: whoever reaches its keys could do more than this.

    Only the command line calls it, and the chain says so.

    Returns:
        The code, as :func:`approve_recovery`.

    Raises:
        NotAllowed: ``by`` recovers nobody.
        RecoveryRefused: the person is switched off, or the kind is unknown.
    """
    check_may(by, _ACT)
    _check_kind(kind)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.is_active:
        raise RecoveryRefused("Pengguna ini tidak aktif. Aktifkan dahulu: entas city user on NAMA")
    locked.recoveries.filter(used_at=None, closed_at=None).update(
        closed_by=actor_text(by), closed_at=now
    )
    row = RecoveryRequest.objects.create(
        user=locked,
        kind=kind,
        reason="di server",
        asked_by=actor_text(by),
        asked_at=now,
        asked_until=now + _WAITS,
    )
    code = _approve(row, by, now)
    _record(by, "city.recover_on_server", row)
    return code


def usable_recovery(*, user: User | None, code: str, now: dt.datetime) -> RecoveryRequest | None:
    """The approved request this code belongs to; None for any other code or user."""
    number = user.pk if user is not None else 0
    given = _hash(number, code)
    rows = RecoveryRequest.objects.usable(now).filter(user=number, user__is_active=True)
    for row in rows.select_related("user"):
        if hmac.compare_digest(str(row.code_hash), str(given)):
            return row
    return None


@transaction.atomic
def use_recovery(*, recovery: RecoveryRequest, password: str, now: dt.datetime) -> User:
    """Spend a code: take off the lost phone, set the new password, end all sessions.

    Args:
        recovery: the approved request, found by :func:`usable_recovery`.
        password: the new one where the password was lost; ignored otherwise.
        now: the moment.

    Raises:
        RecoveryRefused: it was used, closed or is too old.
        WeakPassword: the password does not do; the code stays good.
    """
    row = _locked(recovery)
    if row.used_at or row.closed_at or row.expires_at is None or row.expires_at <= now:
        raise RecoveryRefused(
            "Kode pemulihan sudah dipakai atau lewat 24 jam. Minta administrator mengajukan lagi."
        )
    user = User.objects.select_for_update().get(pk=row.user_id)
    if row.frees_password:
        check_password_strength(user, password)
        user.set_password(password)
        user.must_change_password = False
    if row.frees_phone:
        user.totp_sealed, user.totp_confirmed_at = None, None
    user.session_epoch += 1
    user.save()
    row.used_at = now
    row.save(update_fields=["used_at"])
    _record(user, "city.use_recovery", row)
    return user
