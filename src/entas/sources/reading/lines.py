"""Which lines of a file are rows of the list: blank, total and footer lines are not.

A person who is taken for something else vanishes without a word; a footer taken for a person is
a row with a problem that somebody sees. So a line must prove that it is no person.
"""

import re
from collections.abc import Iterator, Sequence

from entas.sources.cells import Cell, cell_text, is_blank, is_number

Line = tuple[int, list[Cell]]

_TOTAL = re.compile(
    r"(?:grand\s+|sub\s*-?\s*)?(?:jumlah|total|jml)\b(.*)", re.IGNORECASE | re.DOTALL
)
# What stands behind the word for total, or beside it. Any other word may be somebody's name.
_PLACE = r"(?:kel|kelurahan|desa|dusun|lingkungan|kec|kecamatan|kota|posyandu|sekolah|kelas)"
_COUNTED = (
    r"(?:grand|sub|total|jumlah|jml|semua|seluruh|seluruhnya|keseluruhan|akhir|umum|sementara|per|"
    r"dan|yang|halaman|ini|data|daftar|baris|orang|org|jiwa|warga|penduduk|penerima|manfaat|kpm|"
    r"peserta|anggota|keluarga|kepala|kk|rumah|tangga|rt|rw|kartu|individu|siswa|murid|anak|balita|"
    r"lansia|laki|lk|l|perempuan|pr|p|pria|wanita|bantuan|beras|dana|uang|nilai|rupiah|rp|kg|"
    r"karung|paket|tahap|bulan|tahun|januari|februari|pebruari|maret|april|mei|juni|juli|agustus|"
    r"september|oktober|november|nopember|desember|hidup|meninggal|pindah|miskin|aktif)"
)
_ALONE, _AND_NO_MORE = r"(?<![^\W\d_])", r"(?![^\W\d_])"
_COUNT = re.compile(
    rf"(?:[\W\d_]|{_ALONE}{_COUNTED}{_AND_NO_MORE})*+(?:{_ALONE}{_PLACE}{_AND_NO_MORE}.{{0,60}})?",
    re.IGNORECASE | re.DOTALL,
)
_UNIT = re.compile(r"(?:orang|org|jiwa|rp|rupiah|kg|paket|karung)\.?", re.IGNORECASE)
_AMOUNT = re.compile(r"(?:rp\.?\s*)?[-+(]?[\d.,\s]+%?\)?", re.IGNORECASE)
# Offices sign their lists. Only at the end of a list are such lines left out.
_MONTH = r"(?:jan|feb|peb|mar|apr|mei|jun|jul|agu|agt|ags|sep|okt|nov|nop|des)[a-z]*"
_NIP = re.compile(r"nip\b[\s.:]*[\d\s.\-/]*", re.IGNORECASE)
_FOOTER = re.compile(
    r"[\W_]*|"
    r"(?:mengetahui|menyetujui|mengesahkan|diketahui|disetujui|disahkan|diperiksa|diverifikasi|"
    r"dibuat oleh|yang (?:membuat|menyatakan|mendata)|hormat kami|tembusan|dicetak)\b.{0,60}|"
    r"(?:(?:an|a\.n|plt|plh|pj)\b[\s.]*)?(?:lurah|camat|ketua rt|ketua rw|sekretaris lurah|"
    r"kepala (?:desa|dinas|seksi|kelurahan|puskesmas|sekolah|lingkungan)|petugas pendata)"
    r"\b.{0,60}|"
    r"(?:ttd|tanda tangan|materai)\b[\W_]*|"
    r"(?:catatan|keterangan|ket|sumber|cat)\s*:.*",
    re.IGNORECASE | re.DOTALL,
)
_FOOTER_STARTS = frozenset(
    "me di ya ho te an a. pl ph pj lu ca ke se pe tt ta ma su ni".split()  # noqa: SIM905
)
_PLACE_AND_DAY = re.compile(
    rf"[a-z][a-z .]*,?\s+(?:\d{{1,2}}|[.…_]+)[\s\-/.]+"
    rf"(?:{_MONTH}|\d{{1,2}}|[.…_]+)[\s\-/.]+\d{{4}}",
    re.IGNORECASE,
)
# As many digits as this, however divided, are an identity number: such a line is a person.
_IDENTITY = 13
# Lines held back until it is known whether rows follow; more than this are no footer.
_MOST_HELD = 1_000
_SPARSE = 4
_WHO_SIGN = 2
# A number as long as a NIK is no amount of anything.
_MOST_AMOUNT = 1e14
_BIRTH = frozenset({"lahir", "ttl", "tempat_lahir"})
_ROW, _NUMBERS, _SIGNED, _DOUBT = range(4)


