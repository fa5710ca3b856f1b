"""Work that was published and then cut off, and acts that need the registry to themselves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from entas.registry import states
from entas.registry.models import Run
from entas.registry.services import runs, withdrawal
from entas.registry.services.survivorship import apply_run

__all__ = ["alone", "finish_published"]


def _finish_linking(run: Run) -> None:
    apply_run(run=run)
    runs.finish(run=run)
    runs.raise_version()


_FINISH: dict[str, Callable[[Run], object]] = {
    "link": _finish_linking,
    withdrawal.KIND: withdrawal.carry_out,
}


def finish_published() -> None:
    """Do what is left of runs that were published and then killed; the caller holds the lock."""
    for run in Run.objects.filter(state=states.PUBLISHED).order_by("pk"):
        _FINISH[run.kind](run)


@contextmanager
def alone() -> Iterator[None]:
    """One transaction on a registry that nobody else changes and no killed run left half done.

    Raises:
        entas.tables.Busy: another command is at work.
    """
    # The lock goes around the transaction: who waits for it must see what was written.
    with runs.exclusive():
        finish_published()
        with transaction.atomic():
            yield
