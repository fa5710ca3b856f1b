"""Telling people what waits for them and what became of what they asked for.

One place for the registry's messages, so that the channel they go through is named once. A message
names the number of a row and kelurahan, never a person of the register.
"""

from typing import Any

from entas.audit.services import actor_text, user_number
from entas.city.models import User
from entas.notices.models import Notice
from entas.notices.services import notify, notify_right_holders
from entas.refusals import mark
from entas.registry import states
from entas.registry.models import Proposal, TransferRequest

_PROPOSAL = {
    states.ACCEPTED: mark("Usulan koreksi nomor {number} diterima."),
    states.REJECTED: mark(
        "Usulan koreksi nomor {number} ditolak. Alasannya dapat dibaca di halamannya."
    ),
}
_TRANSFER = {
    states.AGREED: mark("Permohonan pindah nomor {number} disetujui."),
    states.REFUSED: mark(
        "Permohonan pindah nomor {number} ditolak. Alasannya dapat dibaca di halamannya."
    ),
}
_WAITS = mark("Permohonan pindah nomor {number} menunggu keputusan Anda.")


def _user_behind(user_text: str) -> User | None:
    """The user whom the chain of acts names so; None for anybody else."""
    return User.objects.filter(pk=user_number(user_text) or 0).first()


def _tell(user_text: str, words: str | None, **about: Any) -> None:
    """Tell a user what another one did; one's own acts are no news."""
    if user_text == actor_text(about["by"]):
        return
    user = _user_behind(user_text)
    if user is not None and words is not None:
        notify(user=user, words=words, params={"number": about["number"]}, **about)


def tell_decided(user_text: str, *, proposal: Proposal) -> None:
    """Tell the person who proposed a correction that it was decided.

    Args:
        user_text: who is told, as the chain of acts names him or her; nobody is told where that
            is no user any more.
        proposal: decided, saved, in the caller's transaction.
    """
    _tell(
        user_text,
        _PROPOSAL.get(proposal.state),
        kind=Notice.Kind.PROPOSAL,
        by=proposal.decided_by,
        page="proposal",
        number=proposal.pk,
    )


def tell_of_request(*, transfer: TransferRequest, by: User) -> None:
    """Tell who may ``registry.decide_transfer`` in the kelurahan that the person would leave."""
    notify_right_holders(
        act="registry.decide_transfer",
        kelurahan=transfer.from_kelurahan,
        kind=Notice.Kind.TRANSFER,
        words=_WAITS,
        by=by,
        params={"number": transfer.pk},
        page="transfer",
        number=transfer.pk,
    )


def tell_of_decision(*, transfer: TransferRequest, by: User) -> None:
    """Tell whoever asked (``transfer.by``) how it was decided."""
    _tell(
        transfer.by,
        _TRANSFER.get(transfer.state),
        kind=Notice.Kind.TRANSFER,
        by=by,
        page="transfer",
        number=transfer.pk,
    )
