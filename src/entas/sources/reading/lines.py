"""Which lines of a file are rows of the list: blank, total and footer lines are not."""

import re
from collections.abc import Iterator, Sequence

from entas.sources.cells import Cell, cell_text, is_blank, is_number

Line = tuple[int, list[Cell]]

_TOTAL = re.compile(r"(?:grand\s+|sub\s*-?\s*)?(?:jumlah|total|jml)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"(?:rp\.?\s*)?[-+(]?[\d.,\s]+%?\)?", re.IGNORECASE)
# An identity number in text: such a line is a person, whatever else it looks like.
_IDENTITY = re.compile(r"\d{15,}")
# Lines held back until it is known whether rows follow; more than this are no footer.
_MOST_HELD = 1_000
_SPARSE = 2
# A number as long as a NIK is no amount of anything.
_MOST_AMOUNT = 1e14


def data_lines(lines: Iterator[Line]) -> Iterator[Line]:
    """The rows of the list among the lines below its header.

    Blank lines and lines of totals are left out wherever they stand. Lines of numbers only,
    and sparse lines after a total (place, date and signature), are left out at the end.
    """
    held: list[Line] = []
    after_total = False
    for line in lines:
        filled = [cell for cell in line[1] if cell is not None and cell != ""]
        if all(map(is_blank, filled)):
            continue
        if _is_total(filled):
            after_total = True
        elif _may_be_footer(filled, after_total=after_total) and len(held) < _MOST_HELD:
            held.append(line)
        else:
            if held:
                yield from held
                held = []
            after_total = False
            yield line


def _is_total(filled: Sequence[Cell]) -> bool:
    """Whether the line begins with a word for total and holds little else but numbers."""
    words = [cell for cell in filled if isinstance(cell, str)]
    if not words or not _TOTAL.match(words[0].strip()):
        return False
    others = [word for word in words[1:] if not _AMOUNT.fullmatch(word.strip())]
    return len(others) <= 1 and not any(_IDENTITY.search(word) for word in words)


def _may_be_footer(filled: Sequence[Cell], *, after_total: bool) -> bool:
    if after_total and len(filled) <= _SPARSE:
        return not any(isinstance(c, str) and _IDENTITY.search(c) for c in filled)
    return all(map(_is_amount, filled))


def _is_amount(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return is_number(cell) and abs(float(cell)) < _MOST_AMOUNT  # type: ignore[arg-type]
    text = cell_text(cell)
    return bool(_AMOUNT.fullmatch(text)) and not _IDENTITY.search(text)
