"""What other stages ask about the ground: areas, the installation, and who is acting."""

import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import Error

from entas.city.errors import NotInitialised, OddUserName, OtherInstallation, UnknownUser
from entas.city.models import Area, AreaAlias, AreaSuccession, Installation, User
from entas.city.resolver import AreaResolver, Place
from entas.refusals import mark

# PostgreSQL's own numbers for them; its words come in many languages.
_UNDEFINED_TABLE, _UNDEFINED_COLUMN = "42P01", "42703"
OLDER_SCHEMA = mark(
    "Skema basis data berbeda dari versi Entas ini. Jalankan: entas init (datanya tetap)."
)


@dataclass(frozen=True)
class NikRanges:
    """Which NIK this installation takes, by their first six digits (region and +80 reserve)."""

    only: frozenset[str]
    never: frozenset[str]

    def allows(self, nik: str) -> bool:
        """Whether a NIK of this range may be used here."""
        prefix = nik[:6]
        return prefix not in self.never and (not self.only or prefix in self.only)


def installation() -> Installation:
    """The row that describes this installation.

    Raises:
        NotInitialised: ``entas init`` was never run here, or not to its end.
    """
    row = installation_if_any()
    if row is None:
        raise NotInitialised(str(settings.ENTAS_HOME))
    return row


def installation_if_any() -> Installation | None:
    """The row that describes this installation, or None where ``entas init`` was not run.

    Raises:
        OtherInstallation: it was made by an older version of Entas.
        django.db.Error: the database cannot be asked; a database or user that does not exist is
            no missing installation.
    """
    database = settings.DATABASES["default"]
    # Connecting would make an empty file, and leave it behind.
    if database["ENGINE"].endswith("sqlite3") and not _is_file(str(database["NAME"])):
        return None
    try:
        return Installation.objects.filter(pk=1).first()
    except Error as fault:
        if _is_missing(fault, _UNDEFINED_TABLE, "no such table"):
            return None
        if _is_missing(fault, _UNDEFINED_COLUMN, "no such column"):
            raise OtherInstallation(OLDER_SCHEMA) from fault
        raise


def _is_file(name: str) -> bool:
    # Tests keep their database in memory.
    return "memory" in name or Path(name).exists()


def _is_missing(fault: Error, state: str, words: str) -> bool:
    return getattr(fault.__cause__, "sqlstate", None) == state or words in str(fault)


def is_demo() -> bool:
    """Whether this installation holds invented people only.

    Raises:
        NotInitialised: ``entas init`` was never run here.
    """
    return installation().is_demo


def nik_ranges() -> NikRanges:
    """The NIK ranges of this installation (in a demo: the reserved one and no other).

    Raises:
        NotInitialised: ``entas init`` was never run here.
    """
    row = installation()
    return NikRanges(frozenset(row.nik_only), frozenset(row.nik_never))


def system_user_name() -> str:
    """Who is acting on the command line: ENTAS_USER, or the user of the operating system.

    Raises:
        OddUserName: the name holds bytes or marks that no name can hold.
    """
    name = os.environ.get("ENTAS_USER", "").strip()
    if not name:
        try:
            name = getpass.getuser()
        except (KeyError, OSError):
            # A container may run under a number that has no name.
            return f"uid{os.getuid()}"
    if not name.isprintable():
        raise OddUserName(name)
    return name


def acting_user() -> User:
    """The user behind the command line.

    Raises:
        UnknownUser: this person was never entered here, or was switched off.
    """
    name = system_user_name()
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise UnknownUser(name)
    return user


def user_of(number: int | None) -> User:
    """The user behind a number, for work that outlives the request that started it.

    Raises:
        UnknownUser: nobody has it, or this person was switched off meanwhile.
    """
    user = User.objects.filter(pk=number or 0, is_active=True).first()
    if user is None:
        raise UnknownUser(str(number))
    return user


def _spellings() -> dict[int, list[str]]:
    spellings: dict[int, list[str]] = {}
    for number, name in AreaAlias.objects.values_list("area_id", "name"):
        spellings.setdefault(number, []).append(name)
    return spellings


def _predecessors() -> dict[int, int]:
    largest: dict[int, int] = {}
    rows = AreaSuccession.objects.order_by("-share", "old_id").values_list("new_id", "old_id")
    for new, old in rows:
        largest.setdefault(new, old)
    return largest


def _places(areas: Sequence[Area]) -> list[Place]:
    spellings = _spellings()
    return [
        Place(
            number=area.number,
            name=area.name,
            code=area.code_kemendagri,
            code_bps=area.code_bps,
            kecamatan=area.parent_id or 0,
            spellings=(
                *([area.name_bps] if area.name_bps else []),
                *spellings.get(area.number, ()),
            ),
        )
        for area in areas
    ]


@lru_cache(maxsize=4)
def _resolver_of(_database: str) -> AreaResolver:
    areas = list(Area.objects.all())
    kecamatan = {a.name: a.number for a in areas if a.level == Area.Level.KECAMATAN}
    kelurahan = [a for a in areas if a.level == Area.Level.KELURAHAN]
    return AreaResolver(_places(kelurahan), kecamatan, _predecessors())


def area_resolver() -> AreaResolver:
    """Finds kelurahan by name and code; made once a process, as areas change by release only.

    Raises:
        NotInitialised: the areas were never loaded.
    """
    if not Area.objects.exists():
        raise NotInitialised(str(settings.ENTAS_HOME))
    return _resolver_of(str(settings.DATABASES["default"]["NAME"]))


def forget_areas() -> None:
    """Make the next :func:`area_resolver` read the areas again; called after they were loaded."""
    _resolver_of.cache_clear()
