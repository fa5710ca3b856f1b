import numpy as np
import pytest

from analytics.cast import (
    BUDI,
    CAST,
    CITRA,
    KEL_B,
    P,
    Someone,
    neighbours,
    nik_of,
    row_of,
    table,
    town,
)
from entas.analytics.linkage.duplicates import Suspects, suspected_duplicates
from entas.analytics.linkage.link import register_index
from entas.analytics.linkage.mixture import housemate_bits

# Twins are named alike, as parents do.
_TWINS = (
    ("Rina", "Rini"),
    ("Hasan", "Husin"),
    ("Yanto", "Yanti"),
    ("Andi", "Ardi"),
    ("Dewi", "Desi"),
    ("Agus", "Bagus"),
    ("Fajar", "Fahri"),
    ("Wati", "Wita"),
    ("Tono", "Toni"),
    ("Sinta", "Santi"),
    ("Rudi", "Rendi"),
)
AGAIN = CITRA.but(
    name="Citra Ayuningtias", nik=nik_of(20060203, P, 777), kk=1571810101555555, family=9_000
)

# Her card and number say that she is AGAIN; of CITRA she has one word of the name.
THIRD = AGAIN.but(
    name="Ayuningtias",
    birth=0,
    mother="",
    kel=KEL_B,
    rt=3,
    address="Jl. Mawar No. 2",
    family=9_001,
)


def twin_families() -> list[Someone]:
    """Father, mother and twins with neighbouring numbers, eleven times."""
    families = neighbours(len(_TWINS), seed=9, first_family=5_000)
    people = []
    for number, (one, other) in enumerate(_TWINS):
        father, mother, _, child = families[4 * number : 4 * number + 4]
        first = child.but(name=f"{one} {father.name.split()[-1]}")
        second = first.but(name=f"{other} {father.name.split()[-1]}", nik=first.nik + 1)
        people += [father, mother, first, second]
    return people


def suspects(model, *more: Someone, since: int = 0) -> set[tuple[int, int]]:
    found = suspected_duplicates(town(*more, *twin_families()), model, since=since)
    return pairs(found)


def pairs(found: Suspects) -> set[tuple[int, int]]:
    return set(zip(found.first.tolist(), found.second.tolist(), strict=True))


def test_twins_are_not_suspected_while_a_person_registered_twice_is(model):
    found = suspects(model, AGAIN)

    assert found == {(row_of(CITRA), len(CAST))}


def test_a_register_without_duplicates_has_no_suspects(model):
    assert suspects(model) == set()


def test_a_father_and_the_son_named_like_him_are_two(model):
    son = BUDI.but(birth=20050601, nik=nik_of(20050601, 0, 5), mother="Ani Rosmawati", role=3)

    assert suspects(model, son) == set()


def test_a_mover_registered_again_with_a_mistyped_number_is_suspected(model):
    moved = AGAIN.but(nik=CITRA.nik + 10**12, kel=KEL_B, rt=3, address="Jl. Mawar No. 2")

    assert suspects(model, moved) == {(row_of(CITRA), len(CAST))}


def test_a_third_registration_is_known_through_the_second(model):
    citra, again, third = row_of(CITRA), len(CAST), len(CAST) + 1
    other = BUDI.but(name="Joko Susilo", birth=19700101, nik=0, family=9_002)

    assert (citra, again) not in suspects(model, other, THIRD)
    assert suspects(model, AGAIN, THIRD) == {(citra, again), (again, third), (citra, third)}


def test_a_register_without_families_weighs_no_housemates():
    alone, home = np.full(100, -1, np.int32), np.repeat(np.arange(25, dtype=np.int32), 4)

    assert housemate_bits(alone) < -40
    assert housemate_bits(home) == pytest.approx(np.log2(3 / 100))


def test_duplicates_are_found_in_a_register_without_families(model):
    people = [one.but(family=-1) for one in [*CAST, AGAIN, *neighbours(350)]]

    found = suspected_duplicates(register_index(table(people)), model)

    assert pairs(found) == {(row_of(CITRA), len(CAST))}


def test_a_new_row_is_suspected_like_an_old_one(model):
    register = town(*neighbours(20, seed=77, first_family=7_000), AGAIN)
    new = len(CAST) + 80

    every = suspected_duplicates(register, model)
    recent = suspected_duplicates(register, model, since=new)

    assert pairs(recent) == pairs(every) == {(row_of(CITRA), new)}
    assert recent.odds[0] == pytest.approx(every.odds[0], abs=3)


def test_only_pairs_with_a_new_row_are_looked_for(model):
    second = neighbours(1)[2].but(nik=0, family=9_001, kk=1571810101666666)

    every = suspects(model, AGAIN, second)
    recent = suspects(model, AGAIN, second, since=len(CAST) + 1)

    first_pair = (row_of(CITRA), len(CAST))
    assert first_pair in every
    assert first_pair not in recent
    assert recent <= every


def test_since_behind_the_last_row_finds_nothing(model):
    assert suspects(model, AGAIN, since=10_000) == set()


def test_every_suspicion_is_told_once_the_smaller_row_first_the_likeliest_first(model):
    found = suspected_duplicates(
        town(AGAIN, BUDI.but(nik=BUDI.nik + 1_000_000_000_000, family=9_002)), model, least=0.01
    )

    assert len(pairs(found)) == len(found.first)
    assert np.all(found.first < found.second)
    assert np.all(np.diff(found.odds) <= 0)


@pytest.mark.parametrize("least", [0.5, 0.9])
def test_suspicions_below_the_limit_are_not_told(model, least):
    found = suspected_duplicates(town(AGAIN), model, least=least)

    assert np.all(found.probability >= least)


def test_the_same_register_gives_the_same_suspects(model):
    one, other = (suspected_duplicates(town(AGAIN), model, least=0.01) for _ in range(2))

    assert pairs(one) == pairs(other)
    assert one.odds.tolist() == other.odds.tolist()


def test_a_register_of_a_single_person_has_no_suspects(model):
    found = suspected_duplicates(register_index(table([BUDI])), model)

    assert pairs(found) == set()


def test_two_who_bear_one_number_are_told_however_unlike_they_are(model):
    other = Someone("Zulaiha Manaf", 19500101, P, BUDI.nik, mother="Rohaya", kel=KEL_B, rt=3)

    found = suspected_duplicates(town(other), model)

    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert (row_of(BUDI), len(CAST)) in pairs
