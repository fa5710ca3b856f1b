import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import EXAMPLES
from entas.analytics.linkage.initial import initial_model
from entas.analytics.linkage.levels import FIELDS, LEVELS_VERSION, SIZES, BirthLevel, NikLevel
from entas.analytics.linkage.model import (
    TABLE_SIZES,
    Model,
    model_from_json,
    nik_states,
    present,
)
from entas.analytics.linkage.score import calibrated
from entas.analytics.linkage.train import share_table


def tables_of(model: Model):
    yield from model.match
    yield from (model.stranger, model.housemate, model.twin, model.kin)


def test_a_model_written_and_read_is_the_same_model(model):
    again = model_from_json(model.to_json())

    assert again.to_json() == model.to_json()
    assert (again.version, again.note, again.shares) == (model.version, model.note, model.shares)
    for there, back in zip(tables_of(model), tables_of(again), strict=True):
        for name in FIELDS:
            assert np.allclose(there[name], back[name], rtol=1e-5)


def test_calibration_survives_writing():
    start = initial_model()
    knots = ((-3.0, 0.1), (2.0, 0.9))
    body = json.loads(start.to_json()) | {"calibration": [list(knot) for knot in knots]}

    assert model_from_json(json.dumps(body)).calibration == knots


def test_a_model_for_other_levels_of_agreement_is_refused(model):
    body = json.loads(model.to_json()) | {"levels_version": LEVELS_VERSION + 1}

    with pytest.raises(ValueError, match=f"{LEVELS_VERSION + 1}, need {LEVELS_VERSION}"):
        model_from_json(json.dumps(body))


@pytest.mark.parametrize("text", ["", "not a model", "{}"])
def test_a_text_that_is_no_model_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        model_from_json(text)


def test_a_renamed_model_weighs_the_same(model):
    other = model.renamed("uji-2", "again")

    assert other.version == "uji-2"
    assert other.match is model.match


@pytest.mark.parametrize("make", ["shipped", "initial"])
def test_shares_of_every_table_sum_to_one_and_missing_has_none(make, model):
    chosen = model if make == "shipped" else initial_model()

    for tables in tables_of(chosen):
        for name in FIELDS:
            blocks = tables[name].reshape(-1, SIZES[name])
            assert np.allclose(blocks.sum(axis=1), 1, atol=1e-4), name
            assert np.all(blocks[:, 0] == 0), name
    assert sum(chosen.shares) == pytest.approx(1)


@EXAMPLES
@given(st.sampled_from(sorted(FIELDS)), st.data())
def test_a_share_table_sums_to_one_in_each_state(field, data):
    levels = data.draw(st.lists(st.integers(0, TABLE_SIZES[field] - 1), max_size=40))
    weights = np.asarray(
        data.draw(st.lists(st.floats(0, 1), min_size=len(levels), max_size=len(levels)))
    )
    prior = np.full(TABLE_SIZES[field], 0.3)

    table = share_table(field, np.asarray(levels, np.int8), weights, prior)

    assert np.allclose(table.reshape(-1, SIZES[field]).sum(axis=1), 1)
    assert np.all(table[~present(field)] == 0)
    assert np.all(table >= 0)


def test_shares_follow_the_weights_of_the_pairs():
    levels, weights = np.asarray([1, 2, 2], np.int8), np.asarray([1.0, 1.0, 2.0])

    table = share_table("sex", levels, weights, np.zeros(3))

    assert table.tolist() == [0, 0.25, 0.75]


def test_a_table_without_pairs_is_its_prior():
    table = share_table("sex", np.zeros(0, np.int8), None, np.asarray([9.0, 1.0, 3.0]))

    assert table.tolist() == [0, 0.25, 0.75]


def test_nik_levels_are_weighed_apart_by_what_the_dates_say():
    nik = np.full(4, NikLevel.SERIAL_TYPO, np.int8)
    birth = np.asarray(
        [BirthLevel.MISSING, BirthLevel.YEAR_ONLY_EQUAL, BirthLevel.EQUAL, BirthLevel.NONE], np.int8
    )

    states = nik_states(nik, birth) // SIZES["nik"]

    assert states.tolist() == [0, 0, 1, 2]


def test_without_a_calibration_curve_even_odds_are_a_half(model):
    assert not model.calibration
    assert calibrated(model, np.zeros(1, np.float32)).tolist() == [0.5]


def test_the_shipped_model_says_where_it_comes_from(model):
    assert "synthetic" in model.note
    assert model.version
