"""Take a whole import back, with everything that stands only on it."""

from collections.abc import Callable
from datetime import date

from entas.city.models import User
from entas.city.policies import check_may
from entas.jobs.services import Progress, no_progress
from entas.refusals import Saying
from entas.registry.errors import DecisionRefused
from entas.registry.services import runs, withdrawal
from entas.registry.services.unfinished import finish_published
from entas.sources.models import Delivery
from entas.sources.queries import delivery_of
from entas.sources.services import exclusive, withdraw
from entas.sources.states import ACCEPTED

_MOST_NAMED = 5
_PATIENCE_SECONDS = 2.0


def standing_on(delivery: Delivery) -> list[str]:  # noqa: ARG001
    """What signed acts stand on a list and forbid taking it back, each in a few words.

    Nothing yet. Stages below the registry will know of decrees and payments, and the registry
    may not ask them: the door, which knows every stage, hands in a function that does.
    """
    return []


def undo_import(
    *,
    import_id: int,
    by: User,
    on: date,
    standing: Callable[[Delivery], list[str]] = standing_on,
    progress: Progress = no_progress,
) -> dict[str, int]:
    """Withdraw a list and everything that stands only on it; nothing is deleted.

    Persons that no other line speaks for are withdrawn. Persons others know keep living, and
    what they owed to this list falls back to the best of the remaining lines. The same file
    may be delivered and linked again afterwards. A command that was killed is finished by the
    same command, or by the next one that changes the registry.

    Args:
        import_id: number of the list.
        by: who takes it back.
        on: the day it counts from.
        standing: says what forbids it (see ``standing_on``).
        progress: told how many persons are done.

    Returns:
        links, withdrawn (persons) and changed (persons).

    Raises:
        DecisionRefused: something signed stands on the list; the message names it.
        entas.sources.errors.UnknownImport: no list has this number.
        entas.sources.errors.NotWithdrawable: it was withdrawn before.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command takes a list in or changes the registry.
    """
    check_may(by, "registry.undo")
    check_may(by, "sources.undo")
    delivery_of(import_id)
    # An import that is still running writes rows under the list: it ends first.
    with exclusive(wait_seconds=_PATIENCE_SECONDS), runs.exclusive():
        cut_off = withdrawal.pending(import_id)
        if cut_off is not None:
            return withdrawal.carry_out(cut_off, progress)
        runs.sweep()
        finish_published()
        delivery = delivery_of(import_id)
        _check_free(delivery, standing)
        if delivery.state != ACCEPTED:
            withdraw(delivery=delivery, by=by, on=on)
            return {"links": 0, "withdrawn": 0, "changed": 0}
        return withdrawal.carry_out(withdrawal.decide(delivery=delivery, by=by, on=on), progress)


def _check_free(delivery: Delivery, standing: Callable[[Delivery], list[str]]) -> None:
    found = standing(delivery)
    if not found:
        return
    named = "; ".join(one[:120] for one in found[:_MOST_NAMED])
    more = (
        Saying("; dan {count} lagi", count=len(found) - _MOST_NAMED)
        if len(found) > _MOST_NAMED
        else ""
    )
    raise DecisionRefused(
        "Impor {number} tidak dapat ditarik karena masih menjadi dasar: {named}{more}. "
        "Batalkan dulu yang disebut itu.",
        number=delivery.pk,
        named=named,
        more=more,
    )
