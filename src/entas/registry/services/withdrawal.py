"""What becomes of the registry when a list is taken back.

The decision to take it back is one small transaction; the work behind it goes in short ones,
each of which may be done again. So a kill leaves either everything as it was, or a decided
withdrawal that the next command on the registry finishes first.
"""

from datetime import date
from typing import Any

import numpy as np
from django.db import transaction

from entas.audit.services import actor_text, record
from entas.city.models import User
from entas.jobs.services import Progress, no_progress
from entas.registry import states
from entas.registry.models import Link, LinkedList, Person, RegistryHistory, Run
from entas.registry.services import runs
from entas.registry.services.restating import close_questions, settle
from entas.sources.models import Delivery
from entas.sources.queries import delivery_of
from entas.sources.services import withdraw
from entas.sources.states import WITHDRAWN
from entas.tables import fetch

KIND = "undo"
_ROWS_AT_ONCE = 20_000


@transaction.atomic
def decide(*, delivery: Delivery, by: User, on: date) -> Run:
    """Write down that a list is taken back; from here on it is only a matter of time."""
    act = record(by, f"registry.{KIND}", object_type="delivery", object_id=delivery.pk)
    return Run.objects.create(
        kind=KIND,
        state=states.PUBLISHED,
        act_id=act.pk,
        by=actor_text(by),
        started_at=act.at,
        published_at=act.at,
        result={"import_id": delivery.pk, "user": by.pk, "on": on.isoformat()},
    )


def pending(import_id: int) -> Run | None:
    """The withdrawal of this list that was decided and not finished, if there is one."""
    waiting = Run.objects.filter(kind=KIND, state=states.PUBLISHED)
    return next((run for run in waiting if run.result["import_id"] == import_id), None)


def carry_out(run: Run, progress: Progress = no_progress) -> dict[str, int]:
    """Do the work behind a decided withdrawal, or what is left of it.

    Returns:
        links, withdrawn (persons) and changed (persons).
    """
    delivery = delivery_of(int(run.result["import_id"]))
    _withdraw_links(delivery)
    persons = _persons_of(delivery)
    settle(persons=persons, run=run, progress=progress)
    close_questions(run=run)
    counts = _counts(delivery, run)
    _close(delivery, run, counts)
    return counts


def _counts(delivery: Delivery, run: Run) -> dict[str, int]:
    # From the log, so that work done in two halves counts like work done at once.
    log = RegistryHistory.objects.filter(act_id=run.act_id, object_type="person")
    touched = log.values("first_id")
    gone = Person.objects.filter(state=states.WITHDRAWN, pk__in=touched).count()
    return {
        "links": Link.objects.filter(delivery=delivery).count(),
        "withdrawn": gone,
        "changed": touched.distinct().count() - gone,
    }


def _withdraw_links(delivery: Delivery) -> None:
    standing = Link.objects.filter(delivery=delivery, withdrawn=False)
    for first in range(0, delivery.rows + 1, _ROWS_AT_ONCE):
        with transaction.atomic():
            part = standing.filter(row__gte=first, row__lt=first + _ROWS_AT_ONCE)
            part.update(withdrawn=True)
    LinkedList.objects.filter(delivery=delivery).update(withdrawn=True)


def _persons_of(delivery: Delivery) -> list[int]:
    """Whoever a line of the list spoke for, in the order of their numbers."""
    links = Link.objects.filter(delivery=delivery, person__isnull=False)
    held: Any = np.unique(np.asarray(fetch(links, "person_id")["person_id"], np.int64))
    persons: list[int] = held.tolist()
    return persons


def _close(delivery: Delivery, run: Run, counts: dict[str, int]) -> None:
    with transaction.atomic():
        by = User.objects.get(pk=run.result["user"])
        if delivery.state != WITHDRAWN:
            # Last: as long as the list stands, the command can be repeated.
            withdraw(delivery=delivery, by=by, on=date.fromisoformat(run.result["on"]))
        runs.raise_version()
        run.state, run.result = states.DONE, {**run.result, "counts": counts}
        run.save(update_fields=["state", "result"])
        record(
            by,
            f"registry.{KIND}.done",
            object_type="delivery",
            object_id=delivery.pk,
            detail=counts,
        )
