"""The frame around every answer: who signed in, for how long, in which language, and what a
refusal or a fault looks like.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from entas import faults
from entas.city.errors import NotAllowed, OutsideArea
from entas.refusals import EntasRefusal
from entas.web import sessions
from entas.web.frame import sign_in_address
from entas.web.words import in_words

Answer = Callable[[HttpRequest], HttpResponse]

_SECONDS_BETWEEN_WRITES = 60
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


_HEADERS = {
    "Content-Security-Policy": _POLICY,
    # What a page shows is about people: a shared laptop keeps nothing of it.
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
# What Django itself answers: not found, not allowed, not readable.
_ANSWERED = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)


class Language:
    """The language of the person who signed in, else the one chosen in this browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        user = request.user
        asked = (
            user.language
            if user.is_authenticated
            else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        )
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            answer = self.get_response(request)
            answer["Content-Language"] = language
            return answer


def agent_mark(request: HttpRequest) -> str:
    """What a session is tied to: the kind of browser it was begun in."""
    return hashlib.sha256(request.headers.get("User-Agent", "").encode()).hexdigest()[:32]


class Session:
    """Ends sessions that lie idle, are too old, or turn up in another browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer who may still be here; lead everybody else to the sign-in."""
        request.actor = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            why = self._end_reason(request)
            if why:
                sessions.end(request)
                messages.warning(request, why)
                answer = HttpResponse(status=401) if _is_htmx(request) else HttpResponse(status=302)
                answer["HX-Redirect" if _is_htmx(request) else "Location"] = sign_in_address(
                    request
                )
                return answer
            request.actor = request.user  # type: ignore[attr-defined]
        return self.get_response(request)

    def _end_reason(self, request: HttpRequest) -> str:
        now, session = int(time.time()), request.session
        mark = agent_mark(request)
        if session.setdefault("agent", mark) != mark:
            return _("Sesi ini dimulai di peramban lain dan diakhiri. Silakan masuk lagi.")
        epoch = request.user.session_epoch  # type: ignore[union-attr]
        if session.setdefault("epoch", epoch) != epoch:
            return _("Sesi ini diakhiri karena sandi, ponsel, atau akun berubah. Masuk lagi.")
        began = session.setdefault("began", now)
        seen = session.setdefault("seen", now)
        if now - seen > settings.ENTAS_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
            return _(
                "Sesi berakhir karena lama tidak dipakai. Ketikan Anda tersimpan sebagai draf."
            )
        # A page that asks again by itself is no sign of a person.
        is_asked_by_hand = "X-Entas-Poll" not in request.headers
        if now - seen >= _SECONDS_BETWEEN_WRITES and is_asked_by_hand:
            session["seen"] = now
            sessions.touch(request)
        return ""


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


class Headers:
    """What every answer tells the browser, also the answer to a request nobody could read.

    The outermost of all: what is refused further in still passes here.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers that every page needs."""
        # For answers given before anybody knows who asks.
        request.actor = None  # type: ignore[attr-defined]
        # Pages ask browsers for UTF-8. Another name in a header, of a packing or of half letters,
        # would end in a fault wherever something typed is read first.
        if request.encoding is not None:
            request.encoding = "utf-8"
        answer = self.get_response(request)
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer


class Door:
    """Unfinished accounts, refusals and faults as pages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what goes wrong on the way is answered by the methods below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _values: Any
    ) -> HttpResponse | None:
        """Lead to the set-up of the account who has not finished it."""
        actor = request.actor  # type: ignore[attr-defined]
        if actor is None or getattr(view, "during_setup", False):
            return None
        if actor.must_change_password:
            return redirect("password")
        # Who has one costs no question.
        if actor.totp_confirmed_at is None and settings_need_factor():
            return redirect("second_factor")
        return None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A refusal is an answer; everything else is a fault that is logged without its values."""
        if isinstance(fault, _ANSWERED):
            return None
        if isinstance(fault, EntasRefusal):
            if isinstance(fault, NotAllowed):
                # The sentence of the stage names the act by its code, for the command line.
                line = _(
                    "Peran Anda tidak mencakup ini. Bila pekerjaan Anda memerlukannya, minta "
                    "administrator memberikan peran yang sesuai."
                )
                return refusal_page(request, line, status=403)
            status = 403 if isinstance(fault, OutsideArea) else 422
            return refusal_page(request, in_words(fault), status=status)
        known = faults.known(fault)
        if known is not None:
            return refusal_page(request, in_words(known), status=503)
        code = faults.note(fault, settings.ENTAS_HOME)[0]
        line = _(
            "Galat tak terduga dengan kode %(code)s. Keadaan sebelumnya tetap berlaku. Coba lagi; "
            "bila terulang, sampaikan kode itu kepada pengelola Entas."
        ) % {"code": code}
        return refusal_page(request, line, status=500)


def settings_need_factor() -> bool:
    """Whether this installation asks everybody for a second factor."""
    from entas.city.queries import installation

    return installation().needs_second_factor


def refusal_page(request: HttpRequest, line: str, *, status: int) -> HttpResponse:
    """One sentence that says what is wrong and what to do next, as a page or a part of one."""
    part = "web/parts/refusal.html" if _is_htmx(request) else "web/refusal.html"
    return render(request, part, {"line": line, "status": status}, status=status)
