"""Who may do what. Every service that changes something asks here first."""

from entas.city.errors import NotAllowed
from entas.city.models import User

# Acts by role. The administrator may do everything; more roles come with the web door.
_EVERYTHING = "*"
ACTS_OF_ROLE: dict[str, frozenset[str]] = {
    User.Role.ADMINISTRATOR: frozenset({_EVERYTHING}),
}


def check_may(actor: User, act: str) -> None:
    """Let pass who may do this act.

    Args:
        actor: who asks.
        act: stage and act, as in the chain of acts: ``"sources.import"``.

    Raises:
        NotAllowed: the role of the actor does not include it, or the actor was switched off.
    """
    acts = ACTS_OF_ROLE.get(actor.role, frozenset())
    if not actor.is_active or not acts & {_EVERYTHING, act}:
        raise NotAllowed(actor.username, act)
