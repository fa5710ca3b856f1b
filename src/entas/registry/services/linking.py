"""Link every delivered list that is not linked yet, and found persons nobody knew."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas.analytics.linkage.duplicates import suspected_duplicates
from entas.analytics.linkage.keys import KeyTable, append_rows
from entas.analytics.linkage.link import Links, RegisterIndex, Verdict, link_list, register_index
from entas.analytics.linkage.model import Model
from entas.city.models import User
from entas.city.policies import check_may
from entas.city.queries import area_resolver
from entas.jobs.services import Progress, no_progress
from entas.registry import extract, states
from entas.registry.errors import NothingImported
from entas.registry.keys import key_columns
from entas.registry.models import (
    Duplicate,
    Dwelling,
    Link,
    LinkedList,
    Person,
    Run,
)
from entas.registry.queries import register, review, summary
from entas.registry.services import runs
from entas.registry.services.founding import REGISTER_KINDS, Founder, Homes, may_found
from entas.registry.services.models import model_in_use
from entas.registry.services.survivorship import apply_run
from entas.registry.services.unfinished import finish_published
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from entas.sources.queries import accepted_deliveries, accepted_rows
from entas.tables import bulk_insert, next_ids

_LINK_COLUMNS = (
    "delivery",
    "row",
    "decision",
    "person",
    "candidate",
    "rival",
    "weight",
    "probability",
    "run",
)
_CHUNK = 20_000
_WORDS = {
    Verdict.REVIEW: states.REVIEW,
    Verdict.SURE: states.SURE,
    Verdict.REPEATED: states.REPEATED,
}


def link_lists(*, by: User, progress: Progress = no_progress) -> dict[str, Any]:
    """Link all lists that wait, publish the result at once, and look for duplicates.

    A list is linked once; a new one does not touch the links of the others. Persons of
    the register are never merged here. A run that was killed is swept away first.

    Returns:
        persons, linked, review, new, duplicates (of this run; persons of the register)
        and seconds.

    Raises:
        NotAllowed: ``by`` may not link.
        NothingImported: there is no accepted list.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.link")
    began = time.monotonic()
    with runs.exclusive():
        runs.sweep()
        finish_published()
        if not accepted_deliveries().exists():
            raise NothingImported
        waiting = _waiting()
        counts = _link_waiting(waiting, by, progress) if waiting else _nothing_waits()
    return {
        "persons": summary.person_count(),
        **counts,
        "duplicates": summary.suspected_count(),
        "seconds": round(time.monotonic() - began, 1),
    }


def _waiting() -> list[Delivery]:
    """Accepted lists that are not linked, the best source of names first: whoever is
    opened by a better list is found, and not opened, by the next.
    """
    linked = LinkedList.objects.filter(withdrawn=False).values("delivery_id")
    waiting = accepted_deliveries().exclude(pk__in=linked)
    return sorted(waiting, key=lambda one: (one.source.rank("nama"), one.as_of, one.pk))


def _nothing_waits() -> dict[str, int]:
    return {"linked": 0, "review": 0, "new": 0}


def _link_waiting(waiting: Sequence[Delivery], by: User, progress: Progress) -> dict[str, int]:
    run = runs.start(kind="link", by=by)
    session = _Session.open(run)
    for done, delivery in enumerate(waiting):
        progress(done, len(waiting) + 1, f"menautkan {delivery.source.code}")
        session.link(delivery)
    progress(len(waiting), len(waiting) + 1, "mencari data ganda")
    session.suspect()
    counts = session.counts
    runs.publish(run=run, by=by, result=counts)
    apply_run(run=run)
    runs.finish(run=run)
    # Linked rows may just have corrected persons: an extract made in between is old.
    runs.raise_version()
    session.keep_extract()
    progress(len(waiting) + 1, len(waiting) + 1, "selesai")
    return counts


