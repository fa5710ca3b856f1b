"""A list while it is being typed: columns of text, who each row truly is, what went wrong."""

from dataclasses import dataclass, field

import numpy as np

from kotacontoh.city import City
from kotacontoh.members import MALE
from kotacontoh.streams import Bools, Ints, Texts, texts

STRANGER = -1


@dataclass
class Draft:
    """Rows of one list in the making. ``person`` is the true person of each row.

    ``columns`` holds what the paper says, by plain names (nik, kk, name, sex L/P, birth ISO,
    birthplace, mother, street, rt, rw, kel, kec, code); empty text means not written.
    """

    list_code: str
    person: Ints
    columns: dict[str, Texts]
    errors: list[list[str]]
    what: Texts
    careless: Bools
    extra: dict[str, Texts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.person)

    def reordered(self, order: Ints) -> "Draft":
        """The same rows in another order, or some of them, or some twice."""
        return Draft(
            self.list_code,
            self.person[order],
            {name: column[order] for name, column in self.columns.items()},
            [list(self.errors[row]) for row in order.tolist()],
            self.what[order],
            self.careless[order],
            {name: column[order] for name, column in self.extra.items()},
        )


def draft_of(city: City, list_code: str, people: Ints) -> Draft:
    """A flawless list of these people, in this order."""
    home = city.members.household[people]
    area = city.homes.kelurahan[home]
    kelurahan = city.ground.kelurahan
    columns = {
        "nik": city.nik[people],
        "kk": city.kk[people],
        "name": city.names.name[people],
        "sex": texts(np.where(city.members.sex[people] == MALE, "L", "P").tolist()),
        "birth": city.birth[people],
        "birthplace": city.attributes.birthplace[people],
        "mother": city.names.mother[people],
        "street": city.homes.street[home],
        "rt": _three_digits(city.homes.rt[home]),
        "rw": _three_digits(city.homes.rw[home]),
        "kel": texts([a.name.upper() for a in kelurahan])[area],
        "kec": texts([a.kecamatan.upper() for a in kelurahan])[area],
        "code": city.ground.codes()[area],
    }
    count = len(people)
    return Draft(
        list_code,
        np.asarray(people, dtype=np.int64),
        columns,
        [[] for _ in range(count)],
        np.full(count, "ok", dtype=object),
        np.zeros(count, dtype=bool),
    )


def _three_digits(numbers: Ints) -> Texts:
    known = texts([f"{n:03d}" for n in range(int(numbers.max(initial=0)) + 1)])
    return known[numbers]


def repeat_some(draft: Draft, share: float, rng: np.random.Generator) -> Draft:
    """Write a share of the rows a second time, further down: the list's own duplicates."""
    count = round(len(draft) * share)
    if count == 0:
        return draft
    again = np.sort(rng.choice(len(draft), size=count, replace=False))
    place = np.concatenate([np.arange(len(draft), dtype=float), rng.uniform(again, len(draft))])
    copy = np.concatenate([np.zeros(len(draft), dtype=bool), np.ones(count, dtype=bool)])
    order = np.argsort(place, kind="stable")
    out = draft.reordered(np.concatenate([np.arange(len(draft)), again])[order])
    out.what[copy[order]] = "duplicate_in_list"
    return out
