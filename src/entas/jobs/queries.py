"""What long work is going on, and how long it will take."""

import datetime as dt
import os

from django.db.models import QuerySet

from entas.jobs.models import Job
from entas.jobs.states import QUEUED, RUNNING

# Before so much was seen of the work, nobody can say how long the rest takes.
_LEAST_SECONDS, _LEAST_SHARE = 5.0, 0.01


def running_jobs() -> QuerySet[Job]:
    """Jobs that have not ended, the newest first."""
    return Job.objects.filter(state=RUNNING).order_by("-started_at")


def is_alive(job: Job) -> bool:
    """Whether the process of a running job still exists on this machine.

    A job whose process was killed stays ``berjalan`` until a worker finds it; this tells the
    difference.
    """
    if job.process is None:
        return False
    try:
        os.kill(job.process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def jobs_of(user: int) -> QuerySet[Job]:
    """What one user started, the newest first."""
    return Job.objects.filter(user=user).order_by("-queued_at", "-pk")


def all_jobs() -> QuerySet[Job]:
    """What anybody started, the newest first."""
    return Job.objects.order_by("-queued_at", "-pk")


def ahead_of(job: Job) -> int:
    """How many jobs a worker takes before this one."""
    return Job.objects.filter(state=QUEUED, queued_at__lt=job.queued_at).count()


def remaining_seconds(job: Job, *, now: dt.datetime) -> float | None:
    """How long running work will take from now on, judged by its speed so far.

    None while nobody can say: the total is not known, or too little was seen.
    """
    if job.state != RUNNING or job.started_at is None or not 0 < job.progress <= job.total:
        return None
    spent = (now - job.started_at).total_seconds()
    if spent < _LEAST_SECONDS or job.progress / job.total < _LEAST_SHARE:
        return None
    return spent * (job.total - job.progress) / job.progress
