"""What is typed into the search field: kept on the server, for the one who typed it.

An address holds the number of the question and nothing of it, so that reloading, going back and
a bookmark work and neither a history nor a log ever holds a NIK or a name.
"""

import datetime as dt
import uuid
from typing import Final

from django.http import Http404
from django.utils import timezone

from entas import custody
from entas.city.models import User
from entas.refusals import EntasRefusal
from entas.web.models import Question

LONGEST: Final = 300
_CONTEXT = Question.SEALED["body_sealed"]
_KEPT = dt.timedelta(hours=12)
_COUNTED = dt.timedelta(days=2)
# Answers a day about people of other areas; and questions that led to nobody, as guesses do.
MOST_ELSEWHERE: Final = 30
MOST_NOWHERE: Final = 200


class TooManyElsewhere(EntasRefusal):
    """Somebody asked about people of other areas more often than work explains."""

    def __init__(self) -> None:
        super().__init__(
            "Hari ini Anda sudah terlalu sering menanyakan warga di luar wilayah Anda. Coba "
            "lagi besok, atau minta bantuan penanggung jawab data kota."
        )


def keep(actor: User, text: str) -> Question:
    """The question of this person with these words: the one asked before, else a new one."""
    now = timezone.now()
    forget_old(now=now)
    number = custody.blind_index(text, purpose="web.question")
    mine = Question.objects.filter(user=actor.pk, text_hash=number, asked_at__gt=now - _KEPT)
    before = mine.order_by("-asked_at").first()
    if before is not None and text_of(before) == text:
        return before
    return Question.objects.create(
        user=actor.pk,
        text_hash=number,
        body_sealed=custody.seal(text.encode(errors="replace"), context=_CONTEXT),
        asked_at=now,
    )


def mine(actor: User, number: uuid.UUID) -> Question:
    """A question of this person that is not forgotten yet.

    Raises:
        Http404: it is another person's, forgotten, or was never asked.
    """
    since = timezone.now() - _KEPT
    found = Question.objects.filter(pk=number, user=actor.pk, asked_at__gt=since).first()
    if found is None or found.body_sealed is None:
        raise Http404
    return found


def text_of(question: Question) -> str:
    """The words as they were typed."""
    if question.body_sealed is None:
        return ""
    return custody.unseal(bytes(question.body_sealed), context=_CONTEXT).decode()


def check_elsewhere(actor: User, question: Question) -> None:
    """Let pass who may learn today whether somebody is registered in another area.

    Asked before it is known whether anybody is: the refusal tells nothing either.

    Raises:
        TooManyElsewhere: the limits of the day are reached and the question is a new one.
    """
    if question.answer:
        return
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Question.objects.filter(user=actor.pk, asked_at__gte=midnight)
    if (
        today.filter(answer=Question.Answer.ELSEWHERE).count() >= MOST_ELSEWHERE
        or today.filter(answer=Question.Answer.NOWHERE).count() >= MOST_NOWHERE
    ):
        raise TooManyElsewhere


def note_answer(question: Question, *, is_elsewhere: bool) -> None:
    """Count what was said about somebody who is not in the area."""
    answer = Question.Answer.ELSEWHERE if is_elsewhere else Question.Answer.NOWHERE
    if question.answer not in (answer, Question.Answer.ELSEWHERE):
        question.answer = answer
        question.save(update_fields=["answer"])


def forget_old(*, now: dt.datetime) -> None:
    """Forget the words after half a day, and the questions once nobody counts them."""
    Question.objects.filter(asked_at__lte=now - _COUNTED).delete()
    old = Question.objects.filter(asked_at__lte=now - _KEPT, body_sealed__isnull=False)
    old.update(body_sealed=None)
