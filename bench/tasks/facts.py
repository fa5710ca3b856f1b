"""What a list says, parsed once by Entas, so that every method starts from the same facts.

For each list ``<source>.parquet`` holds the facts for the peers, ``<source>.rows`` the parsed rows,
``<source>.truth.npy`` who they are, and ``register.keys`` the register's key columns.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import django
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.cities import REGISTER
from bench.tasks.store import keep
from entas.analytics.linkage.keys import KeyTable
from entas.analytics.normalise.places import parse_place
from entas.sources.parsed import ParsedRow

NUMBERS = ("id", "truth", "kel", "rt")


def prepare(*, city: str, work: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    """Parse every list of a city and write its facts.

    Args:
        city: the folder of the city.
        work: where the facts go.
        files: entries of the manifest.
    """
    django.setup()
    from entas.city.queries import area_resolver

    areas, out, counts = area_resolver(), Path(work), {}
    truth = _truth(Path(city) / "truth" / "rows.csv")
    for entry in files:
        source, path = entry["source"], Path(city) / entry["file"]
        rows = _parsed(path, date.fromisoformat(entry["as_of"]), areas)
        who = truth[path.name]
        if len(rows) != len(who):
            raise ValueError(f"{path.name}: {len(rows)} rows read, {len(who)} rows in the truth")
        pq.write_table(_facts(rows, who, areas), out / f"{source}.parquet")
        # What linkage does not look at is not carried along.
        keep(out / f"{source}.rows", [replace(row, extras={}) for row in rows])
        np.save(out / f"{source}.truth.npy", np.asarray(who, np.int64))
        if source == REGISTER:
            keep(out / "register.keys", register_keys(rows, areas))
        counts[source] = len(rows)
    return {"rows": counts}


def _truth(path: Path) -> dict[str, list[int]]:
    persons: dict[str, list[int]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            persons.setdefault(row["file"], []).append(int(row["person"]))
    return persons


def _parsed(path: Path, on: date, areas: Any) -> list[ParsedRow]:
    """Rows as Entas reads them; a row it cannot use has no name and no facts."""
    from entas.sources.checking import checked_rows
    from entas.sources.profiles import choose
    from entas.sources.queries import reading_context
    from entas.sources.reading import read_table

    table = read_table(path)
    context = replace(reading_context(on), areas=areas)
    layout = choose(table.headers)
    return [found.row or ParsedRow("") for found in checked_rows(table, layout, context)]


def register_keys(rows: Iterable[ParsedRow], areas: Any) -> KeyTable:
    """The keys of a register made of these rows: a family a card, one more a row without card."""
    from entas.registry.keys import key_columns

    table = key_columns(rows, areas.parent_group).table()
    own = -np.arange(1, len(table) + 1)
    _, family = np.unique(np.where(table.kk > 0, table.kk, own), return_inverse=True)
    table.family = family.astype(np.int32)
    return table


def _facts(rows: Sequence[ParsedRow], who: Sequence[int], areas: Any) -> pa.Table:
    columns = {
        "id": list(range(len(rows))),
        "truth": list(who),
        "nik": [row.nik for row in rows],
        "kk": [row.kk for row in rows],
        "name": [row.nama for row in rows],
        "dob": [_born(row) for row in rows],
        "sex": [row.sex for row in rows],
        "mother": [row.nama_ibu for row in rows],
        "kel": [areas.parent_group(row.kelurahan) if row.kelurahan else None for row in rows],
        "rt": [row.rt for row in rows],
        "street": [_street(row.alamat or "") for row in rows],
    }
    kinds = [(name, pa.int64() if name in NUMBERS else pa.string()) for name in columns]
    return pa.table(columns, schema=pa.schema(kinds))


def _born(row: ParsedRow) -> str | None:
    """yyyy-mm-dd; a year alone is yyyy-00-00, so that it still agrees as a year."""
    if row.lahir:
        return row.lahir.isoformat()
    return f"{row.lahir_tahun}-00-00" if row.lahir_tahun else None


def _street(address: str) -> str:
    """Entas' own street key and house number: the peers get our address parser for nothing."""
    place = parse_place(address)
    return f"{place.street} NO {place.house}" if place.house else place.street
