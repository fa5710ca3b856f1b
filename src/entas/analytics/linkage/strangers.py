"""How strangers agree where chance alone would not have it.

Levels of random pairs say how often two strangers agree in one field. Two things they do
not say, because random pairs hardly ever show them, and suspected duplicates are made of
them: strangers of one name are mostly of one sex, often of one generation and one origin
(*namesakes*); and a person whose date is written wrongly somewhere shares the date inside
the NIK with thousands of others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.compare import Evidence, Levels
from entas.analytics.linkage.keys import Ints, KeyTable
from entas.analytics.linkage.levels import SIZES, BirthLevel, NameLevel, NikLevel, SexLevel
from entas.analytics.linkage.model import STATES, Table, Tables

Rows = NDArray[np.int32]

_DRAWN = 60_000
# Namesakes that weigh as much as what random pairs say.
_INERTIA = 1000.0
# Where more than a tenth of the namesakes may be the same person, nothing can be learnt
# about those who are not.
_LEAST_STRANGERS = 0.9


class Namesake(IntEnum):
    """In what names a pair agrees."""

    NOBODY = 0
    MOTHER = 1
    IN_PART = 2
    WHOLE = 3


def _classes(field: str, *ranges: Sequence[int]) -> NDArray[np.int8]:
    """Class of each level (1, 2, ...); 0 at levels that no range holds."""
    found = np.zeros(SIZES[field], np.int8)
    for number, levels in enumerate(ranges, start=1):
        found[list(levels)] = number
    return np.tile(found, STATES[field])


_PART = range(NameLevel.ONE_TOKEN, NameLevel.TYPO)
_AGREES = range(NameLevel.TYPO, NameLevel.EQUAL + 1)
# Levels of one class are learnt together: a namesake of the same day is rare, and one of
# the same year is rare for the same reason.
_CLASS = {
    "mother": _classes("mother", [NameLevel.NONE], _PART, _AGREES),
    "birth": _classes(
        "birth",
        [BirthLevel.NONE],
        [BirthLevel.YEAR_OR_DAY_MONTH],
        range(BirthLevel.YEAR_AND_PART, BirthLevel.EQUAL + 1),
    ),
    "sex": _classes("sex", [SexLevel.OTHER], [SexLevel.SAME]),
}
# A mother's name says nothing of itself nor of her child's sex.
_TOLD = {
    Namesake.MOTHER: ("birth",),
    Namesake.IN_PART: ("mother", "birth", "sex"),
    Namesake.WHOLE: ("mother", "birth", "sex"),
}


@dataclass(slots=True)
class Namesakes:
    """Bits by which strangers who share a name agree more than strangers do.

    Attributes:
        excess: kind of namesake -> field -> bits at each level of the field's table; 0
            where nothing is known.
    """

    excess: dict[Namesake, Tables]

    def bits(self, evidence: Evidence, levels: dict[str, Levels]) -> dict[str, NDArray[np.float32]]:
        """Field -> bits of each pair, to be added to what speaks for strangers."""
        kind = namesake(evidence)
        found = {name: np.zeros(len(evidence), np.float32) for name in _CLASS}
        for one, tables in self.excess.items():
            at = np.flatnonzero(kind == one)
            for name, table in tables.items():
                found[name][at] = table[levels[name][at]]
        return found


def namesake(evidence: Evidence) -> NDArray[np.int8]:
    """Kind of namesake of each pair."""
    name, mother = evidence.level["name"], evidence.level["mother"]
    kind = np.full(len(evidence), Namesake.NOBODY, np.int8)
    kind[(mother >= NameLevel.TYPO) & (mother <= NameLevel.EQUAL)] = Namesake.MOTHER
    kind[(name >= NameLevel.ONE_TOKEN) & (name < NameLevel.TYPO)] = Namesake.IN_PART
    kind[(name >= NameLevel.TYPO) & (name <= NameLevel.EQUAL)] = Namesake.WHOLE
    return kind


def namesake_pairs(table: KeyTable, seed: int) -> dict[Namesake, tuple[Rows, Rows]]:
    """Random pairs of persons who share a name, its first word, or the mother's name; no
    two of one family.
    """
    rng = np.random.default_rng(seed)
    names, mothers = table.names, table.mothers
    columns = {
        Namesake.MOTHER: _column(mothers.full, table.mother),
        Namesake.IN_PART: _column(names.tokens[:, 0], table.name),
        Namesake.WHOLE: _column(names.full, table.name),
    }
    drawn = {kind: _pairs_of(column, rng) for kind, column in columns.items()}
    family = table.family
    return {
        kind: (a[apart], b[apart])
        for kind, (a, b) in drawn.items()
        for apart in [(family[a] != family[b]) | (family[a] < 0)]
    }


def _column(values: Ints, numbers: Rows) -> Ints:
    if not len(values):
        return np.zeros(len(numbers), np.int64)
    return np.where(numbers >= 0, values[numbers], 0)


def _pairs_of(column: Ints, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Random pairs of different rows with one value, each such pair being as likely."""
    rows = np.flatnonzero(column).astype(np.int32)
    rows = rows[np.argsort(column[rows], kind="stable")]
    value = column[rows]
    start = np.flatnonzero(np.r_[True, value[1:] != value[:-1]]) if len(rows) else rows
    size = np.diff(np.r_[start, len(rows)])
    pairs = np.cumsum(size * (size - 1) // 2)
    if not len(pairs) or not pairs[-1]:
        return rows[:0], rows[:0]
    block = np.searchsorted(pairs, rng.integers(0, pairs[-1], min(_DRAWN, int(pairs[-1]))), "right")
    one = rng.integers(0, size[block])
    other = rng.integers(0, size[block] - 1)
    other += other >= one
    return rows[start[block] + one], rows[start[block] + other]


def learn_namesakes(
    pairs: Mapping[Namesake, tuple[Evidence, dict[str, Levels], NDArray[np.float64]]],
    stranger: Tables,
) -> Namesakes:
    """Compare namesakes with what random pairs say of strangers.

    Args:
        pairs: of each kind the evidence, its levels as the tables count them, and the
            belief that each pair is one person or twins; such pairs count the less.
        stranger: levels of random pairs.
    """
    excess: dict[Namesake, Tables] = {}
    for kind, (evidence, levels, belief) in pairs.items():
        weight = np.where(namesake(evidence) == kind, 1 - belief, 0.0)
        drawn = int((namesake(evidence) == kind).sum())
        if weight.sum() < _LEAST_STRANGERS * drawn:
            continue
        excess[kind] = {
            name: _excess(name, levels[name], weight, stranger[name]) for name in _TOLD[kind]
        }
    return Namesakes(excess)


def _excess(field: str, levels: Levels, weight: NDArray[np.float64], stranger: Table) -> Table:
    classes = _CLASS[field]
    seen = np.bincount(levels, weights=weight, minlength=len(classes))
    seen[classes == 0] = 0
    # Each state of a field has shares of its own; expected is what the states together give.
    states = np.arange(len(classes)) // SIZES[field]
    in_state = np.bincount(states, weights=seen)
    usual = np.where(classes > 0, stranger, 0)
    usual = usual / np.bincount(states, weights=usual)[states]
    expected = np.bincount(classes, weights=usual * in_state[states])
    found = np.bincount(classes, weights=seen)
    total = max(float(seen.sum()), 1e-9)
    share = expected / total
    ratio = (found + _INERTIA * share) / np.maximum((total + _INERTIA) * share, 1e-12)
    bits = np.where(share > 0, np.log2(np.maximum(ratio, 1e-6)), 0.0)
    bits[0] = 0
    table: Table = bits[classes]
    return table


def numbers_of_other_dates(nik: Table, table: KeyTable, known: float) -> Table:
    """The strangers' NIK table, where dates differ but the NIK's own dates may be one.

    How often that is, is counted; what else such numbers share is what the numbers of
    strangers born on one day share.

    Args:
        nik: levels of random pairs, three states of the birth date.
        known: pairs that weigh as much as this register's own.
    """
    size = SIZES["nik"]
    born, other = nik[size : 2 * size], nik[2 * size :].copy()
    alike = np.zeros(size, bool)
    alike[[NikLevel.SAME_DATE, NikLevel.SERIAL_TYPO, NikLevel.EQUAL]] = True
    alike[[NikLevel.REGION_TYPO, NikLevel.SERIAL_NEIGHBOUR]] = True
    held = np.flatnonzero((table.nik > 0) & (table.birth > 0))
    told = table.nik[held] // 10_000 % 10**6
    everybody = len(held) * (len(held) - 1.0) / 2
    both = told * 10**8 + table.birth[held]
    apart = _equal_pairs(told) - _equal_pairs(both)
    share = (apart + known * other[alike].sum()) / max(everybody + known, 1.0)
    out = nik.copy()
    within = np.where(alike, born, 0) / max(float(born[alike].sum()), 1e-12)
    other[alike] = 0
    out[2 * size :] = other / max(float(other.sum()), 1e-12) * (1 - share) + share * within
    return out


def _equal_pairs(values: Ints) -> float:
    many = np.unique(values, return_counts=True)[1].astype(float)
    return float((many * (many - 1) / 2).sum())
