"""Persons who may stand in the register twice. Nobody is merged here: people decide."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.blocking import Keyed, KeyMaker, self_join
from entas.analytics.linkage.clusters import clusters, pairs_inside, shared_odds
from entas.analytics.linkage.compare import (
    Evidence,
    Housemates,
    Levels,
    Rows,
    compare,
    join_evidence,
)
from entas.analytics.linkage.frequencies import Frequencies
from entas.analytics.linkage.keys import Ints, KeyTable
from entas.analytics.linkage.levels import FIELDS, BirthLevel, NameLevel, NikLevel
from entas.analytics.linkage.link import RegisterIndex
from entas.analytics.linkage.mixture import (
    Known,
    Mixture,
    believed,
    fit,
    fitted,
    housemate_bits,
    relations,
)
from entas.analytics.linkage.model import TABLE_SIZES, Model, Table, Tables, table_levels
from entas.analytics.linkage.score import MAX_BITS, pair_bits
from entas.analytics.linkage.strangers import (
    Namesakes,
    learn_namesakes,
    namesake_pairs,
    numbers_of_other_dates,
)
from entas.analytics.linkage.train import share_tables, stranger_tables

# Blocks larger than this say nothing about two of their members.
LARGEST_BLOCK = 400
_PAIRS_AT_ONCE = 300_000
_KEPT_BITS = -10.0
# Pairs as near as this may be one person through a third record.
_NEAR_BITS = -8.0
_THREADS = 2
_RANDOM_PAIRS = 400_000
_KNOWN_STRANGERS = 20_000.0
# Share of each NIK level in a second registration; a guess (unconfirmed) that EM
# replaces: most second registrations carry another number or a mistyped one.
_NIK_GUESS = (0, 0.35, 0.05, 0.15, 0.15, 0.1, 0.1, 0.0, 0.0, 0.01)


class NoHousemates(Housemates):
    """Inside the register every NIK and name has its owner: nothing to look up."""

    def __init__(self) -> None:
        """Needs no register."""

    def nik_level(self, own: Levels, left: KeyTable, a: Rows, b: Rows) -> Levels:  # noqa: ARG002
        """``own`` as it is."""
        return own.copy()

    def name_level(
        self,
        level: dict[str, Levels],
        left: KeyTable,  # noqa: ARG002
        a: Rows,  # noqa: ARG002
        b: Rows,  # noqa: ARG002
    ) -> Levels:
        """The name's level as it is."""
        return level["name"].copy()


@dataclass(slots=True)
class Suspects:
    """Pairs of register rows suspected to be one person, most likely first.

    Attributes:
        first, second: register rows, first < second.
        probability, odds: as in ``Links``.
        model: with the weights for duplicates, for explaining.
    """

    first: Rows
    second: Rows
    probability: NDArray[np.float64]
    odds: NDArray[np.float32]
    model: Model


def suspected_duplicates(
    register: RegisterIndex, model: Model, *, since: int = 0, least: float = 0.5
) -> Suspects:
    """Pairs of persons who are more likely one than two, and all who bear one NIK.

    Args:
        since: only pairs with at least one row from this number on (rows added later).
        least: lowest probability of a pair that is reported.
    """
    table = register.table
    house = NoHousemates()
    model = _for_register(model, table, register.rarity, house)
    codes = _pair_codes(table, register.rarity, since)
    table.prepare()

    def part(at: int) -> Evidence:
        return _worthwhile(codes[at : at + _PAIRS_AT_ONCE], table, register.rarity, house, model)

    with ThreadPoolExecutor(_THREADS) as threads:
        starts = range(0, max(len(codes), 1), _PAIRS_AT_ONCE)
        evidence = join_evidence(list(threads.map(part, starts)))
    known = Known(
        model, max(len(table), 2), housemate_bits(table.family), _looked_at(len(table), since)
    )
    known = replace(known, namesakes=_namesakes(evidence, register, known))
    mixture = fit(evidence, known)
    evidence, odds = _shared(evidence, register, known, mixture)
    probability = 1 / (1 + np.exp2(-odds))
    # One number for two persons is never in order, whatever else speaks against one person.
    told = (probability >= least) | (evidence.own_nik == NikLevel.EQUAL)
    kept = np.flatnonzero(told & (evidence.right >= since))
    kept = kept[np.lexsort((evidence.right[kept], evidence.left[kept], -odds[kept]))]
    return Suspects(
        evidence.left[kept],
        evidence.right[kept],
        probability[kept],
        odds[kept].astype(np.float32),
        fitted(model, mixture),
    )


def _looked_at(people: int, since: int) -> float:
    """Persons whose pairs with everybody are as many as those with a row from ``since`` on."""
    return people * (1 - (min(since, people) / max(people, 1)) ** 2)


