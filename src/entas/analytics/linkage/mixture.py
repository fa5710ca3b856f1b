"""What a pair of registered persons may be: one person twice, twins, housemates, strangers.

Learnt from the pairs of one register without labels, by expectation maximisation over a
mixture of the four kinds.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.clusters import Relations
from entas.analytics.linkage.compare import Evidence, Levels
from entas.analytics.linkage.levels import FIELDS, NameLevel
from entas.analytics.linkage.model import (
    RARE_FIELDS,
    Model,
    Table,
    Tables,
    field_rarity,
    log_share,
    present,
    table_levels,
)
from entas.analytics.linkage.strangers import Namesakes
from entas.analytics.linkage.train import share_tables

_ROUNDS = 8
# A second registration errs in name, date, sex and mother like any list does; its number,
# card and address are its own and are learnt here, from this many pseudo-pairs on.
_INERTIA = {"nik": 60.0, "kk": 60.0, "area": 60.0, "spot": 60.0}
# The other fields hardly move: strangers of one date would teach that names do not matter.
_FIRM = 400_000.0
# Twin births and twins named alike, before EM has looked at the register; guesses
# (unconfirmed).
_TWIN_RATE = 0.01
_MOST_TWINS = 0.05
_LIKE_NAMED_TWINS = 0.15
_LEAST_PARTNERS, _MOST_PARTNERS = 1e-5, 20.0
# Before a pair is looked at, a person in a hundred is taken to stand twice.
_PSEUDO_PAIRS, _PSEUDO_PERSONS = 2.0, 400.0


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a register before its pairs are looked at.

    Attributes:
        model: its one class of duplicates, strangers, housemates and twins are used.
        people: registered persons.
        home: bits of a random other person being a registered housemate.
        looked_at: persons whose pairs with all others were looked at.
        namesakes: how alike strangers of one name are.
    """

    model: Model
    people: int
    home: float
    looked_at: float
    namesakes: Namesakes | None = None


@dataclass(frozen=True, slots=True)
class Mixture:
    """What is learnt: how second registrations and twins agree, and how many there are.

    ``partners`` and ``twins`` are the second registrations and the twins that a person
    has on average, so that either, divided by the people, is the share of random pairs.
    """

    duplicate: Tables
    twin: Tables
    partners: float
    twins: float


def housemate_bits(family: NDArray[np.int32]) -> float:
    """Bits of a random other person being a registered housemate.

    Hardly any where the register has no families.
    """
    size = np.bincount(family[family >= 0])
    pairs = float((size * (size - 1.0)).sum())
    return float(np.log2(max(pairs, 1e-9) / max(len(family), 2) ** 2))


def fit(evidence: Evidence, known: Known) -> Mixture:
    """Learn how this register's second registrations and its twins look.

    Twins are named alike and share mother, date and home; only together with their own
    frequency in the register can they be told from a person registered twice.
    """
    levels, model = table_levels(evidence), known.model
    stranger = _stranger_bits(evidence, levels, known).sum(axis=0)
    start = Mixture(model.match[0], _twins_apart(model.twin), model.duplicate_rate, _TWIN_RATE)
    state = start
    for _ in range(_ROUNDS):
        same, twins = _weigh(levels, stranger, known, state)
        state = Mixture(
            share_tables(levels, same, _scaled(start.duplicate)),
            share_tables(levels, twins, _scaled(start.twin)),
            _rate(same, known.looked_at, _MOST_PARTNERS),
            _rate(twins, known.looked_at, _MOST_TWINS),
        )
    return state


def _rate(belief: NDArray[np.float64], looked_at: float, most: float) -> float:
    """Partners a person has on average; every pair is a partner for two."""
    seen = float(belief.sum()) + _PSEUDO_PAIRS
    return float(np.clip(2 * seen / (looked_at + _PSEUDO_PERSONS), _LEAST_PARTNERS, most))


def fitted(model: Model, mixture: Mixture) -> Model:
    """The model with what was learnt."""
    return replace(
        model,
        match=(mixture.duplicate,),
        twin=mixture.twin,
        duplicate_rate=mixture.partners,
    )


def believed(evidence: Evidence, known: Known, mixture: Mixture) -> NDArray[np.float64]:
    """Belief that each pair is one person or twins: no strangers."""
    levels = table_levels(evidence)
    stranger = _stranger_bits(evidence, levels, known).sum(axis=0)
    same, twins = _weigh(levels, stranger, known, mixture)
    return same + twins


def relations(evidence: Evidence, known: Known, mixture: Mixture) -> Relations:
    """What each field of each pair says, and what else than one person the pair may be."""
    levels = table_levels(evidence)
    stranger = _stranger_bits(evidence, levels, known)
    fields = np.full((len(FIELDS), len(evidence)), np.nan)
    for place, name in enumerate(FIELDS):
        given = present(name)[levels[name]]
        alike = _log(mixture.duplicate[name])[levels[name]]
        fields[place, given] = (alike - stranger[place])[given]
    _, housemate, twins = _kinds(levels, stranger.sum(axis=0), known, mixture)
    others = np.logaddexp2(np.logaddexp2(housemate, twins), 0.0)
    prior = float(np.log2(mixture.partners / known.people))
    return Relations(evidence.left, evidence.right, fields, others.astype(np.float64), prior)


def _log(table: Table) -> NDArray[np.float64]:
    bits: NDArray[np.float64] = np.log2(np.maximum(table, 1e-9))
    return bits


def _stranger_bits(
    evidence: Evidence, levels: dict[str, Levels], known: Known
) -> NDArray[np.float32]:
    """(fields, pairs) bits of each field among strangers; 0 where a side lacks it."""
    bits = np.zeros((len(FIELDS), len(evidence)), np.float32)
    more = known.namesakes.bits(evidence, levels) if known.namesakes else {}
    for place, name in enumerate(FIELDS):
        table = np.where(present(name), _log(known.model.stranger[name]), 0)
        bits[place] = table[levels[name]]
        if name in RARE_FIELDS:
            bits[place] -= field_rarity(
                name, evidence.level[name], evidence.bits[name], known.model
            )
        if name in more:
            bits[place] += more[name]
    return bits


def _kinds(
    levels: dict[str, Levels], stranger: NDArray[np.float32], known: Known, state: Mixture
) -> tuple[NDArray[np.floating[Any]], ...]:
    """Bits of (one person, housemates, twins) against strangers, frequency included."""
    people = known.people
    return (
        log_share(levels, state.duplicate) - stranger + np.log2(state.partners / people),
        log_share(levels, known.model.housemate) - stranger + known.home,
        log_share(levels, state.twin) - stranger + np.log2(state.twins / people),
    )


def _weigh(
    levels: dict[str, Levels], stranger: NDArray[np.float32], known: Known, state: Mixture
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Belief that each pair is (one person, twins)."""
    bits = np.stack([*_kinds(levels, stranger, known, state), np.zeros(len(stranger))])
    weight = np.exp2(bits - bits.max(axis=0))
    weight /= weight.sum(axis=0)
    return weight[0], weight[2]


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
