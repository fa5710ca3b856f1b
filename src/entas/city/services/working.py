"""Starting, cancelling and repeating work of the queue, by who may."""

from typing import Any

from django.db import transaction

from entas.city.models import User
from entas.city.policies import check_may, check_may_steer
from entas.jobs import services
from entas.jobs.handlers import handler_of
from entas.jobs.models import Job


@transaction.atomic
def start_job(*, kind: str, by: User, payload: dict[str, Any] | None = None) -> Job:
    """Put work into the queue for somebody who may do its act.

    Raises:
        NotAllowed: no right of today includes the act.
        entas.jobs.errors.UnknownKind: no stage does such work.
    """
    check_may(by, handler_of(kind).act)
    return services.enqueue(kind=kind, payload=payload or {}, by=by)


@transaction.atomic
def cancel_job(*, job: Job, by: User) -> None:
    """Cancel one's own work, or anybody's with the right to manage jobs.

    Raises:
        NotAllowed: it is another person's.
        entas.jobs.errors.JobEnded: it has already ended.
    """
    check_may_steer(by, job)
    services.ask_cancel(job=job, by=by)


@transaction.atomic
def repeat_job(*, job: Job, by: User) -> None:
    """Try failed work again; who does so must be allowed to start it.

    Raises:
        NotAllowed: it is another person's, or the right to start it is gone.
        entas.jobs.errors.NotRepeatable: it did not end badly.
    """
    check_may_steer(by, job)
    check_may(by, handler_of(job.kind).act)
    services.repeat(job=job, by=by)
