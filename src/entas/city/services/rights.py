"""Giving and withdrawing rights: what somebody may do, where, and from when to when."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from entas.audit.services import actor_text, record
from entas.city.errors import (
    NothingToDeputise,
    OddPeriod,
    RightHeld,
    RightWithdrawn,
    UnknownPlace,
    UnknownRole,
)
from entas.city.models import Agency, Area, Right, User
from entas.city.policies import check_may_grant, check_not_last_administrator


@dataclass(frozen=True, slots=True)
class Wanted:
    """A right as somebody asks for it.

    Attributes:
        role: one of ``Right.Role``.
        area: where it holds; None is the whole city.
        agency: the office it is held for, if any.
        valid_from: its first day.
        valid_to: its last day; None is until it is withdrawn.
        deputy_for: who is stood in for; such a right has a last day.
    """

    role: str
    valid_from: dt.date
    area: Area | None = None
    agency: Agency | None = None
    valid_to: dt.date | None = None
    deputy_for: User | None = None

    @property
    def role_words(self) -> str:
        """The role as people call it."""
        return str(Right.Role(self.role).label)


@transaction.atomic
def grant_right(*, user: User, wanted: Wanted, by: User, day: dt.date) -> Right:
    """Give a user one right.

    Args:
        user: who gets it.
        wanted: what, where, and from when to when.
        by: who gives it.
        day: today; no right begins before.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_grant`.
        UnknownRole: there is no such role.
        OddPeriod: the days do not fit, or a deputy has no last day.
        UnknownPlace: the area exists no more on its first day.
        NothingToDeputise: who is stood in for does not hold it.
        RightHeld: the user has it already on some of these days.
    """
    check_may_grant(by, user, wanted.role, wanted.area)
    _check_wanted(wanted, day)
    # Two grants at once wait for each other, so that none is given twice.
    locked = User.objects.select_for_update().get(pk=user.pk)
    _check_deputy(locked, wanted)
    _check_new(locked, wanted)
    return write_right(user=locked, by=by, wanted=wanted)


def _check_wanted(wanted: Wanted, day: dt.date) -> None:
    if wanted.role not in Right.Role.values:
        raise UnknownRole(wanted.role)
    if wanted.valid_from < day:
        raise OddPeriod(
            "Hak tidak dapat berlaku mundur. Isi tanggal mulai hari ini ({day}) atau sesudahnya.",
            day=f"{day:%d-%m-%Y}",
        )
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        raise OddPeriod("Tanggal berakhir mendahului tanggal mulai. Betulkan salah satunya.")
    if wanted.deputy_for is not None and wanted.valid_to is None:
        raise OddPeriod("Hak sebagai pengganti harus punya tanggal berakhir. Isi tanggalnya.")
    area = wanted.area
    if area is not None and area.valid_to is not None and area.valid_to < wanted.valid_from:
        raise UnknownPlace(
            "Wilayah {name} sudah tidak ada pada tanggal itu. Pilih wilayah yang berlaku sekarang.",
            name=area.name,
        )


def _overlapping(wanted: Wanted) -> Q:
    last = wanted.valid_to or dt.date.max
    ends = Q(valid_to=None) | Q(valid_to__gte=wanted.valid_from)
    return Q(withdrawn_at=None, role=wanted.role, valid_from__lte=last) & ends


def _check_deputy(user: User, wanted: Wanted) -> None:
    if wanted.deputy_for is None:
        return
    where = Q(area=None)
    if wanted.area is not None:
        where |= Q(area__in=[wanted.area.pk, wanted.area.parent_id])
    held = wanted.deputy_for.rights.filter(_overlapping(wanted), where, deputy_for=None)
    if wanted.deputy_for.pk == user.pk or not held.exists():
        raise NothingToDeputise


def _check_new(user: User, wanted: Wanted) -> None:
    same = user.rights.filter(_overlapping(wanted), area=wanted.area, agency=wanted.agency)
    if same.filter(deputy_for=wanted.deputy_for).exists():
        raise RightHeld


def write_right(*, user: User, by: object, wanted: Wanted) -> Right:
    """Write a right without asking who decides it: for the first user of an installation."""
    act = record(
        by,
        "city.grant",
        object_type="user",
        object_id=user.pk,
        detail={
            "role": wanted.role,
            "area": wanted.area.number if wanted.area else None,
            "agency": wanted.agency.pk if wanted.agency else None,
            "valid_from": wanted.valid_from.isoformat(),
            "valid_to": wanted.valid_to.isoformat() if wanted.valid_to else None,
            "deputy_for": wanted.deputy_for.pk if wanted.deputy_for else None,
        },
    )
    return Right.objects.create(
        user=user,
        role=wanted.role,
        area=wanted.area,
        agency=wanted.agency,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        deputy_for=wanted.deputy_for,
        granted_by=actor_text(by),
        act_id=act.pk,
    )


@transaction.atomic
def withdraw_right(*, right: Right, by: User, now: dt.datetime) -> Right:
    """Take a right back at once; the row stays and tells who held it when.

    Raises:
        NotAllowed, OutsideArea, OwnAccount: see :func:`policies.check_may_grant`.
        RightWithdrawn: it was withdrawn before.
        LastAdministrator: nobody could give rights any more.
    """
    locked = (
        Right.objects.select_for_update(of=("self",))
        .select_related("user", "area")
        .get(pk=right.pk)
    )
    check_may_grant(by, locked.user, locked.role, locked.area)
    if locked.withdrawn_at is not None:
        raise RightWithdrawn
    if locked.role == Right.Role.ADMINISTRATOR and locked.area is None:
        check_not_last_administrator(locked.user)
    locked.withdrawn_by, locked.withdrawn_at = actor_text(by), now
    locked.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(
        by,
        "city.withdraw",
        object_type="user",
        object_id=locked.user_id,
        detail={"right": locked.pk, "role": locked.role, "area": locked.area_id},
    )
    return locked
