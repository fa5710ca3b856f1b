"""Who may act here."""

import re

from django.db import transaction

from entas.audit.services import record
from entas.city.errors import OddUserName
from entas.city.models import User
from entas.city.policies import check_may


@transaction.atomic
def add_user(*, username: str, role: str, by: User) -> tuple[User, bool]:
    """Let somebody act on the command line, or give back a right that was taken.

    Args:
        username: the name at the operating system (or in ENTAS_USER).
        role: one of ``User.Role``.
        by: who decides it.

    Returns:
        The user, and whether anything changed.

    Raises:
        NotAllowed: ``by`` is no administrator.
        OddUserName: the name holds something else than letters, digits and ``@.+-_``.
    """
    check_may(by, "city.add_user")
    if not re.fullmatch(r"[\w.@+-]{1,150}", username):
        raise OddUserName(username)
    user = User.objects.filter(username=username).first()
    if user and user.is_active and user.role == role:
        return user, False
    user = user or User(username=username)
    user.role, user.is_active = role, True
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
    return user, True
