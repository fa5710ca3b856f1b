"""Taking a delivered list back."""

from datetime import date

from django.db import transaction

from entas.audit.services import record
from entas.city.models import User
from entas.city.policies import check_may
from entas.sources.errors import NotWithdrawable
from entas.sources.models import Delivery
from entas.sources.states import NEXT, WITHDRAWN


@transaction.atomic
def withdraw(*, delivery: Delivery, by: User, on: date) -> Delivery:
    """Make a list count no more. Its file, rows and problems are kept; nothing is deleted.

    What stands on the list is withdrawn by the stages that put it there, before this is called.

    Raises:
        NotWithdrawable: it was withdrawn before.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "sources.undo")
    now = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if WITHDRAWN not in NEXT[now.state]:
        raise NotWithdrawable(
            "Impor {number} sudah ditarik pada {day}; tidak ada yang diubah.",
            number=now.pk,
            day=now.withdrawn_on,
        )
    before, now.state, now.withdrawn_on = now.state, WITHDRAWN, on
    now.save(update_fields=["state", "withdrawn_on"])
    record(
        by,
        "sources.undo",
        object_type="delivery",
        object_id=now.pk,
        detail={"before": before, "rows": now.rows},
    )
    return now
