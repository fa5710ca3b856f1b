"""A whole number and an exported list, as an officer gets them in a browser."""

import re

import pytest

from doors.web.world import EVERYTHING

WHOLE = re.compile(r"(?<!\d)\d{16}(?!\d)")


def family_of(served):
    return f"/keluarga/{served.world.numbers['family']['A1']}/"


def ask(desk, reason="warga datang ke loket"):
    widget = desk.page.locator(".reveal").first
    widget.locator("summary").click()
    widget.locator("select[name=purpose]").select_option("layanan")
    widget.locator("input[name=reason]").fill(reason)
    widget.locator("button").click()


def test_a_number_appears_in_its_place_and_is_gone_on_reload(open_desk, served):
    desk = open_desk(EVERYTHING)
    desk.go(family_of(served))
    assert not WHOLE.search(desk.page.content())

    ask(desk)
    desk.page.wait_for_selector(".reveal[role=status] strong")

    assert len(set(WHOLE.findall(desk.page.content()))) == 1
    assert desk.path == family_of(served)
    desk.page.reload()
    assert not WHOLE.search(desk.page.content())


def test_without_scripts_the_number_has_a_page_of_its_own(open_desk, served):
    desk = open_desk(EVERYTHING, javascript=False)
    desk.go(family_of(served))

    ask(desk)

    assert re.search(r"/(kk|nik)/$", desk.path)
    assert len(set(WHOLE.findall(desk.page.content()))) == 1
    # Going back and forth shows the list again, and never a number that was kept.
    desk.page.click("main a")
    assert desk.path == family_of(served) or desk.path.startswith("/warga/")
    assert not WHOLE.search(desk.page.content())


def test_a_reason_that_does_not_suffice_is_answered_beside_the_field(open_desk, served):
    desk = open_desk(EVERYTHING)
    desk.go(family_of(served))

    ask(desk, reason="1234567890 12")
    desk.page.wait_for_selector(".reveal .field-error")

    assert "paling sedikit 10 huruf" in desk.text
    assert desk.page.input_value(".reveal input[name=reason] >> nth=0") == "1234567890 12"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_list_is_downloaded_with_its_purpose(open_desk, served, javascript):
    desk = open_desk(EVERYTHING, javascript=javascript)
    desk.go("/jejak/")
    desk.page.locator(".page-acts summary").click()
    desk.page.locator(".page-acts select[name=purpose]").select_option("audit")
    desk.page.locator(".page-acts input[name=reason]").fill("pemeriksaan mingguan")

    with desk.page.expect_download() as download:
        desk.page.locator(".page-acts button[type=submit]").click()

    assert re.fullmatch(r"entas-jejak-tindakan-\d+\.xlsx", download.value.suggested_filename)
    assert download.value.path().stat().st_size > 1_000


def test_the_pages_of_the_trail_show_no_whole_number(open_desk, served):
    desk = open_desk(EVERYTHING)
    for path in ("/jejak/", "/jejak/penglihatan/", "/jejak/periksa/", "/jejak/tunggal/"):
        desk.go(path)
        assert not WHOLE.search(desk.page.content()), path
