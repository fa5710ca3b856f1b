"""Who may act here: entering people, switching them off and on."""

import datetime as dt
import re
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from entas.audit.services import record
from entas.city.errors import OddUserName, UnknownRole, UserExists
from entas.city.models import Right, User
from entas.city.policies import (
    check_may,
    check_may_manage,
    check_not_last_administrator,
    rights_of,
)
from entas.city.services.passwords import new_one_time_password
from entas.city.services.rights import Wanted, grant_right


@transaction.atomic
def add_user(*, username: str, role: str, by: User, day: dt.date) -> tuple[User, bool]:
    """Let somebody of this machine act in the whole city, or give back a right that was taken.

    The person gets no password: the name at the operating system is who it is.

    Args:
        username: the name at the operating system (or in ENTAS_USER).
        role: one of ``Right.Role``.
        by: who decides it.
        day: from when on.

    Returns:
        The user, and whether anything changed.

    Raises:
        NotAllowed: ``by`` is no administrator.
        OddUserName: the name holds something else than letters, digits and ``@.+-_``.
        UnknownRole: there is no such role.
        OwnAccount: ``by`` asks for more rights.
    """
    check_may(by, "city.add_user")
    check_user_name(username)
    if role not in Right.Role.values:
        raise UnknownRole(role)
    user = User.objects.filter(username=username).first()
    if user and any(right.role == role and right.area is None for right in rights_of(user)):
        return user, False
    user = user or User(username=username)
    user.is_active = True
    if not user.password:
        # Nobody logs in anywhere with a password nobody chose.
        user.set_unusable_password()
    user.save()
    _record_entry(by, user, [role])
    grant_right(user=user, wanted=Wanted(role, day), by=by, day=day)
    return user, True


def check_user_name(username: str) -> None:
    """Let pass names that a system would give.

    Raises:
        OddUserName: it is empty, too long, or holds other marks than ``@.+-_``.
    """
    if not re.fullmatch(r"[\w.@+-]{1,150}", username):
        raise OddUserName(username)


@transaction.atomic
def enrol_user(
    *,
    username: str,
    name: str,
    rights: Sequence[Wanted],
    by: User,
    day: dt.date,
    email: str = "",
    phone: str = "",
) -> tuple[User, str]:
    """Enter somebody who signs in with a browser, with the first rights.

    Args:
        username: letters, digits and ``@.+-_``; never changes.
        name: as the person writes it.
        rights: what the person may do; may be empty.
        by: who decides it.
        day: today.
        email: where messages go; may be empty.
        phone: may be empty.

    Returns:
        The user, and the one-time password to hand over: it is kept nowhere, and the first
        sign-in asks for another one.

    Raises:
        NotAllowed: ``by`` enters nobody.
        OddUserName, UserExists: another name is needed.
        EntasRefusal: as :func:`grant_right`.
    """
    check_may(by, "city.add_user")
    check_user_name(username)
    if User.objects.filter(username__iexact=username).exists():
        raise UserExists(username)
    user = User(username=username, name=name.strip(), email=email.strip(), phone=phone.strip())
    password = new_one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(force_insert=True)
    _record_entry(by, user, [wanted.role for wanted in rights])
    for wanted in rights:
        grant_right(user=user, wanted=wanted, by=by, day=day)
    return user, password


def _record_entry(by: User, user: User, roles: Sequence[str]) -> None:
    detail = {"roles": list(roles)}
    record(by, "city.add_user", object_type="user", object_id=user.pk, detail=detail)


@transaction.atomic
def switch_off(*, user: User, by: User) -> None:
    """Let somebody in no more; all open sessions end at their next click.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_manage`.
        LastAdministrator: nobody could give rights any more.
    """
    check_may_manage(by, user)
    check_not_last_administrator(user)
    changed = User.objects.filter(pk=user.pk, is_active=True).update(
        is_active=False, session_epoch=F("session_epoch") + 1
    )
    if changed:
        record(by, "city.switch_off", object_type="user", object_id=user.pk)


@transaction.atomic
def switch_on(*, user: User, by: User) -> None:
    """Let somebody in again, with the rights that are still in force.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_manage`.
    """
    check_may_manage(by, user)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        record(by, "city.switch_on", object_type="user", object_id=user.pk)


@transaction.atomic
def end_sessions(*, user: User) -> None:
    """End all sessions of a person who asks for it; the door lets the present one go on."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    record(user, "city.end_sessions", object_type="user", object_id=user.pk)


@transaction.atomic
def record_sign_in(*, user: User, has_factor: bool) -> None:
    """Write down that somebody signed in.

    Args:
        user: who.
        has_factor: with a number of the authenticator app too.
    """
    detail = {"factor": has_factor}
    record(user, "city.sign_in", object_type="user", object_id=user.pk, detail=detail)
