"""Beginning, reporting and ending long work."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from entas.audit.services import actor_text
from entas.jobs.errors import JobCancelled, JobEnded
from entas.jobs.models import Job
from entas.jobs.states import CANCELLED, DONE, FAILED, NEXT, RUNNING

_SECONDS_BETWEEN_WRITES = 1.0


class Progress(Protocol):
    """What long work calls now and then: how much is done, of how much, doing what."""

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Report; ``total`` is 0 while it is not known."""


def no_progress(done: int, total: int, note: str = "") -> None:
    """For callers that do not want to watch."""


def start(*, kind: str, by: object, total: int = 0) -> Job:
    """Write down that long work begins now, in this process."""
    return Job.objects.create(
        kind=kind,
        total=total,
        started_by=actor_text(by),
        started_at=timezone.now(),
        process=os.getpid(),
    )


def _state(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def report(*, job: Job, done: int, total: int, note: str = "") -> None:
    """Write down how far it is.

    Raises:
        JobEnded: the job is not running any more.
        JobCancelled: somebody asked for its end. The caller stops and ends it as ``batal``.
    """
    running = Job.objects.filter(pk=job.pk, state=RUNNING)
    if not running.update(progress=done, total=total, note=note[:200]):
        raise JobEnded(job.pk, _state(job))
    if running.filter(is_cancel_asked=True).exists():
        raise JobCancelled(job.kind)


@transaction.atomic
def end(*, job: Job, state: str = DONE, note: str = "") -> None:
    """Write down how it ended.

    Args:
        job: the work.
        state: ``selesai``, ``gagal`` or ``batal``.
        note: a short word for whoever looks at it, without personal data.

    Raises:
        JobEnded: it had already ended.
        ValueError: ``state`` is not an end.
    """
    if state not in NEXT[RUNNING]:
        raise ValueError(f"{state!r} is no end of a job.")
    now = Job.objects.select_for_update().get(pk=job.pk)
    if state not in NEXT[now.state]:
        raise JobEnded(job.pk, now.state)
    now.state, now.finished_at, now.note = state, timezone.now(), note[:200]
    now.save(update_fields=["state", "finished_at", "note"])


def ask_cancel(*, job: Job) -> None:
    """Ask running work to stop at its next report.

    Raises:
        JobEnded: it has already ended.
    """
    if not Job.objects.filter(pk=job.pk, state=RUNNING).update(is_cancel_asked=True):
        raise JobEnded(job.pk, _state(job))


@contextmanager
def running(*, kind: str, by: object, watch: Progress = no_progress) -> Iterator[Progress]:
    """A job around a block of long work, ended as the block ends.

    Args:
        kind: what it is, for instance ``sources.import``.
        by: who started it.
        watch: who else wants the reports, for instance the line on the terminal.

    Yields:
        What the block calls with (done, total, note). It writes to the database at most once a
        second, so it may be called often; call it outside transactions.

    Raises:
        JobCancelled: from the report, when somebody asked for the end.
    """
    job = start(kind=kind, by=by)
    last = time.monotonic()

    def progress(done: int, total: int, note: str = "") -> None:
        nonlocal last
        watch(done, total, note)
        if time.monotonic() - last >= _SECONDS_BETWEEN_WRITES:
            last = time.monotonic()
            report(job=job, done=done, total=total, note=note)

    try:
        yield progress
    except JobCancelled:
        end(job=job, state=CANCELLED)
        raise
    except BaseException:
        end(job=job, state=FAILED)
        raise
    end(job=job, state=DONE)
