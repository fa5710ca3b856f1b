"""Files as offices send them: CSV dialects and spreadsheets, the same bytes on every run."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from kotacontoh.streams import Texts

# A fixed day: a spreadsheet otherwise carries the clock of the machine that made it.
CREATED = datetime(2026, 1, 31, 8, 0, 0)  # noqa: DTZ001 - Excel stores no zone


@dataclass
class Sheet:
    """A spreadsheet around its rows: titles above, blank lines between, a total below."""

    titles: tuple[str, ...] = ()
    blank_after: frozenset[int] = frozenset()
    total: tuple[tuple[int, Any], ...] = ()
    numbered: bool = True
    name: str = "Sheet1"
    widths: dict[int, int] = field(default_factory=dict)


def write_csv(
    path: Path,
    header: Sequence[str],
    columns: Sequence[Texts],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> None:
    """Write columns as a text file with Windows line ends, as office programs do."""
    with path.open("w", newline="", encoding=encoding) as handle:
        writer = csv.writer(handle, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(zip(*columns, strict=True))


def write_truth(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of the truth: plain UTF-8, comma, Unix line ends."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_sheet(path: Path, header: Sequence[str], columns: Sequence[Texts], sheet: Sheet) -> None:
    """Write columns as one XLSX sheet; numbers and dates become cells of their kind.

    With ``sheet.numbered`` a first column NO counts the rows.
    """
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    book.set_properties({"created": CREATED, "author": "Kota contoh"})
    page = book.add_worksheet(sheet.name)
    line = _write_head(book, page, header, sheet)
    rows = zip(*columns, strict=True)
    for number, row in enumerate(rows, start=1):
        cells = [number, *row] if sheet.numbered else row
        for column, value in enumerate(cells):
            _write_cell(page, line, column, value)
        line += 2 if number in sheet.blank_after else 1
    for column, value in sheet.total:
        _write_cell(page, line + 1, column, value)
    book.close()


def _write_head(book: Any, page: Any, header: Sequence[str], sheet: Sheet) -> int:
    bold = book.add_format({"bold": True})
    for line, title in enumerate(sheet.titles):
        page.write_string(line, 0, title, bold)
    line = len(sheet.titles) + (1 if sheet.titles else 0)
    names = ["NO", *header] if sheet.numbered else list(header)
    for column, name in enumerate(names):
        page.write_string(line, column, name, bold)
    return line + 1


def _write_cell(page: Any, line: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        if value:
            page.write_string(line, column, value)
    elif isinstance(value, datetime):
        page.write_datetime(line, column, value)
    elif value is not None:
        page.write_number(line, column, value)
