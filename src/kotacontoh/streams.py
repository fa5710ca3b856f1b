"""Random streams by purpose: a change in one part of the city leaves the others as they were."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]
Generator = np.random.Generator


@dataclass(frozen=True)
class Streams:
    """All randomness of one city, derived from its seed."""

    seed: int

    def numpy(self, purpose: str) -> Generator:
        """A vector stream for one purpose."""
        return np.random.default_rng([self.seed, crc32(purpose.encode())])

    def plain(self, purpose: str) -> random.Random:
        """A stream for row-by-row mistakes; not for secrets."""
        return random.Random(f"{self.seed}/{purpose}")


def words(text: str) -> tuple[str, ...]:
    """The words of a text, for lists too long to quote word by word."""
    return tuple(text.split())


def texts(values: Sequence[Any]) -> Texts:
    """An object array of the values; numpy alone would cut texts to one width."""
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def pick(rng: Generator, options: Sequence[Any], shares: Sequence[float], count: int) -> Texts:
    """``count`` draws from options with the given shares (normalised here)."""
    share = np.asarray(shares, dtype=float)
    return texts(options)[rng.choice(len(options), size=count, p=share / share.sum())]


def clipped_normal(rng: Generator, mean: Any, spread: Any, low: float, high: float) -> Floats:
    """Normal draws, one per element of ``mean``, held between two bounds."""
    centre = np.asarray(mean, dtype=float)
    return np.clip(rng.normal(centre, spread, size=centre.shape), low, high)
