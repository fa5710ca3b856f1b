"""The page of a family, and of a person who has none."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from entas.audit.services import look
from entas.city.policies import may, scope_of
from entas.registry import states
from entas.registry.queries.families import family_card, person_alone
from entas.registry.queries.members import Member
from entas.registry.queries.review import living
from entas.web.frame import WebRequest, page
from entas.web.story import story_of, users_behind

# Events of the story that stand on the page at first, and how many more a click brings.
_EVENTS = 20
_MOST_EVENTS = 500


def family(request: WebRequest, family: int) -> HttpResponse:
    """Members, home, memberships, sources and story of one family."""
    scope = scope_of(request.actor, "registry.look")
    card = family_card(family, scope=scope, on=timezone.localdate())
    if card is None:
        raise Http404
    look(request.actor, card.shown_persons, purpose="halaman keluarga", where="web keluarga")
    context = _about(request, card.members)
    context |= {"card": card, "home": card.home}
    return render(request, "web/family.html", context)


def person(request: WebRequest, person: int) -> HttpResponse:
    """Lead to the family of a person, or to who he or she is now; else the person alone."""
    now = living(person)
    scope = scope_of(request.actor, "registry.look")
    found = person_alone(now, scope=scope, on=timezone.localdate())
    if found is None:
        raise Http404
    if found.state == states.ACTIVE and found.family_id is not None:
        return redirect(f"{reverse('family', args=[found.family_id])}#warga-{now}")
    if now != person:
        return redirect("person", now)
    shown = {found.id, *(one.person_id for one in found.suspects)} - {0}
    look(request.actor, sorted(shown), purpose="halaman warga", where="web warga")
    context = _about(request, [found])
    context |= {"member": found, "is_withdrawn": found.state == states.WITHDRAWN}
    return render(request, "web/person.html", context)


def _about(request: WebRequest, members: Sequence[Member]) -> dict[str, Any]:
    """What both pages tell of persons: sources in words, what may be done, and the story."""
    told = story_of(members)
    shown = _asked_events(request)
    proposing = scope_of(request.actor, "registry.propose")
    moving = scope_of(request.actor, "registry.request_transfer")
    return {
        "section": "registry",
        "members": members,
        "users": users_behind(_actors(members)),
        "may_reveal": may(request.actor, "registry.reveal"),
        "may_read_looks": may(request.actor, "audit.read_looks"),
        "may_see_requests": not proposing.is_empty,
        "correctable": {
            one.id
            for one in members
            if one.state == states.ACTIVE and proposing.covers(one.kelurahan)
        },
        "movable": {
            one.id
            for one in members
            if one.state == states.ACTIVE and not one.transfers and moving.covers(one.kelurahan)
        },
        "waiting": [(member, one) for member in members for one in member.waiting],
        "transfers": [(member, one) for member in members for one in member.transfers],
        "may_see_transfers": may(request.actor, "registry.request_transfer"),
        "story": told[:shown],
        "names": {one.id: one.name for one in members},
        "more_events": min(shown * 2 + _EVENTS, _MOST_EVENTS) if len(told) > shown else 0,
        "untold": max(len(told) - shown, 0),
    }


def _asked_events(request: WebRequest) -> int:
    asked = request.GET.get("riwayat", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 4 else 0  # noqa: PLR2004
    return min(max(number, _EVENTS), _MOST_EVENTS)


def _actors(members: Iterable[Member]) -> Iterable[str]:
    for member in members:
        for fact in member.facts:
            if fact.origin is not None:
                yield fact.origin.proposed_by
                yield fact.origin.decided_by
        yield from (one.by for one in member.waiting)
        yield from (one.by for one in member.transfers)


urlpatterns = [
    page("keluarga/<family:family>/", family, name="family", act="registry.look"),
    page("warga/<person:person>/", person, name="person", act="registry.look"),
]
