"""The long part of an import: file, rows and problems written away, piece by piece."""

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Self

from entas import custody
from entas.custody import target_of
from entas.jobs.services import Progress
from entas.refusals import Saying
from entas.sources.blocks import BLOCK_ROWS, RawRow, seal_parsed, seal_raw
from entas.sources.cells import Cell
from entas.sources.checking import CheckedRow
from entas.sources.errors import CannotWrite
from entas.sources.masking import mask_long_numbers, mask_number
from entas.sources.models import FILE_CONTEXT, DeliveredFile, Delivery, Problem, RowBlock
from entas.sources.parsed import Fault
from entas.sources.profiles import Layout
from entas.sources.reading import ListTable
from entas.sources.rules import RULES, is_counted, message
from entas.sources.services.sharing import NikHolders
from entas.sources.writing import RowWriter, list_writer
from entas.tables import bulk_insert

PIECE = 1 << 20
_PIECES_AT_ONCE = 8
_BLOCKS_AT_ONCE = 40
_PROBLEMS_AT_ONCE = 20_000
_PROBLEM_COLUMNS = ("delivery_id", "row", "line", "column", "code", "value", "severity")
PROBLEM_HEADER = "masalah"


@dataclass(slots=True)
class Counts:
    """Rows, usable rows and problems so far; ``by_rule`` counts remarks too."""

    rows: int = 0
    accepted: int = 0
    problems: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)


def keep_file(delivery: Delivery, path: Path) -> str:
    """Seal the file as it came, in pieces of a megabyte; return the SHA-256 of what was kept."""
    digest = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        while piece := stream.read(PIECE):
            digest.update(piece)
            yield piece

    with path.open("rb") as stream:
        rows = (
            (delivery.pk, part, custody.seal(zlib.compress(piece, 1), context=FILE_CONTEXT))
            for part, piece in enumerate(pieces())
        )
        columns = ("delivery_id", "part", "sealed")
        bulk_insert(DeliveredFile, columns, rows, chunk=_PIECES_AT_ONCE)
    return digest.hexdigest()


def keep_rows(
    delivery: Delivery,
    rows: Iterable[CheckedRow],
    layout: Layout,
    counts: Counts,
    rejects: "Rejects",
    progress: Progress,
) -> None:
    """Write away rows and problems; memory holds a few thousand rows at a time."""
    problems = _Problems(delivery, layout.header("nik"), counts)
    blocks = _blocks(delivery, iter(rows), counts, _Watchers(problems, rejects, progress))
    columns = ("delivery_id", "first_row", "last_row", "raw", "parsed")
    bulk_insert(RowBlock, columns, blocks, chunk=_BLOCKS_AT_ONCE)
    problems.finish()


@dataclass(frozen=True, slots=True)
class _Watchers:
    problems: "_Problems"
    rejects: "Rejects"
    progress: Progress


def _blocks(
    delivery: Delivery, rows: Iterator[CheckedRow], counts: Counts, watchers: _Watchers
) -> Iterator[tuple[Any, ...]]:
    while block := list(islice(rows, BLOCK_ROWS)):
        counts.rows += len(block)
        usable = [(row.baris, row.row) for row in block if row.row is not None]
        counts.accepted += len(usable)
        for row in block:
            watchers.problems.note(row)
            if row.row is None:
                watchers.rejects.write(row)
        raw = seal_raw([RawRow(row.line, list(row.cells)) for row in block])
        watchers.progress(counts.rows, 0, "baris dibaca")
        yield delivery.pk, block[0].baris, block[-1].baris, raw, seal_parsed(usable)


