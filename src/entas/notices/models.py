"""Messages to people who log in, and how they leave the house."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from entas.city.models import User
from entas.refusals import Saying, Translate

# Keys of parameters that end so hold words that are translated themselves.
_WORDS = "_words"


class Notice(models.Model):
    """One message to one person.

    ``words`` is the Indonesian text of the catalogue with named places; it is put into the
    reader's language when it is read. It names no persons of the register, only numbers of rows:
    the page behind it shows them to who may see them.
    """

    class Kind(models.TextChoices):
        """What it is about; the only words that leave the house by mail and telephone."""

        JOB = "job", "Pekerjaan selesai"
        PROPOSAL = "proposal", "Usulan perbaikan data"
        TRANSFER = "transfer", "Permohonan pindah wilayah"
        ACCOUNT = "account", "Akun dan kewenangan"
        REVIEW = "review", "Tindakan yang perlu ditinjau"
        LIST = "list", "Daftar yang dikirim"
        OTHER = "other", "Pemberitahuan"

    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    words = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    # Name of a page of the web door and the number of the row it shows; empty: no page.
    page = models.CharField(max_length=60, blank=True)
    number = models.BigIntegerField(null=True)
    sent_by = models.CharField(max_length=160)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["user", "-at"], name="notice_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def said(self, translate: Translate) -> str:
        """The message in the language of ``translate``."""
        values = {
            key: Saying(value) if key.endswith(_WORDS) else value
            for key, value in self.params.items()
        }
        return Saying(self.words, **values).said(translate)

    @property
    def is_read(self) -> bool:
        """Its reader opened it, or said so."""
        return self.read_at is not None


class Dispatch(models.Model):
    """One message on its way out of the house, by one channel."""

    class Channel(models.TextChoices):
        """How it goes."""

        EMAIL = "email", "surat elektronik"
        OUTBOX = "outbox", "berkas untuk SMS dan WhatsApp"

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "menunggu", "menunggu"
        SENT = "terkirim", "terkirim"
        FAILED = "gagal", "gagal"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="dispatches")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    # Waits at least until then. A worker that takes it moves this on, so that no other sends it.
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # Kind of the last fault, without addresses.
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel"], name="dispatch_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="menunggu"), name="dispatch_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


def text_params(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters of a message as they are kept: numbers and short texts.

    Raises:
        TypeError: one of them is something else.
    """
    for key, value in params.items():
        if not isinstance(value, str | int | float):
            raise TypeError(f"Parameter {key!r} of a message is no number and no text.")
    return {k: v[:200] if isinstance(v, str) else v for k, v in params.items()}
