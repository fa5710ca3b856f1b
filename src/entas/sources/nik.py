"""NIK and KK numbers: what they must look like and what they say. Rules N1 to N9, N13, N14.

A number that breaks a rule is never repaired. Layout of a NIK: PP KK CC DD MM YY SSSS, that is
province, city and kecamatan of the first registration, birth day (plus 40 for women), month,
two-digit year, serial. There is no check digit (PP 40/2019; project domain notes 3.5).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from entas.sources.cells import Cell, cell_text, is_number

# Province codes of any edition of the Kemendagri code tables; 54 is historic.
_PROVINCE_RUNS = "11-19 21-21 31-36 51-54 61-65 71-76 81-82 91-96"
PROVINCES = frozenset(
    str(code) for run in _PROVINCE_RUNS.split() for code in range(int(run[:2]), int(run[3:]) + 1)
)
# Regencies count from 01, cities from 71. For Jambi the codes are known one by one.
_JAMBI_REGENCIES = frozenset({"01", "02", "03", "04", "05", "06", "07", "08", "09", "71", "72"})
_KOTA_JAMBI_KECAMATAN = frozenset(f"{number:02d}" for number in range(1, 12))
_WOMAN = 40
_DAYS, _MONTHS = 31, 12
_DIGITS = 16
_STRIPPED = str.maketrans("", "", " .-_\u00a0")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d*)?[eE]\s*\+?\s*\d{1,3}")
_QUOTED_FORMULA = re.compile(r'="(\d+)"')
_NOTHING = frozenset(
    {"", "0", "-", "--", "N/A", "NA", "#N/A", "NULL", "NONE", "NAN", "NIHIL", "KOSONG", "TIDAK ADA",
     "TDK ADA", "BELUM ADA", "BLM ADA", "TIDAK PUNYA", "BELUM PUNYA", "HILANG", "TIDAK TAHU"}
)  # fmt: skip


class Number(NamedTuple):
    """A number cell after the rules.

    ``digits`` is usable or None; ``code`` names the broken rule ("" for none); ``shown`` is the
    number as text, still to be masked.
    """

    digits: str | None
    code: str = ""
    shown: str = ""


class NikParts(NamedTuple):
    """What the middle of a NIK says; ``code`` is the rule it breaks ("" for none).

    ``year`` has two digits; ``sex`` is L or P.
    """

    code: str
    day: int
    month: int
    year: int
    sex: str


@dataclass(slots=True)
class NumberRules:
    """The rules of one installation.

    Args:
        only: the first six digits that are taken here, and no others; empty: all that exist.
        never: first six digits that are refused here. So no synthetic person enters a real
            registry, and no real one a demo.
    """

    only: frozenset[str]
    never: frozenset[str]
    _regions: dict[str, tuple[str, str]] = field(default_factory=dict)

    def check_nik(self, cell: Cell) -> Number:
        """N1 to N3, N6 to N9, N13 and N14 for one cell."""
        number = as_number(cell)
        digits = number.digits
        if digits is None:
            return number
        code = self.region(digits[:6])[0] or nik_parts(digits[6:12]).code
        if not code and digits[12:] == "0000":
            code = "N9"
        if is_placeholder(digits):
            code = "N2"
        return Number(None, code, digits) if code else number

    def check_kk(self, cell: Cell) -> Number:
        """The same for a family card: region, a date without the 40, a serial."""
        number = as_number(cell)
        digits = number.digits
        if digits is None:
            return number
        # The range is a rule about persons; a card needs a province that exists.
        is_strange = digits[:2] not in PROVINCES or digits[:6] in self.never
        code = "N2" if is_placeholder(digits) else "N3" if is_strange else ""
        return Number(None, code, digits) if code else number

    def region(self, code: str) -> tuple[str, str]:
        """(error, warning) for the first six digits: N3, N4, N5 or ""."""
        known = self._regions.get(code)
        if known is None:
            known = self._regions[code] = self._region_faults(code)
        return known

    def _region_faults(self, code: str) -> tuple[str, str]:
        if self.only:
            return ("", "") if code in self.only else ("N3", "")
        if code[:2] not in PROVINCES or code in self.never:
            return "N3", ""
        city, kecamatan = code[2:4], code[4:6]
        if city in {"00", "70"} or (code[:2] == "15" and city not in _JAMBI_REGENCIES):
            return "", "N4"
        if kecamatan == "00" or (code[:4] == "1571" and kecamatan not in _KOTA_JAMBI_KECAMATAN):
            return "", "N5"
        return "", ""


def as_number(cell: Cell) -> Number:
    """The sixteen digits of a cell, or the reason why there are none (N1, N13, N14)."""
    if isinstance(cell, str) and len(cell) == _DIGITS and cell.isdigit() and cell.isascii():
        return Number(cell)
    if is_number(cell):
        return _numeric(float(cell))  # type: ignore[arg-type]
    text = cell_text(cell)
    if text.upper() in _NOTHING:
        return Number(None, "N14")
    if _SCIENTIFIC.fullmatch(text):
        return Number(None, "N13", text)
    if quoted := _QUOTED_FORMULA.fullmatch(text):
        # Exporters protect the digits this way; nothing is lost.
        text = quoted[1]
    bare = text.lstrip("'`\u2019").translate(_STRIPPED)
    if len(bare) == _DIGITS and bare.isdigit() and bare.isascii():
        return Number(bare)
    return Number(None, "N1", bare or text)


def _numeric(value: float) -> Number:
    # A spreadsheet keeps 15 significant digits: the 16th is already a nought.
    return Number(None, "N14") if value == 0 else Number(None, "N13", f"{value:.0f}")


def is_placeholder(digits: str) -> bool:
    """Whether the number stands for "none": one digit repeated, or counting up (N2)."""
    return digits == digits[0] * _DIGITS or digits in {"1234567890123456", "0123456789012345"}


@lru_cache(maxsize=100_000)
def nik_parts(middle: str) -> NikParts:
    """Birth day, month, two-digit year and sex in digits 7 to 12, with N6, N7 or N8 if broken."""
    day, month, year = int(middle[:2]), int(middle[2:4]), int(middle[4:])
    sex = "P" if day > _WOMAN else "L"
    # Off with the 40 before anything is compared, or every woman has an impossible birthday.
    day -= _WOMAN if sex == "P" else 0
    code = ""
    if not 1 <= day <= _DAYS:
        code = "N6"
    elif not 1 <= month <= _MONTHS:
        code = "N7"
    elif not any(_exists(century + year, month, day) for century in (1900, 2000)):
        code = "N8"
    return NikParts(code, day, month, year, sex)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def agrees(digits: str, *, lahir: date | None, sex: str | None) -> bool:
    """Whether a NIK tells the recorded birth date and sex; what is not recorded agrees (N10)."""
    parts = nik_parts(digits[6:12])
    if sex and sex != parts.sex:
        return False
    return lahir is None or (lahir.day, lahir.month, lahir.year % 100) == parts[1:4]
