"""Acts that one person prepared and approved, because nobody else there could."""

from entas.audit.models import Act
from entas.city.models import SingleHanded


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
