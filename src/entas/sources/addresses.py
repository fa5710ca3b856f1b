"""RT, RW and kelurahan as offices write them, in columns of their own or inside an address."""

import re
from typing import NamedTuple

from entas.sources.cells import Cell, cell_text

_NOTHING = frozenset({"", "-", "--", "0", "00", "000", "N/A", "NA", "NULL", "NONE", "NIHIL", "?"})
_NUMBER = re.compile(r"(?:R\.?\s*[TW]\.?)?[\s.:/]*0*(\d{1,3})(?:[.,]0+)?")
_PAIR = re.compile(r"0*(\d{1,3})\s*[/\\\-]\s*0*(\d{1,3})")
_BOTH = re.compile(
    r"R\.?T\.?\s*/\s*R\.?W\.?[\s.:]*0*(\d{1,3})\s*[/\\-]\s*0*(\d{1,3})", re.IGNORECASE
)
_RT = re.compile(r"\bR\.?T\b[\s.:]*0*(\d{1,3})|\bRT0*(\d{1,3})", re.IGNORECASE)
_RW = re.compile(r"\bR\.?W\b[\s.:]*0*(\d{1,3})|\bRW0*(\d{1,3})", re.IGNORECASE)
_RT_THEN = re.compile(r"\bRT[\s.:]*0*(\d{1,3})\s*/\s*0*(\d{1,3})", re.IGNORECASE)
_KELURAHAN = re.compile(
    r"\b(?:KELURAHAN|KEL|DESA)\b[\s.:]*([A-Z][A-Z .'-]*?)\s*"
    r"(?=,|;|\(|\d|\bKEC|\bKOTA\b|\bRT\b|\bRW\b|$)",
    re.IGNORECASE,
)


class Neighbourhood(NamedTuple):
    """RT and RW as numbers 1 to 999, None when not written."""

    rt: int | None = None
    rw: int | None = None


NOWHERE = Neighbourhood()


def parse_rt(cell: Cell) -> tuple[Neighbourhood, bool]:
    """A cell that should hold an RT (or RW); the flag says whether it could be read.

    "5", "005", "RT.05", "005/002" and "RT 5 RW 2" are all read; a pair is RT/RW.
    """
    text = cell_text(cell).upper()
    if text in _NOTHING:
        return NOWHERE, True
    if found := _NUMBER.fullmatch(text):
        return Neighbourhood(int(found[1]) or None), True
    if found := _PAIR.fullmatch(text):
        return Neighbourhood(int(found[1]) or None, int(found[2]) or None), True
    place = find_rt(text)
    return place, place.rt is not None


def parse_rw(cell: Cell) -> tuple[int | None, bool]:
    """A cell that should hold an RW alone, and whether it could be read."""
    place, is_read = parse_rt(cell)
    return (place.rw or place.rt), is_read


def find_rt(address: str) -> Neighbourhood:
    """RT and RW inside an address."""
    if found := _BOTH.search(address) or _RT_THEN.search(address):
        return Neighbourhood(int(found[1]) or None, int(found[2]) or None)
    rt, rw = _RT.search(address), _RW.search(address)
    return Neighbourhood(
        (int(rt[1] or rt[2]) or None) if rt else None, (int(rw[1] or rw[2]) or None) if rw else None
    )


def find_kelurahan(address: str) -> str:
    """The name after "Kel." or "Kelurahan" inside an address, or ""."""
    found = _KELURAHAN.search(address)
    return found[1].strip(" .-'") if found else ""
