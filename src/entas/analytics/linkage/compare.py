"""Pairs of rows turned into levels of agreement and bits of rarity.

Cheap integer comparisons come first; a string distance is asked for only where the
integers leave the question open, and once for each distinct pair of names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.frequencies import Floats, Frequencies
from entas.analytics.linkage.keys import Ints, KeyTable
from entas.analytics.linkage.levels import (
    AreaLevel,
    BirthLevel,
    CardLevel,
    NameLevel,
    NikLevel,
    SexLevel,
    SpotLevel,
)
from entas.analytics.linkage.spelling import compare_names, distinct_codes

Levels = NDArray[np.int8]
Rows = NDArray[np.int32]

# Places of a NIK in its packed digits: one bit for each digit, region, encoded date.
_EACH_DIGIT = np.uint64(0x11111111_11111111)
_REGION_DIGITS = np.uint64(0xFFFFFF0000000000)
_DATE_DIGITS = np.uint64(0x000000FFFFFF0000)


@dataclass(slots=True)
class Evidence:
    """What was seen on each pair.

    Attributes:
        left, right: row numbers of the pair.
        level: field name -> level (see ``levels``). ``name`` and ``nik`` already know
            about the candidate's housemates.
        own_name, own_nik: the same two without looking at housemates.
        confirmed: both birth dates are borne out by their own NIK, so that neither is a
            slip of the pen.
        bits: rarity of the agreeing part, for name, mother and birth.
    """

    left: Rows
    right: Rows
    level: dict[str, Levels]
    own_name: Levels
    own_nik: Levels
    confirmed: NDArray[np.bool_]
    bits: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.left)

    def take(self, chosen: NDArray[np.bool_] | Ints) -> "Evidence":
        """The same evidence for only the chosen pairs."""
        return Evidence(
            self.left[chosen],
            self.right[chosen],
            {name: column[chosen] for name, column in self.level.items()},
            self.own_name[chosen],
            self.own_nik[chosen],
            self.confirmed[chosen],
            {name: column[chosen] for name, column in self.bits.items()},
        )


def join_evidence(parts: list[Evidence]) -> Evidence:
    """The pairs of all parts, one after the other."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return Evidence(
        np.concatenate([p.left for p in parts]),
        np.concatenate([p.right for p in parts]),
        {name: np.concatenate([p.level[name] for p in parts]) for name in first.level},
        np.concatenate([p.own_name for p in parts]),
        np.concatenate([p.own_nik for p in parts]),
        np.concatenate([p.confirmed for p in parts]),
        {name: np.concatenate([p.bits[name] for p in parts]) for name in first.bits},
    )


def compare_births(a: NDArray[np.int32], b: NDArray[np.int32]) -> Levels:
    """Levels for pairs of dates yyyymmdd (yyyy0000: only the year is known)."""
    level = np.full(len(a), BirthLevel.NONE, np.int8)
    year_a, year_b = a // 10_000, b // 10_000
    month_a, month_b = a // 100 % 100, b // 100 % 100
    day_a, day_b = a % 100, b % 100
    year = year_a == year_b
    month, day = month_a == month_b, day_a == day_b
    level[year | (month & day)] = BirthLevel.YEAR_OR_DAY_MONTH
    # 1 January and 1 July stand for "day unknown" on many papers of the elderly.
    vague = _vague(day_a, month_a) | _vague(day_b, month_b)
    level[year & (month | day | vague)] = BirthLevel.YEAR_AND_PART
    open_ = np.flatnonzero((a != b) & ((month & day) | (year & (month | day))))
    wrong = np.zeros(len(open_), np.int8)
    rest_a, rest_b = a[open_], b[open_]
    for _ in range(8):
        wrong += rest_a % 10 != rest_b % 10
        rest_a, rest_b = rest_a // 10, rest_b // 10
    level[open_[wrong == 1]] = BirthLevel.ONE_DIGIT
    level[year & (month_a == day_b) & (day_a == month_b) & (a != b)] = BirthLevel.SWAPPED
    level[a == b] = BirthLevel.EQUAL
    _compare_years(level, a, b, year_a, year_b)
    return level


def _vague(day: NDArray[np.int32], month: NDArray[np.int32]) -> NDArray[np.bool_]:
    first = (day == 1) & ((month == 1) | (month == 7))
    return np.asarray(first | ((day == 31) & (month == 12)))


def _compare_years(
    level: Levels, a: Rows, b: Rows, year_a: NDArray[np.int32], year_b: NDArray[np.int32]
) -> None:
    vague = (a % 10_000 == 0) | (b % 10_000 == 0)
    apart = np.abs(year_a - year_b)
    level[vague] = BirthLevel.YEAR_ONLY_OTHER
    level[vague & (apart <= 2)] = BirthLevel.YEAR_ONLY_NEAR
    level[vague & (apart == 0)] = BirthLevel.YEAR_ONLY_EQUAL
    level[(a == 0) | (b == 0)] = BirthLevel.MISSING


