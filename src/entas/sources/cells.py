"""What a cell of a delivered list can hold, and how it is read as text."""

import re
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

# Everything that is stored or sent without being seen: control characters, marks that turn
# the direction of writing, zero-width characters and the byte order mark.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)
# A text that Excel or LibreOffice would run when it opens the file (OWASP, "CSV Injection").
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
# Above this a float no longer holds every whole number a spreadsheet shows.
EXACT_BELOW = 1e15
_PLAIN_NUMBER = re.compile(r"[-+]?[\d.,]*")
# The beginning of a formula behind a mark that ends a cell in one setting or another.
_RUNS = '(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])(?![-+][\\d.,]*(?:[;|\t\r\n"]|$))'
_INNER_FORMULA = re.compile('([;,|\t\r\n][ "]*)' + _RUNS)
_INNER_GUARD = re.compile("([;,|\t\r\n][ \"]*)'" + _RUNS)


def strip_unseen(text: str) -> str:
    """The text without the characters that nobody sees; line breaks and tabs stay."""
    if text.isprintable():
        return text
    return _UNSEEN.sub("", text)


def is_formula_text(text: str) -> bool:
    """Whether a spreadsheet may run this text; plain signed numbers are harmless."""
    bare = text.lstrip(" ")
    return bare.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(bare)


def guarded(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet could begin to run it.

    That is at its beginning and behind every mark that the spreadsheet could take for the end of
    a cell. ``cell_text`` takes them off again: a mended file comes back with them.
    """
    inside = _INNER_FORMULA.sub(r"\1'", text)
    return f"'{inside}" if is_formula_text(text) else inside


def _unguarded(text: str) -> str:
    if text.startswith("'") and is_formula_text(text[1:]):
        text = text[1:]
    return _INNER_GUARD.sub(r"\1", text)


def cell_text(cell: Cell) -> str:
    """The cell as one line of text: unseen characters out, runs of white space made one blank.

    Whole numbers lose the ".0" a spreadsheet gives them; dates become yyyy-mm-dd.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return " ".join(strip_unseen(_unguarded(cell) if "'" in cell else cell).split())
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT_BELOW else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether nothing is written in the cell."""
    return cell is None or (isinstance(cell, str) and (not cell or not strip_unseen(cell).strip()))


def is_number(cell: Cell) -> bool:
    """Whether the spreadsheet holds this cell as a number instead of as text."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
