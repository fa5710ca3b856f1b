"""Taking a list back: what goes with it, what stays, and on what it falls back."""

import datetime as dt

import pytest

from entas import custody
from entas.audit.models import Act
from entas.history import unpack
from entas.registry import states
from entas.registry.errors import DecisionRefused
from entas.registry.models import (
    Family,
    Link,
    LinkedList,
    Membership,
    Person,
    PersonKey,
    RegistryHistory,
    Run,
)
from entas.registry.queries import summary
from entas.registry.services import undo_import, withdrawal
from entas.registry.services.decisions import decide_row
from entas.sources.errors import NotWithdrawable, UnknownImport
from entas.sources.models import Delivery
from journey.little_lists import Office, card, citizen, citizens, links_of, programme_row

ON = dt.date(2026, 7, 1)


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


def undo(office, delivery, **more):
    return undo_import(import_id=delivery.pk, by=office.user, on=ON, **more)


def programme(rows, **other):
    return [programme_row(row) | other for row in rows]


def state_of_everything():
    people = Person.objects.order_by("pk").values()
    return [
        list(people),
        list(Link.objects.order_by("pk").values("pk", "decision", "person_id", "withdrawn")),
        list(PersonKey.objects.order_by("pk").values()),
    ]


def test_persons_who_stand_on_nothing_else_are_withdrawn_and_not_deleted(office):
    delivery = office.send(citizens(12))

    counts = undo(office, delivery)

    assert counts == {"links": 12, "withdrawn": 12, "changed": 0}
    assert summary.person_count() == 0
    assert Person.objects.filter(state=states.WITHDRAWN).count() == 12
    assert Link.objects.filter(delivery=delivery, withdrawn=True).count() == 12
    assert LinkedList.objects.get(delivery=delivery).withdrawn
    assert Delivery.objects.get(pk=delivery.pk).state == "withdrawn"


def test_a_programme_list_goes_and_the_register_stays_as_it_was(office):
    office.send(citizens(30))
    before = state_of_everything()
    programme_list = office.send(programme(citizens(10)), "pbi")

    counts = undo(office, programme_list)

    people, links, keys = state_of_everything()
    assert counts == {"links": 10, "withdrawn": 0, "changed": 0}
    assert [people, keys] == [before[0], before[2]]
    assert [link for link in links if not link["withdrawn"]] == before[1]


def test_a_field_falls_back_to_the_register_when_the_list_that_filled_it_goes(office):
    rows = citizens(30)
    rows[4]["NAMA_LGKP_IBU"] = ""
    register = office.send(rows)
    office.send([rows[4] | {"NAMA_LGKP_IBU": "MARSINAH"}], "dtsen")
    person = Person.objects.get(origin_delivery=register, origin_row=5)
    assert person.mother_name == "MARSINAH"

    undo(office, Delivery.objects.get(pk=person.origin_more["mother_name"][0]))

    person.refresh_from_db()
    assert (person.mother_name, person.origin_more) == ("", None)
    assert PersonKey.objects.get(person=person).mother_sound == ""


@pytest.fixture
def outlived(office):
    """Persons of a register whom a programme's list knows too; the register is taken back."""
    register = office.send(citizens(30))
    rows = programme([citizen(n, NO_KK=card(90), NO_RT="007") for n in (1, 2, 3)])
    rows[1] |= {"NAMA PESERTA": rows[1]["NAMA PESERTA"].lower() + " h", "TGLLAHIR": ""}
    known = office.send(rows, "pbi")
    persons = [person for *_, person in links_of(known)]
    counts = undo(office, register)
    return known, counts, [Person.objects.get(pk=pk) for pk in persons]


