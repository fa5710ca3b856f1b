"""Birth dates and ages as offices write them. A date that cannot be is left out, not guessed."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from typing import NamedTuple

from entas.sources.cells import Cell, cell_text, is_number

# Day 0 of the spreadsheet calendar; it counts a 29 February 1900 that never was.
_EXCEL_EPOCH = date(1899, 12, 30)
# Old Macintosh programs counted from here, and workbooks keep saying so.
_EPOCH_1904 = date(1904, 1, 1)
_FIRST_SERIAL, _LAST_SERIAL = 61, 80_000
_OLDEST = 120
_SHORTEST_DATE = 7
_FULL_YEAR = 4
# Whoever would be older than this by the 19YY reading was born in 20YY.
_CENTURY = 100

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JAN JANUARI JANUARY",
            "FEB FEBRUARI FEBRUARY PEB PEBRUARI",
            "MAR MARET MARCH MRT",
            "APR APRIL",
            "MEI MAY",
            "JUN JUNI JUNE",
            "JUL JULI JULY",
            "AGU AGT AGS AGUS AGUST AGUSTUS AUG AUGUST",
            "SEP SEPT SEPTEMBER",
            "OKT OKTOBER OCT OCTOBER",
            "NOV NOP NOVEMBER NOPEMBER",
            "DES DESEMBER DEC DECEMBER",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = re.compile(r"[T\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?$")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/., ]+(\d{1,2})[-/., ]+(\d{4}|\d{2})")
_NAMED = re.compile(r"(\d{1,2})[-/., ]*([A-Z]{3,9})[-/., ]*(\d{4}|\d{2})")
# Eight digits are never both: a year 19.. or 20.. at the end leaves no month in the middle.
_COMPACT = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})")
_COMPACT_YEAR_FIRST = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONTH_BEFORE_DAY = re.compile(
    r"\b(?<!Y[-/. ])(?<!TAHUN[-/. ])(?:M{1,2}|BULAN|BLN|MONTH)\s*[-/. ]\s*"
    r"(?:D{1,2}|TANGGAL|TGL|DAY)\b|MMDD(?=Y)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_AGE = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*(?:TH|TAHUN|THN|YEARS?)?\.?")
_NOTHING = frozenset({"", "-", "--", "0", "N/A", "NA", "#N/A", "NULL", "NONE", "NIHIL", "?"})
_PLACE_AND_DATE = re.compile(
    r"^(.*?)[\s,./-]*(?<!\d)((?:\d{1,2}|\d{4})[-/., ]*(?:\d{1,2}|[A-Za-z]{3,9})"
    r"[-/., ]*\d{2,4})\s*$"
)


class Birth(NamedTuple):
    """``day`` or only ``year`` (None: unknown), and the rule that speaks ("" for none).

    D1 impossible, D2 after the list or too long ago, D3 a stand-in such as 00-00-0000, N11 the
    century of a two-digit year was inferred.
    """

    day: date | None = None
    year: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """How one column writes its dates.

    ``month_first``: its header says mm/dd. ``is_1904``: bare numbers are days from 1904.
    """

    month_first: bool = False
    is_1904: bool = False


_USUAL = Writing()


def is_month_first(header: str) -> bool:
    """Whether a header says that the month stands before the day: ``Tgl Lahir (MM/DD/YYYY)``."""
    return _MONTH_BEFORE_DAY.search(header) is not None


def parse_birth(
    cell: Cell, *, on: date, is_child: bool = False, writing: Writing = _USUAL
) -> Birth:
    """A birth date cell.

    Reads dd-mm-yyyy (also with / . or blanks), yyyy-mm-dd, names of months in Indonesian and
    English, two-digit years, eight digits in a row, spreadsheet serials and real date cells. The
    day comes first, as everywhere in Indonesia, unless the column says otherwise.

    Args:
        cell: as delivered.
        on: the day the list speaks about; nobody on it is born later.
        is_child: decides the century of a two-digit year.
        writing: what the column and its workbook say about their dates.
    """
    if isinstance(cell, datetime):
        return _within(cell.date(), on)
    if isinstance(cell, date):
        return _within(cell, on)
    if is_number(cell):
        return _from_number(float(cell), on, writing)  # type: ignore[arg-type]
    text = _CLOCK.sub("", cell_text(cell).upper()).lstrip("'").strip()
    if text in _NOTHING:
        return Birth()
    parts = _parts(text, writing)
    if parts is None:
        # Other digits than 0 to 9 (\u00b2, \u2464) are digits for Python, but no numbers.
        is_short = text.isascii() and text.isdigit() and len(text) < _SHORTEST_DATE
        return _from_number(float(text), on, writing) if is_short else _D1
    return _from_parts(parts, on=on, is_child=is_child)


_D1 = Birth(code="D1")


def _parts(text: str, writing: Writing) -> tuple[int, int, int, bool] | None:
    """Year, month, day and whether the year had four digits."""
    if found := _DAY_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        month, day = (found[1], found[2]) if writing.month_first else (found[2], found[1])
        return int(found[3]), int(month), int(day), len(found[3]) == _FULL_YEAR
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT_YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3]), True
    if (found := _NAMED.fullmatch(text)) and found[2] in _MONTHS:
        return int(found[3]), _MONTHS[found[2]], int(found[1]), len(found[3]) == _FULL_YEAR
    return None


def _from_parts(parts: tuple[int, int, int, bool], *, on: date, is_child: bool) -> Birth:
    year, month, day, has_century = parts
    if not has_century and (month or day):
        # N11, and one step further: nobody is taken to be over a hundred for want of two digits.
        is_late = is_child or on.year - (1900 + year) > _CENTURY
        year += 2000 if year <= on.year % 100 and is_late else 1900
    if month == 0 or day == 0:
        # The year of 00-00-1975 is often all that is known, and it helps.
        is_known = _within_year(year, on)
        return Birth(year=year if is_known else None, code="D3")
    try:
        birth = _within(date(year, month, day), on)
    except ValueError:
        return _D1
    return birth if has_century or birth.code else Birth(birth.day, birth.year, "N11")


def _within(day: date, on: date) -> Birth:
    return Birth(day, day.year) if day <= on and _within_year(day.year, on) else Birth(code="D2")


def _within_year(year: int, on: date) -> bool:
    return on.year - _OLDEST <= year <= on.year


def _from_number(value: float, on: date, writing: Writing) -> Birth:
    """A year, or a spreadsheet serial whose cell lost its date format."""
    number = int(value) if isfinite(value) else -1
    if number == 0:
        return Birth()
    if _YEAR.fullmatch(str(number)):
        return Birth(year=number) if _within_year(number, on) else Birth(code="D2")
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        epoch = _EPOCH_1904 if writing.is_1904 else _EXCEL_EPOCH
        return _within(epoch + timedelta(days=number), on)
    return _D1


def split_place_and_date(cell: Cell) -> tuple[str, Cell]:
    """Both parts of "Jambi, 04-05-1990"; what holds no date is a place."""
    if not isinstance(cell, str):
        return ("", cell) if not is_number(cell) else (cell_text(cell), "")
    text = cell_text(cell)
    found = _PLACE_AND_DATE.match(text)
    return (found[1].strip(" ,./-"), found[2]) if found else (text, "")


def year_of_age(cell: Cell, *, on: date) -> int | None:
    """The birth year of somebody of this age in years; None when the cell tells no age."""
    found = _AGE.fullmatch(cell_text(cell).upper())
    age = int(found[1]) if found else -1
    return on.year - age if 0 <= age <= _OLDEST else None


def year_alone(cell: Cell, *, on: date) -> int | None:
    """A birth year written as such; None when it is no year of anybody alive."""
    text = cell_text(cell)
    is_year = bool(_YEAR.fullmatch(text)) and _within_year(int(text), on)
    return int(text) if is_year else None
