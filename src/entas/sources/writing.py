"""Safe spreadsheets and CSV files for everybody: no formula runs, nothing half written.

Rows are streamed. A file appears under its name only when it is complete; where it may stand and
how it gets there is decided in one place for all that is written (``entas.custody.targets``).
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import IO, Any, BinaryIO

from entas.custody import complete_file
from entas.sources.cells import EXACT_BELOW, Cell, guarded, is_formula_text, strip_unseen
from entas.sources.errors import CannotWrite
from entas.sources.reading.archive import column_letters

RowWriter = Callable[[Sequence[Cell]], object]

_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_576
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 -- spreadsheets know no time zones
_STAMP = (1980, 1, 1, 0, 0, 0)
_ESCAPED = re.compile(r"[&<>]|_x[0-9A-Fa-f]{4}_")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_PLAIN, _DANGEROUS, _DAY, _MOMENT = 1, 2, 3, 4
# Whoever opens a CSV with another separator than it was written with (Excel does, by the country
# it is set to) must not find more cells in a line than there are.
_SEPARATING = re.compile(r"[;,|\t\r\n\"]")
# Nearly all cells of a list: one look instead of five.
_HARMLESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./:'()\-]*|")

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FORMAT = '<xf numFmtId="%d" fontId="0" fillId="0" borderId="0"'
# Style 1 is text, so that a number typed into the cell later keeps its digits; style 2 is text
# with the mark that keeps a formula text a text when somebody edits it; 3 and 4 are dates.
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Daftar" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/>'
    '<name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill '
    'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1">{_FORMAT % 0}/></cellStyleXfs><cellXfs count="5">{_FORMAT % 0} '
    f'xfId="0"/>{_FORMAT % 49} xfId="0" applyNumberFormat="1"/>'
    f'{_FORMAT % 49} xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    f'{_FORMAT % 14} xfId="0" applyNumberFormat="1"/>'
    f'{_FORMAT % 22} xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


@contextmanager
def list_writer(
    path: Path, *, separator: str = ",", mark: bool = True, inputs: Iterable[Path] = ()
) -> Iterator[RowWriter]:
    """A writer of rows for ``path``: XLSX if it is named so, CSV otherwise.

    Args:
        path: where the list shall stand.
        separator: between the cells of a CSV.
        mark: begin a CSV with a byte order mark, which spreadsheets need to see UTF-8;
            scripts would find it in the first column's name.
        inputs: files that are being read and must not be written over.

    Yields:
        What is called with the cells of each row, the header included.

    Raises:
        CannotWrite: nothing may be written there (see :func:`entas.custody.target_of`), or the
            list is too long.
    """
    opened = _open_xlsx if path.suffix.lower() == ".xlsx" else _csv_opener(separator, mark=mark)
    with complete_file(path, inputs=inputs) as stream, opened(stream) as write:
        yield write


def list_bytes(rows: Iterable[Sequence[Cell]], *, suffix: str) -> bytes:
    """A small list as the content of a file, for a door that hands it to a browser.

    Args:
        rows: the header included.
        suffix: ``".xlsx"`` or ``".csv"``.

    Raises:
        CannotWrite: the list is too long for a sheet.
    """
    stream = io.BytesIO()
    opened = _open_xlsx if suffix == ".xlsx" else _csv_opener(",", mark=True)
    with opened(stream) as write:
        for row in rows:
            write(row)
    return stream.getvalue()


def write_rows(
    path: Path, rows: Iterable[Sequence[Cell]], *, separator: str = ",", mark: bool = True
) -> int:
    """Write rows, the header included, in the format the name asks for; return how many.

    Raises:
        CannotWrite: see :func:`list_writer`.
    """
    count = 0
    with list_writer(path, separator=separator, mark=mark) as write:
        for row in rows:
            write(row)
            count += 1
    return count


def write_xlsx(path: Path, rows: Iterable[Sequence[Cell]]) -> int:
    """Write rows as one sheet and return how many; the name must end in .xlsx.

    Texts are text cells, never formulas; numbers and dates keep their kind.

    Raises:
        CannotWrite: see :func:`list_writer`.
    """
    return write_rows(path, rows)


def write_csv(path: Path, rows: Iterable[Sequence[Cell]], *, separator: str = ",") -> int:
    """Write rows as UTF-8 with a byte order mark and return how many.

    A text that a spreadsheet would run gets an apostrophe in front, also behind what could be
    taken for a separator; reading takes them off again.

    Raises:
        CannotWrite: see :func:`list_writer`.
    """
    return write_rows(path, rows, separator=separator)


def safe_text(text: str) -> str:
    """The text as a CSV cell may hold it."""
    return guarded(strip_unseen(text))


def _csv_opener(separator: str, *, mark: bool) -> Callable[[BinaryIO], Any]:
    encoding = "utf-8-sig" if mark else "utf-8"

    @contextmanager
    def opened(stream: BinaryIO) -> Iterator[RowWriter]:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="", errors="replace")
        write = text.write
        yield lambda row: write(_csv_line(row, separator))
        # Letting go without closing: the stream must outlive its text.
        text.detach()

    return opened


def _csv_line(row: Sequence[Cell], separator: str) -> str:
    """A row with its line end. The csv module would quote for its own separator only."""
    harmless = _HARMLESS.fullmatch
    cells = [cell if type(cell) is str and harmless(cell) else _csv_cell(cell) for cell in row]
    # A line without a letter would be no row at all.
    return (separator.join(cells) if cells != [""] else '""') + "\r\n"


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        text = safe_text(cell)
    elif cell is None:
        return ""
    elif isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_BELOW:
        return str(int(cell))
    else:
        text = str(cell)
    if not _SEPARATING.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


@contextmanager
def _open_xlsx(stream: BinaryIO) -> Iterator[RowWriter]:
    """Our own writer of the few parts a list needs: five times as fast as a general library."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in _PARTS.items():
            archive.writestr(_part(name), _XML + content)
        with archive.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            rows = _SheetRows(sheet)
            yield rows.write
            rows.flush()
            sheet.write(b"</sheetData></worksheet>")


