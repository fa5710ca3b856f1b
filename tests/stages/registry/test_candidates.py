"""One person asked for at a counter: the right one comes first, weighed as in a list."""

import datetime as dt

import pytest

from entas.registry.models import Link, Person
from entas.registry.queries.candidates import candidates
from entas.sources.parsed import ParsedRow
from journey.little_lists import Office, citizen, citizens, links_of, programme_row


@pytest.fixture
def town(ground, tmp_path):
    office = Office(tmp_path, ground)
    office.send(citizens(300))
    return office


def asked(number, **other):
    """What a clerk knows of a citizen."""
    row = citizen(number)
    day, month, year = map(int, row["TGL_LHR"].split("-"))
    known = {
        "nik": row["NIK"],
        "kk": row["NO_KK"],
        "nama": row["NAMA_LGKP"],
        "lahir": dt.date(year, month, day),
        "sex": "L" if number % 2 == 0 else "P",
        "nama_ibu": row["NAMA_LGKP_IBU"],
        "alamat": row["ALAMAT"],
        "rt": int(row["NO_RT"]),
        "kelurahan": 1571101003,
    }
    return ParsedRow(**known | other)


def id_of(number):
    return Person.objects.get(origin_row=number, origin_delivery__source__code="dukcapil").pk


SPOILT = {
    "nothing": {},
    "no_nik": {"nik": None},
    "wrong_nik": {"nik": citizen(301)["NIK"]},
    "no_numbers": {"nik": None, "kk": None},
    "no_date": {"lahir": None, "nik": None},
    "no_mother": {"nama_ibu": None, "nik": None},
    "one_letter": {"nama": "TEGUH PERMANNA", "nik": None},
    "turned": {"nama": "PERMANA TEGUH", "nik": None},
    "first_name": {"nama": "TEGUH", "nik": None},
    "name_and_place": {
        "nik": None,
        "kk": None,
        "lahir": None,
        "nama_ibu": None,
        "sex": None,
        "alamat": None,
    },
    "mistyped_and_place": {
        "nama": "TEUGH PERMANA",
        "nik": None,
        "kk": None,
        "lahir": None,
        "nama_ibu": None,
    },
    "run_together_and_year": {
        "nama": "TEGUHPERMANA",
        "nik": None,
        "kk": None,
        "lahir": None,
        "lahir_tahun": int(citizen(14)["TGL_LHR"][-4:]),
        "kelurahan": None,
        "rt": None,
    },
    "by_place": {"nik": None, "kk": None, "lahir": None, "nama_ibu": None},
    "by_date": {"nik": None, "kk": None, "kelurahan": None, "rt": None, "alamat": None},
}


@pytest.mark.parametrize("how", SPOILT)
def test_the_right_person_comes_first(town, how):
    number = 14
    row = asked(number, nama="TEGUH PERMANA")
    town.send([citizen(number, NAMA_LGKP="TEGUH PERMANA")], as_of=dt.date(2026, 6, 2))

    found = candidates(asked(number, **{"nama": row.nama} | SPOILT[how]))

    assert found[0].person_id == id_of(number)


def test_candidates_come_most_likely_first_and_no_more_than_asked_for(town):
    found = candidates(asked(14, nik=None, lahir=None), most=3)

    assert len(found) <= 3
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert all(0 <= one.probability <= 1 for one in found)


def test_nobody_resembles_a_stranger_enough(town):
    stranger = ParsedRow(nama="OEMAR BAKRIE", lahir=dt.date(1931, 12, 30))

    assert all(one.probability < 0.5 for one in candidates(stranger))


def test_an_empty_register_has_no_candidates(ground, tmp_path):
    Office(tmp_path, ground)

    assert candidates(asked(1)) == []


def test_a_row_that_says_nothing_finds_nobody(town):
    assert candidates(ParsedRow(nama="")) == []


def test_a_person_of_an_unfinished_run_is_not_found(town):
    run = Person.objects.first().run
    type(run).objects.filter(pk=run.pk).update(state="staging")

    assert candidates(asked(14)) == []


def test_asking_changes_nothing(town):
    before = list(Person.objects.order_by("pk").values())

    candidates(asked(14))

    assert list(Person.objects.order_by("pk").values()) == before


def test_a_question_costs_few_queries(town, django_assert_max_num_queries):
    candidates(asked(14))

    with django_assert_max_num_queries(3):
        candidates(asked(15))


def test_the_person_asked_for_is_the_one_the_list_is_linked_to(town):
    numbers = range(5, 200, 13)
    delivery = town.send([programme_row(citizen(number)) for number in numbers], "pbi")

    for (_, word, person), number in zip(links_of(delivery), numbers, strict=True):
        row = asked(number, sex=None, nama_ibu=None)
        assert word == "cocok"
        assert candidates(row)[0].person_id == person
    assert Link.objects.filter(delivery=delivery).count() == len(numbers)
