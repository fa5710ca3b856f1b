import numpy as np
import pytest

from analytics.cast import ANI, CAST, P, Someone, neighbours, nik_of, table, town
from entas.analytics.linkage.blocking import candidate_pairs
from entas.analytics.linkage.compare import Housemates, compare, refine_by_rivals
from entas.analytics.linkage.initial import initial_model
from entas.analytics.linkage.levels import FIELDS, CardLevel
from entas.analytics.linkage.link import register_index
from entas.analytics.linkage.model import Model
from entas.analytics.linkage.train import ListEvidence, adapt, stranger_tables, train


def evidence_of(town, rows: list[Someone]) -> ListEvidence:
    keys = table([row.on_a_list() for row in rows])
    a, b = candidate_pairs(keys, town.table, town.rarity)
    found = compare(keys, a, town.table, b, town.rarity, town.house)
    refine_by_rivals(found, town.table.family[b])
    return ListEvidence(found, len(rows), town.table.family[b])


def farthest(one: Model, other: Model) -> float:
    """Largest difference of any share at any level of any class of clerks."""
    return max(
        float(np.abs(a[name] - b[name]).max())
        for a, b in zip(one.match, other.match, strict=True)
        for name in FIELDS
    )


def test_a_tiny_list_keeps_the_weights_of_the_model(model, town):
    fitted = adapt(model, evidence_of(town, [ANI.but(nik=0)]), 1_405)

    assert farthest(model, fitted) < 0.02


def test_a_list_without_candidates_keeps_the_weights_altogether(model, town):
    stranger = Someone("Zulaiha Manaf", 19500101, P, nik_of(19500101, P, 77))

    fitted = adapt(model, evidence_of(town, [stranger]), 1_405)

    assert farthest(model, fitted) < 1e-6


def test_a_long_list_speaks_about_its_own_clerks(model, town):
    moved = [one.but(kk=one.kk + 123_456, nik=0) for one in neighbours(300)]

    fitted = adapt(model, evidence_of(town, moved), 1_405)

    other_card = [float(tables["kk"][CardLevel.OTHER]) for tables in fitted.match]
    assert max(other_card) > 0.7


def test_the_list_says_how_many_of_its_people_are_registered(model, town):
    strangers = [
        Someone(f"Zulaiha {chr(65 + n % 26)}u{chr(65 + n // 26)}a", 19500101 + n)
        for n in range(300)
    ]

    most = adapt(model, evidence_of(town, neighbours(75)), 1_405)
    half = adapt(model, evidence_of(town, [*neighbours(75), *strangers]), 1_405)

    assert most.coverage > 0.97
    assert 0.35 < half.coverage < 0.65


def test_strangers_housemates_and_rarity_are_not_the_lists_to_teach(model, town):
    fitted = adapt(model, evidence_of(town, neighbours(75)), 1_405)

    assert fitted.stranger is model.stranger
    assert fitted.kin is model.kin
    assert fitted.scale is model.scale


def test_shares_of_the_classes_still_sum_to_one(model, town):
    fitted = adapt(model, evidence_of(town, neighbours(75)), 1_405)

    assert sum(fitted.shares) == pytest.approx(1)


def test_random_pairs_of_strangers_hardly_ever_agree(town):
    tables = stranger_tables(
        [town.table], town.table, town.rarity, Housemates(town.table), seed=1, pairs=20_000
    )

    assert tables["nik"][:10].argmax() == 1
    assert tables["kk"][CardLevel.EQUAL] < 0.02


def taught() -> Model:
    """A model taught from nothing by a small town and one list about it."""
    place = town(families=100)
    rows = [one.but(name=one.name.replace("Si", "Sy")) for one in neighbours(100)][::2]
    listed = table([row.on_a_list() for row in [*CAST, *rows]])
    return train(initial_model(), [listed], place.table, place.rarity, seed=1)


@pytest.fixture(scope="module")
def trained() -> Model:
    return taught()


def test_training_needs_no_labels_to_learn_that_true_pairs_agree(trained):
    for name in ("name", "birth", "sex"):
        best = trained.match[0][name].argmax()
        assert trained.match[0][name][best] > 1.9 * trained.stranger[name][best]


def test_training_learns_that_housemates_share_card_and_home_but_not_the_name(trained):
    assert trained.kin["kk"][CardLevel.EQUAL] > 0.9
    assert trained.kin["name"][1] + trained.kin["name"][11] > 0.5


def test_training_keeps_what_it_is_not_asked_to_learn(trained):
    start = initial_model()

    assert trained.version == start.version
    assert trained.duplicate_rate == start.duplicate_rate


def test_training_twice_gives_one_model(trained):
    assert taught().to_json() == trained.to_json()


def test_training_on_a_register_without_families_keeps_what_it_knew_of_relatives():
    people = [one.but(family=-1) for one in neighbours(60)]
    place = register_index(table(people))
    start = initial_model()

    trained = train(
        start, [table([one.on_a_list() for one in people[::2]])], place.table, place.rarity
    )

    for name in ("name", "kk"):
        assert trained.housemate[name].tolist() == start.housemate[name].tolist()
        assert trained.twin[name].tolist() == start.twin[name].tolist()
        assert trained.kin[name].tolist() == start.kin[name].tolist()
