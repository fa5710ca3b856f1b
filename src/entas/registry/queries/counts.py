"""How common names are in the register, kept in memory between questions.

One new person is compared with a few dozen candidates, but the rarity of a name is that
of the whole city: it is counted once for each version of the register.
"""

from dataclasses import dataclass

import numpy as np

from entas.analytics.linkage.frequencies import Frequencies, NameRarity
from entas.analytics.linkage.keys import KeyTable
from entas.registry.queries import register
from entas.registry.services import runs


@dataclass(slots=True)
class CityCounts:
    """Rarity of a register version, and the words its names begin and end with."""

    version: int
    rarity: Frequencies
    words: list[str]
    births: dict[int, float]

    def for_table(self, table: KeyTable) -> Frequencies:
        """The same rarity, looked up for the names and dates of a small table."""
        return Frequencies(
            self.rarity.people,
            _looked_up(self.rarity.name, table, "names"),
            _looked_up(self.rarity.mother, table, "mothers"),
            np.asarray(
                [
                    self.births.get(day, np.log2(max(self.rarity.people, 2)))
                    for day in table.birth.tolist()
                ],
                np.float32,
            ),
        )


def _looked_up(rarity: NameRarity, table: KeyTable, which: str) -> NameRarity:
    book = getattr(table, which)
    token = np.where(book.tokens != 0, rarity.tokens.bits_of(book.tokens), 0).astype(np.float32)
    return NameRarity(rarity.whole, rarity.tokens, rarity.whole.bits_of(book.full), token)


_kept: list[CityCounts] = []


def city_counts() -> CityCounts:
    """Counts of the register as it stands; half a second the first time for a city."""
    version = runs.register_version()
    if not _kept or _kept[0].version != version:
        _kept[:] = [_count(version)]
    return _kept[0]


def _count(version: int) -> CityCounts:
    index, _ = register.index()
    table, rarity = index.table, index.rarity
    births = dict(zip(table.birth.tolist(), rarity.birth.tolist(), strict=True))
    words = {word for text in table.names.texts for word in _ends(text)}
    return CityCounts(version, rarity, sorted(words), births)


def _ends(text: str) -> tuple[str, str]:
    words = text.split()
    return (words[0], words[min(len(words), 4) - 1]) if words else ("", "")
