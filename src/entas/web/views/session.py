"""Coming in and going out, and the language of the screens."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from entas.web.frame import PUBLIC, SIGNED_IN, WebRequest, page


def next_address(request: WebRequest) -> str:
    """Where to go afterwards: only an address of this door, however ``next`` was forged."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    # A single slash and nothing a browser could read as another host.
    is_own = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=hosts)
    return asked if is_own else reverse("home")


def sign_in(request: WebRequest) -> HttpResponse:
    """Name and password."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(next_address(request))
    return render(request, "web/sign_in.html", {"form": form, "next": next_address(request)})


def sign_out(request: WebRequest) -> HttpResponse:
    """End the session on the server too."""
    logout(request)
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
    page("keluar/", sign_out, name="sign_out", act=SIGNED_IN, methods=("POST",), during_setup=True),
    page("bahasa/", language, name="language", act=PUBLIC, methods=("POST",), during_setup=True),
]