def data_lines(lines: Iterator[Line], fields: Sequence[str] = ()) -> Iterator[Line]:
    """The rows of the list among the lines below its header.

    Blank lines and lines of totals are left out wherever they stand. Lines of numbers only, and
    the place, date and signatures of an office, are left out at the end.

    Args:
        lines: (line in the file, cells), in order.
        fields: what each column means, "" where nobody knows.
    """
    held: list[tuple[int, Line]] = []
    has_signature = False
    for line in lines:
        filled = [cell for cell in line[1] if cell is not None and cell != ""]
        if all(map(is_blank, filled)) or _is_total(filled):
            continue
        kind = _kind(line[1], filled, fields, has_signature=has_signature)
        if kind == _ROW or len(held) >= _MOST_HELD:
            yield from (one for _, one in held)
            held, has_signature = [], False
            yield line
            continue
        held.append((kind, line))
        has_signature = has_signature or kind == _SIGNED
    for place, (kind, line) in enumerate(held, start=1):
        # Whose name stands right above a staff number signed the list.
        below = held[place][1][1] if place < len(held) else []
        if kind == _DOUBT and not any(map(_is_staff_number, below)):
            yield line


def _is_total(filled: Sequence[Cell]) -> bool:
    """Whether the line begins with a word for total and holds nothing but amounts."""
    first = next((cell for cell in filled if isinstance(cell, str) and cell), "")
    found = _TOTAL.fullmatch(first.strip())
    if not found or not _COUNT.fullmatch(found[1]):
        return False
    others = [cell for cell in filled if cell is not first and not is_blank(cell)]
    return all(_is_amount(cell) or _is_count(cell) for cell in others)


def _is_count(cell: Cell) -> bool:
    """Whether the cell says how many of what: "2 orang", "Laki-laki: 3"."""
    if not isinstance(cell, str) or _is_identity(cell):
        return False
    if _UNIT.fullmatch(cell.strip()):
        return True
    # Words without a number stand in somebody's row, and numbers without a word are dates.
    has_both = any(map(str.isalpha, cell)) and any(map(str.isdecimal, cell))
    return has_both and bool(_COUNT.fullmatch(cell))


def _kind(
    cells: Sequence[Cell], filled: Sequence[Cell], fields: Sequence[str], *, has_signature: bool
) -> int:
    """What a line may be: certainly a row, or something that is left out at the end."""
    if all(map(_is_amount, filled)):
        return _NUMBERS
    if len(filled) > _SPARSE:
        return _ROW
    if all(map(_may_sign, filled)):
        meanings = dict(enumerate(fields))
        pairs = [(one, meanings.get(at, "")) for at, one in enumerate(cells) if not is_blank(one)]
        if all(_is_footer(cell, meaning) for cell, meaning in pairs):
            return _SIGNED
    if has_signature and len(filled) <= _WHO_SIGN:
        is_words = all(isinstance(cell, str) and not _is_identity(cell) for cell in filled)
        return _DOUBT if is_words else _ROW
    return _ROW


def _may_sign(cell: Cell) -> bool:
    """Whether it is worth asking the patterns of footers: nearly no cell of a list is."""
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    if text[:1].isalpha():
        return text[:2].lower() in _FOOTER_STARTS or text[-4:].isdecimal()
    return not text[:1].isalnum()


def _is_footer(cell: Cell, meaning: str) -> bool:
    text = cell_text(cell)
    if _NIP.fullmatch(text):
        return True
    if _is_identity(text):
        return False
    is_signature = _FOOTER.fullmatch(text) is not None
    # "Jambi, 3 Januari 2026" is where and when somebody signed, or was born.
    return is_signature or (meaning not in _BIRTH and bool(_PLACE_AND_DAY.fullmatch(text)))


def _is_staff_number(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_NIP.fullmatch(cell_text(cell)))


def _is_identity(text: str) -> bool:
    return len(text) >= _IDENTITY and sum(map(str.isdecimal, text)) >= _IDENTITY


def _is_amount(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return is_number(cell) and abs(float(cell)) < _MOST_AMOUNT  # type: ignore[arg-type]
    if cell.isalpha() or (len(cell) >= _IDENTITY and cell.isdecimal()):
        return False
    text = cell_text(cell)
    return bool(_AMOUNT.fullmatch(text)) and not _is_identity(text)
