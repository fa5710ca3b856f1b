import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import JaroWinkler

from analytics.cast import (
    ANI,
    BUDI,
    CITRA,
    DANI,
    DINO,
    EXAMPLES,
    KEL_A,
    KEL_A_NEW,
    KEL_B,
    L,
    P,
    Someone,
    nik_of,
    pair,
    row_of,
    table,
)
from entas.analytics.linkage.compare import (
    compare,
    compare_births,
    refine_by_rivals,
)
from entas.analytics.linkage.keys import name_book
from entas.analytics.linkage.levels import (
    FIELDS,
    AreaLevel,
    BirthLevel,
    CardLevel,
    NameLevel,
    NikLevel,
    SexLevel,
    SpotLevel,
)
from entas.analytics.linkage.spelling import SIMILAR, _may_be_similar

NAMES = {
    ("", "Budi"): NameLevel.MISSING,
    ("Budi Santoso", "Ratna Dewi"): NameLevel.NONE,
    ("Budi Santoso", "Budi Ginting"): NameLevel.ONE_TOKEN,
    ("Pras", "Agus Prasetya"): NameLevel.PART_OF_WORD,
    ("Sulastri", "Sulasmi"): NameLevel.SIMILAR,
    ("Budi S", "Budi Wijaya Santoso"): NameLevel.INITIALS,
    ("Wati Kurnia", "Wati Karina"): NameLevel.TOKEN_AND_SIMILAR,
    ("Budi", "Budi Santoso Ginting"): NameLevel.ONLY_ONE_GIVEN,
    ("Rosmawati", "Rosmawti"): NameLevel.TYPO,
    ("Budi Santoso", "Budi Agus Santoso Putra"): NameLevel.TOKENS_CONTAINED,
    ("Budi Santoso", "Santoso Budi"): NameLevel.EQUAL,
    ("Abdul Rahman", "Abdulrahman"): NameLevel.EQUAL,
    ("Nur Aini", "Nur'aini"): NameLevel.EQUAL,
    ("Soeharto", "Suharto"): NameLevel.EQUAL,
}
BIRTHS = {
    (0, 19800517): BirthLevel.MISSING,
    (19800517, 19991231): BirthLevel.NONE,
    (19800517, 19801128): BirthLevel.YEAR_OR_DAY_MONTH,
    (19800517, 19990517): BirthLevel.YEAR_OR_DAY_MONTH,
    (19800517, 19800528): BirthLevel.YEAR_AND_PART,
    (19800101, 19800517): BirthLevel.YEAR_AND_PART,
    (19801231, 19800517): BirthLevel.YEAR_AND_PART,
    (19800517, 19800518): BirthLevel.ONE_DIGIT,
    (19800517, 19810517): BirthLevel.ONE_DIGIT,
    (19800503, 19800305): BirthLevel.SWAPPED,
    (19800517, 19800517): BirthLevel.EQUAL,
    (19800000, 19800517): BirthLevel.YEAR_ONLY_EQUAL,
    (19800000, 19800000): BirthLevel.YEAR_ONLY_EQUAL,
    (19780000, 19800517): BirthLevel.YEAR_ONLY_NEAR,
    (19770000, 19800517): BirthLevel.YEAR_ONLY_OTHER,
}
_OWN = nik_of(19800517, L, 1234)
NIKS = {
    (0, _OWN): NikLevel.MISSING,
    (nik_of(19991231, P, 7), _OWN): NikLevel.NONE,
    (nik_of(19800517, L, 9871), _OWN): NikLevel.SAME_DATE,
    (nik_of(19800517, L, 1254), _OWN): NikLevel.SERIAL_TYPO,
    (nik_of(19800517, L, 1324), _OWN): NikLevel.SERIAL_TYPO,
    (_OWN, _OWN): NikLevel.EQUAL,
    (_OWN + 10 * 10**10, _OWN): NikLevel.REGION_TYPO,
    (nik_of(19800527, L, 1234), _OWN): NikLevel.DATE_TYPO,
    (nik_of(19800517, P, 1234), _OWN): NikLevel.DATE_TYPO,
    (nik_of(19800517, L, 1235), _OWN): NikLevel.SERIAL_NEIGHBOUR,
    (nik_of(19800517, L, 1236), _OWN): NikLevel.SERIAL_NEIGHBOUR,
}
_CARD = 1571810101100001
CARDS = {
    (0, _CARD): CardLevel.MISSING,
    (_CARD + 123_456, _CARD): CardLevel.OTHER,
    (_CARD, _CARD): CardLevel.EQUAL,
    (_CARD + 4_000, _CARD): CardLevel.TYPO,
}
SEXES = {(-1, L): SexLevel.MISSING, (L, P): SexLevel.OTHER, (P, P): SexLevel.SAME}
AREAS = {
    (0, KEL_A): AreaLevel.MISSING,
    (KEL_A, KEL_B): AreaLevel.OTHER,
    (KEL_A_NEW, KEL_A): AreaLevel.RELATED,
    (KEL_A, KEL_A): AreaLevel.SAME,
}
_PLACE = (KEL_A, 7, "Jl. Melati No. 12")
SPOTS = {
    ((KEL_A, 0, ""), _PLACE): SpotLevel.MISSING,
    ((KEL_B, 7, "Jl. Melati No. 12"), _PLACE): SpotLevel.MISSING,
    ((KEL_A, 8, "Jl. Kenanga No. 12"), _PLACE): SpotLevel.OTHER,
    ((KEL_A, 8, "Jl. Melati"), _PLACE): SpotLevel.STREET,
    ((KEL_A, 7, "Jl. Kenanga"), _PLACE): SpotLevel.RT,
    ((KEL_A, 7, ""), _PLACE): SpotLevel.RT,
    ((KEL_A, 7, "Gg. Melati No. 3"), _PLACE): SpotLevel.RT_AND_STREET,
    ((KEL_A, 0, "Gg. Melati No. 12"), _PLACE): SpotLevel.HOUSE,
    ((KEL_A_NEW, 7, "Gg. Melati No. 12"), _PLACE): SpotLevel.RT_AND_HOUSE,
}


