import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import ANI, BUDI, CITRA, EXAMPLES, Someone, neighbours, table
from entas.analytics.linkage.keys import (
    BOOK_ARRAYS,
    COLUMNS,
    append_rows,
    extend_book,
    key_table,
    name_book,
    number_names,
    packed_digits,
    stable_hash,
)

SOUNDS = st.lists(
    st.text("ABIN ", max_size=12).map(lambda text: " ".join(text.split())), max_size=12
)


def test_a_hash_is_the_same_number_on_every_machine_and_day():
    assert stable_hash("MILATI 2") == 7008214371906428412


def test_only_the_empty_text_has_the_hash_zero():
    assert stable_hash("") == 0
    assert stable_hash(" ") != 0


def test_equal_names_share_a_number_and_missing_names_have_none():
    numbers, book = number_names(["ANI", "", "BUDI", "ANI"])

    assert numbers.tolist() == [0, -1, 1, 0]
    assert book.texts == ["ANI", "BUDI"]


def test_the_order_of_tokens_and_a_missing_space_make_the_same_name():
    book = name_book(["ABDUL RAHMAN", "RAHMAN ABDUL", "ABDULRAHMAN"])

    assert book.full[0] == book.full[1]
    assert book.solid[0] == book.solid[2]


def test_a_fifth_token_is_not_compared_but_counts_for_the_whole_name():
    book = name_book(["A B C D E", "A B C D F"])

    assert book.tokens[0].tolist() == book.tokens[1].tolist()
    assert book.full[0] != book.full[1]


@EXAMPLES
@given(SOUNDS, SOUNDS)
def test_a_book_that_grows_is_the_book_of_all_names(first, second):
    _, book = number_names(first)
    numbers, grown = extend_book(book, second)
    _, whole = number_names([*first, *second])

    assert grown.texts == whole.texts
    for name in (*BOOK_ARRAYS, "joined"):
        assert np.array_equal(getattr(grown, name), getattr(whole, name))
    assert [grown.texts[n] if n >= 0 else "" for n in numbers] == second


def test_rows_put_behind_others_are_the_rows_of_one_table():
    people = neighbours(5)
    apart = append_rows(table(people[:7]), table(people[7:]))
    whole = table(people)

    assert apart.names.texts == whole.names.texts
    assert apart.mothers.texts == whole.mothers.texts
    for name in COLUMNS:
        assert np.array_equal(getattr(apart, name), getattr(whole, name)), name


def test_rows_put_behind_nothing_are_those_rows():
    people = table([ANI, BUDI])

    assert append_rows(table([]), people) is people


@EXAMPLES
@given(st.lists(st.integers(0, 10**16 - 1), max_size=10))
def test_digits_read_like_the_number_is_written(numbers):
    made = packed_digits(np.asarray(numbers, np.int64))

    assert [f"{code:016x}" for code in made.tolist()] == [f"{n:016d}" for n in numbers]


def test_columns_that_are_absent_are_not_known():
    numbers, names = number_names(["ANI"])

    made = key_table({"name": numbers}, names=names, mothers=name_book([]))

    assert (made.nik[0], made.birth[0], made.rt[0]) == (0, 0, 0)
    assert (made.sex[0], made.family[0], made.mother[0]) == (-1, -1, -1)


def test_a_number_bears_out_a_date_of_either_sex_and_nothing_else():
    rows = table(
        [
            ANI,
            BUDI,
            CITRA.but(birth=20060204),
            CITRA.but(birth=20060000),
            CITRA.but(nik=0),
            Someone("Ani"),
        ]
    )

    assert rows.confirmed().tolist() == [True, True, False, False, False, False]


def test_chosen_rows_keep_their_names():
    some = table([ANI, BUDI, CITRA]).take(np.asarray([2, 0]))

    assert [some.names.texts[n] for n in some.name] == ["CITRA AIUNINGTIAS", "ANI RUSMAUATI"]
