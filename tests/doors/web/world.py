"""The small city as it stands in the database of a test: its users and the numbers of its rows.

See quarters.py for its people and settling.py for how it is built.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from doors.web.quarters import (
    A1,
    A2,
    B1,
    B2,
    MARKS,
    QUARTERS,
    citizens_of,
    first_rows,
)
from journey.little_lists import Office

PASSWORD = "sandi-uji-Jambi-1571"

# --- who signs in ----------------------------------------------------------------------------

AREAS: dict[str, int | None] = {
    "city": None,
    "kecamatan-A": A1.kecamatan,
    "A1": A1.number,
    "B1": B1.number,
}
SEES = {
    "city": ("A1", "A2", "B1", "B2"),
    "kecamatan-A": ("A1", "A2"),
    "A1": ("A1",),
    "B1": ("B1",),
}


def user_name(role: str, area: str) -> str:
    """How the user who holds this role there is called: ``front_office@A1``."""
    return f"{role}@{area}"


# Holds every role in the whole city; the second one reads English.
EVERYTHING = "semua.hak"
EVERYTHING_IN_ENGLISH = "every.right"
# A front office of Legok that reads English.
OFFICER_IN_ENGLISH = "officer.en"


class Users(Mapping[str, Any]):
    """Users by name, read anew each time: what one test changed, the next must not remember."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def add(self, user: Any) -> None:
        """Remember a user."""
        self._numbers[user.username] = user.pk

    def __getitem__(self, name: str) -> Any:
        from entas.city.models import User

        return User.objects.get(pk=self._numbers[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass
class World:
    """The small city as it stands in the database of the test."""

    ani: Any
    office: Office
    users: Users = field(default_factory=Users)
    # Numbers of rows by kind and by where they lie, or whose they are: numbers["person"]["A1"].
    # ``A1-mixed`` lies in Legok and in Cempaka Putih.
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    # For tests outside this process: numbers of the persons of a kelurahan, as listed.
    people: dict[str, list[int]] = field(default_factory=dict)

    def note(self, kind: str, key: str, number: Any) -> None:
        """Remember a row as an example of its kind; ``page.kind`` for that page alone."""
        self.numbers.setdefault(kind, {})[key] = number

    def user(self, role: str, area: str = "A1") -> Any:
        """Who holds this role in this area: ``city``, ``kecamatan-A``, ``A1`` or ``B1``."""
        return self.users[user_name(str(role), area)]

    def login(self, client: Any, user: Any) -> Any:
        """Sign a user in without the form; gives the client."""
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def people_of(self, key: str) -> list[Any]:
        """The active persons of a kelurahan, as they were listed."""
        from entas.registry import states
        from entas.registry.models import Person

        number = next(quarter.number for quarter in QUARTERS if quarter.key == key)
        return list(Person.objects.filter(kelurahan=number, state=states.ACTIVE).order_by("pk"))

    def everybody(self) -> list[int]:
        """Numbers of all persons who ever were in the city."""
        from entas.registry.models import Person

        return list(Person.objects.order_by("pk").values_list("pk", flat=True))

    def person(self, key: str, at: int = 0) -> Any:
        """One active person of a kelurahan."""
        return self.people_of(key)[at]

    def examples(self, kind: str) -> dict[str, Any]:
        """Numbers of one kind for addresses: ``own`` of Legok, ``other`` of Cempaka Putih,
        ``missing`` of nobody.

        Raises:
            KeyError: nobody said yet what examples of this kind are.
        """
        found = self.numbers[kind]
        return {"own": found["A1"], "other": found["B1"], "missing": missing(kind)}

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of numbers for which there are examples."""
        return frozenset(self.numbers)


def missing(kind: str) -> Any:
    """A number of this kind that no row has."""
    return "00000000-0000-4000-8000-000000000000" if kind == "uuid" else 999_999_999


def build_world(folder: Path, ani: Any) -> World:
    """Build the city in an installation that has its areas and nobody in them.

    Args:
        folder: where the lists are written.
        ani: the first user of the installation.
    """
    from doors.web.settling import STEPS

    world = World(ani=ani, office=Office(folder, ani))
    for step in STEPS:
        step(world)
    return world


__all__ = [
    "A1",
    "A2",
    "AREAS",
    "B1",
    "B2",
    "EVERYTHING",
    "EVERYTHING_IN_ENGLISH",
    "MARKS",
    "OFFICER_IN_ENGLISH",
    "PASSWORD",
    "QUARTERS",
    "SEES",
    "World",
    "build_world",
    "citizens_of",
    "first_rows",
    "missing",
    "user_name",
]
