"""XLSX sheets: inspected as an archive first, then read by calamine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from entas.sources.cells import Cell, is_blank
from entas.sources.errors import BrokenFile, NoHeader, NotAList
from entas.sources.reading.archive import BookFacts, column_letters, inspect_workbook
from entas.sources.reading.detect import WORKBOOK_NAMES
from entas.sources.reading.header import SEARCHED_ROWS, score_rows
from entas.sources.reading.lines import Line

_MOST_SHEETS = 40
_HEAD_ROWS = SEARCHED_ROWS + 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet in memory, with the cells that hold formulas ("C7")."""

    name: str
    formulas: frozenset[str]
    _sheet: CalamineSheet

    def lines(self) -> Iterator[Line]:
        """Every row with its number in the sheet; columns count from A, blank or not."""
        start = self._sheet.start
        indent: list[Cell] = [None] * (start[1] if start else 0)
        rows: Iterator[list[Any]] = self._sheet.iter_rows()
        for number, row in enumerate(rows, start=1):
            yield number, [*indent, *row] if indent else row

    def is_formula(self, line: int, column: int) -> bool:
        """Whether the cell (column from 0) was computed by the spreadsheet."""
        return f"{column_letters(column + 1)}{line}" in self.formulas


def open_sheet(path: Path) -> Sheet:
    """The visible sheet with the best header.

    Raises:
        NotAList, BrokenFile, DangerousFile: see ``inspect_workbook``.
        NoHeader: the workbook is empty.
    """
    facts = inspect_workbook(path)
    suffix = path.suffix.lower()
    if suffix not in WORKBOOK_NAMES | {""}:
        raise NotAList(f"Berkas bernama {suffix} tetapi isinya XLSX. Ganti namanya menjadi .xlsx.")
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return _best_sheet(workbook, facts)
    except CalamineError as fault:
        raise BrokenFile(
            "Berkas XLSX rusak atau terpotong. Buka di Excel, simpan ulang, lalu kirim lagi."
        ) from fault


def _best_sheet(workbook: CalamineWorkbook, facts: BookFacts) -> Sheet:
    names = [name for name in _visible(workbook) if name in facts.sheets][:_MOST_SHEETS]
    best: tuple[int, Sheet] | None = None
    for name in names:
        sheet = Sheet(
            name, frozenset(facts.sheets[name].formulas), workbook.get_sheet_by_name(name)
        )
        score = score_rows(_head(sheet)) if len(names) > 1 else 1
        if best is None or score > best[0]:
            best = (score, sheet)
    if best is None or not any(not all(map(is_blank, row)) for row in _head(best[1])):
        raise NoHeader("Buku kerja kosong: tidak ada lembar yang berisi. Kirim ulang daftarnya.")
    return best[1]


def _visible(workbook: CalamineWorkbook) -> list[str]:
    sheets = workbook.sheets_metadata
    shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    return shown or [sheet.name for sheet in sheets]


def _head(sheet: Sheet) -> list[list[Cell]]:
    rows = []
    for number, row in sheet.lines():
        rows.append(row)
        if number >= _HEAD_ROWS:
            break
    return rows
