"""The page of a family: who is in it, where it lives, and what told every value."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entas.city.policies import Scope
from entas.registry import states
from entas.registry.models import (
    Dwelling,
    Family,
    FamilyStay,
    Household,
    HouseholdStay,
    Membership,
    Person,
)
from entas.registry.queries.families import family_card, person_alone
from entas.registry.services import (
    accept_proposal,
    merge_persons,
    propose_correction,
    undo_import,
)
from journey.little_lists import AS_OF, Office, citizen, citizens, links_of

CITY = Scope(is_city=True, kelurahan=frozenset(), agencies=frozenset())
LEGOK, MURNI = 1571101003, 1571101002
ON = dt.date(2026, 6, 10)


def within(*kelurahan):
    return Scope(is_city=False, kelurahan=frozenset(kelurahan), agencies=frozenset())


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


@pytest.fixture
def people(office):
    """Three families of the little town: persons 1 to 3, 4 to 7, 8 to 11."""
    return [person for *_, person in links_of(office.send(citizens(11)))]


@pytest.fixture
def chief(somebody):
    return somebody("budi", "data_steward")


def family_of(person):
    return Person.objects.get(pk=person).family_id


def card_of(person, scope=CITY):
    return family_card(family_of(person), scope=scope, on=ON)


def member(card, person):
    return next(one for one in card.members if one.id == person)


def fact(one, field):
    return next(fact for fact in one.facts if fact.field == field)


def test_a_family_nobody_knows_is_no_family(people):
    assert family_card(999_999, scope=CITY, on=ON) is None


def test_a_family_elsewhere_is_no_family(people):
    assert card_of(people[0], within(MURNI)) is None
    assert card_of(people[0], within()) is None


def test_the_head_stands_first_and_the_others_by_age(people):
    card = card_of(people[4])

    assert [one.role for one in card.members] == ["kepala", "anak", "anak", "anak"]
    born = [one.birth_on for one in card.members[1:]]
    assert born == sorted(born)


def test_numbers_show_their_last_two_digits(people):
    card = card_of(people[4])

    assert card.kk == "•" * 14 + citizen(4)["NO_KK"][-2:]
    assert member(card, people[3]).nik == "•" * 14 + citizen(4)["NIK"][-2:]


def test_an_age_is_told_for_the_day_asked_for(people):
    born = Person.objects.get(pk=people[0]).birth_on
    family = family_of(people[0])

    def age(day):
        return member(family_card(family, scope=CITY, on=day), people[0]).age

    assert age(born.replace(year=2026) - dt.timedelta(1)) == 2026 - born.year - 1
    assert age(born.replace(year=2026)) == 2026 - born.year


def test_where_only_a_year_is_known_the_age_is_rough(people):
    Person.objects.filter(pk=people[0]).update(birth_on=None, birth_year=1960)

    one = member(card_of(people[0]), people[0])

    assert (one.age, one.is_age_rough) == (66, True)


def test_every_value_names_the_line_that_told_it(people):
    origin = fact(member(card_of(people[2]), people[2]), "name").origin

    assert (origin.row, origin.as_of) == (3, AS_OF)
    assert origin.list_name
    assert not origin.is_taken_back


def test_a_value_filled_by_a_later_list_names_that_list(office):
    rows = citizens(4)
    rows[1]["NAMA_LGKP_IBU"] = ""
    person = links_of(office.send(rows))[1][2]
    later = office.send([citizen(2, NAMA_LGKP_IBU="MARSINAH")], "dtsen")

    one = member(card_of(person), person)

    assert fact(one, "mother_name").origin.import_id == later.pk
    assert fact(one, "name").origin.import_id != later.pk
    assert {line.import_id for line in one.lines} >= {later.pk}


def test_a_corrected_value_names_who_proposed_and_who_decided(office, people, chief):
    made = propose_correction(
        person_id=people[0], field="mother_name", value="CITRA", reason="akta", by=office.user
    )
    accept_proposal(proposal=made, by=chief)

    origin = fact(member(card_of(people[0]), people[0]), "mother_name").origin

    assert origin.proposal_id == made.pk
    assert "ani" in origin.proposed_by
    assert "budi" in origin.decided_by
    assert origin.decided_at


def test_after_a_merge_values_name_the_lines_of_both(office, chief):
    rows = citizens(11)
    rows[0]["NAMA_LGKP_IBU"] = ""
    people = [person for *_, person in links_of(office.send(rows))]
    merge_persons(
        kept_id=people[0], absorbed_id=people[8], reason="x", by=chief, in_spite_of_niks=True
    )

    one = member(card_of(people[0]), people[0])

    assert fact(one, "mother_name").origin.row == 9
    assert fact(one, "name").origin.row == 1
    assert sorted(line.row for line in one.lines) == [1, 9]
    assert one.absorbed == (people[8],)


def test_a_list_taken_back_stands_beside_no_value(office, people):
    Person.objects.filter(pk=people[0]).update(mother_name="")
    listed = office.send([citizen(1, NAMA_LGKP_IBU="MARSINAH")], "dtsen")
    undo_import(import_id=listed.pk, by=office.user, on=ON)

    one = member(card_of(people[0]), people[0])

    assert [line.import_id for line in one.lines if line.is_withdrawn] == [listed.pk]
    assert listed.pk not in {fact.origin.import_id for fact in one.facts if fact.origin}


def test_an_open_proposal_waits_beside_its_person(office, people):
    made = propose_correction(
        person_id=people[0], field="name", value="CITRA", reason="akta", by=office.user
    )

    assert [one.id for one in member(card_of(people[0]), people[0]).waiting] == [made.pk]
    assert member(card_of(people[0]), people[1]).waiting == ()


def test_of_a_member_elsewhere_only_the_kelurahan_is_told(people):
    Person.objects.filter(pk=people[1]).update(kelurahan=MURNI)

    card = card_of(people[0], within(LEGOK))

    assert people[1] not in [one.id for one in card.members]
    assert card.elsewhere == ("Murni",)
    assert people[1] not in card.shown_persons
    assert Person.objects.get(pk=people[1]).name not in str(card)


def test_the_place_of_a_member_opens_the_family_to_its_officers(people):
    Person.objects.filter(pk=people[1]).update(kelurahan=MURNI)

    card = card_of(people[0], within(MURNI))

    assert [one.id for one in card.members] == [people[1]]
    assert card.elsewhere == ("Legok", "Legok")
    assert card.addresses[0].address == ""


def test_a_dwelling_in_the_area_opens_the_family_without_its_people(people):
    Person.objects.filter(family=family_of(people[0])).update(kelurahan=MURNI)

    card = card_of(people[0], within(LEGOK))

    assert card.members == ()
    assert card.elsewhere == ("Murni",) * 3
    assert card.shown_persons == []


def test_a_merged_member_is_told_among_those_who_were_there(people, chief):
    merge_persons(
        kept_id=people[4], absorbed_id=people[0], reason="x", by=chief, in_spite_of_niks=True
    )

    card = card_of(people[1])

    assert people[0] not in [one.id for one in card.members]
    (gone,) = [one for one in card.former if one.person_id == people[0]]
    assert (gone.state, gone.into) == (states.MERGED, people[4])


def test_who_moved_to_another_family_is_told_with_the_days(people):
    old, new = family_of(people[0]), family_of(people[4])
    moved = dt.date(2026, 7, 1)
    Membership.objects.filter(person=people[0]).update(to_on=moved)
    Membership.objects.create(person_id=people[0], family_id=new, from_on=moved)
    Person.objects.filter(pk=people[0]).update(family=new)

    before = family_card(old, scope=CITY, on=ON)
    now = family_card(new, scope=CITY, on=ON)

    assert [(one.person_id, one.to_on) for one in before.former] == [(people[0], moved)]
    stays = member(now, people[0]).stays
    assert [(stay.family_id, stay.to_on, stay.is_current) for stay in stays] == [
        (old, moved, False),
        (new, None, True),
    ]
    assert now.open_families == {old, new} - {new}


def test_former_addresses_are_told_with_their_days(people):
    family = Family.objects.get(pk=family_of(people[0]))
    stay = FamilyStay.objects.get(family=family)
    moved = dt.date(2026, 7, 1)
    FamilyStay.objects.filter(pk=stay.pk).update(to_on=moved)
    household = Household.objects.create()
    dwelling = Dwelling.objects.create(kelurahan=LEGOK, rt=7, address="JL. BARU 1")
    HouseholdStay.objects.create(household=household, dwelling=dwelling, from_on=moved)
    FamilyStay.objects.create(family=family, household=household, from_on=moved)

    new, old = card_of(people[0]).addresses

    assert (new.address, new.from_on, new.to_on) == ("JL. BARU 1", moved, None)
    assert (old.to_on, old.is_current) == (moved, False)
    assert card_of(people[0]).home == new


def test_another_family_under_the_roof_is_named_by_its_head(office):
    home = citizen(1)["ALAMAT"], citizen(1)["NO_RT"]
    rows = [citizen(number, ALAMAT=home[0], NO_RT=home[1]) for number in range(1, 8)]
    people = [person for *_, person in links_of(office.send(rows))]

    (other,) = card_of(people[0]).neighbours

    assert (other.family_id, other.size) == (family_of(people[4]), 4)
    assert other.head_id == people[3]
    assert other.head_id in card_of(people[0]).shown_persons


def test_a_withdrawn_person_can_still_be_read_and_one_elsewhere_cannot(people):
    Person.objects.filter(pk=people[0]).update(state=states.WITHDRAWN)

    assert person_alone(people[0], scope=CITY, on=ON).state == states.WITHDRAWN
    assert person_alone(people[0], scope=within(MURNI), on=ON) is None
    assert person_alone(999_999, scope=CITY, on=ON) is None


def test_a_large_family_costs_as_many_questions_as_a_small_one(office):
    rows = [citizen(number, NO_KK=citizen(1)["NO_KK"]) for number in range(1, 11)]
    rows += [citizen(40), citizen(41)]
    people = [person for *_, person in links_of(office.send(rows))]

    def questions(person):
        family = family_of(person)
        with CaptureQueriesContext(connection) as asked:
            family_card(family, scope=CITY, on=ON)
        return len(asked)

    assert len(card_of(people[0]).members) == 10
    assert questions(people[0]) == questions(people[10]) <= 20
