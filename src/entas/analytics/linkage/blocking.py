"""Which pairs are worth comparing: keys that a true pair shares in spite of errors.

Every key joins two facts (a date and a name token, an RT and a token, ...), so that a
block stays small and no pair is built only to be thrown away. A pair that shares any
key is proposed once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

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
    ``in_order`` says that the keys rise, so that they can be searched as they are.
    """

    rows: Rows
    keys: NDArray[np.int32]
    in_order: bool = False


# The keys by which a list is held against a register, and the wider ones for rows that
# bring neither NIK nor birth date.
LIST_KEYS = (
    "nik",
    "nik_tail",
    "kk",
    "date_token",
    "date_mother",
    "date_area",
    "date_start",
    "rt_token",
    "mother_token",
    "mother_token_area",
    "year_ends",
    "year_token_area",
    "name_area",
    "rare_name",
    "house",
)
LOOSE_KEYS = ("rt_start", "street_token", "rt_end", "rt_street", "area_ends")
# Wider still, for rows whom nobody fits that the other keys propose.
WIDE_KEYS = ("date_letter", "date_end", "solid_name")


class Blocks(Protocol):
    """A register's blocking keys, made when asked for or kept from before."""

    def keyed(self, name: str) -> Keyed:
        """Rows and values of one of ``LIST_KEYS`` or ``LOOSE_KEYS``."""


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

    def nik(self) -> Keyed:
        """The exact NIK alone: the first stage of linking."""
        return self._plain(self._table.nik)

    def keyed(self, name: str) -> Keyed:
        """Rows and values of one of ``LIST_KEYS`` or ``LOOSE_KEYS``."""
        return self._recipes()[name]()

    def _recipes(self) -> dict[str, Callable[[], Keyed]]:
        table, group, date, rt = self._table, self._table.kel_group, self._date, self._rt
        plain, token = self._plain, self._by_token
        mother = self._mother_full
        return {
            "nik": self.nik,
            "nik_tail": lambda: plain(table.nik % 10**10),
            "kk": lambda: plain(table.kk),
            "date_token": lambda: token(date),
            "date_mother": lambda: plain(date, self._mother_first),
            "date_area": lambda: plain(date, group),
            "date_start": lambda: plain(date, self._start),
            "rt_token": lambda: token(rt, least_bits=COMMON_WORD_BITS),
            "mother_token": lambda: token(self._rare_mother(), least_bits=COMMON_WORD_BITS),
            "mother_token_area": lambda: token(mother, group),
            "year_ends": lambda: plain(self._year, *self._ends()),
            "year_token_area": lambda: token(self._year, group, least_bits=RARE_WORD_BITS),
            "name_area": lambda: plain(self._full, group),
            "rare_name": lambda: plain(self._rare_name()),
            "house": lambda: plain(group, table.street, table.house.astype(np.int64)),
            "date_letter": lambda: plain(date, self._start >> 7),
            "date_end": lambda: plain(date, self._last_letters()),
            "solid_name": lambda: plain(self._rare_solid()),
            "rt_start": lambda: plain(rt, self._start),
            "street_token": lambda: token(group, table.street),
            "rt_end": lambda: plain(rt, self._last_letters()),
            "rt_street": lambda: plain(rt, table.street),
            "area_ends": lambda: plain(group, self._start, self._last_letters()),
        }

    def _rare_name(self) -> Ints:
        names = None if self._rarity is None else self._rarity.name.whole
        return self._rare(self._full, names, RARE_NAME_BEARERS)

    def _rare_solid(self) -> Ints:
        """Names run together, those of few people: DWIHERDIRIA meets DWI HERDIRIA."""
        held = self._rare_name() != 0
        return np.where(held, _of(self._table.name, self._table.names.solid), 0)

    def _rare_mother(self) -> Ints:
        mothers = None if self._rarity is None else self._rarity.mother.whole
        return self._rare(self._mother_full, mothers, RARE_MOTHER_BEARERS)

    def _last_letters(self) -> Ints:
        return _of(self._table.name, self._table.names.end.astype(np.int64))

    def twofold(self) -> Iterator[tuple[str, Keyed]]:
        """Narrower keys for the register against itself, where every person has
        housemates, namesakes and people born on the same day.
        """
        table, group = self._table, self._table.kel_group
        first, last = self._ends()
        year_ends = _joint(self._year, first, last)
        yield "nik", self.nik()
        yield "nik_tail_start", self._plain(table.nik % 10**10, self._start)
        yield "kk_token", self._by_token(table.kk)
        yield "kk_start", self._plain(table.kk, self._start)
        yield "kk_date", self._plain(table.kk, self._date)
        yield "date_token", self._by_token(self._date)
        yield "date_mother", self._plain(self._date, self._mother_first)
        yield "rt_token", self._by_token(self._rt, least_bits=RARE_WORD_BITS)
        yield "rt_name", self._plain(self._rt, self._full)
        yield "mother_token", self.keyed("mother_token")
        yield "mother_token_area", self._by_token(self._mother_full, group)
        yield "year_ends_area", self._plain(year_ends, group)
        yield "year_ends_mother", self._plain(year_ends, self._mother_first)
        yield "name_mother", self._plain(self._full, self._mother_first)


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


