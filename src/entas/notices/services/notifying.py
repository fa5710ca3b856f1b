"""Writing a message to one person, or to all who may do an act somewhere.

A message has no entry in the chain of acts of its own: it is written in the transaction of the act
that causes it, and that act has one.
"""

import re
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from entas.audit.services import actor_text
from entas.city.models import User
from entas.city.policies import others_who_may
from entas.notices.models import Dispatch, Notice, text_params

_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


@transaction.atomic
def notify(
    *,
    user: User,
    kind: str,
    words: str,
    by: object,
    params: dict[str, Any] | None = None,
    page: str = "",
    number: int | None = None,
) -> Notice:
    """Write a message to one person; mail and telephone follow when the person gave them.

    Args:
        user: who is to read it.
        kind: one of ``Notice.Kind``.
        words: Indonesian sentence of the catalogue with places: ``"Usulan {number} dijawab."``
            Mark it (``refusals.mark``) where it stands. It names no person of the register.
        by: who caused it: a user or a text.
        params: what stands in the places: numbers and short texts. A value whose key ends in
            ``_words`` is a text of the catalogue too.
        page: name of the page of the web door that shows more.
        number: the row that page shows.

    Raises:
        ValueError: the kind is unknown, or a place of the words has no parameter.
        TypeError: a parameter is no number and no text.
    """
    if kind not in Notice.Kind.values:
        raise ValueError(f"{kind!r} is no kind of message.")
    notice = Notice(
        user=user,
        kind=kind,
        words=words,
        params=text_params(params or {}),
        page=page,
        number=number,
        sent_by=actor_text(by),
        at=timezone.now(),
    )
    _check_words(notice)
    notice.save()
    for channel in _channels(user):
        Dispatch.objects.create(notice=notice, channel=channel, due_at=notice.at)
    return notice


def _check_words(notice: Notice) -> None:
    # A reader must never meet a sentence with holes in it.
    missing = set(_PLACE.findall(notice.words)) - set(notice.params)
    if missing:
        raise ValueError(f"{notice.words!r} lacks {sorted(missing)}.")


def _channels(user: User) -> list[str]:
    wanted = []
    if user.email and settings.ENTAS_SENDS_MAIL:
        wanted.append(Dispatch.Channel.EMAIL.value)
    if user.phone:
        wanted.append(Dispatch.Channel.OUTBOX.value)
    return wanted


@transaction.atomic
def notify_right_holders(
    *,
    act: str,
    kelurahan: int | None,
    kind: str,
    words: str,
    by: User,
    params: dict[str, Any] | None = None,
    page: str = "",
    number: int | None = None,
) -> list[Notice]:
    """Write a message to everybody else who may do an act in a kelurahan today.

    Args:
        act: the act they may do, for instance ``"registry.decide_proposal"``.
        kelurahan: where; None reaches those who may do it in the whole city.
        kind: as in :func:`notify`, like all that follows.
        words: see there.
        by: who caused it, and gets no message.
        params: see there.
        page: see there.
        number: see there.

    Returns:
        The messages, to the nearest office first.
    """
    return [
        notify(user=user, kind=kind, words=words, by=by, params=params, page=page, number=number)
        for user in others_who_may(by, act, kelurahan)
    ]
