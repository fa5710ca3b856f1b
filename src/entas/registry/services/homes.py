"""Families and places of persons whose opening line fell and who live on by another line."""

from collections.abc import Sequence

from entas import custody
from entas.history import bulk_insert_with_history
from entas.registry import states
from entas.registry.models import Dwelling, Family, Membership, Person, RegistryHistory, Run
from entas.registry.services.founding import Founder, Homes, place_hash
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from entas.tables import next_ids


def join_families(
    *, people: Sequence[Person], rows: Sequence[ParsedRow], delivery: Delivery, run: Run
) -> None:
    """Put each person into the family of a row, as if the row had opened the person.

    The family of the card is joined where active persons have it, else opened. A person who
    is in that family already stays there. The membership is dated by the list; the older one
    stays readable and names the list that was taken back.

    Args:
        people: their ``family_id`` is set and not saved.
        rows: for each of them.
        delivery: whose rows they are.
        run: whose act the log names; an unsaved run for a single act.
    """
    numbers = custody.blind_index_many([row.kk for row in rows], purpose="kk")
    known = _families_of_cards([number for number in numbers if number is not None])
    fresh = iter(next_ids(Family, len(people)))
    opening: list[int] = []
    for place, (person, number) in enumerate(zip(people, numbers, strict=True)):
        family = person.family
        if number is not None and family is not None and family.kk_hash == number:
            known.setdefault(number, family.pk)
        elif number is not None and number in known:
            person.family_id = known[number]
        else:
            person.family_id = next(fresh)
            opening.append(place)
            if number is not None:
                known[number] = person.family_id
    _open(
        [rows[place] for place in opening],
        [int(people[place].family_id or 0) for place in opening],
        delivery,
        run,
    )
    _join(people, delivery, run)


def _families_of_cards(numbers: Sequence[int]) -> dict[int, int]:
    active = Person.objects.filter(state=states.ACTIVE, family__kk_hash__in=set(numbers))
    pairs = active.order_by("-family_id").values_list("family__kk_hash", "family_id")
    return {int(number): int(family) for number, family in pairs.distinct() if number and family}


def _open(rows: Sequence[ParsedRow], families: Sequence[int], delivery: Delivery, run: Run) -> None:
    places = [place for row in rows if (place := place_hash(row))]
    dwellings = Dwelling.objects.filter(place_hash__in=places).order_by("-pk")
    known = {place or 0: pk for place, pk in dwellings.values_list("place_hash", "pk")}
    homes = Homes(dwelling_of_place=known)
    if rows:
        Founder(run, delivery, homes).write_homes(rows, families)


def _join(people: Sequence[Person], delivery: Delivery, run: Run) -> None:
    first = next_ids(Membership, len(people)).start
    bulk_insert_with_history(
        Membership,
        ("id", "person", "family", "role", "from_on", "delivery", "run"),
        [
            (first + at, one.pk, one.family_id, one.role, delivery.as_of, delivery.pk, run.pk)
            for at, one in enumerate(people)
        ],
        history=RegistryHistory,
        act_id=run.act_id,
    )
