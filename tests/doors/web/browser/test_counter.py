"""At the counter: while somebody types, with two officers at once, from the keyboard alone."""

import time

import pyotp
import pytest

from doors.web.world import A1, PASSWORD, citizens_of, user_name

OFFICER = user_name("front_office", "A1")


def listed(place, quarter=A1):
    """The row of the civil register that a person of the small city came from."""
    return citizens_of(quarter)[place]


def correct(desk, number, **values):
    """Fill in the form that proposes corrections and send it."""
    desk.go(f"/warga/{number}/koreksi/")
    for name, value in {"reason": "akta kelahiran", **values}.items():
        desk.page.fill(f"[name={name}]", value)
    desk.page.click("main form button[type=submit]")


def test_the_field_answers_while_somebody_types(open_desk):
    desk = open_desk(OFFICER)
    desk.go("/cari/")

    desk.page.type("#cari", listed(4)["NAMA_LGKP"].split()[0].lower(), delay=20)
    desk.page.wait_for_selector("#hasil .person-name")

    assert listed(4)["NAMA_LGKP"].casefold() in desk.text.casefold()
    # What was typed stands in no address.
    assert desk.path == "/cari/" or len(desk.path) == len("/cari/") + 37


def test_a_family_elsewhere_is_not_there(open_desk, served):
    desk = open_desk(OFFICER)

    answer = desk.go(f"/keluarga/{served.world.numbers['family']['B1']}/")

    assert answer.status == 404
    assert "Halaman ini tidak ada" in desk.text


def test_who_chooses_english_gets_it_again_at_the_next_sign_in(open_desk):
    desk = open_desk(user_name("back_office", "A1"))
    desk.page.click("details.menu summary")
    desk.page.click("button[value=en]")
    assert desk.page.get_attribute("html", "lang") == "en"
    desk.sign_out()

    again = open_desk(user_name("back_office", "A1"))

    assert again.page.get_attribute("html", "lang") == "en"
    assert "Langsung ke isi" not in again.page.content()


def test_the_whole_way_to_a_family_needs_the_keyboard_alone(open_desk, served):
    desk = open_desk()
    desk.go("/masuk/")
    keyboard = desk.page.keyboard
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.textContent.trim()") == "Langsung ke isi"
    _tab_to(desk, "[name=username]")
    keyboard.type(OFFICER)
    keyboard.press("Tab")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    desk.page.wait_for_selector("details.menu .who")

    keyboard.press("/")
    keyboard.type(listed(4)["NAMA_LGKP"])
    keyboard.press("Enter")
    desk.page.wait_for_selector("#hasil .person-name")
    _tab_to(desk, "#hasil .person-name")
    keyboard.press("Enter")
    desk.page.wait_for_url("**/keluarga/*/**")

    assert listed(4)["NAMA_LGKP"].casefold() in desk.text.casefold()


def _tab_to(desk, selector, most=40):
    for _ in range(most):
        if desk.page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        desk.page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached with {most} tabs")


def test_two_officers_at_the_same_person_the_second_is_told_and_loses_nothing(open_desk, served):
    number = served.world.people["A1"][10]
    first, second = open_desk(OFFICER), open_desk(user_name("data_operator", "A1"))
    second.go(f"/warga/{number}/koreksi/")
    second.page.fill("[name=birth_place]", "SAROLANGUN")
    second.page.fill("[name=reason]", "kartu keluarga lama")
    correct(first, number, birth_place="BANGKO")

    second.page.click("main form button[type=submit]")

    assert "berubah sejak formulir dibuka" in second.text
    assert "Tempat lahir diusulkan oleh petugas front office A1" in second.text
    assert second.page.input_value("[name=birth_place]") == "SAROLANGUN"
    assert second.page.input_value("[name=reason]") == "kartu keluarga lama"


def test_a_form_sent_again_from_the_past_is_refused(open_desk, served):
    desk = open_desk(OFFICER, javascript=False)
    number = served.world.people["A1"][11]
    desk.go(f"/warga/{number}/koreksi/")
    ticket = desk.page.input_value("[name=form_ticket]")
    desk.page.fill("[name=birth_place]", "TEBO")
    desk.page.fill("[name=reason]", "akta kelahiran")
    kept = desk.page.context.request
    typed = {
        "csrfmiddlewaretoken": desk.page.input_value("main [name=csrfmiddlewaretoken]"),
        "form_ticket": ticket,
        "seen": desk.page.input_value("[name=seen]"),
        "birth_place": "TEBO",
        "reason": "akta kelahiran",
    }
    desk.page.click("main form button[type=submit]")
    assert "dikirim" in desk.text

    again = kept.post(f"{desk.served.address}/warga/{number}/koreksi/", form=typed)

    assert again.status == 422
    assert "sudah pernah dikirim" in again.text()


def test_a_second_factor_is_set_up_and_asked_for_from_then_on(open_desk):
    user = user_name("tkpk_viewer", "city")
    desk = open_desk(user)
    desk.go("/akun/ponsel/")
    if desk.page.query_selector("[name=password]"):
        desk.page.fill("[name=password]", PASSWORD)
        desk.page.click("main form button")
    secret = desk.page.inner_text("code.secret").replace(" ", "")
    desk.page.fill("[name=code]", pyotp.TOTP(secret).now())
    desk.page.click("main form button")
    desk.page.wait_for_selector("main [role=status]")
    desk.sign_out()

    desk.page.fill("[name=username]", user)
    desk.page.fill("[name=password]", PASSWORD)
    desk.page.click("main form button")
    desk.page.wait_for_selector("[name=code]")
    desk.go("/")
    assert desk.path.startswith("/masuk/")
    desk.go("/masuk/kode/")
    # The number that set it up is spent: the one of the next half minute is not.
    desk.page.fill("[name=code]", pyotp.TOTP(secret).at(_next_half_minute()))
    desk.page.click("main form button")

    desk.page.wait_for_selector("details.menu .who")


def _next_half_minute():
    return int(time.time()) + 30
