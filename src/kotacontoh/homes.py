"""Homes: how many live together, where, in which street, and who shares a roof."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from dataclasses import dataclass

import numpy as np

from kotacontoh.areas import Ground
from kotacontoh.sizes import Size
from kotacontoh.streams import Bools, Generator, Ints, Streams, Texts, texts

RESIDENT, MOVED_OUT, OUTSIDE = 0, 1, 2

# generator_targets.json, household_size (G, mean 4.14).
SIZE_SHARES = (0.06, 0.12, 0.19, 0.245, 0.185, 0.105, 0.052, 0.024, 0.012, 0.007)

# People beyond the residents, as shares of them: those who left but stand in old lists, and
# strangers whom a programme lists although they never lived here.
MOVED_OUT_SHARE = 0.045
OUTSIDE_SHARE = 0.05

SHARED_ROOF_SHARE = 0.06  # households living in the dwelling of their neighbour (G)

# The city's mix: province shares (kota-jambi.md 4) with more Minang, Batak and Chinese (G).
ETHNIC_SHARES = {
    "melayu": 0.42,
    "jawa": 0.26,
    "minang": 0.10,
    "batak": 0.07,
    "tionghoa": 0.045,
    "banjar": 0.03,
    "bugis": 0.03,
    "sunda": 0.045,
}


@dataclass
class Homes:
    """One row per household, sorted by kelurahan and RT. ``start`` is its first person."""

    persons: Ints
    kind: Ints
    kelurahan: Ints
    rt: Ints
    rw: Ints
    ethnic: Texts
    dwelling: Ints
    street: Texts

    @property
    def start(self) -> Ints:
        """Index of every household's first person."""
        return np.concatenate([[0], np.cumsum(self.persons)[:-1]]).astype(np.int64)

    def __len__(self) -> int:
        return len(self.persons)


def draw_sizes(rng: Generator, persons: int) -> Ints:
    """Household sizes that add up to exactly ``persons``."""
    guess = int(persons / 4.0) + 20
    share = np.array(SIZE_SHARES)
    sizes = rng.choice(np.arange(1, 11), size=guess, p=share / share.sum())
    reached = np.cumsum(sizes)
    last = int(np.searchsorted(reached, persons))
    kept = sizes[: last + 1].astype(np.int64)
    kept[-1] -= int(reached[last]) - persons
    return kept


def build_homes(size: Size, ground: Ground, streams: Streams) -> Homes:
    """All households: residents (exactly ``size.persons`` people), movers and outsiders."""
    rng = streams.numpy("homes")
    blocks = [
        draw_sizes(rng, size.persons),
        draw_sizes(rng, max(40, int(size.persons * MOVED_OUT_SHARE))),
        draw_sizes(rng, max(40, int(size.persons * OUTSIDE_SHARE))),
    ]
    persons = np.concatenate(blocks)
    kind = np.repeat([RESIDENT, MOVED_OUT, OUTSIDE], [len(block) for block in blocks])
    kelurahan = rng.choice(len(ground.kelurahan), size=len(persons), p=ground.shares())
    rt = 1 + (rng.random(len(persons)) * ground.rt_count[kelurahan]).astype(np.int64)
    order = np.lexsort((rng.random(len(persons)), rt, kelurahan))
    return _settle(persons[order], kind[order], kelurahan[order], rt[order], ground, rng)


def _settle(
    persons: Ints, kind: Ints, kelurahan: Ints, rt: Ints, ground: Ground, rng: Generator
) -> Homes:
    count = len(persons)
    shared = _shares_roof(kelurahan, rt, rng)
    dwelling = np.cumsum(~shared) - 1
    ethnic = _neighbourly_ethnic(count, rng)
    street = _addresses(kelurahan, rt, ground, rng)
    for index in np.flatnonzero(shared):
        street[index] = street[index - 1]
        if rng.random() < 0.8:
            ethnic[index] = ethnic[index - 1]
    return Homes(persons, kind, kelurahan, rt, (rt - 1) // 5 + 1, ethnic, dwelling, street)


def _shares_roof(kelurahan: Ints, rt: Ints, rng: Generator) -> Bools:
    """True where a household lives in the dwelling of the one before it."""
    shared = rng.random(len(rt)) < SHARED_ROOF_SHARE
    shared[0] = False
    shared[1:] &= (kelurahan[1:] == kelurahan[:-1]) & (rt[1:] == rt[:-1])
    return shared


def _neighbourly_ethnic(count: int, rng: Generator) -> Texts:
    """Ethnic group of each household; one in eight follows its neighbour, so kin live near."""
    share = np.array(list(ETHNIC_SHARES.values()))
    drawn = rng.choice(len(share), size=count, p=share / share.sum())
    follows = np.flatnonzero(rng.random(count) < 0.125)
    drawn[follows] = drawn[np.maximum(follows - 1, 0)]
    return texts(list(ETHNIC_SHARES))[drawn]


def _addresses(kelurahan: Ints, rt: Ints, ground: Ground, rng: Generator) -> Texts:
    """Street and number; an RT knows only three streets of its kelurahan."""
    choice = rng.integers(0, 3, len(rt))
    number = 1 + (rng.random(len(rt)) ** 1.6 * 140).astype(int)
    out = np.empty(len(rt), dtype=object)
    for i, (area, unit) in enumerate(zip(kelurahan.tolist(), rt.tolist(), strict=True)):
        names = ground.streets[area]
        street = names[(unit * 7 + int(choice[i]) * 5) % len(names)]
        house = int(number[i])
        block = f" BLOK {'ABCDEFGH'[house % 8]}" if street.startswith("PERUM") else ""
        out[i] = f"{street}{block} NO. {house}"
    return out