def test_persons_other_lists_know_keep_living_by_what_those_say(outlived):
    known, counts, people = outlived

    assert counts == {"links": 30, "withdrawn": 27, "changed": 3}
    assert {person.state for person in people} == {states.ACTIVE}
    assert [(one.origin_delivery, one.origin_row) for one in people] == [
        (known, 1),
        (known, 2),
        (known, 3),
    ]
    assert [person.origin_more for person in people] == [None] * 3
    assert people[1].birth_on is None
    assert [(one.birth_place, one.mother_name, one.rt) for one in people] == [("", "", 7)] * 3
    niks = [custody.unseal(bytes(one.nik_sealed), context="person.nik") for one in people]
    assert niks == [citizen(n)["NIK"].encode() for n in (1, 2, 3)]


def test_persons_who_live_on_join_the_family_their_remaining_line_names(outlived):
    known, _, people = outlived

    (family,) = {person.family_id for person in people}
    kk = custody.unseal(bytes(Family.objects.get(pk=family).kk_sealed), context="family.kk")
    assert kk.decode() == card(90)
    stays = Membership.objects.filter(delivery=known)
    assert {(stay.person_id, stay.family_id) for stay in stays} == {
        (person.pk, family) for person in people
    }


def test_the_keys_of_persons_who_live_on_are_made_anew(outlived):
    *_, people = outlived

    for person in people:
        key = PersonKey.objects.get(person=person)
        assert (key.family_number, key.rt) == (person.family_id, 7)
        assert (key.birth % 10_000 == 0) == (person.birth_on is None)


def test_a_family_the_remaining_line_names_too_is_kept(office):
    register = office.send(citizens(8))
    known = office.send(programme(citizens(8)), "pbi")
    families = dict(Person.objects.values_list("pk", "family_id"))

    undo(office, register)

    assert dict(Person.objects.values_list("pk", "family_id")) == families
    assert Membership.objects.filter(delivery=known).count() == 8


def test_a_person_falls_with_the_last_list_that_knows_him(office):
    register = office.send(citizens(8))
    programme_list = office.send(programme(citizens(3)), "pbi")
    undo(office, register)

    counts = undo(office, programme_list)

    assert counts == {"links": 3, "withdrawn": 3, "changed": 0}
    assert summary.person_count() == 0


def test_a_correction_people_decided_on_outlives_the_list(office):
    register = office.send(citizens(8))
    office.send(programme(citizens(3)), "pbi")
    person = Person.objects.get(origin_delivery=register, origin_row=2)
    Person.objects.filter(pk=person.pk).update(
        mother_name="CITRA", origin_more={"mother_name": ["usulan", 1]}
    )

    undo(office, register)

    person.refresh_from_db()
    assert person.mother_name == "CITRA"
    assert person.origin_more == {"mother_name": ["usulan", 1]}


def test_a_person_whom_a_human_opened_does_not_fall_with_a_list(office):
    office.send(citizens(8))
    delivery = office.send(programme([citizen(49)]), "pbi")
    ((_, _, person),) = links_of(delivery)
    Person.objects.filter(pk=person).update(origin_delivery=None, origin_row=None)

    undo(office, delivery)

    assert Person.objects.get(pk=person).state == states.ACTIVE


def test_what_went_is_in_the_change_log_and_in_the_chain_of_acts(office):
    delivery = office.send(citizens(3))

    undo(office, delivery)

    acts = Act.objects.filter(act__contains="undo").order_by("position")
    assert [act.act for act in acts] == ["registry.undo", "sources.undo", "registry.undo.done"]
    assert {act.object_id for act in acts} == {str(delivery.pk)}
    log = RegistryHistory.objects.filter(act_id=acts[0].pk)
    assert [unpack(row) for row in log] == [{"state": ["aktif", "ditarik"]}] * 3


def test_the_same_file_can_be_taken_in_and_linked_again(office):
    first = office.send(citizens(12))
    undo(office, first)

    again = office.send(citizens(12))

    assert again.pk != first.pk
    assert summary.person_count() == 12
    assert {word for _, word, _ in links_of(again)} == {states.FOUNDED}


