"""Coming back after losing phone or password, with a code that two administrators gave."""

import datetime as dt
import re

import pyotp
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from doors.web.signing_in import FIREFOX, NEW, fresh, is_in, number, text_of
from doors.web.world import PASSWORD
from entas.city import services
from entas.city.models import Right, User


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


@pytest.fixture
def code_for(world, officer):
    """Makes an approved recovery and gives its code."""

    def make(kind):
        now = timezone.now()
        chief = world.user(Right.Role.ADMINISTRATOR, "city")
        asked = services.ask_recovery(
            user=officer, kind=kind, reason="datang", by=world.ani, now=now
        )
        return services.approve_recovery(recovery=asked, by=chief, now=now)

    return make


def show_code(client, user, code):
    return client.post(reverse("recover"), {"username": user.username, "code": code})


def test_who_lost_both_chooses_a_password_and_is_led_to_a_new_phone(
    client, officer, secret, code_for
):
    code = code_for("both")
    assert show_code(client, officer, code)["Location"] == reverse("recover_finish")

    answer = client.post(reverse("recover_finish"), {"new_password1": NEW, "new_password2": NEW})

    assert answer["Location"] == reverse("second_factor")
    assert is_in(client)
    assert fresh(officer).check_password(NEW)
    assert fresh(officer).totp_sealed is None
    assert show_code(Client(), officer, code).status_code == 422


def test_who_lost_the_password_still_shows_the_phone(client, officer, secret, code_for):
    show_code(client, officer, code_for("password"))
    new = {"new_password1": NEW, "new_password2": NEW}

    assert client.post(reverse("recover_finish"), new | {"code": "000000"}).status_code == 422
    assert fresh(officer).check_password(PASSWORD)
    client.post(reverse("recover_finish"), new | {"code": number(secret)})

    assert is_in(client)
    assert fresh(officer).totp_sealed is not None


def test_who_lost_the_phone_still_shows_the_password(client, officer, secret, code_for):
    show_code(client, officer, code_for("phone"))

    wrong = client.post(reverse("recover_finish"), {"password": "salah-salah-salah"})
    assert wrong.status_code == 422
    assert fresh(officer).totp_sealed is not None
    client.post(reverse("recover_finish"), {"password": PASSWORD})

    assert is_in(client)
    assert fresh(officer).totp_sealed is None


def test_the_last_step_without_a_code_leads_to_the_first(client):
    answer = client.post(reverse("recover_finish"), {"new_password1": NEW, "new_password2": NEW})

    assert answer["Location"] == reverse("recover")


def test_guessing_codes_locks_and_tells_nothing_of_names(officer):
    def guess(name):
        answer = show_code(Client(headers=FIREFOX), User(username=name), "AAAA-BBBB-CCCC-DDDD")
        return answer.status_code, text_of(answer).replace(name, "~")

    token = re.compile(r"[A-Za-z0-9]{64}")
    known, unknown = guess(officer.username), guess("tidak.ada")
    assert known[0] == unknown[0] == 422
    assert token.sub("", known[1]) == token.sub("", unknown[1])

    for _ in range(9):
        status, _ = guess(officer.username)
    assert status == 429


def test_a_code_taken_back_between_the_steps_changes_nothing(client, world, officer, code_for):
    show_code(client, officer, code_for("both"))
    services.close_recovery(
        recovery=officer.recoveries.latest("pk"), by=world.ani, now=timezone.now()
    )

    client.post(reverse("recover_finish"), {"new_password1": NEW, "new_password2": NEW})

    assert not is_in(client)
    assert fresh(officer).check_password(PASSWORD)
