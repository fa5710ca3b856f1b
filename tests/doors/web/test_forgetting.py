"""What the door keeps for a while, workers forget: drafts, questions, sessions."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from entas.jobs import handlers
from entas.web.models import Draft, Question, SignIn

pytestmark = pytest.mark.usefixtures("ground")
DAY = dt.timedelta(days=1)


def sweep():
    handlers.ticks()["web.forget"].function()


def draft(days, *, is_sent=False):
    moment = timezone.now() - days * DAY
    return Draft.objects.create(
        user=1, form="uji", is_sent=is_sent, began_at=moment, saved_at=moment
    ).pk


def test_a_form_that_nobody_touched_for_a_month_is_forgotten_sent_or_not():
    draft(31)
    draft(31, is_sent=True)
    kept = {draft(29), draft(29, is_sent=True)}

    sweep()

    assert set(Draft.objects.values_list("pk", flat=True)) == kept


def test_a_session_is_forgotten_when_it_has_expired():
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - DAY)
    Session.objects.create(session_key="new", session_data="", expire_date=now + DAY)

    sweep()

    assert Session.objects.get().session_key == "new"


def test_a_sign_in_is_forgotten_after_ninety_days():
    for days in (89, 91):
        moment = timezone.now() - days * DAY
        SignIn.objects.create(user=1, began_at=moment, seen_at=moment, browser=str(days), epoch=0)

    sweep()

    assert SignIn.objects.get().browser == "89"


def test_a_question_is_forgotten_though_nobody_asks_another():
    Question.objects.create(user=1, text_hash=1, asked_at=timezone.now() - 3 * DAY)

    sweep()

    assert not Question.objects.exists()
