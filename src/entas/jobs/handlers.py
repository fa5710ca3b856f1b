"""Who does what work: functions that the stages above hand in, for this stage may not know them.

Each stage registers its work in ``AppConfig.ready`` (its room is called ``work.py``), so that every
process knows all kinds. Nothing heavy is imported there: functions import what they need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from entas.jobs.errors import UnknownKind
from entas.jobs.models import Job


class Progress(Protocol):
    """What long work calls now and then: how much is done, of how much, doing what."""

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Report; ``total`` is 0 while it is not known."""


# Called with what the work is about, the number of the user who started it, and whom to tell how
# far it is; gives a small result without personal data. It may be called again for the same work
# after a kill, and then ends as an undisturbed call would.
Function = Callable[[dict[str, Any], int | None, Progress], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Handler:
    """One kind of work.

    Attributes:
        kind: its name in the table, like the act: ``"registry.link"``.
        title: what people call it, in Indonesian; marked for the catalogue where it stands.
        function: does it.
        act: the act a right must include for somebody to start it.
        is_bare: it needs no payload, so that a page can offer it with one button.
    """

    kind: str
    title: str
    function: Function
    act: str
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """Something small a worker does now and then between jobs.

    Attributes:
        function: does it, in well under a second or with time limits of its own.
        every_seconds: how often at most.
    """

    function: Callable[[], object]
    every_seconds: float


_handlers: dict[str, Handler] = {}
_ticks: dict[str, Tick] = {}
_at_end: dict[str, Callable[[Job], object]] = {}


def register(kind: str, title: str, function: Function, *, act: str, is_bare: bool = False) -> None:
    """Say who does work of a kind; saying it again replaces what was said."""
    _handlers[kind] = Handler(kind, title, function, act, is_bare)


def register_tick(name: str, function: Callable[[], object], *, every_seconds: float) -> None:
    """Say what workers do now and then between jobs."""
    _ticks[name] = Tick(function, every_seconds)


def register_end(name: str, function: Callable[[Job], object]) -> None:
    """Say who is told when work of the queue ended, in the transaction of its end."""
    _at_end[name] = function


def handler_of(kind: str) -> Handler:
    """Who does work of this kind.

    Raises:
        UnknownKind: no stage of this version does.
    """
    try:
        return _handlers[kind]
    except KeyError as fault:
        raise UnknownKind(kind) from fault


def known_handler(kind: str) -> Handler | None:
    """Who does work of this kind, if this version knows anybody."""
    return _handlers.get(kind)


def title_of(kind: str) -> str:
    """What people call work of this kind; its name when this version does not know it."""
    known = _handlers.get(kind)
    return known.title if known else kind


def bare_handlers() -> list[Handler]:
    """Work that a page can offer with one button, in the order it was registered."""
    return [handler for handler in _handlers.values() if handler.is_bare]


def ticks() -> dict[str, Tick]:
    """What workers do between jobs, by name."""
    return dict(_ticks)


def tell_end(job: Job) -> None:
    """Call everybody who wants to know that this work ended."""
    for function in _at_end.values():
        function(job)
