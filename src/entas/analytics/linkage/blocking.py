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

from entas.analytics.linkage.frequencies import Frequencies
from entas.analytics.linkage.keys import Ints, KeyTable, NameBook

Rows = NDArray[np.int32]

# A full name borne by more people than this is no key of its own: it needs a place or
# a date beside it, or one frequent name would propose a quarter of a million pairs.
RARE_NAME_BEARERS = 40
_FILTER_BITS = 22


@dataclass(slots=True)
class Keyed:
    """Rows and their key values; a row may stand more than once (one entry a token)."""

    rows: Rows
    keys: Ints


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
    """The blocking keys of one table."""

    def __init__(self, table: KeyTable, rarity: Frequencies | None = None) -> None:
        self._table = table
        self._rarity = rarity
        self._every = np.arange(len(table), dtype=np.int32)
        birth = table.birth
        self._year = (birth // 10_000).astype(np.int64)
        day, month = birth % 100, birth // 100 % 100
        # Day and month sorted, so that a swapped pair still meets.
        self._date = np.where(
            (birth > 0) & (day > 0), self._year * 10_000 + np.minimum(day, month) * 100 + np.maximum(day, month), 0
        )
        self._rt = np.where(
            (table.kel_group > 0) & (table.rt > 0), table.kel_group * 1000 + table.rt, 0
        )
        self._full = _of(table.name, table.names.full)
        self._start = _of(table.name, table.names.start.astype(np.int64))
        self._mother_full = _of(table.mother, table.mothers.full)
        self._mother_first = _of(table.mother, table.mothers.tokens[:, 0])
        self._token_rows, self._tokens = _flat_tokens(table.name, table.names)

    def _plain(self, *parts: Ints) -> Keyed:
        held = np.ones(len(self._every), bool)
        for part in parts:
            held &= part != 0
        rows = self._every[held]
        return Keyed(rows, mix(*[part[held] for part in parts]))

    def _by_token(self, *parts: Ints) -> Keyed:
        held = np.ones(len(self._token_rows), bool)
        for part in parts:
            held &= part[self._token_rows] != 0
        rows = self._token_rows[held]
        return Keyed(rows, mix(self._tokens[held], *[part[rows] for part in parts]))

    def _rare_name(self) -> Keyed:
        if self._rarity is None:
            return self._plain(self._full)
        bits = self._rarity.name.whole.bits_of(self._full)
        rare = bits >= np.log2(max(self._rarity.people, 2) / RARE_NAME_BEARERS)
        return self._plain(np.where(rare, self._full, 0))

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
        yield "rt_token", self._by_token(self._rt)
        yield "rt_start", self._plain(self._rt, self._start)
        yield "mother_token", self._by_token(self._mother_full)
        yield "year_ends", self._plain(self._year, first, last)
        yield "year_token_area", self._by_token(self._year, group)
        yield "year_token_mother", self._by_token(self._year, self._mother_first)
        yield "name_area", self._plain(self._full, group)
        yield "rare_name", self._rare_name()
        yield "house", self._plain(group, street, house)
        yield "street_token", self._by_token(group, street)

    def loose(self, chosen: NDArray[np.bool_]) -> Iterator[tuple[str, Keyed]]:
        """Wider keys for rows that bring neither NIK nor birth date: a name and an RT.

        Args:
            chosen: which rows to key.
        """
        table = self._table
        rt = np.where(chosen, self._rt, 0)
        yield "rt_end", self._plain(rt, _of(table.name, table.names.end.astype(np.int64)))
        yield "rt_street", self._plain(rt, table.street)
        group = np.where(chosen, table.kel_group, 0)
        yield "area_ends", self._plain(group, self._start, _of(table.name, table.names.end.astype(np.int64)))


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
    mask = np.int64((1 << _FILTER_BITS) - 1)
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
        at = np.repeat(begin, many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
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
    ours, theirs = KeyMaker(left, rarity), KeyMaker(right, rarity)
    bare = (left.nik == 0) & (left.birth % 10_000 == 0)
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
