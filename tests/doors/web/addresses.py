"""The table of addresses as tests walk it: every page, filled with numbers of real rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import get_converters

from doors.web.world import MISSING, World
from entas.web.frame import PUBLIC, SIGNED_IN

# Numbers of rows that lie in a kelurahan: elsewhere they are nowhere.
BOUND = frozenset({"person", "family", "proposal", "transfer", "single_handed"})


@dataclass(frozen=True)
class Page:
    """One line of the table.

    Attributes:
        act: what a right must include, or PUBLIC or SIGNED_IN.
        kinds: the name of each number in the address and what kind of row it is of.
    """

    name: str
    route: str
    act: str
    methods: tuple[str, ...]
    during_setup: bool
    kinds: tuple[tuple[str, str], ...]

    @property
    def is_public(self) -> bool:
        return self.act == PUBLIC

    def may(self, user: Any) -> bool:
        """Whether a right of the user includes the act of the page."""
        from entas.city import policies

        return self.act in {PUBLIC, SIGNED_IN} or policies.may(user, self.act)


@dataclass(frozen=True)
class Address:
    """A page with numbers of rows filled in; ``keys`` are the kelurahan they lie in."""

    page: Page
    path: str
    keys: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        return "missing" in self.keys

    @property
    def bound_keys(self) -> tuple[str, ...]:
        """The kelurahan that decide whether the page exists for somebody."""
        pairs = zip(self.page.kinds, self.keys, strict=True)
        return tuple(key for (_, kind), key in pairs if kind in BOUND)


def _kind_names() -> dict[type, str]:
    return {type(converter): name for name, converter in get_converters().items()}


def lines() -> list[URLPattern]:
    """Every line of the table, also those behind an include."""

    def walk(patterns: Any) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield pattern
            else:
                yield from walk(pattern.url_patterns)

    return list(walk(get_resolver().url_patterns))


def pages() -> list[Page]:
    """The lines that ``frame.page`` made; another test says which it did not make."""
    names = _kind_names()
    return [
        Page(
            name=str(line.name),
            route=str(line.pattern),
            act=line.callback.act,
            methods=tuple(line.callback.methods),
            during_setup=line.callback.during_setup,
            kinds=tuple(
                (word, names[type(converter)])
                for word, converter in line.pattern.converters.items()
            ),
        )
        for line in lines()
        if hasattr(line.callback, "act")
    ]


def addresses(world: World, page: Page) -> list[Address]:
    """A page with every kind of example: all mixtures of own, elsewhere and missing rows.

    Raises:
        KeyError: the page needs a kind of number nobody gave examples of.
    """
    choices = [
        (*sorted(world.numbers[kind]), *(["missing"] if kind in MISSING else []))
        for _, kind in page.kinds
    ]
    made = []
    for keys in product(*choices):
        values = {
            word: MISSING[kind] if key == "missing" else world.numbers[kind][key]
            for (word, kind), key in zip(page.kinds, keys, strict=True)
        }
        made.append(Address(page, reverse(page.name, kwargs=values), keys))
    return made
