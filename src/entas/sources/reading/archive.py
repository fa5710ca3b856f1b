"""An XLSX file is a zip archive of XML parts: what must hold before anybody opens it.

The library that reads the cells trusts its input. So every part is unpacked here once, counted
and thrown away: bombs, entities and impossible sheets are refused before they cost memory.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from entas.sources.errors import BrokenFile, DangerousFile, NotAList

MAX_PARTS = 5_000
MAX_UNPACKED = 1_500_000_000
# A sheet of repetitive rows packs 20 to 60 times (own files); the classic bomb 1,000 times.
MAX_RATIO = 250
RATIO_FROM = 20_000_000
# The reader holds the bounding box of a sheet in memory, 32 bytes a cell (measured).
MAX_BOX = 30_000_000
_CHUNK = 1 << 20
_OVERLAP = 256

_OTHER_KINDS = (
    ("word/", "dokumen Word"),
    ("ppt/", "berkas PowerPoint"),
    ("content.xml", "berkas OpenDocument (ODS/ODT)"),
    ("xl/workbook.bin", "berkas Excel biner (.xlsb)"),
    ("Index/Document.iwa", "berkas Numbers"),
)
# Attribute r of a cell or row that is not closed at once (those hold no value).
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,7})[\"'][^>]*(?<!/)>")
# A cell that does not begin with its reference may have none: its place is then counted.
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?:\s+[^r\s]|\s*/?>)")
_FORMULA = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=\"([A-Z]{1,3}\d{1,7})\"[^>]*>\s*<(?:\w+:)?f[\s>/]")
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OFFICE_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class SheetFacts:
    """What the scan learnt of one sheet: its bounding box and where formulas stand ("C7")."""

    rows: int = 0
    columns: int = 0
    formulas: set[str] = field(default_factory=set)
    _counted_rows: int = 0
    _row_so_far: int = 0

    def count_unplaced(self, window: bytes) -> None:
        """Widen the box by counting, for cells and rows that do not say where they stand."""
        first, *others = window.split(b"<row")
        self._counted_rows += len(others)
        self._row_so_far += first.count(b"<c")
        self.columns = max(self.columns, self._row_so_far)
        for row in others:
            self._row_so_far = row.count(b"<c")
            self.columns = max(self.columns, self._row_so_far)
        self.rows = max(self.rows, self._counted_rows)


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def inspect_workbook(path: Path) -> dict[str, SheetFacts]:
    """Check the whole archive and return the facts of every sheet by its name.

    Raises:
        NotAList: the archive is something other than an XLSX workbook.
        BrokenFile: it is cut off, damaged or locked.
        DangerousFile: it unpacks without measure, holds entities, or a sheet spans too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_kind(archive)
            _check_sizes(archive)
            sheets = {part: SheetFacts() for part in archive.namelist() if _is_sheet(part)}
            _scan_parts(archive, sheets)
            return _by_name(archive, sheets)
    except (zipfile.BadZipFile, zlib.error, EOFError, ET.ParseError) as fault:
        raise BrokenFile(
            "Berkas XLSX rusak atau terpotong. Buka di Excel, simpan ulang, lalu kirim lagi."
        ) from fault
    except (NotImplementedError, RuntimeError, UnicodeError, KeyError) as fault:
        raise BrokenFile(
            "Berkas XLSX terkunci atau susunannya tidak dikenal. Simpan ulang dari Excel "
            "tanpa kata sandi."
        ) from fault


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if "xl/workbook.xml" in names:
        return
    for mark, kind in _OTHER_KINDS:
        if any(name.startswith(mark) for name in names):
            raise NotAList(f"Berkas ini {kind}, bukan XLSX. Simpan sebagai .xlsx atau .csv.")
    raise NotAList("Berkas ini arsip zip, bukan XLSX. Keluarkan dulu daftar di dalamnya.")


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or len({part.filename for part in parts}) != len(parts):
        raise DangerousFile("Berkas XLSX memuat bagian yang terlalu banyak atau kembar. Ditolak.")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _bomb()


