"""Training, choosing and calibrating a model: deliberate acts, each under a name of its own."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.analytics.linkage.score import calibrated
from entas.audit.models import Act
from entas.registry import states
from entas.registry.errors import DecisionRefused, ModelUnreadable
from entas.registry.models import Link, LinkageModel, LinkedList
from entas.registry.services import (
    decide_row,
    recalibrate,
    train_model,
    undo_import,
    use_model,
)
from entas.registry.services.models import model_in_use, shipped_model, stored_model
from entas.registry.services.training import Point, rising_curve
from journey.little_lists import AS_OF, Office, citizens, links_of, programme_row


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


def test_a_model_is_trained_on_every_linked_list_and_used_only_when_asked(office):
    office.send(citizens(280))
    office.send([programme_row(row) for row in citizens(280)], "pbi")
    office.send([row | {"NIK": ""} for row in citizens(280)], "dtsen")

    row = train_model(by=office.user, version="jambi-1", note="uji coba")

    trained = stored_model(row)
    assert (trained.version, trained.note, row.in_use) == ("jambi-1", "uji coba", False)
    assert model_in_use().version == shipped_model().version
    assert trained.to_json() != shipped_model().to_json()
    assert sum(trained.shares) == pytest.approx(1)
    detail = Act.objects.get(act="registry.train_model").detail
    # The register's own rows founded its persons and teach nothing.
    assert detail == {"version": "jambi-1", "lists": 2, "rows": 560, "persons": 280}
    with pytest.raises(DecisionRefused, match="sudah ada"):
        train_model(by=office.user, version="jambi-1", note="lagi")


def test_too_few_lines_teach_nothing_and_the_refusal_says_how_many_there_are(office):
    office.send(citizens(30))
    office.send([programme_row(row) for row in citizens(20)], "pbi")

    with pytest.raises(DecisionRefused, match=r"Baru ada 20 baris tertaut.*sedikitnya 500"):
        train_model(by=office.user, version="jambi-1", note="uji")

    assert not LinkageModel.objects.exists()


@pytest.mark.parametrize(
    ("version", "note"), [("", "uji"), ("v" * 61, "uji"), ("jambi-1", " "), ("jambi+k1", "uji")]
)
def test_a_model_needs_a_name_of_its_own_and_a_note(office, version, note):
    with pytest.raises(DecisionRefused, match="versi"):
        train_model(by=office.user, version=version, note=note)


def test_the_shipped_models_name_is_taken(office):
    with pytest.raises(DecisionRefused, match="sudah ada"):
        train_model(by=office.user, version=shipped_model().version, note="uji")


@pytest.fixture
def other_model(ground):
    model = shipped_model().renamed("jambi-1", "uji")
    return LinkageModel.objects.create(
        version=model.version, note=model.note, body=model.to_json(), created_at="2026-06-01T00:00Z"
    )


def test_one_model_is_in_use_and_the_shipped_one_can_be_taken_up_again(office, other_model):
    use_model(version="jambi-1", by=office.user)
    assert model_in_use().version == "jambi-1"

    use_model(version=shipped_model().version, by=office.user)

    assert model_in_use() is shipped_model()
    assert Act.objects.filter(act="registry.use_model").count() == 2


def test_a_model_that_does_not_exist_is_refused_with_those_that_do(office, other_model):
    with pytest.raises(DecisionRefused, match="jambi-1"):
        use_model(version="jambi-9", by=office.user)


def test_a_model_of_another_version_of_entas_is_not_taken_into_use(office, other_model):
    LinkageModel.objects.update(body='{"levels_version": -1}')

    with pytest.raises(ModelUnreadable):
        use_model(version="jambi-1", by=office.user)

    assert model_in_use() is shipped_model()


@pytest.fixture
def judged(office):
    """Sixty lines people judged: the machine is right on two of three, at every weight."""
    register = [person for *_, person in links_of(office.send(citizens(80)))]
    listed = office.send([programme_row(row) for row in citizens(60)], "pbi")

    def judge(count):
        for row in range(1, count + 1):
            Link.objects.filter(delivery=listed, row=row).update(
                decision=states.REVIEW, person=None, weight=2.0 + row % 3
            )
            decide_row(
                delivery=listed,
                row=row,
                person_id=register[row - 1],
                same=row % 3 != 0,
                by=office.user,
            )
        return listed

    return judge


def curve_of(row):
    model = stored_model(row)
    return lambda *bits: calibrated(model, np.asarray(bits, np.float32)).tolist()


def test_after_recalibration_a_probability_is_how_often_people_agreed(office, judged):
    judged(60)

    row = recalibrate(by=office.user)

    # Right on none of twenty at two bits, on all of forty at three and four.
    low, high = curve_of(row)(2.0, 4.0)
    assert low < 0.2
    assert 0.9 < high < 1.0
    assert row.version == f"{shipped_model().version}+k1"
    assert model_in_use().version == row.version
    assert Act.objects.get(act="registry.recalibrate").detail["decisions"] == 60


def test_where_nobody_decided_the_old_curve_stays(office, judged):
    judged(60)
    old = calibrated(shipped_model(), np.asarray([-20, 20, 30], np.float32)).tolist()

    row = recalibrate(by=office.user)

    assert curve_of(row)(-20, 20, 30) == pytest.approx(old, abs=1e-4)


def test_the_curve_never_falls(office, judged):
    judged(60)

    knots = np.asarray(stored_model(recalibrate(by=office.user)).calibration)

    assert (np.diff(knots[:, 0]) > 0).all()
    assert (np.diff(knots[:, 1]) >= 0).all()
    assert (knots[:, 1] >= 0).all()
    assert (knots[:, 1] <= 1).all()


def test_fewer_than_fifty_decisions_are_refused_and_the_refusal_says_how_many_are_missing(
    office, judged
):
    judged(47)

    with pytest.raises(DecisionRefused, match="masih kurang 3"):
        recalibrate(by=office.user)

    assert not LinkageModel.objects.exists()


def test_a_line_given_to_somebody_else_counts_against_the_guess_once(office, judged):
    listed = judged(50)
    other = Link.objects.get(delivery=listed, row=60).candidate_id
    decide_row(delivery=listed, row=3, person_id=other, same=True, by=office.user)

    recalibrate(by=office.user)

    assert Act.objects.get(act="registry.recalibrate").detail["decisions"] == 50


def test_decisions_on_a_list_linked_with_other_weights_do_not_count(office, judged):
    judged(60)
    LinkedList.objects.update(model_version="lain")

    with pytest.raises(DecisionRefused, match="Baru ada 0 keputusan"):
        recalibrate(by=office.user)


def test_decisions_count_on_after_a_recalibration_and_after_their_list_was_taken_back(
    office, judged
):
    listed = judged(60)
    recalibrate(by=office.user)
    undo_import(import_id=listed.pk, by=office.user, on=AS_OF)

    again = recalibrate(by=office.user, use=False)

    assert again.version == f"{shipped_model().version}+k2"
    assert not again.in_use


shares = st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=12)


def least_squares_rising(values):
    """The plain twin: for each place the highest of the lowest means (min-max formula)."""
    count = len(values)
    return [
        max(min(np.mean(values[a : b + 1]) for b in range(i, count)) for a in range(i + 1))
        for i in range(count)
    ]


@given(shares)
def test_the_rising_curve_is_the_nearest_one(values):
    knots = rising_curve([Point(float(at), value, 1.0) for at, value in enumerate(values)])

    bits, shares_at = zip(*knots, strict=True)
    read = np.interp(np.arange(len(values)), bits, shares_at)
    assert read.tolist() == pytest.approx(least_squares_rising(values), abs=1e-9)


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=1, max_size=30))
def test_the_rising_curve_rises_whatever_people_say(said):
    knots = rising_curve([Point(float(bits), float(yes), 1.0) for bits, yes in said])

    assert all(before[0] < after[0] for before, after in pairwise(knots))
    assert all(before[1] <= after[1] for before, after in pairwise(knots))
