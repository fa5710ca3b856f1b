"""The page of a family: who belongs to it, where it lives, and where that is known from.

Whoever may look at one active member, or at the place where the family lives, sees the family;
of members registered elsewhere such a person learns the kelurahan and nothing more.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from entas.city.policies import Scope
from entas.city.queries import area_resolver
from entas.city.resolver import AreaResolver
from entas.registry import states
from entas.registry.models import (
    Dwelling,
    Family,
    FamilyStay,
    HouseholdStay,
    Membership,
    Person,
)
from entas.registry.queries.members import (
    Member,
    in_reading_order,
    masked,
    members_of,
)

# Families under one roof that are named: a boarding house holds more than a page tells.
MOST_NEIGHBOURS = 12
_MOST_ASKED = 60


@dataclass(frozen=True, slots=True)
class AddressStay:
    """Where the family lived, from one day until another (None: until today).

    ``address``, ``rt`` and ``rw`` are empty for a place outside the actor's area.
    """

    kelurahan: int | None
    kelurahan_name: str
    rt: int | None
    rw: int | None
    address: str
    from_on: dt.date
    to_on: dt.date | None

    @property
    def is_current(self) -> bool:
        """The family lives there now."""
        return self.to_on is None


@dataclass(frozen=True, slots=True)
class Former:
    """Somebody who was in the family.

    Attributes:
        person_id, name: 0 and "" for a person outside the actor's area.
        state: of the person, one of ``states.PERSON_CHOICES``.
        into: who a merged person is now, else None.
    """

    person_id: int
    name: str
    kelurahan_name: str
    role: str
    state: str
    into: int | None
    from_on: dt.date | None
    to_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another family under the same roof; ``head`` and numbers only inside the actor's area."""

    family_id: int
    head_id: int
    head: str
    size: int
    kelurahan_name: str


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """A family as its page shows it.

    Attributes:
        kk: masked; "" where the family has no card.
        members: active ones inside the actor's area, the head first.
        elsewhere: names of the kelurahan of the other active members, one for each.
        has_more_neighbours: there are more families under the roof than are named.
    """

    id: int
    kk: str
    members: tuple[Member, ...]
    elsewhere: tuple[str, ...]
    former: tuple[Former, ...]
    addresses: tuple[AddressStay, ...]
    neighbours: tuple[Neighbour, ...]
    has_more_neighbours: bool
    open_families: frozenset[int]

    @property
    def home(self) -> AddressStay | None:
        """Where the family lives now, as far as is known."""
        return next((one for one in self.addresses if one.is_current), None)

    @property
    def shown_persons(self) -> list[int]:
        """Everybody whose name stands on the page."""
        shown = [one.id for one in self.members]
        shown += [one.person_id for one in self.former]
        shown += [one.head_id for one in self.neighbours]
        shown += [other.person_id for one in self.members for other in one.suspects]
        return sorted(set(shown) - {0})


def family_card(family_id: int, *, scope: Scope, on: dt.date) -> FamilyCard | None:
    """Everything about a family, in a number of questions that its size does not change.

    The caller shows persons' data: it records the looks at ``shown_persons``.

    Args:
        family_id: which family.
        scope: where the actor may look.
        on: the day on which ages are told.

    Returns:
        None when there is no such family, and also when it lies outside the actor's area.
    """
    family = Family.objects.filter(pk=family_id).first()
    if family is None:
        return None
    everybody = list(Person.objects.filter(family=family).select_related("family"))
    active = [one for one in everybody if one.state == states.ACTIVE]
    homes = _homes(family)
    current = [dwelling for dwelling, _, to_on in homes if to_on is None]
    places = {one.kelurahan for one in active} | {one.kelurahan for one in current}
    if not (scope.is_city or any(map(scope.covers, places))):
        return None
    areas = area_resolver()
    near = in_reading_order(one for one in active if scope.covers(one.kelurahan))
    members = members_of(near, scope=scope, areas=areas, on=on)
    neighbours = _neighbours(family, current, scope, areas)
    before = {stay.family_id for one in members for stay in one.stays} - {family.pk}
    return FamilyCard(
        id=family.pk,
        kk=masked([family.kk_sealed], "family.kk")[0],
        members=tuple(members),
        elsewhere=tuple(sorted(_elsewhere(active, scope, areas))),
        former=tuple(_former(family, everybody, scope, areas)),
        addresses=tuple(_addresses(homes, scope, areas)),
        neighbours=tuple(neighbours[:MOST_NEIGHBOURS]),
        has_more_neighbours=len(neighbours) > MOST_NEIGHBOURS,
        open_families=_within_reach(before, scope),
    )


def person_alone(person_id: int, *, scope: Scope, on: dt.date) -> Member | None:
    """One person in whatever state; None outside the actor's area and where there is nobody.

    The caller shows the person's data: it records the look.
    """
    person = Person.objects.filter(pk=person_id).select_related("family").first()
    if person is None or not scope.covers(person.kelurahan):
        return None
    return members_of([person], scope=scope, areas=area_resolver(), on=on)[0]


