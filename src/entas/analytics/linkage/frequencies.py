"""How common each name, token and birth date is in the register.

Agreement on a rare value says more than agreement on a common one; every weight for
agreement is scaled by these counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.keys import Ints, KeyTable, NameBook

Floats = NDArray[np.float32]


@dataclass(slots=True)
class Counts:
    """Sorted values and, for each, the bits log2(people / bearers)."""

    values: Ints
    bits: Floats
    rarest: float

    def bits_of(self, wanted: Ints) -> Floats:
        """Bits of rarity; a value never seen counts like one with a single bearer."""
        if not len(self.values):
            return np.full(wanted.shape, self.rarest, np.float32)
        place = np.minimum(np.searchsorted(self.values, wanted), len(self.values) - 1)
        known = self.values[place] == wanted
        return np.where(known, self.bits[place], np.float32(self.rarest))


@dataclass(slots=True)
class NameRarity:
    """Rarity of each name in a register's book: of the whole name (n,) and of each of
    its tokens (n, 4), in bits; ``whole`` and ``tokens`` serve names of other books.
    """

    whole: Counts
    tokens: Counts
    full: Floats
    token: Floats


@dataclass(slots=True)
class Frequencies:
    """Rarity in one register of ``people`` persons: names, mothers' names, birth dates
    (``birth`` holds the bits of each person's own date).
    """

    people: int
    name: NameRarity
    mother: NameRarity
    birth: Floats


def _counts(values: Ints, weights: Ints | None, people: int, *, unseen: bool = True) -> Counts:
    if weights is None:
        distinct, bearers = np.unique(values, return_counts=True)
    else:
        distinct, inverse = np.unique(values, return_inverse=True)
        bearers = np.bincount(inverse, weights=weights, minlength=len(distinct))
    expected = _good_turing(bearers) if unseen else np.maximum(bearers, 1)
    return _counted(distinct, np.log2(max(people, 2) / expected).astype(np.float32), people)


def _counted(values: Ints, bits: Floats, people: int) -> Counts:
    rarest = float(bits.max()) if len(bits) else float(np.log2(max(people, 2)))
    return Counts(values, bits, rarest)


def _good_turing(bearers: Ints) -> NDArray[np.float64]:
    """Bearers to expect among other people of a value seen ``bearers`` times.

    A name seen once in a city is rarer than one in the city's size: most such names are
    never seen again. Source: Good (1953), r* = (r + 1) N(r + 1) / N(r), for small r.
    """
    expected = np.maximum(bearers, 1).astype(float)
    for seen in range(1, 6):
        here, next_ = int((bearers == seen).sum()), int((bearers == seen + 1).sum())
        # Too few values to tell, or a register of copies: leave the plain count.
        if here >= 50 and next_ >= 5:
            expected[bearers == seen] = np.clip((seen + 1) * next_ / here, 0.05 * seen, seen)
    return expected


def _name_rarity(numbers: NDArray[np.int32], book: NameBook, people: int) -> NameRarity:
    bearers = np.bincount(numbers[numbers >= 0], minlength=len(book)).astype(np.int64)
    whole = _counts(book.full, bearers, people)
    held = book.tokens != 0
    per_token = np.repeat(bearers, book.tokens.shape[1])[held.reshape(-1)]
    tokens = _counts(book.tokens[held], per_token, people)
    bits = np.zeros(book.tokens.shape, np.float32)
    bits[held] = tokens.bits_of(book.tokens[held])
    return NameRarity(whole, tokens, whole.bits_of(book.full), bits)


def frequencies(register: KeyTable) -> Frequencies:
    """Count the register once; the result serves every list until the register changes."""
    people = len(register)
    dates = register.birth.astype(np.int64)
    counts = _counts(dates[dates > 0], None, people, unseen=False)
    return Frequencies(
        people,
        _name_rarity(register.name, register.names, people),
        _name_rarity(register.mother, register.mothers, people),
        counts.bits_of(dates),
    )


def frequency_columns(rarity: Frequencies) -> dict[str, NDArray[Any]]:
    """The counts as named arrays, to be kept beside the register they were made from."""
    kept: dict[str, NDArray[Any]] = {"birth": rarity.birth}
    for label, names in (("name", rarity.name), ("mother", rarity.mother)):
        kept |= {f"{label}.full": names.full, f"{label}.token": names.token}
        for part, counts in (("whole", names.whole), ("tokens", names.tokens)):
            kept |= {f"{label}.{part}.values": counts.values, f"{label}.{part}.bits": counts.bits}
    return kept


def kept_frequencies(kept: Mapping[str, NDArray[Any]], people: int) -> Frequencies:
    """The counts that ``frequency_columns`` took apart."""

    def counts(name: str) -> Counts:
        return _counted(kept[f"{name}.values"], kept[f"{name}.bits"], people)

    def names(label: str) -> NameRarity:
        whole, tokens = counts(f"{label}.whole"), counts(f"{label}.tokens")
        return NameRarity(whole, tokens, kept[f"{label}.full"], kept[f"{label}.token"])

    return Frequencies(people, names("name"), names("mother"), kept["birth"])
