"""A personal name as offices write it, taken apart into comparable tokens."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from entas.analytics.normalise.phonetics import phonetic

# Digits typed for letters; whatever else is not a letter separates tokens,
# except the apostrophe, which clerks leave out (MA'RUF, MARUF).
_ASCII = {ord(c): c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_ASCII |= {ord(a): b for a, b in zip("01345678", "OIEASGTB", strict=True)}
_ASCII |= {ord(c): "" for c in "'`\u2019\u2018\u02bc"}
_TABLE = {code: _ASCII.get(code, " ") for code in range(128)} | {
    ord(c): "" for c in "\u2019\u2018\u02bc"
}

_MUHAMMAD = frozenset(
    [
        "MUHAMMAD",
        "MUHAMAD",
        "MOHAMMAD",
        "MOHAMAD",
        "MOHAMMED",
        "MUHAMMED",
        "MOHAMED",
        "MUCHAMMAD",
        "MUCHAMAD",
        "MOCHAMAD",
        "MOCHAMMAD",
        "MUHD",
        "MHD",
        "MD",
        "MOHD",
        "MOCH",
        "MOH",
        "MUH",
        "MUHAMMADD",
        "MHMMD",
        "MUHAMAT",
        "MUHAMMAT",
    ]
)
_AHMAD = frozenset(["AHMAD", "ACHMAD", "AKHMAD", "AKMAD", "AHMED", "ACHMED", "AHMAT", "ACHMAT"])
_SITI = frozenset(["SITI", "SITTI", "SITY", "SITTY"])
_CUT = frozenset(["BIN", "BINTI", "BT", "BTE", "BINTE", "BINT", "ALIAS", "ALS"])
# Worn in front of the name; dropped only while a name is left behind them.
_FRONT = frozenset(
    [
        "H",
        "HJ",
        "HAJI",
        "HAJJAH",
        "DR",
        "DRS",
        "DRA",
        "DRG",
        "IR",
        "PROF",
        "KH",
        "UST",
        "USTADZ",
        "USTAZ",
        "USTADZAH",
        "NY",
        "NYONYA",
        "TN",
        "TUAN",
        "BPK",
        "BAPAK",
        "IBU",
        "SDR",
        "SDRI",
        "ALM",
        "ALMH",
        "ALMARHUM",
        "ALMARHUMAH",
        "RADEN",
        "RD",
        "RAY",
        "MGS",
        "MASAGUS",
        "MSY",
        "MASAYU",
        "KMS",
        "KEMAS",
        "NYS",
        "NYM",
        "NYIMAS",
        "KGS",
        "KIAGUS",
        "NYAYU",
        "RTS",
        "RATUMAS",
        "SAYID",
        "SY",
        "DATUK",
        "DT",
    ]
)
# Worn behind the name (degrees); S.PD arrives here as the two tokens S PD.
_BEHIND = frozenset(
    [
        "SE",
        "SH",
        "ST",
        "SPD",
        "SKM",
        "SSOS",
        "SAG",
        "SKOM",
        "SSI",
        "SIP",
        "SPDI",
        "SPT",
        "SP",
        "SPI",
        "SHUT",
        "SKEP",
        "SFARM",
        "STP",
        "SHI",
        "SEI",
        "SIKOM",
        "AMD",
        "AMK",
        "AMKEB",
        "AMKL",
        "MM",
        "MSI",
        "MPD",
        "MH",
        "MKES",
        "MA",
        "MAG",
        "MT",
        "MHUM",
        "MPDI",
        "MKOM",
        "MSC",
        "PHD",
        "BA",
        "BSC",
        "NERS",
        "SST",
        "SPD",
        "ALM",
        "ALMH",
        "ALMARHUM",
        "ALMARHUMAH",
        "H",
        "HJ",
    ]
)
# Degrees written with dots. Two letters that could be initials (S.E., M.H.) are a degree
# only behind a comma: DEWI S. PUTRI keeps both her names.
_DEGREE_TAIL = re.compile(
    r"[\s,]+(?:S\s*\.?\s*(?:PD|AG|KOM|SOS|IP|KM|SI|HUM|HUT|PT|KEP|FARM|IKOM|I\.KOM|STP|PSI|PDI)"
    r"|M\s*\.?\s*(?:PD|SI|KES|AG|KOM|HUM|SC)|A\s*\.?\s*(?:MD|MK|MKEB))\s*\.?(?:\s*I\s*\.?)?\s*$"
    r"|,\s*(?:S\s*\.?\s*[EHTP]|M\s*\.?\s*[MHT]|[A-Z]{2,5})\s*\.?\s*$"
)


class Name(NamedTuple):
    """Tokens of a name in the order written.

    Attributes:
        plain: upper-case tokens, titles off, common prefixes unified.
        sound: the phonetic key of each token.
    """

    plain: tuple[str, ...]
    sound: tuple[str, ...]


EMPTY = Name((), ())


# Words that are not taken as they stand; "ABDU" is looked for inside words (ABDULRAHMAN).
_MARKED = _MUHAMMAD | _AHMAD | _SITI | _CUT | _FRONT | _BEHIND | {"M", "ST", "ABD", "ABDOEL"}
_JOINED_MARK = "ABDU"


def _letters(text: str) -> str:
    upper = text.upper()
    if upper.isascii() and upper.replace(" ", "").isalpha():
        return upper
    if not upper.isascii():
        upper = unicodedata.normalize("NFKD", upper)
        upper = "".join(c if ord(c) < 128 or c in "\u2019\u2018\u02bc" else "" for c in upper)
    while "." in upper or "," in upper:
        shorter = _DEGREE_TAIL.sub("", upper)
        if shorter == upper or not shorter.strip(" .,"):
            break
        upper = shorter
    return upper.translate(_TABLE)


def _strip_titles(tokens: list[str]) -> list[str]:
    while tokens[0] in _FRONT and any(len(token) > 1 for token in tokens[1:]):
        tokens = tokens[1:]
    while len(tokens) > 1 and tokens[-1] in _BEHIND:
        tokens = tokens[:-1]
    return tokens


def _unify(tokens: list[str]) -> list[str]:
    unified: list[str] = []
    for place, token in enumerate(tokens):
        if token in _MUHAMMAD or (token == "M" and place == 0 and len(tokens) > 1):
            unified.append("MUHAMMAD")
        elif token in _AHMAD:
            unified.append("AHMAD")
        elif token in _SITI or (token == "ST" and place == 0 and len(tokens) > 1):
            unified.append("SITI")
        elif token in ("ABD", "ABDUL", "ABDUR", "ABDOEL"):
            unified.append("ABDUL")
        elif len(token) > 8 and token.startswith(("ABDUL", "ABDUR")):
            unified.extend(("ABDUL", token[5:]))
        else:
            unified.append(token)
    return unified


@lru_cache(maxsize=200_000)
def parse_name(text: str) -> Name:
    """Take a written name apart.

    Titles, degrees and the noble markers of Jambi and Palembang are dropped, a
    father's name after BIN/BINTI and an alias are cut off, Muhammad in all its
    forms becomes one token. An empty name (or one without letters) gives ``EMPTY``.
    """
    letters = _letters(text[:200])
    tokens = letters.split()
    if _JOINED_MARK not in letters and _MARKED.isdisjoint(tokens):
        # Most names carry nothing to take off or to unify.
        return Name(tuple(tokens), tuple(map(phonetic, tokens)))
    for place, token in enumerate(tokens):
        if token in _CUT and place > 0:
            tokens = tokens[:place]
            break
    if not tokens:
        return EMPTY
    plain = tuple(_unify(_strip_titles(tokens)))
    return Name(plain, tuple(map(phonetic, plain)))


@lru_cache(maxsize=200_000)
def sound_key(text: str) -> str:
    """The sound tokens of a written name joined by spaces; "" for a name without letters."""
    return " ".join(parse_name.__wrapped__(text).sound)
