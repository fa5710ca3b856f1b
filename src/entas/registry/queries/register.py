"""The register as comparable columns."""

from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas import custody
from entas.analytics.linkage.keys import (
    KeyTable,
    append_rows,
    key_table,
    number_names,
    with_used_names,
)
from entas.analytics.linkage.register import RegisterIndex, register_index
from entas.registry import extract, states
from entas.registry.models import Duplicate, Person, PersonKey, RegistryHistory, Run
from entas.registry.services import runs
from entas.tables import fetch

_KEYS = {
    "birth": "birth",
    "sex": "sex",
    "kel": "kelurahan",
    "kel_group": "kel_group",
    "rt": "rt",
    "street": "street",
    "house": "house",
    "family": "family_number",
    "role": "role",
}


def index() -> tuple[RegisterIndex, NDArray[np.int64]]:
    """Keys of all active persons in the order of their ids, counted and sorted for
    linking, and those ids.

    Taken from the sealed extract. Where a few persons changed since, they are read from the
    database and all is counted again (two seconds for a city); where many did, everything
    is read (about ten seconds) and the extract is made anew.
    """
    stamp = runs.register_stamp()
    kept = extract.read_extract()
    found, persons = _as_it_stands(kept, stamp) if kept is not None else _anew(stamp)
    found.same_person = same_person(persons)
    return found, persons


def _as_it_stands(
    kept: extract.KeptRegister, stamp: str
) -> tuple[RegisterIndex, NDArray[np.int64]]:
    if kept.stamp == stamp:
        return kept.index, kept.persons
    changed = runs.persons_changed_since(kept.stamp)
    if changed is None:
        return _anew(stamp)
    table, persons = _patched(kept.index.table, kept.persons, changed)
    return register_index(table), persons


def _anew(stamp: str) -> tuple[RegisterIndex, NDArray[np.int64]]:
    table, persons = _read()
    found = register_index(table)
    if len(persons):
        extract.write_extract(found, persons, stamp)
    return found, persons


def _patched(
    table: KeyTable, persons: NDArray[np.int64], changed: set[int]
) -> tuple[KeyTable, NDArray[np.int64]]:
    """The rows with those of some persons taken from the database as it stands."""
    numbers = np.asarray(sorted(changed), np.int64)
    stay = np.flatnonzero(~np.isin(persons, numbers))
    fresh, their = _read(numbers.tolist())
    whole = append_rows(table.take(stay), fresh)
    ids = np.concatenate([persons[stay], their])
    order = np.argsort(ids, kind="stable")
    return with_used_names(whole.take(order)), ids[order]


def _read(only: list[int] | None = None) -> tuple[KeyTable, NDArray[np.int64]]:
    active = PersonKey.objects.filter(person__state=states.ACTIVE).order_by("person_id")
    if only is not None:
        active = active.filter(person__in=only)
    held = fetch(active, "person_id", "name_sound", "mother_sound", *_KEYS.values())
    people = Person.objects.filter(state=states.ACTIVE).order_by("pk")
    if only is not None:
        people = people.filter(pk__in=only)
    numbers = fetch(people, "id", "nik_sealed", "family__kk_sealed")
    _keep_common(held, numbers)
    persons = np.asarray(held["person_id"], np.int64)
    name, names = number_names(held["name_sound"])
    mother, mothers = number_names(held["mother_sound"])
    columns: dict[str, Any] = {ours: held[theirs] for ours, theirs in _KEYS.items()}
    columns |= {
        "name": name,
        "mother": mother,
        "nik": _digits(numbers["nik_sealed"], "person.nik"),
        "kk": _digits(numbers["family__kk_sealed"], "family.kk"),
    }
    return key_table(columns, names=names, mothers=mothers), persons


def _keep_common(held: dict[str, list[Any]], numbers: dict[str, list[Any]]) -> None:
    """Leave the persons that both questions knew: between the two a run may be published."""
    if held["person_id"] == numbers["id"]:
        return
    for rows, key in ((held, "person_id"), (numbers, "id")):
        common = np.isin(rows[key], np.intersect1d(held["person_id"], numbers["id"])).tolist()
        kept = {name: list(compress(values, common)) for name, values in rows.items()}
        rows.update(kept)


def _digits(sealed: list[Any], context: str) -> list[int]:
    plain = custody.unseal_many(sealed, context=context)
    return [int(value) if value else 0 for value in plain]


def same_person(persons: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number shared by persons suspected to be one, so that they are no rivals.

    Clusters follow the suspected and confirmed pairs, also through a third person; a
    person without a pair stands alone.
    """
    cluster = np.arange(len(persons), dtype=np.int64)
    pairs = Duplicate.objects.exclude(state=states.REFUTED).order_by("first_id", "second_id")
    held = fetch(pairs, "first_id", "second_id")
    first, second = (np.asarray(held[name], np.int64) for name in ("first_id", "second_id"))
    if not len(first) or not len(persons):
        return cluster
    a, b = (np.minimum(np.searchsorted(persons, one), len(persons) - 1) for one in (first, second))
    known = (persons[a] == first) & (persons[b] == second)
    a, b = a[known], b[known]
    # The smallest number spreads through each cluster until nothing moves any more.
    while True:
        least = np.minimum(cluster[a], cluster[b])
        before = cluster.copy()
        np.minimum.at(cluster, a, least)
        np.minimum.at(cluster, b, least)
        if np.array_equal(before, cluster):
            return cluster


def is_unchanged_since(run: Run) -> bool:
    """Whether a run only added persons and changed none that were there before."""
    return not RegistryHistory.objects.filter(
        act_id=run.act_id, kind=RegistryHistory.Kind.CHANGED
    ).exists()
