import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import EXAMPLES
from entas.analytics.normalise.places import NOWHERE, Place, parse_place


@pytest.mark.parametrize(
    "written",
    [
        "Jl. Melati II No. 12",
        "Lorong Melati 2 No 12",
        "LRG MELATI II NOMOR 12",
        "Gang Melati II, No:12",
        "Melati 2 NO12",
        "Jln Mellati 2 no.12",
    ],
)
def test_clerks_exchange_the_kinds_of_way_and_the_ways_of_counting(written):
    assert parse_place(written) == Place("MILATI 2", 12)


@pytest.mark.parametrize(
    "written",
    [
        "Jl. Kenanga RT 05 RW 02",
        "Jl. Kenanga RT.05/02",
        "Jl. Kenanga RT/RW 005/002",
        "RT05 Jl. Kenanga",
        "Jl. Kenanga RT 5",
        "Jl. Kenanga RT 5 Kel. Legok Kec. Danau Sipin",
        "Jl. Kenanga, Kota Jambi",
    ],
)
def test_what_has_a_column_of_its_own_is_not_part_of_the_street(written):
    assert parse_place(written) == Place("KINANGA", 0)


def test_the_number_of_an_rt_is_not_taken_for_the_house():
    assert parse_place("RT 07 Jl. Mawar No. 3").house == 3


def test_a_number_that_belongs_to_the_street_stays_with_it():
    assert parse_place("Perumnas 4 Jl. Mawar").street == "4 MAUAR"


@pytest.mark.parametrize("written", ["", "   ", "...", "Jalan", "RT 05", "Kota Jambi"])
def test_an_address_that_names_no_street_is_nowhere(written):
    assert parse_place(written) == NOWHERE


def test_an_address_of_five_thousand_characters_is_cut_and_not_refused():
    assert parse_place("Jl. Melati " * 500).street == "MILATI MILATI MILATI MILATI"


@EXAMPLES
@given(st.text(max_size=80))
def test_every_text_gives_at_most_four_words_and_a_house_of_four_digits(text):
    place = parse_place(text)

    assert len(place.street.split()) <= 4
    assert 0 <= place.house <= 9_999
