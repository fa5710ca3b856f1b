"""Handing a list out: with a purpose, a first line that says so, and an act that knows the file."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.utils.timezone import is_aware, localtime

from entas.audit.services import look, next_position, record
from entas.city.models import User
from entas.city.policies import check_may
from entas.city.queries import check_purpose
from entas.sources.cells import Cell
from entas.sources.errors import TooManyRows
from entas.sources.masking import mask_number
from entas.sources.writing import list_bytes

# Sixteen digits in a row can only be a NIK or KK, and thirty-two both of them. Lists bring them
# masked; this is the net. A hash of sixty-four that is all digits is none.
_SECRET_NUMBER = re.compile(r"(?<!\w)\d{16,40}(?!\w)")
_SECRET_FROM = 10**15


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list, and the persons it tells of."""

    cells: Sequence[Cell]
    persons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to be handed out, already narrowed to where its reader may export.

    Attributes:
        act: the act it is: ``"registry.export"``, ``"audit.export"``.
        name: short word for the list, in file names and acts: ``"jejak-tindakan"``.
        columns: names of the columns.
        lines: its rows; read once, and no further than the longest list that may go out.
        suffix: ``".xlsx"`` or ``".csv"``.
    """

    act: str
    name: str
    columns: Sequence[str]
    lines: Iterable[Line]
    suffix: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was handed out, and the place of the act that tells it."""

    content: bytes
    file_name: str
    position: int
    sha256: str


def export_list(
    *, listing: Listing, purpose: str, reason: str, by: User, now: dt.datetime
) -> Exported:
    """Make the file, write down the act with its hash and a look for every person in it.

    Args:
        listing: what goes out.
        purpose: code of a purpose in force.
        reason: why exactly, in words.
        by: who takes it along.
        now: the moment, as the first line says it.

    Raises:
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.city.errors.OddPurpose: purpose or reason do not suffice.
        TooManyRows: it has more rows than ``ENTAS_EXPORT_ROWS``.
    """
    check_may(by, listing.act)
    moment = localtime(now)
    code = check_purpose(purpose, reason, on=moment.date()).code
    most = settings.ENTAS_EXPORT_ROWS
    lines = list(islice(listing.lines, most + 1))
    if len(lines) > most:
        raise TooManyRows(most)
    body: list[Sequence[Cell]] = [listing.columns]
    body += [[_safe(cell) for cell in line.cells] for line in lines]
    with transaction.atomic():
        # The file names the act, and the act the hash of the file.
        position = next_position()
        mark = (
            f"Diekspor dari Entas oleh {by.get_full_name()} ({by.username}) pada "
            f"{moment:%Y-%m-%d %H:%M} WIB, tujuan {code}: {reason}, nomor {position}, "
            f"{len(lines)} baris; hanya untuk tujuan itu"
        )
        content = list_bytes([[mark], *body], suffix=listing.suffix)
        digest = hashlib.sha256(content).hexdigest()
        detail = {
            "list": listing.name,
            "rows": len(lines),
            "columns": list(listing.columns),
            "purpose": code,
            "sha256": digest,
        }
        record(by, listing.act, object_type="list", object_id=listing.name, detail=detail)
        where = f"web ekspor {listing.name}"
        look(by, _persons(lines), purpose=f"{code}: {reason}", where=where)
    return Exported(content, f"entas-{listing.name}-{position}{listing.suffix}", position, digest)


def _persons(lines: Iterable[Line]) -> Iterator[int]:
    return iter(dict.fromkeys(person for line in lines for person in line.persons))


def _safe(cell: Cell) -> Cell:
    """A cell with its number masked and its time as clocks in the city show it."""
    if isinstance(cell, str):
        return _SECRET_NUMBER.sub(lambda found: mask_number(found[0]), cell)
    if isinstance(cell, dt.datetime):
        local = localtime(cell) if is_aware(cell) else cell
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(cell, int | float) and abs(cell) >= _SECRET_FROM:
        return mask_number(f"{cell:.0f}")
    return cell
