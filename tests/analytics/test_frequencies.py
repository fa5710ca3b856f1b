from collections import Counter
from math import log2

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import EXAMPLES, Someone, table
from entas.analytics.linkage.frequencies import frequencies


def bearers(*names: str):
    return frequencies(table([Someone(name) for name in names]))


def test_a_rarer_name_has_more_bits():
    rarity = bearers("Ani", "Ani", "Ani", "Zubaidah")

    common, rare = rarity.name.full

    assert rare > common


def test_bits_say_how_small_a_share_of_people_bears_the_name():
    rarity = bearers("Ani", "Ani", "Budi", "Citra")

    assert rarity.name.full.tolist() == [log2(4 / 2), log2(4 / 1), log2(4 / 1)]


def test_a_name_never_seen_counts_as_the_rarest_seen():
    rarity = bearers("Ani", "Ani", "Budi")

    assert rarity.name.whole.bits_of(np.asarray([123456])).tolist() == [rarity.name.whole.rarest]


def test_a_token_is_counted_in_every_name_that_holds_it():
    rarity = bearers("Siti Aminah", "Siti Zubaidah", "Budi")

    siti = rarity.name.token[0, 0]

    assert siti == np.float32(log2(3 / 2))


def test_people_without_a_name_are_people_all_the_same():
    rarity = bearers("Ani", "", "", "")

    assert rarity.people == 4
    assert rarity.name.full.tolist() == [log2(4)]


def test_an_unknown_birth_date_is_not_a_common_birth_date():
    rarity = frequencies(table([Someone("Ani", 0), Someone("Budi", 0), Someone("Citra", 19800517)]))

    assert rarity.birth[0] == rarity.birth[2] == np.float32(log2(3))


def test_an_empty_register_has_frequencies_all_the_same():
    rarity = frequencies(table([]))

    assert rarity.people == 0
    assert len(rarity.name.full) == 0


def test_names_seen_once_are_taken_for_rarer_than_one_bearer_but_never_below_a_twentieth():
    # 363 names with one bearer and 8 with two: Good-Turing alone would say 2 * 8 / 363.
    names = [f"{a}{b}{c}AN" for a in "BDGKLMNPRST" for b in "AIU" for c in "BDGKLMNPRST"]
    names += ["Ani", "Budi", "Citra", "Zubaidah", "Endang", "Halimah", "Wati", "Yusuf"] * 2
    rarity = bearers(*names)

    expected = len(names) / np.exp2(rarity.name.full.astype(float))

    assert expected.min() >= 0.05 - 1e-6
    assert expected.min() < 0.1


@EXAMPLES
@given(st.lists(st.sampled_from(["Ani", "Budi", "Citra", "Dani", "Endang", "Fitri"]), min_size=1))
def test_small_registers_count_plainly(names):
    rarity = bearers(*names)
    counts = Counter(names)

    told = rarity.name.full.tolist()

    plain = [log2(max(len(names), 2) / counts[name]) for name in dict.fromkeys(names)]
    assert np.allclose(told, plain, atol=1e-5)


@EXAMPLES
@given(st.lists(st.integers(0, 400), min_size=120, max_size=600))
def test_expected_bearers_lie_between_a_twentieth_and_the_count(numbers):
    names = [f"{chr(65 + n % 20)}{chr(65 + n // 20)}KO" for n in numbers]
    rarity = bearers(*names)
    people = table([Someone(name) for name in names])
    counts = np.bincount(people.name)

    expected = rarity.people / np.exp2(rarity.name.full.astype(float))

    assert np.all(expected >= 0.05 * 0.999)
    assert np.all(expected[counts <= 5] <= counts[counts <= 5] * 1.001)
