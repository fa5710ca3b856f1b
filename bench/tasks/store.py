"""What is kept between measurements, readable without the peers' packages.

A measured process must not carry pyarrow in its memory only to learn who its rows are.
"""

import pickle
from pathlib import Path
from typing import Any

import numpy as np


def keep(path: Path, thing: Any) -> None:
    """Keep a thing for ``kept``."""
    with path.open("wb") as handle:
        pickle.dump(thing, handle, protocol=5)


def kept(path: Path) -> Any:
    """What ``keep`` kept there; files of this program only."""
    with path.open("rb") as handle:
        return pickle.load(handle)  # noqa: S301 - written by keep, in the bench's own folder


def persons_of(work: str, source: str) -> Any:
    """The true person of each row of a list (int64)."""
    return np.load(Path(work) / f"{source}.truth.npy")
