"""Who is on which list, seen as the offices saw it: through a stale and noisy score."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kotacontoh.areas import Ground, all_kelurahan, data_rows
from kotacontoh.city import City
from kotacontoh.homes import MOVED_OUT, RESIDENT
from kotacontoh.members import FEMALE
from kotacontoh.rates import CONTENT
from kotacontoh.sizes import CITY_PERSONS, Size
from kotacontoh.streams import Bools, Floats, Generator, Ints

# Counts of the whole city: generator_targets.json, programmes.
DTSEN_HOUSEHOLDS, PBI_PERSONS, PIP_PUPILS = 42_000, 170_000, 24_000
KELURAHAN_ROWS = 30_000  # G, between 9,000 (extreme poor) and 45,000 (all who ask)
CHECK_ROWS, LONG_CHECK_ROWS = 60_000, 200_000

NEVER_LISTED = 0.15
SCORE_NOISE = 0.75
RICH_LINES = 3.5  # poverty lines a head: nobody can call such a household poor
ADULT = 20
DECILE_BORDERS = (0.08, 0.22, 0.42, 0.70)  # of listed households, G


@dataclass
class Chosen:
    """People of one list in row order, and which of them were planted though rich."""

    people: Ints
    planted: Bools


class Programmes:
    """The enrolment of one city."""

    def __init__(self, city: City) -> None:
        self.city = city
        rng = city.streams.numpy("programmes")
        count = len(city.homes)
        self.resident = city.homes.kind == RESIDENT
        self.score = city.welfare.index + SCORE_NOISE * rng.normal(size=count)
        self.never_listed = rng.random(count) < NEVER_LISTED
        self.rich = self.resident & (city.welfare.lines > RICH_LINES)
        self.dtsen_homes = self._dtsen_homes()
        self.decile = self._deciles()

    def _dtsen_homes(self) -> Bools:
        wanted = self.city.size.scaled(DTSEN_HOUSEHOLDS)
        return _lowest(self.score, self.resident & ~self.never_listed, wanted)

    def _deciles(self) -> Ints:
        decile = np.full(len(self.score), 6, dtype=np.int64)
        listed = np.flatnonzero(self.dtsen_homes)
        order = listed[np.argsort(self.score[listed], kind="stable")]
        rank = np.arange(len(order)) / max(1, len(order))
        decile[order] = 1 + np.searchsorted(DECILE_BORDERS, rank, side="right")
        return decile

    @cached_property
    def household(self) -> Ints:
        """Household of each person."""
        return self.city.members.household

    def _count(self, people: Bools) -> Ints:
        mask = people & ~self.city.members.dead
        return np.bincount(self.household[mask], minlength=len(self.city.homes))

    @cached_property
    def components(self) -> dict[str, Ints]:
        """PKH components of each household by Indonesian column name."""
        facts, age = self.city.attributes, self.city.members.age()
        return {
            "IBU HAMIL": self._count(facts.pregnant),
            "ANAK USIA DINI": self._count(age < 6.5),
            "SD": self._count((facts.grade >= 1) & (facts.grade <= 6)),
            "SMP": self._count((facts.grade >= 7) & (facts.grade <= 9)),
            "SMA": self._count((facts.grade >= 10) & (facts.grade <= 12)),
            "LANSIA": self._count(age >= 60),
            "DISABILITAS BERAT": self._count(facts.disability == 2),
        }

    def dtsen(self) -> Ints:
        """Members of listed families; the dead and families gone, as stale lists keep them."""
        rng = self.city.streams.numpy("dtsen people")
        members = self.city.members
        living = np.flatnonzero(self.dtsen_homes[self.household] & ~members.dead)
        dead = np.flatnonzero(self.dtsen_homes[self.household] & members.dead)
        gone = np.flatnonzero(self.city.homes.kind == MOVED_OUT)
        share = CONTENT["dtsen"]
        dead = _some(rng, dead, share["dead"].share * len(living))
        gone_count = int(share["moved_out"].share * len(living) / 3.9)
        left = np.isin(self.household, _some(rng, gone, gone_count))
        return np.sort(np.concatenate([living, dead, np.flatnonzero(left)]))

    def pkh(self) -> Chosen:
        """One payee a family, quotas by kecamatan as published."""
        rng = self.city.streams.numpy("pkh people")
        eligible = (sum(self.components.values()) > 0) & self.resident
        homes, planted = [], []
        for code, quota in pkh_quotas(self.city.size, self.city.ground).items():
            here = eligible & self._in_kecamatan(code)
            chosen, rich = self._pkh_homes(here, quota, rng)
            homes.append(chosen)
            planted.append(rich)
        people = self._payee(np.concatenate(homes))
        stale = self._stale_payees(rng, len(people))
        # The gone take the places of living payees: the published count stays.
        ordinary = np.flatnonzero(~np.concatenate(planted))
        people[rng.choice(ordinary, size=len(stale), replace=False)] = stale
        order = np.argsort(people, kind="stable")
        return Chosen(people[order], np.concatenate(planted)[order])

    def _stale_payees(self, rng: Generator, count: int) -> Ints:
        """Payees who died or left the city since the decree."""
        adult = self.city.members.age() >= ADULT
        share = CONTENT["pkh"]
        dead = np.flatnonzero(self.city.members.dead & adult)
        women = self.city.moved() & adult & (self.city.members.sex == FEMALE)
        return np.concatenate(
            [
                _some(rng, dead, count * share["dead"].share),
                _some(rng, np.flatnonzero(women), count * share["moved_out"].share),
            ]
        )

    def _pkh_homes(self, eligible: Bools, quota: int, rng: Generator) -> tuple[Ints, Bools]:
        share = CONTENT["pkh"]
        rich = _some(
            rng,
            np.flatnonzero(eligible & self.rich),
            round(quota * share["rich"].share),
        )
        taken = np.zeros(len(eligible), dtype=bool)
        taken[rich] = True
        outside = eligible & ~self.dtsen_homes & ~taken & (self.score < 0.3)
        new = _some(rng, np.flatnonzero(outside), round(quota * share["not_in_dtsen"].share))
        taken[new] = True
        listed = np.flatnonzero(eligible & self.dtsen_homes & ~taken)
        captured = _some(rng, listed, round(quota * share["local_capture"].share))
        taken[captured] = True
        rest = quota - len(rich) - len(new) - len(captured)
        # Where the list has too few eligible families the quota goes beyond it.
        score = self.score + np.where(self.dtsen_homes, 0.0, 100.0)
        taken |= _lowest(score, eligible & ~taken, rest)
        homes = np.flatnonzero(taken)
        return homes, np.isin(homes, rich)

    def _in_kecamatan(self, code: str) -> Bools:
        inside = [area.code.startswith(code) for area in self.city.ground.kelurahan]
        return np.array(inside)[self.city.homes.kelurahan]

    def _payee(self, homes: Ints) -> Ints:
        """The wife draws the money; without one, the head."""
        head = self.city.homes.start[homes]
        wife = self.city.members.spouse[head]
        takes = (wife >= 0) & (self.city.members.sex[np.maximum(wife, 0)] == FEMALE)
        return np.where(takes, wife, head)

    def pip(self) -> Ints:
        """Pupils of poorer homes, a tenth of them named by the school for other reasons."""
        rng = self.city.streams.numpy("pip people")
        grade = self.city.attributes.grade
        pupil = self.city.living() & (grade >= 1) & (grade <= 12)
        wanted = min(self.city.size.scaled(PIP_PUPILS), int(pupil.sum() * 0.6))
        named = _some(rng, np.flatnonzero(pupil), wanted * 0.1)
        pupil[named] = False
        score = self.score[self.household] + 0.4 * rng.normal(size=len(pupil))
        chosen = np.flatnonzero(_lowest(score, pupil, wanted - len(named)))
        gone = np.flatnonzero(self.city.moved() & (grade >= 1) & (grade <= 12))
        gone = _some(rng, gone, wanted * CONTENT["pip"]["moved_out"].share)
        return np.sort(np.concatenate([chosen, named, gone]))

    def pbi(self) -> Chosen:
        """Insured persons: most members of poorer homes, the dead, movers, planted rich."""
        rng = self.city.streams.numpy("pbi people")
        share, wanted = CONTENT["pbi"], self.city.size.scaled(PBI_PERSONS)
        living = self.city.living() & (rng.random(len(self.city)) < 0.92)
        rich = _some(
            rng,
            np.flatnonzero(living & self.rich[self.household]),
            wanted * share["rich"].share,
        )
        living[rich] = False
        dead = np.flatnonzero(self.city.members.dead)
        dead = _some(rng, dead, wanted * share["dead"].share)
        gone = _some(rng, np.flatnonzero(self.city.moved()), wanted * share["moved_out"].share)
        score = self.score[self.household] + 0.5 * rng.normal(size=len(living))
        rest = wanted - len(rich) - len(dead) - len(gone)
        insured = np.flatnonzero(_lowest(score, living, rest))
        people = np.sort(np.concatenate([insured, rich, dead, gone]))
        return Chosen(people, np.isin(people, rich))

    def kelurahan(self) -> Chosen:
        """Heads whom the RT named: poor in its eyes, some friends, some rich."""
        rng = self.city.streams.numpy("kelurahan people")
        share, wanted = CONTENT["kelurahan"], self.city.size.scaled(KELURAHAN_ROWS)
        seen = self.city.welfare.index + 0.8 * rng.normal(size=len(self.score))
        rich = _some(rng, np.flatnonzero(self.rich), wanted * share["rich"].share)
        taken = np.zeros(len(seen), dtype=bool)
        taken[rich] = True
        well_off = self.resident & ~self.city.welfare.poor & ~taken
        friends = _some(rng, np.flatnonzero(well_off), wanted * share["non_poor"].share)
        taken[friends] = True
        taken |= _lowest(seen, self.resident & ~taken, wanted - len(rich) - len(friends))
        homes = np.flatnonzero(taken)
        return Chosen(self.city.homes.start[homes], np.isin(homes, rich))

    def check(self, rows: int, purpose: str) -> Chosen:
        """A programme's own list: poorer residents, strangers, dead, movers, planted rich."""
        rng = self.city.streams.numpy(f"{purpose} people")
        share = CONTENT["cek"]
        base = round(rows / (1 + share["double_row"].share))
        sources = {
            "stranger": self.city.outside(),
            "dead": self.city.members.dead,
            "moved_out": self.city.moved(),
            "rich": self.city.living() & self.rich[self.household],
        }
        parts = {
            name: _some(rng, np.flatnonzero(mask), base * share[name].share)
            for name, mask in sources.items()
        }
        rest = base - sum(len(part) for part in parts.values())
        poorer = self.city.living() & (self.score < np.quantile(self.score, 0.65))[self.household]
        poorer[parts["rich"]] = False
        parts["rest"] = _some(rng, np.flatnonzero(poorer), rest)
        people = rng.permutation(np.concatenate(list(parts.values())))
        return Chosen(people, np.isin(people, parts["rich"]))


