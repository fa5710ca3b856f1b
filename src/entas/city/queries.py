"""What other stages ask about the ground: areas, the installation, and who is acting."""

import datetime as dt
import getpass
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import Error, models
from django.db.models import Q

from entas.city.errors import (
    NotInitialised,
    OddPurpose,
    OddUserName,
    OtherInstallation,
    UnknownAgency,
    UnknownPlace,
    UnknownRight,
    UnknownRole,
    UnknownUser,
)
from entas.city.models import (
    Agency,
    Area,
    AreaAlias,
    AreaSuccession,
    Installation,
    Purpose,
    Right,
    User,
)
from entas.city.policies import scope_of
from entas.city.resolver import AreaResolver, Place, place_key
from entas.refusals import Saying, mark

# PostgreSQL's own numbers for them; its words come in many languages.
_UNDEFINED_TABLE, _UNDEFINED_COLUMN = "42P01", "42703"
# Ten letters are two or three words; the look that keeps them has 200.
SHORTEST_REASON, LONGEST_REASON = 10, 160
# Sixteen digits or more, also with blanks, dots or strokes between them.
_LONG_NUMBER = re.compile(r"\d(?:[\W_]*\d){15,}")
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


def user_named(name: str) -> User:
    """The user of that name, also when switched off.

    Raises:
        UnknownUser: nobody is called so.
    """
    user = User.objects.filter(username=name).first()
    if user is None:
        raise UnknownUser(name)
    return user


def right_numbered(number: int) -> Right:
    """The right of that number.

    Raises:
        UnknownRight: there is none.
    """
    right = Right.objects.filter(pk=number).first()
    if right is None:
        raise UnknownRight(number)
    return right


def users_seen_by(actor: User) -> models.QuerySet[User]:
    """The accounts an actor may see: all, or those with a right that lies in the actor's areas.

    A right that ended long ago counts too: whoever watches an area sees who held what there.
    """
    scope = scope_of(actor, "city.read_users")
    users = User.objects.all()
    if scope.is_city:
        return users
    beyond = Area.objects.kelurahan().exclude(number__in=scope.kelurahan).values("parent")
    whole = Area.objects.filter(level=Area.Level.KECAMATAN).exclude(number__in=beyond)
    within = Q(area__in=scope.kelurahan) | Q(area__in=whole)
    return users.filter(pk__in=Right.objects.filter(within).values("user"))


@dataclass(frozen=True, slots=True)
class ShownRight:
    """A right with its state on a day: ``now``, ``later``, ``ended`` or ``withdrawn``."""

    right: Right
    state: str

    @property
    def is_open(self) -> bool:
        """It is in force or will be, and so can be withdrawn."""
        return self.state in {"now", "later"}

    @property
    def role_words(self) -> str:
        """The role as people call it."""
        return str(Right.Role(self.right.role).label)


def right_with_state(right: Right, *, on: dt.date) -> ShownRight:
    """A right and what it is on that day."""
    if right.withdrawn_at is not None:
        return ShownRight(right, "withdrawn")
    if right.valid_from > on:
        return ShownRight(right, "later")
    is_over = right.valid_to is not None and right.valid_to < on
    return ShownRight(right, "ended" if is_over else "now")


def rights_shown(user: User, *, on: dt.date, with_ended: bool = False) -> list[ShownRight]:
    """The rights of a user, those of today and of later first; ended ones only when asked for."""
    rights = user.rights.select_related("area", "agency", "deputy_for").order_by("-valid_from")
    shown = [right_with_state(right, on=on) for right in rights]
    open_first = sorted(shown, key=lambda one: not one.is_open)
    return open_first if with_ended else [one for one in open_first if one.is_open]


def role_named(text: str) -> str:
    """A role by its code or by its Indonesian name, in any case.

    Raises:
        UnknownRole: neither fits.
    """
    asked = " ".join(text.split()).casefold()
    for role in Right.Role:
        if asked in {role.value, str(role.label).casefold()}:
            return role.value
    raise UnknownRole(text)


def agency_named(text: str) -> Agency | None:
    """An agency by its code, short name or name; None for an empty text.

    Raises:
        UnknownAgency: none fits.
    """
    asked = " ".join(text.split()).casefold()
    if not asked:
        return None
    for agency in Agency.objects.all():
        if asked in {agency.code.casefold(), agency.short_name.casefold(), agency.name.casefold()}:
            return agency
    raise UnknownAgency(text)


_CITY_WORDS = frozenset({"", "kota", "kota jambi", "seluruh kota"})


def area_named(text: str, *, on: dt.date) -> Area | None:
    """A kecamatan or kelurahan by its name or code; None for the whole city.

    Args:
        text: ``"Legok"``, ``"Kecamatan Danau Sipin"``, ``"15.71.10.1003"``, or empty.
        on: the day it has to exist.

    Raises:
        UnknownPlace: no area is called so, or a kecamatan and a kelurahan both are.
    """
    asked = " ".join(text.split()).casefold()
    if asked in _CITY_WORDS:
        return None
    areas = Area.objects.on(on)
    digits = asked.replace(".", "")
    if digits.isascii() and digits.isdigit():
        found = [area for area in areas if str(area.number) == digits]
    else:
        levels = [level for level in Area.Level.values if asked.startswith(level[:3])]
        key = place_key(asked)
        found = [area for area in areas if place_key(area.name) == key]
        found = [area for area in found if area.level in levels] or found
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownPlace(
            "'{name}' adalah nama kecamatan dan kelurahan. Tulis 'kecamatan {name}' atau "
            "'kelurahan {name}'.",
            name=text.strip()[:60],
        )
    raise UnknownPlace(
        "Wilayah '{name}' tidak dikenal. Tulis nama kecamatan atau kelurahan, atau kosongkan untuk "
        "seluruh kota.",
        name=text.strip()[:60],
    )


def purposes_on(day: dt.date) -> list[Purpose]:
    """Purposes that may be given on that day, in the order they were shipped."""
    return list(Purpose.objects.on(day).order_by("pk"))


def check_purpose(code: str, reason: str, *, on: dt.date) -> Purpose:
    """Let pass a purpose in force with a reason in words.

    Args:
        code: code of a purpose.
        reason: why exactly, in the words of who asks.
        on: the day it is given.

    Returns:
        The purpose.

    Raises:
        OddPurpose: the code is not in force on the day, the reason has fewer than
            ``SHORTEST_REASON`` letters or is longer than ``LONGEST_REASON``, or it holds a number
            that can only be a NIK or KK.
    """
    purpose = Purpose.objects.on(on).filter(code=code).first()
    if purpose is None:
        raise OddPurpose(Saying("Pilih tujuan dari daftar."), "purpose")
    if sum(map(str.isalpha, reason)) < SHORTEST_REASON:
        line = Saying("Tulis alasannya, paling sedikit {letters} huruf.", letters=SHORTEST_REASON)
        raise OddPurpose(line, "reason")
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        line = Saying(
            "Tulis alasannya dalam satu baris, paling panjang {letters} huruf.",
            letters=LONGEST_REASON,
        )
        raise OddPurpose(line, "reason")
    if _LONG_NUMBER.search(reason):
        line = Saying("Alasan tidak boleh memuat NIK atau nomor KK. Tulis tanpa nomor itu.")
        raise OddPurpose(line, "reason")
    return purpose


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
