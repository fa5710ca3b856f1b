"""A NIK or KK in full: asked for by a form, with a reason, and shown in that one answer only."""

import unicodedata
from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from entas.city.errors import OddPurpose
from entas.city.policies import scope_of
from entas.registry import states
from entas.registry.errors import NoNumber, TooManyReveals
from entas.registry.models import Family, Person
from entas.registry.queries.members import masked
from entas.registry.services import reveal_kk, reveal_nik
from entas.registry.services.revealing import REVEAL
from entas.sources.masking import mask_long_numbers
from entas.web.frame import WebRequest, is_partial, page
from entas.web.words import in_words


def nik(request: WebRequest, person: int) -> HttpResponse:
    """The NIK of one person."""
    row = Person.objects.filter(pk=person).exclude(state=states.WITHDRAWN).first()
    if row is None or not scope_of(request.actor, REVEAL).covers(row.kelurahan):
        raise Http404
    known = {
        "what": "NIK",
        "masked": masked([row.nik_sealed], Person.SEALED["nik_sealed"])[0],
        "back": reverse("person", args=[person]),
    }
    return _answer(request, partial(reveal_nik, person=row), known)


def kk(request: WebRequest, family: int) -> HttpResponse:
    """The KK number of one family."""
    row = Family.objects.filter(pk=family).first()
    members = Person.objects.filter(family=family, state=states.ACTIVE)
    scope = scope_of(request.actor, REVEAL)
    places = set(members.values_list("kelurahan", flat=True))
    if row is None or not any(scope.covers(place) for place in places):
        raise Http404
    known = {
        "what": "KK",
        "masked": masked([row.kk_sealed], Family.SEALED["kk_sealed"])[0],
        "back": reverse("family", args=[family]),
    }
    return _answer(request, partial(reveal_kk, family=row), known)


def _answer(request: WebRequest, reveal: Callable[..., str], known: dict[str, str]) -> HttpResponse:
    match = request.resolver_match
    where = f"web {match.url_name if match else ''}"
    purpose = request.POST.get("purpose", "")
    reason = " ".join(unicodedata.normalize("NFC", request.POST.get("reason", "")).split())
    shown: dict[str, object] = {**known, "address": request.path, "section": "registry"}
    status = 200
    try:
        shown["number"] = reveal(
            purpose=purpose, reason=reason, where=where, by=request.actor, now=timezone.now()
        )
    except (OddPurpose, TooManyReveals, NoNumber) as refusal:
        field = refusal.field if isinstance(refusal, OddPurpose) else "all"
        shown |= {
            "reveal_faults": {field: in_words(refusal)},
            # A NIK typed as a reason goes back masked.
            "reveal_typed": {"purpose": purpose, "reason": mask_long_numbers(reason)},
        }
        status = 429 if isinstance(refusal, TooManyReveals) else 422
    part = "web/parts/revealed.html" if "number" in shown else "web/parts/reveal.html"
    template = part if is_partial(request) else "web/reveal.html"
    answer = render(request, template, shown, status=status)
    # Also said here, so that no change of the frame ever lets a browser keep it.
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns = [
    page("warga/<person:person>/nik/", nik, name="reveal_nik", act=REVEAL, methods=("POST",)),
    page("keluarga/<family:family>/kk/", kk, name="reveal_kk", act=REVEAL, methods=("POST",)),
]
