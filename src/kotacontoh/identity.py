"""NIK and KK numbers in the range that no living person holds (15 71 81 .. 15 71 91)."""

import numpy as np

from kotacontoh.areas import Ground, all_kelurahan
from kotacontoh.homes import Homes
from kotacontoh.members import FEMALE, TODAY, Members
from kotacontoh.streams import Generator, Ints, Streams, Texts, texts

BORN_ELSEWHERE_IN_CITY = 0.28  # first registered in another kecamatan (G)
NIK_DATE_STALE = 0.006  # birth date corrected later; the NIK keeps the wrong one (G)

# Dates of the elderly are remembered roundly (G): share of people born before 1965.
HEAPED_SHARE = 0.22
HEAPED_DAYS = ("01-01", "12-31", "07-01", "08-17", "05-05", "06-06", "07-07")
HEAPED_WEIGHT = (0.38, 0.24, 0.16, 0.07, 0.05, 0.05, 0.05)


def heap_birthdays(members: Members, streams: Streams) -> None:
    """Move birth dates of many elderly to 1 January and its like, as their papers say."""
    rng = streams.numpy("heaped")
    born = members.birth.astype("datetime64[D]")
    year = born.astype("datetime64[Y]")
    old = (year < np.datetime64("1965", "Y")) & (rng.random(len(born)) < HEAPED_SHARE)
    index = np.flatnonzero(old)
    days = rng.choice(len(HEAPED_DAYS), size=len(index), p=HEAPED_WEIGHT)
    text = [f"{y}-{HEAPED_DAYS[d]}" for y, d in zip(year[index].astype(str), days, strict=True)]
    members.birth[index] = np.array(text, dtype="datetime64[D]").astype(np.int64)


def iso_dates(days: Ints) -> Texts:
    """``YYYY-MM-DD`` texts of days since 1970."""
    return texts(np.datetime_as_string(days.astype("datetime64[D]")).tolist())


def number_people(homes: Homes, members: Members, ground: Ground, streams: Streams) -> Texts:
    """A NIK for everybody: kecamatan of first registration, coded birth date, serial."""
    rng = streams.numpy("nik")
    region = _first_region(ground.pairs()[homes.kelurahan[members.household]], rng)
    for twin in np.flatnonzero(members.twin).tolist():
        # Twins are registered together: same office, same day, neighbouring serials.
        region[twin] = region[twin - 1]
    birth = members.birth.copy()
    stale = np.flatnonzero(rng.random(len(birth)) < NIK_DATE_STALE)
    birth[stale] -= rng.integers(1, 900, len(stale))
    return _numbered(region, _coded(birth, members.sex == FEMALE), rng)


def number_cards(homes: Homes, members: Members, ground: Ground, streams: Streams) -> Texts:
    """The KK number of each person's family card: region, day of issue, serial."""
    rng = streams.numpy("kk")
    cards, inverse = np.unique(members.family, return_inverse=True)
    home = cards % len(homes)
    region = _first_region(ground.pairs()[homes.kelurahan[home]], rng)
    issued = TODAY.astype(int) - (rng.random(len(cards)) ** 1.3 * 18 * 365).astype(np.int64)
    return _numbered(region, _coded(issued, np.zeros(len(cards), dtype=bool)), rng)[inverse]


def _first_region(pair: Ints, rng: Generator) -> Ints:
    """Six digits: mostly the present kecamatan, else another one of the eleven."""
    known = np.unique([area.pair for area in all_kelurahan()])
    elsewhere = rng.random(len(pair)) < BORN_ELSEWHERE_IN_CITY
    other = known[rng.integers(0, len(known), len(pair))]
    return np.asarray(157_100 + np.where(elsewhere, other, pair), dtype=np.int64)


def _coded(days: Ints, woman: Ints) -> Ints:
    """DDMMYY as one integer; 40 is added to the day for women."""
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    year = date.astype("datetime64[Y]").astype(int) + 1970
    day = (date - month).astype(int) + 1 + 40 * np.asarray(woman, dtype=int)
    number = month.astype(int) % 12 + 1
    return np.asarray(day * 10_000 + number * 100 + year % 100, dtype=np.int64)


def _numbered(region: Ints, date: Ints, rng: Generator) -> Texts:
    """Sixteen digits with serials 0001.. in random order within region and date."""
    stem = region * 1_000_000 + date
    order = np.lexsort((rng.random(len(stem)), stem))
    ranked = stem[order]
    first = np.r_[True, ranked[1:] != ranked[:-1]]
    run = np.arange(len(stem)) - np.maximum.accumulate(np.where(first, np.arange(len(stem)), 0))
    serial = np.empty(len(stem), dtype=np.int64)
    serial[order] = run + 1
    return texts((stem * 10_000 + serial).astype(str).tolist())
