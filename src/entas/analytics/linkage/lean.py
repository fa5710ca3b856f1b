"""Which kind of person a list is about: pupils, heads of household, mothers, the old.

A list of pupils speaks against a candidate of forty, a list of heads for the father and
against the son of the same name. The leaning is read off the list's own confident
links, without labels, as the ratio of its mix of people to the register's.
"""

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.keys import Ints, KeyTable

_BIRTH_STEP_YEARS = 4
_BIRTH_BINS = 40
_ROLES = 5
# Pseudo-persons of the register's own mix: a short list leans little.
_INERTIA = 40.0
_LIMIT_BITS = 5.0


def strata(register: KeyTable) -> Ints:
    """A number for each person's kind: birth years in steps of four, sex, role."""
    step = np.clip((register.birth // 10_000 - 1900) // _BIRTH_STEP_YEARS, 0, _BIRTH_BINS - 1)
    return (step.astype(np.int64) * 3 + register.sex + 1) * _ROLES + register.role


def leaning(
    kinds: Ints, persons: NDArray[np.int32], belief: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Bits by which a list favours each register person.

    Args:
        kinds: stratum of each register person (``strata``).
        persons: candidates of the list, as register rows.
        belief: probability of each of them.
    """
    count = int(kinds.max()) + 1 if len(kinds) else 1
    register_mix = np.bincount(kinds, minlength=count) / max(len(kinds), 1)
    sure = belief > 0.5
    seen = np.bincount(kinds[persons[sure]], weights=belief[sure], minlength=count)
    list_mix = (seen + _INERTIA * register_mix) / (seen.sum() + _INERTIA)
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(register_mix > 0, np.log2(list_mix / register_mix), 0.0)
    return np.clip(bits, -_LIMIT_BITS, _LIMIT_BITS)[kinds].astype(np.float32)
