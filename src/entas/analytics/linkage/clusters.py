"""Belief shared through a third record: if A is B and B is C, then A is C.

A pair of records is weighed on what the two say. Where three or more records may all be
one person, the pairs cannot differ in their opinion: every way of dividing the records
into persons is weighed, and a pair's belief is that of all divisions which join it. Two
sure pairs carry a third that is spoilt beyond recognition, and a sure pair whose third
record contradicts one of the two speaks against that record.

Source: the divisions of n records are counted by Bell (1934), *Exponential numbers*. That
a division's evidence is, field by field, a tree of pairs (``_tree_bits``) is the approximation
of Chow and Liu (1968), *Approximating discrete probability distributions with dependence
trees*. Their use for registers is this project's own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.keys import Ints

Bits = NDArray[np.float64]
Rows = NDArray[np.int32]

# Eight records have 4,140 divisions; seven have 877, and hardly anybody is registered more
# often. A larger cluster is cut at its weakest pairs.
LARGEST_CLUSTER = 7
_FURTHER_BITS = 2.0
# More than any field can say: a field known on both sides goes before a missing one.
_KNOWN = 10_000.0


@dataclass(slots=True)
class Relations:
    """What is known of each pair of records.

    Attributes:
        left, right: record of each pair, left < right; no pair stands twice.
        fields: (fields, pairs) bits for one person against strangers, NaN where a side
            does not give the field.
        others: bits of all that two different persons may be, strangers among them,
            against strangers alone (0 or more).
        prior: bits of one person before any field is looked at.
    """

    left: Rows
    right: Rows
    fields: Bits
    others: Bits
    prior: float

    def odds(self) -> Bits:
        """Bits of odds for one person, each pair for itself."""
        odds: Bits = np.nansum(self.fields, axis=0) - self.others + self.prior
        return odds


def clusters(left: Rows, right: Rows, odds: Bits, *, least: float) -> list[Ints]:
    """Clusters of three to seven records, joined by pairs of at least ``least`` bits.

    Returns:
        For each size that occurs, an array (clusters, size) of records, each row rising.
    """
    found: dict[int, list[Ints]] = {}
    while len(left):
        joined = odds >= least
        left, right, odds = left[joined], right[joined], odds[joined]
        records, group = _groups(left, right)
        order = np.lexsort((records, group))
        for members in _runs(records[order], group[order]):
            if 3 <= members.shape[1] <= LARGEST_CLUSTER:
                found.setdefault(members.shape[1], []).append(members)
        size = np.bincount(group)
        large = size[group[np.searchsorted(records, left)]] > LARGEST_CLUSTER
        left, right, odds = left[large], right[large], odds[large]
        least += _FURTHER_BITS
    return [np.concatenate(found[size]) for size in sorted(found)]


def _groups(left: Rows, right: Rows) -> tuple[Ints, Ints]:
    """The distinct records and the number of the connected group of each."""
    records, place = np.unique(np.r_[left, right], return_inverse=True)
    a, b = place[: len(left)], place[len(left) :]
    lowest = np.arange(len(records))
    while True:
        before = lowest.copy()
        small = np.minimum(lowest[a], lowest[b])
        np.minimum.at(lowest, a, small)
        np.minimum.at(lowest, b, small)
        lowest = lowest[lowest]
        if np.array_equal(before, lowest):
            return records.astype(np.int64), np.unique(lowest, return_inverse=True)[1]


def _runs(records: Ints, group: Ints) -> Iterator[Ints]:
    """The groups of each size, as arrays (groups, size)."""
    size = np.bincount(group)[group] if len(group) else group
    for one in np.unique(size).tolist():
        yield records[size == one].reshape(-1, one)


def pairs_inside(found: list[Ints]) -> tuple[Rows, Rows]:
    """Every pair of two records of one cluster, the smaller record first."""
    firsts, seconds = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for members in found:
        a, b = _places(members.shape[1])
        firsts.append(members[:, a].reshape(-1))
        seconds.append(members[:, b].reshape(-1))
    return np.concatenate(firsts).astype(np.int32), np.concatenate(seconds).astype(np.int32)


def _places(size: int) -> tuple[Ints, Ints]:
    pairs = np.asarray(list(combinations(range(size), 2)), np.int64)
    return pairs[:, 0], pairs[:, 1]


def shared_odds(relations: Relations, found: list[Ints]) -> Bits:
    """Bits of odds for one person, where a cluster's pairs have agreed on one belief.

    Args:
        found: clusters whose every pair stands in ``relations`` (see ``pairs_inside``).
    """
    odds = relations.odds()
    width = np.int64(2**32)
    code = relations.left.astype(np.int64) * width + relations.right
    order = np.argsort(code)
    for members in found:
        a, b = _places(members.shape[1])
        wanted = members[:, a] * width + members[:, b]
        at = order[np.searchsorted(code[order], wanted)]
        odds[at] = _pair_odds(relations, at, members.shape[1])
    return odds


def _pair_odds(relations: Relations, at: Ints, size: int) -> Bits:
    """Odds of the pairs ``at`` (clusters, pairs) of clusters of one size."""
    a, b = _places(size)
    subset = np.zeros((len(at), 2**size))
    for mask in range(2**size):
        inside = (mask >> a & 1) & (mask >> b & 1) == 1
        if inside.any():
            members = [place for place in range(size) if mask >> place & 1]
            pairs = at[:, inside]
            subset[:, mask] = (
                _tree_bits(relations.fields[:, pairs], len(members))
                - _tree_bits(relations.others[None, pairs], len(members))
                + relations.prior * (len(members) - 1)
            )
    blocks, joins = _divisions(size)
    bits = subset @ blocks.T
    weight = np.exp2(bits - bits.max(axis=1, keepdims=True))
    for_, against = weight @ joins, weight @ (1 - joins)
    odds: Bits = np.log2(np.maximum(for_, 1e-300)) - np.log2(np.maximum(against, 1e-300))
    return odds


def _tree_bits(fields: Bits, size: int) -> Bits:
    """Evidence that ``size`` records are one person.

    Three pairs of one person do not say a thing three times: if A and B bear a name, and
    B and C, it is no news that A and C do; and one slip of the pen spoils two pairs. So
    each field counts along the tree of pairs that joins its records best (Prim's). Where a
    record lacks the field, the others are joined without it.

    Args:
        fields: (fields, clusters, pairs), NaN where a field is missing.

    Returns:
        Bits (clusters,), summed over the fields.
    """
    a, b = _places(size)
    bits = np.full((*fields.shape[:2], size, size), -np.inf)
    bits[:, :, a, b] = bits[:, :, b, a] = np.where(np.isnan(fields), 0.0, fields + _KNOWN)
    near = bits[:, :, 0].copy()
    total = np.zeros(fields.shape[:2])
    for _ in range(size - 1):
        next_ = near.argmax(axis=2)[:, :, None]
        best = np.take_along_axis(near, next_, axis=2)[:, :, 0]
        total += np.where(best > _KNOWN / 2, best - _KNOWN, 0.0)
        row = np.take_along_axis(bits, next_[:, :, :, None], axis=2)[:, :, 0]
        # A joined record is marked, and never comes near again.
        near = np.where(np.isneginf(near), near, np.maximum(near, row))
        np.put_along_axis(near, next_, -np.inf, axis=2)
    summed: Bits = total.sum(axis=0)
    return summed


@lru_cache
def _divisions(size: int) -> tuple[Bits, Bits]:
    """All ways of dividing ``size`` records into persons.

    Returns:
        (divisions, 2**size) whether a set of records (as a bit mask) is one person, and
        (divisions, pairs) whether a pair is.
    """
    ways = [[0]]
    for _ in range(size - 1):
        ways = [[*way, person] for way in ways for person in range(max(way) + 2)]
    person = np.asarray(ways)
    blocks = np.zeros((len(ways), 2**size))
    for one in range(size):
        masks = ((person == one) * 2 ** np.arange(size)).sum(axis=1)
        blocks[np.arange(len(ways)), masks] = 1.0
    a, b = _places(size)
    # The empty set stands for persons that a division does not need; it weighs nothing.
    return blocks, (person[:, a] == person[:, b]).astype(float)
