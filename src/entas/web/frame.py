"""What every page goes through: who asks, whether they may, and how it is answered.

A page names the act that a right must include, and so the list of pages is also the list of what
has to be tested: ``tests/doors/web`` visits each of them as every role of every area.
"""

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode

from entas.city.models import User
from entas.city.policies import check_may
from entas.web.converters import register_kinds

# In place of an act: pages for everybody, and for everybody who signed in.
PUBLIC: Final = "public"
SIGNED_IN: Final = "signed in"

View = Callable[..., HttpResponse]

# Every page is made by this module, so the kinds are known before the first address.
register_kinds()


class WebRequest(HttpRequest):
    """A request as views get it: ``actor`` is who signed in."""

    actor: User


# Longer than any number of ours in an address: somebody typed a NIK or KK there.
_TYPED_NUMBER = re.compile(r"\d{13}")


def own_address(request: HttpRequest) -> str:
    """The address that was asked for, to come back to; the first page when it holds a number of
    a person, which must not travel on.
    """
    asked = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return "/" if _TYPED_NUMBER.search(unquote(asked)) else asked


def sign_in_address(request: HttpRequest) -> str:
    """Where somebody signs in and then comes back to what was asked for."""
    back = own_address(request)
    query = f"?{urlencode({'next': back})}" if back != "/" else ""
    return reverse("sign_in") + query


def page(
    route: str,
    view: View,
    *,
    name: str,
    act: str,
    methods: Sequence[str] = ("GET",),
    during_setup: bool = False,
) -> URLPattern:
    """A line of the table of addresses.

    Args:
        route: as in :func:`django.urls.path`. Numbers of rows stand in it, never what is known
            about people. Use the converters of ``entas.web.converters``: the tests know examples
            for each of them.
        view: called with a :class:`WebRequest` once the actor may ``act`` somewhere. Where in the
            city, the view asks itself: ``policies.scope_of`` and ``policies.check_may_at``.
        name: how templates and tests name the page.
        act: the act a right must include, or ``PUBLIC`` or ``SIGNED_IN``.
        methods: what the page answers to; HEAD comes with GET.
        during_setup: open also to who must still choose a password or set up the second factor.
    """
    allowed = [*methods, *(["HEAD"] if "GET" in methods else [])]

    @wraps(view)
    def guarded(request: Any, *args: Any, **values: Any) -> HttpResponse:
        if request.method not in allowed:
            return HttpResponseNotAllowed(allowed)
        # A form too large or too odd is refused before anything is done, whatever the view reads.
        _refuse_unstorable(request)
        if act != PUBLIC:
            if request.actor is None:
                return _to_sign_in(request)
            if act != SIGNED_IN:
                check_may(request.actor, act)
        return view(request, *args, **values)

    # Read by the middleware, the navigation and the tests.
    guarded.act = act  # type: ignore[attr-defined]
    guarded.methods = tuple(methods)  # type: ignore[attr-defined]
    guarded.during_setup = during_setup  # type: ignore[attr-defined]
    return path(route, guarded, name=name)


def _refuse_unstorable(request: HttpRequest) -> None:
    """Let pass what a database can hold; PostgreSQL takes no text with a zero byte in it.

    Raises:
        BadRequest: something that was sent holds one. No browser sends that by itself.
        django.core.exceptions.SuspiciousOperation: the form is too large or has too many fields.
    """
    for _, values in request.POST.lists():
        if any("\x00" in value for value in values):
            raise BadRequest


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    address = sign_in_address(request)
    if request.headers.get("HX-Request"):
        # A part of a page cannot be replaced by a whole sign-in page.
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = address
        return answer
    return redirect(address)


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page only."""
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
