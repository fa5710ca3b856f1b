"""The store of name tokens: by ethnic group, sex and birth cohort, with heavy tails."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from functools import cache
from itertools import product

import numpy as np

from kotacontoh.areas import data_rows
from kotacontoh.streams import Floats, Generator, Texts, texts, words

MUSLIM = frozenset({"melayu", "jawa", "minang", "banjar", "bugis", "sunda"})
COHORTS = ("tua", "tengah", "muda")

# Pieces of the names that parents of today coin (G).
_STARTS = words("AL AR AZ DA DE FA FI GA HA KA KE MI NA RA RE RI SHA SYA ZA ZI VA NAI KEI AU")
_MIDDLES = words("FA RI LI NA VI ZI KHA TA DI RA YA SA MI RE")
_ENDS = {
    "L": words("N NDRA NO QI YAN TH NDI L RDO"),
    "P": words("NA RA LA SYA NI THA LIA RIN H ZA"),
}

# Rank-frequency exponents (G): a few tokens are everywhere, most are rare.
ZIPF_HEAD, ZIPF_TAIL = 0.92, 0.55

# Share of tokens drawn from the long tail by cohort: parents of today invent names.
TAIL_SHARE = {"tua": 0.10, "tengah": 0.18, "muda": 0.34}


def cohort_of(year: int) -> str:
    """Name fashion by year of birth."""
    return "tua" if year < 1970 else "tengah" if year < 1995 else "muda"


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for row in data_rows("nama_suku.csv"):
        out.setdefault(row["bagian"], []).append(row["nama"])
    return {title: tuple(names) for title, names in out.items()}


def section(title: str) -> tuple[str, ...]:
    """Tokens of one section of nama_suku.csv; empty when it has none."""
    return _sections().get(title, ())


@cache
def head_tokens(ethnic: str, sex: str, cohort: str) -> tuple[str, ...]:
    """The well-known tokens of a group, most frequent first."""
    own = section(f"{ethnic} {sex} {cohort}")
    if ethnic not in MUSLIM:
        return own or section(f"{ethnic} {sex} tengah")
    shared = section(f"islam {sex} {cohort}")
    first, second = (own, shared) if ethnic == "jawa" else (shared, own)
    return tuple(dict.fromkeys(_woven(first, second)))


def _woven(first: tuple[str, ...], second: tuple[str, ...]) -> list[str]:
    """Two tokens of the first list, one of the second, and so on."""
    out: list[str] = []
    rest = list(second)
    for index, token in enumerate(first):
        out.append(token)
        if index % 2 and rest:
            out.append(rest.pop(0))
    return out + rest


@cache
def tail_tokens(sex: str, cohort: str) -> tuple[str, ...]:
    """Rare tokens: dictionary names for the older, coined ones for the young."""
    listed = [row["nama"].upper() for row in data_rows("nama_depan.csv") if row["jk"] == sex]
    listed = [token for token in listed if token.isascii() and token.isalpha()]
    return tuple(listed + _coined(sex)) if cohort == "muda" else tuple(listed + _coined(sex)[::40])


def _coined(sex: str) -> list[str]:
    ends = _ENDS[sex]
    rng = np.random.default_rng(1571)
    coined = sorted({"".join(parts) for parts in product(_STARTS, _MIDDLES, ends)})
    return [str(token) for token in rng.permutation(coined)]


@cache
def second_tokens(sex: str) -> tuple[str, ...]:
    """Second and third tokens most parents use, most frequent first, then the listed rest."""
    rows = data_rows("nama_belakang.csv")
    listed = [row["nama"].upper() for row in rows if row["jk"] in (sex, "N")]
    return tuple(dict.fromkeys([*section(f"belakang {sex}"), *listed]))


def _zipf(count: int, exponent: float) -> Floats:
    weight = 1.0 / (np.arange(count) + 2.5) ** exponent
    return np.asarray(weight / weight.sum(), dtype=float)


def draw_given(rng: Generator, ethnic: str, sex: str, cohort: str, count: int) -> Texts:
    """Given-name tokens of a group; Chinese and Batak draw less from the common tail."""
    head, tail = head_tokens(ethnic, sex, cohort), tail_tokens(sex, cohort)
    own = texts(head)[rng.choice(len(head), size=count, p=_zipf(len(head), ZIPF_HEAD))]
    rare = texts(tail)[rng.choice(len(tail), size=count, p=_zipf(len(tail), ZIPF_TAIL))]
    share = TAIL_SHARE[cohort] * (1.0 if ethnic in MUSLIM else 0.4)
    return texts(np.where(rng.random(count) < share, rare, own).tolist())


def draw_second(rng: Generator, ethnic: str, sex: str, cohort: str, count: int) -> Texts:
    """Second tokens: half from the common list, half from the group's own given names."""
    common = second_tokens(sex)
    shared = texts(common)[rng.choice(len(common), size=count, p=_zipf(len(common), ZIPF_HEAD))]
    own = draw_given(rng, ethnic, sex, cohort, count)
    use_own = 0.75 if cohort == "tua" else 0.4
    return texts(np.where(rng.random(count) < use_own, own, shared).tolist())
