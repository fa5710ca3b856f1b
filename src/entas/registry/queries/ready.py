"""The register kept in memory between questions about one person at a time.

Plain SQL: this is asked while somebody waits at a counter, and building the same queries
through the ORM takes longer than running them.
"""

import ctypes
import gc
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import Error, connection, connections, models

from entas.analytics.linkage.model import Model
from entas.analytics.linkage.single import ReadyRegister
from entas.refusals import EntasRefusal
from entas.registry import states
from entas.registry.models import LinkageModel, Person, RegisterVersion, Run
from entas.registry.queries import register
from entas.registry.services.models import shipped_model, stored_model

# Between two counts beside the answers: counting takes one of two cores.
_PAUSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer is made from: the register in memory and the model in use."""

    register: ReadyRegister
    model: Model


class _Kept(NamedTuple):
    version: int
    register: ReadyRegister


# One entry or none. It is replaced as a whole, so that nobody meets half a register; the old one
# is freed when the last question that was begun with it is answered.
_kept: list[_Kept] = []
_counting = threading.Lock()
# Set by ``warm``: a server answers at once and counts beside the answers.
_beside = threading.Event()


def standing() -> Standing:
    """The register and the model as they stand; about a second the first time for a city.

    After :func:`warm` the answer does not wait: the register is as it stood a few seconds ago, and
    a thread beside the answers counts it anew. What is shown is compared with the database in any
    case (:func:`active`).

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


def warm() -> None:
    """Load the register and keep it fresh beside the answers from now on: for a server's start.

    A command that answers one question does without: it waits and is exact.
    """
    standing().register.prepare()
    # A city's register is walked through by every full collection: a quarter of a second in which
    # nobody is answered, to find nothing. What stands now is left out of it.
    gc.freeze()
    _beside.set()


def _register(version: int) -> ReadyRegister:
    kept = _kept[0] if _kept else None
    if kept is not None and kept.version == version:
        return kept.register
    if kept is not None and _beside.is_set():
        if _counting.acquire(blocking=False):
            threading.Thread(target=_count_beside, name="entas-register", daemon=True).start()
        return kept.register
    with _counting:
        # Another thread may have counted while this one waited.
        if not _kept or _kept[0].version != version:
            _count(version)
        return _kept[0].register


def _count(version: int) -> None:
    # The version was read before the rows: rows of a later one are counted again, never missed.
    made = ReadyRegister(*register.index())
    made.prepare()
    _kept[:] = [_Kept(version, made)]


def _count_beside() -> None:
    """Count until the register is as new as the database; the caller took the lock."""
    try:
        while (version := _version()) != _kept[0].version:
            _count(version)
            gc.freeze()
            _give_back_memory()
            time.sleep(_PAUSE_SECONDS)
    except (Error, OSError, EntasRefusal):
        # The register stays as it stood, and the next question tries again.
        time.sleep(_PAUSE_SECONDS)
    finally:
        connections.close_all()
        _counting.release()


def _give_back_memory() -> None:
    """Hand the memory of the register before back to the system; the allocator would keep it."""
    # Only the GNU library has the call; elsewhere the memory waits for the next count.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _version() -> int:
    found = _rows(f"SELECT number FROM {_table(RegisterVersion)} WHERE id = 1", [])
    return int(found[0][0]) if found else 0


@lru_cache(maxsize=1)
def _stored(chosen: int, _chosen_at: object) -> Model:
    # A model trained again keeps its row and not its time.
    return stored_model(LinkageModel.objects.get(pk=chosen))


def active(ids: Sequence[int]) -> dict[int, tuple[str, str, int | None]]:
    """Name, state of life and kelurahan of those of these persons whom everybody may see."""
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    staging = f"(SELECT id FROM {_table(Run)} WHERE state = %s)"
    found = _rows(
        f"SELECT id, name, alive, kelurahan FROM {_table(Person)} WHERE id IN ({marks}) "
        f"AND state = %s AND (run_id IS NULL OR run_id NOT IN {staging})",
        [*ids, states.ACTIVE, states.STAGING],
    )
    return {int(pk): (name, alive, place) for pk, name, alive, place in found}


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _rows(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
