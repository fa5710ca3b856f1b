"""What a founding row becomes: a person in a family, in a household, in a dwelling."""

import datetime as dt

import pytest

from entas import custody
from entas.registry.models import (
    Dwelling,
    Family,
    FamilyStay,
    Household,
    HouseholdStay,
    Membership,
    Person,
    RegistryHistory,
)
from journey.little_lists import AS_OF, Office, card, citizen, citizens, links_of, programme_row


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


def person_of(delivery, row):
    return Person.objects.get(pk={line: who for line, _, who in links_of(delivery)}[row])


def test_a_person_holds_what_the_row_said_and_the_line_it_came_from(office):
    delivery = office.send(citizens(10))

    person = person_of(delivery, 4)

    assert (person.name, person.sex, person.birth_on) == ("MAHMUD WIJAYA", "L", dt.date(1978, 5, 5))
    assert (person.birth_place, person.mother_name) == ("JAMBI", "SITI ROHANI")
    assert (person.kelurahan, person.rt, person.role) == (1571101003, 1, "kepala")
    assert (person.origin_delivery, person.origin_row) == (delivery, 4)
    assert person.origin_more is None
    assert person.alive == "hidup"


def test_the_nik_is_sealed_and_opens_again(office):
    person = person_of(office.send(citizens(3)), 2)

    assert (
        custody.unseal(bytes(person.nik_sealed), context="person.nik").decode()
        == (citizen(2)["NIK"])
    )
    assert person.nik_hash == custody.blind_index(citizen(2)["NIK"], purpose="nik")


def test_rows_of_one_card_become_one_family_in_one_household(office):
    rows = [citizen(number, NO_KK=card(1)) for number in (1, 2, 3)]

    office.send([*rows, citizen(9)])

    assert Family.objects.count() == Household.objects.count() == 2
    assert FamilyStay.objects.count() == HouseholdStay.objects.count() == 2
    sizes = sorted(family.person_set.count() for family in Family.objects.all())
    assert sizes == [1, 3]


def test_persons_without_a_card_have_a_family_each(office):
    office.send([citizen(number, NO_KK="") for number in (1, 2, 3)])

    assert Family.objects.count() == 3
    assert set(Family.objects.values_list("kk_sealed", flat=True)) == {None}


def test_two_families_under_one_roof_share_the_dwelling(office):
    roof = {"ALAMAT": "LRG. SUMUR NO. 13", "NO_RT": "001"}

    office.send([citizen(1, NO_KK=card(1), **roof), citizen(9, NO_KK=card(2), **roof)])

    assert Family.objects.count() == 2
    assert Dwelling.objects.count() == 1


def test_an_address_without_a_house_number_is_not_taken_for_one_house(office):
    street = {"ALAMAT": "LRG. SUMUR", "NO_RT": "001"}

    office.send([citizen(1, NO_KK=card(1), **street), citizen(9, NO_KK=card(2), **street)])

    assert Dwelling.objects.count() == 2


def test_a_later_list_adds_a_child_to_the_family_that_is_there(office):
    office.send([citizen(number, NO_KK=card(1)) for number in (1, 2, 3)])

    office.send([citizen(40, NO_KK=card(1), NAMA_LGKP="PUTRI CANTIKA")])

    family = Person.objects.get(name="PUTRI CANTIKA").family
    assert family.person_set.count() == 4
    assert Family.objects.count() == 1


def test_memberships_begin_on_the_day_the_list_speaks_of(office):
    delivery = office.send(citizens(5))

    assert set(Membership.objects.values_list("from_on", "to_on")) == {(AS_OF, None)}
    assert set(Membership.objects.values_list("delivery", flat=True)) == {delivery.pk}
    assert Membership.objects.count() == 5


def test_the_dead_and_the_moved_are_registered_as_such(office):
    rows = [
        {**citizen(number), "STATUS": word} for number, word in ((1, "MENINGGAL"), (2, "HIDUP"))
    ]

    delivery = office.send(rows)

    assert person_of(delivery, 1).alive == "meninggal"
    assert person_of(delivery, 2).alive == "hidup"


def test_a_register_row_needs_a_nik_or_a_birth_date_to_found_somebody(office):
    rows = [
        citizen(1, NIK=""),
        citizen(2, TGL_LHR=""),
        citizen(3, NIK="", TGL_LHR=""),
    ]

    delivery = office.send(rows)

    assert [word for _, word, _ in links_of(delivery)] == ["baru", "baru", "tidak_ditemukan"]


def test_a_programme_row_needs_both(office):
    office.send(citizens(20))
    rows = [citizen(301, NIK=""), citizen(302, TGL_LHR=""), citizen(303)]

    delivery = office.send([programme_row(row) for row in rows], "pbi")

    words = [word for _, word, _ in links_of(delivery)]
    assert words == ["tidak_ditemukan", "tidak_ditemukan", "baru"]


@pytest.mark.parametrize("model", [Person, Family, Household, Dwelling, Membership])
def test_every_founded_thing_has_its_line_in_the_change_log(office, model):
    office.send(citizens(6))

    made = RegistryHistory.objects.filter(
        kind=RegistryHistory.Kind.NEW, object_type=model._meta.model_name
    )
    logged = {pk for entry in made for pk in range(entry.first_id, entry.last_id + 1)}
    assert logged == set(model.objects.values_list("pk", flat=True))


def test_an_rt_of_many_digits_is_kept_out_of_the_register(office):
    delivery = office.send([citizen(1, NO_RT="99999"), citizen(9)])

    assert person_of(delivery, 1).rt is None
