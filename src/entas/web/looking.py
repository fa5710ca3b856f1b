"""Writing down that somebody looked at people: every page that shows persons calls this once."""

from collections.abc import Iterable

from entas.audit import services
from entas.web.frame import WebRequest

_PURPOSE = "membuka halaman"


def look(
    request: WebRequest, persons: Iterable[int], *, purpose: str = "", where: str = ""
) -> None:
    """Record a look for each person, once for each view of a page.

    Args:
        request: whose page.
        persons: numbers of the persons shown; the same person twice on a page is one look.
        purpose: why, where the reader said it.
        where: name of the page; that of its address when left out.
    """
    match = request.resolver_match
    page = where or (match.url_name if match else "") or "halaman"
    services.look(
        request.actor, dict.fromkeys(persons), purpose=purpose or _PURPOSE, where=f"web {page}"
    )
