"""An XLSX file is a zip archive of XML parts: what must hold before anybody opens it.

The library that reads the cells trusts its input. So every part is unpacked here once, counted
and thrown away: bombs, entities and impossible sheets are refused before they cost memory.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from entas.refusals import Saying
from entas.sources.errors import BrokenFile, DangerousFile, NotAList
from entas.sources.reading.measure import (
    MAX_BOX,
    PartScan,
    SheetFacts,
    SheetScan,
    column_letters,
    column_number,
)

__all__ = [
    "MAX_BOX",
    "MAX_PARTS",
    "BookFacts",
    "SheetFacts",
    "column_letters",
    "column_number",
    "inspect_workbook",
]

MAX_PARTS = 5_000
MAX_UNPACKED = 1_500_000_000
# A sheet of repetitive rows packs 20 to 60 times (own files); the classic bomb 1,000 times.
MAX_RATIO = 250
RATIO_FROM = 20_000_000
_CHUNK = 1 << 20
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_XML_NAMES = (".xml", ".rels", ".vml")

_OTHER_KINDS = (
    ("word/", Saying("dokumen Word")),
    ("ppt/", Saying("berkas PowerPoint")),
    ("content.xml", Saying("berkas OpenDocument (ODS/ODT)")),
    ("xl/workbook.bin", Saying("berkas Excel biner (.xlsb)")),
    ("Index/Document.iwa", Saying("berkas Numbers")),
)
# What the zip library raises on damaged bytes; places that cannot be come as an OSError.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, OSError,
    ET.ParseError, expat.ExpatError,
)  # fmt: skip
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OFFICE_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class BookFacts:
    """``sheets``: the facts of every sheet by its name; ``is_1904``: days count from 1904."""

    sheets: dict[str, SheetFacts]
    is_1904: bool


def inspect_workbook(path: Path) -> BookFacts:
    """Check the whole archive and return the facts of its sheets.

    Raises:
        NotAList: the archive is something other than an XLSX workbook.
        BrokenFile: it is cut off, damaged or locked.
        DangerousFile: it unpacks without measure, holds entities, or a sheet spans too much.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_kind(archive)
            _check_sizes(archive)
            return _scan_book(archive)
    except (NotImplementedError, RuntimeError, UnicodeError, KeyError) as fault:
        raise BrokenFile(
            "Berkas XLSX terkunci atau susunannya tidak dikenal. Simpan ulang dari Excel "
            "tanpa kata sandi."
        ) from fault
    except _DAMAGE as fault:
        raise BrokenFile(
            "Berkas XLSX rusak atau terpotong. Buka di Excel, simpan ulang, lalu kirim lagi."
        ) from fault


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if any(_plain(name) == _BOOK for name in names):
        return
    for mark, kind in _OTHER_KINDS:
        if any(name.startswith(mark) for name in names):
            raise NotAList(
                "Berkas ini {kind}, bukan XLSX. Simpan sebagai .xlsx atau .csv.", kind=kind
            )
    raise NotAList("Berkas ini arsip zip, bukan XLSX. Keluarkan dulu daftar di dalamnya.")


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or len({_plain(part.filename) for part in parts}) != len(parts):
        raise DangerousFile("Berkas XLSX memuat bagian yang terlalu banyak atau kembar. Ditolak.")
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _bomb()


def _bomb() -> DangerousFile:
    return DangerousFile(
        "Isi berkas XLSX membengkak tidak wajar saat dibuka (bom zip). Ditolak; minta "
        "pengirim menyimpan ulang, atau kirim sebagai CSV."
    )


def _plain(part: str) -> str:
    """A part's name as the reader of the cells compares it: without regard to capitals."""
    return part.replace("\\", "/").lower()


def _scan_book(archive: zipfile.ZipFile) -> BookFacts:
    """Scan every part, those first that tell which others are sheets."""
    parts = {_plain(part.filename): part for part in archive.infolist()}
    left = MAX_UNPACKED
    guides = [name for name in (_BOOK, _RELATIONS) if name in parts]
    for name in guides:
        left -= _scan(archive, parts[name], PartScan(), left)
    book, *relations = (_tree(archive, parts[name]) for name in guides)
    targets = _sheet_parts(book, relations[0]) if relations else {}
    files = set(targets.values())
    # Sheets that no name leads to are measured too: readers differ in following names.
    sheets = {part: SheetFacts() for part in parts if "/worksheets/" in part or part in files}
    for name, part in parts.items():
        if name in guides:
            continue
        scan: PartScan | None = PartScan() if name.endswith(_XML_NAMES) else None
        if name in sheets and (scan or name in files):
            scan = SheetScan(sheets[name])
        left -= _scan(archive, part, scan, left)
    named = {name: sheets[part] for name, part in targets.items() if part in sheets}
    return BookFacts(named, _is_1904(book))


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo, scan: PartScan | None, left: int) -> int:
    """Unpack one part through ``scan`` and return its true size."""
    size = 0
    limit = min(left, max(RATIO_FROM, part.compress_size * MAX_RATIO))
    for chunk in _chunks(archive, part, is_xml=scan is not None):
        size += len(chunk)
        if size > limit:
            raise _bomb()
        if scan:
            scan.feed(chunk)
    if size != part.file_size:
        raise BrokenFile("Ukuran di dalam berkas XLSX tidak cocok. Simpan ulang dari Excel.")
    if scan:
        scan.close()
    return size


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, is_xml: bool) -> Iterator[bytes]:
    # The stated size is the sender's word: read on to the true end of the packed stream.
    stated, part.file_size = part.file_size, 1 << 40
    try:
        with archive.open(part) as stream:
            part.file_size = stated
            first = True
            while chunk := stream.read(_CHUNK):
                if (
                    first
                    and is_xml
                    and (chunk[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in chunk[:64])
                ):
                    raise DangerousFile("Bagian XML berkas XLSX tidak memakai UTF-8. Ditolak.")
                first = False
                yield chunk
    finally:
        part.file_size = stated


def _sheet_parts(book: ET.Element, relations: ET.Element) -> dict[str, str]:
    """The part of every sheet by the sheet's name, in the order of the workbook."""
    files = {node.get("Id"): node.get("Target", "") for node in relations.iter(_REL)}
    found = {}
    for node in book.iter():
        if node.tag.rpartition("}")[2] == "sheet":
            target = _plain(files.get(node.get(_OFFICE_ID), ""))
            part = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
            name = node.get("name", "")
            if name in found:
                raise DangerousFile("Berkas XLSX memuat dua lembar bernama sama. Ditolak.")
            found[name] = part
    return found


def _is_1904(book: ET.Element) -> bool:
    """Whether the workbook counts days from 1904, as old Macintosh programs did."""
    flags = (n.get("date1904") for n in book.iter() if n.tag.rpartition("}")[2] == "workbookPr")
    return any(flag in {"1", "true", "on"} for flag in flags)


def _tree(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> ET.Element:
    # Without a DOCTYPE, which was refused before, there are no entities to expand.
    return ET.fromstring(archive.read(part))  # noqa: S314
