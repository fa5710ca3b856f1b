"""Telling people what became of what they asked for.

One place for the registry's messages, so that the channel they go through is named once.
"""

from entas.city.models import User
from entas.notices.models import Notice
from entas.notices.services import notify
from entas.refusals import mark
from entas.registry import states
from entas.registry.models import Proposal

_WORDS = {
    states.ACCEPTED: mark("Usulan koreksi nomor %(number)s diterima."),
    states.REJECTED: mark(
        "Usulan koreksi nomor %(number)s ditolak. Alasannya dapat dibaca di halamannya."
    ),
}


def tell_decided(user_text: str, *, proposal: Proposal) -> None:
    """Tell the person who proposed a correction that it was decided.

    Args:
        user_text: who is told, as the chain of acts names him or her; nobody is told where that
            is no user any more.
        proposal: decided, saved, in the caller's transaction.
    """
    kind, _, rest = user_text.partition(":")
    number = rest.partition(":")[0]
    words = _WORDS.get(proposal.state)
    if kind != "user" or not number.isdigit() or words is None:
        return
    user = User.objects.filter(pk=int(number)).first()
    if user is not None:
        notify(
            user=user,
            kind=Notice.Kind.PROPOSAL,
            words=words,
            by=proposal.decided_by,
            params={"number": proposal.pk},
            page="proposal",
            number=proposal.pk,
        )
