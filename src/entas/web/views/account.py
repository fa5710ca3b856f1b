"""My account: my rights, my password, my phone, my sessions."""

import base64
import binascii
import re
import time

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas import custody
from entas.city.queries import rights_shown
from entas.city.services import (
    choose_password,
    confirm_factor,
    end_sessions,
    factor_address,
    new_factor_secret,
)
from entas.refusals import EntasRefusal
from entas.web import sessions
from entas.web.forms import Form
from entas.web.frame import SIGNED_IN, WebRequest, page
from entas.web.views.recover import NewPasswordForm, OldPasswordForm
from entas.web.views.session import LONGEST_PASSWORD, CodeForm
from entas.web.words import in_words

# Whoever showed the password so lately is not asked for it again.
_FRESH_SECONDS = 600
_CONTEXT = "user.totp"
_WRONG_PASSWORD = gettext_lazy("Sandi sekarang salah.")


class ChangePasswordForm(NewPasswordForm):
    """The present password, then a new one twice."""

    field_order = ("password", "new_password1", "new_password2")
    password = forms.CharField(
        label=gettext_lazy("Sandi sekarang"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


def account(request: WebRequest) -> HttpResponse:
    """What I may, where I am signed in, and what I can change."""
    actor = request.actor
    context = {
        "section": "account",
        "rights": rights_shown(actor, on=timezone.localdate()),
        "sessions": sessions.open_sessions(actor),
        "own_session": request.session.get("sign_in"),
    }
    return render(request, "web/account.html", context)


def _knows_password(request: WebRequest, form: Form) -> bool:
    """Whether the present password is right; a wrong one counts like at the sign-in."""
    known = authenticate(
        request, username=request.actor.username, password=form.cleaned_data["password"]
    )
    if known is None or known.pk != request.actor.pk:
        form.add_error("password", str(_WRONG_PASSWORD))
        return False
    request.session["proved"] = int(time.time())
    return True


def password(request: WebRequest) -> HttpResponse:
    """Choose a new password; sessions elsewhere end."""
    actor = request.actor
    # A one-time password was typed a moment ago: asking for it again teaches nothing.
    is_first = actor.must_change_password
    form = (NewPasswordForm if is_first else ChangePasswordForm)(request.POST or None)
    is_ready = request.method == "POST" and form.is_valid()
    if is_ready and (is_first or _knows_password(request, form)):
        try:
            choose_password(user=actor, password=form.cleaned_data["new_password1"])
        except EntasRefusal as fault:
            form.add_error("new_password1", in_words(fault))
        else:
            sessions.keep(request, actor)
            messages.success(request, _("Sandi diganti. Sesi di tempat lain sudah diakhiri."))
            return redirect("home" if is_first else "account")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "is_first": is_first, "section": "account"}
    return render(request, "web/password.html", context, status=status)


# --- the second factor -----------------------------------------------------------------------


def second_factor(request: WebRequest) -> HttpResponse:
    """Set up a phone, or replace it: after the password, with the first number it shows."""
    actor = request.actor
    if actor.must_change_password:
        return redirect("password")
    if not _showed_password_lately(request):
        return _ask_password(request)
    secret = _secret_in_hands(request)
    form = CodeForm(request.POST or None) if "code" in request.POST else CodeForm()
    if form.is_bound and form.is_valid():
        try:
            code = form.cleaned_data["code"]
            confirm_factor(user=actor, secret=secret, code=code, now=timezone.now())
        except EntasRefusal as fault:
            form.add_error("code", in_words(fault))
        else:
            request.session.pop("factor", None)
            sessions.keep(request, actor)
            messages.success(request, _("Aplikasi kode terpasang. Pakai kodenya saat masuk."))
            return redirect("account")
    context = {
        "form": form,
        "qr": _qr(factor_address(user=actor, secret=secret)),
        "groups": re.findall("....", secret),
        "section": "account",
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/second_factor.html", context, status=status)


def _showed_password_lately(request: WebRequest) -> bool:
    session = request.session
    moments = [session.get("proved")]
    if "sign_in" in session:
        moments.append(session.get("began"))
    return any(sessions.is_recent(moment, _FRESH_SECONDS) for moment in moments)


def _ask_password(request: WebRequest) -> HttpResponse:
    is_typed = request.method == "POST" and "password" in request.POST
    form = OldPasswordForm(request.POST if is_typed else None)
    if form.is_bound and form.is_valid() and _knows_password(request, form):
        return redirect("second_factor")
    context = {"form": form, "section": "account"}
    status = 422 if form.is_bound else 200
    return render(request, "web/second_factor_password.html", context, status=status)


def _secret_in_hands(request: WebRequest) -> str:
    """The secret that is being set up: it waits in the session, sealed, until it is confirmed."""
    try:
        sealed = base64.b64decode(request.session["factor"])
        return custody.unseal(sealed, context=_CONTEXT).decode()
    except (KeyError, binascii.Error, custody.SealBroken):
        secret = new_factor_secret()
        sealed = custody.seal(secret.encode(), context=_CONTEXT)
        request.session["factor"] = base64.b64encode(sealed).decode()
        return secret


def _qr(address: str) -> SafeString:
    """The address as a picture for the phone's camera."""
    drawing = segno.make(address, error="m", micro=False)
    # Made of squares alone: nothing of the address stands in it as text.
    return mark_safe(drawing.svg_inline(scale=5, border=4, dark="#000", light="#fff"))  # noqa: S308


def end_other_sessions(request: WebRequest) -> HttpResponse:
    """End all my sessions but this one."""
    end_sessions(user=request.actor)
    sessions.keep(request, request.actor)
    messages.success(request, _("Semua sesi lain sudah diakhiri."))
    return redirect("account")


urlpatterns = [
    page("akun/", account, name="account", act=SIGNED_IN),
    page(
        "akun/sandi/",
        password,
        name="password",
        act=SIGNED_IN,
        methods=("GET", "POST"),
        during_setup=True,
    ),
    page(
        "akun/ponsel/",
        second_factor,
        name="second_factor",
        act=SIGNED_IN,
        methods=("GET", "POST"),
        during_setup=True,
    ),
    page("akun/sesi/", end_other_sessions, name="end_sessions", act=SIGNED_IN, methods=("POST",)),
]
