"""Adu data: check a list against the register without changing anything."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.keys import COLUMNS, MISSING_NAME, KeyTable, key_table, name_book
from entas.analytics.linkage.link import Links, Verdict, link_list
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.errors import EmptyRegister
from entas.registry.keys import KeyColumns, add_row
from entas.registry.models import Person
from entas.registry.queries import register
from entas.registry.services.models import model_in_use
from entas.registry.wording import reason
from entas.sources.cells import Cell, is_blank
from entas.sources.checking import checked_rows
from entas.sources.parsed import ParsedRow
from entas.sources.profiles import choose
from entas.sources.queries import reading_context
from entas.sources.reading import ListTable, examine, open_table
from entas.sources.rules import REJECTING, message
from entas.sources.unchanged import Standing, standing

_ROWS_AT_ONCE = 20_000

RESULT_COLUMNS = (
    "baris",
    "keputusan",
    "id_warga",
    "id_calon",
    "bobot",
    "status_warga",
    "alasan",
)
_WORDS = {
    Verdict.SURE: states.SURE,
    Verdict.REVIEW: states.REVIEW,
    Verdict.NOT_FOUND: states.NOT_FOUND,
    Verdict.REPEATED: states.REPEATED,
}


@dataclass(slots=True)
class Checked:
    """A list after checking.

    Attributes:
        result: cells for ``RESULT_COLUMNS``, a row each in the order of the list; made while
            they are asked for, once.
        counts: how often each verdict fell.
        persons: id_warga of everybody the result speaks of, each once, rising.
    """

    result: Iterator[tuple[Cell, ...]]
    counts: dict[str, int]
    persons: NDArray[np.int64]


class _PackedKeys:
    """Keys of a long list: Python's own numbers would take ten times the room of the arrays."""

    def __init__(self) -> None:
        self.fresh = KeyColumns()
        self._packed: dict[str, list[NDArray[np.int64]]] = {}
        self._numbers: dict[str, dict[str, int]] = {"name": {}, "mother": {}}

    def pack(self) -> None:
        """Put the fresh rows behind those packed before."""
        for column in KeyColumns.__slots__:
            values = getattr(self.fresh, column)
            if column in self._numbers:
                known = self._numbers[column]
                values = [
                    known.setdefault(text, len(known)) if text else MISSING_NAME for text in values
                ]
            kind = COLUMNS[column]
            self._packed.setdefault(column, []).append(np.asarray(values, dtype=kind))
        self.fresh = KeyColumns()

    def table(self) -> KeyTable:
        """All rows as one table; gives the packed ones away."""
        self.pack()
        columns = {name: np.concatenate(self._packed.pop(name)) for name in list(self._packed)}
        books = {name: name_book(list(known)) for name, known in self._numbers.items()}
        self._numbers = {"name": {}, "mother": {}}
        return key_table(columns, names=books["name"], mothers=books["mother"])


class ListUnderCheck:
    """Rows of a list as they are read: usable ones become keys, others keep their fault.

    Args:
        group_of: number of a kelurahan -> number of its predecessor before a split.
    """

    def __init__(self, group_of: Callable[[int], int]) -> None:
        self._group_of = group_of
        self._keys = _PackedKeys()
        # One number a row: 0 is usable, others stand for one of a few sentences.
        self._faults = array("H")
        self._sentences: dict[str, int] = {}

    @property
    def count(self) -> int:
        """Rows so far, usable or not."""
        return len(self._faults)

    def add(self, row: ParsedRow | None, fault: str) -> None:
        """Put the next row of the list behind the others; ``fault`` is why it is unusable."""
        if row is None:
            self._faults.append(self._sentences.setdefault(fault, len(self._sentences) + 1))
            return
        self._faults.append(0)
        add_row(self._keys.fresh, row, self._group_of)
        if len(self._keys.fresh.nik) >= _ROWS_AT_ONCE:
            self._keys.pack()

    def table(self) -> KeyTable:
        """The keys of the usable rows; they are given away."""
        return self._keys.table()

    def usable(self) -> NDArray[np.int64]:
        """Places, from 0, of the rows that can be compared."""
        return np.flatnonzero(np.frombuffer(self._faults, np.uint16) == 0)

    def faults(self) -> Iterator[str | None]:
        """For each row why it is unusable; None for those that are not."""
        sentences = [None, *self._sentences]
        return (sentences[number] for number in self._faults)


