"""Long work and how far it is."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from entas.jobs.states import CANCELLED, DONE, FAILED, RUNNING


class Job(models.Model):
    """One run of something long; the command line runs it at once, later a worker will."""

    kind = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, default=RUNNING, choices=[(s, s) for s in (RUNNING, DONE, FAILED, CANCELLED)]
    )
    progress = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    started_by = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # Somebody asked for an end; the work stops at its next report.
    is_cancel_asked = models.BooleanField(default=False)
    process = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RUNNING, finished_at=None)
                | (~Q(state=RUNNING) & Q(finished_at__gte=F("started_at"))),
                name="job_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
