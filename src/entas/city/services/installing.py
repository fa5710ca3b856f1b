"""Making an installation: the row that says what it is and the first user."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from entas import custody
from entas.audit.services import record
from entas.city.errors import OtherInstallation
from entas.city.models import Installation, Right, User
from entas.city.policies import check_keys_fit
from entas.city.services.reference_rows import load_reference_rows
from entas.city.services.rights import Wanted, write_right

# NIK that no office gives out: the pair of the kecamatan plus 80 (15 71 81 to 15 71 91).
RESERVED_NIK = [f"1571{pair}" for pair in range(81, 92)]

# Whoever sits at the machine begins with both offices; the web door gives them to two people.
_FIRST_OFFICES = (Right.Role.ADMINISTRATOR, Right.Role.DATA_STEWARD)


def _first_user(username: str) -> User:
    user = User(username=username)
    user.set_unusable_password()
    user.save()
    return user


def _check_same(found: Installation, *, is_demo: bool, key_id: str) -> None:
    if is_demo and not found.is_demo:
        raise OtherInstallation(
            "Di sini sudah ada instalasi untuk data sungguhan; data buatan tidak boleh bercampur "
            "dengannya. Pakai ENTAS_HOME lain untuk demo."
        )
    check_keys_fit(found, replace(custody.status(), key_id=key_id))


@transaction.atomic
def initialise(
    *, is_demo: bool, username: str, key_id: str, schema: str, now: dt.datetime
) -> tuple[Installation, bool]:
    """Fill a fresh database with its first rows, all or none.

    An installation that is already there stays as it is, except that its areas and its schema
    stamp follow the version of Entas.

    Args:
        is_demo: invented people only.
        username: the first administrator.
        key_id: the key file that belongs to it.
        schema: stamp of the migrations that were applied.
        now: the moment it is made.

    Returns:
        The installation, and whether it was made just now.

    Raises:
        OtherInstallation: a demo was asked for where real data lives, or the key file is not
            the one its data needs.
    """
    found = Installation.objects.select_for_update().filter(pk=1).first()
    if found:
        _check_same(found, is_demo=is_demo, key_id=key_id)
        if found.schema != schema:
            found.schema = schema
            found.save(update_fields=["schema"])
            load_reference_rows(by="entas init")
        return found, False
    user = _first_user(username)
    made = Installation.objects.create(
        pk=1,
        is_demo=is_demo,
        created_at=now,
        key_id=key_id,
        key_version=custody.status().version,
        schema=schema,
        nik_only=RESERVED_NIK if is_demo else [],
        nik_never=[] if is_demo else RESERVED_NIK,
        needs_second_factor=not is_demo,
    )
    record(user, "city.initialise", detail={"is_demo": is_demo, "key_id": key_id})
    day = timezone.localtime(now).date()
    for role in _FIRST_OFFICES:
        write_right(user=user, by=user, wanted=Wanted(role, day))
    load_reference_rows(by=user)
    return made, True
