"""Persons who may stand in the register twice. Nobody is merged here: people decide."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.blocking import Keyed, KeyMaker, self_join
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
from entas.analytics.linkage.levels import FIELDS, BirthLevel, NameLevel
from entas.analytics.linkage.link import RegisterIndex
from entas.analytics.linkage.model import (
    TABLE_SIZES,
    Model,
    Table,
    Tables,
    log_share,
    rarity_bits,
    table_levels,
)
from entas.analytics.linkage.score import Posterior, pair_bits
from entas.analytics.linkage.train import share_tables, stranger_tables

# Blocks larger than this say nothing about two of their members.
LARGEST_BLOCK = 400
_PAIRS_AT_ONCE = 300_000
_KEPT_BITS = -10.0
_THREADS = 2
_ROUNDS = 8
# A second registration errs in name, date, sex and mother like any list does, and EM may
# move those little: strangers of one name would teach it that dates do not matter. Its
# number, card and address are its own and are learnt here.
_INERTIA = {"nik": 60.0, "kk": 60.0, "area": 60.0, "spot": 60.0}
_FIRM = 4000.0
_RANDOM_PAIRS = 400_000
_KNOWN_STRANGERS = 20_000.0
_HOUSEMATES = 2.0
# Twin births and twins named alike, before EM has looked at the register; guesses
# (unconfirmed).
_TWIN_RATE = 0.01
_LIKE_NAMED_TWINS = 0.15
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
    """Pairs of persons who are more likely one than two.

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
    model, belief = _fit(evidence, model, max(len(table), 2))
    kept = np.flatnonzero(belief.probability >= least)
    kept = kept[np.lexsort((evidence.right[kept], evidence.left[kept], -belief.odds[kept]))]
    return Suspects(
        evidence.left[kept],
        evidence.right[kept],
        belief.probability[kept],
        belief.odds[kept],
        model,
    )


def _for_register(model: Model, table: KeyTable, rarity: Frequencies, house: Housemates) -> Model:
    # A small register has few pairs of strangers, and its duplicates are among them: there
    # the model's own strangers count for more.
    pairs = min(_RANDOM_PAIRS, len(table) * max(len(table) - 1, 0) // 2)
    known = {name: shares * _KNOWN_STRANGERS for name, shares in model.stranger.items()}
    strangers = stranger_tables([table], table, rarity, house, 1, pairs=max(pairs, 1), prior=known)
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
    return pairs.take(pair_bits(pairs, model).match + prior > _KEPT_BITS)


@dataclass(slots=True)
class _Mixture:
    """What a pair may be: one person twice, or twins; strangers and housemates are known.

    ``duplicate_rate`` and ``twin_rate`` are shares of persons with such a partner.
    """

    duplicate: Tables
    twin: Tables
    duplicate_rate: float
    twin_rate: float


def _fit(evidence: Evidence, model: Model, people: int) -> tuple[Model, Posterior]:
    """Learn how this register's second registrations and its twins look, then weigh all
    pairs.

    Twins are named alike and share mother, date and home; only together with their own
    frequency in the register can they be told from a person registered twice.
    """
    levels = table_levels(evidence)
    stranger = log_share(levels, model.stranger) - rarity_bits(evidence, model)
    housemate = log_share(levels, model.housemate) - stranger + np.log2(_HOUSEMATES / people)
    start = _Mixture(model.match[0], _twins_apart(model.twin), model.duplicate_rate, _TWIN_RATE)
    state = start
    for _ in range(_ROUNDS):
        odds, twins = _weigh(levels, stranger, housemate, state, people)
        state = _Mixture(
            share_tables(levels, odds, _scaled(start.duplicate)),
            share_tables(levels, twins, _scaled(start.twin)),
            float(np.clip((odds.sum() + 2) / (people + 400), 1e-5, 1.0)),
            float(np.clip((twins.sum() + 2) / (people + 400), 1e-5, 0.05)),
        )
    fitted = replace(
        model, match=(state.duplicate,), twin=state.twin, duplicate_rate=state.duplicate_rate
    )
    probability, _ = _weigh(levels, stranger, housemate, state, people)
    safe = np.clip(probability, 1e-18, 1 - 1e-12)
    return fitted, Posterior(probability, np.log2(safe / (1 - safe)).astype(np.float32))


def _weigh(
    levels: dict[str, Levels],
    stranger: NDArray[np.float32],
    housemate: NDArray[np.float64],
    state: _Mixture,
    people: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Belief that each pair is (one person, twins)."""
    alike = log_share(levels, state.duplicate) - stranger + np.log2(state.duplicate_rate / people)
    twins = log_share(levels, state.twin) - stranger + np.log2(state.twin_rate / people)
    top = np.maximum(np.maximum(alike, twins), np.maximum(housemate, 0))
    parts = [
        np.exp2((bits - top).astype(np.float64)) for bits in (alike, twins, housemate, 0 * top)
    ]
    total = parts[0] + parts[1] + parts[2] + parts[3]
    return parts[0] / total, parts[1] / total


def _scaled(tables: Tables) -> Tables:
    return {name: table * _INERTIA.get(name, _FIRM) for name, table in tables.items()}


def _twins_apart(twin: Tables) -> Tables:
    """Twins as seen in one family, allowed to have grown up into two, with like names."""
    name = twin["name"] * (1 - _LIKE_NAMED_TWINS)
    name[NameLevel.TYPO] += _LIKE_NAMED_TWINS
    return twin | {"name": name, "kk": _mixed(twin["kk"]), "spot": _mixed(twin["spot"])}


def _mixed(table: Table) -> Table:
    level = np.ones(len(table))
    level[0] = 0
    mixed: Table = 0.75 * table + 0.25 * level / level.sum()
    return mixed
