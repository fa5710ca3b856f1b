"""Every page in a real browser: readable for everybody, in both languages, wide and narrow."""

from pathlib import Path

import pytest

from doors.web.addresses import Page, own_address, pages
from doors.web.world import EVERYTHING, EVERYTHING_IN_ENGLISH

AXE = Path(__file__).parents[1] / "vendor" / "axe-4.14.1.min.js"
READERS = {"id": EVERYTHING, "en": EVERYTHING_IN_ENGLISH}
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


def _opened(seats, language, shown, width=1280):
    desk = seats("" if shown.is_public else READERS[language])
    # The language of who has not signed in.
    cookie = {"name": "django_language", "value": language, "url": desk.served.address}
    desk.page.context.add_cookies([cookie])
    desk.page.set_viewport_size({"width": width, "height": 800})
    address = own_address(desk.served.world, shown, READERS[language])
    assert address is not None, f"{shown.route}: no examples for its numbers"
    path = address.path
    answer = desk.go(path)
    assert answer.status == 200, f"{path} -> {answer.status}"
    assert desk.page.get_attribute("html", "lang") == language
    return desk


@pytest.mark.parametrize("language", sorted(READERS))
def test_a_page_has_no_serious_hindrance(seats, shown, language):
    desk = _opened(seats, language, shown)
    desk.page.evaluate(AXE.read_text(encoding="utf-8"))

    assert desk.page.evaluate(_ASK) == []
    assert desk.faults == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_never_scrolls_sideways(seats, shown, width):
    desk = _opened(seats, "id", shown, width)

    wide, seen = desk.page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")

    assert wide <= seen, f"{desk.path} is {wide} wide in a window of {seen}"


@pytest.mark.parametrize("path", ["/tidak-ada/", "/warga/999999999/"])
@pytest.mark.parametrize("language", sorted(READERS))
def test_a_refusal_has_no_serious_hindrance(seats, language, path):
    desk = seats(READERS[language])
    desk.go(path)
    desk.page.evaluate(AXE.read_text(encoding="utf-8"))

    assert desk.page.evaluate(_ASK) == []
