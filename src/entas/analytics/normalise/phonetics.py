"""Spelled-by-ear Indonesian: two spellings of one sound get one key."""

from functools import lru_cache
from itertools import pairwise

# Old spelling and Arabic digraphs first (SOEHARTO/SUHARTO, TJAHJONO/CAHYONO,
# ACHMAD/AHMAD), then letters that clerks exchange by ear (F/V/P, Z/S/J, E/I, O/U).
# Source: domain notes on names in linkage, points 5 and 6.
_DIGRAPHS = (
    ("OE", "U"),
    ("DJ", "J"),
    ("TJ", "C"),
    ("NJ", "NY"),
    ("SJ", "S"),
    ("SY", "S"),
    ("SH", "S"),
    ("KH", "H"),
    ("CHM", "HM"),
    ("CHT", "HT"),
    ("CH", "C"),
    ("DH", "D"),
    ("TH", "T"),
    ("PH", "F"),
    ("IYA", "IA"),
    ("IYE", "IE"),
    ("UWA", "UA"),
    ("X", "KS"),
)
_LETTERS = str.maketrans("VZQYEOFW", "PJKIIUPU")


@lru_cache(maxsize=400_000)
def phonetic(token: str) -> str:
    """The sound key of one upper-case token; never empty for a non-empty token."""
    key = token
    for old, new in _DIGRAPHS:
        if old in key:
            key = key.replace(old, new)
    key = key.translate(_LETTERS)
    letters = [key[0]] if key else []
    for before, letter in pairwise(key):
        if letter != before:
            letters.append(letter)
    if len(letters) > 2 and letters[-1] == "H":
        letters.pop()
    return "".join(letters)
