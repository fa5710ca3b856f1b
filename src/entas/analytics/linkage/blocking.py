"""Which pairs are worth comparing: keys that a true pair shares in spite of errors.

Every key joins two facts (a date and a name token, an RT and a token, ...), so that a
block stays small and no pair is built only to be thrown away. A pair that shares any
key is proposed once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.frequencies import Counts, Frequencies
from entas.analytics.linkage.keys import Ints, KeyTable, NameBook

Rows = NDArray[np.int32]

# A full name borne by more people than this is no key of its own: it needs a place or
# a date beside it, or one frequent name would propose a quarter of a million pairs.
RARE_NAME_BEARERS = 40
RARE_MOTHER_BEARERS = 60
# Words of a name borne by more than one in 16 (MUHAMMAD, SITI) tell nobody apart in an
# RT; where even the RT is open, a word must be rarer than one in 128.
COMMON_WORD_BITS = 4.0
RARE_WORD_BITS = 7.0
_FILTER_BITS = 22


@dataclass(slots=True)
class Keyed:
    """Rows and their key values; a row may stand more than once (one entry a token).

    ``keys`` are 32-bit hashes: half the memory and time of 64 bits, and the few chance
    collisions (one pair in four thousand million) only add a pair to compare.
    """

    rows: Rows
    keys: NDArray[np.int32]


def _short(keys: Ints) -> NDArray[np.int32]:
    return (keys >> np.int64(32)).astype(np.int32)


def mix(*parts: NDArray[np.int64] | NDArray[np.int32] | NDArray[np.int16] | int) -> Ints:
    """One 64-bit number for several columns, the same on every machine."""
    mixed = np.zeros(1, np.uint64)
    with np.errstate(over="ignore"):
        for part in parts:
            value = np.asarray(part).astype(np.int64).view(np.uint64)
            mixed = (mixed ^ value) * np.uint64(0x9E3779B97F4A7C15)
            mixed = mixed ^ (mixed >> np.uint64(29))
    return mixed.view(np.int64)


class KeyMaker:
    """The blocking keys of one table.

    Given the ``rarity`` in the register, keys of values too common to tell anybody apart
    are left out. One side of a join is enough, so the register is keyed without.
    """

    def __init__(self, table: KeyTable, rarity: Frequencies | None = None) -> None:
        self._table = table
        self._rarity = rarity
        self._every = np.arange(len(table), dtype=np.int32)
        birth = table.birth
        self._year = (birth // 10_000).astype(np.int64)
        day, month = birth % 100, birth // 100 % 100
        # Day and month sorted, so that a swapped pair still meets.
        self._date = np.where(
            (birth > 0) & (day > 0),
            self._year * 10_000 + np.minimum(day, month) * 100 + np.maximum(day, month),
            0,
        )
        self._rt = np.where(
            (table.kel_group > 0) & (table.rt > 0), table.kel_group * 1000 + table.rt, 0
        )
        self._full = _of(table.name, table.names.full)
        self._start = _of(table.name, table.names.start.astype(np.int64))
        self._mother_full = _of(table.mother, table.mothers.full)
        self._mother_first = _of(table.mother, table.mothers.tokens[:, 0])
        self._token_rows, self._tokens = _flat_tokens(table.name, table.names)
        self._token_bits = None if rarity is None else rarity.name.tokens.bits_of(self._tokens)

    def _plain(self, *parts: Ints) -> Keyed:
        held = np.ones(len(self._every), bool)
        for part in parts:
            held &= part != 0
        rows = self._every[held]
        return Keyed(rows, _short(mix(*[part[held] for part in parts])))

    def _by_token(self, *parts: Ints, least_bits: float = 0.0) -> Keyed:
        held = np.ones(len(self._token_rows), bool)
        if self._token_bits is not None and least_bits:
            # A name of one word has no other word to be found by.
            single = self._table.names.size[self._table.name[self._token_rows]] == 1
            held &= (self._token_bits >= least_bits) | single
        for part in parts:
            held &= part[self._token_rows] != 0
        rows = self._token_rows[held]
        return Keyed(rows, _short(mix(self._tokens[held], *[part[rows] for part in parts])))

    def _rare(self, values: Ints, counts: Counts | None, bearers: int) -> Ints:
        """The values with those of more than ``bearers`` people taken out (0)."""
        if self._rarity is None or counts is None:
            return values
        bits = counts.bits_of(values)
        return np.where(bits >= np.log2(max(self._rarity.people, 2) / bearers), values, 0)

    def _ends(self) -> tuple[Ints, Ints]:
        book = self._table.names
        if not len(book):
            nothing = np.zeros(len(self._every), np.int64)
            return nothing, nothing
        last = book.tokens[np.arange(len(book)), np.maximum(book.size.astype(int) - 1, 0)]
        return _of(self._table.name, book.tokens[:, 0]), _of(self._table.name, last)

    def lookup(self) -> dict[str, Ints]:
        """One column a way to find a single person again; 0 where it does not apply.

        These are what a database keeps an index on, so that one new person is compared
        with a few dozen candidates and not with the city.
        """
        group = self._table.kel_group
        first, last = self._ends()
        house = self._table.house.astype(np.int64)
        return {
            "first_token": first,
            "last_token": last,
            "k_date": self._date,
            "k_name_area": _joint(self._full, group),
            "k_name": self._full,
            "k_year_ends": _joint(self._year, first, last),
            "k_rt_first": _joint(self._rt, first),
            "k_rt_last": _joint(self._rt, last),
            "k_mother": _joint(self._mother_full, first),
            "k_house": _joint(group, self._table.street, house),
        }

    def nik(self) -> Keyed:
        """The exact NIK alone: the first stage of linking."""
        return self._plain(self._table.nik)

    def all(self) -> Iterator[tuple[str, Keyed]]:
        """Name and values of every key, made one at a time to keep memory flat."""
        table, group = self._table, self._table.kel_group
        first, last = self._ends()
        street, house = table.street, table.house.astype(np.int64)
        yield "nik", self.nik()
        yield "nik_tail", self._plain(table.nik % 10**10)
        yield "kk", self._plain(table.kk)
        yield "date_token", self._by_token(self._date)
        yield "date_mother", self._plain(self._date, self._mother_first)
        yield "date_area", self._plain(self._date, group)
        yield "date_start", self._plain(self._date, self._start)
        yield "rt_token", self._by_token(self._rt, least_bits=COMMON_WORD_BITS)
        names = None if self._rarity is None else self._rarity.name.whole
        mothers = None if self._rarity is None else self._rarity.mother.whole
        rare_mother = self._rare(self._mother_full, mothers, RARE_MOTHER_BEARERS)
        yield "mother_token", self._by_token(rare_mother, least_bits=COMMON_WORD_BITS)
        yield "mother_token_area", self._by_token(self._mother_full, group)
        yield "year_ends", self._plain(self._year, first, last)
        yield "year_token_area", self._by_token(self._year, group, least_bits=RARE_WORD_BITS)
        yield "name_area", self._plain(self._full, group)
        yield "rare_name", self._plain(self._rare(self._full, names, RARE_NAME_BEARERS))
        yield "house", self._plain(group, street, house)

    def twofold(self) -> Iterator[tuple[str, Keyed]]:
        """Narrower keys for the register against itself, where every person has
        housemates, namesakes and people born on the same day.
        """
        table, group = self._table, self._table.kel_group
        first, last = self._ends()
        year_ends = _joint(self._year, first, last)
        mothers = None if self._rarity is None else self._rarity.mother.whole
        yield "nik", self.nik()
        yield "nik_tail_start", self._plain(table.nik % 10**10, self._start)
        yield "kk_token", self._by_token(table.kk)
        yield "kk_start", self._plain(table.kk, self._start)
        yield "kk_date", self._plain(table.kk, self._date)
        yield "date_token", self._by_token(self._date)
        yield "date_mother", self._plain(self._date, self._mother_first)
        yield "rt_token", self._by_token(self._rt, least_bits=RARE_WORD_BITS)
        yield "rt_name", self._plain(self._rt, self._full)
        rare_mother = self._rare(self._mother_full, mothers, RARE_MOTHER_BEARERS)
        yield "mother_token", self._by_token(rare_mother, least_bits=COMMON_WORD_BITS)
        yield "mother_token_area", self._by_token(self._mother_full, group)
        yield "year_ends_area", self._plain(year_ends, group)
        yield "year_ends_mother", self._plain(year_ends, self._mother_first)
        yield "name_mother", self._plain(self._full, self._mother_first)

    def loose(self, chosen: NDArray[np.bool_]) -> Iterator[tuple[str, Keyed]]:
        """Wider keys for rows that bring neither NIK nor birth date: a name and an RT.

        Args:
            chosen: which rows to key.
        """
        table = self._table
        rt = np.where(chosen, self._rt, 0)
        yield "rt_start", self._plain(rt, self._start)
        street = np.where(chosen, table.street, 0)
        yield "street_token", self._by_token(table.kel_group, street)
        yield "rt_end", self._plain(rt, _of(table.name, table.names.end.astype(np.int64)))
        yield "rt_street", self._plain(rt, table.street)
        group = np.where(chosen, table.kel_group, 0)
        yield (
            "area_ends",
            self._plain(group, self._start, _of(table.name, table.names.end.astype(np.int64))),
        )


def _joint(*parts: Ints) -> Ints:
    held = np.ones(len(parts[0]), bool)
    for part in parts:
        held &= part != 0
    return np.where(held, mix(*parts), 0)


def _of(numbers: Rows, column: Ints) -> Ints:
    """``column[numbers]`` with 0 where the number is -1."""
    if not len(column):
        return np.zeros(len(numbers), np.int64)
    return np.where(numbers >= 0, column[numbers], 0)


def _flat_tokens(numbers: Rows, book: NameBook) -> tuple[Rows, Ints]:
    held = np.flatnonzero(numbers >= 0).astype(np.int32)
    tokens = book.tokens[numbers[held]]
    filled = tokens != 0
    rows = np.repeat(held, filled.sum(axis=1))
    return rows.astype(np.int32), tokens[filled]


def join(left: Keyed, right: Keyed) -> tuple[Rows, Rows]:
    """All pairs of rows with an equal key.

    Built on the left (the smaller side): a bit table lets pass the few right entries
    that can meet at all, so the register is never sorted for a list.
    """
    empty = np.zeros(0, np.int32)
    if not len(left.keys) or not len(right.keys):
        return empty, empty
    seen = np.zeros(1 << _FILTER_BITS, bool)
    mask = np.int32((1 << _FILTER_BITS) - 1)
    seen[left.keys & mask] = True
    passed = np.flatnonzero(seen[right.keys & mask])
    order = np.argsort(left.keys, kind="stable")
    keys = left.keys[order]
    wanted = right.keys[passed]
    begin = np.searchsorted(keys, wanted, "left")
    held = begin < len(keys)
    held[held] = keys[begin[held]] == wanted[held]
    passed, wanted, begin = passed[held], wanted[held], begin[held]
    many = np.searchsorted(keys, wanted, "right") - begin
    rows_right = np.repeat(right.rows[passed], many)
    offset = np.arange(len(rows_right)) - np.repeat(np.cumsum(many) - many, many)
    rows_left = left.rows[order[np.repeat(begin, many) + offset]]
    return rows_left, rows_right


def self_join(keyed: Keyed, *, largest: int) -> tuple[Rows, Rows]:
    """All pairs of different rows with an equal key, the smaller row first.

    Blocks of more than ``largest`` entries are left out: so many people share that key
    that it says nothing.
    """
    order = np.argsort(keyed.keys, kind="stable")
    keys, rows = keyed.keys[order], keyed.rows[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, int)
    sizes = np.diff(np.r_[starts, len(keys)])
    firsts, seconds = [], []
    # Shift the sorted column against itself by 1, 2, ... inside each block.
    fit = (sizes > 1) & (sizes <= largest)
    begin, size = starts[fit], sizes[fit]
    for step in range(1, int(size.max()) if len(size) else 0):
        live = size > step
        begin, size = begin[live], size[live]
        many = size - step
        at = (
            np.repeat(begin, many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        )
        firsts.append(rows[at])
        seconds.append(rows[at + step])
    if not firsts:
        empty = np.zeros(0, np.int32)
        return empty, empty
    a, b = np.concatenate(firsts), np.concatenate(seconds)
    differ = a != b
    return np.minimum(a, b)[differ], np.maximum(a, b)[differ]


def candidate_pairs(left: KeyTable, right: KeyTable, rarity: Frequencies) -> tuple[Rows, Rows]:
    """Pairs of a list row and a register row that share at least one key, each once."""
    ours, theirs = KeyMaker(left, rarity), KeyMaker(right)
    bare = (left.nik == 0) & (left.birth % 10_000 == 0)
    both: Iterator[tuple[tuple[str, Keyed], tuple[str, Keyed]]]
    both = zip(ours.all(), theirs.all(), strict=True)
    if bare.any():
        every = np.ones(len(right), bool)
        both = chain(both, zip(ours.loose(bare), theirs.loose(every), strict=True))
    found = [join(a, b) for (_, a), (_, b) in both]
    codes = np.concatenate([a.astype(np.int64) * len(right) + b for a, b in found])
    codes.sort()
    distinct = codes[np.r_[True, codes[1:] != codes[:-1]]] if len(codes) else codes
    rows_left, rows_right = np.divmod(distinct, max(len(right), 1))
    return rows_left.astype(np.int32), rows_right.astype(np.int32)
