"""What every template knows without being told."""

from typing import Any

from django.http import HttpRequest

from entas.city.policies import may
from entas.city.queries import is_demo
from entas.notices.queries import unread_count
from entas.web.frame import own_address
from entas.web.navigation import OWN, RIVER, menu_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """The menus, the person, and whether the people here are invented."""
    actor = getattr(request, "actor", None)
    known: dict[str, Any] = {
        "actor": actor,
        "is_demo": is_demo(),
        "here": own_address(request),
    }
    if actor is not None:
        known |= {
            "river": menu_of(actor, RIVER),
            "own": menu_of(actor, OWN),
            # Called where a template asks for it: parts of pages need no count.
            "unread": lambda: unread_count(actor),
            "may_search": may(actor, "registry.search"),
        }
    return known
