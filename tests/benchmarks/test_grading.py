import numpy as np
import pytest
from bench.grading import (
    NOBODY,
    Exam,
    at_threshold,
    best_threshold,
    grade_links,
    scores,
    true_pairs,
)
from hypothesis import given
from hypothesis import strategies as st

ANI, BUDI, CITRA, STRANGER = 1, 2, 3, 99


def exam(rows, register):
    return Exam(np.array(rows, np.int64), np.array(register, np.int64))


def grade(rows, register, linked, automatic, review):
    held = exam(rows, register)
    return grade_links(
        held, np.array(linked, np.int64), np.array(automatic, bool), np.array(review, bool)
    )


def test_any_registration_of_the_true_person_is_a_right_link():
    got = grade([ANI, ANI], [ANI, BUDI, ANI], [0, 2], [1, 1], [0, 0])

    assert (got["right"], got["wrong"], got["f1"]) == (2, 0, 1.0)


def test_every_link_of_a_person_who_is_not_registered_is_wrong():
    got = grade([STRANGER], [ANI], [0], [1], [0])

    assert (got["findable"], got["wrong"]) == (0, 1)


def test_a_row_in_review_is_no_link_and_counts_as_missed():
    got = grade([ANI, BUDI], [ANI, BUDI], [0, 1], [1, 0], [0, 1])

    assert (got["links"], got["recall"], got["precision"]) == (1, 0.5, 1.0)


def test_errors_in_review_are_the_share_of_all_errors_that_a_human_sees():
    rows, register = [ANI, BUDI, CITRA, ANI], [ANI, BUDI, CITRA]

    got = grade(rows, register, [0, 1, 2, 1], [1, 0, 0, 1], [0, 1, 0, 0])

    # Budi waits for a human, Citra is lost, the last row is linked wrongly.
    assert got["errors_in_review"] == pytest.approx(1 / 3)


def test_a_row_without_any_candidate_is_never_right():
    assert exam([ANI], [ANI]).right(np.array([NOBODY])).tolist() == [False]


def test_nothing_made_and_nothing_wanted_is_perfect():
    assert scores(0, 0, 0) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}


def test_equal_weights_are_taken_or_left_together():
    weight, right = np.array([5.0, 5.0, 1.0]), np.array([True, False, False])

    best = best_threshold(weight, right, wanted=1)

    assert best["links"] == 2


def test_a_threshold_without_any_pair_has_no_recall():
    assert best_threshold(np.array([]), np.array([], bool), wanted=3)["recall"] == 0.0


pairs = st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=1, max_size=40)


@given(pairs, st.integers(0, 10))
def test_no_threshold_beats_the_best_one(drawn, missing):
    weight = np.array([float(w) for w, _ in drawn])
    right = np.array([r for _, r in drawn])
    wanted = int(right.sum()) + missing

    best = best_threshold(weight, right, wanted)

    plain = [at_threshold(weight, right, wanted, t) for t in set(weight.tolist())]
    assert best["f1"] == pytest.approx(max(one["f1"] for one in plain))
    assert best in plain


def test_three_registrations_of_one_person_are_three_pairs():
    assert true_pairs(np.array([ANI, BUDI, ANI, ANI])) == 3
