import numpy as np
import pytest

from kotacontoh.homes import draw_sizes
from kotacontoh.sizes import SIZES, UnknownSize, size_named
from kotacontoh.streams import Streams
from kotacontoh.welfare import exact_poor_first


def test_the_city_has_exactly_615676_people_of_whom_52271_are_poor():
    size = size_named("city")

    sizes = draw_sizes(Streams(3).numpy("homes"), size.persons)
    order = exact_poor_first(np.arange(len(sizes)), sizes, size.poor)

    assert int(sizes.sum()) == 615_676
    assert 52_271 in np.cumsum(sizes[order])


def test_the_doubled_city_has_exactly_twice_the_people_and_twice_the_poor():
    assert (SIZES["x2"].persons, SIZES["x2"].poor) == (1_231_352, 104_542)


@pytest.mark.parametrize("size", ["mini", "kecamatan"])
def test_small_sizes_keep_the_poverty_rate_of_the_city(size):
    assert SIZES[size].poor / SIZES[size].persons == pytest.approx(0.0849, abs=0.0003)


@pytest.mark.parametrize("persons", [1, 9, 10, 2_000, 39_999])
def test_household_sizes_add_up_to_any_number_of_people(persons):
    sizes = draw_sizes(Streams(5).numpy("homes"), persons)

    assert int(sizes.sum()) == persons
    assert sizes.min() >= 1
    assert sizes.max() <= 10


def test_poor_households_come_first_and_nobody_is_lost():
    persons = np.array([4, 3, 5, 2, 1, 6])

    order = exact_poor_first(np.arange(6), persons, 8)

    assert sorted(order.tolist()) == list(range(6))
    assert persons[order][:3].tolist() == [4, 3, 1]


def test_a_poor_count_that_no_household_can_complete_is_refused():
    with pytest.raises(ValueError, match="No household of 1 persons"):
        exact_poor_first(np.arange(2), np.array([2, 2]), 3)


def test_an_unknown_size_is_refused_with_the_known_ones():
    with pytest.raises(UnknownSize, match=r"'raksasa' tidak dikenal.*mini, kecamatan, city, x2"):
        size_named("raksasa")


def test_the_living_residents_are_the_official_count(city):
    assert int(city.living().sum()) == 40_000


def test_the_poor_residents_are_the_official_count(city):
    poor = city.welfare.poor[city.members.household] & city.living()

    assert int(poor.sum()) == city.size.poor
