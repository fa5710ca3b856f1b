"""The true city: ground, homes, people, names, numbers and welfare, from one seed."""

from dataclasses import dataclass

import numpy as np

from kotacontoh.areas import Ground, ground_for
from kotacontoh.attributes import Attributes, build_attributes
from kotacontoh.homes import MOVED_OUT, OUTSIDE, RESIDENT, Homes, build_homes
from kotacontoh.identity import heap_birthdays, iso_dates, number_cards, number_people
from kotacontoh.members import Members, build_members
from kotacontoh.naming import Names, build_names
from kotacontoh.sizes import Size, size_named
from kotacontoh.streams import Bools, Ints, Streams, Texts
from kotacontoh.welfare import Welfare, build_welfare


@dataclass
class City:
    """Everything that is true. Rows of people are addressed by their index."""

    size: Size
    streams: Streams
    ground: Ground
    homes: Homes
    members: Members
    names: Names
    nik: Texts
    kk: Texts
    birth: Texts
    welfare: Welfare
    attributes: Attributes

    def kind(self) -> Ints:
        """RESIDENT, MOVED_OUT or OUTSIDE of each person."""
        return self.homes.kind[self.members.household]

    def living(self) -> Bools:
        """Living residents: the people of the official count."""
        return np.asarray((self.kind() == RESIDENT) & ~self.members.dead, dtype=bool)

    def moved(self) -> Bools:
        """People who left the city."""
        return np.equal(self.kind(), MOVED_OUT)

    def outside(self) -> Bools:
        """Strangers who never lived here."""
        return np.equal(self.kind(), OUTSIDE)

    def __len__(self) -> int:
        return len(self.members)


def build_city(size_name: str, seed: int) -> City:
    """The true city of a size and seed.

    Raises:
        UnknownSize: no such size.
    """
    size, streams = size_named(size_name), Streams(seed)
    ground = ground_for(size, streams.numpy("ground"))
    homes = build_homes(size, ground, streams)
    members = build_members(homes, streams)
    heap_birthdays(members, streams)
    names = build_names(homes, members, streams)
    living = np.bincount(members.household[~members.dead], minlength=len(homes))
    welfare = build_welfare(size, homes, living, ground, streams)
    return City(
        size=size,
        streams=streams,
        ground=ground,
        homes=homes,
        members=members,
        names=names,
        nik=number_people(homes, members, ground, streams),
        kk=number_cards(homes, members, ground, streams),
        birth=iso_dates(members.birth),
        welfare=welfare,
        attributes=build_attributes(homes, members, names.ethnic, welfare, streams),
    )
