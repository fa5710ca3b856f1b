"""A bulk act on the registry: staged out of sight, then published by one change of state.

A run that was killed leaves only rows nobody sees; the next run sweeps them away first
and does the work again from the start, so it ends as an undisturbed run would.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models, transaction

from entas.audit.models import Act
from entas.audit.services import actor_text, record
from entas.city.models import User
from entas.registry import states
from entas.registry.models import (
    Duplicate,
    Dwelling,
    Family,
    FamilyStay,
    Household,
    HouseholdStay,
    Link,
    LinkedList,
    Membership,
    Person,
    PersonKey,
    RegisterVersion,
    RegistryHistory,
    Run,
)
from entas.tables import give_back_ids, run_lock

__all__ = ["exclusive", "finish", "publish", "start", "sweep"]

# Downstream first, so that no foreign key is left hanging while sweeping.
_STAGED: tuple[type[models.Model], ...] = (
    Duplicate,
    Link,
    LinkedList,
    PersonKey,
    Membership,
    Person,
    FamilyStay,
    HouseholdStay,
    Family,
    Household,
    Dwelling,
)
_SWEEP_ROWS = 20_000
_PATIENCE_SECONDS = 2.0
# Beyond so many changed persons the whole register is read again.
MOST_PATCHED = 2_000


@contextmanager
def exclusive() -> Iterator[None]:
    """One bulk act on the registry at a time; a second one waits briefly, then says so.

    Raises:
        entas.tables.Busy: another command is at work.
    """
    with run_lock("registry", wait_seconds=_PATIENCE_SECONDS):
        yield


@transaction.atomic
def start(*, kind: str, by: User) -> Run:
    """Open a run and write down who began it."""
    act = record(by, f"registry.{kind}", object_type="run")
    return Run.objects.create(kind=kind, act_id=act.pk, by=actor_text(by), started_at=act.at)


def sweep() -> None:
    """Take away what killed runs left behind; nothing of it was ever visible."""
    for run in Run.objects.filter(state=states.STAGING).order_by("pk"):
        for model in _STAGED:
            _delete_staged(model, run)
        with transaction.atomic():
            RegistryHistory.objects.filter(act_id=run.act_id).delete()
            run.state = states.ABANDONED
            run.save(update_fields=["state"])
        for model in _STAGED:
            if isinstance(model._meta.pk, models.AutoField):
                give_back_ids(model)


def _delete_staged(model: type[models.Model], run: Run) -> None:
    rows = model._base_manager.filter(run=run).order_by("pk")
    while True:
        # In slices: one long transaction would keep everybody else waiting.
        keys = list(rows.values_list("pk", flat=True)[:_SWEEP_ROWS])
        if not keys:
            return
        with transaction.atomic():
            # By range: SQLite takes no list of twenty thousand numbers.
            model._base_manager.filter(run=run, pk__gte=keys[0], pk__lte=keys[-1]).delete()


@transaction.atomic
def publish(*, run: Run, by: User, result: dict[str, int]) -> None:
    """Make everything the run staged visible at once."""
    act = record(
        by, f"registry.{run.kind}.published", object_type="run", object_id=run.pk, detail=result
    )
    run.state, run.published_at, run.result = states.PUBLISHED, act.at, result
    run.save(update_fields=["state", "published_at", "result"])
    raise_version()


def finish(*, run: Run) -> None:
    """Close a published run whose follow-up work is done."""
    Run.objects.filter(pk=run.pk).update(state=states.DONE)


def raise_version() -> int:
    """Say that the register changed; extracts of the old version are not used any more."""
    RegisterVersion.objects.get_or_create(pk=1)
    RegisterVersion.objects.filter(pk=1).update(number=models.F("number") + 1)
    return register_version()


def register_stamp() -> str:
    """What an extract must carry to be the register's as it stands: its number, the last
    act on it and how far the change log went. The number alone would come again after a
    backup is put back.
    """
    acts = Act.objects.filter(act__startswith="registry.").order_by("-position")
    last = acts.values_list("hash", flat=True).first() or ""
    logged = RegistryHistory.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return f"{register_version()}:{last}:{logged}"


def persons_changed_since(stamp: str) -> set[int] | None:
    """Persons the change log names after a stamp; None when the stamp is not of this
    register's past, or more changed than is worth finding out.
    """
    _, _, rest = stamp.partition(":")
    last, _, logged = rest.partition(":")
    if not (logged.isdigit() and Act.objects.filter(hash=last).exists()):
        return None
    later = RegistryHistory.objects.filter(pk__gt=int(logged))
    touched = later.filter(object_type__in=("person", "family")).order_by("pk")
    rows = touched.values_list("object_type", "first_id", "last_id")[: MOST_PATCHED + 1]
    changed: set[int] = set()
    for kind, first, final in rows:
        if final - first > MOST_PATCHED or len(changed) > MOST_PATCHED:
            return None
        numbers = range(first, final + 1)
        if kind == "family":
            members = Person.objects.filter(family__in=numbers)
            changed.update(members.values_list("pk", flat=True))
        else:
            changed.update(numbers)
    return changed if len(changed) <= MOST_PATCHED else None


def register_version() -> int:
    """Number of the register as it stands."""
    row = RegisterVersion.objects.filter(pk=1).values_list("number", flat=True).first()
    return int(row or 0)
