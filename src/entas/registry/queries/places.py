"""How many people and families live in each kelurahan, as counted a short while ago."""

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import Count

from entas.registry import states
from entas.registry.models import Person, RegisterVersion

# Counting a whole city takes half a second; pages that are opened all day show a kept count.
_KEPT_FOR: Final = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """Registered living persons and their families by kelurahan, as of a moment.

    A family whose members live in two kelurahan counts in both. Persons whose kelurahan is not
    known stand under None.
    """

    as_of: dt.datetime
    version: int
    persons: dict[int | None, int]
    families: dict[int | None, int]

    def persons_in(self, kelurahan: Iterable[int]) -> int:
        """Persons in these kelurahan together."""
        return sum(self.persons.get(number, 0) for number in kelurahan)

    def families_in(self, kelurahan: Iterable[int]) -> int:
        """Families in these kelurahan together."""
        return sum(self.families.get(number, 0) for number in kelurahan)


_kept: dict[str, PlaceCounts] = {}
_counting = threading.Lock()


def _register_version() -> int:
    return RegisterVersion.objects.values_list("number", flat=True).first() or 0


def _count(now: dt.datetime, version: int) -> PlaceCounts:
    rows = (
        Person.objects.filter(state=states.ACTIVE, alive=states.LIVING)
        .values("kelurahan")
        .annotate(persons=Count("pk"), families=Count("family", distinct=True))
        .values_list("kelurahan", "persons", "families")
    )
    persons: dict[int | None, int] = {}
    families: dict[int | None, int] = {}
    for kelurahan, person_count, family_count in rows:
        persons[kelurahan], families[kelurahan] = person_count, family_count
    return PlaceCounts(now, version, persons, families)


def place_counts(*, now: dt.datetime) -> PlaceCounts:
    """The counts kept in this process, made anew when the register changed and they are ten
    minutes old.

    Args:
        now: the moment of asking.
    """
    database = str(settings.DATABASES["default"]["NAME"])
    with _counting:
        kept = _kept.get(database)
        is_fresh = kept is not None and now - kept.as_of < _KEPT_FOR
        if kept is None or not (is_fresh or kept.version == _register_version()):
            kept = _kept[database] = _count(now, _register_version())
        return kept


def forget_counts() -> None:
    """Make the next :func:`place_counts` count again; for tests and after an undo."""
    _kept.clear()
