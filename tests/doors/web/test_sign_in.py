"""Signing in by password and phone, staying in, and coming back after a loss."""

import datetime as dt
import re

import pyotp
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from doors.web.signing_in import CHROME, FIREFOX, NEW, fresh, is_in, number, sign_in, text_of
from doors.web.world import PASSWORD
from entas.audit.models import Act
from entas.city import services
from entas.city.models import Installation, Right, User


@pytest.fixture
def officer(world):
    return world.user(Right.Role.FRONT_OFFICE, "A1")


@pytest.fixture
def client(world):
    return Client(headers=FIREFOX)


@pytest.fixture
def secret(officer):
    """The officer's phone, set up some minutes ago."""
    before = timezone.now() - dt.timedelta(minutes=5)
    made = services.new_factor_secret()
    services.confirm_factor(user=officer, secret=made, code=pyotp.TOTP(made).at(before), now=before)
    return made


# --- two steps -------------------------------------------------------------------------------


def test_a_password_alone_lets_nobody_in_who_has_a_phone(client, officer, secret):
    answer = sign_in(client, officer, following="/tentang/")

    assert answer["Location"] == reverse("sign_in_code")
    assert not is_in(client)
    assert "_auth_user_id" not in client.session


def test_the_number_of_the_phone_lets_in_and_leads_to_what_was_asked(client, officer, secret):
    sign_in(client, officer, following="/tentang/")

    answer = client.post(reverse("sign_in_code"), {"code": number(secret)})

    assert answer["Location"] == "/tentang/"
    assert is_in(client)
    act = Act.objects.filter(act="city.sign_in").latest("position")
    assert (act.object_id, act.detail) == (str(officer.pk), {"factor": True})


def test_a_number_that_was_used_lets_nobody_else_in(client, officer, secret):
    code = number(secret)
    sign_in(client, officer)
    client.post(reverse("sign_in_code"), {"code": code})
    other = Client(headers=CHROME)
    sign_in(other, officer)

    answer = other.post(reverse("sign_in_code"), {"code": code})

    assert answer.status_code == 422
    assert not is_in(other)


def test_the_second_step_without_the_first_leads_back(client):
    answer = client.get(reverse("sign_in_code"))

    assert answer["Location"] == reverse("sign_in")


def test_the_second_step_waits_five_minutes(client, officer, secret):
    sign_in(client, officer)
    session = client.session
    session["pending"] |= {"at": session["pending"]["at"] - 301}
    session.save()

    answer = client.post(reverse("sign_in_code"), {"code": number(secret)})

    assert answer["Location"] == reverse("sign_in")
    assert not is_in(client)


@pytest.mark.parametrize("change", ["password", "off"])
def test_who_changed_between_the_steps_starts_again(client, officer, secret, change):
    sign_in(client, officer)
    user = fresh(officer)
    if change == "off":
        user.is_active = False
    else:
        user.set_password(NEW)
    user.save()

    answer = client.post(reverse("sign_in_code"), {"code": number(secret)})

    assert answer["Location"] == reverse("sign_in")
    assert not is_in(client)


@pytest.mark.parametrize(
    "following", ["//jahat.example", "/\\jahat.example", "javascript:alert(1)"]
)
def test_a_forged_address_does_not_wait_behind_the_number(client, officer, secret, following):
    sign_in(client, officer, following=following)

    answer = client.post(reverse("sign_in_code"), {"code": number(secret)})

    assert answer["Location"] == "/"


def test_the_number_of_the_session_changes_at_both_steps(client, officer, secret):
    client.get(reverse("sign_in"))
    sign_in(client, officer)
    between = client.session.session_key

    client.post(reverse("sign_in_code"), {"code": number(secret)})

    assert client.session.session_key != between


def test_the_last_time_is_told_once(client, officer):
    sign_in(Client(headers=CHROME), officer)

    sign_in(client, officer)

    assert "dengan Chrome, Windows" in text_of(client.get("/"))
    assert "dengan Chrome, Windows" not in text_of(client.get("/"))


# --- lockout ---------------------------------------------------------------------------------


