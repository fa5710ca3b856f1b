"""Sessions of people who signed in: begun, kept, listed, ended."""

import datetime as dt
import re
import time
from typing import TypeGuard

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from entas.city.models import User
from entas.city.services import record_sign_in
from entas.web.models import SignIn

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_KEPT = dt.timedelta(days=90)
# The first that fits; Edge and Opera say that they are Chrome, Chrome that it is Safari.
_BROWSERS = (
    (r"Edg", "Edge"),
    (r"OPR|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung Internet"),
    (r"UCBrowser", "UC Browser"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)
_SYSTEMS = (
    (r"Android", "Android"),
    (r"iPhone|iPad", "iPhone/iPad"),
    (r"Windows", "Windows"),
    (r"Mac OS", "Mac"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in table if re.search(pattern, text)), "")


def browser_words(request: HttpRequest) -> str:
    """The browser and its system as a person knows them: ``Chrome, Windows``."""
    agent = request.headers.get("User-Agent", "")
    return ", ".join(filter(None, (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))))


def begin(request: HttpRequest, user: User) -> None:
    """Let somebody in who proved who it is, and tell when the last time was."""
    from entas.web.middleware import agent_mark

    last = SignIn.objects.filter(user=user.pk).order_by("-began_at").first()
    # Gives the session another number: one that was planted before is worth nothing.
    login(request, user, backend=_BACKEND)
    now = timezone.now()
    noted = SignIn.objects.create(
        user=user.pk,
        began_at=now,
        seen_at=now,
        browser=browser_words(request),
        epoch=user.session_epoch,
    )
    record_sign_in(user=user, has_factor=user.totp_confirmed_at is not None)
    session = request.session
    session["agent"], session["epoch"], session["sign_in"] = (
        agent_mark(request),
        user.session_epoch,
        noted.pk,
    )
    session["began"] = session["seen"] = int(time.time())
    if last is not None:
        _tell_of(request, last)


def _tell_of(request: HttpRequest, last: SignIn) -> None:
    when = date_format(timezone.localtime(last.began_at), "j F Y, H.i")
    said = _("Terakhir masuk: %(when)s dengan %(browser)s. Bila itu bukan Anda, ganti sandi.") % {
        "when": when,
        "browser": last.browser or _("peramban lain"),
    }
    messages.info(request, said)


def _noted(request: HttpRequest) -> QuerySet[SignIn]:
    """The note of the present session; none where somebody came in without the form."""
    return SignIn.objects.filter(pk=request.session.get("sign_in") or 0)


def keep(request: HttpRequest, user: User) -> None:
    """Let the present session go on after the password or phone changed; all others are over."""
    update_session_auth_hash(request, user)
    request.session["epoch"] = user.session_epoch
    _noted(request).update(epoch=user.session_epoch)


def touch(request: HttpRequest) -> None:
    """Note that somebody is still there; once a minute."""
    _noted(request).update(seen_at=timezone.now())


def end(request: HttpRequest) -> None:
    """End the session on the server too."""
    _noted(request).update(ended_at=timezone.now())
    logout(request)


def open_sessions(user: User) -> QuerySet[SignIn]:
    """Sessions of a person that would still be let in, the youngest first."""
    now = timezone.now()
    idle = dt.timedelta(seconds=settings.ENTAS_IDLE_SECONDS)
    old = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    mine = SignIn.objects.filter(user=user.pk, epoch=user.session_epoch, ended_at=None)
    return mine.filter(seen_at__gt=now - idle, began_at__gt=now - old).order_by("-began_at")


def forget_old(*, now: dt.datetime) -> None:
    """Remove sessions that ended by their age, and notes of sign-ins after ninety days."""
    Session.objects.filter(expire_date__lt=now).delete()
    SignIn.objects.filter(began_at__lt=now - _KEPT).delete()


def is_recent(moment: object, seconds: int) -> TypeGuard[float]:
    """Whether a moment kept in a session lies less than so many seconds back."""
    return isinstance(moment, int | float) and 0 <= time.time() - moment < seconds
