"""Every page in a real browser: readable for everybody, in both languages, wide and narrow."""

from pathlib import Path

import pytest
from playwright.sync_api import Error

from doors.web.addresses import Page, own_address, pages
from doors.web.world import (
    EVERYTHING,
    EVERYTHING_IN_ENGLISH,
    OFFICER_IN_ENGLISH,
    user_name,
)

AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
READERS = {"id": EVERYTHING, "en": EVERYTHING_IN_ENGLISH}
# Some pages are only there for who does not see the whole city.
OFFICERS = {"id": user_name("front_office", "A1"), "en": OFFICER_IN_ENGLISH}
SHOWN = [page for page in pages() if "GET" in page.methods]

_ASK = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"]});
    return found.violations
        .filter((one) => ["serious", "critical"].includes(one.impact))
        .map((one) => `${one.id}: ${one.help} at ` + one.nodes.map((n) => n.target.join(" ")));
}"""


@pytest.fixture(params=SHOWN, ids=lambda page: page.name)
def shown(request) -> Page:
    """One page after the other."""
    return request.param


def _go(desk, shown, reader):
    """Open the page with a row of the reader's own; None when it is a file and no page."""
    address = own_address(desk.served.world, shown, reader)
    assert address is not None, f"{shown.route}: no examples for its numbers"
    try:
        return desk.go(address.path)
    except Error as fault:
        if "Download is starting" not in str(fault):
            raise
        return None


def _opened(seats, language, shown, width=1280):
    """The page in a window; None when it is a file."""
    for reader in (READERS[language], OFFICERS[language]):
        desk = seats("" if shown.is_public else reader)
        # The language of who has not signed in.
        cookie = {"name": "django_language", "value": language, "url": desk.served.address}
        desk.page.context.add_cookies([cookie])
        desk.page.set_viewport_size({"width": width, "height": 800})
        answer = _go(desk, shown, reader)
        if answer is None:
            return None
        if answer.status == 200:
            assert desk.page.get_attribute("html", "lang") == language
            return desk
    pytest.fail(f"{desk.path} -> {answer.status}")


def _hindrances(desk):
    desk.page.evaluate(AXE.read_text(encoding="utf-8"))
    return desk.page.evaluate(_ASK)


@pytest.mark.parametrize("language", sorted(READERS))
def test_a_page_has_no_serious_hindrance(seats, shown, language):
    desk = _opened(seats, language, shown)

    if desk is not None:
        assert _hindrances(desk) == []
        assert desk.faults == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_never_scrolls_sideways(seats, shown, width):
    desk = _opened(seats, "id", shown, width)

    if desk is not None:
        wide, seen = desk.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        assert wide <= seen, f"{desk.path} is {wide} wide in a window of {seen}"


@pytest.mark.parametrize("path", ["/tidak-ada/", "/warga/999999999/"])
@pytest.mark.parametrize("language", sorted(READERS))
def test_a_refusal_has_no_serious_hindrance(seats, language, path):
    desk = seats(READERS[language])
    desk.go(path)

    assert _hindrances(desk) == []


def test_a_hindrance_is_found_where_there_is_one(seats):
    desk = seats("")
    desk.go("/masuk/")
    desk.page.evaluate("document.querySelectorAll('label').forEach((one) => one.remove())")

    assert any(found.startswith("label:") for found in _hindrances(desk))