def fail(user_name, times=10):
    for _ in range(times):
        answer = Client(headers=FIREFOX).post(
            reverse("sign_in"), {"username": user_name, "password": "salah-salah-salah"}
        )
    return answer


def test_the_tenth_wrong_password_locks_and_says_until_when(officer):
    assert fail(officer.username, 9).status_code == 422

    answer = fail(officer.username, 1)

    assert answer.status_code == 429
    assert re.search(r"Coba lagi 15 menit lagi, sesudah pukul \d\d\.\d\d", text_of(answer))
    assert 800 < int(answer["Retry-After"]) <= 900


def test_while_it_is_locked_the_right_password_is_answered_like_a_wrong_one(officer):
    fail(officer.username)

    right = sign_in(Client(headers=FIREFOX), officer)
    wrong = sign_in(Client(headers=FIREFOX), officer, password="salah-salah-salah")

    assert (right.status_code, wrong.status_code) == (429, 429)
    token = re.compile(r"[A-Za-z0-9]{64}")
    assert token.sub("", text_of(right)) == token.sub("", text_of(wrong))


def test_a_name_nobody_has_is_locked_alike(world):
    assert fail("tidak.ada").status_code == 429


def test_trying_on_does_not_lock_for_longer(officer):
    from axes.models import AccessAttempt

    fail(officer.username)
    before = AccessAttempt.objects.get(username=officer.username).attempt_time

    fail(officer.username, 2)

    assert AccessAttempt.objects.get(username=officer.username).attempt_time == before


def test_after_a_quarter_of_an_hour_it_is_open_again(client, officer):
    from axes.models import AccessAttempt

    fail(officer.username)
    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME)

    sign_in(client, officer)

    assert is_in(client)


def test_a_wrong_number_counts_like_a_wrong_password(client, officer, secret):
    fail(officer.username, 7)
    sign_in(client, officer)
    for _ in range(2):
        assert client.post(reverse("sign_in_code"), {"code": "000000"}).status_code == 422

    answer = client.post(reverse("sign_in_code"), {"code": "000000"})

    assert answer.status_code == 429
    assert client.post(reverse("sign_in_code"), {"code": number(secret)}).status_code == 429
    assert not is_in(client)


def test_a_right_password_without_its_number_does_not_clear_the_count(client, officer, secret):
    fail(officer.username, 9)

    sign_in(client, officer)

    assert fail(officer.username, 1).status_code == 429


def test_what_was_typed_is_not_kept_with_the_failed_try(officer):
    from axes.models import AccessAttempt

    fail(officer.username, 1)

    kept = AccessAttempt.objects.get(username=officer.username)
    assert "salah-salah" not in kept.post_data
    assert "csrf" not in kept.post_data or "****" in kept.post_data


# --- the account -----------------------------------------------------------------------------


def test_a_one_time_password_leads_to_a_password_of_ones_own(client, officer):
    User.objects.filter(pk=officer.pk).update(must_change_password=True)
    sign_in(client, officer)
    assert client.get("/")["Location"] == reverse("password")

    answer = client.post(reverse("password"), {"new_password1": NEW, "new_password2": NEW})

    assert answer["Location"] == "/"
    assert is_in(client)
    assert fresh(officer).check_password(NEW)


@pytest.mark.parametrize(
    ("old", "new", "again", "word"),
    [
        ("salah-salah-salah", NEW, NEW, "Sandi sekarang salah"),
        (PASSWORD, NEW, NEW + "x", "tidak sama"),
        (PASSWORD, "pendek", "pendek", "12"),
        (PASSWORD, PASSWORD, PASSWORD, "sama dengan sandi lama"),
    ],
)
def test_a_password_is_not_changed_when_something_is_wrong(client, officer, old, new, again, word):
    sign_in(client, officer)

    answer = client.post(
        reverse("password"), {"password": old, "new_password1": new, "new_password2": again}
    )

    assert answer.status_code == 422
    assert word in text_of(answer)
    assert fresh(officer).check_password(PASSWORD)


