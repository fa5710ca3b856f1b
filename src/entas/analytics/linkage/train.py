"""Learn the weights without labels, and fit them to one list.

``train`` makes a new model: a deliberate act on a register and several lists. ``adapt``
keeps a model's levels, strangers and housemates and lets one list speak about its own
clerks: how often they err in which field. It starts from the model and moves only as
far as the list has rows to prove it, so a short list keeps the model's weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.blocking import Keyed, candidate_pairs, join
from entas.analytics.linkage.compare import Evidence, Housemates, Levels, compare, refine_by_rivals
from entas.analytics.linkage.frequencies import Frequencies
from entas.analytics.linkage.keys import KeyTable
from entas.analytics.linkage.levels import FIELDS, SIZES, BirthLevel, CardLevel, NameLevel, NikLevel
from entas.analytics.linkage.model import (
    NIK_STATES,
    RARE_FIELDS,
    RARITY,
    TABLE_SIZES,
    Model,
    Table,
    Tables,
    present,
    table_levels,
)
from entas.analytics.linkage.score import PairBits, Posterior, pair_bits, row_posterior

Weights = NDArray[np.float64]

RANDOM_PAIRS = 1_500_000
# Of unregistered persons' numbers: unknown, a housemate's, somebody else's. A guess
# (unconfirmed): few rows carry another person's number.
_UNREGISTERED_NIK = (0.96, 0.01, 0.03)
_SAMPLE_ROWS = 12_000
_TRAIN_ROUNDS = 25
_ADAPT_ROUNDS = 6
# Rows of a list that weigh as much as the model's own table of a field.
ADAPT_INERTIA = 300.0
_TRAIN_INERTIA = 4.0


@dataclass(slots=True)
class ListEvidence:
    """Candidates of ``count`` rows of one list (rows numbered 0 .. count-1); ``family``
    is the register family of each candidate.
    """

    evidence: Evidence
    count: int
    family: NDArray[np.int32]


def share_table(field: str, levels: Levels, weights: Weights | None, prior: Table) -> Table:
    """Weighted share of pairs at each level, with ``prior`` as pseudo-counts.

    Levels that mean "missing" get no share; the NIK table is normalised within each of
    its three birth-date states.
    """
    counts = np.bincount(levels, weights=weights, minlength=TABLE_SIZES[field]).astype(float)
    counts = np.where(present(field), counts + prior, 0)
    blocks = counts.reshape(-1, SIZES[field])
    total = blocks.sum(axis=1, keepdims=True)
    table: Table = (blocks / np.where(total > 0, total, 1)).reshape(-1)
    return table


def share_tables(levels: dict[str, Levels], weights: Weights | None, priors: Tables) -> Tables:
    """``share_table`` for every field."""
    return {name: share_table(name, levels[name], weights, priors[name]) for name in FIELDS}


def _flat(weight: float) -> Tables:
    return {name: np.full(size, weight) for name, size in TABLE_SIZES.items()}


def stranger_tables(
    lists: Sequence[KeyTable],
    register: KeyTable,
    rarity: Frequencies,
    house: Housemates,
    seed: int,
    *,
    pairs: int = RANDOM_PAIRS,
    prior: Tables | None = None,
) -> Tables:
    """Levels of random pairs; the NIK of strangers born on one day is learnt apart,
    because their numbers share twelve of sixteen digits.
    """
    rng = np.random.default_rng(seed)
    each = pairs // len(lists)
    parts = []
    same_day = []
    for table in lists:
        a = rng.integers(0, len(table), each).astype(np.int32)
        b = rng.integers(0, len(register), each).astype(np.int32)
        # A person is no stranger to herself; in a small register that would be often.
        others = a != b if table is register else np.ones(each, bool)
        found = compare(table, a[others], register, b[others], rarity, house)
        parts.append(table_levels(found))
        same_day.append(_same_day_levels(table, register, rarity, house, rng))
    levels = {name: np.concatenate([part[name] for part in parts]) for name in FIELDS}
    before = _flat(0.3) if prior is None else prior
    tables = share_tables(levels, None, before)
    size = SIZES["nik"]
    nik = np.concatenate(same_day)
    born = share_table("nik", nik[(nik >= size) & (nik < 2 * size)], None, before["nik"])
    tables["nik"][size : 2 * size] = born[size : 2 * size]
    tables["nik"] = _numbers_of_the_unregistered(tables["nik"])
    return tables


def _numbers_of_the_unregistered(table: Table) -> Table:
    """The NIK table of strangers, for strangers whom the register does not hold.

    A row that is not the candidate's is either a registered person's, who then stands
    among the candidates himself, or nobody's. Random pairs are mostly of the first kind
    (their NIK is "somebody else's"); weighed against them, an unknown number would speak
    FOR the candidate.
    """
    blocks = table.reshape(NIK_STATES, -1).copy()
    strange = [NikLevel.NONE, NikLevel.HOUSEMATES_NIK, NikLevel.SOMEBODY_ELSES]
    mass = blocks[:, strange].sum(axis=1, keepdims=True)
    blocks[:, strange] = mass * np.asarray(_UNREGISTERED_NIK)
    return blocks.reshape(-1)


def _same_day_levels(
    table: KeyTable,
    register: KeyTable,
    rarity: Frequencies,
    house: Housemates,
    rng: np.random.Generator,
) -> Levels:
    rows = np.sort(rng.permutation(len(table))[:8_000]).astype(np.int32)
    left = Keyed(rows, table.birth[rows])
    right = Keyed(np.arange(len(register), dtype=np.int32), register.birth)
    a, b = join(Keyed(rows[left.keys > 0], left.keys[left.keys > 0]), right)
    found = compare(table, a, register, b, rarity, house)
    other = (found.own_name <= NameLevel.ONE_TOKEN) & (found.level["kk"] != CardLevel.EQUAL)
    return table_levels(found.take(other))["nik"]


def relative_tables(
    lists: Sequence[KeyTable],
    links: Sequence[tuple[NDArray[np.int32], NDArray[np.int32]]],
    register: KeyTable,
    rarity: Frequencies,
    house: Housemates,
) -> tuple[Tables, Tables, Tables]:
    """Levels of a certain row against the other members of its person's family:
    (housemates, twins, kin), a twin being a housemate born on the same day, and kin all
    of them with what is known of their own names and numbers.
    """
    parts, known, born = [], [], []
    family = Keyed(np.arange(len(register), dtype=np.int32), register.family + 1)
    family = Keyed(family.rows[family.keys > 0], family.keys[family.keys > 0])
    for table, (rows, persons) in zip(lists, links, strict=True):
        chosen = np.flatnonzero(register.family[persons] >= 0)[:60_000]
        index, other = join(
            Keyed(chosen.astype(np.int32), register.family[persons[chosen]] + 1), family
        )
        differ = other != persons[index]
        found = compare(table, rows[index[differ]], register, other[differ], rarity, house)
        unlike = ~(
            (found.own_name >= NameLevel.TYPO) & (found.level["birth"] >= BirthLevel.ONE_DIGIT)
        )
        found = found.take(unlike)
        parts.append(table_levels(found, own=True))
        known.append(table_levels(found))
        born.append(found.level["birth"])
    levels = {name: np.concatenate([part[name] for part in parts]) for name in FIELDS}
    twins = np.isin(np.concatenate(born), (BirthLevel.EQUAL, BirthLevel.SWAPPED))
    apart = {name: column[~twins] for name, column in levels.items()}
    born_together = {name: column[twins] for name, column in levels.items()}
    housemate = share_tables(apart, None, _flat(0.3))
    twin = share_tables(born_together, None, {n: t * 20 for n, t in housemate.items()})
    kin = {name: np.concatenate([part[name] for part in known]) for name in FIELDS}
    return housemate, twin, share_tables(kin, None, _flat(0.3))


def rarity_scale(evidence: Evidence, weights: Weights) -> Tables:
    """Bits that bring the rarity of agreeing values to their average at each level."""
    scale = {}
    for name in RARE_FIELDS:
        level = evidence.level[name]
        rare = np.exp2(-evidence.bits[name].astype(float) * RARITY[name][level])
        total = np.bincount(level, weights=weights, minlength=SIZES[name])
        mean = np.bincount(level, weights=weights * rare, minlength=SIZES[name]) / np.maximum(
            total, 1e-9
        )
        scale[name] = np.where(
            (total > 1) & (RARITY[name] > 0), np.log2(np.maximum(mean, 1e-9)), 0.0
        )
    return scale


def expect(
    part: ListEvidence, model: Model, people: int, coverage: float
) -> tuple[PairBits, Posterior]:
    """The E step: belief in each pair of one list under the model."""
    bits = pair_bits(part.evidence, model)
    belief = row_posterior(
        part.evidence.left,
        bits,
        part.family,
        count=part.count,
        people=people,
        coverage=coverage,
    )
    return bits, belief


def maximise(
    parts: Sequence[ListEvidence],
    found: Sequence[tuple[PairBits, Posterior]],
    model: Model,
    inertia: float,
) -> Model:
    """The M step over several lists: tables and shares of the classes of clerks.

    Args:
        model: whose tables and shares count as ``inertia`` pseudo-rows.
    """
    levels = [table_levels(part.evidence) for part in parts]
    joined = {name: np.concatenate([one[name] for one in levels]) for name in FIELDS}
    belief = np.concatenate([posterior.probability for _, posterior in found])
    by_class = np.concatenate([bits.by_class - bits.match for bits, _ in found], axis=1)
    return _refit(joined, belief, by_class, model, inertia)


def _refit(
    levels: dict[str, Levels],
    belief: Weights,
    by_class: NDArray[np.float32],
    model: Model,
    inertia: float,
) -> Model:
    shares, tables = [], []
    for number, old in enumerate(model.match):
        weight = belief * np.exp2(by_class[number])
        priors = {name: old[name] * inertia * model.shares[number] * 2 for name in FIELDS}
        tables.append(share_tables(levels, weight, priors))
        shares.append(weight.sum() + inertia * model.shares[number])
    total = float(sum(shares))
    return replace(model, shares=tuple(float(s) / total for s in shares), match=tuple(tables))


def coverage_of(part: ListEvidence, belief: Posterior, before: float) -> float:
    """Share of rows believed to be registered, kept inside (0.02, 0.995)."""
    share = (float(belief.probability.sum()) + 20 * before) / (part.count + 20)
    return float(np.clip(share, 0.02, 0.995))


def adapt(
    model: Model, part: ListEvidence, people: int, *, inertia: float = ADAPT_INERTIA
) -> Model:
    """Fit the classes of clerks and the coverage to one list.

    Args:
        part: candidates of all rows, or of a fair sample of them.
    """
    fitted, coverage = model, model.coverage
    for _ in range(_ADAPT_ROUNDS):
        found = expect(part, fitted, people, coverage)
        coverage = coverage_of(part, found[1], model.coverage)
        # Pseudo-rows always come from the model itself, never from the last round,
        # so that a list cannot walk away from it step by step.
        fitted = maximise([part], [found], model, inertia)
    return replace(fitted, coverage=coverage)


def train(
    start: Model,
    lists: Sequence[KeyTable],
    register: KeyTable,
    rarity: Frequencies,
    *,
    seed: int = 1,
) -> Model:
    """A new model from a register and lists that are mostly about its people.

    Args:
        start: where EM begins (the shipped model, or ``initial.initial_model()``).
        seed: of the random pairs and the sampled rows.

    Returns:
        The trained model, with ``start``'s version, note, calibration and duplicate rate.
    """
    rng = np.random.default_rng(seed)
    house = Housemates(register)
    model = replace(start, stranger=stranger_tables(lists, register, rarity, house, seed))
    samples = [table.take(np.sort(rng.permutation(len(table))[:_SAMPLE_ROWS])) for table in lists]
    parts = [_candidates(sample, register, rarity, house) for sample in samples]
    coverages = [start.coverage] * len(parts)
    for turn in range(_TRAIN_ROUNDS):
        found = [
            expect(part, model, len(register), cover)
            for part, cover in zip(parts, coverages, strict=True)
        ]
        coverages = [
            coverage_of(part, belief, cover)
            for part, (_, belief), cover in zip(parts, found, coverages, strict=True)
        ]
        model = maximise(parts, found, model, _TRAIN_INERTIA)
        model = replace(model, scale=_scale_of(parts, found))
        # A register without families teaches nothing of relatives: what was known stays.
        if turn in (4, 12) and (register.family >= 0).any():
            links = [_certain(part, belief) for part, (_, belief) in zip(parts, found, strict=True)]
            housemate, twin, kin = relative_tables(samples, links, register, rarity, house)
            model = replace(model, housemate=housemate, twin=twin, kin=kin)
    return replace(model, coverage=float(np.mean(coverages)))


def _candidates(
    table: KeyTable, register: KeyTable, rarity: Frequencies, house: Housemates
) -> ListEvidence:
    a, b = candidate_pairs(table, register, rarity)
    pairs = compare(table, a, register, b, rarity, house)
    refine_by_rivals(pairs, register.family[b])
    return ListEvidence(pairs, len(table), register.family[b])


def _scale_of(parts: Sequence[ListEvidence], found: Sequence[tuple[PairBits, Posterior]]) -> Tables:
    scales = [
        rarity_scale(part.evidence, belief.probability)
        for part, (_, belief) in zip(parts, found, strict=True)
    ]
    weights = [max(float(belief.probability.sum()), 1e-9) for _, belief in found]
    return {
        name: np.average([scale[name] for scale in scales], axis=0, weights=weights)
        for name in RARE_FIELDS
    }


def _certain(part: ListEvidence, belief: Posterior) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    sure = belief.probability > 0.98
    return part.evidence.left[sure], part.evidence.right[sure]
