"""Who in a register one single row may speak about, found without comparing the city.

A list meets the register by keys that join two facts. One row can be asked more freely:
the people who share any single fact with it are gathered, counted up roughly, and only
the most promising are compared in full. No fact that many people share cuts anybody off,
as a limit on the rows of one key would.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.blocking import mix
from entas.analytics.linkage.frequencies import Frequencies, NameRarity
from entas.analytics.linkage.keys import Ints, KeyTable, NameBook

Rows = NDArray[np.int32]
Floats = NDArray[np.float32]

# Compared in full. The right person stands among the first dozen nearly always; the rest
# are the rivals who keep the belief honest.
MOST_COMPARED = 96
# Rough bits of one agreeing fact: the logarithm of how many people share it in a city.
# They only choose whom to compare; the model weighs.
_NIK, _NIK_TAIL, _CARD, _DAY, _YEAR = 20.0, 14.0, 13.0, 8.0, 6.0
_RT, _AREA, _HOUSE = 5.0, 5.0, 4.0
# Words of one name are not independent: so much of their rarity counts.
_PARTLY = 0.8
_TAIL = 10**10
_RTS = 1000
# Month and day that stand for "not known" on many papers: 1 January, 1 July, 31 December.
VAGUE_DAYS = (101, 701, 1231)


@dataclass(slots=True)
class Lookup:
    """Rows in the order of a value, so that those of one value are found by halving."""

    values: NDArray[np.int64] | NDArray[np.int32]
    rows: Rows

    def of(self, value: int) -> Rows:
        """Rows with this value."""
        return self.between(value, value)

    def between(self, least: int, most: int) -> Rows:
        """Rows with a value from ``least`` to ``most``, both included."""
        wanted = np.asarray([least, most], self.values.dtype)
        begin = int(np.searchsorted(self.values, wanted[0], "left"))
        return self.rows[begin : int(np.searchsorted(self.values, wanted[1], "right"))]

    def of_all(self, wanted: NDArray[np.int32] | NDArray[np.int64]) -> tuple[Rows, Rows]:
        """Rows with any of these values, value by value, and how many each has."""
        values: NDArray[Any] = np.asarray(wanted, self.values.dtype)
        begin = np.searchsorted(self.values, values, "left")
        many = np.searchsorted(self.values, values, "right") - begin
        at = np.arange(many.sum()) + np.repeat(begin - np.cumsum(many) + many, many)
        return self.rows[at], many


def lookup(values: NDArray[np.int64] | NDArray[np.int32]) -> Lookup:
    """A lookup of all rows whose value is above 0, or below it for hashes; 0 is "not known"."""
    held = np.flatnonzero(values).astype(np.int32)
    order = np.argsort(values[held])
    rows = held[order]
    return Lookup(values[rows], rows)


@dataclass(slots=True)
class _Names:
    """A register's names: whole names and words to the people who bear them."""

    book: NameBook
    rarity: NameRarity
    people: Lookup
    whole: Lookup
    solid: Lookup

    def bearers(self, numbers: Rows) -> tuple[Rows, Rows]:
        """Rows of those who bear these names, name by name, and how many bear each."""
        return self.people.of_all(numbers + 1)


def _names(numbers: Rows, book: NameBook, rarity: NameRarity) -> _Names:
    return _Names(book, rarity, lookup(numbers + 1), lookup(book.full), lookup(book.solid))


