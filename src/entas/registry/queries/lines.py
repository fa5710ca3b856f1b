"""Persons as every page shows them: one line each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.models import Person, Proposal, TransferRequest
from entas.registry.queries.members import age_on, masked


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in one line.

    Attributes:
        id, family_id: numbers of the person and the family; None for who has no family.
        name: as registered.
        age: full years on the day asked for; None where no birth date is known.
        birth_year: the year, where at least that is known.
        sex: ``L``, ``P`` or "".
        kelurahan, rt: name of the kelurahan ("" when unknown) and number of the RT.
        nik_masked: the last two digits behind dots; "" when no NIK is known.
        alive: ``hidup``, ``meninggal`` or ``pindah``.
        role: in the family.
        has_proposal, has_transfer: a correction or a request to move waits for its decision.
    """

    id: int
    family_id: int | None
    name: str
    age: int | None
    birth_year: int | None
    sex: str
    kelurahan: str
    rt: int | None
    nik_masked: str
    alive: str
    role: str
    has_proposal: bool
    has_transfer: bool


def person_lines(persons: Sequence[Person], *, on: date) -> list[PersonLine]:
    """These persons as lines, in their order.

    The caller shows a person's data: it records the look.

    Args:
        persons: whom the reader may see.
        on: the day their age is counted for.
    """
    pks = [person.pk for person in persons]
    proposed = set(
        Proposal.objects.filter(person__in=pks, state=states.PROPOSED).values_list(
            "person_id", flat=True
        )
    )
    moving = set(
        TransferRequest.objects.filter(person__in=pks, state=states.ASKED).values_list(
            "person_id", flat=True
        )
    )
    niks = masked([one.nik_sealed for one in persons], "person.nik")
    places = area_resolver()
    return [
        PersonLine(
            id=person.pk,
            family_id=person.family_id,
            name=person.name,
            age=age_on(person, on) if person.birth_on else None,
            birth_year=person.birth_on.year if person.birth_on else person.birth_year,
            sex=person.sex,
            kelurahan=places.name(person.kelurahan),
            rt=person.rt,
            nik_masked=nik,
            alive=person.alive,
            role=person.role,
            has_proposal=person.pk in proposed,
            has_transfer=person.pk in moving,
        )
        for person, nik in zip(persons, niks, strict=True)
    ]
