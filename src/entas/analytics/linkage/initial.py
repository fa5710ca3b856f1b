"""Where training begins: rough guesses that EM replaces.

The figures are guesses by experience with office lists (unconfirmed, and of no weight
in a trained model); only their order matters.
"""

import numpy as np

from entas.analytics.linkage.levels import FIELDS, SIZES
from entas.analytics.linkage.model import STATES, Model, Table, Tables

# Shares at each level, MISSING first; classes: careful, moved or old papers, careless.
_GUESS: dict[str, tuple[tuple[float, ...], ...]] = {
    "name": (
        (0, 0.004, 0.01, 0.003, 0.01, 0.01, 0.02, 0.02, 0.06, 0.06, 0.8, 0.003),
        (0, 0.01, 0.02, 0.01, 0.02, 0.02, 0.03, 0.04, 0.08, 0.08, 0.68, 0.01),
        (0, 0.08, 0.1, 0.08, 0.1, 0.05, 0.1, 0.12, 0.15, 0.08, 0.15, 0.02),
    ),
    "birth": (
        (0, 0.01, 0.01, 0.02, 0.02, 0.02, 0.92, 0.9, 0.08, 0.02),
        (0, 0.02, 0.03, 0.05, 0.04, 0.04, 0.82, 0.8, 0.15, 0.05),
        (0, 0.15, 0.15, 0.2, 0.12, 0.08, 0.3, 0.5, 0.3, 0.2),
    ),
    "nik": (
        (0, 0.01, 0.003, 0.02, 0.93, 0.01, 0.01, 0.01, 0.005, 0.004),
        (0, 0.03, 0.005, 0.03, 0.87, 0.02, 0.02, 0.02, 0.01, 0.004),
        (0, 0.2, 0.03, 0.1, 0.4, 0.08, 0.06, 0.08, 0.05, 0.004),
    ),
    "kk": ((0, 0.06, 0.9, 0.04), (0, 0.6, 0.35, 0.05), (0, 0.5, 0.4, 0.1)),
    "mother": (
        (0, 0.03, 0.02, 0.005, 0.02, 0.01, 0.02, 0.04, 0.08, 0.06, 0.72, 0.0),
        (0, 0.06, 0.03, 0.01, 0.03, 0.02, 0.03, 0.05, 0.1, 0.08, 0.6, 0.0),
        (0, 0.3, 0.1, 0.03, 0.08, 0.03, 0.08, 0.08, 0.1, 0.05, 0.18, 0.0),
    ),
    "area": ((0, 0.04, 0.03, 0.93), (0, 0.6, 0.1, 0.3), (0, 0.3, 0.1, 0.6)),
    "spot": (
        (0, 0.08, 0.06, 0.2, 0.26, 0.1, 0.3),
        (0, 0.5, 0.1, 0.2, 0.1, 0.05, 0.05),
        (0, 0.4, 0.1, 0.25, 0.1, 0.05, 0.1),
    ),
    "sex": ((0, 0.005, 0.995), (0, 0.01, 0.99), (0, 0.06, 0.94)),
}
_STRANGER_HOUSEMATE = {
    "name": (0, 0.75, 0.2, 0.01, 0.01, 0.01, 0.02, 0.002, 0.002, 0.002, 0.002, 0.002),
    "birth": (0, 0.9, 0.08, 0.015, 0.002, 0.001, 0.002, 0.03, 0.1, 0.87),
    "nik": (0, 0.5, 0.01, 0.005, 0.005, 0.005, 0.005, 0.3, 0.17, 0.004),
    "kk": (0, 0.05, 0.9, 0.05),
    "mother": (0, 0.5, 0.05, 0.01, 0.03, 0.01, 0.02, 0.02, 0.04, 0.03, 0.3, 0.0),
    "area": (0, 0.05, 0.05, 0.9),
    "spot": (0, 0.1, 0.1, 0.2, 0.2, 0.1, 0.3),
    "sex": (0, 0.5, 0.5),
}
_KIN = {
    "name": (0, 0.08, 0.02, 0.01, 0.01, 0.01, 0.02, 0.002, 0.002, 0.002, 0.002, 0.85),
    "nik": (0, 0.05, 0.01, 0.005, 0.005, 0.005, 0.005, 0.85, 0.06, 0.004),
}


def _table(field: str, shares: tuple[float, ...]) -> Table:
    table = np.maximum(np.asarray(shares, float), 1e-4)
    table[0] = 0
    table /= table.sum()
    return np.tile(table, STATES[field])


def initial_model() -> Model:
    """An untrained model that separates a clean list well enough to start EM."""
    match: tuple[Tables, ...] = tuple(
        {name: _table(name, _GUESS[name][number]) for name in FIELDS} for number in range(3)
    )
    relative = {name: _table(name, _STRANGER_HOUSEMATE[name]) for name in FIELDS}
    stranger = {name: _table(name, (0, *[1.0] * (SIZES[name] - 1))) for name in FIELDS}
    scale = {"name": np.zeros(SIZES["name"]), "mother": np.zeros(SIZES["mother"])}
    return Model(
        version="awal",
        note="untrained starting point",
        shares=(0.8, 0.12, 0.08),
        match=match,
        stranger=stranger,
        housemate=relative,
        twin={name: table.copy() for name, table in relative.items()},
        kin={name: _table(name, _KIN.get(name, _STRANGER_HOUSEMATE[name])) for name in FIELDS},
        scale=scale | {"birth": np.zeros(SIZES["birth"])},
        coverage=0.9,
        duplicate_rate=0.01,
        calibration=(),
    )
