"""A blank form of ours that came back filled in: its columns are known, whatever their order."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from entas.sources.cells import cell_text
from entas.sources.errors import BrokenFile, NoHeader, NoRows
from entas.sources.reading.archive import inspect_workbook
from entas.sources.reading.detect import FileFacts, examine
from entas.sources.reading.lines import Line
from entas.sources.reading.text import SEPARATORS, text_lines

# The header may stand below a title.
_HEAD_ROWS = 20
Filled = tuple[int, dict[str, str]]


def read_form(path: Path, columns: Sequence[str], *, most: int) -> list[Filled]:
    """Rows of a filled form: line of the file, and a text for each column; blank rows left out.

    Args:
        path: a CSV or XLSX file.
        columns: names of the columns, the first of which must be there; others count as empty.
        most: no more rows than this are read.

    Raises:
        ListRefused: the file is no list that can be read, or has no such header.
    """
    facts = examine(path)
    for lines in _readings(facts):
        head = list(islice(lines, _HEAD_ROWS))
        for place, (_, cells) in enumerate(head):
            names = [cell_text(cell).casefold() for cell in cells]
            if columns[0] in names:
                where = {name: names.index(name) for name in columns if name in names}
                rows = _filled([*head[place + 1 :], *islice(lines, most)], where, columns)
                if not rows:
                    raise NoRows(
                        "Daftar ini hanya berisi judul kolom, tanpa baris data. Kirim yang berisi."
                    )
                return rows
    raise NoHeader(
        "Kolom '{first}' tidak ada. Pakai contoh berkasnya; judul kolomnya: {columns}.",
        first=columns[0],
        columns=", ".join(columns),
    )


def _filled(lines: Sequence[Line], where: dict[str, int], columns: Sequence[str]) -> list[Filled]:
    rows = []
    for number, cells in lines:
        texts = dict.fromkeys(columns, "")
        for name, place in where.items():
            texts[name] = cell_text(cells[place]) if place < len(cells) else ""
        if any(texts.values()):
            rows.append((number, texts))
    return rows


def _readings(facts: FileFacts) -> Iterator[Iterator[Line]]:
    """The file as lines of cells: each visible sheet, or with each separator."""
    if facts.kind == "xlsx":
        inspect_workbook(facts.path)
        try:
            book = CalamineWorkbook.from_path(str(facts.path))
            for about in book.sheets_metadata:
                if about.visible == SheetVisibleEnum.Visible:
                    rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                    yield iter([(number, list(row)) for number, row in enumerate(rows, start=1)])
        except CalamineError as fault:
            raise BrokenFile(
                "Berkas XLSX rusak atau terpotong. Buka di Excel, simpan ulang, lalu kirim lagi."
            ) from fault
        return
    for separator in SEPARATORS:
        yield text_lines(facts, separator)
