"""Bringing messages out of the house: by mail, and as lines for a gateway of SMS or WhatsApp.

What leaves says only that something waits, of which kind, and where to sign in. Names, numbers of
people and the message itself stay inside. It is Indonesian: only the web door knows a catalogue.
"""

import errno
import fcntl
import json
import os
import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from entas.notices.models import Dispatch, Notice

# The page of the web door that shows one message to its reader.
NOTICE_PATH = "/pesan/{}/"
_MOST_TRIES = 8
_FIRST_WAIT_SECONDS = 30
# Longer than a mail server may take: until then no other worker sends the same message.
_LEASE = timedelta(minutes=5)
_AT_ONCE = 20


def send_waiting(*, most: int = _AT_ONCE) -> dict[str, int]:
    """Send what waits, oldest first; what fails is tried again later, at most eight times.

    Returns:
        ``sent`` and ``failed`` of this call.
    """
    counts = {"sent": 0, "failed": 0}
    waiting = Dispatch.objects.filter(
        state=Dispatch.State.WAITING, due_at__lte=timezone.now()
    ).order_by("due_at", "pk")
    for number, due_at in waiting.values_list("pk", "due_at")[:most]:
        lease = timezone.now() + _LEASE
        # One statement decides between two workers.
        if not waiting.filter(pk=number, due_at=due_at).update(due_at=lease):
            continue
        dispatch = Dispatch.objects.select_related("notice__user").get(pk=number)
        counts["sent" if _sent(dispatch) else "failed"] += 1
    return counts


def _sent(dispatch: Dispatch) -> bool:
    try:
        if dispatch.channel == Dispatch.Channel.EMAIL:
            _mail(dispatch.notice)
        else:
            _write_line(dispatch.notice)
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        _note_failure(dispatch, type(fault).__name__)
        return False
    dispatch.state, dispatch.sent_at = Dispatch.State.SENT, timezone.now()
    dispatch.tries, dispatch.error = dispatch.tries + 1, ""
    dispatch.save(update_fields=["state", "sent_at", "tries", "error"])
    return True


def _note_failure(dispatch: Dispatch, error: str) -> None:
    # Only the kind of fault: mail servers repeat addresses in what they say.
    dispatch.tries, dispatch.error = dispatch.tries + 1, error[:80]
    if dispatch.tries >= _MOST_TRIES:
        dispatch.state = Dispatch.State.FAILED
    wait = _FIRST_WAIT_SECONDS * 2 ** (dispatch.tries - 1)
    dispatch.due_at = timezone.now() + timedelta(seconds=wait)
    dispatch.save(update_fields=["state", "tries", "error", "due_at"])


def _outside_text(notice: Notice) -> str:
    """What may be read by whoever holds the telephone or carries the mail."""
    line = f"Ada pesan di Entas: {notice.get_kind_display()}."
    address = settings.ENTAS_ADDRESS
    return f"{line} {address}{NOTICE_PATH.format(notice.pk)}" if address else line


def _mail(notice: Notice) -> None:
    body = _outside_text(notice) + "\n\n" + "Masuk ke Entas untuk membacanya." + "\n"
    EmailMessage(
        subject="Ada pesan di Entas",
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.user.email],
        # A reply nobody reads, and no answers of machines to a machine.
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def _write_line(notice: Notice) -> None:
    """Add one line to the file of the day; whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    now = timezone.localtime()
    line = _as_line(
        {
            "id": notice.pk,
            "at": now.isoformat(timespec="seconds"),
            "phone": notice.user.phone,
            "text": _outside_text(notice),
        }
    )
    folder = Path(settings.ENTAS_HOME) / "outbox"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = os.open(folder / f"{now:%Y-%m-%d}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = os.fstat(file).st_size
        written = os.write(file, line)
        if written != len(line):
            # A disk that filled up took half of it.
            os.ftruncate(file, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file)
    finally:
        os.close(file)


def _as_line(message: dict[str, Any]) -> bytes:
    return (json.dumps(message, ensure_ascii=False) + "\n").encode()
