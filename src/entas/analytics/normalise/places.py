"""A street address as written, cut down to a street key and a house number."""

import re
from functools import lru_cache
from typing import NamedTuple

from entas.analytics.normalise.phonetics import phonetic

_HOUSE = re.compile(r"\b(?:NO|NOMOR|NMR|NMOR)\b\s*[.:]?\s*(\d{1,4})|\bNO(\d{1,4})\b")
# RT, RW, kelurahan and kecamatan have columns of their own: off with them.
_AREA_TAIL = re.compile(
    r"\b(?:RT\s*[./]?\s*RW|RT|RW)\b[\s.:]*\d*(?:\s*/\s*\d+)?|\bRT\d+\b|\bRW\d+\b"
    r"|\b(?:KELURAHAN|KEL|KECAMATAN|KEC|KOTA JAMBI|KODE POS)\b.*$"
)
_AREA_MARK = re.compile("R[TW]|KE[LC]|KO[TD]")
_BARE_NUMBER = re.compile(r"(?<=[A-Z])\s+(\d{1,4})\s*$")
_KINDS = frozenset(
    [
        "JL",
        "JLN",
        "JALAN",
        "LRG",
        "LR",
        "LORONG",
        "GG",
        "GANG",
        "PERUM",
        "PERUMAHAN",
        "PERUMNAS",
        "KOMP",
        "KOMPLEK",
        "KOMPLEKS",
        "BLOK",
        "BLK",
        "NO",
        "NOMOR",
        "DUSUN",
        "DSN",
        "RUMAH",
        "DEKAT",
        "BELAKANG",
        "SAMPING",
        "DEPAN",
    ]
)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
_WORD = re.compile(r"[A-Z0-9]+")


class Place(NamedTuple):
    """``street``: sound key of the street's words, in order ("" when none);
    ``house``: its number, 0 when not given.
    """

    street: str
    house: int


NOWHERE = Place("", 0)


@lru_cache(maxsize=200_000)
def parse_place(text: str) -> Place:
    """Street key and house number of a written address.

    The kind of way (jalan, lorong, gang) is left out, because clerks exchange
    them; Roman numerals become digits.
    """
    upper = text[:300].upper()
    if _AREA_MARK.search(upper):
        upper = _AREA_TAIL.sub(" ", upper)
    found = _HOUSE.search(upper)
    house = int(found.group(1) or found.group(2)) if found else 0
    if found:
        upper = upper[: found.start()] + " " + upper[found.end() :]
    elif bare := _BARE_NUMBER.search(upper):
        # JL. MELATI 12 and JL. MELATI NO. 12 are one house.
        house = int(bare.group(1))
        upper = upper[: bare.start()]
    words = []
    for written in _WORD.findall(upper):
        if written in _KINDS:
            continue
        word = _ROMAN.get(written, written)
        if word.isdigit() or len(word) > 1:
            words.append(word if word.isdigit() else phonetic(word))
    return Place(" ".join(words[:4]), house)
