"""Weigh every candidate against a stranger, a housemate, a twin, and its rivals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.compare import Evidence
from entas.analytics.linkage.model import Model, log_share, rarity_bits, table_levels
from entas.analytics.linkage.spelling import distinct_codes

Bits = NDArray[np.float32]
MAX_BITS = 60.0

# Expected number of housemates of a person who is not in the register but whose family
# is; and the share of housemates that are twins of each other (model table "twin").
_HOUSEMATES = 2.0
_TWIN_SHARE = 0.01


@dataclass(slots=True)
class PairBits:
    """log2 likelihood ratios of each pair.

    Attributes:
        match: same person against a stranger.
        by_class: the same for each class of clerk, share included: (classes, pairs).
        relative: an unregistered housemate or twin against a stranger.
        inside: same person against a registered housemate of the person.
    """

    match: Bits
    by_class: NDArray[np.float32]
    relative: Bits
    inside: Bits


def log2_sum(columns: NDArray[np.float32]) -> Bits:
    """log2 of the sum of 2^x over the first axis, without overflow."""
    top = columns.max(axis=0)
    total: Bits = top + np.log2(np.exp2(columns - top).sum(axis=0))
    return total


def pair_bits(evidence: Evidence, model: Model) -> PairBits:
    """Likelihood ratios of each pair under the model."""
    levels = table_levels(evidence)
    stranger = log_share(levels, model.stranger) - rarity_bits(evidence, model)
    by_class = np.stack(
        [
            log_share(levels, tables) + np.float32(np.log2(share)) - stranger
            for share, tables in zip(model.shares, model.match, strict=True)
        ]
    )
    own = table_levels(evidence, own=True)
    own_stranger = log_share(own, model.stranger) - rarity_bits(evidence, model, own=True)
    housemate = log_share(own, model.housemate) - own_stranger
    twin = log_share(own, model.twin) - own_stranger + np.float32(np.log2(_TWIN_SHARE))
    match = log2_sum(by_class)
    kin = log_share(levels, model.kin) - stranger
    return PairBits(match, by_class, np.maximum(housemate, twin), match - kin)


@dataclass(slots=True)
class Posterior:
    """What is believed of each pair after looking at all candidates of its row.

    Attributes:
        probability: of the pair being the same person.
        odds: log2 of its odds, cut to plus or minus 60.
    """

    probability: NDArray[np.float64]
    odds: Bits


def row_posterior(
    rows: NDArray[np.int32],
    bits: PairBits,
    family: NDArray[np.int32],
    *,
    count: int,
    people: int,
    coverage: float,
    lean: Bits | None = None,
    same_person: NDArray[np.int64] | None = None,
) -> Posterior:
    """Share one unit of belief of each list row among its candidates, an unregistered
    housemate of one of them, and nobody in the register.

    Args:
        rows: list row of each pair, 0 .. count-1.
        bits: likelihood ratios of each pair.
        family: register family of each candidate; -1 without one.
        people: size of the register.
        coverage: share of rows whose person is registered, strictly inside (0, 1).
        lean: bits by which the list favours this kind of person (see ``lean``).
        same_person: a number that candidates share when they are suspected to be one
            person registered twice; they do not count as rivals of each other.
    """
    prior = np.float32(np.log2(coverage / max(people, 1)))
    inside = bits.inside if lean is None else bits.inside + lean
    match = bits.match if lean is None else bits.match + lean
    own = _shared_in_families(rows, family, match, inside) + prior
    relative = bits.relative + np.float32(np.log2((1 - coverage) * _HOUSEMATES / max(people, 1)))
    own = np.clip(own, -MAX_BITS * 2, MAX_BITS * 2).astype(np.float64)
    weight = np.exp2(own)
    matched = np.bincount(rows, weights=weight, minlength=count)
    strongest = np.full(count, -MAX_BITS * 2)
    np.maximum.at(strongest, rows, np.clip(relative, -MAX_BITS * 2, MAX_BITS * 2))
    nobody = (1 - coverage) + np.exp2(strongest)
    total = matched + nobody
    if same_person is not None:
        weight = _pooled(rows, weight, same_person)
    probability = weight / total[rows]
    against = np.maximum(total[rows] - weight, total[rows] * 1e-15)
    odds = np.clip(np.log2(np.maximum(weight, 1e-300) / against), -MAX_BITS, MAX_BITS)
    return Posterior(np.minimum(probability, 1.0), odds.astype(np.float32))


def _shared_in_families(
    rows: NDArray[np.int32], family: NDArray[np.int32], match: Bits, inside: Bits
) -> Bits:
    """Evidence for a family goes to its members by what tells them apart.

    Card, address and mother speak for every member alike. Counted against strangers
    they would lift the whole family, so the family gets the evidence of its best member
    once, and the members share it by their evidence against each other.
    """
    code = rows.astype(np.int64) * np.int64(2**32) + family
    alone = family < 0
    code[alone] = -1 - np.flatnonzero(alone)
    _, group = distinct_codes(code)
    count = int(group.max()) + 1 if len(group) else 0
    best = np.full(count, -np.inf, np.float32)
    np.maximum.at(best, group, match)
    top = np.full(count, -np.inf, np.float32)
    np.maximum.at(top, group, inside)
    share = np.exp2((inside - top[group]).astype(np.float64))
    total = np.bincount(group, weights=share, minlength=count)
    shared: Bits = (best[group] + np.log2(np.maximum(share / total[group], 1e-30))).astype(
        np.float32
    )
    return shared


def _pooled(
    rows: NDArray[np.int32], weight: NDArray[np.float64], same_person: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Weight of each pair plus that of the same person's other registrations."""
    code = rows.astype(np.int64) * np.int64(2**32) + same_person
    _, group = distinct_codes(code)
    return np.asarray(np.bincount(group, weights=weight), np.float64)[group]


def calibrated(model: Model, odds: Bits) -> NDArray[np.float64]:
    """Probability read off the model's calibration curve (or the plain odds without one)."""
    if not model.calibration:
        plain: NDArray[np.float64] = 1 / (1 + np.exp2(-odds.astype(np.float64)))
        return plain
    knots = np.asarray(model.calibration)
    read: NDArray[np.float64] = np.interp(odds, knots[:, 0], knots[:, 1])
    return read
