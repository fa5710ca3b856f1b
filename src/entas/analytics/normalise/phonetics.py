"""Spelled-by-ear Indonesian: two spellings of one sound get one key."""

import re
from functools import lru_cache

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
_ANY_DIGRAPH = re.compile("|".join(old for old, _ in _DIGRAPHS))
_REPEATED = re.compile(r"(.)\1+", re.DOTALL)
_LETTERS = str.maketrans("VZQYEOFW", "PJKIIUPU")


@lru_cache(maxsize=400_000)
def phonetic(token: str) -> str:
    """The sound key of one upper-case token; never empty for a non-empty token."""
    key = token
    if _ANY_DIGRAPH.search(key):
        # In their order: one replacement may make room for the next.
        for old, new in _DIGRAPHS:
            key = key.replace(old, new)
    key = _REPEATED.sub(r"\1", key.translate(_LETTERS))
    return key[:-1] if len(key) > 2 and key[-1] == "H" else key
