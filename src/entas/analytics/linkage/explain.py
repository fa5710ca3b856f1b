"""Why a pair weighs what it weighs, against a stranger and against a housemate.

Both waterfalls are sums: the steps of a pair add up to its total, so an officer can
follow them with a pencil. To stay sums they follow the one class of clerks that fits the
pair best; the other classes together lift the weight by less than two bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from entas.analytics.linkage.compare import Evidence, Levels
from entas.analytics.linkage.levels import FIELDS
from entas.analytics.linkage.model import (
    RARE_FIELDS,
    Model,
    Table,
    field_rarity,
    present,
    table_levels,
)
from entas.analytics.linkage.score import pair_bits

# The steps that are no field of the row.
PRIOR = "prior"
LEAN = "lean"
CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of both waterfalls.

    Attributes:
        field: a field of ``FIELDS``, or ``PRIOR``, ``LEAN``, ``CLERK``.
        level: how the field agrees; None for the three steps that are no field.
        stranger: bits for one person against two strangers, rarity included.
        housemate: bits for this person against another registered member of the family.
        rarity: the part of ``stranger`` owed to how rare the agreeing value is.
    """

    field: str
    level: IntEnum | None
    stranger: float
    housemate: float
    rarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The weight of one pair, step by step.

    Attributes:
        steps: prior first, then lean and clerk, then every field of ``FIELDS``.
        clerk: number of the class of clerks that fits the pair best.
        clerk_share: share of that class among true pairs of the list.
    """

    steps: tuple[Step, ...]
    clerk: int
    clerk_share: float

    @property
    def stranger(self) -> float:
        """Sum of all steps against a stranger: log2 odds before rivals are looked at."""
        return sum(step.stranger for step in self.steps)

    @property
    def housemate(self) -> float:
        """Sum of all steps against a housemate."""
        return sum(step.housemate for step in self.steps)


def waterfall(
    evidence: Evidence, model: Model, *, lean: float, people: int, at: int = 0
) -> Waterfall:
    """Explain one pair.

    Args:
        evidence: of one pair or of a few.
        model: as fitted to the list (``Links.model``).
        lean: bits by which the list favours the candidate (``Links.lean``).
        people: persons in the register, at least 1.
        at: which of the pairs, from 0.

    Returns:
        Steps whose sum against a stranger is the pair's ``PairBits.by_class`` of the best
        class, plus prior and lean; against a housemate the same less the evidence for
        one. Housemates are equally likely before the row is read, so the prior says
        nothing between them.

    Raises:
        ValueError: there is no pair ``at``, or nobody is registered.
    """
    if not 0 <= at < len(evidence):
        raise ValueError(f"There is no pair {at} among {len(evidence)}.")
    if people < 1:
        raise ValueError(f"A register of {people} persons explains nothing.")
    one = evidence.take(np.asarray([at]))
    clerk = int(pair_bits(one, model).by_class[:, 0].argmax())
    share = model.shares[clerk]
    prior = float(np.log2(model.coverage / people))
    clerk_bits = float(np.log2(share))
    first = (
        Step(PRIOR, None, prior, 0.0),
        Step(LEAN, None, lean, lean),
        Step(CLERK, None, clerk_bits, clerk_bits),
    )
    return Waterfall(first + tuple(_field_steps(one, model, clerk)), clerk, share)


def _field_steps(one: Evidence, model: Model, clerk: int) -> Iterator[Step]:
    levels = table_levels(one)
    for name, kind in FIELDS.items():
        same = _bits(name, levels[name], model.match[clerk])
        rarity = _rarity(name, one, model)
        yield Step(
            field=name,
            level=kind(int(one.level[name][0])),
            stranger=same - _bits(name, levels[name], model.stranger) + rarity,
            housemate=same - _bits(name, levels[name], model.kin),
            rarity=rarity,
        )


def _bits(name: str, level: Levels, tables: dict[str, Table]) -> float:
    """log2 share of one pair's level, 0 where a side is missing."""
    place = int(level[0])
    if not present(name)[place]:
        return 0.0
    return float(np.log2(max(tables[name][place], 1e-9)))


def _rarity(name: str, one: Evidence, model: Model) -> float:
    if name not in RARE_FIELDS:
        return 0.0
    return float(field_rarity(name, one.level[name], one.bits[name], model)[0])


def contrast(best: Evidence, rival: Evidence) -> list[str]:
    """Fields in which two candidates of one row agree with it to a different degree.

    Args:
        best: evidence of one pair (of several, the first counts).
        rival: the same for the other candidate.

    Returns:
        Names of fields, in the order of ``FIELDS``; empty when what was compared
        speaks alike for both.
    """
    return [name for name in FIELDS if best.level[name][0] != rival.level[name][0]]
