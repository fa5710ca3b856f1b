"""The way back for who lost phone or password, with a code that two administrators gave."""

import time

from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.city.models import RecoveryRequest, User
from entas.city.services import spend_code, usable_recovery, use_recovery
from entas.refusals import EntasRefusal
from entas.web import sessions
from entas.web.forms import Form
from entas.web.frame import PUBLIC, WebRequest, page
from entas.web.views.session import (
    LONGEST_PASSWORD,
    WRONG_CODE,
    count_wrong,
    is_locked,
    locked,
)
from entas.web.words import in_words

_PENDING_SECONDS = 900


class RecoveryCodeForm(Form):
    """Who, and the code."""

    username = forms.CharField(
        label=gettext_lazy("Nama pengguna"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Kode pemulihan"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class NewPasswordForm(Form):
    """A new password, twice."""

    new_password1 = forms.CharField(
        label=gettext_lazy("Sandi baru"),
        help_text=gettext_lazy(
            "Paling sedikit 12 huruf, misalnya beberapa kata yang jarang dipakai bersama."
        ),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    new_password2 = forms.CharField(
        label=gettext_lazy("Sandi baru sekali lagi"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_new_password2(self) -> str:
        """Both times the same."""
        second: str = self.cleaned_data["new_password2"]
        if self.cleaned_data.get("new_password1") != second:
            raise forms.ValidationError(_("Kedua sandi tidak sama. Ketik ulang."))
        return second


class OldPasswordForm(Form):
    """The password that was not lost."""

    password = forms.CharField(
        label=gettext_lazy("Sandi"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class NewPasswordWithCodeForm(NewPasswordForm):
    """A new password, and a number of the phone that was not lost."""

    code = forms.CharField(
        label=gettext_lazy("Kode dari aplikasi"),
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def recover(request: WebRequest) -> HttpResponse:
    """Show the code; it is not spent yet."""
    form = RecoveryCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        if is_locked(request, name):
            return locked(request, credentials={"username": name})
        user = User.objects.filter(username=name).first()
        found = usable_recovery(user=user, code=form.cleaned_data["code"], now=timezone.now())
        if found is not None:
            request.session.cycle_key()
            request.session["recovery"] = {"number": found.pk, "at": int(time.time())}
            return redirect("recover_finish")
        count_wrong(request, name)
        form.add_error(
            None, _("Kode pemulihan itu tidak berlaku. Periksa nama dan kodenya, atau minta lagi.")
        )
    status = 422 if request.method == "POST" else 200
    return render(request, "web/recover.html", {"form": form}, status=status)


def _pending(request: WebRequest) -> RecoveryRequest | None:
    kept = request.session.get("recovery", {})
    if not sessions.is_recent(kept.get("at"), _PENDING_SECONDS):
        return None
    rows = RecoveryRequest.objects.usable(timezone.now()).filter(user__is_active=True)
    return rows.select_related("user").filter(pk=kept["number"]).first()


def _form_of(recovery: RecoveryRequest) -> type[Form]:
    """What the person must still show: whatever was not lost."""
    if not recovery.frees_password:
        return OldPasswordForm
    keeps_phone = not recovery.frees_phone and recovery.user.totp_confirmed_at is not None
    return NewPasswordWithCodeForm if keeps_phone else NewPasswordForm


def recover_finish(request: WebRequest) -> HttpResponse:
    """Choose a new password, or show the one that was kept; this spends the code."""
    recovery = _pending(request)
    if recovery is None:
        request.session.pop("recovery", None)
        messages.warning(request, _("Waktu habis atau kode tidak berlaku lagi. Mulai dari awal."))
        return redirect("recover")
    name = recovery.user.username
    if is_locked(request, name):
        return locked(request, credentials={"username": name})
    form = _form_of(recovery)(request.POST or None)
    if request.method == "POST" and form.is_valid() and _proves(request, recovery, form):
        try:
            user = use_recovery(
                recovery=recovery,
                password=form.cleaned_data.get("new_password1", ""),
                now=timezone.now(),
            )
        except EntasRefusal as fault:
            form.add_error(None, in_words(fault))
        else:
            request.session.pop("recovery", None)
            sessions.begin(request, user)
            messages.success(request, _("Akun Anda pulih. Sesi lain sudah diakhiri."))
            return redirect("second_factor" if recovery.frees_phone else "home")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "recovery": recovery}
    return render(request, "web/recover_finish.html", context, status=status)


def _proves(request: WebRequest, recovery: RecoveryRequest, form: Form) -> bool:
    """Whether what was not lost is right; a wrong try is counted."""
    typed = form.cleaned_data
    if "password" in typed:
        known = authenticate(request, username=recovery.user.username, password=typed["password"])
        if known is None:
            form.add_error("password", _("Sandi itu salah."))
        return known is not None
    if "code" in typed:
        is_right = spend_code(user=recovery.user, code=typed["code"], now=timezone.now())
        if not is_right:
            count_wrong(request, recovery.user.username)
            form.add_error("code", str(WRONG_CODE))
        return is_right
    return True


urlpatterns = [
    page("masuk/pemulihan/", recover, name="recover", act=PUBLIC, methods=("GET", "POST")),
    page(
        "masuk/pemulihan/lanjut/",
        recover_finish,
        name="recover_finish",
        act=PUBLIC,
        methods=("GET", "POST"),
    ),
]
