import numpy as np
import pytest

from analytics.cast import Someone, nik_of, table, town
from entas.analytics.linkage.compare import Housemates, compare
from entas.analytics.linkage.levels import NameLevel, NikLevel, SexLevel
from entas.analytics.linkage.model import table_levels
from entas.analytics.linkage.strangers import (
    Namesake,
    learn_namesakes,
    namesake,
    namesake_pairs,
    numbers_of_other_dates,
)

NIKS = max(NikLevel) + 1


@pytest.fixture(scope="module")
def drawn():
    """Evidence on the namesakes of a town in which a name tells the sex."""
    register = town(families=800)
    house = Housemates(register.table)
    pairs = {}
    for kind, (a, b) in namesake_pairs(register.table, seed=1).items():
        evidence = compare(register.table, a, register.table, b, register.rarity, house)
        pairs[kind] = (evidence, table_levels(evidence), np.zeros(len(a)))
    return pairs


def with_belief(drawn, belief):
    return {
        kind: (evidence, levels, np.full(len(evidence), belief))
        for kind, (evidence, levels, _) in drawn.items()
    }


def test_namesakes_bear_one_name_and_are_no_two_of_one_family(drawn):
    family = town(families=800).table.family

    evidence, _, _ = drawn[Namesake.WHOLE]

    assert len(evidence) > 100
    assert np.all(evidence.level["name"] == NameLevel.EQUAL)
    assert np.all(family[evidence.left] != family[evidence.right])
    assert np.all(drawn[Namesake.MOTHER][0].level["mother"] == NameLevel.EQUAL)


def test_namesakes_are_of_one_sex_more_often_than_strangers(drawn, model):
    learnt = learn_namesakes(drawn, model.stranger)
    evidence, levels, _ = drawn[Namesake.WHOLE]

    bits = learnt.bits(evidence, levels)["sex"]

    same = evidence.level["sex"] == SexLevel.SAME
    assert np.all(bits[same] > 0.4)
    assert not same.all() or bits.max() <= 1.01


def test_the_names_say_nothing_of_pairs_that_share_none(drawn, model):
    learnt = learn_namesakes(drawn, model.stranger)
    evidence, levels, _ = drawn[Namesake.MOTHER]
    strange = namesake(evidence) == Namesake.NOBODY
    told = learnt.bits(evidence, levels)

    assert all(not bits[strange].any() for bits in told.values())
    assert not told["sex"][namesake(evidence) == Namesake.MOTHER].any()


def test_nothing_is_learnt_where_namesakes_are_mostly_one_person(drawn, model):
    assert learn_namesakes(with_belief(drawn, 0.2), model.stranger).excess == {}
    assert learn_namesakes(with_belief(drawn, 0.0), model.stranger).excess != {}


def test_a_register_without_names_has_no_namesakes():
    nobody = table([Someone(nik=nik_of(19800517, 0, serial)) for serial in (1, 2)])

    assert all(len(a) == 0 for a, _ in namesake_pairs(nobody, seed=1).values())


def people_with_dates(*, written_wrongly: int) -> list[Someone]:
    """Two hundred people of one NIK date, some with another date on paper."""
    return [
        Someone(
            "Budi",
            birth=19800517 + (number < written_wrongly),
            nik=nik_of(19800517, 0, number + 1),
        )
        for number in range(200)
    ]


def test_dates_written_wrongly_make_numbers_of_strangers_alike(model):
    before = model.stranger["nik"]
    clean = numbers_of_other_dates(before, table(people_with_dates(written_wrongly=0)), 1000.0)
    spoilt = numbers_of_other_dates(before, table(people_with_dates(written_wrongly=20)), 1000.0)

    level = 2 * NIKS + NikLevel.REGION_TYPO
    assert spoilt[level] > 100 * clean[level]
    assert np.all(spoilt[: 2 * NIKS] == before[: 2 * NIKS])
    for nik in (clean, spoilt):
        assert nik[2 * NIKS :].sum() == pytest.approx(1)


def test_without_numbers_the_strangers_table_stays_a_table(model):
    nik = numbers_of_other_dates(model.stranger["nik"], table([Someone("Budi")]), 1000.0)

    assert nik[2 * NIKS :].sum() == pytest.approx(1)
