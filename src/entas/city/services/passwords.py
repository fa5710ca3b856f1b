"""Passwords: the first one is handed over, every other one is chosen by the person."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from entas.audit.services import record
from entas.city.errors import PasswordChosen, WeakPassword
from entas.city.models import User
from entas.city.policies import check_may, check_may_manage

# Read aloud and typed from paper: nothing that looks like something else.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


def new_one_time_password() -> str:
    """Sixteen letters in four groups (79 bits)."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


@transaction.atomic
def set_one_time_password(*, user: User, by: User) -> str:
    """Make a new first password for somebody who never chose one.

    Whoever chose one is recovered by two people instead: else one administrator alone could sign
    in as anybody.

    Returns:
        The password to hand over; it is kept nowhere.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_manage`.
        PasswordChosen: the person chose a password or set up a second factor.
    """
    check_may_manage(by, user)
    locked = _without_password(user)
    password = new_one_time_password()
    _write(locked, password, must_change=True)
    record(by, "city.set_password", object_type="user", object_id=user.pk)
    return password


def _without_password(user: User) -> User:
    locked = User.objects.select_for_update().get(pk=user.pk)
    is_chosen = locked.has_usable_password() and not locked.must_change_password
    if is_chosen or locked.totp_confirmed_at is not None:
        raise PasswordChosen
    return locked


@transaction.atomic
def set_own_password(*, user: User, by: User, password: str) -> None:
    """Take the password that somebody without one types at the server, also the own one.

    Only the command line calls it: whoever sits there reaches the keys.

    Raises:
        NotAllowed: ``by`` manages no users.
        PasswordChosen: the person chose a password or set up a second factor.
        WeakPassword: it is too short, too common, or too much like the person's name.
    """
    check_may(by, "city.manage_users")
    locked = _without_password(user)
    check_password_strength(locked, password)
    _write(locked, password, must_change=False)
    record(by, "city.set_own_password", object_type="user", object_id=user.pk)


@transaction.atomic
def choose_password(*, user: User, password: str) -> None:
    """Set the password the person chose; sessions elsewhere end.

    Raises:
        WeakPassword: it is too short, too common, or too much like the person's name.
    """
    check_password_strength(user, password)
    locked = User.objects.select_for_update().get(pk=user.pk)
    _write(locked, password, must_change=False)
    user.refresh_from_db(fields=["password", "must_change_password", "session_epoch"])
    record(user, "city.choose_password", object_type="user", object_id=user.pk)


def check_password_strength(user: User, password: str) -> None:
    """Let pass what nobody guesses.

    Raises:
        WeakPassword: it is too short, too common, or too much like the person's name.
    """
    if user.check_password(password):
        raise WeakPassword("Sandi baru sama dengan sandi lama. Pilih sandi lain.")
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise WeakPassword("{why}", why=" ".join(fault.messages)) from fault


def _write(user: User, password: str, *, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password = must_change
    user.session_epoch += 1
    user.save(update_fields=["password", "must_change_password", "session_epoch"])
