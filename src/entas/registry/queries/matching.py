"""Adu data: check a list against the register without changing anything."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.link import Links, Verdict, link_list
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.errors import EmptyRegister
from entas.registry.keys import KeyColumns, add_row
from entas.registry.models import Person
from entas.registry.queries import register
from entas.registry.services.models import model_in_use
from entas.registry.wording import reason
from entas.sources.cells import Cell
from entas.sources.checking import checked_rows
from entas.sources.parsed import ParsedRow
from entas.sources.profiles import choose
from entas.sources.queries import reading_context
from entas.sources.reading import examine, open_table
from entas.sources.rules import REJECTING, message

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
    """A list after checking, one entry a row in the order of the list.

    Attributes:
        result: cells for ``RESULT_COLUMNS``.
        counts: how often each verdict fell.
    """

    result: list[tuple[Cell, ...]]
    counts: dict[str, int]


@dataclass(slots=True)
class ListUnderCheck:
    """Rows of a list as they are read: usable ones become keys, others keep their fault."""

    group_of: Callable[[int], int]
    keys: KeyColumns = field(default_factory=KeyColumns)
    usable: list[int] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)
    count: int = 0

    def add(self, row: ParsedRow | None, fault: str) -> None:
        """Put the next row of the list behind the others; ``fault`` is why it is unusable."""
        if row is None:
            self.faults[self.count] = fault
        else:
            add_row(self.keys, row, self.group_of)
            self.usable.append(self.count)
        self.count += 1


@dataclass(slots=True)
class ReadList:
    """A delivered file taken apart for checking: its header, its cells, its rows."""

    headers: Sequence[str]
    cells: list[Sequence[Cell]]
    rows: ListUnderCheck


def read_list(path: Path, *, profile: str, on: date) -> ReadList:
    """Read a list for checking; nothing of it is kept.

    Args:
        path: CSV or XLSX as the office keeps it.
        profile: a profile's name, or ``auto``.
        on: the day ages are counted from.

    Raises:
        entas.sources.errors.ListRefused: the file cannot be read as a list.
    """
    table = open_table(examine(path))
    layout = choose(table.headers, profile=profile)
    read = ReadList(table.headers, [], ListUnderCheck(area_resolver().parent_group))
    for checked in checked_rows(table, layout, reading_context(on)):
        fault = next((message(one.code) for one in checked.faults if one.code in REJECTING), "")
        read.cells.append(checked.cells)
        read.rows.add(checked.row, fault)
    return read


def check(under_check: ListUnderCheck) -> Checked:
    """Say of every row whose it is, by the register as it stands.

    Raises:
        EmptyRegister: there is nobody to check against.
    """
    index, persons = register.index()
    if not len(persons):
        raise EmptyRegister
    links = link_list(under_check.keys.table(), index, model_in_use())
    return _results(under_check, links, persons)


def _results(under_check: ListUnderCheck, links: Links, persons: NDArray[np.int64]) -> Checked:
    alive = _alive()
    result: list[tuple[Cell, ...]] = [()] * under_check.count
    counts = dict.fromkeys((*_WORDS.values(), states.UNUSABLE), 0)
    for row, fault in under_check.faults.items():
        result[row] = (row + 1, states.UNUSABLE, "", "", "", "", fault)
        counts[states.UNUSABLE] += 1
    for row, told in zip(
        under_check.usable, _told(under_check, links, persons, alive), strict=True
    ):
        result[row] = (row + 1, *told)
        counts[str(told[0])] += 1
    return Checked(result, counts)


def _alive() -> dict[int, str]:
    """States other than living of persons that are named in the result; few."""
    departed = Person.objects.exclude(alive=states.LIVING).filter(state=states.ACTIVE)
    return dict(departed.values_list("pk", "alive").iterator())


def _told(
    under_check: ListUnderCheck, links: Links, persons: NDArray[np.int64], alive: dict[int, str]
) -> Iterator[tuple[Cell, ...]]:
    fields = list(links.seen)
    levels = np.stack([links.seen[name] for name in fields]).T.tolist() if len(links.person) else []
    columns = zip(
        links.verdict.tolist(),
        links.person.tolist(),
        links.rival.tolist(),
        links.probability.tolist(),
        links.odds.tolist(),
        links.earlier.tolist(),
        levels,
        strict=True,
    )
    for verdict, person, rival, chance, odds, earlier, seen in columns:
        word = _WORDS[Verdict(verdict)]
        pk = int(persons[person]) if person >= 0 else 0
        mine = word in (states.SURE, states.REPEATED)
        why = reason(dict(zip(fields, seen, strict=True)), word, chance, has_rival=rival >= 0)
        if word == states.REPEATED:
            first = under_check.usable[earlier] + 1
            why = f"Orang yang sama sudah ada di baris {first} daftar ini. {why}"
        yield (
            word,
            pk if mine else "",
            pk if word == states.REVIEW else "",
            round(odds, 1) if pk else "",
            alive.get(pk, states.LIVING) if mine or word == states.REVIEW else "",
            why,
        )
