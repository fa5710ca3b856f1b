import numpy as np
import pytest

from kotacontoh.areas import ground_for
from kotacontoh.programmes import Programmes, pkh_quotas
from kotacontoh.sizes import size_named
from kotacontoh.streams import Streams


@pytest.fixture(scope="module")
def programmes(city):
    return Programmes(city)


def test_the_city_has_the_15304_pkh_families_of_2019_in_their_kecamatan():
    size = size_named("city")

    quotas = pkh_quotas(size, ground_for(size, Streams(1).numpy("ground")))

    assert sum(quotas.values()) == 15_304
    assert (quotas["15.71.03"], quotas["15.71.05"]) == (2_484, 349)


def test_pkh_families_have_a_component(programmes, city):
    chosen = programmes.pkh()
    stale = city.members.dead[chosen.people] | city.moved()[chosen.people]
    home = city.members.household[chosen.people[~stale]]

    assert (sum(programmes.components.values())[home] > 0).all()


def test_pkh_is_drawn_by_women_where_there_is_one(programmes, city):
    people = programmes.pkh().people

    assert (city.members.sex[people] == 2).mean() > 0.8


def test_a_few_payees_have_died_or_left(programmes, city):
    people = programmes.pkh().people

    gone = (city.members.dead | city.moved())[people]

    assert 0.008 < gone.mean() < 0.03


def test_aid_lists_reach_the_poor_more_often_but_never_all_of_them(programmes, city):
    poor = city.welfare.poor & programmes.resident
    other = ~city.welfare.poor & programmes.resident
    listed = programmes.dtsen_homes

    assert 0.5 < listed[poor].mean() < 0.95
    assert listed[other].mean() < 0.35


def test_deciles_rank_listed_families_from_poor_to_less_poor(programmes):
    score, decile = programmes.score, programmes.decile

    means = [score[decile == d].mean() for d in range(1, 6)]

    assert means == sorted(means)
    assert set(np.unique(decile[programmes.dtsen_homes])) == {1, 2, 3, 4, 5}


def test_pupils_on_the_pip_list_go_to_school(programmes, city):
    grade = city.attributes.grade[programmes.pip()]

    assert ((grade >= 1) & (grade <= 12)).all()


def test_nobody_is_chosen_twice_for_a_list(programmes):
    for people in (programmes.dtsen(), programmes.pip(), programmes.pbi().people):
        assert len(set(people.tolist())) == len(people)
