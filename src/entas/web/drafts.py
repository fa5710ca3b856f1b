"""Forms that lose nothing: what is typed is kept on the server, and sent once only.

Every form carries the number of its draft. The browser saves what was typed now and then; a form
that is opened again, after a lost connection or a sign-in, offers it. Sending spends the draft, so
the same form sent twice is refused.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from entas import custody
from entas.refusals import EntasRefusal
from entas.web.frame import WebRequest
from entas.web.models import Draft

FIELD = "form_ticket"
_CONTEXT = Draft.SEALED["body_sealed"]
_UNSAVED = frozenset({FIELD, "csrfmiddlewaretoken"})
_LONGEST = 20_000
_KEPT = dt.timedelta(days=30)


class FormSentBefore(EntasRefusal):
    """A form was sent a second time, or belongs to somebody else."""

    def __init__(self) -> None:
        super().__init__(
            "Formulir ini sudah pernah dikirim atau bukan milik Anda. Buka lagi halamannya "
            "untuk melihat hasilnya, lalu isi formulir baru bila masih perlu."
        )


@dataclass(frozen=True, slots=True)
class Ticket:
    """A form in somebody's hands: the number it carries, and what was typed before."""

    id: uuid.UUID
    saved: Mapping[str, str]


def _opened(draft: Draft) -> dict[str, str]:
    if draft.body_sealed is None:
        return {}
    body: dict[str, str] = json.loads(custody.unseal(bytes(draft.body_sealed), context=_CONTEXT))
    return body


def _sealed(typed: Mapping[str, str]) -> bytes | None:
    body = json.dumps({k: str(v) for k, v in typed.items() if k not in _UNSAVED})
    return custody.seal(body.encode(), context=_CONTEXT) if len(body) <= _LONGEST else None


def ticket(request: WebRequest, form: str) -> Ticket:
    """The form this person has in hands, with what was typed; a new one when there is none.

    Args:
        request: whose form.
        form: which form, about what: ``"correction:12"``.
    """
    mine = Draft.objects.filter(user=request.actor.pk, form=form, is_sent=False)
    draft = mine.order_by("-saved_at").first()
    if draft is None:
        now = timezone.now()
        draft = Draft.objects.create(user=request.actor.pk, form=form, began_at=now, saved_at=now)
    return Ticket(draft.pk, _opened(draft))


def save(request: WebRequest, number: uuid.UUID, typed: Mapping[str, str]) -> bool:
    """Keep what was typed so far; False when the form is not this person's or was sent."""
    body = _sealed(typed)
    mine = Draft.objects.filter(pk=number, user=request.actor.pk, is_sent=False)
    return body is not None and bool(mine.update(body_sealed=body, saved_at=timezone.now()))


def _number(request: WebRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError as fault:
        raise FormSentBefore from fault


@contextmanager
def spending(request: WebRequest, form: str) -> Iterator[None]:
    """Carry out what a form asks for, once.

    Leave the block by an exception and the form stays open, with all that was typed.

    Raises:
        FormSentBefore: it was sent before, or it is another form or another person's.
    """
    number = _number(request)
    mine = Draft.objects.filter(pk=number, user=request.actor.pk, form=form)
    # One statement decides between two that come at once.
    if not mine.filter(is_sent=False).update(is_sent=True, saved_at=timezone.now()):
        raise FormSentBefore
    try:
        yield
    except BaseException:
        typed = {key: request.POST[key] for key in request.POST}
        mine.update(is_sent=False, body_sealed=_sealed(typed), saved_at=timezone.now())
        raise
    mine.update(body_sealed=None)


def forget_old(*, now: dt.datetime) -> None:
    """Remove forms that nobody touched for a month, sent ones too: none of them can be sent."""
    Draft.objects.filter(saved_at__lt=now - _KEPT).delete()