def with_name(name):
    return Someone(name)


def with_mother(name):
    return Someone("Ani", mother=name)


def born(day):
    return Someone("Ani", day)


def bearing(nik):
    return Someone("Ani", nik=nik)


def of_card(kk):
    return Someone("Ani", kk=kk)


def of_sex(sex):
    return Someone("Ani", sex=sex)


def of_area(kel):
    return Someone("Ani", kel=kel)


def living_at(place):
    return Someone("Ani", kel=place[0], rt=place[1], address=place[2])


CASES = [
    (field, make, one, other, level)
    for field, make, examples in (
        ("name", with_name, NAMES),
        ("mother", with_mother, NAMES),
        ("birth", born, BIRTHS),
        ("nik", bearing, NIKS),
        ("kk", of_card, CARDS),
        ("sex", of_sex, SEXES),
        ("area", of_area, AREAS),
        ("spot", living_at, SPOTS),
    )
    for (one, other), level in examples.items()
]


@pytest.mark.parametrize(("field", "make", "one", "other", "level"), CASES)
def test_each_level_is_seen_where_it_belongs(field, make, one, other, level):
    found = pair(make(one), make(other))

    assert found.level[field][0] == level


@pytest.mark.parametrize(("field", "make", "one", "other", "level"), CASES)
def test_a_level_does_not_ask_who_is_the_list_and_who_the_register(field, make, one, other, level):
    there, back = pair(make(one), make(other)), pair(make(other), make(one))

    assert there.level[field][0] == back.level[field][0]


def test_every_level_of_a_single_pair_has_an_example():
    by_household = {
        "name": {NameLevel.HOUSEMATES_NAME},
        "mother": {NameLevel.HOUSEMATES_NAME},
        "nik": {NikLevel.HOUSEMATES_NIK, NikLevel.SOMEBODY_ELSES},
    }
    shown = {(field, level) for field, _, _, _, level in CASES}
    lacking = {
        (field, level)
        for field, kind in FIELDS.items()
        for level in kind
        if (field, level) not in shown and level not in by_household.get(field, set())
    }

    assert lacking == set()


DAYS = st.one_of(
    st.just(0),
    st.integers(1920, 2026).map(lambda year: year * 10_000),
    st.dates().map(lambda day: day.year * 10_000 + day.month * 100 + day.day),
    st.sampled_from((19800517, 19800518, 19800101, 19800705, 19800507, 19810517)),
)


@EXAMPLES
@given(DAYS, DAYS)
def test_two_dates_agree_alike_in_both_directions_and_only_a_date_equals_itself(one, other):
    a, b = np.asarray([one], np.int32), np.asarray([other], np.int32)

    there, back = compare_births(a, b)[0], compare_births(b, a)[0]

    assert there == back
    assert (there == BirthLevel.EQUAL) == (one == other and one % 10_000 > 0)
    assert (there == BirthLevel.MISSING) == (one == 0 or other == 0)


WRITTEN = st.lists(
    st.sampled_from(["Ani", "Budi", "Siti", "N", "Rosma", "Rosmawati", "Santoso", "Santosa", "M"]),
    max_size=4,
).map(" ".join)


@EXAMPLES
@given(WRITTEN, WRITTEN)
def test_two_names_agree_alike_in_both_directions(one, other):
    there, back = pair(with_name(one), with_name(other)), pair(with_name(other), with_name(one))

    assert there.level["name"][0] == back.level["name"][0]


def test_a_name_never_agrees_less_with_itself_than_with_another():
    for one in ("Ani", "Siti N", "M. Rizki", "Budi Agus Santoso Putra Wijaya"):
        assert pair(with_name(one), with_name(one)).level["name"][0] == NameLevel.EQUAL


