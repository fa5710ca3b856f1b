"""Long work and how far it is."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from entas.jobs.states import CANCELLED, DONE, ENDS, FAILED, QUEUED, RUNNING, STATES
from entas.refusals import Saying

PAYLOAD_CONTEXT = "job.payload"


class Job(models.Model):
    """One run of something long.

    The command line runs it at once, in its own process; whatever a page starts waits in state
    ``antre`` until a worker takes it. Work of a worker has a ``heartbeat_at``, work of the command
    line has none. Who started it is text and number, for this stage lies below the users.
    """

    SEALED: ClassVar[dict[str, str]] = {"payload_sealed": PAYLOAD_CONTEXT}

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default=RUNNING, choices=[(s, s) for s in STATES])
    # Put into the queue for a worker; the command line runs its own work at once.
    is_background = models.BooleanField(default=False)
    # What the work is about, as JSON; it may name people, and goes when the work is done.
    payload_sealed = models.BinaryField(null=True)
    progress = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    started_by = models.CharField(max_length=160)
    user = models.BigIntegerField(null=True)
    queued_at = models.DateTimeField()
    # Waits at least until then: after a fault of the database, or while another command is at work.
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    # How often a worker took it, and how often it may.
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    # Somebody asked for an end; the work stops at its next report.
    is_cancel_asked = models.BooleanField(default=False)
    host = models.CharField(max_length=120, blank=True)
    process = models.PositiveIntegerField(null=True)
    # Numbers and words without personal data.
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=40, blank=True)
    # A sentence and its values apart, so that the page can say it in the reader's language.
    error_template = models.CharField(max_length=1_000, blank=True)
    error_values = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=QUEUED, started_at=None, finished_at=None)
                | Q(state=RUNNING, started_at__isnull=False, finished_at=None)
                | Q(state__in=sorted(ENDS), started_at=None, finished_at__gte=F("queued_at"))
                | Q(state__in=sorted(ENDS), finished_at__gte=F("started_at")),
                name="job_ends_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=(QUEUED, RUNNING)),
                name="job_open",
            ),
            models.Index(fields=["user", "-queued_at"], name="job_of_user"),
            models.Index(fields=["-queued_at"], name="job_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_ended(self) -> bool:
        """It is done, has failed or was cancelled."""
        return self.state in ENDS

    @property
    def is_done(self) -> bool:
        """It ended well."""
        return self.state == DONE

    @property
    def error(self) -> Saying:
        """What went wrong and what to do; no words where nothing did."""
        return Saying(self.error_template, **self.error_values)

    @property
    def can_cancel(self) -> bool:
        """It waits or runs, and nobody asked for its end yet."""
        return self.state in {QUEUED, RUNNING} and not self.is_cancel_asked

    @property
    def can_repeat(self) -> bool:
        """It waited in the queue once and ended badly."""
        return self.is_background and self.state in {FAILED, CANCELLED}

    @property
    def percent(self) -> int | None:
        """Whole percent done, None while the total is not known."""
        return min(100, 100 * self.progress // self.total) if self.total > 0 else None
