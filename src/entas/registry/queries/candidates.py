"""One new person against the register: found by key, weighed like a row of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
from entas.registry.models import Family, Person, PersonKey, Run
from entas.registry.queries.counts import CityCounts, city_counts
from entas.registry.services.models import model_in_use
from entas.sources.parsed import ParsedRow

# Candidates asked of the database for one key. A full name alone, or a mother's, that more
# people share says too little without a date or a place beside it.
_MOST_OF_ONE_KEY = {
    "k_nik": 20,
    "k_kk": 40,
    "k_date": 120,
    "k_name_area": 60,
    "k_name": 40,
    "k_year_ends": 60,
    "k_rt_first": 60,
    "k_rt_last": 60,
    "k_mother": 40,
    "k_house": 40,
}
_SECRET = {"k_nik": "nik", "k_kk": "kk"}


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
    if not len(table):
        return []
    counts, model = city_counts(), model_in_use()
    evidence = evidence_on(asked, table, counts)
    bits = pair_bits(evidence, model)
    belief = row_posterior(
        evidence.left,
        bits,
        table.family[evidence.right],
        count=1,
        people=counts.rarity.people,
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


def evidence_on(asked: KeyTable, table: KeyTable, counts: CityCounts) -> Evidence:
    """Evidence on one asked-for row against each row of a small table."""
    every = np.arange(len(table), dtype=np.int32)
    rarity = counts.for_table(table)
    found = compare(asked, np.zeros_like(every), table, every, rarity, Housemates(table))
    refine_by_rivals(found, table.family[found.right])
    return found


def _ids(asked: KeyTable) -> list[int]:
    wanted = {name: int(column[0]) for name, column in KeyMaker(asked).lookup().items()}
    for column, purpose in _SECRET.items():
        number = int(getattr(asked, purpose)[0])
        wanted[column] = custody.blind_index(f"{number:016d}", purpose=purpose) if number else 0
    values = [(column, wanted[column]) for column in _MOST_OF_ONE_KEY if wanted[column]]
    if not values:
        return []
    quoted = connection.ops.quote_name(PersonKey._meta.db_table)
    # Each key on its own index and with its own limit; the ORM cannot say that.
    parts = [
        f"SELECT person_id FROM (SELECT person_id FROM {quoted} WHERE {column} = %s "
        f"LIMIT {_MOST_OF_ONE_KEY[column]}) AS by_{column}"
        for column, _ in values
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), [value for _, value in values])
        return sorted(int(pk) for (pk,) in cursor.fetchall())


_COLUMNS = (
    "k.person_id, k.name_sound, k.mother_sound, k.birth, k.sex, k.kelurahan, k.kel_group, k.rt, "
    "k.street, k.house, k.family_number, k.role, p.nik_sealed, f.kk_sealed"
)
_PLAIN = ("birth", "sex", "kel", "kel_group", "rt", "street", "house", "family", "role")


def keys_of(ids: list[int]) -> tuple[KeyTable, NDArray[np.int64]]:
    """Keys of these active persons, in the order of their ids, and those ids."""
    staging = list(Run.objects.filter(state=states.STAGING).values_list("pk", flat=True))
    marks = ", ".join(["%s"] * len(ids))
    hidden = f"AND k.run_id NOT IN ({', '.join(['%s'] * len(staging))})" if staging else ""
    key, person, family = (
        connection.ops.quote_name(model._meta.db_table) for model in (PersonKey, Person, Family)
    )
    # Plain SQL: this is asked while somebody waits at a counter, and building the same
    # query through the ORM takes longer than running it.
    query = (
        f"SELECT {_COLUMNS} FROM {key} k JOIN {person} p ON p.id = k.person_id "
        f"LEFT JOIN {family} f ON f.id = p.family_id "
        f"WHERE k.person_id IN ({marks}) AND p.state = %s {hidden} ORDER BY k.person_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [*ids, states.ACTIVE, *staging])
        rows = cursor.fetchall()
    held = list(zip(*rows, strict=True)) if rows else [()] * 14
    name, names = number_names(held[1])
    mother, mothers = number_names(held[2])
    columns: dict[str, Any] = dict(zip(_PLAIN, held[3:12], strict=True))
    columns |= {"name": name, "mother": mother}
    columns |= {"nik": _numbers(held[12], "person.nik"), "kk": _numbers(held[13], "family.kk")}
    return key_table(columns, names=names, mothers=mothers), np.asarray(held[0], np.int64)


def _numbers(sealed: Sequence[Any], context: str) -> list[int]:
    opened = custody.unseal_many(
        [bytes(value) if value is not None else None for value in sealed], context=context
    )
    return [int(value) if value else 0 for value in opened]
