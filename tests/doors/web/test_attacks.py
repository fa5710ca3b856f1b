"""Somebody tries to get in, to stay in, or to be somebody else."""

import re
import uuid

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse

from doors.web.visiting import Visitor
from doors.web.world import B1, PASSWORD, citizens_of
from entas.city.models import Right, User
from entas.web.models import Draft

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0"}
CHROME = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0"}


@pytest.fixture
def officer(world):
    return world.user(Right.Role.FRONT_OFFICE, "A1")


def sign_in(client, user, following="", password=PASSWORD, **headers):
    """Sign in by the form, as a browser does."""
    typed = {"username": user.username, "password": password, "next": following}
    return client.post(reverse("sign_in"), typed, headers=headers or FIREFOX)


def is_in(client, **headers):
    return client.get("/", headers=headers or FIREFOX).status_code == 200


# --- where somebody is led -------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "///jahat.example/",
        "/\\jahat.example/",
        "\\\\jahat.example",
        "/\t/jahat.example/",
        "\n//jahat.example/",
        "http:jahat.example",
        "http:///jahat.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie: jahat=1",
        "https://testserver@jahat.example/",
        "https://testserver.jahat.example/",
        "jahat.example",
        "",
    ],
)
def test_a_forged_address_behind_the_sign_in_leads_home(officer, forged):
    for answer in (
        sign_in(Client(), officer, forged),
        Client().post(reverse("language"), {"language": "id", "next": forged}),
    ):
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", answer["Location"])
        assert "jahat" not in answer["Location"].partition("?")[0].partition("%0d")[0]
        assert "jahat" not in answer.cookies


def test_two_addresses_behind_the_sign_in_cannot_smuggle_one(officer):
    client = Client()
    address = reverse("sign_in") + "?next=/tentang/&next=//jahat.example/"
    typed = {"username": officer.username, "password": PASSWORD}

    answer = client.post(address, typed)

    assert answer.status_code == 302
    assert "jahat" not in answer["Location"]


def test_who_signs_in_comes_back_to_what_was_asked_for(officer):
    client = Client()
    asked = client.get("/tentang/?bagian=2")
    assert asked.status_code == 200

    answer = sign_in(client, officer, "/tentang/?bagian=2")

    assert answer["Location"] == "/tentang/?bagian=2"


def test_a_number_typed_into_an_address_does_not_travel_on_to_the_sign_in(world):
    nik = citizens_of(B1)[0]["NIK"]

    answer = Client().get(f"/?q={nik}")

    assert answer.status_code == 302
    assert nik not in answer["Location"]


# --- sessions --------------------------------------------------------------------------------


def test_the_number_of_the_session_changes_when_somebody_signs_in(officer):
    client = Client()
    client.get(reverse("sign_in"))
    session = client.session
    session["kept"] = "1"
    session.save()
    before = session.session_key

    sign_in(client, officer)

    assert client.session.session_key != before


def test_a_session_number_chosen_by_another_is_not_taken_over(officer):
    attacker = Client()
    session = attacker.session
    session["kept"] = "1"
    session.save()
    victim = Client()
    victim.cookies["sessionid"] = session.session_key

    sign_in(victim, officer)

    assert is_in(victim)
    assert not is_in(attacker)


def test_a_session_that_turns_up_in_another_browser_ends_for_both(officer):
    victim, thief = Client(), Client()
    sign_in(victim, officer)
    assert is_in(victim)
    thief.cookies["sessionid"] = victim.cookies["sessionid"].value

    stolen = thief.get("/", headers=CHROME)

    assert stolen.status_code == 302
    assert stolen["Location"].startswith(reverse("sign_in"))
    assert not is_in(victim)


def test_an_invented_session_number_opens_nothing(world):
    client = Client()
    client.cookies["sessionid"] = "a" * 32

    assert not is_in(client)


def test_signing_out_ends_the_session_on_the_server_too(officer):
    client = Client()
    sign_in(client, officer)
    kept = client.cookies["sessionid"].value

    client.post(reverse("sign_out"), headers=FIREFOX)

    thief = Client()
    thief.cookies["sessionid"] = kept
    assert not is_in(thief)


def test_a_link_cannot_sign_somebody_out(officer):
    client = Client()
    sign_in(client, officer)

    answer = client.get(reverse("sign_out"), headers=FIREFOX)

    assert answer.status_code == 405
    assert is_in(client)


