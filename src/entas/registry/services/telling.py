"""Telling people what became of what they asked for.

One place for the registry's messages, so that the channel they go through is named once.
"""

from entas.registry.models import Proposal


def tell_decided(user_text: str, *, proposal: Proposal) -> None:
    """Tell the person who proposed a correction that it was decided.

    Args:
        user_text: who is told, as the chain of acts names him or her.
        proposal: decided, saved, in the caller's transaction.
    """
