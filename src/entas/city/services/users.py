"""Who may act here."""

import datetime as dt
import re

from django.db import transaction

from entas.audit.services import actor_text, record
from entas.city.errors import OddUserName, UnknownRole
from entas.city.models import Agency, Area, Right, User
from entas.city.policies import check_may, rights_of


@transaction.atomic
def add_user(*, username: str, role: str, by: User, day: dt.date) -> tuple[User, bool]:
    """Let somebody act in the whole city, or give back a right that was taken.

    Args:
        username: the name at the operating system (or in ENTAS_USER).
        role: one of ``Right.Role``.
        by: who decides it.
        day: from when on.

    Returns:
        The user, and whether anything changed.

    Raises:
        NotAllowed: ``by`` is no administrator.
        OddUserName: the name holds something else than letters, digits and ``@.+-_``.
        UnknownRole: there is no such role.
    """
    check_may(by, "city.add_user")
    if not re.fullmatch(r"[\w.@+-]{1,150}", username):
        raise OddUserName(username)
    user = User.objects.filter(username=username).first()
    if user and any(right.role == role and right.area is None for right in rights_of(user)):
        return user, False
    user = user or User(username=username)
    user.is_active = True
    if not user.password:
        # Nobody logs in anywhere with a password nobody chose.
        user.set_unusable_password()
    user.save()
    record(
        by,
        "city.add_user",
        object_type="user",
        object_id=user.pk,
        detail={"role": role},
    )
    grant_right(user=user, role=role, by=by, day=day)
    return user, True


@transaction.atomic
def grant_right(
    *,
    user: User,
    role: str,
    by: User,
    day: dt.date,
    area: Area | None = None,
    agency: Agency | None = None,
) -> Right:
    """Give a user one right from a day on.

    Raises:
        NotAllowed: ``by`` may not give rights.
        UnknownRole: there is no such role.
    """
    check_may(by, "city.grant")
    return write_right(user=user, role=role, by=by, day=day, area=area, agency=agency)


def write_right(
    *,
    user: User,
    role: str,
    by: object,
    day: dt.date,
    area: Area | None = None,
    agency: Agency | None = None,
) -> Right:
    """Write a right without asking who decides it: for the first user of an installation.

    Raises:
        UnknownRole: there is no such role.
    """
    if role not in Right.Role.values:
        raise UnknownRole(role)
    act = record(
        by,
        "city.grant",
        object_type="user",
        object_id=user.pk,
        detail={"role": role, "area": area.number if area else None},
    )
    return Right.objects.create(
        user=user,
        role=role,
        area=area,
        agency=agency,
        valid_from=day,
        granted_by=actor_text(by),
        act_id=act.pk,
    )