def test_who_was_switched_off_is_out_at_the_next_click(officer):
    client = Client()
    sign_in(client, officer)
    officer.is_active = False
    officer.save()

    assert not is_in(client)


def test_a_right_that_ended_shows_no_page_any_more(world, officer):
    client = world.login(Client(), officer)
    officer.rights.update(valid_to="2026-01-02")
    shown = client.get("/").content.decode()

    assert "Warga</a>" not in shown


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(officer):
    def words(name):
        answer = Client().post(
            reverse("sign_in"), {"username": name, "password": "salah-salah-salah"}
        )
        text = answer.content.decode().replace(name, "~")
        return answer.status_code, re.sub(r"[A-Za-z0-9]{64}", "~", text)

    assert words(officer.username) == words("tidak.ada@A1")


def test_ten_wrong_passwords_lock_the_account_even_for_the_right_one(officer):
    for _ in range(10):
        sign_in(Client(), officer, password="salah-salah-salah")

    client = Client()
    answer = sign_in(client, officer)

    assert answer.status_code < 500
    assert not is_in(client)


# --- cookies ---------------------------------------------------------------------------------


def test_what_was_typed_in_place_of_a_name_lies_nowhere_readable(officer):
    for typed in (citizens_of(B1)[0]["NIK"], PASSWORD):
        for address in ("sign_in", "recover"):
            fields = {"username": typed, "password": "salah-salah-salah", "code": "AAAA"}
            Client().post(reverse(address), fields)

        assert AccessAttempt.objects.count() == 1
        assert typed not in str(list(AccessAttempt.objects.values()))
        AccessAttempt.objects.all().delete()


def test_what_is_nobodys_name_is_locked_like_a_name(officer):
    for _ in range(10):
        answer = sign_in(Client(), User(username="tidak-ada"), password="salah-salah")

    assert answer.status_code == 429
    assert sign_in(Client(), officer).status_code == 302


def test_scripts_and_other_sites_get_no_cookie(officer):
    client = Client()
    client.get(reverse("sign_in"))
    sign_in(client, officer)
    client.post(reverse("language"), {"language": "en"}, headers=FIREFOX)

    assert set(client.cookies) >= {"sessionid", "csrftoken"}
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name


# --- drafts of others ------------------------------------------------------------------------


@pytest.fixture
def draft_of_another(world):
    return Draft.objects.get(pk=world.numbers["draft.uuid"]["B1"])


def test_nobody_types_into_the_draft_of_another(world, officer, draft_of_another):
    client = world.login(Client(), officer)

    answer = client.post(reverse("draft", args=[draft_of_another.pk]), {"alasan": "palsu"})

    assert answer.status_code == 409
    draft_of_another.refresh_from_db()
    assert draft_of_another.body_sealed is None


def test_a_draft_that_is_nobodys_answers_like_that_of_another(world, officer, draft_of_another):
    client = world.login(Client(), officer)

    of_another = client.post(reverse("draft", args=[draft_of_another.pk]), {"alasan": "palsu"})
    of_nobody = client.post(reverse("draft", args=[uuid.uuid4()]), {"alasan": "palsu"})

    assert (of_another.status_code, of_another.content) == (
        of_nobody.status_code,
        of_nobody.content,
    )


def test_a_draft_larger_than_a_form_is_not_kept(world, officer):
    client = world.login(Client(), officer)
    mine = world.numbers["draft.uuid"]["A1"]

    answer = client.post(reverse("draft", args=[mine]), {"alasan": "x" * 200_000})

    assert answer.status_code == 409
    assert Draft.objects.get(pk=mine).body_sealed is None


def test_what_is_typed_lies_sealed_in_the_database(world, officer):
    client = world.login(Client(), officer)
    mine = world.numbers["draft.uuid"]["A1"]

    answer = client.post(reverse("draft", args=[mine]), {"alasan": "tetangga melapor"})

    assert answer.status_code == 204
    assert b"tetangga" not in bytes(Draft.objects.get(pk=mine).body_sealed)


def test_a_visitor_of_the_tests_sees_a_foreign_word_where_there_is_one(world, officer):
    visitor = Visitor(world, officer)
    answer = visitor.get(f"/tentang/?{B1.street}")
    seen = type(answer)(200, f"JL. {B1.street.title()} 7", 1, "", 0, "text/html")

    assert visitor.foreign_words(seen) == [f"B1: {B1.street.lower()}"]
