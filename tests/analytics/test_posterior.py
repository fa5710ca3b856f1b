import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analytics.cast import EXAMPLES
from entas.analytics.linkage.score import PairBits, log2_sum, row_posterior

BITS = st.floats(-40, 60, width=32)
# A candidate: (list row, family, bits against a stranger, relative, against a housemate).
CANDIDATE = st.tuples(st.integers(0, 2), st.integers(-1, 2), BITS, BITS, BITS)
COVERAGE = st.floats(0.02, 0.99)


def believed(candidates, *, coverage=0.9, people=1_000, lean=None, same_person=None):
    columns = list(zip(*candidates, strict=True)) or [[]] * 5
    rows, family = (np.asarray(column, np.int32) for column in columns[:2])
    match, relative, inside = (np.asarray(column, np.float32) for column in columns[2:])
    return row_posterior(
        rows,
        PairBits(match, match[None, :], relative, inside),
        family,
        count=3,
        people=people,
        coverage=coverage,
        lean=None if lean is None else np.asarray(lean, np.float32),
        same_person=None if same_person is None else np.asarray(same_person, np.int64),
    )


@EXAMPLES
@given(st.lists(CANDIDATE, max_size=12), COVERAGE)
def test_belief_in_the_candidates_of_a_row_never_sums_above_one(candidates, coverage):
    belief = believed(candidates, coverage=coverage)

    rows = np.asarray([candidate[0] for candidate in candidates], int)
    total = np.bincount(rows, weights=belief.probability, minlength=3)
    assert np.all(total <= 1 + 1e-9)
    assert np.all(belief.probability >= 0)


@EXAMPLES
@given(st.lists(CANDIDATE, min_size=1, max_size=8), CANDIDATE, COVERAGE)
def test_one_more_candidate_raises_nobody_who_is_not_of_his_family(candidates, added, coverage):
    alone = (added[0], -1, *added[2:])

    before = believed(candidates, coverage=coverage).probability
    after = believed([*candidates, alone], coverage=coverage).probability[:-1]

    assert np.all(after <= before + 1e-6)


@EXAMPLES
@given(st.lists(CANDIDATE, min_size=1, max_size=8), BITS, BITS, COVERAGE)
def test_a_housemate_who_fits_worse_raises_nobody(candidates, relative, inside, coverage):
    row, family, match, *_ = candidates[0]
    assume(family >= 0)
    housemate = (row, family, match - 1, relative, inside)

    before = believed(candidates, coverage=coverage).probability
    after = believed([*candidates, housemate], coverage=coverage).probability[:-1]

    assert np.all(after <= before + 1e-6)


@EXAMPLES
@given(st.lists(CANDIDATE, min_size=1, max_size=8), st.randoms())
def test_the_order_of_candidates_does_not_matter(candidates, random):
    order = list(range(len(candidates)))
    random.shuffle(order)

    straight = believed(candidates).probability
    shuffled = believed([candidates[at] for at in order]).probability

    assert np.allclose(straight[order], shuffled, rtol=1e-4, atol=1e-9)


@EXAMPLES
@given(st.lists(CANDIDATE, min_size=1, max_size=8))
def test_probability_and_odds_tell_the_same(candidates):
    belief = believed(candidates)

    told = 1 / (1 + np.exp2(-belief.odds.astype(float)))

    assert np.allclose(told, belief.probability, atol=1e-4)


def test_evidence_for_the_household_lifts_the_family_once_not_each_member():
    # Both fit the home alike (30 bits) and neither is told from the other.
    belief = believed([(0, 5, 30, -40, 0), (0, 5, 30, -40, 0)])

    assert belief.probability == pytest.approx([0.5, 0.5], abs=1e-3)


def test_what_tells_housemates_apart_decides_between_them():
    belief = believed([(0, 5, 30, -40, 10), (0, 5, 30, -40, 0)])

    assert belief.probability[0] > 0.99


def test_an_unregistered_housemate_explains_a_row_better_than_a_stranger():
    registered = believed([(0, 5, 12, -40, 0)]).probability[0]
    perhaps_a_sibling = believed([(0, 5, 12, 20, 0)]).probability[0]

    assert perhaps_a_sibling < registered


def test_two_registrations_of_one_person_are_no_rivals():
    rivals = believed([(0, 1, 30, -40, 0), (0, 2, 30, -40, 0)], same_person=[7, 8])
    one_person = believed([(0, 1, 30, -40, 0), (0, 2, 30, -40, 0)], same_person=[7, 7])

    assert rivals.probability == pytest.approx([0.5, 0.5], abs=1e-3)
    assert one_person.probability.min() > 0.99


def test_a_list_of_pupils_leans_to_the_pupil():
    candidates = [(0, -1, 20, -40, 0), (0, -1, 20, -40, 0)]

    belief = believed(candidates, lean=[3, -3])

    assert belief.probability[0] > 0.95


def test_the_larger_the_register_the_more_proof_a_link_needs():
    small = believed([(0, -1, 12, -40, 0)], people=1_000).probability[0]
    large = believed([(0, -1, 12, -40, 0)], people=600_000).probability[0]

    assert large < small


def test_no_candidates_are_no_beliefs():
    assert len(believed([]).probability) == 0


@EXAMPLES
@given(st.lists(st.floats(-80, 80, width=32), min_size=1, max_size=4))
def test_bits_are_added_as_their_shares_are(bits):
    naive = np.log2(sum(2.0**bit for bit in bits))

    assert log2_sum(np.asarray(bits, np.float32)[:, None])[0] == pytest.approx(naive, abs=1e-3)
