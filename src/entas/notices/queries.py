"""What waits for a reader, and what did not get out of the house."""

from django.db.models import Case, QuerySet, When

from entas.city.models import User
from entas.notices.models import Dispatch, Notice


def unread_count(user: User, *, most: int = 100) -> int:
    """How many messages wait for this person; counting ends at ``most``."""
    return len(Notice.objects.filter(user=user, read_at=None).values_list("pk")[:most])


def inbox(user: User) -> QuerySet[Notice]:
    """All messages to this person, unread first, then the newest."""
    is_read = Case(When(read_at=None, then=0), default=1)
    return Notice.objects.filter(user=user).order_by(is_read, "-at", "-pk")


def stuck_dispatches() -> QuerySet[Dispatch]:
    """Messages that were tried in vain, whether they wait for another try or were given up."""
    return Dispatch.objects.exclude(state=Dispatch.State.SENT).exclude(error="")