def test_a_new_password_ends_the_sessions_elsewhere_and_keeps_this_one(client, officer):
    other = Client(headers=CHROME)
    sign_in(client, officer)
    sign_in(other, officer)

    client.post(
        reverse("password"), {"password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    )

    assert is_in(client)
    assert not is_in(other)


def test_guessing_the_password_in_an_open_session_locks_too(client, officer):
    sign_in(client, officer)
    wrong = {"password": "salah-salah-salah", "new_password1": NEW, "new_password2": NEW}
    for _ in range(9):
        client.post(reverse("password"), wrong)

    assert client.post(reverse("password"), wrong).status_code == 429


def test_all_other_sessions_are_listed_and_ended(client, officer):
    other = Client(headers=CHROME)
    sign_in(other, officer)
    sign_in(client, officer)
    shown = text_of(client.get(reverse("account")))
    assert "Chrome, Windows" in shown
    assert "Firefox, Linux" in shown

    client.post(reverse("end_sessions"))

    assert not is_in(other)
    assert "Chrome, Windows" not in text_of(client.get(reverse("account")))


def test_who_is_switched_off_is_out_at_the_next_click(client, world, officer):
    sign_in(client, officer)

    services.switch_off(user=officer, by=world.ani)

    assert not is_in(client)
    services.switch_on(user=officer, by=world.ani)
    assert not is_in(client)


def test_a_stolen_session_is_ended_and_the_thief_is_told_nothing(client, officer):
    sign_in(client, officer)
    thief = Client(headers=CHROME)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value

    answer = thief.get(reverse("account"))

    assert answer.status_code == 302
    assert not is_in(client)


def test_an_idle_session_ends(client, officer):
    sign_in(client, officer)
    session = client.session
    session["seen"] -= settings.ENTAS_IDLE_SECONDS + 1
    session.save()

    assert client.get("/")["Location"].startswith(reverse("sign_in"))


# --- setting up a phone ----------------------------------------------------------------------


def secret_shown(client):
    answer = client.get(reverse("second_factor"))
    return re.search(r'class="secret">([A-Z2-7 ]+)<', text_of(answer))[1].replace(" ", "")


def test_a_phone_is_set_up_by_its_first_number(client, officer):
    sign_in(client, officer)
    made = secret_shown(client)

    wrong = client.post(reverse("second_factor"), {"code": "000000"})
    assert wrong.status_code == 422
    assert fresh(officer).totp_confirmed_at is None
    answer = client.post(reverse("second_factor"), {"code": number(made)})

    assert answer["Location"] == reverse("account")
    assert fresh(officer).totp_confirmed_at is not None
    assert is_in(client)


def test_the_secret_stays_the_same_while_somebody_types(client, officer):
    sign_in(client, officer)

    assert secret_shown(client) == secret_shown(client)


def test_the_secret_lies_nowhere_readable_until_it_is_confirmed(client, officer):
    sign_in(client, officer)
    made = secret_shown(client)

    assert made not in str(dict(client.session))


def test_replacing_a_phone_asks_for_the_password_again(client, officer, secret):
    sign_in(client, officer)
    client.post(reverse("sign_in_code"), {"code": number(secret)})
    session = client.session
    session["began"] -= 3_600
    session.save()

    asked = text_of(client.get(reverse("second_factor")))
    assert "Ketik sandi Anda dahulu" in asked
    assert "<svg" not in asked
    wrong = client.post(reverse("second_factor"), {"password": "salah-salah-salah"})
    assert wrong.status_code == 422
    client.post(reverse("second_factor"), {"password": PASSWORD})

    assert "<svg" in text_of(client.get(reverse("second_factor")))


def test_a_real_installation_lets_nobody_work_without_a_phone(client, officer):
    Installation.objects.update(needs_second_factor=True)
    sign_in(client, officer)

    assert client.get("/")["Location"] == reverse("second_factor")
    assert client.get(reverse("account"))["Location"] == reverse("second_factor")


def test_the_phone_comes_after_the_password_of_ones_own(client, officer):
    User.objects.filter(pk=officer.pk).update(must_change_password=True)
    sign_in(client, officer)

    assert client.get(reverse("second_factor"))["Location"] == reverse("password")
