"""Two methods that offices use today, written as plainly as they are used."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

# Similarity (0 to 100, tokens sorted) from which two names count as one; the prototype's figure.
SAME_NAME = 85
NOBODY = -1


def _columns(facts: Path, *names: str) -> list[list[Any]]:
    table = pq.read_table(facts, columns=list(names))
    return [table[name].to_pylist() for name in names]


def by_nik(rows: Path, register: Path) -> NDArray[np.int64]:
    """The first register row with the same NIK, or ``NOBODY``."""
    (ours,), (theirs,) = _columns(rows, "nik"), _columns(register, "nik")
    first = {nik: at for at, nik in reversed(list(enumerate(theirs))) if nik}
    return np.asarray([first.get(nik, NOBODY) for nik in ours], np.int64)


def by_fuzzy_name(rows: Path, register: Path) -> NDArray[np.int64]:
    """NIK and a like name; else the likest name on the same birth date; else in the same RT."""
    held = _columns(register, "nik", "name", "dob", "kel", "rt")
    blocks = [_grouped(held[0]), _grouped(held[2]), _grouped(_places(held[3], held[4]))]
    nik, name, dob, kel, rt = _columns(rows, "nik", "name", "dob", "kel", "rt")
    keys = zip(name, nik, dob, _places(kel, rt), strict=True)
    return np.asarray([_likest(one, held[1], blocks) for one in keys], np.int64)


def _places(kel: list[Any], rt: list[Any]) -> list[Any]:
    return [(k, r) if k and r else None for k, r in zip(kel, rt, strict=True)]


def _grouped(values: list[Any]) -> dict[Any, list[int]]:
    rows = defaultdict(list)
    for at, value in enumerate(values):
        if value:
            rows[value].append(at)
    return rows


def _likest(keys: tuple[Any, ...], names: list[str], blocks: list[dict[Any, list[int]]]) -> int:
    name, *values = keys
    for value, block in zip(values, blocks, strict=True):
        rows = block.get(value, ())
        choices = [names[row] for row in rows]
        found = process.extractOne(
            name, choices, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_NAME
        )
        if found:
            return rows[found[2]]
    return NOBODY
