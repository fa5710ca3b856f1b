"""One row against a register that is kept ready: weighed as the row of a list would be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.compare import Evidence, compare, refine_by_rivals
from entas.analytics.linkage.keys import KeyTable
from entas.analytics.linkage.likeness import name_bits
from entas.analytics.linkage.link import RegisterIndex
from entas.analytics.linkage.model import Model
from entas.analytics.linkage.nearby import Lookup, Nearby, lookup
from entas.analytics.linkage.score import (
    Bits,
    PairBits,
    Posterior,
    calibrated,
    pair_bits,
    row_posterior,
)
from entas.analytics.linkage.sexes import sexes_by_name
from entas.analytics.linkage.words import Words

Rows = NDArray[np.int32]

# Areas whose names are kept: those of a city are 68 kelurahan and 11 kecamatan.
_MOST_AREAS = 128
# Above these odds (bits) nobody who shares only common facts can come first.
_SURE_BITS = 7.0
_SIMILAR_NAMES = 60


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """The people of some kelurahan.

    Attributes:
        kelurahan: their numbers, rising.
        names: numbers of the names that somebody there bears, rising.
    """

    kelurahan: NDArray[np.int64]
    names: Rows

    def among(self, table: KeyTable, rows: Rows) -> NDArray[np.bool_]:
        """Which of these rows of the register live there."""
        return np.isin(table.kel[rows], self.kelurahan)


class ReadyRegister:
    """A register kept in memory for questions about one person at a time.

    Args:
        index: the register as lists are linked to it.
        persons: id of each row, rising.
    """

    def __init__(self, index: RegisterIndex, persons: NDArray[np.int64]) -> None:
        self.index = index
        self.persons = persons
        self._areas: dict[frozenset[int], Inhabitants] = {}

    @cached_property
    def nearby(self) -> Nearby:
        """Lookups by each fact."""
        self.index.table.prepare()
        return Nearby(self.index.table, self.index.rarity)

    @cached_property
    def words(self) -> Words:
        """The words of all names."""
        return Words(self.index.table.names.texts)

    @cached_property
    def _by_kelurahan(self) -> Lookup:
        return lookup(self.index.table.kel)

    def prepare(self) -> None:
        """Make now what the first question would have to wait for."""
        _ = self.nearby, self.words, self._by_kelurahan

    def inhabitants(self, kelurahan: frozenset[int]) -> Inhabitants:
        """The people of these kelurahan; remembered, for an officer's area stays the same."""
        found = self._areas.get(kelurahan)
        if found is None:
            numbers = np.asarray(sorted(kelurahan), np.int64)
            rows = self._by_kelurahan.of_all(numbers)[0]
            names = np.unique(self.index.table.name[rows])
            found = Inhabitants(numbers, names[names >= 0].astype(np.int32))
            if len(self._areas) >= _MOST_AREAS:
                self._areas.clear()
            self._areas[kelurahan] = found
        return found

    def rows_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Row of each of these persons; who is not in the register is left out."""
        rows = np.searchsorted(self.persons, ids).tolist()
        count = len(self.persons)
        held = zip(ids, rows, strict=True)
        return {pk: row for pk, row in held if row < count and self.persons[row] == pk}

    def evidence(self, asked: KeyTable, rows: Rows) -> Evidence:
        """Evidence on one asked-for row against these rows of the register.

        Args:
            asked: a table of one row.
            rows: register rows, each once.
        """
        nobody = np.zeros(len(rows), np.int32)
        if len(asked) and asked.sex[0] < 0:
            asked = replace(asked, sex=sexes_by_name(self.index.sexes, asked))
        index = self.index
        found = compare(asked, nobody, index.table, rows, index.rarity, index.house)
        refine_by_rivals(found, index.table.family[found.right])
        return found


@dataclass(frozen=True, slots=True)
class Likely:
    """A register row, the probability that the asked-for row speaks of it, and its odds in bits."""

    row: int
    probability: float
    odds: float


def likely(asked: KeyTable, ready: ReadyRegister, model: Model, *, most: int = 10) -> list[Likely]:
    """Register rows the one asked-for row may speak about, most likely first.

    Args:
        asked: a table of one row.
        model: the weights; one row is too little to fit them to.
        most: longest answer.
    """
    named = bool(asked.name[0] >= 0)
    if named and _says_little(asked):
        seen = _by_name(asked, ready, model)
    else:
        seen = _seen(asked, ready.nearby.gather(asked), ready, model)
        if named and seen.highest() < _SURE_BITS:
            seen = _by_name(asked, ready, model)
    odds = seen.belief.odds
    chance = calibrated(model, odds)
    # Suspected duplicates hold their belief together: of them the one that fits best leads.
    best = np.lexsort((seen.rows, -seen.bits.match, -odds))[:most]
    return [Likely(int(seen.rows[at]), float(chance[at]), float(odds[at])) for at in best]


def _says_little(asked: KeyTable) -> bool:
    """No number and no birth day: the name decides."""
    return not (asked.nik[0] or asked.kk[0] or asked.birth[0] % 10_000)


@dataclass(slots=True)
class _Seen:
    """Rows of the register, what speaks for each, and what is believed of it."""

    rows: Rows
    evidence: Evidence
    bits: PairBits
    belief: Posterior

    def highest(self) -> float:
        return float(self.belief.odds.max()) if len(self.rows) else -np.inf


def _seen(asked: KeyTable, rows: Rows, ready: ReadyRegister, model: Model) -> _Seen:
    evidence = ready.evidence(asked, rows)
    bits = pair_bits(evidence, model)
    return _Seen(rows, evidence, bits, _believed(rows, bits, ready, model))


def _believed(rows: Rows, bits: PairBits, ready: ReadyRegister, model: Model) -> Posterior:
    return row_posterior(
        np.zeros(len(rows), np.int32),
        bits,
        ready.index.table.family[rows],
        count=1,
        people=len(ready.index.table),
        coverage=model.coverage,
        same_person=ready.index.same_person[rows],
    )


def _by_name(asked: KeyTable, ready: ReadyRegister, model: Model) -> _Seen:
    """People who share common facts or a similar name, names weighed word by word.

    A row that says little is decided by its name, and the levels of a name are coarse:
    they count the rarity of the candidate's name, so that RUSDI IRAWAN, being rarer, comes
    before RUDI IRAWAN who was asked for. Here the rarity is that of the name asked for,
    the same for all, less the bits that its slips cost.
    """
    words, number = ready.words, int(asked.name[0])
    typed = words.typed(asked.names.texts[number].split())
    gains = words.gains(typed)
    similar = words.best_names(typed, gains, most=_SIMILAR_NAMES)
    rows = ready.nearby.gather_widely(asked, gains, similar)
    seen = _seen(asked, rows, ready, model)
    names, back = np.unique(ready.index.table.name[rows], return_inverse=True)
    costs = [name_bits(typed, words.of_name[name].tolist(), words) for name in names]
    rarity = ready.index.rarity.name.whole.bits_of(asked.names.full[number : number + 1])
    by_name = rarity - np.asarray(costs, np.float32)[back]
    change = by_name - (seen.bits.match - _nameless(seen.evidence, model))
    bits = replace(seen.bits, match=seen.bits.match + change, inside=seen.bits.inside + change)
    return _Seen(rows, seen.evidence, bits, _believed(rows, bits, ready, model))


def _nameless(evidence: Evidence, model: Model) -> Bits:
    """What speaks for each pair when nothing is known of its names."""
    missing = np.zeros(len(evidence), np.int8)
    bare = replace(evidence, level=evidence.level | {"name": missing}, own_name=missing)
    return pair_bits(bare, model).match
