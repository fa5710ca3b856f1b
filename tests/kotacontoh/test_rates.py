"""Mistakes in the lists: as many as promised, with their origin, and many at once in some rows."""

from collections import Counter

import pytest

from kotacontoh.mistakes import FIELD_OF, MISTAKES
from kotacontoh.rates import CONTENT, RATES

# generator_targets.json, source_lists: the lists may be worse, never better.
TARGETS = [
    ("dukcapil", "name_typed", 0.02),
    ("dukcapil", "address_stale", 0.12),
    ("dtsen", "nik_missing", 0.03),
    ("dtsen", "nik_wrong_digit", 0.012),
    ("dtsen", "nik_borrowed", 0.005),
    ("dtsen", "name_typed", 0.08),
    ("dtsen", "area_old", 0.07),
    ("pkh", "nik_wrong_digit", 0.008),
    ("pkh", "name_typed", 0.05),
    ("pip", "nik_missing", 0.25),
    ("pip", "name_typed", 0.07),
    ("kelurahan", "nik_missing", 0.40),
    ("kelurahan", "name_typed", 0.10),
    ("cek-60k", "nik_missing", 0.20),
    ("cek-60k", "kk_missing", 0.25),
    ("cek-60k", "mother_missing", 0.30),
    ("cek-60k", "address_stale", 0.13),
]


def share(rows, mistake):
    return sum(mistake in row["errors"].split("|") for row in rows) / len(rows)


@pytest.mark.parametrize(("source", "mistake", "target"), TARGETS)
def test_lists_are_not_milder_than_the_targets(true_rows, source, mistake, target):
    rows = true_rows[source]
    noise = 3 * (target / len(rows)) ** 0.5

    assert target * 0.9 - noise <= share(rows, mistake) <= target * 1.6 + 0.02 + noise


@pytest.mark.parametrize("source", ["dtsen", "pkh", "pip", "pbi", "kelurahan", "cek-60k"])
def test_two_to_six_rows_in_a_hundred_are_ruined_by_careless_clerks(true_rows, source):
    rows = true_rows[source]

    careless = sum(row["careless"] == "1" for row in rows) / len(rows)

    assert 0.013 <= careless <= 0.075


@pytest.mark.parametrize("source", ["dtsen", "pbi", "cek-60k"])
def test_a_careless_clerk_ruins_many_fields_of_a_row_at_once(true_rows, source):
    ruined = [row["errors"].split("|") for row in true_rows[source] if row["careless"] == "1"]
    fields = [len({FIELD_OF[mistake] for mistake in row if mistake in FIELD_OF}) for row in ruined]

    assert sum(fields) / len(fields) > 3.5
    assert sum(count >= 3 for count in fields) / len(fields) > 0.85


def test_careless_rows_come_in_runs_because_one_clerk_types_many(true_rows):
    careless = [row["careless"] == "1" for row in true_rows["dtsen"]]
    blocks = [sum(careless[i : i + 100]) for i in range(0, len(careless) - 100, 100)]
    mean = sum(blocks) / len(blocks)

    variance = sum((block - mean) ** 2 for block in blocks) / len(blocks)

    assert variance > 2 * mean


@pytest.mark.parametrize("source", RATES)
def test_every_rate_has_an_origin_and_is_a_share(source):
    for rate in (*RATES[source].values(), *CONTENT[source].values()):
        assert rate.source
        assert 0 < rate.share < 1


def test_every_rate_names_a_mistake_that_exists():
    named = {name for table in RATES.values() for name in table} - {"careless"}

    assert named <= set(MISTAKES)


def test_the_register_holds_four_second_registrations_in_a_thousand(true_rows):
    rows = true_rows["dukcapil"]
    people = Counter(row["person"] for row in rows)

    again = sum(count - 1 for count in people.values())

    assert again / len(rows) == pytest.approx(0.004, abs=0.0005)


def test_the_register_misses_residents_and_keeps_the_gone_and_the_dead(true_rows, city):
    people = {int(row["person"]) for row in true_rows["dukcapil"]}
    residents = set(city.living().nonzero()[0].tolist())
    gone = people & set(city.moved().nonzero()[0].tolist())
    dead = people & set(city.members.dead.nonzero()[0].tolist())

    assert len(residents - people) / len(residents) == pytest.approx(0.025, abs=0.004)
    assert len(gone) / len(people) == pytest.approx(0.03, abs=0.003)
    assert len(dead) / len(people) == pytest.approx(0.008, abs=0.002)


def test_a_checked_list_holds_strangers_doubles_and_the_dead(true_rows, city):
    rows = true_rows["cek-60k"]
    person = [int(row["person"]) for row in rows]

    strangers = sum(city.outside()[p] for p in person) / len(rows)
    doubles = 1 - len(set(person)) / len(rows)
    dead = sum(city.members.dead[p] for p in person) / len(rows)

    assert strangers == pytest.approx(0.08, abs=0.01)
    assert doubles == pytest.approx(0.03, abs=0.005)
    assert dead == pytest.approx(0.015, abs=0.005)


def test_strangers_never_stand_in_another_list(true_rows, city):
    outside = city.outside()

    for source in ("dukcapil", "dtsen", "pkh", "pip", "pbi", "kelurahan", "survei"):
        assert not any(outside[int(row["person"])] for row in true_rows[source])
