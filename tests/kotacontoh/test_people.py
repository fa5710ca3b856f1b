import csv
from collections import Counter

import numpy as np
import pytest

from kotacontoh.members import FEMALE, MALE
from kotacontoh.naming import twin_token


def test_every_nik_lies_in_the_range_no_living_person_holds(city):
    prefixes = {nik[:6] for nik in city.nik}

    assert prefixes <= {f"1571{pair}" for pair in range(81, 92)}
    assert all(len(nik) == 16 and nik.isdigit() for nik in city.nik)


def test_no_two_people_share_a_nik(city):
    assert len(set(city.nik)) == len(city)


def test_a_woman_has_forty_added_to_the_day_in_her_nik(city):
    day = np.array([int(nik[6:8]) for nik in city.nik])

    assert (day[city.members.sex == FEMALE] > 40).all()
    assert (day[city.members.sex == MALE] < 32).all()


def test_serials_of_a_day_and_kecamatan_are_counted_from_one(city):
    serials = {}
    for nik in city.nik:
        serials.setdefault(nik[:12], []).append(int(nik[12:]))

    assert all(sorted(run) == list(range(1, len(run) + 1)) for run in serials.values())


def test_a_few_niks_keep_a_birth_date_that_was_corrected_later(city):
    stale = sum(
        nik[8:10] + nik[10:12] != b[5:7] + b[2:4]
        for nik, b in zip(city.nik, city.birth, strict=True)
    )

    assert 0.002 < stale / len(city) < 0.008


def test_every_card_number_lies_in_the_reserved_range_and_has_one_family(city):
    families = {}
    for kk, family in zip(city.kk, city.members.family.tolist(), strict=True):
        families.setdefault(kk, set()).add(family)

    assert all(len(members) == 1 for members in families.values())
    assert {kk[:6] for kk in families} <= {f"1571{pair}" for pair in range(81, 92)}


def test_ages_follow_the_province_within_three_points(city):
    age = city.members.age()[city.living()]

    shares = np.histogram(age, [0, 15, 30, 45, 60, 120])[0] / len(age)

    # Province, Long Form SP2020: 26.2, 25.5, 24.2, 17.5, 8.9 % (marginal.csv of the references).
    assert shares == pytest.approx([0.262, 0.255, 0.242, 0.150, 0.089], abs=0.035)


def test_men_and_women_are_about_as_many(city):
    assert np.mean(city.members.sex[city.living()] == MALE) == pytest.approx(0.505, abs=0.02)


def test_the_old_carry_single_word_names_far_more_often_than_the_young(city):
    single = np.array([" " not in name for name in city.names.name])
    year = np.array([int(birth[:4]) for birth in city.birth])

    assert single[year < 1970].mean() == pytest.approx(0.31, abs=0.06)
    assert single[year >= 1995].mean() == pytest.approx(0.05, abs=0.025)


def test_a_fifth_of_the_men_carry_a_form_of_muhammad(city):
    forms = ("MUHAMMAD ", "M. ", "MUHAMAD ", "MOHAMMAD ", "MHD. ")
    men = city.names.name[city.members.sex == MALE]

    assert np.mean([name.startswith(forms) for name in men]) == pytest.approx(0.22, abs=0.05)


def test_name_frequencies_are_heavy_tailed(city):
    tokens = Counter(token for name in city.names.name for token in name.split())
    counts = np.array(sorted(tokens.values(), reverse=True))

    assert counts[:50].sum() / counts.sum() > 0.2
    assert (counts <= 3).mean() > 0.25


def test_namesakes_live_in_the_same_rt_at_a_plausible_rate(city):
    home = city.members.household
    place = list(zip(city.names.name, city.homes.kelurahan[home], city.homes.rt[home], strict=True))
    count = Counter(place)

    share = sum(n for n in count.values() if n > 1) / len(city)

    assert 0.01 < share < 0.04


def test_some_sons_are_named_like_their_fathers(city):
    sons = np.flatnonzero((city.members.father >= 0) & (city.members.sex == MALE))
    fathers = city.names.name[city.members.father[sons]]

    alike = [son.startswith(f) for son, f in zip(city.names.name[sons], fathers, strict=True)]

    assert 0.005 < np.mean(alike) < 0.04


def test_twins_share_birthday_and_mother_and_nearly_the_name(city):
    twins = np.flatnonzero(city.members.twin)

    assert len(twins) > 50
    assert (city.members.birth[twins] == city.members.birth[twins - 1]).all()
    assert (city.names.mother[twins] == city.names.mother[twins - 1]).all()


@pytest.mark.parametrize(("first", "second"), [("ANDI", "ANDA"), ("HASAN", "HUSEIN")])
def test_the_second_twin_is_called_one_sound_apart(first, second):
    assert twin_token(first) == second


def test_several_families_live_under_one_roof(city):
    cards = {}
    for home, kk in zip(city.members.household.tolist(), city.kk, strict=True):
        cards.setdefault(int(city.homes.dwelling[home]), set()).add(kk)

    share = np.mean([len(group) > 1 for group in cards.values()])

    assert 0.08 < share < 0.30


def test_some_families_are_split_over_two_homes(city):
    homes = {}
    for home, kk in zip(city.members.household.tolist(), city.kk, strict=True):
        homes.setdefault(kk, set()).add(home)

    assert sum(len(group) > 1 for group in homes.values()) > 20


def test_a_child_is_at_least_fifteen_years_younger_than_its_mother(city):
    child = np.flatnonzero((city.members.mother >= 0) & (city.members.role == 3))
    gap = city.members.birth[child] - city.members.birth[city.members.mother[child]]

    assert (gap > 15 * 365).mean() > 0.99


def test_birth_dates_of_the_elderly_are_heaped_and_those_of_the_young_are_not(city):
    new_year = np.array([birth.endswith("-01-01") for birth in city.birth])
    year = np.array([int(birth[:4]) for birth in city.birth])

    assert new_year[year < 1965].mean() > 0.05
    assert new_year[year > 1990].mean() < 0.01


def test_the_truth_names_every_person_once(kecamatan, city):
    with (kecamatan / "truth" / "persons.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))

    assert [int(row["person"]) for row in rows] == list(range(len(city)))
    assert sum(row["status"] == "resident" and row["alive"] == "1" for row in rows) == 40_000
