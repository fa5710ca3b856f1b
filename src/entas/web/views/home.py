"""The first page: what waits for the person, and for those who steer, where the city stands."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from entas.city.models import Right, User
from entas.city.policies import rights_of
from entas.web.figures_shown import cards, kecamatan_map, trend
from entas.web.frame import SIGNED_IN, WebRequest, page
from entas.web.waiting import first_steps, waiting_for

# Who opens Entas to see where the city stands. The figures are open to all; these begin with them.
_STEERING = frozenset(
    {
        Right.Role.LEADER,
        Right.Role.TKPK_VIEWER,
        Right.Role.TKPK_SECRETARIAT,
        Right.Role.SLRT_MANAGER,
    }
)


def _steers(actor: User) -> bool:
    return any(right.role in _STEERING for right in rights_of(actor))


def home(request: WebRequest) -> HttpResponse:
    """What waits, what to begin with, and the headline figures for who steers."""
    lines = waiting_for(request.actor, timezone.localdate())
    known: dict[str, Any] = {"section": "home", "lines": lines, "steps": first_steps(request.actor)}
    if _steers(request.actor):
        known |= {
            "steers": True,
            "cards": cards(),
            "trend": trend("P0", "15.71"),
            "map": kecamatan_map(),
        }
    return render(request, "web/home.html", known)


urlpatterns = [page("", home, name="home", act=SIGNED_IN)]