def in_order(keyed: Keyed) -> Keyed:
    """The same entries with rising keys."""
    order = np.argsort(keyed.keys)
    return Keyed(keyed.rows[order], keyed.keys[order], in_order=True)


def join(left: Keyed, right: Keyed) -> tuple[Rows, Rows]:
    """All pairs of rows with an equal key, in no particular order.

    Where the right side (the register) is in order, the left keys are searched in it.
    Else a bit table built on the left lets pass the few right entries that can meet at
    all, so that a register is never sorted for one list.
    """
    empty = np.zeros(0, np.int32)
    if not len(left.keys) or not len(right.keys):
        return empty, empty
    if right.in_order:
        return _join_in_order(left, right)
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


def _join_in_order(left: Keyed, right: Keyed) -> tuple[Rows, Rows]:
    # Rising questions walk through the register's keys once instead of jumping.
    order = np.argsort(left.keys)
    wanted = left.keys[order]
    begin = np.searchsorted(right.keys, wanted, "left")
    held = np.flatnonzero(begin < len(right.keys))
    held = held[right.keys[begin[held]] == wanted[held]]
    begin = begin[held]
    many = np.searchsorted(right.keys, wanted[held], "right") - begin
    at = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many - begin, many)
    return np.repeat(left.rows[order[held]], many), right.rows[at]


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


def candidate_pairs(
    left: KeyTable, right: KeyTable, rarity: Frequencies, blocks: Blocks | None = None
) -> tuple[Rows, Rows]:
    """Pairs of a list row and a register row that share at least one key, each once.

    Args:
        blocks: the keys of ``right``, where they are kept.
    """
    theirs = KeyMaker(right) if blocks is None else blocks
    found = list(_joined(KeyMaker(left, rarity), theirs, LIST_KEYS))
    bare = np.flatnonzero((left.nik == 0) & (left.birth % 10_000 == 0)).astype(np.int32)
    if len(bare):
        ours = KeyMaker(left.take(bare), rarity)
        found += [(bare[a], b) for a, b in _joined(ours, theirs, LOOSE_KEYS)]
    return _each_once(found, right)


def wider_pairs(
    left: KeyTable, right: KeyTable, rarity: Frequencies, blocks: Blocks
) -> tuple[Rows, Rows]:
    """Pairs that share one of ``WIDE_KEYS``, each once: many, so only for a few rows."""
    return _each_once(list(_joined(KeyMaker(left, rarity), blocks, WIDE_KEYS)), right)


def _each_once(found: list[tuple[Rows, Rows]], right: KeyTable) -> tuple[Rows, Rows]:
    codes = np.concatenate([a.astype(np.int64) * len(right) + b for a, b in found])
    codes.sort()
    distinct = codes[np.r_[True, codes[1:] != codes[:-1]]] if len(codes) else codes
    rows_left, rows_right = np.divmod(distinct, max(len(right), 1))
    return rows_left.astype(np.int32), rows_right.astype(np.int32)


def _joined(ours: KeyMaker, theirs: Blocks, names: Iterable[str]) -> Iterator[tuple[Rows, Rows]]:
    # One key at a time, so that memory stays flat.
    for name in names:
        yield join(ours.keyed(name), theirs.keyed(name))
