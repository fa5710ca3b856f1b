"""New persons, families, households and dwellings out of the rows of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entas import custody
from entas.analytics.linkage.keys import KeyTable, stable_hash
from entas.analytics.normalise import NORMALISER_VERSION
from entas.history import bulk_insert_with_history
from entas.registry import states
from entas.registry.keys import LARGEST_RT
from entas.registry.models import (
    Dwelling,
    Family,
    FamilyStay,
    Household,
    HouseholdStay,
    Membership,
    Person,
    PersonKey,
    RegistryHistory,
    Run,
)
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from entas.tables import bulk_insert, next_ids

Ids = NDArray[np.int64]

# Rows turned into records at a time: keeps memory flat for a list of any length.
_CHUNK = 20_000
# Profiles of lists that are registers of people, and not of a programme's participants.
REGISTER_KINDS = frozenset({"dukcapil", "dtsen"})


@dataclass(slots=True)
class Homes:
    """Families and dwellings known so far, so that a new person joins an existing one.

    ``family_of_card`` maps a KK number to a family, ``dwelling_of_place`` a place hash
    to a dwelling. Both live in memory for one run only.
    """

    family_of_card: dict[int, int] = field(default_factory=dict)
    dwelling_of_place: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Founder:
    """Writes the persons that a list's rows found."""

    run: Run
    delivery: Delivery
    homes: Homes

    def plan_families(self, keys: KeyTable, rows: NDArray[Any]) -> tuple[Ids, NDArray[np.bool_]]:
        """Family number of each founding row, and whether the row opens that family.

        Rows of one card share a family; a row without a card has one of its own.
        """
        cards = keys.kk[rows]
        family = np.zeros(len(rows), np.int64)
        opens = np.zeros(len(rows), bool)
        known = self.homes.family_of_card
        wanted: list[int] = []
        for place, card in enumerate(cards.tolist()):
            if card and card in known:
                family[place] = known[card]
                continue
            opens[place] = True
            wanted.append(place)
            if card:
                known[card] = -place - 1
                family[place] = -place - 1
        self._number(family, cards, wanted)
        return family, opens

    def _number(self, family: Ids, cards: Ids, wanted: list[int]) -> None:
        numbers = next_ids(Family, len(wanted))
        real = dict(zip([-place - 1 for place in wanted], numbers, strict=True))
        # Rows behind the opening row of a card still carry its stand-in number.
        family[wanted] = list(numbers)
        for place in np.flatnonzero(family < 0).tolist():
            family[place] = real[int(family[place])]
        for place in wanted:
            if card := int(cards[place]):
                self.homes.family_of_card[card] = int(family[place])

    def write(
        self,
        rows: Iterable[tuple[int, ParsedRow]],
        persons: Ids,
        families: Ids,
        opens: NDArray[np.bool_],
        keys: KeyTable,
    ) -> None:
        """Write the founding rows, in order.

        Args:
            rows: (row number, row) of each founding row.
            persons, families, opens: for each of them.
            keys: key table of just these rows.
        """
        batch: list[tuple[int, ParsedRow]] = []
        at = 0
        for row in rows:
            batch.append(row)
            if len(batch) == _CHUNK:
                self._write_part(batch, slice(at, at + len(batch)), persons, families, opens)
                at += len(batch)
                batch = []
        if batch:
            self._write_part(batch, slice(at, at + len(batch)), persons, families, opens)
        write_keys(keys, persons, self.run)

    def _write_part(
        self,
        batch: Sequence[tuple[int, ParsedRow]],
        part: slice,
        persons: Ids,
        families: Ids,
        opens: NDArray[np.bool_],
    ) -> None:
        family, opening = families[part].tolist(), opens[part]
        chosen = np.flatnonzero(opening).tolist()
        self.write_homes([batch[i][1] for i in chosen], [family[i] for i in chosen])
        niks = [row.nik for _, row in batch]
        sealed = custody.seal_many(
            [nik.encode() if nik else None for nik in niks], context="person.nik"
        )
        hashes = custody.blind_index_many(niks, purpose="nik")
        ids = persons[part].tolist()
        self._insert(
            Person,
            _PERSON_COLUMNS,
            [
                self._person(ids[i], number, row, family[i], sealed[i], hashes[i])
                for i, (number, row) in enumerate(batch)
            ],
        )
        first, day = next_ids(Membership, len(batch)).start, self.delivery.as_of
        self._insert(
            Membership,
            ("id", "person", "family", "role", "from_on", "delivery", "run"),
            [
                (
                    first + i,
                    ids[i],
                    family[i],
                    row.hubungan or "",
                    day,
                    self.delivery.pk,
                    self.run.pk,
                )
                for i, (_, row) in enumerate(batch)
            ],
        )

    def _person(
        self, pk: int, number: int, row: ParsedRow, family: int, sealed: Any, nik_hash: Any
    ) -> tuple[Any, ...]:
        year = row.lahir.year if row.lahir else row.lahir_tahun
        return (
            pk,
            row.nama[:200],
            sealed,
            nik_hash,
            row.lahir,
            year,
            (row.tempat_lahir or "")[:100],
            row.sex or "",
            (row.nama_ibu or "")[:200],
            row.status or states.LIVING,
            family,
            row.hubungan or "",
            row.kelurahan,
            small(row.rt),
            self.delivery.pk,
            number,
            self.run.pk,
        )

    def write_homes(self, rows: Sequence[ParsedRow], families: Sequence[int]) -> None:
        """Open these families, each with a household, in the dwelling of its row."""
        cards = [row.kk for row in rows]
        sealed = custody.seal_many(
            [kk.encode() if kk else None for kk in cards], context="family.kk"
        )
        hashes = custody.blind_index_many(cards, purpose="kk")
        run, day = self.run.pk, self.delivery.as_of
        self._insert(
            Family,
            ("id", "kk_sealed", "kk_hash", "run"),
            list(zip(families, sealed, hashes, [run] * len(rows), strict=True)),
        )
        households = list(next_ids(Household, len(rows)))
        self._insert(Household, ("id", "run"), [(pk, run) for pk in households])
        dwellings = self._dwellings(rows)
        stays = next_ids(HouseholdStay, len(rows)).start
        self._insert(
            HouseholdStay,
            ("id", "household", "dwelling", "from_on", "run"),
            [(stays + i, households[i], dwellings[i], day, run) for i in range(len(rows))],
        )
        stays = next_ids(FamilyStay, len(rows)).start
        self._insert(
            FamilyStay,
            ("id", "family", "household", "from_on", "run"),
            [(stays + i, families[i], households[i], day, run) for i in range(len(rows))],
        )

    def _dwellings(self, rows: Sequence[ParsedRow]) -> list[int]:
        """Dwelling of each family: shared where kelurahan, RT and the written address are
        the same, because several families live under one roof.
        """
        places = [place_hash(row) for row in rows]
        known = self.homes.dwelling_of_place
        fresh: list[tuple[Any, ...]] = []
        new = [i for i, place in enumerate(places) if not place or place not in known]
        numbers = iter(next_ids(Dwelling, len(new)))
        out = []
        for row, place in zip(rows, places, strict=True):
            if place and place in known:
                out.append(known[place])
                continue
            pk = next(numbers)
            if place:
                known[place] = pk
            out.append(pk)
            address = (row.alamat or "")[:300]
            fresh.append(
                (
                    pk,
                    row.kelurahan,
                    small(row.rt),
                    small(row.rw),
                    address,
                    place or None,
                    self.run.pk,
                )
            )
        columns = ("id", "kelurahan", "rt", "rw", "address", "place_hash", "run")
        self._insert(Dwelling, columns, fresh)
        return out

    def _insert(self, model: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        bulk_insert_with_history(
            model, columns, rows, history=RegistryHistory, act_id=self.run.act_id
        )


_PERSON_COLUMNS = (
    "id",
    "name",
    "nik_sealed",
    "nik_hash",
    "birth_on",
    "birth_year",
    "birth_place",
    "sex",
    "mother_name",
    "alive",
    "family",
    "role",
    "kelurahan",
    "rt",
    "origin_delivery",
    "origin_row",
    "run",
)


def small(number: int | None) -> int | None:
    """An RT or RW that fits its column; a clerk's slip of many digits is no RT."""
    return number if number is not None and 0 <= number <= LARGEST_RT else None


def place_hash(row: ParsedRow) -> int:
    """One number for a written address inside an RT; 0 when it names no house."""
    if not row.kelurahan or not row.alamat or not any(c.isdigit() for c in row.alamat):
        return 0
    words = "".join(c if c.isalnum() else " " for c in row.alamat.upper()).split()
    return stable_hash(f"{row.kelurahan} {row.rt or 0} {' '.join(words)}")


def write_keys(keys: KeyTable, persons: Ids, run: Run | None) -> None:
    """Store the comparable keys of persons; derived from them, so without a log."""
    bulk_insert(PersonKey, KEY_COLUMNS, key_rows(keys, persons, run))


KEY_COLUMNS = (
    "person",
    "version",
    "name_sound",
    "mother_sound",
    "birth",
    "sex",
    "kelurahan",
    "kel_group",
    "rt",
    "street",
    "house",
    "family_number",
    "role",
    "run",
)


def key_rows(keys: KeyTable, persons: Ids, run: Run | None) -> Iterable[tuple[Any, ...]]:
    """Rows of ``PersonKey`` for a table of keys."""
    columns: list[Sequence[Any]] = [
        persons.tolist(),
        [NORMALISER_VERSION] * len(keys),
        [keys.names.texts[number][:200] if number >= 0 else "" for number in keys.name.tolist()],
        [
            keys.mothers.texts[number][:200] if number >= 0 else ""
            for number in keys.mother.tolist()
        ],
    ]
    columns += [getattr(keys, name).tolist() for name in ("birth", "sex", "kel", "kel_group", "rt")]
    columns += [getattr(keys, name).tolist() for name in ("street", "house", "family", "role")]
    columns.append([run.pk if run else None] * len(keys))
    return zip(*columns, strict=True)


def may_found(row: ParsedRow, *, register_source: bool) -> bool:
    """Whether a row nobody is found for describes a person well enough to open one.

    A register-making list needs a name and a NIK or a birth date. Any other list needs
    all three: a row of a programme that is only half readable stays "tidak_ditemukan"
    with its sender, instead of becoming a second shadow of somebody.
    """
    if not row.nama:
        return False
    if register_source:
        return bool(row.nik or row.lahir)
    return bool(row.nik and row.lahir)