def _for_register(model: Model, table: KeyTable, rarity: Frequencies, house: Housemates) -> Model:
    # A small register has few pairs of strangers, and its duplicates are among them: there
    # the model's own strangers count for more.
    pairs = min(_RANDOM_PAIRS, len(table) * max(len(table) - 1, 0) // 2)
    known = {name: shares * _KNOWN_STRANGERS for name, shares in model.stranger.items()}
    strangers = stranger_tables([table], table, rarity, house, 1, pairs=max(pairs, 1), prior=known)
    strangers["nik"] = numbers_of_other_dates(strangers["nik"], table, _KNOWN_STRANGERS)
    housemate, twin = _relatives(table, rarity, house, model)
    average = {
        name: sum(share * one[name] for share, one in zip(model.shares, model.match, strict=True))
        for name in FIELDS
    }
    guess = np.tile(np.asarray(_NIK_GUESS) / sum(_NIK_GUESS), 3)
    match: Tables = {name: np.asarray(average[name]) for name in FIELDS} | {"nik": guess}
    match["name"] = _without(match["name"], NameLevel.HOUSEMATES_NAME)
    return replace(
        model, shares=(1.0,), match=(match,), stranger=strangers, housemate=housemate, twin=twin
    )


def _without(table: Table, level: int) -> Table:
    moved = table.copy()
    moved[NameLevel.NONE] += moved[level]
    moved[level] = 0
    return moved


def _relatives(
    table: KeyTable, rarity: Frequencies, house: Housemates, model: Model
) -> tuple[Tables, Tables]:
    """Levels of pairs inside one family, learnt on every n-th family."""
    step = max(1, len(table) // 120_000)
    held = np.flatnonzero((table.family >= 0) & (table.family % step == 0)).astype(np.int32)
    a, b = self_join(Keyed(held, table.family[held]), largest=20)
    found = compare(table, a, table, b, rarity, house)
    unlike = ~((found.own_name >= NameLevel.TYPO) & (found.level["birth"] >= BirthLevel.ONE_DIGIT))
    found = found.take(unlike)
    levels = table_levels(found)
    twins = np.isin(found.level["birth"], (BirthLevel.EQUAL, BirthLevel.SWAPPED))
    flat = {name: np.full(size, 0.3) for name, size in TABLE_SIZES.items()}
    housemate = share_tables({n: c[~twins] for n, c in levels.items()}, None, flat)
    # A register with hardly any twins learns nothing of them: the model's come first.
    prior = {name: shares * 20 for name, shares in model.twin.items()}
    return housemate, share_tables({n: c[twins] for n, c in levels.items()}, None, prior)


def _pair_codes(table: KeyTable, rarity: Frequencies, since: int) -> Ints:
    width = max(len(table), 1)
    found = []
    for _, keyed in KeyMaker(table, rarity).twofold():
        a, b = self_join(keyed, largest=LARGEST_BLOCK)
        recent = b >= since
        found.append(a[recent].astype(np.int64) * width + b[recent])
    codes = np.concatenate(found)
    del found
    codes.sort()
    return codes[np.r_[True, codes[1:] != codes[:-1]]] if len(codes) else codes


def _worthwhile(
    codes: Ints, table: KeyTable, rarity: Frequencies, house: Housemates, model: Model
) -> Evidence:
    """Evidence on the pairs that can be one person, before EM has learnt how second
    registrations come about.
    """
    a, b = np.divmod(codes, max(len(table), 1))
    pairs = compare(table, a.astype(np.int32), table, b.astype(np.int32), rarity, house)
    prior = np.log2(model.duplicate_rate / max(len(table), 1))
    likely = pair_bits(pairs, model).match + prior > _KEPT_BITS
    return pairs.take(likely | (pairs.own_nik == NikLevel.EQUAL))


def _namesakes(evidence: Evidence, register: RegisterIndex, known: Known) -> Namesakes:
    """How alike strangers of one name are in this register."""
    table = register.table
    mixture = fit(evidence, known)
    drawn = {}
    for kind, (a, b) in namesake_pairs(table, seed=1).items():
        found = compare(table, a, table, b, register.rarity, NoHousemates())
        drawn[kind] = (found, table_levels(found), believed(found, known, mixture))
    return learn_namesakes(drawn, known.model.stranger)


def _shared(
    evidence: Evidence, register: RegisterIndex, known: Known, mixture: Mixture
) -> tuple[Evidence, NDArray[np.float64]]:
    """Odds of every pair, and of those that only a third record brings together."""
    pairs = relations(evidence, known, mixture)
    found = clusters(pairs.left, pairs.right, pairs.odds(), least=_NEAR_BITS)
    added = _lacking(evidence, *pairs_inside(found), register)
    if len(added):
        evidence = join_evidence([evidence, added])
        pairs = relations(evidence, known, mixture)
    return evidence, np.clip(shared_odds(pairs, found), -MAX_BITS, MAX_BITS)


def _lacking(evidence: Evidence, a: Rows, b: Rows, register: RegisterIndex) -> Evidence:
    """Evidence on those of these pairs that ``evidence`` lacks."""
    table, width = register.table, np.int64(max(len(register.table), 1))
    held = evidence.left.astype(np.int64) * width + evidence.right
    lacking = ~np.isin(a.astype(np.int64) * width + b, held)
    return compare(table, a[lacking], table, b[lacking], register.rarity, NoHousemates())
