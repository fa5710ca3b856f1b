import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import ANI, BUDI, CAST, CITRA, EXAMPLES, P, Someone, nik_of, row_of, table
from entas.analytics.linkage.blocking import (
    Keyed,
    candidate_pairs,
    in_order,
    join,
    mix,
    self_join,
)
from entas.analytics.linkage.frequencies import frequencies

KEYS = st.lists(st.integers(-3, 3).map(lambda number: number * 2**28), max_size=25)


def keyed(keys, rows=None) -> Keyed:
    rows = range(len(keys)) if rows is None else rows
    return Keyed(np.asarray(list(rows), np.int32), np.asarray(keys, np.int32))


def pairs(found) -> list[tuple[int, int]]:
    return sorted(zip(found[0].tolist(), found[1].tolist(), strict=True))


@EXAMPLES
@given(KEYS, KEYS)
def test_a_join_finds_what_the_naive_loop_finds(left, right):
    naive = [(a, b) for a, x in enumerate(left) for b, y in enumerate(right) if x == y]

    assert pairs(join(keyed(left), keyed(right))) == sorted(naive)


@EXAMPLES
@given(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=30), st.randoms())
def test_a_join_knows_apart_what_the_bit_table_confuses(keys, random):
    others = [key ^ (1 << 30) if random.random() < 0.5 else key for key in keys]
    naive = [(a, b) for a, x in enumerate(keys) for b, y in enumerate(others) if x == y]

    assert pairs(join(keyed(keys), keyed(others))) == sorted(naive)


@EXAMPLES
@given(KEYS)
def test_a_self_join_finds_what_the_naive_loop_finds(keys):
    naive = [
        (a, b) for a in range(len(keys)) for b in range(a + 1, len(keys)) if keys[a] == keys[b]
    ]

    assert pairs(self_join(keyed(keys), largest=100)) == naive


def test_a_row_with_two_entries_of_one_key_is_not_paired_with_itself():
    found = self_join(keyed([7, 7, 7], rows=[4, 4, 2]), largest=100)

    assert set(pairs(found)) == {(2, 4)}


def test_a_block_that_is_too_large_is_left_out_and_the_others_stay():
    found = self_join(keyed([5, 5, 5, 5, 6, 6]), largest=3)

    assert pairs(found) == [(4, 5)]


def test_nothing_joined_with_nothing_is_nothing():
    assert pairs(join(keyed([]), keyed([1]))) == []
    assert pairs(join(keyed([1]), keyed([]))) == []
    assert pairs(self_join(keyed([]), largest=10)) == []


def test_the_order_of_the_parts_matters_to_a_key():
    one, other = np.asarray([1]), np.asarray([2])

    assert mix(one, other)[0] != mix(other, one)[0]


def test_a_key_is_the_same_number_on_every_machine_and_day():
    assert mix(np.asarray([19800517]), np.asarray([1571021001])).tolist() == [3528092250999609434]


def test_no_pair_is_proposed_twice(town):
    rows = table([one.on_a_list() for one in CAST])

    a, b = candidate_pairs(rows, town.table, town.rarity)

    found = pairs((a, b))
    assert len(set(found)) == len(found) > 0


def proposed(row: Someone, town) -> set[int]:
    """Register rows this one list row is compared with."""
    return set(candidate_pairs(table([row.on_a_list()]), town.table, town.rarity)[1].tolist())


def test_one_shared_fact_of_some_weight_is_enough_to_be_compared(town):
    stranger = Someone("Zulaiha Manaf", 19500101, P)
    ways = {
        "NIK": stranger.but(nik=CITRA.nik),
        "NIK, region mistyped": stranger.but(nik=CITRA.nik + 10**12),
        "KK": stranger.but(kk=CITRA.kk),
        "date and a word": Someone("Citra", CITRA.birth),
        "date, day and month swapped": Someone("Citra", 20060302),
        "date and mother": Someone("", CITRA.birth, mother="Ani"),
        "name in any order and area": Someone("Ayuningtyas Citra", kel=CITRA.kel),
        "mother and a word": Someone("Citra", mother=CITRA.mother),
        "year and ends of the name": Someone(CITRA.name, 20060000),
        "house": stranger.but(kel=CITRA.kel, address=CITRA.address),
    }

    missed = [way for way, row in ways.items() if row_of(CITRA) not in proposed(row, town)]

    assert missed == []


def test_two_strangers_are_not_compared(town):
    stranger = Someone("Zulaiha Manaf", 19500101, P, nik_of(19500101, P, 77), mother="Rohaya")

    assert proposed(stranger, town).isdisjoint({row_of(one) for one in CAST})


def test_a_row_of_a_name_and_an_rt_alone_meets_those_who_begin_alike(town):
    bare = Someone("Anik", kel=ANI.kel, rt=ANI.rt)

    assert row_of(ANI) in proposed(bare, town)


def test_the_wider_keys_do_not_depend_on_what_else_is_on_the_list(town):
    bare = Someone("Anik", kel=ANI.kel, rt=ANI.rt).on_a_list()
    with_company = table([bare, BUDI.on_a_list()])

    a, b = candidate_pairs(with_company, town.table, town.rarity)

    assert set(b[a == 0].tolist()) == proposed(bare, town)


def test_rows_that_know_nothing_propose_nobody(town):
    assert proposed(Someone(), town) == set()


def test_a_list_without_rows_proposes_nobody(town):
    a, b = candidate_pairs(table([]), town.table, town.rarity)

    assert len(a) == len(b) == 0


def test_a_name_that_half_the_town_bears_is_no_key_of_its_own():
    many = table([Someone("Siti Aminah", rt=n) for n in range(60)] + [Someone("Zubaidah Koto")])
    common, rare = table([Someone("Siti Aminah")]), table([Someone("Zubaidah Koto")])
    rarity = frequencies(many)

    assert len(candidate_pairs(common, many, rarity)[1]) == 0
    assert candidate_pairs(rare, many, rarity)[1].tolist() == [60]


@EXAMPLES
@given(KEYS, KEYS)
def test_searching_keys_in_order_finds_the_pairs_that_scanning_finds(ours, theirs):
    left, right = keyed(ours), keyed(theirs)

    assert pairs(join(left, in_order(right))) == pairs(join(left, right))