def test_what_people_said_of_a_line_stands_when_the_same_file_comes_again(office):
    office.send(citizens(30))
    rows = programme(citizens(3))
    first = office.send(rows, "pbi")
    (_, _, wrong), *_ = links_of(first)
    decide_row(delivery=first, row=1, person_id=wrong, same=False, by=office.user)
    undo(office, first)

    again = office.send(rows, "pbi")

    assert links_of(again)[0] == (1, states.NOT_FOUND, None)
    assert [word for _, word, _ in links_of(again)[1:]] == [states.SURE] * 2


def test_a_list_is_taken_back_once(office):
    delivery = office.send(citizens(3))
    undo(office, delivery)

    with pytest.raises(NotWithdrawable):
        undo(office, delivery)


def test_a_list_that_does_not_exist_is_refused(office):
    with pytest.raises(UnknownImport):
        undo_import(import_id=404, by=office.user, on=ON)


def test_a_list_that_was_never_linked_is_just_withdrawn(office):
    delivery = office.deliver(citizens(3))

    assert undo(office, delivery) == {"links": 0, "withdrawn": 0, "changed": 0}
    assert Delivery.objects.get(pk=delivery.pk).state == "withdrawn"


def test_a_list_with_something_signed_on_it_is_refused_and_the_refusal_names_it(office):
    delivery = office.send(citizens(3))
    signed = [f"SK {number}" for number in range(1, 8)]

    with pytest.raises(DecisionRefused) as refusal:
        undo(office, delivery, standing=lambda _: signed)

    assert "SK 1; SK 2; SK 3; SK 4; SK 5; dan 2 lagi" in str(refusal.value)
    assert summary.person_count() == 3
    assert Delivery.objects.get(pk=delivery.pk).state == "accepted"


def test_a_question_about_a_withdrawn_person_is_asked_no_more(office):
    office.send(citizens(30))
    founding = office.send(programme([citizen(49)]), "pbi")
    ((_, _, person),) = links_of(founding)
    asking = office.send(programme([citizen(5)]), "pkh")
    Link.objects.filter(delivery=asking).update(
        decision=states.REVIEW, person=None, candidate_id=person
    )

    undo(office, founding)

    assert links_of(asking) == [(1, states.NOT_FOUND, None)]


class Killed(BaseException):
    """The process ends here."""


def cut_off(office, delivery, after):
    """Begin to take a list back and die after it was decided, after its links were withdrawn,
    or after the persons were settled.
    """
    if after == "decided":
        withdrawal.decide(delivery=delivery, by=office.user, on=ON)
        return

    def die(done, total, note=""):
        if (done == total) == (after == "persons"):
            raise Killed

    with pytest.raises(Killed):
        undo(office, delivery, progress=die)


@pytest.mark.parametrize("after", ["decided", "links", "persons"])
def test_a_withdrawal_cut_off_anywhere_ends_the_same_when_asked_again(office, after):
    register = office.send(citizens(12))
    office.send(programme([citizen(n, NO_RT="009") for n in (1, 2)]), "pbi")
    cut_off(office, register, after)
    assert Delivery.objects.get(pk=register.pk).state == "accepted"

    counts = undo(office, register)

    assert counts == {"links": 12, "withdrawn": 10, "changed": 2}
    assert summary.person_count() == 2
    assert set(Person.objects.filter(state=states.ACTIVE).values_list("rt", flat=True)) == {9}
    assert set(Run.objects.values_list("state", flat=True)) == {states.DONE}


@pytest.mark.parametrize("after", ["decided", "links", "persons"])
def test_the_next_linking_finishes_a_withdrawal_that_was_cut_off(office, after):
    register = office.send(citizens(12))
    cut_off(office, register, after)
    office.deliver(citizens(3), as_of=dt.date(2026, 6, 2))

    answer = office.link()

    assert Delivery.objects.get(pk=register.pk).state == "withdrawn"
    assert (answer["persons"], answer["new"]) == (3, 3)
    with pytest.raises(NotWithdrawable):
        undo(office, register)
