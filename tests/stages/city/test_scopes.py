"""Where somebody may act, as a condition for rows."""

from django.db.models import Q

from entas.city.models import Area
from entas.city.policies import NOWHERE, Scope

CITY = Scope(is_city=True, kelurahan=frozenset(), agencies=frozenset())


def test_the_whole_city_stays_the_whole_city_beside_an_or(ground):
    some = Q(number=0)

    assert Area.objects.filter(CITY.filter("number")).count() == Area.objects.count()
    assert Area.objects.filter(CITY.filter("number") | some).count() == Area.objects.count()
    assert Area.objects.filter(some | CITY.filter("number")).count() == Area.objects.count()


def test_who_may_nowhere_meets_no_row(ground):
    assert not Area.objects.filter(NOWHERE.filter("number")).exists()
    assert not NOWHERE.covers(None)


def test_a_place_nobody_knows_belongs_to_the_whole_city_only():
    one = Scope(is_city=False, kelurahan=frozenset({1571011001}), agencies=frozenset())

    assert CITY.covers(None)
    assert not one.covers(None)
    assert one.covers(1571011001)