def _part(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    # Sizes are not known before; level 1 packs lists ten times and costs a second a city.
    info._compresslevel = 1  # type: ignore[attr-defined]  # noqa: SLF001
    return info


class _SheetRows:
    """Rows of a sheet, written in pieces."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._count = 0
        self._pending: list[str] = []
        self._letters: list[str] = []

    def write(self, row: Sequence[Cell]) -> None:
        self._count += 1
        if self._count > _MOST_ROWS:
            raise CannotWrite(
                "Satu lembar XLSX memuat paling banyak {most} baris. Minta hasil .csv.",
                most=_MOST_ROWS,
            )
        while len(row) > len(self._letters):
            self._letters.append(column_letters(len(self._letters) + 1))
        number = self._count
        cells = [
            f'<c r="{letters}{number}"{_xlsx_cell(cell)}'
            for letters, cell in zip(self._letters, row, strict=False)
            if cell is not None and cell != ""
        ]
        self._pending.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(self._pending) >= 500:  # noqa: PLR2004 -- a piece of some 500 kB
            self.flush()

    def flush(self) -> None:
        self._stream.write("".join(self._pending).encode(errors="replace"))
        self._pending = []


def _xlsx_cell(cell: Cell) -> str:
    """The rest of a cell's element behind its reference."""
    # Nearly all cells of a list are short printable texts.
    if isinstance(cell, str):
        return _text_cell(cell)
    if isinstance(cell, bool):
        return f' t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, (int, float)):
        return f"><v>{cell!r}</v></c>" if isfinite(cell) else "/>"
    return "/>" if cell is None else _time_cell(cell)


def _text_cell(text: str) -> str:
    style = _DANGEROUS if is_formula_text(text) else _PLAIN
    if not text.isprintable():
        text = strip_unseen(text)
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - 1] + "…"
    if "&" in text or "<" in text or ">" in text or "_x" in text:
        text = _ESCAPED.sub(_escape, text)
    return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _escape(found: re.Match[str]) -> str:
    # Excel reads _x0041_ as the letter A: the underscore itself must be written that way.
    return _ESCAPES.get(found[0]) or f"_x005F{found[0]}"


def _time_cell(cell: date | datetime | time | timedelta) -> str:
    if isinstance(cell, datetime):
        days = (cell.replace(tzinfo=None) - _EPOCH) / timedelta(days=1)
        is_day = days.is_integer()
        return f' s="{_DAY if is_day else _MOMENT}"><v>{days!r}</v></c>'
    if isinstance(cell, date):
        return f' s="{_DAY}"><v>{(cell - _EPOCH.date()).days}</v></c>'
    return _text_cell(str(cell))