def test_only_what_agrees_carries_rarity():
    differ = pair(Someone("Ani", 19830928, mother="Kasiyem"), Someone("Budi", 19800517, mother="X"))

    assert [float(bits[0]) for bits in differ.bits.values()] == [0, 0, 0]


def against(row, person, town):
    """Evidence on a list row and one of the cast in the whole town."""
    rows = table([row.on_a_list()])
    found = compare(
        rows,
        np.zeros(1, np.int32),
        town.table,
        np.asarray([row_of(person)], np.int32),
        town.rarity,
        town.house,
    )
    return {name: int(level[0]) for name, level in found.level.items()}


def test_a_borrowed_nik_is_known_for_the_housemates(town):
    levels = against(CITRA.but(nik=BUDI.nik), CITRA, town)

    assert levels["nik"] == NikLevel.HOUSEMATES_NIK


def test_the_nik_of_somebody_outside_the_family_is_known_for_theirs(town):
    stranger = int(town.table.nik[100])

    assert against(CITRA.but(nik=stranger), CITRA, town)["nik"] == NikLevel.SOMEBODY_ELSES


def test_a_nik_that_nobody_bears_is_merely_different(town):
    assert against(CITRA.but(nik=nik_of(19990101, L, 9)), CITRA, town)["nik"] == NikLevel.NONE


def test_the_husbands_name_on_his_wifes_row_is_known_for_his(town):
    levels = against(ANI.but(name=BUDI.name), ANI, town)

    assert levels["name"] == NameLevel.HOUSEMATES_NAME


def test_a_housemates_name_is_not_looked_for_where_nothing_speaks_for_the_household(town):
    elsewhere = ANI.but(name=BUDI.name, kk=0, nik=0, kel=KEL_B, rt=1, address="")

    assert against(elsewhere, ANI, town)["name"] == NameLevel.NONE


def test_a_name_of_ones_own_is_never_called_the_housemates(town):
    assert against(DANI, DANI, town)["name"] == NameLevel.EQUAL


def test_a_mistyped_name_is_a_rivals_when_it_fits_him_far_better(town):
    rows = table([ANI.but(name="Budi Prasetya", nik=0).on_a_list()])
    candidates = np.asarray([row_of(BUDI), row_of(ANI)], np.int32)
    zeros = np.zeros(2, np.int32)
    found = compare(rows, zeros, town.table, candidates, town.rarity, town.house)

    refine_by_rivals(found, town.table.family[candidates])

    assert found.level["name"].tolist() == [NameLevel.TYPO, NameLevel.HOUSEMATES_NAME]


def test_dates_are_confirmed_only_when_both_niks_bear_them_out():
    wrong_number = BUDI.but(nik=nik_of(19991231, L, 11))

    assert pair(BUDI, BUDI).confirmed.tolist() == [True]
    assert pair(ANI, ANI).confirmed.tolist() == [True]
    assert pair(wrong_number, BUDI).confirmed.tolist() == [False]


def test_twins_share_the_date_and_neighbour_in_number_but_not_the_name():
    found = pair(DANI, DINO)

    assert found.level["birth"][0] == BirthLevel.EQUAL
    assert found.level["nik"][0] == NikLevel.SERIAL_NEIGHBOUR
    assert found.level["name"][0] < NameLevel.TYPO


LETTERS = st.text("ABEINRSU", min_size=1, max_size=14)


@EXAMPLES
@given(st.lists(st.tuples(LETTERS, LETTERS), min_size=1, max_size=30))
def test_no_pair_of_similar_names_is_left_out_by_its_letters(names):
    ours, theirs = (name_book(list(column)) for column in zip(*names, strict=True))
    every = np.arange(len(names))

    may = _may_be_similar(ours, every, theirs, every)

    similar = [JaroWinkler.similarity(one, other) >= SIMILAR for one, other in names]
    assert may[np.flatnonzero(similar)].all()


def test_names_without_like_letters_are_left_out():
    ours, theirs = name_book(["SITI RUSMINI"]), name_book(["AHMAD GUNAWAN"])

    assert not _may_be_similar(ours, np.zeros(1, int), theirs, np.zeros(1, int))[0]


@pytest.mark.parametrize(
    ("written", "registered"),
    [
        ("Aisyah A", "Aisyah Azzahra"),
        ("Jarirul S.", "Jarirul Slamet"),
        ("Siti N A", "Siti Nur Aini"),
    ],
)
def test_initials_that_stand_for_every_other_word_are_known(written, registered):
    assert pair(Someone(written), Someone(registered)).level["name"] == NameLevel.INITIALS


@pytest.mark.parametrize(
    ("written", "registered"),
    [
        ("Aisyah A A", "Aisyah Azzahra Putri"),
        ("Wahyu Agus S", "Suparman Agus"),
        ("Jarirul S Putra", "Jarirul Slamet Wibowo"),
    ],
)
def test_one_initial_does_not_explain_words_that_nothing_stands_for(written, registered):
    assert pair(Someone(written), Someone(registered)).level["name"] != NameLevel.INITIALS
