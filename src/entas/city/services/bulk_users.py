"""Many users at once, from a sheet: all rows are right, or nobody is entered."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from entas.city.errors import SheetProblem, SheetRefused
from entas.city.models import User
from entas.city.policies import check_may, check_may_grant
from entas.city.queries import agency_named, area_named, role_named
from entas.city.services.rights import Wanted
from entas.city.services.users import check_user_name, enrol_user
from entas.refusals import EntasRefusal, Saying, mark

MOST_ROWS = 1_000
SHEET_COLUMNS = (
    "username",
    "nama",
    "surel",
    "telepon",
    "peran",
    "wilayah",
    "opd",
    "berlaku_dari",
    "berlaku_sampai",
)
# A day as a person writes it, or as a spreadsheet gives it.
_DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{5,18}")
_LONGEST_NAME = 120
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it was typed; ``line`` is its line in the sheet. Empty cells are empty texts."""

    line: int
    username: str
    nama: str = ""
    surel: str = ""
    telepon: str = ""
    peran: str = ""
    wilayah: str = ""
    opd: str = ""
    berlaku_dari: str = ""
    berlaku_sampai: str = ""


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody a sheet asks for: rows with the same user name are rights of one person."""

    line: int
    username: str
    name: str
    email: str
    phone: str
    rights: tuple[Wanted, ...]


class _Reading:
    """Turns rows into users and gathers what is wrong on the way."""

    def __init__(self, by: User, day: dt.date) -> None:
        self.by, self.day = by, day
        self.problems: list[SheetProblem] = []
        self.taken = {name.casefold() for name in User.objects.values_list("username", flat=True)}

    def wrong(self, row: SheetRow, column: str, why: str, **values: object) -> None:
        self.problems.append(SheetProblem(row.line, column, Saying(why, **values)))

    def cell(self, row: SheetRow, column: str, read: Callable[[str], T]) -> T | None:
        """What a cell means; None where it is wrong, which is noted."""
        try:
            return read(getattr(row, column).strip())
        except EntasRefusal as fault:
            self.problems.append(SheetProblem(row.line, column, fault.saying))
            return None

    def date(self, row: SheetRow, column: str) -> dt.date | None:
        text = getattr(row, column).strip()
        if not text:
            return None
        day = day_written(text)
        if day is None:
            self.wrong(
                row, column, mark("'{text}' bukan tanggal. Tulis seperti 31-12-2026."), text=text
            )
        return day

    def right(self, row: SheetRow) -> Wanted | None:
        """The right of a row; None where a cell of it is wrong."""
        before = len(self.problems)
        role = self.cell(row, "peran", role_named)
        begins = self.date(row, "berlaku_dari") or self.day
        ends = self.date(row, "berlaku_sampai")
        area = self.cell(row, "wilayah", lambda text: area_named(text, on=max(begins, self.day)))
        agency = self.cell(row, "opd", agency_named)
        if begins < self.day:
            self.wrong(
                row, "berlaku_dari", mark("tanggal ini sudah lewat. Kosongkan, atau isi hari ini.")
            )
        if ends is not None and ends < begins:
            self.wrong(row, "berlaku_sampai", mark("tanggal ini mendahului tanggal mulai."))
        if role is None or len(self.problems) > before:
            return None
        try:
            # Nobody of the sheet is entered yet: it is nobody's own account.
            check_may_grant(self.by, User(), role, area)
        except EntasRefusal as fault:
            self.problems.append(SheetProblem(row.line, "peran", fault.saying))
            return None
        return Wanted(role, begins, area, agency, ends)

    def person(self, row: SheetRow) -> None:
        """Check what a row says about the person."""
        self.cell(row, "username", check_user_name)
        if row.username.strip().casefold() in self.taken:
            self.wrong(row, "username", mark("nama pengguna ini sudah dipakai. Pilih nama lain."))
        if not 0 < len(row.nama.strip()) <= _LONGEST_NAME:
            self.wrong(row, "nama", mark("nama harus diisi, paling panjang 120 huruf."))
        if row.surel.strip() and not _is_email(row.surel.strip()):
            self.wrong(
                row, "surel", mark("bukan alamat surel. Tulis seperti nama@jambikota.example.")
            )
        if row.telepon.strip() and not _PHONE.fullmatch(row.telepon.strip()):
            self.wrong(
                row, "telepon", mark("bukan nomor telepon. Tulis angka saja, misalnya 0741123456.")
            )


def day_written(text: str) -> dt.date | None:
    """The day a text means, or None."""
    for form in _DAYS:
        try:
            return dt.datetime.strptime(text[:10], form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= _LONGEST_NAME


def _groups(rows: Sequence[SheetRow]) -> Iterator[list[SheetRow]]:
    by_name: dict[str, list[SheetRow]] = {}
    for row in rows:
        by_name.setdefault(row.username.strip().casefold() or f"#{row.line}", []).append(row)
    yield from by_name.values()


def check_sheet(*, rows: Sequence[SheetRow], by: User, day: dt.date) -> list[NewUser]:
    """Read the whole sheet without changing anything.

    Args:
        rows: as typed. Several rows with one user name are several rights of one person, whose
            name, mail and phone stand in the first of them.
        by: who wants to enter them.
        day: today.

    Returns:
        Whom it would enter.

    Raises:
        NotAllowed: ``by`` enters nobody.
        SheetRefused: cells are wrong; it says which, by row and column.
    """
    check_may(by, "city.add_user")
    reading = _Reading(by, day)
    if not 0 < len(rows) <= MOST_ROWS:
        line = rows[-1].line if rows else 1
        why = Saying("isi 1 sampai {most} baris dalam satu berkas.", most=MOST_ROWS)
        raise SheetRefused([SheetProblem(line, "username", why)])
    users = []
    for group in _groups(rows):
        first = group[0]
        reading.person(first)
        rights = [right for row in group if (right := reading.right(row)) is not None]
        for place, right in enumerate(rights):
            if right in rights[:place]:
                reading.wrong(group[place], "peran", mark("hak yang sama tertulis dua kali."))
        users.append(
            NewUser(
                first.line,
                first.username.strip(),
                first.nama.strip(),
                first.surel.strip(),
                first.telepon.strip(),
                tuple(rights),
            )
        )
    if reading.problems:
        raise SheetRefused(sorted(reading.problems, key=lambda one: one.line))
    return users


@transaction.atomic
def enrol_sheet(*, rows: Sequence[SheetRow], by: User, day: dt.date) -> list[tuple[NewUser, str]]:
    """Enter everybody of a sheet, or nobody; each has an entry of its own in the chain.

    Returns:
        Who was entered, each with the one-time password to hand over; it is kept nowhere.

    Raises:
        NotAllowed: ``by`` enters nobody.
        SheetRefused: cells are wrong; nobody was entered.
    """
    entered = []
    for new in check_sheet(rows=rows, by=by, day=day):
        _, password = enrol_user(
            username=new.username,
            name=new.name,
            email=new.email,
            phone=new.phone,
            rights=new.rights,
            by=by,
            day=day,
        )
        entered.append((new, password))
    return entered
