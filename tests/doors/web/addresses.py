"""The table of addresses as tests walk it: every page, filled with numbers of real rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse
from django.urls.converters import get_converters

from doors.web.world import World, missing
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

    @property
    def is_bound(self) -> bool:
        """A number in the address is of a row that lies in a kelurahan."""
        return any(kind in BOUND for _, kind in self.kinds)

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
        return tuple(key.partition("-")[0] for (_, kind), key in pairs if kind in BOUND)

    @property
    def is_special(self) -> bool:
        """Rows of two kelurahan, or a person who became another: the page may show them or not."""
        return any("-" in key for key in self.keys)


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


@cache
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


def examples_of(world: World, page: Page, kind: str) -> dict[str, Any]:
    """Rows to fill in on this page by where they lie or whose they are; empty when none is known.

    Another test says of which kinds none is known.
    """
    return world.numbers.get(f"{page.name}.{kind}") or world.numbers.get(kind, {})


def addresses(world: World, page: Page) -> list[Address]:
    """A page with every kind of example: all mixtures of own, foreign and missing rows."""
    choices = [
        [*(key for key in sorted(known) if key[0] == "A" or key == "B1"), "missing"]
        for _, kind in page.kinds
        if (known := examples_of(world, page, kind))
    ]
    if len(choices) < len(page.kinds):
        return []
    return [_filled(world, page, keys) for keys in product(*choices)]


def page_of(path: str) -> Page | None:
    """The page an address of this door leads to, with or without a question behind it."""
    try:
        name = resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return None
    return next((page for page in pages() if page.name == name), None)


def rows_in(path: str) -> list[tuple[str, Any]]:
    """The kind and number of each row that an address of this door names."""
    page = page_of(path)
    if page is None:
        return []
    values = resolve(path.partition("?")[0]).kwargs
    return [(kind, values[word]) for word, kind in page.kinds]


def _filled(world: World, page: Page, keys: tuple[str, ...]) -> Address:
    values = {
        word: missing(kind) if key == "missing" else examples_of(world, page, kind)[key]
        for (word, kind), key in zip(page.kinds, keys, strict=True)
    }
    return Address(page, reverse(page.name, kwargs=values), keys)


def own_address(world: World, page: Page, user_name: str) -> Address | None:
    """The page with rows of Legok, or the user's own where rows belong to people."""
    keys = []
    for _, kind in page.kinds:
        known = examples_of(world, page, kind)
        if not known:
            return None
        keys.append(user_name if user_name in known else "A1")
    return _filled(world, page, tuple(keys))


def own_addresses(world: World, user_name: str, method: str) -> list[Address]:
    """Every page that answers to the method, each with one own row."""
    found = [own_address(world, page, user_name) for page in pages() if method in page.methods]
    return [address for address in found if address is not None]