class _Problems:
    """Gathers problems and writes them in chunks; at the end, NIK that two persons share."""

    def __init__(self, delivery: Delivery, nik_header: str, counts: Counts) -> None:
        self._delivery, self._counts, self._nik_header = delivery, counts, nik_header
        self._pending: list[tuple[Any, ...]] = []
        self._holders = NikHolders()

    def note(self, row: CheckedRow) -> None:
        """Take the problems of a row, and remember whose NIK it is."""
        for fault in row.faults:
            self._add(row.baris, row.line, fault)
        if row.row is not None and row.row.nik:
            self._holders.note(row.row.nik, row.row, row.baris, row.line)

    def finish(self) -> None:
        """N12, and whatever is still unwritten."""
        for baris, line, number in self._holders.shared():
            self._add(baris, line, Fault("N12", self._nik_header, mask_number(f"{number:016d}")))
        self._flush()

    def _add(self, baris: int, line: int, fault: Fault) -> None:
        self._counts.by_rule[fault.code] += 1
        if not is_counted(fault.code):
            return
        self._counts.problems += 1
        column = mask_long_numbers(fault.column)[:80]
        severity = RULES[fault.code].severity
        shown = fault.value[:60]
        self._pending.append((self._delivery.pk, baris, line, column, fault.code, shown, severity))
        if len(self._pending) >= _PROBLEMS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        bulk_insert(Problem, _PROBLEM_COLUMNS, self._pending)
        self._pending = []


class Rejects:
    """The rejected rows in the layout of the list, with what is wrong beside each.

    The file begins with the first rejected row and appears under its name when the import ends.

    Args:
        table: the list.
        asked: where it shall go; None: beside the list, if that is possible.
    """

    def __init__(self, table: ListTable, asked: Path | None) -> None:
        self._table, self._asked = table, asked
        self._inputs = (table.facts.path,)
        self._stack = ExitStack()
        self._write: RowWriter | None = None
        self._is_given_up = False
        self.written: str | None = ""

    def __enter__(self) -> Self:
        if self._asked is not None:
            # Before the long work, and also when no row is rejected in the end.
            with self._in_words():
                target_of(self._asked, inputs=self._inputs)
        self._stack.__enter__()
        return self

    def __exit__(self, *reason: object) -> None:
        with self._in_words():
            self._stack.__exit__(*reason)  # type: ignore[arg-type]

    def write(self, row: CheckedRow) -> None:
        """Add a row with its faults."""
        if self._is_given_up:
            return
        with self._in_words():
            if self._write is None:
                self._begin()
            self._put([*self._padded(row.cells), _in_words(row.faults)])

    def _begin(self) -> None:
        path = self._asked or self._beside()
        # The folder may be another one when somebody asks again where the file lies.
        path = path.absolute()
        separator = self._table.separator or ","
        opened = list_writer(path, separator=separator, inputs=self._inputs)
        self._write, self.written = self._stack.enter_context(opened), str(path)
        for index, line in enumerate(self._table.preamble):
            is_header = index == self._table.header_row
            self._put([*self._padded(line), PROBLEM_HEADER] if is_header else line)

    def _put(self, cells: Sequence[Cell]) -> None:
        if self._write is not None:
            self._write(cells)

    def _beside(self) -> Path:
        path = self._table.facts.path
        suffix = ".xlsx" if self._table.facts.kind == "xlsx" else ".csv"
        return path.with_name(f"{path.stem}.tolak{suffix}")

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Without a file for rejected rows a list is still taken in, unless one was asked for."""
        try:
            yield
        except (CannotWrite, OSError) as fault:
            if self._asked is not None:
                why = fault if isinstance(fault, CannotWrite) else Saying("Menulisnya gagal.")
                raise CannotWrite(
                    "Baris yang ditolak tidak dapat disimpan. {why} Pilih --rejects lain.", why=why
                ) from fault
            self._is_given_up, self._write, self.written = True, None, None
            # What was begun goes away as if the import had failed.
            with suppress(CannotWrite, OSError):
                self._stack.__exit__(type(fault), fault, None)

    def _padded(self, cells: Iterable[Cell]) -> list[Cell]:
        """Cells up to the last header, so that the remark stands in a column of its own."""
        row = list(cells)
        return row + [None] * (len(self._table.headers) - len(row))


def _in_words(faults: Iterable[Fault]) -> str:
    return "; ".join(f"{fault.column}: {message(fault.code)}" for fault in faults)
