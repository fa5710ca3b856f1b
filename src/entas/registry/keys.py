"""From a delivered row to comparable keys, and from stored keys back to a table.

This is the one place where text becomes keys; ``NORMALISER_VERSION`` is stored with them.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from entas.analytics.linkage.keys import KeyTable, key_table, number_names, stable_hash
from entas.analytics.normalise.names import sound_key
from entas.analytics.normalise.places import parse_place
from entas.sources.parsed import ParsedRow


@contextmanager
def without_collecting() -> Iterator[None]:
    """No garbage collection inside: normalising makes no cycles, and the collector would walk
    the rows of a whole list again and again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


ROLES = {"kepala": 1, "pasangan": 2, "anak": 3, "lain": 4}
SEXES = {"L": 0, "P": 1}
LARGEST_RT = 999
_street_hash = lru_cache(maxsize=100_000)(stable_hash)


@dataclass(slots=True)
class KeyColumns:
    """Key columns of rows in the order they were added (see ``KeyTable`` for the meaning)."""

    nik: list[int] = field(default_factory=list)
    kk: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    mother: list[str] = field(default_factory=list)
    birth: list[int] = field(default_factory=list)
    sex: list[int] = field(default_factory=list)
    kel: list[int] = field(default_factory=list)
    kel_group: list[int] = field(default_factory=list)
    rt: list[int] = field(default_factory=list)
    street: list[int] = field(default_factory=list)
    house: list[int] = field(default_factory=list)
    role: list[int] = field(default_factory=list)

    def table(self) -> KeyTable:
        """The same columns as arrays, names numbered."""
        with without_collecting():
            name, names = number_names(self.name)
            mother, mothers = number_names(self.mother)
        plain = {
            column: getattr(self, column)
            for column in self.__slots__
            if column not in ("name", "mother")
        }
        return key_table(plain | {"name": name, "mother": mother}, names=names, mothers=mothers)


def birth_number(row: ParsedRow) -> int:
    """yyyymmdd, yyyy0000 where only the year is known, 0 where nothing is."""
    if row.lahir is not None:
        return row.lahir.year * 10_000 + row.lahir.month * 100 + row.lahir.day
    return (row.lahir_tahun or 0) * 10_000


def key_columns(rows: Iterable[ParsedRow], group_of: Callable[[int], int]) -> KeyColumns:
    """Normalise delivered rows.

    Args:
        group_of: number of a kelurahan -> number of its predecessor before a split.
    """
    columns = KeyColumns()
    with without_collecting():
        for row in rows:
            add_row(columns, row, group_of)
    return columns


def add_row(columns: KeyColumns, row: ParsedRow, group_of: Callable[[int], int]) -> None:
    """Normalise one delivered row and put it behind the others."""
    place = parse_place(row.alamat or "")
    kel = row.kelurahan or 0
    columns.nik.append(int(row.nik) if row.nik else 0)
    columns.kk.append(int(row.kk) if row.kk else 0)
    columns.name.append(sound_key(row.nama))
    columns.mother.append(sound_key(row.nama_ibu) if row.nama_ibu else "")
    columns.birth.append(birth_number(row))
    columns.sex.append(SEXES.get(row.sex or "", -1))
    columns.kel.append(kel)
    columns.kel_group.append(group_of(kel) if kel else 0)
    # Numbers beyond what an RT can be are clerks' slips, not places.
    columns.rt.append(row.rt if row.rt and row.rt <= LARGEST_RT else 0)
    columns.street.append(_street_hash(place.street))
    columns.house.append(place.house)
    columns.role.append(ROLES.get(row.hubungan or "", 0))
