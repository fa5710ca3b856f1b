"""Rows packed for keeping: some hundred at a time, as JSON, compressed, then sealed."""

import datetime as dt
import json
import zlib
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from entas import custody
from entas.sources.cells import Cell
from entas.sources.models import PARSED_CONTEXT, RAW_CONTEXT
from entas.sources.parsed import ParsedRow

BLOCK_ROWS = 500
FIELDS = tuple(ParsedRow.__dataclass_fields__)
_LAHIR = FIELDS.index("lahir")
_values = attrgetter(*FIELDS)


class RawRow(NamedTuple):
    """A row as it came: its line in the file and its cells."""

    line: int
    cells: list[Cell]


class Columns(NamedTuple):
    """Usable rows of one block by column: ``baris`` and, for each field, a list of that length."""

    baris: list[int]
    values: dict[str, list[Any]]

    def rows(self) -> Iterator[tuple[int, ParsedRow]]:
        """The same by row: (baris, row)."""
        for baris, *values in zip(self.baris, *self.values.values(), strict=True):
            yield baris, ParsedRow(*values)


def seal_raw(rows: Sequence[RawRow]) -> bytes:
    """Pack and seal rows as they came."""
    text = json.dumps(rows, default=_tagged, ensure_ascii=False, separators=(",", ":"))
    return _seal(text, RAW_CONTEXT)


def open_raw(sealed: bytes | memoryview) -> list[RawRow]:
    """The rows of :func:`seal_raw`.

    Raises:
        entas.custody.SealBroken: altered, or sealed with a key that is not at hand.
    """
    rows = json.loads(_open(sealed, RAW_CONTEXT), object_hook=_untagged)
    return [RawRow(line, cells) for line, cells in rows]


def seal_parsed(rows: Sequence[tuple[int, ParsedRow]]) -> bytes:
    """Pack and seal usable rows; by column, which packs better and opens faster."""
    columns: list[Any] = [[baris for baris, _ in rows]]
    columns += list(zip(*(_values(row) for _, row in rows), strict=True)) or [[] for _ in FIELDS]
    columns[_LAHIR + 1] = [day and day.isoformat() for day in columns[_LAHIR + 1]]
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return _seal(text, PARSED_CONTEXT)


def open_parsed(sealed: bytes | memoryview) -> Columns:
    """The rows of :func:`seal_parsed`.

    Raises:
        entas.custody.SealBroken: altered, or sealed with a key that is not at hand.
    """
    baris, *columns = json.loads(_open(sealed, PARSED_CONTEXT))
    columns[_LAHIR] = [day and dt.date.fromisoformat(day) for day in columns[_LAHIR]]
    return Columns(baris, dict(zip(FIELDS, columns, strict=True)))


def _seal(text: str, context: str) -> bytes:
    # A cell may hold half a surrogate pair; it must come back as it was.
    packed = zlib.compress(text.encode(errors="surrogatepass"), 1)
    return custody.seal(packed, context=context)


def _open(sealed: bytes | memoryview, context: str) -> str:
    packed = custody.unseal(bytes(sealed), context=context)
    return zlib.decompress(packed).decode(errors="surrogatepass")


def _tagged(cell: object) -> dict[str, object]:
    """Kinds of cells that JSON lacks."""
    if isinstance(cell, dt.timedelta):
        return {"timedelta": cell.total_seconds()}
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return {type(cell).__name__: cell.isoformat()}
    raise TypeError(f"A cell cannot be a {type(cell).__name__}.")


def _untagged(tagged: dict[str, Any]) -> Cell:
    ((kind, value),) = tagged.items()
    if kind == "timedelta":
        return dt.timedelta(seconds=value)
    kinds: dict[str, Any] = {"datetime": dt.datetime, "date": dt.date, "time": dt.time}
    cell: Cell = kinds[kind].fromisoformat(value)
    return cell
