"""A delivered file as one table, whatever its format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from entas.sources.cells import Cell
from entas.sources.errors import NoRows
from entas.sources.reading import text
from entas.sources.reading.detect import FileFacts, examine
from entas.sources.reading.header import SEARCHED_ROWS, find_header, meanings
from entas.sources.reading.lines import Line, data_lines


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list ready to be read, as often as one likes.

    ``headers``: one text a column. ``preamble``: the rows above the data as they stand; its row
    ``header_row`` is the header. ``sheet`` and ``separator`` are empty where they mean nothing.
    ``is_formula`` tells of (line, column from 0) whether the cell was computed; None: no cell was.
    ``is_1904``: days without a format count from 1904 instead of 1900.
    """

    facts: FileFacts
    headers: tuple[str, ...]
    preamble: tuple[tuple[Cell, ...], ...]
    header_row: int
    sheet: str
    separator: str
    is_formula: Callable[[int, int], bool] | None
    is_1904: bool
    _lines: Callable[[], Iterator[Line]]

    def rows(self) -> Iterator[Line]:
        """The data rows: (line in the file, cells). The first is row 1 of the list.

        Blank lines, totals and footers are left out, so position counts rows, not lines.
        """
        lines = islice(self._lines(), len(self.preamble), None)
        return data_lines(lines, meanings(self.headers))


def read_table(path: Path) -> ListTable:
    """Examine a file and open it.

    Raises:
        ListRefused: the file is no list that can be read; the message says why.
    """
    return open_table(examine(path))


def open_table(facts: FileFacts) -> ListTable:
    """Open an examined file: find sheet or separator, then the header.

    Raises:
        ListRefused: as ``read_table``.
    """
    if facts.kind == "xlsx":
        return _open_workbook(facts)
    separator = text.find_separator(facts)
    return _table(facts, lambda: text.text_lines(facts, separator), separator=separator)


def _open_workbook(facts: FileFacts) -> ListTable:
    # The spreadsheet library is not loaded for a CSV.
    from entas.sources.reading.workbook import open_sheet

    sheet = open_sheet(facts.path)
    is_formula = sheet.is_formula if sheet.formulas else None
    return _table(
        facts, sheet.lines, sheet=sheet.name, is_formula=is_formula, is_1904=sheet.is_1904
    )


def _table(
    facts: FileFacts,
    lines: Callable[[], Iterator[Line]],
    *,
    sheet: str = "",
    separator: str = "",
    is_formula: Callable[[int, int], bool] | None = None,
    is_1904: bool = False,
) -> ListTable:
    head = [cells for _, cells in islice(lines(), SEARCHED_ROWS + 5)]
    header = find_header(head)
    preamble = tuple(tuple(cells) for cells in head[: header.end])
    table = ListTable(
        facts, header.names, preamble, header.row, sheet, separator, is_formula, is_1904, lines
    )
    if next(table.rows(), None) is None:
        raise NoRows("Daftar ini hanya berisi judul kolom, tanpa baris data. Kirim yang berisi.")
    return table
