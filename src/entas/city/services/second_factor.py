"""The second factor: numbers of an authenticator app, one every thirty seconds."""

import datetime as dt
import hmac

import pyotp
from django.db import transaction

from entas import custody
from entas.audit.services import record
from entas.city.errors import WrongCode
from entas.city.models import User

ISSUER = "Entas Kota Jambi"
_CONTEXT = User.SEALED["totp_sealed"]
# A phone's clock may be half a minute off.
_STEPS_OFF = (0, -1, 1)


def new_factor_secret() -> str:
    """A secret for an authenticator app, 160 bits in base 32."""
    return pyotp.random_base32()


def factor_address(*, user: User, secret: str) -> str:
    """What the QR code says to the app: whose account, where, and the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)


def _step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """The thirty-second step whose number this is, or None."""
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret)
    if not (typed.isascii() and typed.isdigit() and len(typed) == totp.digits):
        return None
    present = totp.timecode(now)
    found = None
    for off in _STEPS_OFF:
        # All are compared, so that the time taken tells nothing.
        if hmac.compare_digest(totp.generate_otp(present + off), typed):
            found = present + off
    return found


@transaction.atomic
def confirm_factor(*, user: User, secret: str, code: str, now: dt.datetime) -> None:
    """Make a secret the person's second factor, once the app shows its numbers.

    Until then an older one stays in force; afterwards sessions elsewhere end.

    Raises:
        WrongCode: the number is not one of this secret and this minute.
    """
    step = _step_of(secret, code, now)
    if step is None:
        raise WrongCode
    locked = User.objects.select_for_update().get(pk=user.pk)
    is_replaced = locked.totp_confirmed_at is not None
    locked.totp_sealed = custody.seal(secret.encode(), context=_CONTEXT)
    locked.totp_confirmed_at, locked.totp_last_step = now, step
    locked.session_epoch += 1
    fields = ["totp_sealed", "totp_confirmed_at", "totp_last_step", "session_epoch"]
    locked.save(update_fields=fields)
    user.refresh_from_db(fields=fields)
    record(
        user,
        "city.confirm_factor",
        object_type="user",
        object_id=user.pk,
        detail={"replaced": is_replaced},
    )


@transaction.atomic
def spend_code(*, user: User, code: str, now: dt.datetime) -> bool:
    """Whether this is the number of the person's app just now; no number is taken twice.

    Part of signing in, which has its own entry in the chain.
    """
    if user.totp_sealed is None or user.totp_confirmed_at is None:
        return False
    secret = custody.unseal(bytes(user.totp_sealed), context=_CONTEXT).decode()
    step = _step_of(secret, code, now)
    # One statement decides between two that come with the same number at once.
    return step is not None and bool(
        User.objects.filter(pk=user.pk, totp_last_step__lt=step).update(totp_last_step=step)
    )
