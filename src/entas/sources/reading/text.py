"""CSV and its relatives: separator found by trial, lines streamed, broken quotes refused."""

import csv
import re
from collections import deque
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
_SHORTEST_IDENTITY = 15
_LINE_END = re.compile(r"\r\n|\r|\n")
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
                if source.has_ended or reader.line_num - start > _MAX_LINES_A_ROW:
                    raise _open_quote(start + 1)
                _check_quotes(source.recent(reader.line_num - start), separator)
                if _holds_rows(cells, separator, width):
                    raise _open_quote(start + 1)
            start = reader.line_num
            width = len(cells) or width
            yield start, cells  # type: ignore[misc]
    except csv.Error as fault:
        raise _open_quote(start + 1) from fault
    except UnicodeError as fault:
        raise BrokenFile(
            "Huruf setelah baris {line} tidak terbaca. Simpan ulang berkas sebagai CSV UTF-8.",
            line=start,
        ) from fault


def _check_quotes(lines: list[str], separator: str) -> None:
    """Read a row over several lines again, strictly.

    A quote that was never closed ends at the opening quote of some later cell, and letters
    follow where a separator should.

    Raises:
        csv.Error: so it is.
    """
    for _ in csv.reader(lines, delimiter=separator, strict=True):
        pass


def _holds_rows(cells: list[str], separator: str, width: int) -> bool:
    """Whether a cell over several lines holds other rows of the list.

    Args:
        cells: the row.
        separator: as in the file.
        width: cells of the row before.
    """
    for column, cell in enumerate(cells):
        lines = [line.split(separator) for line in _LINE_END.split(cell)]
        if len(lines) == 1:
            continue
        first, *middle, last = lines
        if any(len(parts) > 1 and any(map(_is_identity, parts)) for parts in lines):
            return True
        if any(len(parts) == width > 1 and not _is_prose(parts) for parts in middle):
            return True
        # Opened in the middle of one row and closed in the middle of another.
        is_whole = column + len(first) == width == len(last) + len(cells) - column - 1
        if len(first) > 1 and is_whole and not _is_prose(first):
            return True
    return False


def _is_identity(part: str) -> bool:
    bare = part.strip(" \"'")
    return len(bare) >= _SHORTEST_IDENTITY and bare.isdecimal()


def _is_prose(parts: list[str]) -> bool:
    """Whether separators stand in a sentence ("Jl. Mawar, RT 05"): blanks follow them."""
    return all(part[:1] in {" ", ""} for part in parts[1:])


def _open_quote(line: int) -> BrokenFile:
    return BrokenFile(
        'Tanda kutip (") dibuka di baris {line} tetapi tidak ditutup. Perbaiki baris itu, atau '
        "simpan ulang sebagai .xlsx.",
        line=line,
    )


class _Lines:
    """The lines of a stream, each of bounded length; remembers that the end was reached."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._count = 0
        self.has_ended = False
        self._recent: deque[str] = deque(maxlen=_MAX_LINES_A_ROW)

    def recent(self, count: int) -> list[str]:
        """The last lines that were read, at most those of one row."""
        return list(self._recent)[-count:]

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._stream.readline(MAX_LINE)
        if not line:
            self.has_ended = True
            raise StopIteration
        self._count += 1
        self._recent.append(line)
        if len(line) >= MAX_LINE:
            raise BrokenFile(
                "Baris {line} lebih dari {most} huruf. Ini bukan daftar CSV yang utuh.",
                line=self._count,
                most=MAX_LINE,
            )
        return line


csv.field_size_limit(MAX_LINE)
