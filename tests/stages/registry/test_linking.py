"""Lists become links: who is founded, who is found, what a second run leaves alone."""

import datetime as dt

import pytest

from entas.audit.models import Act
from entas.registry import states
from entas.registry.models import Duplicate, Link, LinkedList, Person, PersonKey, RegisterVersion
from journey.little_lists import Office, citizen, citizens, links_of, nik, programme_row


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


def test_the_first_civil_register_founds_everybody_in_it(office):
    delivery = office.deliver(citizens(30))

    answer = office.link()

    assert {key: answer[key] for key in ("persons", "linked", "review", "new", "duplicates")} == {
        "persons": 30,
        "linked": 0,
        "review": 0,
        "new": 30,
        "duplicates": 0,
    }
    links = links_of(delivery)
    assert {word for _, word, _ in links} == {states.FOUNDED}
    assert len({person for *_, person in links}) == 30


def test_every_founded_person_has_keys_to_be_found_by(office):
    office.send(citizens(20))

    assert PersonKey.objects.count() == Person.objects.count() == 20
    assert set(PersonKey.objects.values_list("person_id")) == set(Person.objects.values_list("pk"))


def test_a_second_list_is_linked_to_the_persons_that_are_there(office):
    first = office.send(citizens(30))
    second = office.deliver([programme_row(row) for row in citizens(10)], "pbi")

    answer = office.link()

    assert (answer["persons"], answer["linked"], answer["new"]) == (30, 10, 0)
    assert [person for *_, person in links_of(second)] == [
        person for *_, person in links_of(first)[:10]
    ]


def test_linking_again_with_nothing_new_changes_nothing(office):
    office.send(citizens(20))
    office.send([programme_row(row) for row in citizens(5)], "pbi")
    before = list(Link.objects.order_by("pk").values())
    version, acts = RegisterVersion.objects.get().number, Act.objects.count()

    answer = office.link()

    assert (answer["persons"], answer["linked"], answer["review"], answer["new"]) == (20, 0, 0, 0)
    assert list(Link.objects.order_by("pk").values()) == before
    assert RegisterVersion.objects.get().number == version
    assert Act.objects.count() == acts


def test_a_new_list_does_not_change_the_links_of_earlier_ones(office):
    office.send(citizens(30))
    office.send([programme_row(row) for row in citizens(10)], "pbi")
    before = list(Link.objects.order_by("pk").values())

    office.send([programme_row(row) for row in citizens(34)[8:]], "pbi")

    assert list(Link.objects.order_by("pk").values())[: len(before)] == before


def test_one_person_on_two_rows_of_the_register_stays_two_until_a_human_decides(office):
    delivery = office.deliver([*citizens(300), citizen(7)])

    answer = office.link()

    assert (answer["persons"], answer["new"], answer["duplicates"]) == (301, 301, 1)
    persons = [person for *_, person in links_of(delivery)]
    (pair,) = Duplicate.objects.all()
    assert (pair.first_id, pair.second_id) == (persons[6], persons[300])
    assert pair.state == states.SUSPECTED
    assert not Person.objects.exclude(state=states.ACTIVE).exists()


def test_a_suspicion_is_written_down_once_however_often_one_links(office):
    office.send([*citizens(300), citizen(7)])

    office.send([programme_row(row) for row in citizens(10)], "pbi")
    office.send([citizen(301)], as_of=dt.date(2026, 6, 2))

    assert Duplicate.objects.count() == 1


def test_twins_of_one_card_are_not_suspected(office):
    twins = [citizen(30, NAMA_LGKP="HASAN"), citizen(30, NIK=nik(330), NAMA_LGKP="HUSIN")]

    office.send([*citizens(29), *citizens(300)[30:], *twins])

    assert not Duplicate.objects.exists()


def test_the_same_person_twice_in_a_programme_is_linked_once_and_said_to_be_double(office):
    office.send(citizens(30))
    rows = [programme_row(row) for row in [*citizens(5), citizen(3)]]

    delivery = office.send(rows, "pbi")

    links = links_of(delivery)
    assert links[5][1] == states.REPEATED
    assert links[5][2] == links[2][2]
    assert [word for _, word, _ in links[:5]] == [states.SURE] * 5


def test_a_programme_row_of_a_stranger_who_says_too_little_founds_nobody(office):
    office.send(citizens(30))
    nobody = {**dict.fromkeys(citizen(1), ""), "NAMA_LGKP": "OEMAR BAKRIE"}

    delivery = office.send([programme_row(nobody)], "pbi")

    assert links_of(delivery) == [(1, states.NOT_FOUND, None)]
    assert Person.objects.count() == 30


def test_a_programme_row_with_nik_name_and_birth_date_founds_a_stranger(office):
    office.send(citizens(30))

    delivery = office.send([programme_row(citizen(49))], "pbi")

    ((_, word, person),) = links_of(delivery)
    assert word == states.FOUNDED
    assert Person.objects.get(pk=person).origin_delivery == delivery


def test_a_borrowed_nik_neither_links_nor_founds_a_second_bearer(office):
    office.send(citizens(300))
    stranger = citizen(301, NIK=citizen(2)["NIK"])

    delivery = office.send([programme_row(stranger)], "pbi")

    assert links_of(delivery) == [(1, states.NOT_FOUND, None)]
    assert Person.objects.count() == 300


def test_rejected_rows_have_no_link_and_leave_the_others_their_numbers(office):
    rows = citizens(6)
    rows[2]["NAMA_LGKP"] = ""

    delivery = office.send(rows)

    assert [row for row, *_ in links_of(delivery)] == [1, 2, 4, 5, 6]


def test_the_best_source_is_linked_first_however_the_lists_came(office):
    programme = office.deliver([programme_row(row) for row in citizens(5)], "pbi")
    register = office.deliver(citizens(30))

    answer = office.link()

    assert answer["persons"] == 30
    assert {word for _, word, _ in links_of(register)} == {states.FOUNDED}
    assert {word for _, word, _ in links_of(programme)} == {states.SURE}


def test_known_persons_are_found_and_unknown_ones_founded_in_the_same_list(office):
    office.send(citizens(30))

    delivery = office.send([programme_row(row) for row in citizens(34)[6:]], "pbi")

    words = [word for _, word, _ in links_of(delivery)]
    assert words == [states.SURE] * 24 + [states.FOUNDED] * 4
    assert Person.objects.count() == 34


def test_every_link_names_a_model_and_the_weights_fitted_to_its_list(office):
    delivery = office.send(citizens(10))

    kept = LinkedList.objects.get(delivery=delivery)
    assert kept.model_version
    assert kept.fitted.startswith("{")


def test_a_linking_is_in_the_chain_of_acts_with_counts_only(office):
    office.send(citizens(10))

    acts = Act.objects.filter(act__startswith="registry.link").order_by("pk")

    assert [act.act for act in acts] == ["registry.link", "registry.link.published"]
    assert acts[1].detail == {"linked": 0, "review": 0, "new": 10}