def _elsewhere(active: Iterable[Person], scope: Scope, areas: AreaResolver) -> Iterable[str]:
    for one in active:
        if not scope.covers(one.kelurahan):
            yield areas.name(one.kelurahan)


_Home = tuple[Dwelling, dt.date, dt.date | None]


def _homes(family: Family) -> list[_Home]:
    """Dwellings of the family with the days between which it lived there, the newest first."""
    stays = list(FamilyStay.objects.filter(family=family))
    houses = HouseholdStay.objects.filter(household__in=[one.household_id for one in stays])
    by_household: dict[int, list[HouseholdStay]] = defaultdict(list)
    for house in houses.select_related("dwelling"):
        by_household[house.household_id].append(house)
    homes: list[_Home] = []
    for stay in stays:
        for house in by_household[stay.household_id]:
            begins = max(stay.from_on, house.from_on)
            ends = [day for day in (stay.to_on, house.to_on) if day is not None]
            if not ends or min(ends) >= begins:
                homes.append((house.dwelling, begins, min(ends) if ends else None))
    return sorted(homes, key=lambda home: (home[2] is None, home[1], home[0].pk), reverse=True)


def _addresses(homes: Sequence[_Home], scope: Scope, areas: AreaResolver) -> Iterable[AddressStay]:
    for dwelling, from_on, to_on in homes:
        is_near = scope.covers(dwelling.kelurahan)
        yield AddressStay(
            kelurahan=dwelling.kelurahan,
            kelurahan_name=areas.name(dwelling.kelurahan),
            rt=dwelling.rt if is_near else None,
            rw=dwelling.rw if is_near else None,
            address=dwelling.address if is_near else "",
            from_on=from_on,
            to_on=to_on,
        )


def _former(
    family: Family, everybody: Sequence[Person], scope: Scope, areas: AreaResolver
) -> list[Former]:
    """Who was in the family and is not any more: moved, merged or withdrawn."""
    here = {one.pk for one in everybody if one.state == states.ACTIVE}
    memberships = (
        Membership.objects.filter(family=family)
        .exclude(person__in=here)
        .select_related("person")
        .order_by("from_on", "pk")
    )
    dated: Mapping[int, Membership] = {one.person_id: one for one in memberships}
    people = {one.person_id: one.person for one in memberships}
    people |= {one.pk: one for one in everybody if one.pk not in here}
    return [_once_here(one, dated.get(pk), scope, areas) for pk, one in sorted(people.items())]


def _once_here(
    person: Person, stay: Membership | None, scope: Scope, areas: AreaResolver
) -> Former:
    is_near = scope.covers(person.kelurahan)
    return Former(
        person_id=person.pk if is_near else 0,
        name=person.name if is_near else "",
        kelurahan_name=areas.name(person.kelurahan),
        role=stay.role if stay else person.role,
        state=person.state,
        into=person.merged_into_id if is_near else None,
        from_on=stay.from_on if stay else None,
        to_on=stay.to_on if stay else None,
    )


def _neighbours(
    family: Family, dwellings: Sequence[Dwelling], scope: Scope, areas: AreaResolver
) -> list[Neighbour]:
    """Other families that live in the same dwelling today and have somebody active."""
    if not dwellings:
        return []
    houses = HouseholdStay.objects.filter(dwelling__in=[one.pk for one in dwellings], to_on=None)
    stays = FamilyStay.objects.filter(household__in=houses.values("household"), to_on=None)
    others = stays.exclude(family=family).values_list("family_id", flat=True)[:_MOST_ASKED]
    people: dict[int, list[Person]] = defaultdict(list)
    for one in Person.objects.filter(family__in=list(others), state=states.ACTIVE):
        people[int(one.family_id or 0)].append(one)
    found = [_neighbour(pk, own, scope, areas) for pk, own in sorted(people.items())]
    return found[: MOST_NEIGHBOURS + 1]


def _neighbour(
    family_id: int, people: Sequence[Person], scope: Scope, areas: AreaResolver
) -> Neighbour:
    near = in_reading_order(one for one in people if scope.covers(one.kelurahan))
    place = (near or people)[0].kelurahan
    return Neighbour(
        family_id=family_id if near else 0,
        head_id=near[0].pk if near else 0,
        head=near[0].name if near else "",
        size=len(people) if near else 0,
        kelurahan_name=areas.name(place),
    )


def _within_reach(families: Iterable[int], scope: Scope) -> frozenset[int]:
    """Those of these families with an active member in the actor's area."""
    wanted = sorted(families)
    if not wanted:
        return frozenset()
    people = Person.objects.filter(scope.filter(), family__in=wanted, state=states.ACTIVE)
    return frozenset(int(pk) for pk in people.values_list("family_id", flat=True) if pk)
