"""The register as comparable columns."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas import custody
from entas.analytics.linkage.keys import KeyTable, key_table, number_names
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


def keys() -> tuple[KeyTable, NDArray[np.int64]]:
    """Keys of all active persons in the order of their ids, and those ids.

    Taken from the sealed extract where it is up to date; else read from the database
    (about ten seconds for a city) and the extract is made anew.
    """
    version = runs.register_version()
    kept = extract.read_extract(version)
    if kept is not None:
        return kept
    table, persons = _read()
    if len(persons):
        extract.write_extract(table, persons, version)
    return table, persons


def _read() -> tuple[KeyTable, NDArray[np.int64]]:
    active = PersonKey.objects.filter(person__state=states.ACTIVE).order_by("person_id")
    held = fetch(active, "person_id", "name_sound", "mother_sound", *_KEYS.values())
    persons = np.asarray(held["person_id"], np.int64)
    name, names = number_names(held["name_sound"])
    mother, mothers = number_names(held["mother_sound"])
    columns: dict[str, Any] = {ours: held[theirs] for ours, theirs in _KEYS.items()}
    columns |= {"name": name, "mother": mother, "nik": _niks(), "kk": _cards()}
    return key_table(columns, names=names, mothers=mothers), persons


def _digits(sealed: list[Any], context: str) -> list[int]:
    plain = custody.unseal_many(sealed, context=context)
    return [int(value) if value else 0 for value in plain]


def _niks() -> list[int]:
    active = Person.objects.filter(state=states.ACTIVE).order_by("pk")
    return _digits(fetch(active, "nik_sealed")["nik_sealed"], "person.nik")


def _cards() -> list[int]:
    active = Person.objects.filter(state=states.ACTIVE).order_by("pk")
    sealed = fetch(active, "family__kk_sealed")["family__kk_sealed"]
    return _digits(sealed, "family.kk")


def same_person(persons: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number shared by persons suspected to be one, so that they are no rivals.

    Clusters follow the suspected and confirmed pairs; a person without a pair stands
    alone.
    """
    own = np.arange(len(persons), dtype=np.int64)
    pairs = Duplicate.objects.exclude(state=states.REFUTED).values_list("first_id", "second_id")
    row_of: dict[int, int] = {}
    for first, second in pairs.iterator():
        row_of.setdefault(first, -1), row_of.setdefault(second, -1)
    if not row_of:
        return own
    wanted = np.isin(persons, np.fromiter(row_of, np.int64))
    for row in np.flatnonzero(wanted).tolist():
        row_of[int(persons[row])] = row
    for first, second in pairs.iterator():
        a, b = row_of[first], row_of[second]
        if a >= 0 and b >= 0:
            own[b] = own[a] = min(own[a], own[b])
    return own


def is_unchanged_since(run: Run) -> bool:
    """Whether a run only added persons and changed none that were there before."""
    return not RegistryHistory.objects.filter(
        act_id=run.act_id, kind=RegistryHistory.Kind.CHANGED
    ).exists()
