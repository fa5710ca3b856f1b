"""A phrase in plain Indonesian for every level of agreement, and what it speaks for."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from entas.analytics.linkage.levels import (
    AreaLevel,
    BirthLevel,
    CardLevel,
    NameLevel,
    NikLevel,
    SexLevel,
    SpotLevel,
)


class Stance(Enum):
    """What a level says about the two being one person, in an officer's eyes."""

    AGREES = "agrees"
    DIFFERS = "differs"
    SILENT = "silent"


class Phrase(NamedTuple):
    """``words`` holds no value of the row, only how two values compare."""

    stance: Stance
    words: str


_YES, _NO, _SILENT = Stance.AGREES, Stance.DIFFERS, Stance.SILENT

NOUNS: Mapping[str, str] = {
    "name": "nama",
    "birth": "tanggal lahir",
    "nik": "NIK",
    "kk": "KK",
    "mother": "nama ibu",
    "area": "kelurahan",
    "spot": "RT dan jalan",
    "sex": "jenis kelamin",
}


def _of_names(noun: str) -> dict[int, Phrase]:
    return {
        NameLevel.MISSING: Phrase(_SILENT, f"{noun} tidak ada"),
        NameLevel.NONE: Phrase(_NO, f"{noun} berbeda"),
        NameLevel.ONE_TOKEN: Phrase(_YES, f"hanya satu kata {noun} sama"),
        NameLevel.PART_OF_WORD: Phrase(_YES, f"hanya potongan {noun} sama"),
        NameLevel.SIMILAR: Phrase(_YES, f"{noun} mirip"),
        NameLevel.INITIALS: Phrase(_YES, f"{noun} cocok dengan singkatannya"),
        NameLevel.TOKEN_AND_SIMILAR: Phrase(_YES, f"satu kata {noun} sama, sisanya mirip"),
        NameLevel.ONLY_ONE_GIVEN: Phrase(_YES, f"satu kata {noun} yang ditulis sama"),
        NameLevel.TYPO: Phrase(_YES, f"{noun} beda satu-dua huruf"),
        NameLevel.TOKENS_CONTAINED: Phrase(_YES, f"{noun} sama, sebagian tidak ditulis"),
        NameLevel.EQUAL: Phrase(_YES, f"{noun} sama"),
        NameLevel.HOUSEMATES_NAME: Phrase(_NO, f"{noun} anggota keluarga lain"),
    }


PHRASES: Mapping[str, Mapping[int, Phrase]] = {
    "name": _of_names("nama"),
    "mother": _of_names("nama ibu"),
    "birth": {
        BirthLevel.MISSING: Phrase(_SILENT, "tanggal lahir tidak ada"),
        BirthLevel.NONE: Phrase(_NO, "tanggal lahir berbeda"),
        BirthLevel.YEAR_OR_DAY_MONTH: Phrase(_NO, "hanya sebagian tanggal lahir sama"),
        BirthLevel.YEAR_AND_PART: Phrase(_YES, "tahun dan sebagian tanggal lahir sama"),
        BirthLevel.ONE_DIGIT: Phrase(_YES, "tanggal lahir beda satu angka"),
        BirthLevel.SWAPPED: Phrase(_YES, "tanggal dan bulan lahir tertukar"),
        BirthLevel.EQUAL: Phrase(_YES, "tanggal lahir sama"),
        BirthLevel.YEAR_ONLY_EQUAL: Phrase(_YES, "tahun lahir sama (tanggal tidak lengkap)"),
        BirthLevel.YEAR_ONLY_NEAR: Phrase(_YES, "tahun lahir beda satu-dua tahun"),
        BirthLevel.YEAR_ONLY_OTHER: Phrase(_NO, "tahun lahir berbeda"),
    },
    "nik": {
        NikLevel.MISSING: Phrase(_SILENT, "NIK tidak ada"),
        NikLevel.NONE: Phrase(_NO, "NIK berbeda"),
        NikLevel.SAME_DATE: Phrase(_NO, "NIK berbeda, hanya tanggalnya sama"),
        NikLevel.SERIAL_TYPO: Phrase(_YES, "NIK beda di nomor urut (salah ketik)"),
        NikLevel.EQUAL: Phrase(_YES, "NIK sama"),
        NikLevel.REGION_TYPO: Phrase(_YES, "NIK beda di kode wilayah (salah ketik)"),
        NikLevel.DATE_TYPO: Phrase(_YES, "NIK beda di bagian tanggal (salah ketik)"),
        NikLevel.HOUSEMATES_NIK: Phrase(_NO, "NIK milik anggota keluarga lain"),
        NikLevel.SOMEBODY_ELSES: Phrase(_NO, "NIK milik orang lain"),
        NikLevel.SERIAL_NEIGHBOUR: Phrase(_NO, "NIK berbeda, nomor urut berdekatan"),
    },
    "kk": {
        CardLevel.MISSING: Phrase(_SILENT, "KK tidak ada"),
        CardLevel.OTHER: Phrase(_NO, "KK berbeda"),
        CardLevel.EQUAL: Phrase(_YES, "KK sama"),
        CardLevel.TYPO: Phrase(_YES, "KK beda satu angka"),
    },
    "area": {
        AreaLevel.MISSING: Phrase(_SILENT, "kelurahan tidak ada"),
        AreaLevel.OTHER: Phrase(_NO, "kelurahan berbeda"),
        AreaLevel.RELATED: Phrase(_YES, "kelurahan sama sebelum pemekaran"),
        AreaLevel.SAME: Phrase(_YES, "kelurahan sama"),
    },
    "spot": {
        SpotLevel.MISSING: Phrase(_SILENT, "RT dan jalan tidak dibandingkan"),
        SpotLevel.OTHER: Phrase(_NO, "RT dan jalan berbeda"),
        SpotLevel.STREET: Phrase(_YES, "jalan sama"),
        SpotLevel.RT: Phrase(_YES, "RT sama"),
        SpotLevel.RT_AND_STREET: Phrase(_YES, "RT dan jalan sama"),
        SpotLevel.HOUSE: Phrase(_YES, "jalan dan nomor rumah sama"),
        SpotLevel.RT_AND_HOUSE: Phrase(_YES, "RT, jalan dan nomor rumah sama"),
    },
    "sex": {
        SexLevel.MISSING: Phrase(_SILENT, "jenis kelamin tidak ada"),
        SexLevel.OTHER: Phrase(_NO, "jenis kelamin berbeda"),
        SexLevel.SAME: Phrase(_YES, "jenis kelamin sama"),
    },
}
