import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import ANI, BUDI, CITRA, EXAMPLES, Someone, pair, row_of, table
from entas.analytics.linkage.compare import Evidence, compare
from entas.analytics.linkage.explain import CLERK, LEAN, PRIOR, contrast, waterfall
from entas.analytics.linkage.levels import FIELDS, NameLevel, NikLevel
from entas.analytics.linkage.score import pair_bits


@st.composite
def any_evidence(draw) -> Evidence:
    """One pair with any level in any field and any rarity."""
    level = {
        name: np.asarray([draw(st.sampled_from(sorted(kind)))], np.int8)
        for name, kind in FIELDS.items()
    }
    bits = {
        name: np.asarray([draw(st.floats(0, 20, width=32))], np.float32)
        for name in ("name", "mother", "birth")
    }
    zero = np.zeros(1, np.int32)
    confirmed = np.asarray([draw(st.booleans())])
    return Evidence(zero, zero, level, level["name"], level["nik"], confirmed, bits)


@EXAMPLES
@given(evidence=any_evidence(), lean=st.floats(-5, 5), people=st.integers(1, 2_000_000))
def test_steps_sum_to_the_weight_of_the_best_class_of_clerks(model, evidence, lean, people):
    told = waterfall(evidence, model, lean=lean, people=people)

    bits = pair_bits(evidence, model)
    prior = np.log2(model.coverage / people)
    assert told.stranger == pytest.approx(bits.by_class.max() + prior + lean, abs=1e-3)
    assert told.stranger == pytest.approx(sum(step.stranger for step in told.steps))


@EXAMPLES
@given(evidence=any_evidence(), lean=st.floats(-5, 5))
def test_against_a_housemate_the_steps_sum_to_the_same_class(model, evidence, lean):
    told = waterfall(evidence, model, lean=lean, people=1_000)

    bits = pair_bits(evidence, model)
    other_classes = bits.match[0] - bits.by_class.max()
    assert told.housemate == pytest.approx(bits.inside[0] - other_classes + lean, abs=1e-3)


@EXAMPLES
@given(evidence=any_evidence())
def test_the_other_classes_lift_a_pair_by_less_than_two_bits(model, evidence):
    told = waterfall(evidence, model, lean=0, people=1)

    weight = pair_bits(evidence, model).match[0] + np.log2(model.coverage)
    assert told.stranger - 1e-3 <= weight <= told.stranger + np.log2(len(model.shares)) + 1e-3


def test_the_class_is_told_with_its_share(model):
    told = waterfall(pair(ANI, ANI), model, lean=0, people=1_000)

    assert told.clerk_share == model.shares[told.clerk]


def test_prior_lean_and_clerk_stand_before_the_fields(model):
    told = waterfall(pair(ANI, ANI), model, lean=1.5, people=1_000)

    assert [step.field for step in told.steps] == [PRIOR, LEAN, CLERK, *FIELDS]
    assert [step.level for step in told.steps[:3]] == [None, None, None]


def test_the_prior_says_nothing_between_housemates(model):
    told = waterfall(pair(ANI, ANI), model, lean=0, people=1_000)

    assert told.steps[0].stranger < 0
    assert told.steps[0].housemate == 0


def test_a_field_that_is_missing_says_nothing(model):
    told = waterfall(pair(Someone("Ani"), ANI), model, lean=0, people=1_000)

    silent = {step.field for step in told.steps[3:] if step.level == 0}
    assert silent == set(FIELDS) - {"name"}
    assert all(
        step.stranger == step.housemate == 0 for step in told.steps[3:] if step.field in silent
    )


def test_card_and_home_speak_against_strangers_and_hardly_against_housemates(model):
    told = waterfall(pair(CITRA, CITRA), model, lean=0, people=1_000)

    steps = {step.field: step for step in told.steps}
    for name in ("kk", "spot"):
        assert steps[name].stranger > 6
        assert abs(steps[name].housemate) < 1


def test_a_rare_name_says_more_than_a_common_one(model):
    def rarity_of(bits: float) -> float:
        evidence = pair(ANI, ANI)
        evidence.bits["name"][:] = bits
        told = waterfall(evidence, model, lean=0, people=1_000)
        return next(step.rarity for step in told.steps if step.field == "name")

    assert rarity_of(18) - rarity_of(8) == pytest.approx(10)


def test_levels_are_named_not_numbered(model):
    told = waterfall(pair(ANI.but(nik=0), ANI), model, lean=0, people=1_000)

    levels = {step.field: step.level for step in told.steps}
    assert levels["name"] is NameLevel.EQUAL
    assert levels["nik"] is NikLevel.MISSING


def test_of_several_pairs_the_asked_one_is_explained(model, town):
    rows = table([ANI.on_a_list()])
    persons = np.asarray([row_of(BUDI), row_of(ANI)], np.int32)
    found = compare(rows, np.zeros(2, np.int32), town.table, persons, town.rarity, town.house)

    budi, ani = (waterfall(found, model, lean=0, people=1_405, at=at) for at in (0, 1))

    assert ani.stranger > 20 > budi.stranger
    assert ani.housemate > 0 > budi.housemate


@pytest.mark.parametrize("at", [-1, 1])
def test_a_pair_that_is_not_there_is_refused(model, at):
    with pytest.raises(ValueError, match=f"no pair {at} among 1"):
        waterfall(pair(ANI, ANI), model, lean=0, people=1_000, at=at)


def test_an_empty_register_is_refused(model):
    with pytest.raises(ValueError, match="0 persons"):
        waterfall(pair(ANI, ANI), model, lean=0, people=0)


def test_rivals_are_contrasted_field_by_field(town):
    rows = table([ANI.on_a_list()])
    persons = np.asarray([row_of(ANI), row_of(BUDI)], np.int32)
    found = compare(rows, np.zeros(2, np.int32), town.table, persons, town.rarity, town.house)
    ani, budi = found.take(np.asarray([0])), found.take(np.asarray([1]))

    assert contrast(ani, budi) == ["name", "birth", "nik", "mother", "sex"]
    assert contrast(budi, ani) == contrast(ani, budi)
    assert contrast(ani, ani) == []
