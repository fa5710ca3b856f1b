"""What stands beside a typed name: a birth date or year, an RT, a kelurahan.

As with words, a hint that does not fit costs bits. Their size is our choice: a wrong date
is rarer than a wrong letter, a wrong year or place about as rare.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.keys import KeyTable
from entas.analytics.linkage.nearby import VAGUE_DAYS, Nearby

Rows = NDArray[np.int32]
Floats = NDArray[np.float32]

_DATE_OTHER, _DATE_NEAR, _YEAR_OTHER, _YEAR_BESIDE = 14.0, 5.0, 8.0, 3.0
_RT_OTHER, _AREA_OTHER, _UNKNOWN = 6.0, 6.0, 2.0
_DECADE = 10


@dataclass(frozen=True, slots=True)
class Hints:
    """Hints beside a name; 0 is "not typed".

    Attributes:
        birth: yyyymmdd; ``year`` its year, or a year alone.
        rt: number of the RT.
        group: kelurahan as before a split.
    """

    birth: int = 0
    year: int = 0
    rt: int = 0
    group: int = 0


def hint_bits(hints: Hints, table: KeyTable, rows: Rows) -> Floats:
    """Bits each of these register rows costs because a hint does not fit it."""
    bits = np.zeros(len(rows), np.float32)
    birth = table.birth[rows]
    if hints.birth:
        bits += _date_bits(hints.birth, birth)
    elif hints.year:
        apart = np.abs(birth // 10_000 - hints.year)
        bits += np.select(
            [birth == 0, apart == 0, apart == 1], [_UNKNOWN, 0.0, _YEAR_BESIDE], _YEAR_OTHER
        ).astype(np.float32)
    for asked, held, other in (
        (hints.rt, table.rt[rows], _RT_OTHER),
        (hints.group, table.kel_group[rows], _AREA_OTHER),
    ):
        if asked:
            bits += np.where(held == asked, 0, np.where(held == 0, _UNKNOWN, other))
    return bits


def _date_bits(asked: int, birth: NDArray[np.int32]) -> Floats:
    swapped = asked // 10_000 * 10_000 + asked % 100 * 100 + asked // 100 % 100
    same_day = birth % 10_000 == asked % 10_000
    apart = np.abs(birth // 10_000 - asked // 10_000)
    same_year = apart == 0
    beside = same_day & ((apart == 1) | (apart == _DECADE))
    part = same_year & ((birth % 100 == asked % 100) | (birth // 100 == asked // 100))
    only_year = same_year & np.isin(birth % 10_000, (0, *VAGUE_DAYS))
    near = (birth == swapped) | beside | part
    return np.select(
        [birth == asked, birth == 0, only_year, near],
        [0.0, _UNKNOWN, _UNKNOWN, _DATE_NEAR],
        _DATE_OTHER,
    ).astype(np.float32)


def hinted(hints: Hints, nearby: Nearby) -> Rows:
    """Register rows that the hints alone point to, few enough to look at each name."""
    if hints.birth:
        return nearby.born_about(hints.birth)
    if hints.rt and hints.group:
        return nearby.living_in(hints.group, hints.rt)
    if hints.year and (hints.rt or hints.group):
        return nearby.born_and_living(hints.year, hints.group, hints.rt)
    return np.zeros(0, np.int32)