def compare_niks(left: KeyTable, a: Rows, right: KeyTable, b: Rows) -> Levels:
    """Levels for pairs of NIK, without looking at who else bears the number."""
    nik_a, nik_b = left.nik[a], right.nik[b]
    both = (nik_a > 0) & (nik_b > 0)
    level = np.where(both, NikLevel.NONE, NikLevel.MISSING).astype(np.int8)
    same_date = both & (nik_a // 10_000 % 10**6 == nik_b // 10_000 % 10**6)
    level[same_date] = NikLevel.SAME_DATE
    near = np.flatnonzero(both & (nik_a != nik_b))
    wrong = left.nik_digits()[a[near]] ^ right.nik_digits()[b[near]]
    wrong |= wrong >> np.uint64(2)
    wrong = (wrong | wrong >> np.uint64(1)) & _EACH_DIGIT
    few = np.bitwise_count(wrong) <= 2
    head, middle = wrong & _REGION_DIGITS != 0, wrong & _DATE_DIGITS != 0
    level[near[few]] = NikLevel.REGION_TYPO
    level[near[few & ~head & ~middle]] = NikLevel.SERIAL_TYPO
    level[near[few & middle]] = NikLevel.DATE_TYPO
    level[both & (np.abs(nik_a - nik_b) <= 2)] = NikLevel.SERIAL_NEIGHBOUR
    level[both & (nik_a == nik_b)] = NikLevel.EQUAL
    return level


def compare_cards(a: Ints, b: Ints) -> Levels:
    """Levels for pairs of family card numbers."""
    both = (a > 0) & (b > 0)
    level = np.where(both, CardLevel.OTHER, CardLevel.MISSING).astype(np.int8)
    gap = np.abs(a - b)
    # One wrong digit changes the number by d * 10^k: cheap to see without strings.
    power = 10 ** np.floor(np.log10(np.maximum(gap, 1))).astype(np.int64)
    level[both & (gap > 0) & (gap % power == 0)] = CardLevel.TYPO
    level[both & (a == b)] = CardLevel.EQUAL
    return level


def compare_places(left: KeyTable, a: Rows, right: KeyTable, b: Rows) -> tuple[Levels, Levels]:
    """Area levels, and spot levels inside one area."""
    kel_a, kel_b = left.kel[a], right.kel[b]
    known = (kel_a > 0) & (kel_b > 0)
    area = np.where(known, AreaLevel.OTHER, AreaLevel.MISSING).astype(np.int8)
    area[known & (left.kel_group[a] == right.kel_group[b])] = AreaLevel.RELATED
    area[known & (kel_a == kel_b)] = AreaLevel.SAME
    rt_a, rt_b = left.rt[a], right.rt[b]
    street_a, street_b = left.street[a], right.street[b]
    told = ((rt_a > 0) & (rt_b > 0)) | ((street_a != 0) & (street_b != 0))
    rt = (rt_a > 0) & (rt_a == rt_b)
    street = (street_a != 0) & (street_a == street_b)
    house = street & (left.house[a] > 0) & (left.house[a] == right.house[b])
    spot = np.where(told & (area >= AreaLevel.RELATED), SpotLevel.OTHER, 0).astype(np.int8)
    open_ = spot > 0
    for flag, value in (
        (street, SpotLevel.STREET),
        (rt, SpotLevel.RT),
        (rt & street, SpotLevel.RT_AND_STREET),
        (house, SpotLevel.HOUSE),
        (house & rt, SpotLevel.RT_AND_HOUSE),
    ):
        spot[open_ & flag] = value
    return area, spot


def compare_sexes(a: NDArray[np.int8], b: NDArray[np.int8]) -> Levels:
    """Levels for pairs of sexes."""
    known = (a >= 0) & (b >= 0)
    return np.where(
        known, np.where(a == b, SexLevel.SAME, SexLevel.OTHER), SexLevel.MISSING
    ).astype(np.int8)


def compare(
    left: KeyTable, a: Rows, right: KeyTable, b: Rows, rarity: Frequencies, house: "Housemates"
) -> Evidence:
    """Evidence on the pairs (``a[i]`` of ``left``, ``b[i]`` of ``right``)."""
    name, name_bits = compare_names(
        left.names, left.name[a], right.names, right.name[b], rarity.name
    )
    mother, mother_bits = compare_names(
        left.mothers, left.mother[a], right.mothers, right.mother[b], rarity.mother
    )
    birth = compare_births(left.birth[a], right.birth[b])
    nik = compare_niks(left, a, right, b)
    area, spot = compare_places(left, a, right, b)
    level = {
        "name": name,
        "birth": birth,
        "nik": house.nik_level(nik, left, a, b),
        "kk": compare_cards(left.kk[a], right.kk[b]),
        "mother": mother,
        "area": area,
        "spot": spot,
        "sex": compare_sexes(left.sex[a], right.sex[b]),
    }
    level["name"] = house.name_level(level, left, a, b)
    dated = (birth >= BirthLevel.ONE_DIGIT) & (birth <= BirthLevel.EQUAL)
    bits = {
        "name": name_bits,
        "mother": mother_bits,
        "birth": np.where(dated, rarity.birth[b], np.float32(0)),
    }
    confirmed = left.confirmed()[a] & right.confirmed()[b]
    return Evidence(a.astype(np.int32), b.astype(np.int32), level, name, nik, confirmed, bits)


def _sorted_owners(register: KeyTable) -> dict[str, NDArray[Any]]:
    known = np.flatnonzero(register.nik > 0)
    order = known[np.argsort(register.nik[known], kind="stable")]
    # A family's names as sorted codes of family and name, so that "does this family hold
    # this name" is one binary search.
    held = np.flatnonzero((register.family >= 0) & (register.name >= 0))
    solid = register.names.solid
    names = np.unique(_pair_code(register.family[held], solid[register.name[held]]))
    return {"nik": register.nik[order], "nik_row": order.astype(np.int32), "names": names}


class Housemates:
    """Whose NIK and whose name a list row carries, seen from a candidate's family.

    A clerk who copies the husband's name or borrows a child's NIK leaves a trace that a
    comparison of two single rows cannot see.
    """

    def __init__(self, register: KeyTable, kept: Mapping[str, NDArray[Any]] | None = None) -> None:
        """Sort the register's numbers and names, or take them from ``kept`` (``columns``)."""
        self._family = register.family
        made = _sorted_owners(register) if kept is None else kept
        self._nik, self._nik_row, self._names = made["nik"], made["nik_row"], made["names"]
        self._owners_of: tuple[KeyTable, Rows] | None = None

    def columns(self) -> dict[str, NDArray[Any]]:
        """What was sorted, to be kept beside the register."""
        return {"nik": self._nik, "nik_row": self._nik_row, "names": self._names}

    def prepare(self, left: KeyTable) -> None:
        """Look up the owners of a list's NIK once, before several threads ask."""
        self._owners(left)

    def _owners(self, left: KeyTable) -> Rows:
        """Register row that bears each row's NIK, -1 for a number nobody bears."""
        if self._owners_of is None or self._owners_of[0] is not left:
            owner = np.full(len(left), -1, np.int32)
            if len(self._nik):
                place = np.minimum(np.searchsorted(self._nik, left.nik), len(self._nik) - 1)
                known = (self._nik[place] == left.nik) & (left.nik > 0)
                owner[known] = self._nik_row[place[known]]
            self._owners_of = (left, owner)
        return self._owners_of[1]

    def nik_level(self, own: Levels, left: KeyTable, a: Rows, b: Rows) -> Levels:
        """``own`` with the levels "a housemate's" and "somebody else's" filled in."""
        level = own.copy()
        owner = self._owners(left)[a]
        open_ = (own == NikLevel.NONE) | (own == NikLevel.SAME_DATE)
        open_ &= owner >= 0
        level[open_] = NikLevel.SOMEBODY_ELSES
        mine = self._family[b]
        level[open_ & (mine >= 0) & (self._family[owner] == mine)] = NikLevel.HOUSEMATES_NIK
        return level

    def name_level(self, level: dict[str, Levels], left: KeyTable, a: Rows, b: Rows) -> Levels:
        """The name's level with "a housemate's name" filled in.

        Looked up only where something speaks for the household: elsewhere a member of
        that name is chance.
        """
        own = level["name"]
        filled = own.copy()
        weak = (own >= NameLevel.NONE) & (own < NameLevel.TYPO)
        home = (level["kk"] == CardLevel.EQUAL) | (level["spot"] >= SpotLevel.RT)
        home |= (level["nik"] == NikLevel.EQUAL) | (level["nik"] == NikLevel.HOUSEMATES_NIK)
        open_ = np.flatnonzero(weak & home & (self._family[b] >= 0))
        if not len(open_) or not len(self._names):
            return filled
        wanted = _pair_code(self._family[b[open_]], left.names.solid[left.name[a[open_]]])
        place = np.minimum(np.searchsorted(self._names, wanted), len(self._names) - 1)
        filled[open_[self._names[place] == wanted]] = NameLevel.HOUSEMATES_NAME
        return filled


def refine_by_rivals(evidence: Evidence, family: Rows) -> None:
    """Mark names that fit another candidate of the same row and family far better.

    ``Housemates`` sees only names written exactly alike; here a mistyped husband's name
    on his wife's row is known for his, because he is a candidate too.

    Args:
        family: register family of each pair's candidate; -1 without one.
    """
    held = np.flatnonzero(family >= 0)
    _, group = distinct_codes(evidence.left[held].astype(np.int64) * np.int64(2**32) + family[held])
    own = evidence.own_name[held]
    best = np.zeros(int(group.max()) + 1 if len(group) else 0, np.int8)
    np.maximum.at(best, group, own)
    theirs = (best[group] >= NameLevel.TYPO) & (own >= NameLevel.NONE) & (own < NameLevel.TYPO)
    evidence.level["name"][held[theirs]] = NameLevel.HOUSEMATES_NAME


def _pair_code(first: NDArray[np.int32], second: Ints) -> Ints:
    """One 64-bit code for two numbers (a multiplicative mix; collisions about n^2/2^64)."""
    mixed = first.astype(np.int64) * np.int64(-7046029254386353131) + second
    return mixed ^ (mixed >> np.int64(31))
