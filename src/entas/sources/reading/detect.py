"""What a delivered file is, by its content: one pass for fingerprint, size and encoding."""

import codecs
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from entas.refusals import Saying
from entas.sources.errors import BrokenFile, NotAList
from entas.sources.masking import shown_name

_CHUNK = 1 << 20
# First bytes of files that offices rename and send (public format descriptions).
_MAGIC = (
    (b"\xd0\xcf\x11\xe0", Saying("berkas Office lama (.xls/.doc) atau terkunci kata sandi")),
    (b"%PDF", Saying("berkas PDF")),
    (b"\x1f\x8b", Saying("arsip gzip")),
    (b"Rar!", Saying("arsip RAR")),
    (b"7z\xbc\xaf", Saying("arsip 7z")),
    (b"\x89PNG", Saying("gambar PNG")),
    (b"\xff\xd8\xff", Saying("gambar JPEG")),
    (b"GIF8", Saying("gambar GIF")),
    (b"SQLite format 3", Saying("basis data SQLite")),
    (b"{\\rtf", Saying("dokumen RTF")),
    (b"MZ", Saying("program Windows")),
    (b"\x7fELF", Saying("program")),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta", b"<style", b"<div")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WORKBOOK_NAMES = frozenset({".xlsx", ".xlsm"})
_OTHER_NAMES = frozenset({".xls", ".xlsb", ".ods", ".pdf", ".doc", ".docx", ".zip", ".html"})
# Bytes that Windows-1252 leaves undefined: a file that has them is read as Latin-1.
_NOT_WINDOWS = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


@dataclass(frozen=True, slots=True)
class FileFacts:
    """``kind`` is csv or xlsx; ``sha256`` in hex; ``size`` in bytes; ``encoding`` of a CSV."""

    path: Path
    kind: str
    sha256: str
    size: int
    encoding: str


def examine(path: Path, *, keep: Callable[[bytes], None] | None = None) -> FileFacts:
    """Read the file once from end to end and say what it is.

    Args:
        path: the delivered file.
        keep: called with every piece (up to 1 MB) in order, for whoever stores the file.

    Raises:
        NotAList: there is no such file, it is empty, or it is not a CSV or XLSX.
        BrokenFile: the disk or the rights do not let it be read.
    """
    name = shown_name(path)
    if path.exists() and not path.is_file():
        raise NotAList("{name} bukan berkas biasa. Sebutkan satu berkas CSV atau XLSX.", name=name)
    try:
        with path.open("rb") as stream:
            head = stream.read(_CHUNK)
            is_workbook = _check_kind(path, head)
            reader = _Pass(head, is_workbook=is_workbook)
            piece = head
            while piece:
                reader.take(piece)
                if keep:
                    keep(piece)
                piece = stream.read(_CHUNK)
    except FileNotFoundError as fault:
        raise NotAList("Berkas {name} tidak ada. Periksa nama dan foldernya.", name=name) from fault
    except PermissionError as fault:
        raise BrokenFile(
            "Berkas {name} tidak boleh dibaca. Minta hak bacanya.", name=name
        ) from fault
    kind = "xlsx" if is_workbook else "csv"
    return FileFacts(path, kind, reader.digest.hexdigest(), reader.size, reader.encoding())


def _check_kind(path: Path, head: bytes) -> bool:
    """Whether the file is a workbook; refuse what is neither that nor text."""
    suffix = path.suffix.lower()
    bare = head.removeprefix(codecs.BOM_UTF8)
    if not bare.strip():
        raise NotAList("Berkas kosong. Kirim ulang daftar yang berisi.")
    is_zip = head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if not is_zip:
        _check_text(bare)
    if not is_zip and suffix in WORKBOOK_NAMES | _OTHER_NAMES:
        raise NotAList(
            "Berkas bernama {suffix} tetapi isinya teks. Bila CSV, ganti namanya menjadi .csv; "
            "bila bukan, simpan ulang sebagai .xlsx.",
            suffix=suffix,
        )
    return is_zip


def _check_text(head: bytes) -> None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            raise NotAList(
                "Berkas ini {kind}. Simpan sebagai .xlsx atau .csv, lalu kirim lagi.", kind=kind
            )
    start = head[:2000].lstrip().lower()
    if start.startswith(_MARKUP):
        raise NotAList(
            "Berkas ini halaman HTML/XML yang diberi nama lain. Buka di Excel dan simpan "
            "sebagai .xlsx."
        )
    if start.startswith((b"{", b"[{")):
        raise NotAList("Berkas ini JSON. Simpan sebagai .xlsx atau .csv, lalu kirim lagi.")


class _Pass:
    """What is gathered while the file goes by once."""

    def __init__(self, head: bytes, *, is_workbook: bool) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self._is_windows = True
        self._fixed = "" if is_workbook else _by_mark(head)
        self._utf8 = None if is_workbook or self._fixed else codecs.getincrementaldecoder("utf-8")()
        self._is_workbook = is_workbook

    def take(self, piece: bytes) -> None:
        self.digest.update(piece)
        self.size += len(piece)
        if self._utf8 is None and (self._is_workbook or self._fixed):
            return
        if self._utf8 is not None:
            try:
                self._utf8.decode(piece)
            except UnicodeDecodeError:
                self._utf8 = None
        if self._is_windows and piece.translate(None, _NOT_WINDOWS) != piece:
            self._is_windows = False

    def encoding(self) -> str:
        """One encoding for the whole file: a single stray byte decides against UTF-8."""
        if self._is_workbook or self._fixed:
            return self._fixed
        if self._utf8 is not None:
            with suppress(UnicodeDecodeError):
                self._utf8.decode(b"", final=True)
                return "utf-8"
        return "cp1252" if self._is_windows else "latin-1"


def _by_mark(head: bytes) -> str:
    """The encoding a byte order mark or the pattern of NUL bytes tells, or ""."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    even, odd = head[:4000:2].count(0), head[1:4000:2].count(0)
    half = min(len(head), 4000) / 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    if even + odd > half * 0.2:
        raise NotAList("Berkas ini bukan teks dan bukan XLSX. Simpan sebagai .xlsx atau .csv.")
    return ""
