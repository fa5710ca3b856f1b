"""The register kept in memory between questions about one person at a time.

Plain SQL: this is asked while somebody waits at a counter, and building the same queries
through the ORM takes longer than running them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, models

from entas.analytics.linkage.model import Model
from entas.analytics.linkage.single import ReadyRegister
from entas.registry import states
from entas.registry.models import LinkageModel, Person, RegisterVersion, Run
from entas.registry.queries import register
from entas.registry.services.models import shipped_model, stored_model


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer is made from: the register in memory and the model in use."""

    register: ReadyRegister
    model: Model


_kept: list[tuple[int, ReadyRegister]] = []


def standing() -> Standing:
    """The register and the model as they stand; about a second the first time for a city.

    Raises:
        entas.registry.errors.ModelUnreadable: the stored model is not of this version.
    """
    version, chosen, chosen_at = _rows(
        f"SELECT (SELECT number FROM {_table(RegisterVersion)} WHERE id = 1), "
        f"(SELECT id FROM {_table(LinkageModel)} WHERE in_use), "
        f"(SELECT created_at FROM {_table(LinkageModel)} WHERE in_use)",
        [],
    )[0]
    model = shipped_model() if chosen is None else _stored(chosen, chosen_at)
    return Standing(_register(int(version or 0)), model)


def _register(version: int) -> ReadyRegister:
    if not _kept or _kept[0][0] != version:
        index, persons = register.index()
        _kept[:] = [(version, ReadyRegister(index, persons))]
    return _kept[0][1]


@lru_cache(maxsize=1)
def _stored(chosen: int, _chosen_at: object) -> Model:
    # A model trained again keeps its row and not its time.
    return stored_model(LinkageModel.objects.get(pk=chosen))


def active(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Name and state of life of those of these persons whom everybody may see."""
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    staging = f"(SELECT id FROM {_table(Run)} WHERE state = %s)"
    found = _rows(
        f"SELECT id, name, alive FROM {_table(Person)} WHERE id IN ({marks}) AND state = %s "
        f"AND (run_id IS NULL OR run_id NOT IN {staging})",
        [*ids, states.ACTIVE, states.STAGING],
    )
    return {int(pk): (name, alive) for pk, name, alive in found}


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
