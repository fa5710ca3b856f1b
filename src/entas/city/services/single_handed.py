"""Acts that one person prepared and approved, because nobody else there could."""

import datetime as dt

from django.db import transaction

from entas.audit.models import Act
from entas.audit.services import actor_text, is_same_actor, record
from entas.city.errors import OwnSingleHanded, ReviewedBefore
from entas.city.models import SingleHanded, User
from entas.city.policies import check_may_at


def mark_single_handed(*, act: Act, kelurahan: int | None) -> SingleHanded:
    """List an act for the weekly review by another office.

    Part of the act it marks: in its transaction, without an entry of its own in the chain.

    Args:
        act: what was done alone.
        kelurahan: where; None where the place is not known.
    """
    return SingleHanded.objects.create(
        act_id=act.pk, act=act.act, actor=act.actor, kelurahan=kelurahan, at=act.at
    )


@transaction.atomic
def review_single_handed(
    *, row: SingleHanded, note: str, by: User, now: dt.datetime
) -> SingleHanded:
    """Say that somebody else looked at what one person did alone.

    Args:
        row: the listed act.
        note: what was found; it stands in the list, not in the chain.
        by: who looked.
        now: the moment.

    Raises:
        entas.city.errors.NotAllowed, entas.city.errors.OutsideArea: ``by`` may not, there.
        OwnSingleHanded: it is ``by``'s own act.
        ReviewedBefore: somebody looked already.
    """
    check_may_at(by, "audit.review_single_handed", row.kelurahan)
    if is_same_actor(row.actor, by):
        raise OwnSingleHanded
    current = SingleHanded.objects.select_for_update().get(pk=row.pk)
    if current.reviewed_at is not None:
        raise ReviewedBefore
    current.reviewed_by, current.reviewed_at = actor_text(by), now
    current.note = note.strip()[:300]
    current.save(update_fields=["reviewed_by", "reviewed_at", "note"])
    detail = {"act": row.act, "act_id": row.act_id}
    record(
        by,
        "audit.review_single_handed",
        object_type="single_handed",
        object_id=row.pk,
        detail=detail,
    )
    return current
