"""How big a synthetic city is, and how every count shrinks or grows with it."""

from dataclasses import dataclass

CITY_PERSONS = 615_676
CITY_POOR = 52_271  # 8.49 % of the persons: the official rate of March 2018


class UnknownSize(ValueError):
    """A size was asked for that nobody defined."""


@dataclass(frozen=True)
class Size:
    """One size of the city.

    ``areas`` holds prefixes of Kemendagri codes; a kelurahan belongs to the city
    when one of them begins its code.
    """

    name: str
    persons: int
    poor: int
    areas: tuple[str, ...]
    survey_households: int
    long_check: bool

    def scaled(self, city_count: int) -> int:
        """The share of a count known for the whole city that falls on this size; at least 1."""
        return max(1, round(city_count * self.persons / CITY_PERSONS))


def poor_persons(persons: int) -> int:
    """Poor people among ``persons`` so that the rate is that of the city."""
    return round(persons * CITY_POOR / CITY_PERSONS)


# Kota Baru holds two kelurahan younger than 2022, Roman numerals and old spellings:
# the hardest naming of all eleven kecamatan, so the small sizes lie there.
SIZES = {
    size.name: size
    for size in (
        Size("mini", 2_000, poor_persons(2_000), ("15.71.07.1002",), 300, long_check=False),
        Size("kecamatan", 40_000, poor_persons(40_000), ("15.71.07",), 600, long_check=False),
        Size("city", CITY_PERSONS, CITY_POOR, ("15.71",), 1_500, long_check=True),
        Size("x2", 2 * CITY_PERSONS, 2 * CITY_POOR, ("15.71",), 3_000, long_check=True),
    )
}


def size_named(name: str) -> Size:
    """The size of that name.

    Raises:
        UnknownSize: nobody defined it; the message lists the known ones.
    """
    if name not in SIZES:
        raise UnknownSize(f"Ukuran '{name}' tidak dikenal. Pilih salah satu: {', '.join(SIZES)}.")
    return SIZES[name]
