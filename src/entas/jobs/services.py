"""Beginning, reporting, ending, cancelling and repeating long work; taking it from the queue."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from entas import custody
from entas.audit.services import actor_text, record
from entas.jobs.errors import JobCancelled, JobEnded, JobLost, NotRepeatable
from entas.jobs.handlers import Progress, handler_of, tell_end
from entas.jobs.models import PAYLOAD_CONTEXT, Job
from entas.jobs.queries import is_alive
from entas.jobs.states import CANCELLED, DONE, ENDS, FAILED, NEXT, QUEUED, RUNNING
from entas.refusals import Saying, mark

__all__ = [
    "Progress",
    "ask_cancel",
    "beat",
    "claim",
    "end",
    "enqueue",
    "give_back",
    "no_progress",
    "payload_of",
    "pick_up_lost",
    "repeat",
    "report",
    "reporting_to",
    "running",
    "start",
]

_SECONDS_BETWEEN_WRITES = 1.0
# Why work waits again.
AFTER_DEATH = mark("pekerjanya terhenti; diulang")
AFTER_STOP = mark("pekerjanya dihentikan; diulang")
AFTER_FAULT = mark("gangguan basis data; diulang")
WHILE_BUSY = mark("menunggu perintah lain selesai")
_ATTEMPTS = 3
# Fields of work that waits: nobody is at it.
_NOBODY: dict[str, Any] = {
    "state": QUEUED,
    "started_at": None,
    "heartbeat_at": None,
    "host": "",
    "process": None,
}


def no_progress(done: int, total: int, note: str = "") -> None:
    """For callers that do not want to watch."""


# --- work that runs at once ------------------------------------------------------------------


def start(*, kind: str, by: object, total: int = 0) -> Job:
    """Write down that long work begins now, in this process."""
    now = timezone.now()
    return Job.objects.create(
        kind=kind,
        total=total,
        started_by=actor_text(by),
        user=_number(by),
        queued_at=now,
        due_at=now,
        started_at=now,
        host=socket.gethostname()[:120],
        process=os.getpid(),
    )


def _number(by: object) -> int | None:
    return by.pk if isinstance(by, models.Model) else None


def _held(job: Job) -> models.QuerySet[Job]:
    """The row of running work, as long as the one who holds it still does."""
    return Job.objects.filter(
        pk=job.pk,
        state=RUNNING,
        attempts=job.attempts,
        host=job.host,
        process=job.process or 0,
    )


def _gone(job: Job) -> JobEnded | JobLost:
    state = Job.objects.values_list("state", flat=True).get(pk=job.pk)
    return JobEnded(job.pk, state) if state in ENDS else JobLost(job.pk)


def report(*, job: Job, done: int, total: int, note: str = "") -> None:
    """Write down how far it is.

    Raises:
        JobEnded: the job is not running any more.
        JobLost: another worker took it over.
        JobCancelled: somebody asked for its end. The caller stops and ends it as ``batal``.
    """
    held = _held(job)
    if not held.update(progress=done, total=total, note=note[:200]):
        raise _gone(job)
    if held.filter(is_cancel_asked=True).exists():
        raise JobCancelled(job.kind)


@transaction.atomic
def end(
    *,
    job: Job,
    state: str = DONE,
    note: str = "",
    result: dict[str, Any] | None = None,
    error: tuple[str, Saying] | None = None,
) -> None:
    """Write down how it ended, and tell who wants to know when it was work of the queue.

    Args:
        job: the work.
        state: ``selesai``, ``gagal`` or ``batal``.
        note: a short word for whoever looks at it, without personal data.
        result: what came of it: numbers and words without personal data.
        error: code and words of what went wrong.

    Raises:
        JobEnded: it had already ended.
        JobLost: another worker took it over.
        ValueError: ``state`` is not an end.
    """
    if state not in ENDS:
        raise ValueError(f"{state!r} is no end of a job.")
    now = Job.objects.select_for_update().get(pk=job.pk)
    if state not in NEXT[now.state] or now.attempts != job.attempts or now.host != job.host:
        raise _gone(job)
    now.state, now.note, now.result = state, note[:200], result or {}
    if error is not None:
        now.error_code, now.error_template = error[0][:40], error[1].template[:1_000]
        now.error_values = {key: str(value)[:300] for key, value in error[1].values.items()}
    # Clocks of two computers differ a little; nothing ends before it began.
    now.finished_at = max(timezone.now(), now.started_at or now.queued_at)
    if state == DONE:
        now.payload_sealed = None
    now.save()
    if now.is_background:
        tell_end(now)


# Whom services report to that are called by a worker: the job it works on.
_above: ContextVar[Progress | None] = ContextVar("entas_job_above", default=None)


@contextmanager
def reporting_to(*, progress: Progress) -> Iterator[None]:
    """Let every :func:`running` inside the block report into the job that is at work already."""
    token = _above.set(progress)
    try:
        yield
    finally:
        _above.reset(token)


@contextmanager
def running(*, kind: str, by: object, watch: Progress = no_progress) -> Iterator[Progress]:
    """A job around a block of long work, ended as the block ends.

    Inside work of a worker no second job is made: the block reports into the one at hand.

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
    above = _above.get()
    if above is not None:
        yield _both(watch, above)
        return
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


