"""XLSX sheets: inspected as an archive first, then read by calamine."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from entas.sources.cells import Cell, is_blank
from entas.sources.errors import BrokenFile, NoHeader, NotAList
from entas.sources.masking import mask_long_numbers
from entas.sources.reading.archive import BookFacts, column_letters, inspect_workbook
from entas.sources.reading.detect import WORKBOOK_NAMES
from entas.sources.reading.header import SEARCHED_ROWS, best_header, meanings
from entas.sources.reading.lines import Line, data_lines

_MOST_NAMED = 6
_SURE_OF_PEOPLE = frozenset({"nik", "kk", "lahir", "ttl"})
_HEAD_ROWS = SEARCHED_ROWS + 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet in memory, with the cells that hold formulas ("C7").

    ``is_1904``: its days count from 1904.
    """

    name: str
    formulas: frozenset[str]
    is_1904: bool
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
    """The visible sheet that holds the list.

    Raises:
        NotAList: see ``inspect_workbook``; or several sheets hold lists of persons.
        BrokenFile, DangerousFile: see ``inspect_workbook``.
        NoHeader: the workbook is empty.
    """
    facts = inspect_workbook(path)
    suffix = path.suffix.lower()
    if suffix not in WORKBOOK_NAMES | {""}:
        raise NotAList(
            "Berkas bernama {suffix} tetapi isinya XLSX. Ganti namanya menjadi .xlsx.",
            suffix=suffix,
        )
    try:
        return _only_list(CalamineWorkbook.from_path(str(path)), facts)
    except CalamineError as fault:
        raise BrokenFile(
            "Berkas XLSX rusak atau terpotong. Buka di Excel, simpan ulang, lalu kirim lagi."
        ) from fault


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What the first rows of a sheet say: how good its header is, and whether people follow."""

    name: str
    score: int
    fields: frozenset[str]
    has_rows: bool

    @property
    def rank(self) -> tuple[int, bool]:
        """The greater, the better."""
        return self.score, self.has_rows

    def is_list_beside(self, best: "_Candidate") -> bool:
        """Whether people stand here, who would be lost if only ``best`` were read.

        Notes, code tables and summaries name nobody together with a number or a birthday, and
        have other columns than the list.
        """
        names_people = "nama" in self.fields and bool(self.fields & _SURE_OF_PEOPLE)
        return self.has_rows and (self is best or names_people or self.fields == best.fields)


def _only_list(workbook: CalamineWorkbook, facts: BookFacts) -> Sheet:
    best: tuple[_Candidate, Sheet] | None = None
    seen = []
    for name in _visible(workbook):
        if name not in facts.sheets:
            continue
        formulas = frozenset(facts.sheets[name].formulas)
        sheet = Sheet(name, formulas, facts.is_1904, workbook.get_sheet_by_name(name))
        candidate = _candidate(sheet)
        seen.append(candidate)
        if best is None or candidate.rank > best[0].rank:
            best = (candidate, sheet)
    if best is None or not any(not all(map(is_blank, row)) for row in _head(best[1])):
        raise NoHeader("Buku kerja kosong: tidak ada lembar yang berisi. Kirim ulang daftarnya.")
    chosen, sheet = best
    lists = [one.name for one in seen if one.is_list_beside(chosen)]
    if chosen.score and len(lists) > 1:
        shown = ", ".join(repr(mask_long_numbers(name)[:40]) for name in lists[:_MOST_NAMED])
        raise NotAList(
            "Buku kerja memuat {count} lembar berisi daftar orang: {shown}. Gabungkan "
            "menjadi satu lembar, kirim satu per satu, atau sembunyikan lembar lain.",
            count=len(lists),
            shown=shown,
        )
    return sheet


def _candidate(sheet: Sheet) -> _Candidate:
    header = best_header(_head(sheet))
    if header is None:
        return _Candidate(sheet.name, 0, frozenset(), has_rows=False)
    fields = meanings(header.names)
    rows = data_lines(islice(sheet.lines(), header.end, None), fields)
    has_rows = next(rows, None) is not None
    return _Candidate(sheet.name, header.score, frozenset(fields) - {"", "nomor"}, has_rows)


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
