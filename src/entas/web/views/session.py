"""Coming in and going out, and the language of the screens."""

import math
import time
from collections.abc import Mapping
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.city.models import User
from entas.city.services import spend_code
from entas.web import sessions
from entas.web.forms import Form
from entas.web.frame import PUBLIC, SIGNED_IN, WebRequest, page

# Between the password and the number of the app.
_PENDING_SECONDS = 300
LONGEST_PASSWORD = 1_000
WRONG = gettext_lazy("Nama pengguna atau sandi salah. Periksa huruf besar dan kecilnya.")
WRONG_CODE = gettext_lazy(
    "Kode itu tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi."
)


class SignInForm(Form):
    """Name and password."""

    username = forms.CharField(
        label=gettext_lazy("Nama pengguna"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Sandi"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class CodeForm(Form):
    """A number of the authenticator app."""

    code = forms.CharField(
        label=gettext_lazy("Kode dari aplikasi"),
        max_length=12,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )


def next_address(request: WebRequest) -> str:
    """Where to go afterwards: only an address of this door, however ``next`` was forged."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    # A single slash and nothing a browser could read as another host.
    is_own = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=hosts)
    return asked if is_own else reverse("home")


# --- wrong passwords and numbers are counted together ----------------------------------------


def counted_name(
    request: HttpRequest | None, credentials: Mapping[str, str] | None = None
) -> str | None:
    """The name under which tries are counted and kept.

    What is nobody's name may be a NIK or a password in the wrong field: of it only a keyed hash
    is kept, under which it is locked all the same.
    """
    typed = (credentials or {}).get("username") or (request.POST.get("username") if request else "")
    if not typed or User.objects.filter(username=typed).exists():
        return typed or None
    return "#" + salted_hmac("entas.sign_in", typed, algorithm="sha256").hexdigest()


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether too many tries went wrong under this name, whether or not anybody has it."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def count_wrong(request: HttpRequest, username: str) -> None:
    """Count a wrong number or code like a wrong password; the last one answers as locked."""
    AxesProxyHandler.user_login_failed(
        sender=__name__, credentials={"username": username}, request=request
    )


def locked(
    request: HttpRequest,
    response: HttpResponse | None = None,
    credentials: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer while an account is locked: when to try again, and nothing about the password."""
    name = counted_name(None, credentials)
    tries = AccessAttempt.objects.filter(username=name).order_by("-attempt_time")
    last = tries.values_list("attempt_time", flat=True).first() or timezone.now()
    until = last + settings.AXES_COOLOFF_TIME
    seconds = max(60, math.ceil((until - timezone.now()).total_seconds()))
    context = {"until": until, "minutes": math.ceil(seconds / 60)}
    answer = render(request, "web/locked.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


# --- two steps -------------------------------------------------------------------------------


def sign_in(request: WebRequest) -> HttpResponse:
    """Name and password; whoever has a second factor is asked for its number next."""
    following = next_address(request)
    if request.method == "GET" and request.actor is not None:
        return redirect(following)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            if user.totp_confirmed_at is None:
                sessions.begin(request, user)
                return redirect(following)
            _keep_pending(request, user, following)
            return redirect("sign_in_code")
        form.add_error(None, str(WRONG))
    context = {"form": form, "next": following}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/sign_in.html", context, status=status)


def _keep_pending(request: WebRequest, user: User, following: str) -> None:
    """Remember who showed a right password; nobody is signed in yet."""
    request.session.cycle_key()
    request.session["pending"] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": int(time.time()),
        "next": following,
    }


def _pending_user(request: WebRequest) -> User | None:
    kept: dict[str, Any] = request.session.get("pending", {})
    if not sessions.is_recent(kept.get("at"), _PENDING_SECONDS):
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    # The password was changed meanwhile: the one that was shown is worth nothing now.
    return user if user and user.get_session_auth_hash() == kept["hash"] else None


def sign_in_code(request: WebRequest) -> HttpResponse:
    """The number of the authenticator app."""
    user = _pending_user(request)
    if user is None:
        request.session.pop("pending", None)
        messages.warning(request, _("Waktu untuk kode habis. Masuk lagi dengan nama dan sandi."))
        return redirect("sign_in")
    if is_locked(request, user.username):
        return locked(request, credentials={"username": user.username})
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if spend_code(user=user, code=form.cleaned_data["code"], now=timezone.now()):
            following = request.session.pop("pending")["next"]
            sessions.begin(request, user)
            return redirect(following)
        count_wrong(request, user.username)
        form.add_error("code", str(WRONG_CODE))
    status = 422 if request.method == "POST" else 200
    return render(request, "web/sign_in_code.html", {"form": form}, status=status)


def sign_out(request: WebRequest) -> HttpResponse:
    """End the session on the server too."""
    sessions.end(request)
    return redirect("sign_in")


def language(request: WebRequest) -> HttpResponse:
    """Choose the language of the screens; it stays with the person who signed in."""
    asked = request.POST.get("language", "")
    answer = redirect(next_address(request))
    if asked in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            asked,
            max_age=31_536_000,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        if request.actor is not None:
            request.actor.language = asked
            request.actor.save(update_fields=["language"])
    return answer


urlpatterns = [
    page("masuk/", sign_in, name="sign_in", act=PUBLIC, methods=("GET", "POST")),
    page("masuk/kode/", sign_in_code, name="sign_in_code", act=PUBLIC, methods=("GET", "POST")),
    page("keluar/", sign_out, name="sign_out", act=SIGNED_IN, methods=("POST",), during_setup=True),
    page("bahasa/", language, name="language", act=PUBLIC, methods=("POST",), during_setup=True),
]