@dataclass(frozen=True, slots=True)
class ReadList:
    """A delivered file taken apart for checking.

    Attributes:
        headers: names of the columns that go into the result.
        rows: the rows as keys.
        replaces: whether the list is an earlier result, whose verdicts are replaced.
        doubled: own columns that bear a name of the result's; the result's stand behind.
    """

    headers: Sequence[str]
    rows: ListUnderCheck
    replaces: bool
    doubled: Sequence[str]
    _table: ListTable
    _untouched: Standing
    _places: Sequence[int]

    def lines(self, result: Iterable[tuple[Cell, ...]]) -> Iterator[list[Cell]]:
        """The list as delivered with the result behind each row, the header first.

        The file is read a second time: a city's cells would fill the memory. What a row has
        beyond its header stands behind the result.

        Raises:
            entas.sources.errors.BrokenFile: the file was changed since it was read first.
        """
        yield [*self.headers, *RESULT_COLUMNS]
        places, width = self._places, len(self._table.headers)
        is_whole = len(places) == width
        self._untouched.check()
        for (_, cells), told in zip(self._table.rows(), result, strict=True):
            own = list(cells[:width])
            own += [None] * (width - len(own))
            kept = own if is_whole else [own[place] for place in places]
            yield [*kept, *told, *_without_blanks_behind(cells[width:])]
        self._untouched.check()


def _without_blanks_behind(cells: Sequence[Cell]) -> Sequence[Cell]:
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return cells[:end]


def read_list(path: Path, *, profile: str, on: date) -> ReadList:
    """Read a list for checking; nothing of it is kept.

    Args:
        path: CSV or XLSX as the office keeps it.
        profile: a profile's name, or ``auto``.
        on: the day ages are counted from.

    Raises:
        entas.sources.errors.ListRefused: the file cannot be read as a list.
    """
    untouched = standing(path)
    table = open_table(examine(path))
    layout = choose(table.headers, profile=profile)
    places = _own_places(table.headers)
    rows = ListUnderCheck(area_resolver().parent_group)
    for checked in checked_rows(table, layout, reading_context(on)):
        fault = next((message(one.code) for one in checked.faults if one.code in REJECTING), "")
        rows.add(checked.row, fault)
    headers = [table.headers[place] for place in places]
    doubled = [name for name in headers if name in RESULT_COLUMNS]
    replaces = len(places) < len(table.headers)
    return ReadList(headers, rows, replaces, doubled, table, untouched, places)


def _own_places(headers: Sequence[str]) -> list[int]:
    """Columns of the list itself: an earlier result is checked anew without its verdicts."""
    is_result = all(name in headers for name in RESULT_COLUMNS)
    return [
        place for place, name in enumerate(headers) if not (is_result and name in RESULT_COLUMNS)
    ]


def check(under_check: ListUnderCheck) -> Checked:
    """Say of every row whose it is, by the register as it stands.

    Raises:
        EmptyRegister: there is nobody to check against.
    """
    index, persons = register.index()
    if not len(persons):
        raise EmptyRegister
    links = link_list(under_check.table(), index, model_in_use())
    usable = under_check.usable()
    counts = {word: int((links.verdict == verdict).sum()) for verdict, word in _WORDS.items()} | {
        states.UNUSABLE: under_check.count - len(usable)
    }
    named = np.unique(persons[links.person[links.verdict != Verdict.NOT_FOUND]])
    return Checked(_results(under_check, usable, links, persons), counts, named)


def _results(
    under_check: ListUnderCheck,
    usable: NDArray[np.int64],
    links: Links,
    persons: NDArray[np.int64],
) -> Iterator[tuple[Cell, ...]]:
    alive = _alive()
    told = (
        row
        for first in range(0, len(usable), _ROWS_AT_ONCE)
        for row in _told(usable, links, persons, alive, slice(first, first + _ROWS_AT_ONCE))
    )
    for number, fault in enumerate(under_check.faults(), start=1):
        if fault is not None:
            yield (number, states.UNUSABLE, "", "", "", "", fault)
        else:
            yield (number, *next(told))


def _alive() -> dict[int, str]:
    """States other than living of persons that are named in the result; few."""
    departed = Person.objects.exclude(alive=states.LIVING).filter(state=states.ACTIVE)
    return dict(departed.values_list("pk", "alive").iterator())


def _told(
    usable: NDArray[np.int64],
    links: Links,
    persons: NDArray[np.int64],
    alive: dict[int, str],
    part: slice,
) -> Iterator[tuple[Cell, ...]]:
    fields = list(links.seen)
    levels = np.stack([links.seen[name][part] for name in fields]).T.tolist()
    columns = zip(
        links.verdict[part].tolist(),
        links.person[part].tolist(),
        links.rival[part].tolist(),
        links.probability[part].tolist(),
        links.odds[part].tolist(),
        links.earlier[part].tolist(),
        levels,
        strict=True,
    )
    for verdict, person, rival, chance, odds, earlier, seen in columns:
        word = _WORDS[Verdict(verdict)]
        pk = int(persons[person]) if person >= 0 else 0
        mine = word in (states.SURE, states.REPEATED)
        why = reason(dict(zip(fields, seen, strict=True)), word, chance, has_rival=rival >= 0)
        if word == states.REPEATED:
            first = int(usable[earlier]) + 1
            why = f"Orang yang sama sudah ada di baris {first} daftar ini. {why}"
        yield (
            word,
            pk if mine else "",
            pk if word == states.REVIEW else "",
            round(odds, 1) if pk else "",
            alive.get(pk, states.LIVING) if mine or word == states.REVIEW else "",
            why,
        )