def _bomb() -> DangerousFile:
    return DangerousFile(
        "Isi berkas XLSX membengkak tidak wajar saat dibuka (bom zip). Ditolak; minta "
        "pengirim menyimpan ulang, atau kirim sebagai CSV."
    )


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _scan_parts(archive: zipfile.ZipFile, sheets: dict[str, SheetFacts]) -> None:
    left = MAX_UNPACKED
    for part in archive.infolist():
        if not part.filename.endswith((".xml", ".rels", ".vml")):
            continue
        facts = sheets.get(part.filename)
        check = _sheet_check(facts) if facts is not None else _check_entities
        left -= _scan(archive, part, check, left)


def _scan(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, check: Callable[[bytes], None], left: int
) -> int:
    """Unpack one part through ``check`` and return its true size."""
    size = 0
    limit = min(left, max(RATIO_FROM, part.compress_size * MAX_RATIO))
    for chunk in _chunks(archive, part):
        size += len(chunk)
        if size > limit:
            raise _bomb()
        check(chunk)
    if size != part.file_size:
        raise BrokenFile("Ukuran di dalam berkas XLSX tidak cocok. Simpan ulang dari Excel.")
    return size


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    # The stated size is the sender's word: read on to the true end of the packed stream.
    stated, part.file_size = part.file_size, 1 << 40
    try:
        with archive.open(part) as stream:
            part.file_size = stated
            first = True
            while chunk := stream.read(_CHUNK):
                if first and (chunk[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in chunk[:64]):
                    raise DangerousFile("Bagian XML berkas XLSX tidak memakai UTF-8. Ditolak.")
                first = False
                yield chunk
    finally:
        part.file_size = stated


def _check_entities(chunk: bytes) -> None:
    if b"<!" in chunk and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
        raise DangerousFile(
            "Berkas XLSX memuat entitas XML, yang tidak pernah dibuat Excel. Ditolak."
        )


def _sheet_check(facts: SheetFacts) -> Callable[[bytes], None]:
    """A check that also measures the sheet; it keeps the end of a chunk for the next one."""
    tail = b""

    def check(chunk: bytes) -> None:
        nonlocal tail
        window = tail + chunk
        _check_entities(window)
        _measure(window, facts)
        tail = window[-_OVERLAP:]

    return check


def _measure(window: bytes, facts: SheetFacts) -> None:
    found = _REFERENCE.findall(window)
    if found:
        rows = {row for _, row in found}
        columns = {letters for letters, _ in found}
        facts.rows = max(facts.rows, *map(int, rows))
        facts.columns = max(facts.columns, *(column_number(c.decode()) for c in columns))
    if not found or _UNPLACED.search(window):
        facts.count_unplaced(window)
    if b"<f" in window or b":f" in window:
        facts.formulas.update(cell.decode() for cell in _FORMULA.findall(window))
    if facts.rows * facts.columns > MAX_BOX:
        raise DangerousFile(
            f"Lembar membentang {facts.rows} baris x {facts.columns} kolom; paling banyak "
            f"{MAX_BOX} sel. Hapus sel jauh yang tersesat, atau kirim sebagai CSV."
        )


def _by_name(archive: zipfile.ZipFile, sheets: dict[str, SheetFacts]) -> dict[str, SheetFacts]:
    """Sheet names stand in the workbook part, their files in its relations."""
    relations = _tree(archive, "xl/_rels/workbook.xml.rels").iter(_REL)
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    named = {}
    for node in _tree(archive, "xl/workbook.xml").iter():
        if node.tag.rpartition("}")[2] != "sheet":
            continue
        target = targets.get(node.get(_OFFICE_ID), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in sheets:
            named[node.get("name", "")] = sheets[part]
    return named


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element:
    # Without a DOCTYPE, which was refused before, there are no entities to expand.
    return ET.fromstring(archive.read(part))  # noqa: S314
