"""One new person against the register: found by key, weighed like a row of a list."""

from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from entas import custody
from entas.analytics.linkage.blocking import KeyMaker
from entas.analytics.linkage.compare import Evidence, Housemates, compare, refine_by_rivals
from entas.analytics.linkage.keys import KeyTable, key_table, number_names
from entas.analytics.linkage.score import calibrated, pair_bits, row_posterior
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.keys import key_columns
from entas.registry.models import PersonKey
from entas.registry.queries.counts import city_counts
from entas.registry.services.models import model_in_use
from entas.sources.parsed import ParsedRow

# Candidates asked of the database for one key; a key shared by more says too little.
_MOST_OF_ONE_KEY = 150
_LOOKUPS = (
    "k_date",
    "k_name_area",
    "k_name",
    "k_year_ends",
    "k_rt_first",
    "k_rt_last",
    "k_mother",
    "k_house",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered person and how likely the asked-for person is he or she."""

    person_id: int
    probability: float
    weight: float


def candidates(row: ParsedRow, *, most: int = 10) -> list[Candidate]:
    """Registered persons this row may be, most likely first.

    Args:
        row: what is known of the person; the same rules as for a row of a list.
        most: longest answer.
    """
    asked = key_columns([row], area_resolver().parent_group).table()
    ids = _ids(asked)
    if not ids:
        return []
    table, persons = keys_of(ids)
    evidence = _evidence(asked, table)
    bits = pair_bits(evidence, (model := model_in_use()))
    belief = row_posterior(
        evidence.left,
        bits,
        table.family[evidence.right],
        count=1,
        people=city_counts().rarity.people,
        coverage=model.coverage,
    )
    chance = calibrated(model, belief.odds)
    best = np.lexsort((evidence.right, -belief.odds))[:most]
    return [
        Candidate(
            int(persons[evidence.right[at]]),
            round(float(chance[at]), 4),
            round(float(belief.odds[at]), 2),
        )
        for at in best.tolist()
    ]


def _evidence(asked: KeyTable, table: KeyTable) -> Evidence:
    every = np.arange(len(table), dtype=np.int32)
    rarity = city_counts().for_table(table)
    found = compare(asked, np.zeros_like(every), table, every, rarity, Housemates(table))
    refine_by_rivals(found, table.family[found.right])
    return found


def _ids(asked: KeyTable) -> list[int]:
    wanted = {name: int(column[0]) for name, column in KeyMaker(asked).lookup().items()}
    values: list[tuple[str, int]] = [(name, wanted[name]) for name in _LOOKUPS if wanted[name]]
    for column, number, purpose in (("k_nik", asked.nik[0], "nik"), ("k_kk", asked.kk[0], "kk")):
        if number:
            values.append((column, custody.blind_index(f"{number:016d}", purpose=purpose)))
    if not values:
        return []
    quoted = connection.ops.quote_name(PersonKey._meta.db_table)
    # Each key on its own index and with its own limit; the ORM cannot say that.
    parts = [
        f"SELECT person_id FROM (SELECT person_id FROM {quoted} WHERE {column} = %s "
        f"LIMIT {_MOST_OF_ONE_KEY}) AS by_{column}"
        for column, _ in values
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), [value for _, value in values])
        return sorted(int(pk) for (pk,) in cursor.fetchall())


def keys_of(ids: list[int]) -> tuple[KeyTable, NDArray[np.int64]]:
    """Keys of these active persons, in the order of their ids, and those ids."""
    columns = (
        "person_id",
        "name_sound",
        "mother_sound",
        "birth",
        "sex",
        "kelurahan",
        "kel_group",
        "rt",
        "street",
        "house",
        "family_number",
        "role",
        "person__nik_sealed",
        "person__family__kk_sealed",
    )
    active = PersonKey.objects.filter(person_id__in=ids, person__state=states.ACTIVE)
    rows = list(active.order_by("person_id").values_list(*columns))
    held = list(zip(*rows, strict=True)) if rows else [[] for _ in columns]
    name, names = number_names(held[1])
    mother, mothers = number_names(held[2])
    plain = dict(zip(("birth", "sex", "kel", "kel_group", "rt"), held[3:8], strict=True))
    plain |= dict(zip(("street", "house", "family", "role"), held[8:12], strict=True))
    nik = _numbers(held[12], "person.nik")
    kk = _numbers(held[13], "family.kk")
    table = key_table(
        plain | {"name": name, "mother": mother, "nik": nik, "kk": kk}, names=names, mothers=mothers
    )
    return table, np.asarray(held[0], np.int64)


def _numbers(sealed: object, context: str) -> list[int]:
    opened = custody.unseal_many(list(sealed), context=context)  # type: ignore[call-overload]
    return [int(value) if value else 0 for value in opened]
