"""A row of a list after reading: values in the fields every list shares, and what is wrong."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(slots=True)
class ParsedRow:
    """One person as one office wrote him or her down; nothing here is corrected.

    ``nik`` and ``kk`` hold sixteen digits that passed the rules, or nothing. ``kelurahan`` is
    the number of an area (its ten-digit Kemendagri code), found by name or by code.
    ``lahir_tahun`` stands alone when only a year or an age was written. ``sex`` is L or P;
    ``hubungan`` is kepala, pasangan, anak or lain; ``status`` is hidup, meninggal or pindah.
    ``extras`` holds every other column that has a value, by its header.
    """

    nama: str
    nik: str | None = None
    kk: str | None = None
    tempat_lahir: str | None = None
    lahir: date | None = None
    lahir_tahun: int | None = None
    sex: str | None = None
    nama_ibu: str | None = None
    alamat: str | None = None
    rt: int | None = None
    rw: int | None = None
    kelurahan: int | None = None
    kelurahan_teks: str | None = None
    kecamatan_teks: str | None = None
    hubungan: str | None = None
    status: str | None = None
    extras: dict[str, str] = field(default_factory=dict)


class Fault(NamedTuple):
    """Something wrong in one cell: the rule's ``code``, the column's header, the masked value."""

    code: str
    column: str
    value: str
