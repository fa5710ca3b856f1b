import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import EXAMPLES
from entas.analytics.linkage.clusters import Relations, clusters, pairs_inside, shared_odds

A, B, C = 0, 1, 2
SILENT = np.nan


def relations(pairs, *fields, others=None, prior=-20.0) -> Relations:
    """Pairs of records, and what each field says of each."""
    left, right = np.asarray(pairs, np.int32).T
    more = np.zeros(len(pairs)) if others is None else np.asarray(others, float)
    return Relations(left, right, np.asarray(fields, float), more, prior)


def three(*fields, others=None, prior=-20.0) -> dict[tuple[int, int], float]:
    """Shared odds of the three pairs of A, B and C."""
    pairs = [(A, B), (B, C), (A, C)]
    known = relations(pairs, *fields, others=others, prior=prior)
    return dict(zip(pairs, shared_odds(known, [np.asarray([[A, B, C]])]), strict=True))


def found(pairs, odds, least=0.0) -> list[list[int]]:
    left, right = np.asarray(pairs, np.int32).T
    joined = clusters(left, right, np.asarray(odds, float), least=least)
    return [row for members in joined for row in members.tolist()]


def test_two_sure_pairs_carry_a_third_that_says_nothing():
    odds = three([30, SILENT, SILENT], [SILENT, 30, SILENT])

    assert odds[A, C] > 8


def test_a_third_record_that_contradicts_one_of_two_goes_with_the_other():
    odds = three([32, SILENT, SILENT], [SILENT, 24, SILENT], [SILENT, SILENT, -30])

    assert odds[A, B] > 5
    assert odds[B, C] < -5
    assert odds[A, C] < -5


def test_what_three_records_share_is_said_twice_and_not_three_times():
    odds = three([20, 20, 20], prior=-15)

    # Divisions: all one person 2^(20+20-30); a pair 2^5, three times; nobody 2^0.
    assert odds[A, B] == pytest.approx(np.log2((2**10 + 2**5) / (2 * 2**5 + 1)))


def test_one_slip_of_the_pen_spoils_two_pairs_but_is_told_once():
    odds = three([30, 30, 30], [5, -3, -3], prior=-15)

    together, pair, spoilt = 60 + 5 - 3 - 30, 35 - 15, 27 - 15
    expected = np.log2((2.0**together + 2.0**spoilt) / (2.0**pair + 2.0**spoilt + 1))
    assert odds[B, C] == pytest.approx(expected)


def test_what_else_a_pair_may_be_counts_against_one_person():
    fields = ([30, SILENT, SILENT], [SILENT, 30, SILENT])

    assert three(*fields, others=[9, 0, 0])[A, B] == pytest.approx(three(*fields)[A, B] - 9, abs=1)


def test_a_pair_without_a_third_keeps_its_own_odds():
    known = relations([(A, B)], [23.0], others=[1.0])

    assert shared_odds(known, []).tolist() == [2.0]
    assert found([(A, B)], [2.0]) == []


def test_pairs_too_weak_do_not_join_a_cluster():
    assert found([(A, B), (B, C)], [5, 5]) == [[A, B, C]]
    assert found([(A, B), (B, C)], [5, -1]) == []


def test_a_large_cluster_is_cut_at_its_weakest_pair():
    chain = [(number, number + 1) for number in range(7)]

    assert found(chain, [9, 9, 9, 1, 9, 9, 9]) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_more_records_than_can_be_divided_stay_pairs():
    everybody = [(a, b) for a in range(9) for b in range(a + 1, 9)]

    assert found(everybody, [9.0] * len(everybody)) == []


def test_every_pair_of_a_cluster_is_named_once():
    a, b = pairs_inside([np.asarray([[3, 5, 8]]), np.asarray([[0, 1, 2, 4]])])

    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    assert sorted(pairs) == [(0, 1), (0, 2), (0, 4), (1, 2), (1, 4), (2, 4), (3, 5), (3, 8), (5, 8)]


@EXAMPLES
@given(
    st.lists(
        st.lists(st.one_of(st.just(SILENT), st.floats(-20, 30)), min_size=6, max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_beliefs_never_contradict_each_other(fields):
    left, right = pairs_inside([np.asarray([[0, 1, 2, 3]])])
    known = Relations(left, right, np.asarray(fields).reshape(-1, 6), np.zeros(6), -10.0)

    belief = 1 / (1 + np.exp2(-shared_odds(known, [np.asarray([[0, 1, 2, 3]])])))

    pair = {frozenset((a, b)): p for a, b, p in zip(left, right, belief, strict=True)}
    for a, b, c in ((0, 1, 2), (1, 3, 2), (3, 0, 1), (2, 0, 3)):
        # If A is B, and B is C, then A is C (Fréchet's bound).
        least = pair[frozenset((a, b))] + pair[frozenset((b, c))] - 1
        assert pair[frozenset((a, c))] >= least - 1e-6