class Nearby:
    """A register sorted by each fact a row may share with a person.

    Args:
        table: the register.
        rarity: its own frequencies.
    """

    def __init__(self, table: KeyTable, rarity: Frequencies) -> None:
        self._table = table
        self._date = _day_month_sorted(table.birth)
        self._rt = _rt(table)
        self._nik_tail = lookup(table.nik % _TAIL)
        self._card = lookup(table.kk)
        self._by_date = lookup(self._date)
        self._by_rt = lookup(self._rt)
        self._by_area = lookup(table.kel_group)
        self._by_house = lookup(_house(table))
        self._names = _names(table.name, table.names, rarity.name)
        self._mothers = _names(table.mother, table.mothers, rarity.mother)

    def gather(self, asked: KeyTable, *, most: int = MOST_COMPARED) -> Rows:
        """Register rows that share a telling fact with the one asked-for row: a number, a
        date, an RT, a house or the whole name. In rising order.

        Args:
            asked: a table of one row.
            most: longest answer; the most promising stay.
        """
        rows = self._sharing(asked)
        if len(rows) <= most:
            return rows
        name = self._table.name[rows]
        bits = _shared(self._names, name, asked.names, int(asked.name[0]))
        return _best(rows, self._rough_bits(asked, rows) + bits, most)

    def gather_widely(
        self, asked: KeyTable, gains: Floats, similar: Rows, *, most: int = MOST_COMPARED
    ) -> Rows:
        """As ``gather``, and people of a similar name who share a common fact: a year, a
        kelurahan, the mother's name; and those of the most similar names.

        Args:
            gains: for each name of the register, what it has in common with the asked-for
                name, in bits.
            similar: numbers of the most similar names.
        """
        year, group = int(asked.birth[0]) // 10_000, int(asked.kel_group[0])
        parts = [self._sharing(asked), self.bearers(similar)[0]]
        parts.append(_bearing(self._mothers, asked.mothers, int(asked.mother[0])))
        for found, least, last in (
            (self._by_date, year * 10_000, year * 10_000 + 9_999),
            (self._by_area, group, group),
        ):
            if last > 0 and least > 0:
                same = found.between(least, last)
                parts.append(same[gains[self._table.name[same]] > 0])
        rows = np.unique(np.concatenate(parts))
        bits = np.where(self._table.name[rows] >= 0, gains[self._table.name[rows]], 0)
        return _best(rows, self._rough_bits(asked, rows) + bits, most)

    def bearers(self, names: Rows) -> tuple[Rows, Rows]:
        """Rows of those who bear these names, name by name, and how many bear each."""
        return self._names.bearers(names)

    def named(self, book: NameBook, number: int) -> Rows:
        """Rows of those who bear exactly one name of another book, in any order of its words."""
        return _bearing(self._names, book, number)

    def born_about(self, birth: int) -> Rows:
        """People born on a day, with day and month exchanged, or a year or ten beside it, or
        in that year on a day that stands for "not known".
        """
        year, rest = divmod(birth, 10_000)
        small, large = sorted((rest // 100, rest % 100))
        years = [year, year - 1, year + 1, year - 10, year + 10]
        days = [one * 10_000 + small * 100 + large for one in years]
        vague = np.asarray([year * 10_000 + day for day in (0, *VAGUE_DAYS)], np.int32)
        days += _day_month_sorted(vague).tolist()
        return np.concatenate([self._by_date.of(day) for day in dict.fromkeys(days)])

    def living_in(self, group: int, rt: int) -> Rows:
        """People of one RT; ``group`` is the kelurahan as before a split."""
        return self._by_rt.of(group * _RTS + rt)

    def born_and_living(self, year: int, group: int, rt: int) -> Rows:
        """People born in a year in a kelurahan and an RT, of which one may be 0 (any)."""
        rows = self._by_date.between(year * 10_000, year * 10_000 + 9_999)
        table = self._table
        fits = np.ones(len(rows), bool)
        if group:
            fits &= table.kel_group[rows] == group
        if rt:
            fits &= table.rt[rows] == rt
        return rows[fits]

    def _sharing(self, asked: KeyTable) -> Rows:
        facts = (
            (self._nik_tail, int(asked.nik[0]) % _TAIL),
            (self._card, int(asked.kk[0])),
            (self._by_date, int(_day_month_sorted(asked.birth)[0])),
            (self._by_rt, int(_rt(asked)[0])),
            (self._by_house, int(_house(asked)[0])),
        )
        parts = [found.of(value) for found, value in facts if value]
        parts.append(_bearing(self._names, asked.names, int(asked.name[0])))
        return np.unique(np.concatenate(parts))

    def _rough_bits(self, asked: KeyTable, rows: Rows) -> Floats:
        """Bits of what each row shares with the asked-for row, the name left out."""
        table = self._table
        mother = table.mother[rows]
        bits = _shared(self._mothers, mother, asked.mothers, int(asked.mother[0]))
        year = int(asked.birth[0]) // 10_000
        day = int(_day_month_sorted(asked.birth)[0]) % 10_000
        for value, column, worth in (
            (int(asked.nik[0]), table.nik, _NIK - _NIK_TAIL),
            (int(asked.nik[0]) % _TAIL, table.nik[rows] % _TAIL, _NIK_TAIL),
            (int(asked.kk[0]), table.kk, _CARD),
            (day, self._date[rows] % 10_000, _DAY),
            (year, table.birth[rows] // 10_000, _YEAR),
            (int(asked.rt[0]), table.rt, _RT),
            (int(asked.kel_group[0]), table.kel_group, _AREA),
            (int(asked.street[0]), table.street, _HOUSE),
        ):
            if value:
                here = column if len(column) == len(rows) else column[rows]
                bits += np.float32(worth) * (here == value)
        return np.asarray(bits, np.float32)


def _bearing(names: _Names, book: NameBook, number: int) -> Rows:
    """Rows of those who bear exactly this name, in any order of its words."""
    if number < 0:
        return np.zeros(0, np.int32)
    numbers = (names.whole.of(int(book.full[number])), names.solid.of(int(book.solid[number])))
    return names.bearers(np.unique(np.concatenate(numbers)))[0]


def _best(rows: Rows, bits: Floats, most: int) -> Rows:
    if len(rows) <= most:
        return rows
    # Equal bits go to the smaller row, so that the answer never depends on the sort.
    return np.sort(rows[np.lexsort((rows, -bits))[:most]])


def _shared(names: _Names, numbers: Rows, book: NameBook, number: int) -> Floats:
    """Rarity in bits of what names of the register (-1: none) share with one name."""
    bits = np.zeros(len(numbers), np.float32)
    if number < 0 or not len(names.book):
        return bits
    tokens = names.book.tokens[numbers]
    hit = np.zeros(tokens.shape, bool)
    for word in book.tokens[number].tolist():
        if word:
            hit |= tokens == word
    bits = np.where(hit, names.rarity.token[numbers], 0).sum(axis=1) * np.float32(_PARTLY)
    whole = names.book.full[numbers] == book.full[number]
    whole |= names.book.solid[numbers] == book.solid[number]
    bits = np.where(whole, np.maximum(names.rarity.full[numbers], bits), bits)
    return np.asarray(np.where(numbers >= 0, bits, 0), np.float32)


def _day_month_sorted(birth: NDArray[np.int32]) -> NDArray[np.int32]:
    """Dates with the smaller of day and month in front, so that a swapped pair meets;
    yyyy0000 where only the year is known.
    """
    day, month = birth % 100, birth // 100 % 100
    turned = birth // 10_000 * 10_000 + np.minimum(day, month) * 100 + np.maximum(day, month)
    return np.asarray(turned, np.int32)


def _rt(table: KeyTable) -> Ints:
    known = (table.kel_group > 0) & (table.rt > 0)
    return np.where(known, table.kel_group * _RTS + table.rt, 0)


def _house(table: KeyTable) -> Ints:
    known = (table.kel_group > 0) & (table.street != 0) & (table.house > 0)
    return np.where(known, mix(table.kel_group, table.street, table.house), 0)
