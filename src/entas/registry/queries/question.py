"""What a clerk types, taken apart: a number, or words of a name and hints beside it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from entas.analytics.normalise.names import Name, parse_name
from entas.analytics.normalise.phonetics import phonetic

_LONGEST = 300
_LARGEST_DAY = 31
_MONTHS = (
    "JAN(?:UARI)?|FEB(?:RUARI)?|MAR(?:ET)?|APR(?:IL)?|MEI|JUNI?|JULI?|AGU(?:STUS)?|AGT|"
    "SEP(?:T|TEMBER)?|OKT(?:OBER)?|NOV(?:EMBER)?|NOP(?:EMBER)?|DES(?:EMBER)?"
)
_MONTH_NUMBER = {
    "JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MEI": 5, "JUN": 6, "JUL": 7, "AGU": 8, "AGT": 8,
    "SEP": 9, "OKT": 10, "NOV": 11, "NOP": 11, "DES": 12,
}  # fmt: skip
_DAY = re.compile(
    r"\b(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\b|\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b"
)
_DAY_IN_WORDS = re.compile(
    rf"\b(\d{{1,2}})\s*[- ]\s*({_MONTHS})\s*[- ]\s*(\d{{4}})\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(19\d\d|20\d\d)\b")
_RT = re.compile(
    r"\bRT\s*[.:]?\s*(\d{1,3})\b(?:\s*/\s*(?:RW\s*[.:]?\s*)?\d{1,3}\b)?", re.IGNORECASE
)
_RW = re.compile(r"\bRW\s*[.:]?\s*\d{1,3}\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\w)\d+(?!\w)")
_KELURAHAN = re.compile(r"\b(?:KEL|KELURAHAN)\b\s*[.:]?\s*", re.IGNORECASE)
_INITIAL = re.compile(r"\s*([MH])\b[.\s]*\w", re.IGNORECASE)
# Words of a kelurahan's name: "Simpang Empat Sipin".
_LONGEST_PLACE = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, taken apart: sixteen digits, or words of a name and hints.

    Attributes:
        number: sixteen digits, "" otherwise.
        name: what is left of the words.
        birth: yyyymmdd, 0 where no date was typed; ``year`` its year, or a year alone.
        rt: number of the RT, 0 where none was typed.
    """

    number: str
    name: str
    birth: int
    year: int
    rt: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the words: a name, and the kelurahan that was meant (0: none)."""

    name: Name
    kelurahan: int


def parse_question(text: str) -> Question:
    """Take apart what was typed."""
    digits = re.sub(r"[\s.\-]", "", text)
    if re.fullmatch(r"\d{16}", digits):
        return Question(digits, "", 0, 0, 0)
    rest, rt, year = text[:_LONGEST], 0, 0
    if found := _RT.search(rest):
        rt, rest = int(found.group(1)), _RT.sub(" ", rest)
    birth, rest = _birth(_RW.sub(" ", rest))
    if found := _YEAR.search(rest):
        year, rest = int(found.group(1)), _YEAR.sub(" ", rest)
    # Letters are read into digits inside a word (S1TI); a number alone is no name.
    return Question("", _NUMBER.sub(" ", rest), birth, birth // 10_000 or year, rt)


def _birth(text: str) -> tuple[int, str]:
    if found := _DAY_IN_WORDS.search(text):
        day, month, year = found.groups()
        number = _MONTH_NUMBER[month[:3].upper()]
        return int(year) * 10_000 + number * 100 + int(day), _DAY_IN_WORDS.sub(" ", text)
    if found := _DAY.search(text):
        parts = [int(part) for part in found.groups() if part]
        year, month, day = parts if parts[0] > _LARGEST_DAY else parts[::-1]
        return year * 10_000 + month * 100 + day, _DAY.sub(" ", text)
    return 0, text


def readings(words: str, kelurahan_of: Callable[[str], int | None]) -> list[Reading]:
    """The ways to read typed words: all of them a name, or a kelurahan behind the name.

    Both stand where the last words are a kelurahan's name, because SULANJANA is also a
    word of people's names.

    Args:
        kelurahan_of: number of the kelurahan a text names; None when it names none.
    """
    if len(named := _KELURAHAN.split(words, maxsplit=1)) > 1:
        meant = kelurahan_of(named[1]) or 0
        return _named([(named[0], meant)])
    typed = words.split()
    found = [(words, 0)]
    for size in range(1, min(_LONGEST_PLACE, len(typed) - 1) + 1):
        number = kelurahan_of(" ".join(typed[-size:]))
        found += [(" ".join(typed[:-size]), number)] if number else []
    return _named(found)


def _named(found: list[tuple[str, int]]) -> list[Reading]:
    read = []
    for words, kelurahan in found:
        names = [parse_name(words), *_with_initial(words)]
        read += [Reading(name, kelurahan) for name in names if name.sound]
    return read


def _with_initial(words: str) -> list[Name]:
    """M. is read as Muhammad and H. as a title; it may as well be Monica's or Hardi's."""
    letter, name = _INITIAL.match(words), parse_name(words)
    if not letter or not name.plain or len(name.plain[0]) == 1:
        return []
    first = letter.group(1).upper()
    rest = slice(1 if name.plain[0] == "MUHAMMAD" else 0, None)
    return [Name((first, *name.plain[rest]), (phonetic(first), *name.sound[rest]))]
