"""A register made ready once for any number of lists, and taken apart to be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.blocking import (
    LIST_KEYS,
    LOOSE_KEYS,
    WIDE_KEYS,
    Blocks,
    Keyed,
    KeyMaker,
    in_order,
)
from entas.analytics.linkage.compare import Housemates
from entas.analytics.linkage.frequencies import (
    Frequencies,
    frequencies,
    frequency_columns,
    kept_frequencies,
)
from entas.analytics.linkage.keys import Ints, KeyTable
from entas.analytics.linkage.lean import strata
from entas.analytics.linkage.sexes import NameSexes, name_sexes

Columns = Mapping[str, NDArray[Any]]


@dataclass(slots=True)
class RegisterIndex:
    """What linking needs to know of a register beside its rows.

    Attributes:
        table: the rows.
        rarity: how common names and dates are.
        house: whose NIK and name is whose in a family.
        kinds: stratum of each person (see ``lean``).
        sexes: which words of names tell a sex.
        blocks: the blocking keys.
        same_person: for each person, a number shared by suspected duplicates.
    """

    table: KeyTable
    rarity: Frequencies
    house: Housemates
    kinds: Ints
    sexes: NameSexes
    blocks: Blocks
    same_person: Ints


class FreshBlocks:
    """Blocking keys made from the rows each time they are asked for."""

    def __init__(self, table: KeyTable) -> None:
        self._table = table

    @cached_property
    def _maker(self) -> KeyMaker:
        return KeyMaker(self._table)

    def keyed(self, name: str) -> Keyed:
        """Rows and values of one key, in the order of the rows."""
        return self._maker.keyed(name)


def register_index(table: KeyTable, *, same_person: Ints | None = None) -> RegisterIndex:
    """Count, sort and group a register for linking."""
    return RegisterIndex(
        table,
        frequencies(table),
        Housemates(table),
        strata(table),
        name_sexes(table),
        FreshBlocks(table),
        _each_alone(table) if same_person is None else same_person,
    )


def _each_alone(table: KeyTable) -> Ints:
    return np.arange(len(table), dtype=np.int64)


def index_columns(index: RegisterIndex) -> dict[str, NDArray[Any]]:
    """What was counted and sorted, as named arrays: ``kept_index`` makes an index of them
    without counting again. The blocking keys are not among them (see ``block_in_order``).
    """
    parts = {"rarity": frequency_columns(index.rarity), "house": index.house.columns()}
    kept: dict[str, NDArray[Any]] = {
        f"{label}.{name}": one for label, part in parts.items() for name, one in part.items()
    }
    kept |= {"sexes.words": index.sexes.words, "sexes.sex": index.sexes.sex}
    kept |= {"kinds": index.kinds, "nik_digits": index.table.nik_digits()}
    return kept


def kept_index(
    table: KeyTable, kept: Columns, blocks: Blocks, *, same_person: Ints | None = None
) -> RegisterIndex:
    """The index that ``index_columns`` took apart.

    Args:
        table: the same rows.
        blocks: where its blocking keys are kept.
    """
    table.know_digits(kept["nik_digits"])
    return RegisterIndex(
        table,
        kept_frequencies(_under("rarity", kept), len(table)),
        Housemates(table, _under("house", kept)),
        kept["kinds"],
        NameSexes(kept["sexes.words"], kept["sexes.sex"]),
        blocks,
        _each_alone(table) if same_person is None else same_person,
    )


def _under(label: str, kept: Columns) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(f"{label}."): one
        for name, one in kept.items()
        if name.startswith(f"{label}.")
    }


def block_names() -> tuple[str, ...]:
    """The blocking keys that are worth keeping."""
    return tuple(dict.fromkeys((*LIST_KEYS, *LOOSE_KEYS, *WIDE_KEYS)))


def block_in_order(blocks: Blocks, name: str) -> Keyed:
    """One blocking key as it is kept: with rising values."""
    return in_order(blocks.keyed(name))
