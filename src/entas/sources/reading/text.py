"""CSV and its relatives: separator found by trial, lines streamed, broken quotes refused."""

import csv
from collections.abc import Iterator
from typing import IO

from entas.sources.cells import Cell
from entas.sources.errors import BrokenFile
from entas.sources.reading.detect import FileFacts
from entas.sources.reading.header import SEARCHED_ROWS, score_rows
from entas.sources.reading.lines import Line

SEPARATORS = (",", ";", "\t", "|")
MAX_LINE = 1_000_000
# A quote that was opened and never closed swallows the lines below it. Addresses of three
# or four lines exist; twenty lines in one row do not.
_MAX_LINES_A_ROW = 20
_HEAD_ROWS = SEARCHED_ROWS + 5


def text_lines(facts: FileFacts, separator: str) -> Iterator[Line]:
    """Every row of the file with the number of its last line, streamed.

    Raises:
        BrokenFile: a line is endless, a quote is never closed, or bytes do not fit the encoding.
    """
    with facts.path.open(encoding=facts.encoding, newline="", errors="strict") as stream:
        yield from _rows(stream, separator)


def find_separator(facts: FileFacts) -> str:
    """The separator that gives the best header, then the most columns."""
    scores = []
    for order, separator in enumerate(SEPARATORS):
        rows = _head(facts, separator)
        widest = max((len(row) for row in rows), default=0)
        scores.append((score_rows(rows), widest, -order, separator))
    return max(scores)[3]


def _head(facts: FileFacts, separator: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    try:
        for _, row in text_lines(facts, separator):
            rows.append(row)
            if len(rows) == _HEAD_ROWS:
                break
    except BrokenFile:
        # With the wrong separator quotes fall apart; the right one gets its say later.
        pass
    return rows


def _rows(stream: IO[str], separator: str) -> Iterator[Line]:
    source = _Lines(stream)
    reader = csv.reader(source, delimiter=separator)
    start = 0
    width = 0
    try:
        for cells in reader:
            if source.has_ended or reader.line_num - start > 1:
                lines = _MAX_LINES_A_ROW + 1 if source.has_ended else reader.line_num - start
                _check_quotes(cells, separator, start + 1, lines=lines, width=width)
            start = reader.line_num
            width = len(cells)
            yield start, cells  # type: ignore[misc]
    except csv.Error as fault:
        raise _open_quote(start + 1) from fault
    except UnicodeError as fault:
        raise BrokenFile(
            f"Huruf setelah baris {start} tidak terbaca. Simpan ulang berkas sebagai CSV UTF-8."
        ) from fault


def _check_quotes(cells: list[str], separator: str, line: int, *, lines: int, width: int) -> None:
    """A row over several lines is honest only while its cells do not hold whole other rows."""
    most = max(cell.count(separator) for cell in cells)
    if lines > _MAX_LINES_A_ROW or most >= max(5, width - 2):
        raise _open_quote(line)


def _open_quote(line: int) -> BrokenFile:
    return BrokenFile(
        f'Tanda kutip (") dibuka di baris {line} tetapi tidak ditutup. Perbaiki baris itu, atau '
        "simpan ulang sebagai .xlsx."
    )


class _Lines:
    """The lines of a stream, each of bounded length; remembers that the end was reached."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._count = 0
        self.has_ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._stream.readline(MAX_LINE)
        if not line:
            self.has_ended = True
            raise StopIteration
        self._count += 1
        if len(line) >= MAX_LINE:
            raise BrokenFile(
                f"Baris {self._count} lebih dari {MAX_LINE} huruf. Ini bukan daftar CSV yang utuh."
            )
        return line


csv.field_size_limit(MAX_LINE)
