"""Noting that a message was read; nothing an auditor asks for, so it enters no chain."""

from django.utils import timezone

from entas.city.models import User
from entas.notices.models import Notice


def mark_read(*, notice: Notice, user: User) -> bool:
    """Note that its reader read it; False when it is another person's or was read before."""
    mine = Notice.objects.filter(pk=notice.pk, user=user, read_at=None)
    return bool(mine.update(read_at=timezone.now()))


def mark_all_read(*, user: User) -> int:
    """Note that this person read everything; returns how many messages that were."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())
