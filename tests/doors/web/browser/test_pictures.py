"""The main pages as pictures for README and tutorial; written only when ENTAS_SCREENSHOTS is 1."""

import os
from pathlib import Path

import pytest

from doors.web.quarters import A1, citizens_of
from doors.web.world import EVERYTHING, user_name

PICTURES = Path(__file__).parents[4] / "docs" / "images" / "web"
IS_WANTED = os.environ.get("ENTAS_SCREENSHOTS") == "1"
OFFICER = user_name("front_office", "A1")
COORDINATOR = user_name("puskesos_coordinator", "A1")
# Picture, who looks, address, width of the window.
PAGES = (
    ("beranda", COORDINATOR, "/", 1280),
    ("beranda-360", COORDINATOR, "/", 360),
    ("usulan", COORDINATOR, "/usulan/", 1280),
    ("wilayah", user_name("data_steward", "city"), "/wilayah/", 1280),
    ("angka", user_name("leader", "city"), "/angka/", 1280),
    ("pimpinan", user_name("leader", "city"), "/", 1280),
    ("jejak", EVERYTHING, "/jejak/", 1280),
)
_MOST_BYTES = 300_000


def keep(desk, name, height=800):
    """Write what the window shows, if pictures are wanted; it must show a whole page anyway."""
    assert desk.page.query_selector("main h1") is not None
    width = desk.page.viewport_size["width"]
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    picture = desk.page.screenshot(clip=clip, full_page=True)
    assert len(picture) < _MOST_BYTES
    if IS_WANTED:
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.png").write_bytes(picture)


@pytest.mark.parametrize(("name", "who", "path", "width"), PAGES, ids=[page[0] for page in PAGES])
def test_a_main_page_can_be_shown(open_desk, name, who, path, width):
    desk = open_desk(who, width=width)
    desk.go(path)

    keep(desk, name)


@pytest.mark.parametrize(("width", "suffix"), [(1280, ""), (360, "-360")])
def test_a_family_is_found_and_shown(open_desk, width, suffix):
    desk = open_desk(OFFICER, width=width)
    head = citizens_of(A1)[0]

    desk.page.fill("[data-slash]", head["NAMA_LGKP"].lower())
    desk.page.press("[data-slash]", "Enter")
    desk.page.wait_for_selector("ol.lines")
    keep(desk, f"cari{suffix}", height=560)
    desk.page.click("ol.lines a >> nth=0")
    desk.page.wait_for_selector("main table")
    keep(desk, f"keluarga{suffix}", height=1100)