def _both(first: Progress, second: Progress) -> Progress:
    def progress(done: int, total: int, note: str = "") -> None:
        first(done, total, note)
        second(done, total, note)

    return progress


# --- work that waits for a worker ------------------------------------------------------------


@transaction.atomic
def enqueue(
    *, kind: str, payload: dict[str, Any], by: object, max_attempts: int = _ATTEMPTS
) -> Job:
    """Put work into the queue. Whoever calls this has asked whether ``by`` may.

    Args:
        kind: a kind some stage registered (handlers.py).
        payload: what it is about, as JSON; sealed, for it may name people.
        by: who starts it: a user, who is told of the end, or a text.
        max_attempts: how often a worker may take it before it counts as failed.

    Raises:
        UnknownKind: no stage does such work.
    """
    handler_of(kind)
    now = timezone.now()
    job = Job.objects.create(
        kind=kind,
        state=QUEUED,
        is_background=True,
        payload_sealed=custody.seal(json.dumps(payload).encode(), context=PAYLOAD_CONTEXT),
        started_by=actor_text(by),
        user=_number(by),
        queued_at=now,
        due_at=now,
        max_attempts=max_attempts,
    )
    record(by, "jobs.enqueue", object_type="job", object_id=job.pk, detail={"kind": kind})
    return job


def payload_of(*, job: Job) -> dict[str, Any]:
    """What the work is about.

    Raises:
        entas.custody.SealBroken: it cannot be opened with the keys at hand.
    """
    if job.payload_sealed is None:
        return {}
    plain = custody.unseal(bytes(job.payload_sealed), context=PAYLOAD_CONTEXT)
    payload: dict[str, Any] = json.loads(plain)
    return payload


@transaction.atomic
def ask_cancel(*, job: Job, by: object) -> None:
    """End work that waits at once, and ask running work to stop at its next report.

    Raises:
        JobEnded: it has already ended.
    """
    now = Job.objects.select_for_update().get(pk=job.pk)
    if now.state in ENDS:
        raise JobEnded(job.pk, now.state)
    now.is_cancel_asked = True
    now.save(update_fields=["is_cancel_asked"])
    record(by, "jobs.cancel", object_type="job", object_id=job.pk, detail={"kind": now.kind})
    if now.state == QUEUED:
        end(job=now, state=CANCELLED)


