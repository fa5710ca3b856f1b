import numpy as np
import pytest

from kotacontoh.attributes import TRAITS
from kotacontoh.welfare import LINE_RUPIAH_MONTH, quantiles


def gini(values):
    ordered = np.sort(values)
    rank = np.arange(1, len(ordered) + 1)
    return 2 * (rank * ordered).sum() / (len(ordered) * ordered.sum()) - 1 - 1 / len(ordered)


def test_consumption_at_the_poverty_rank_is_the_line():
    assert quantiles(np.array([0.0849]), 0.0849)[0] == pytest.approx(LINE_RUPIAH_MONTH)


def test_everybody_counted_poor_consumes_less_than_the_line(city):
    home = city.members.household[city.living()]

    below = city.welfare.consumption[home] < LINE_RUPIAH_MONTH

    assert (below == city.welfare.poor[home]).all()


def test_gap_severity_and_gini_are_those_of_the_province(city):
    lines = city.welfare.lines[city.members.household[city.living()]]
    gap = np.clip(1 - lines, 0, None)

    assert gap.mean() == pytest.approx(0.0131, abs=0.0006)
    assert (gap**2).mean() == pytest.approx(0.0029, abs=0.0003)
    assert gini(lines) == pytest.approx(0.34, abs=0.01)


def test_poor_households_are_larger_than_others(city):
    living = np.bincount(city.members.household[city.living()], minlength=len(city.homes))
    poor = city.welfare.poor

    assert 4.2 < living[poor].mean() < 4.9
    assert living[poor].mean() > living[(living > 0) & ~poor].mean()


@pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: trait.name)
def test_every_household_attribute_has_the_share_of_its_table(city, trait):
    codes = city.attributes.home[trait.name]
    total = sum(share for _, share in trait.shares)

    for code, share in trait.shares:
        assert np.mean(codes == code) == pytest.approx(share / total, abs=0.001)


def test_nearly_half_of_welfare_cannot_be_seen(city):
    columns = np.array([city.attributes.home[trait.name] for trait in TRAITS], dtype=float).T
    columns = np.column_stack([columns, np.log(city.attributes.floor_m2), np.ones(len(columns))])
    target = city.welfare.index

    fitted = columns @ np.linalg.lstsq(columns, target, rcond=None)[0]
    explained = 1 - (target - fitted).var() / target.var()

    assert 0.35 < explained < 0.56


def test_a_car_stands_more_often_before_the_richer_half(city):
    car = city.attributes.home["aset_bergerak_mobil"] == 1
    richer = city.welfare.index > np.median(city.welfare.index)

    assert car[richer].mean() > 2 * car[~richer].mean()
