"""Cempaka Putih grows: more people, proposals, looks; Legok must not notice."""

from doors.web.world import B1, World, citizens_of


def _act_counts() -> tuple[int, int]:
    from entas.audit.models import ActHead, LookHead

    acts = ActHead.objects.values_list("length", flat=True).first() or 0
    looks = LookHead.objects.values_list("length", flat=True).first() or 0
    return acts, looks


def grow_elsewhere(world: World) -> None:
    """Two more people move into Cempaka Putih, one is corrected, several are looked at."""
    from entas.audit.services import look
    from entas.registry.models import Dwelling, Family, Household, Membership, Person, PersonKey
    from entas.registry.services import propose_correction, runs

    pattern = PersonKey.objects.get(person=world.person("B1"))
    stay = {"from_on": "2026-06-05"}
    dwelling = Dwelling.objects.create(
        kelurahan=B1.number, rt=B1.first_rt, rw=1, address=f"JL. {B1.street} NO. 99"
    )
    family = Family.objects.create()
    household = Household.objects.create()
    household.householdstay_set.create(dwelling=dwelling, **stay)
    household.familystay_set.create(family=family, **stay)
    for row in citizens_of(B1, round_=2)[:2]:
        person = Person.objects.create(
            name=row["NAMA_LGKP"],
            birth_on="1975-05-05",
            birth_year=1975,
            sex="L",
            family=family,
            kelurahan=B1.number,
            rt=B1.first_rt,
        )
        Membership.objects.create(person=person, family=family, **stay)
        pattern.pk = person.pk
        pattern._state.adding = True
        pattern.name_sound = row["NAMA_LGKP"]
        pattern.save()
    runs.raise_version()
    officer = world.user("front_office", "B1")
    propose_correction(
        person_id=person.pk, field="birth_place", value="JAMBI", reason="akta", by=officer
    )
    look(officer, [person.pk, world.person("B1").pk], purpose="uji", where="uji")


def padded(world: World) -> None:
    """As many acts and looks as growing writes, about nobody: positions in the chains are equal."""
    from django.db import transaction

    from doors.web.visiting import undone
    from entas.audit.services import look, record

    before = _act_counts()
    with undone():
        grow_elsewhere(world)
        after = _act_counts()
    for _ in range(after[0] - before[0]):
        with transaction.atomic():
            record("uji", "uji.nothing")
    look("uji", [0] * (after[1] - before[1]), purpose="uji", where="uji")