@transaction.atomic
def repeat(*, job: Job, by: object) -> None:
    """Put work that failed or was cancelled into the queue again, with all its attempts.

    Raises:
        NotRepeatable: it did not end badly, or it was no work of the queue.
    """
    now = Job.objects.select_for_update().get(pk=job.pk)
    if not now.can_repeat:
        raise NotRepeatable(job.pk, now.state)
    moment = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        **_NOBODY,
        queued_at=moment,
        due_at=moment,
        finished_at=None,
        attempts=0,
        is_cancel_asked=False,
        progress=0,
        total=0,
        note="",
        error_code="",
        error_template="",
        error_values={},
    )
    record(by, "jobs.repeat", object_type="job", object_id=job.pk, detail={"kind": now.kind})


# --- what workers do with the queue ----------------------------------------------------------


def claim(*, host: str, process: int) -> Job | None:
    """Take the oldest work that waits; None when there is none.

    Two workers never get the same: on PostgreSQL each skips rows another one holds, on SQLite the
    transaction lets one writer in at a time.
    """
    waiting = Job.objects.filter(state=QUEUED, due_at__lte=timezone.now())
    # Without work nothing is written, and on SQLite nobody is kept waiting.
    if not waiting.exists():
        return None
    with transaction.atomic():
        oldest = waiting.order_by("queued_at", "pk").select_for_update(skip_locked=True).first()
        if oldest is None:
            return None
        Job.objects.filter(pk=oldest.pk, state=QUEUED).update(
            state=RUNNING,
            started_at=timezone.now(),
            # The clock of the database: workers on two computers compare it.
            heartbeat_at=Now(),
            attempts=F("attempts") + 1,
            host=host,
            process=process,
            progress=0,
            total=0,
            note="",
        )
    return Job.objects.get(pk=oldest.pk)


def beat(*, job: Job) -> bool:
    """Say that the worker lives; False when the work is no longer its own."""
    return bool(_held(job).update(heartbeat_at=Now()))


@transaction.atomic
def give_back(
    *, job: Job, wait_seconds: float = 0, note: str = "", is_counted: bool = False
) -> bool:
    """Put work back into the queue, or end it where somebody asked for its end meanwhile.

    Args:
        job: the work as it was claimed.
        wait_seconds: how long nobody is to take it.
        note: why it waits, for whoever looks at it.
        is_counted: whether the attempt counts.

    Returns:
        False when the work was no longer held.
    """
    now = _held(job).select_for_update().first()
    if now is None:
        return False
    if now.is_cancel_asked:
        end(job=now, state=CANCELLED)
        return True
    due_at = timezone.now() + timedelta(seconds=wait_seconds)
    attempts = now.attempts if is_counted else now.attempts - 1
    _held(job).update(**_NOBODY, due_at=due_at, note=note[:200], attempts=attempts)
    return True


def pick_up_lost(*, host: str, process: int, lost_seconds: float) -> int:
    """Put the work of workers that died back into the queue; fail what died too often.

    Work of the command line whose process is gone from this computer is ended as failed.

    Args:
        host: this computer.
        process: number of the worker that asks; it must hold no work itself.
        lost_seconds: without a sign of life for so long, a worker on another computer is dead.

    Returns:
        How many were found.
    """
    at_work = Job.objects.filter(state=RUNNING)
    silent = set(
        at_work.filter(heartbeat_at__lt=Now() - timedelta(seconds=lost_seconds)).values_list(
            "pk", flat=True
        )
    )
    found = 0
    for job in at_work.order_by("pk"):
        is_here = job.host == host
        is_gone = is_here and (not is_alive(job) or (job.is_background and job.process == process))
        if job.pk in silent or is_gone:
            found += int(_recovered(job))
    return found


def _recovered(job: Job) -> bool:
    if job.is_background and job.attempts < job.max_attempts:
        return give_back(job=job, note=AFTER_DEATH, is_counted=True)
    words = Saying(
        "Prosesnya terhenti sebelum selesai ({times} kali). Keadaan sebelumnya tetap berlaku; "
        "periksa memori dan catatan galat, lalu ulangi.",
        times=max(1, job.attempts),
    )
    with transaction.atomic():
        if not _held(job).select_for_update().exists():
            return False
        end(job=job, state=FAILED, error=("terhenti", words))
    return True