@dataclass(slots=True)
class _Session:
    """One linking run: the register as it grows list by list."""

    run: Run
    table: KeyTable
    persons: NDArray[np.int64]
    homes: Homes
    model: Model
    known_before: int
    counts: dict[str, int] = field(default_factory=_nothing_waits)
    _index: RegisterIndex | None = None

    @classmethod
    def open(cls, run: Run) -> "_Session":
        index, persons = register.index()
        homes = _homes(index.table)
        return cls(run, index.table, persons, homes, model_in_use(), len(persons), _index=index)

    def link(self, delivery: Delivery) -> None:
        """Link one list, found its new persons, stage all of it."""
        group = area_resolver().parent_group
        keys = key_columns((row for _, row in accepted_rows(delivery)), group).table()
        numbers = np.fromiter((n for n, _ in accepted_rows(delivery)), np.int64)
        links = self._compare(keys)
        self._obey_people(delivery, numbers, links)
        founding = self._founding(delivery, keys, links)
        persons = self._found(delivery, keys, founding)
        self._stage_links(delivery, numbers, links, founding, persons)
        self._stage_list(delivery, links)

    def _compare(self, keys: KeyTable) -> Links | None:
        if not len(self.table) or not len(keys):
            return None
        return link_list(keys, self._counted(), self.model)

    def _obey_people(
        self, delivery: Delivery, numbers: NDArray[np.int64], links: Links | None
    ) -> None:
        """What people decided about a row stands, whatever the weights say."""
        decided = list(review.decisions_on(delivery))
        if links is None or not decided:
            return
        place = {int(number): at for at, number in enumerate(numbers.tolist())}
        row_of = {int(pk): at for at, pk in enumerate(self.persons.tolist())}
        for row, pk, same in decided:
            at, person = place.get(row), row_of.get(pk)
            if at is None or person is None:
                continue
            if same:
                links.person[at], links.verdict[at] = person, Verdict.SURE
            elif links.person[at] == person:
                links.verdict[at] = Verdict.NOT_FOUND

    def _founding(
        self, delivery: Delivery, keys: KeyTable, links: Links | None
    ) -> NDArray[np.bool_]:
        """Which rows open a person: nobody was found, and the row says enough."""
        makes_register = delivery.source.kind in REGISTER_KINDS
        enough = np.fromiter(
            (may_found(row, register_source=makes_register) for _, row in accepted_rows(delivery)),
            bool,
        )
        if links is None:
            return enough
        # A number that somebody in the register bears founds no second bearer of it.
        taken = np.isin(keys.nik, self.table.nik[self.table.nik > 0])
        return np.asarray(enough & (links.verdict == Verdict.NOT_FOUND) & ~taken)

    def _found(
        self, delivery: Delivery, keys: KeyTable, founding: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        rows = np.flatnonzero(founding)
        persons = np.fromiter(next_ids(Person, len(rows)), np.int64)
        if not len(rows):
            return persons
        founder = Founder(self.run, delivery, self.homes)
        families, opens = founder.plan_families(keys, rows)
        added = keys.take(rows)
        added.family = families.astype(np.int32)
        founder.write(_chosen(accepted_rows(delivery), founding), persons, families, opens, added)
        self.table = append_rows(self.table, added)
        self.persons = np.concatenate([self.persons, persons])
        self._index = None
        return persons

    def _stage_links(
        self,
        delivery: Delivery,
        numbers: NDArray[np.int64],
        links: Links | None,
        founding: NDArray[np.bool_],
        founded: NDArray[np.int64],
    ) -> None:
        decision = np.full(len(numbers), states.NOT_FOUND, object)
        person = np.full(len(numbers), -1, np.int64)
        candidate, rival = person.copy(), person.copy()
        weight: list[float | None] = [None] * len(numbers)
        chance = weight
        if links is not None:
            for verdict, word in _WORDS.items():
                decision[links.verdict == verdict] = word
            linked = links.verdict >= Verdict.SURE
            person[linked] = self.persons[links.person[linked]]
            candidate, rival = self._ids_of(links.person), self._ids_of(links.rival)
            weight, chance = _rounded(links.odds, links), _rounded(links.probability, links)
        decision[founding] = states.FOUNDED
        person[founding] = founded
        ids = (
            [pk if pk >= 0 else None for pk in column.tolist()]
            for column in (person, candidate, rival)
        )
        rows = zip(
            [delivery.pk] * len(numbers),
            numbers.tolist(),
            decision.tolist(),
            *ids,
            weight,
            chance,
            [self.run.pk] * len(numbers),
            strict=True,
        )
        bulk_insert(Link, _LINK_COLUMNS, rows)
        self._count(decision)

    def _ids_of(self, rows: NDArray[np.int32]) -> NDArray[np.int64]:
        """id_warga of each register row; -1 where there is none."""
        return np.where(rows >= 0, self.persons[np.maximum(rows, 0)], -1)

    def _count(self, decision: NDArray[Any]) -> None:
        self.counts["linked"] += int(np.isin(decision, (states.SURE, states.REPEATED)).sum())
        self.counts["review"] += int((decision == states.REVIEW).sum())
        self.counts["new"] += int((decision == states.FOUNDED).sum())

    def _stage_list(self, delivery: Delivery, links: Links | None) -> None:
        fitted = links.model if links is not None else self.model
        row = (delivery.pk, self.model.version, fitted.to_json(), self.run.pk)
        bulk_insert(LinkedList, ("delivery", "model_version", "fitted", "run"), [row])

    def suspect(self) -> None:
        """Stage the suspected duplicates in which a person of this run takes part."""
        if len(self.persons) == self.known_before:
            return
        found = suspected_duplicates(self._counted(), self.model, since=self.known_before)
        first, second = self.persons[found.first], self.persons[found.second]
        rows = zip(
            np.minimum(first, second).tolist(),
            np.maximum(first, second).tolist(),
            [round(x, 2) for x in found.odds.tolist()],
            [round(x, 4) for x in found.probability.tolist()],
            [self.run.pk] * len(first),
            strict=True,
        )
        bulk_insert(Duplicate, ("first", "second", "weight", "probability", "run"), rows)

    def keep_extract(self) -> None:
        """Seal the keys for the next list; read anew if linked rows corrected some."""
        if register.is_unchanged_since(self.run):
            extract.write_extract(self._counted(), self.persons, runs.register_stamp())
        else:
            register.index()

    def _counted(self) -> RegisterIndex:
        if self._index is None:
            same = register.same_person(self.persons)
            self._index = register_index(self.table, same_person=same)
        return self._index


def _rounded(values: NDArray[Any], links: Links) -> list[float | None]:
    """Four decimals; nothing where there is no candidate to speak of."""
    some = (links.person >= 0).tolist()
    return [
        round(value, 4) if is_one else None
        for value, is_one in zip(values.tolist(), some, strict=True)
    ]


def _chosen(
    rows: Iterable[tuple[int, ParsedRow]], mask: NDArray[np.bool_]
) -> Iterator[tuple[int, ParsedRow]]:
    return (row for row, wanted in zip(rows, mask.tolist(), strict=True) if wanted)


def _homes(table: KeyTable) -> Homes:
    held = np.flatnonzero((table.kk > 0) & (table.family >= 0))
    cards = dict(zip(table.kk[held].tolist(), table.family[held].tolist(), strict=True))
    places = Dwelling.objects.exclude(place_hash=None).values_list("place_hash", "pk")
    known = {place: pk for place, pk in places.iterator(chunk_size=_CHUNK) if place is not None}
    return Homes(cards, known)
