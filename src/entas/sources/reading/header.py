"""Where the header of a list stands, below titles and over one line or two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from entas.sources.cells import Cell, cell_text, is_blank
from entas.sources.errors import NoHeader
from entas.sources.profiles import field_of, header_score

SEARCHED_ROWS = 60
_LEAST_FIELDS = 2
_COUNTER = re.compile(r"\(?(\d{1,3})\)?\.?")


@dataclass(frozen=True, slots=True)
class Header:
    """A header among the first rows of a file.

    ``names``: one text a column; ``row``: index of its (last) line; ``end``: rows above the first
    data row, the header and a line of column numbers included.
    """

    names: tuple[str, ...]
    row: int
    end: int
    score: int


def find_header(rows: Sequence[Sequence[Cell]]) -> Header:
    """The best header among the first rows of a list.

    Args:
        rows: the first rows of the file as they stand, blank ones too.

    Raises:
        NoHeader: no row names a person's columns.
    """
    best = best_header(rows)
    if best is None:
        raise NoHeader(
            "Tidak ada baris judul kolom (misalnya NIK, NAMA, ALAMAT) dalam {count} "
            "baris pertama. Tambahkan satu baris judul di atas data.",
            count=SEARCHED_ROWS,
        )
    return best


def score_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How good the best header among these rows is; 0 when there is none."""
    best = best_header(rows)
    return best.score if best else 0


def meanings(names: Sequence[str]) -> tuple[str, ...]:
    """The field each column of a header means, "" where it means none that is known."""
    return tuple((field_of(name) or ("", 0))[0] for name in names)


def best_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The best header among these rows, or None when no row names a person's columns."""
    best: Header | None = None
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        for header in _candidates(rows, index, row):
            if header.score >= _LEAST_FIELDS and (best is None or header.score > best.score):
                best = header
    return best


def _candidates(rows: Sequence[Sequence[Cell]], index: int, row: Sequence[Cell]) -> list[Header]:
    """The row as a one-line header and, with the next row, as a two-line header."""
    names = _trimmed([cell_text(cell) for cell in row])
    found = [Header(names, index, _skip_counters(rows, index + 1), header_score(names))]
    below = rows[index + 1] if index + 1 < len(rows) else ()
    if names and _is_words(below):
        merged = _merged(row, below)
        if _is_two_lines(names, below, merged):
            # A second line must name more columns than the first alone, or it is a person.
            end = _skip_counters(rows, index + 2)
            found.append(Header(merged, index + 1, end, header_score(merged)))
    return found


def _is_two_lines(upper: Sequence[str], lower: Sequence[Cell], merged: Sequence[str]) -> bool:
    """Whether a header goes on in the next line, which would otherwise be the first person.

    The lower line names columns under a title that stands over several, and takes nothing away
    from what the upper line says: ``Ibu`` and ``Desa`` are also what people write into cells.
    """
    is_under_group = False
    for column, cell in enumerate(lower):
        if is_blank(cell):
            continue
        if not _at(upper, column):
            is_under_group = True
            continue
        is_group = not _at(upper, column + 1) and not is_blank(_at(lower, column + 1))
        said, now = (field_of(names[column]) for names in (upper, merged))
        if said and not is_group and (now is None or now[0] != said[0]):
            return False
    return is_under_group


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else None


def _is_words(row: Sequence[Cell]) -> bool:
    """Whether a row could be the lower half of a header: some short texts, no digits in them."""
    texts = [cell_text(cell) for cell in row if not is_blank(cell)]
    return bool(texts) and not any(re.search(r"\d{3}", text) for text in texts)


def _merged(upper: Sequence[Cell], lower: Sequence[Cell]) -> tuple[str, ...]:
    """Names of a two-line header; a group title stands over several columns."""
    names = []
    group = ""
    for column in range(max(len(upper), len(lower))):
        top = cell_text(upper[column]) if column < len(upper) else ""
        bottom = cell_text(lower[column]) if column < len(lower) else ""
        group = top or (group if bottom else "")
        names.append(_pick(group if bottom else top, bottom))
    return _trimmed(names)


def _pick(top: str, bottom: str) -> str:
    """Upper and lower text together, unless one of them alone says what the column is."""
    if not top or not bottom:
        return top or bottom
    joined = f"{top} {bottom}"
    return joined if header_score(["nama", joined]) > header_score(["nama", bottom]) else bottom


def _skip_counters(rows: Sequence[Sequence[Cell]], start: int) -> int:
    """Past the line that only numbers the columns (1, 2, 3 ...), if there is one."""
    if start >= len(rows):
        return start
    texts = [cell_text(cell) for cell in rows[start] if not is_blank(cell)]
    numbers = [int(found[1]) for text in texts if (found := _COUNTER.fullmatch(text))]
    is_counter = len(numbers) == len(texts) >= _LEAST_FIELDS and numbers == list(
        range(numbers[0], numbers[0] + len(numbers))
    )
    return start + 1 if is_counter and numbers[0] <= 1 else start


def _trimmed(names: Sequence[str]) -> tuple[str, ...]:
    end = len(names)
    while end and not names[end - 1]:
        end -= 1
    return tuple(names[:end])