def pkh_quotas(size: Size, ground: Ground) -> dict[str, int]:
    """PKH families by kecamatan code: published counts, scaled by the people who live there."""
    here = {area.code[:8] for area in ground.kelurahan}
    rows = [r for r in data_rows("kecamatan_kota_jambi.csv") if r["kode_kemendagri"] in here]
    factor = size.persons / CITY_PERSONS
    if len(rows) == 1:
        # A small size is one kecamatan, or part of it, so its own density counts.
        code = rows[0]["kode_kemendagri"]
        factor = size.persons / sum(a.weight for a in all_kelurahan() if a.code.startswith(code))
    return {r["kode_kemendagri"]: round(int(r["pkh_kpm_2019"]) * factor) for r in rows}


def _lowest(score: Floats, among: Bools, wanted: int) -> Bools:
    """Mark the ``wanted`` lowest scores of those allowed."""
    index = np.flatnonzero(among)
    out = np.zeros(len(score), dtype=bool)
    out[index[np.argsort(score[index], kind="stable")[: max(0, wanted)]]] = True
    return out


def _some(rng: Generator, pool: Ints, wanted: float) -> Ints:
    """At most ``wanted`` of the pool, each once."""
    count = min(len(pool), round(wanted))
    return np.sort(rng.choice(pool, size=count, replace=False))
