"""Whole ways through the house, in a real browser, as officers go them."""

import re

import pytest

from doors.web.quarters import A1, B1, citizens_of
from doors.web.world import user_name

OFFICER = user_name("front_office", "A1")
COLLEAGUE = user_name("back_office", "A1")
COORDINATOR = user_name("puskesos_coordinator", "A1")
PROTECTOR = user_name("data_protection_officer", "city")
# Whoever stands in the middle of the list: neither merged nor moved by the small city's story.
CITIZEN, STRANGER = citizens_of(A1)[9], citizens_of(B1)[9]


def search(desk, words):
    desk.go("/")
    desk.page.fill("[data-slash]", words)
    desk.page.press("[data-slash]", "Enter")
    desk.page.wait_for_url(re.compile("/cari/."))


def open_family(desk, citizen=CITIZEN):
    search(desk, citizen["NAMA_LGKP"])
    desk.page.click("ol.lines a >> nth=0")
    desk.page.wait_for_url(re.compile("/keluarga/"))


def open_correction(desk):
    open_family(desk)
    name = CITIZEN["NAMA_LGKP"]
    row = desk.page.locator("tr", has_text=name).first
    # By its address: the officer may have chosen English.
    row.locator("a[href$='/koreksi/']").click()
    desk.page.wait_for_url(re.compile("/koreksi/"))


def test_an_officer_finds_a_family_and_nobody_elsewhere(open_desk):
    desk = open_desk(OFFICER)

    search(desk, STRANGER["NAMA_LGKP"])
    assert STRANGER["NAMA_LGKP"] not in desk.page.inner_text("main ol.lines, main .card")
    assert STRANGER["NIK"] not in desk.page.url

    search(desk, STRANGER["NIK"])
    assert f"Terdaftar di Kelurahan {B1.name}: ajukan permohonan pindah." in desk.text
    assert STRANGER["NAMA_LGKP"] not in desk.page.content()
    assert STRANGER["NIK"] not in desk.page.content() + desk.page.url

    open_family(desk)
    assert CITIZEN["NAMA_LGKP"] in desk.text
    assert CITIZEN["NIK"] not in desk.page.content()


def test_the_keyboard_alone_is_enough_to_open_a_family(open_desk):
    desk = open_desk(OFFICER)
    keyboard = desk.page.keyboard

    keyboard.press("/")
    keyboard.type(CITIZEN["NAMA_LGKP"].lower())
    keyboard.press("Enter")
    desk.page.wait_for_url(re.compile("/cari/."))
    desk.page.focus("#isi")
    for _ in range(8):
        keyboard.press("Tab")
        if desk.page.evaluate("document.activeElement.closest('ol.lines') !== null"):
            break
    keyboard.press("Enter")

    desk.page.wait_for_url(re.compile("/keluarga/"))
    assert CITIZEN["NAMA_LGKP"] in desk.text


@pytest.mark.parametrize("javascript", [True, False])
def test_a_correction_goes_from_who_hears_it_to_who_decides(open_desk, javascript):
    value = "MUARA BULIAN" if javascript else "SAROLANGUN"
    desk = open_desk(OFFICER, javascript=javascript)
    open_correction(desk)
    desk.page.fill("[name=birth_place]", value)
    desk.page.fill("[name=reason]", "tertulis di akta kelahiran")
    desk.page.click("main form button[type=submit]")
    desk.page.wait_for_selector("main .alert-success")

    chief = open_desk(COORDINATOR, javascript=javascript)
    chief.go("/usulan/")
    chief.page.locator("tr", has_text=CITIZEN["NAMA_LGKP"]).first.locator("a").first.click()
    chief.page.wait_for_url(re.compile(r"/usulan/\d+/"))
    assert value in chief.text
    chief.page.fill("main [name=reason]", "sesuai dengan aktanya")
    chief.page.click("main button[value=accept]")
    chief.page.wait_for_load_state()

    open_family(desk)
    assert value in desk.page.content()


def test_what_was_typed_survives_a_lost_connection_and_a_new_sign_in(open_desk):
    desk = open_desk(COLLEAGUE)
    open_correction(desk)
    path = desk.path
    desk.page.fill("[name=mother_name]", "SUTINAH")
    with desk.page.expect_response(re.compile("/konsep/")):
        desk.page.fill("[name=reason]", "keterangan ketua RT")

    desk.page.context.set_offline(True)
    desk.page.fill("[name=evidence]", "surat")
    desk.page.wait_for_selector(
        "[data-draft-note]:has-text('belum'), [data-draft-note]:has-text('not')"
    )
    desk.page.context.set_offline(False)
    desk.page.context.clear_cookies()
    desk.go(path)
    desk.sign_in(COLLEAGUE)

    assert desk.path == path
    assert desk.page.input_value("[name=mother_name]") == "SUTINAH"
    assert desk.page.input_value("[name=reason]") == "keterangan ketua RT"


def test_a_shared_laptop_keeps_nothing_after_signing_out(open_desk):
    desk = open_desk(OFFICER)
    open_family(desk)
    desk.sign_out()

    desk.page.go_back()
    desk.page.wait_for_load_state()

    assert CITIZEN["NAMA_LGKP"] not in desk.page.content()
    assert desk.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert desk.page.evaluate("caches.keys().then((all) => all.length)") == 0


def test_the_language_changes_in_place(open_desk):
    desk = open_desk(user_name("facilitator", "A1"))
    desk.go("/wilayah/")
    desk.page.click("details.menu summary")
    desk.page.click("details.menu button[name=language]")
    desk.page.wait_for_selector("html[lang=en]")

    assert desk.path == "/wilayah/"
    assert "Areas" in desk.page.inner_text("nav.river")
    desk.page.click("details.menu summary")
    desk.page.click("details.menu button[name=language]")
    desk.page.wait_for_selector("html[lang=id]")


def test_who_looked_is_told_to_the_protection_officer(open_desk):
    officer = open_desk(OFFICER)
    open_family(officer)
    number = re.search(r"#warga-(\d+)", officer.page.url)
    assert number is not None

    desk = open_desk(PROTECTOR)
    desk.go(f"/warga/{number[1]}/dilihat/")

    assert OFFICER in desk.text
    assert CITIZEN["NIK"] not in desk.page.content()
