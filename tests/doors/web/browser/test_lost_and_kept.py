"""What is typed survives; what is shown does not stay in the browser of a shared laptop."""

from doors.web.world import user_name

OFFICER = user_name("front_office", "A1")
OPERATOR = user_name("data_operator", "A1")
REASON = "ibu menunjukkan akta asli di loket"


def begin(desk, number):
    desk.go(f"/warga/{number}/koreksi/")


def _wait_for_note(desk, words):
    desk.page.wait_for_selector(f"main [data-draft-note]:has-text('{words}')")


def test_a_session_that_ended_while_typing_loses_nothing(open_desk, served):
    number = served.world.people["A1"][13]
    desk = open_desk(OPERATOR)
    begin(desk, number)
    desk.page.type("[name=reason]", REASON)
    _wait_for_note(desk, "Draf tersimpan")
    desk.page.context.clear_cookies(name="sessionid")

    desk.page.click("main form button[type=submit]")
    desk.page.wait_for_selector("[name=password]")
    desk.sign_in(OPERATOR)
    begin(desk, number)

    assert desk.page.input_value("[name=reason]") == REASON


def test_the_draft_of_one_officer_is_not_offered_to_another(open_desk, served):
    number = served.world.people["A1"][14]
    one = open_desk(OFFICER)
    begin(one, number)
    one.page.type("[name=reason]", REASON)
    _wait_for_note(one, "Draf tersimpan")

    other = open_desk(OPERATOR)
    begin(other, number)

    assert other.page.input_value("[name=reason]") == ""


def test_going_back_after_signing_out_leads_to_the_sign_in(open_desk, served):
    desk = open_desk(OFFICER)
    desk.go(f"/keluarga/{served.world.numbers['family']['A1']}/")
    desk.sign_out()

    desk.page.go_back(wait_until="load")

    assert desk.path.startswith("/masuk/")


def test_every_answer_says_that_nothing_is_to_be_kept(open_desk, served):
    kept = []
    desk = open_desk()

    def look(response):
        is_file = "/static/" in response.url
        if not is_file and "no-store" not in response.headers.get("cache-control", ""):
            kept.append(response.url)

    desk.page.on("response", look)
    desk.sign_in(OFFICER)
    for path in ("/", "/cari/", f"/keluarga/{served.world.numbers['family']['A1']}/", "/usulan/"):
        desk.go(path)

    assert kept == []


def test_files_for_browsers_may_be_kept_for_long_for_their_names_change(open_desk):
    desk = open_desk()
    ages = {}
    desk.page.on(
        "response",
        lambda response: (
            ages.update({response.url: response.headers.get("cache-control", "")})
            if "/static/" in response.url
            else None
        ),
    )

    desk.go("/masuk/")

    assert ages
    assert [url for url, age in ages.items() if "immutable" not in age] == []
