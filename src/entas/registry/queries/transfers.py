"""Requests to move somebody: which an officer may see, and how much of each."""

import json

from django.db.models import Case, Q, QuerySet, Value, When

from entas import custody
from entas.city.models import User
from entas.city.policies import scope_of
from entas.registry import states
from entas.registry.models import TransferRequest

INCOMING, OUTGOING = "masuk", "keluar"
_BODY, _ANSWER = (TransferRequest.SEALED[name] for name in ("body_sealed", "answer_sealed"))


def transfers_of(actor: User) -> QuerySet[TransferRequest]:
    """The requests that concern the actor's area, those that wait first, then the newest."""
    waiting = Case(When(state=states.ASKED, then=Value(0)), default=Value(1))
    seen = TransferRequest.objects.filter(_towards(actor) | _away(actor)).select_related("person")
    return seen.order_by(waiting, "-pk")


def narrowed(
    transfers: QuerySet[TransferRequest], actor: User, *, direction: str, state: str
) -> QuerySet[TransferRequest]:
    """Only those into the actor's area (``masuk``) or out of it (``keluar``), or of one state."""
    if direction in {INCOMING, OUTGOING}:
        transfers = transfers.filter(_towards(actor) if direction == INCOMING else _away(actor))
    return transfers.filter(state=state) if state in states.TRANSFER_NEXT else transfers


def _towards(actor: User) -> Q:
    return scope_of(actor, "registry.request_transfer").filter("to_kelurahan")


def _away(actor: User) -> Q:
    asks = scope_of(actor, "registry.request_transfer").filter("from_kelurahan")
    return asks | scope_of(actor, "registry.decide_transfer").filter("from_kelurahan")


def may_see_person(actor: User, transfer: TransferRequest) -> bool:
    """Whether the person is registered where the actor may look.

    So the side that is asked sees whom it is about; the side that asks sees the kelurahan and its
    own words, and the person once the request is agreed to.
    """
    return scope_of(actor, "registry.look").covers(transfer.person.kelurahan)


def transfer_words(transfer: TransferRequest) -> dict[str, str]:
    """What was written into a request, opened: ``reason``, ``rt`` and ``address``."""
    plain = custody.unseal(bytes(transfer.body_sealed), context=_BODY)
    body: dict[str, str] = json.loads(plain)
    return body


def transfer_answer(transfer: TransferRequest) -> str:
    """Why it was decided as it was, opened; "" where nothing was written."""
    if transfer.answer_sealed is None:
        return ""
    return custody.unseal(bytes(transfer.answer_sealed), context=_ANSWER).decode()
