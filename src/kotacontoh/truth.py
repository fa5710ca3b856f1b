"""The truth folder: who every row really is. The product never reads it."""

import csv
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from kotacontoh.city import City
from kotacontoh.files import write_truth
from kotacontoh.lists.delivery import Delivery
from kotacontoh.members import MALE
from kotacontoh.streams import words

ROWS = ("file", "source", "baris", "person", "household", "what", "careless", "errors")
PERSONS = words(
    "person household family name nik kk dob sex kelurahan rt poor consumption alive moved status"
)
PLANTED = ("file", "baris", "person", "household", "consumption")
STATUS = ("resident", "moved_out", "outside")


class Truth:
    """Writes rows.csv, persons.csv, duplicates.csv and planted.csv while lists are made."""

    def __init__(self, city: City, folder: Path) -> None:
        self.city = city
        self.folder = folder
        self.planted: list[tuple[Any, ...]] = []

    def __enter__(self) -> Self:
        self._write_persons()
        self._handle = (self.folder / "rows.csv").open("w", newline="", encoding="utf-8")
        self._rows = csv.writer(self._handle, lineterminator="\n")
        self._rows.writerow(ROWS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._handle.close()
        write_truth(self.folder / "planted.csv", PLANTED, self.planted)

    def add(self, delivery: Delivery) -> None:
        """Record every row of a delivery, in its order."""
        draft = delivery.draft
        home = self.city.members.household[draft.person].tolist()
        rows = zip(
            draft.person.tolist(), home, draft.what, draft.careless.tolist(), draft.errors,
            strict=True,
        )  # fmt: skip
        self._rows.writerows(
            (
                delivery.name,
                delivery.source,
                number,
                p,
                h,
                what,
                int(careless),
                "|".join(errors),
            )
            for number, (p, h, what, careless, errors) in enumerate(rows, start=1)
        )
        self._add_planted(delivery, home)
        if delivery.role == "register":
            self._write_duplicates(draft.person.tolist())

    def _add_planted(self, delivery: Delivery, home: list[int]) -> None:
        for row in np.flatnonzero(delivery.planted).tolist():
            person = int(delivery.draft.person[row])
            spent = int(self.city.welfare.consumption[home[row]])
            self.planted.append((delivery.name, row + 1, person, home[row], spent))

    def _write_duplicates(self, person: list[int]) -> None:
        rows = defaultdict(list)
        for number, who in enumerate(person, start=1):
            rows[who].append(number)
        pairs = [(a, b, who) for who, n in rows.items() for a, b in combinations(n, 2)]
        write_truth(
            self.folder / "duplicates.csv",
            ("baris_a", "baris_b", "person"),
            sorted(pairs),
        )

    def _write_persons(self) -> None:
        city, members = self.city, self.city.members
        home = members.household
        area = [kelurahan.code for kelurahan in city.ground.kelurahan]
        columns = (
            range(len(city)),
            home.tolist(),
            members.family.tolist(),
            city.names.name,
            city.nik,
            city.kk,
            city.birth,
            np.where(members.sex == MALE, "L", "P").tolist(),
            [area[index] for index in city.homes.kelurahan[home].tolist()],
            city.homes.rt[home].tolist(),
            (city.welfare.poor[home] & city.living()).astype(int).tolist(),
            city.welfare.consumption[home].tolist(),
            (~members.dead).astype(int).tolist(),
            city.moved().astype(int).tolist(),
            [STATUS[kind] for kind in city.kind().tolist()],
        )
        write_truth(self.folder / "persons.csv", PERSONS, zip(*columns, strict=True))
