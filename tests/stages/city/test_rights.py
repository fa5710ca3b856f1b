"""Who gives rights, to whom, for how long; and who may not."""

import datetime as dt

import pytest
from django.utils import timezone

from entas.audit.models import Act
from entas.city import policies, services
from entas.city.errors import (
    LastAdministrator,
    NotAllowed,
    NothingToDeputise,
    OddPeriod,
    OutsideArea,
    OwnAccount,
    RightHeld,
    RightWithdrawn,
    UnknownRole,
)
from entas.city.models import Area, Right, User
from entas.city.queries import users_seen_by
from entas.city.services import Wanted

LEGOK, DANAU_SIPIN, JELUTUNG = 1571101003, 157110, 157108


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def budi(somebody):
    return somebody("budi")


@pytest.fixture
def give(ground, today):
    def grant(user, role="front_office", by=None, **more):
        wanted = Wanted(role, more.pop("valid_from", today), **more)
        return services.grant_right(user=user, wanted=wanted, by=by or ground, day=today)

    return grant


def fresh(user):
    return User.objects.get(pk=user.pk)


def area(number):
    return Area.objects.get(number=number)


def test_a_right_is_in_force_from_its_first_day(budi, give, today):
    give(budi, valid_from=today + dt.timedelta(days=1))

    assert not policies.may(fresh(budi), "registry.look")


def test_a_right_counts_on_its_last_day_and_not_after(budi, give, today):
    right = give(budi, valid_to=today)
    assert policies.may(fresh(budi), "registry.look")

    Right.objects.filter(pk=right.pk).update(
        valid_from=today - dt.timedelta(days=9), valid_to=today - dt.timedelta(days=1)
    )

    assert not policies.may(fresh(budi), "registry.look")


def test_a_grant_is_written_down_with_place_and_days(budi, give, today):
    right = give(budi, area=area(LEGOK), valid_to=today)

    act = Act.objects.get(pk=right.act_id)
    assert (act.act, act.object_id) == ("city.grant", str(budi.pk))
    assert act.detail["area"] == LEGOK
    assert act.detail["valid_to"] == today.isoformat()


def test_nobody_gives_himself_a_right(ground, give):
    with pytest.raises(OwnAccount):
        give(ground, "auditor")


@pytest.mark.parametrize("role", ["data_steward", "auditor", "front_office", "leader"])
def test_who_is_no_administrator_gives_no_rights(somebody, budi, give, role):
    with pytest.raises(NotAllowed):
        give(budi, by=somebody("citra", role))


def test_an_unknown_role_is_refused_with_the_known_ones(budi, give):
    with pytest.raises(UnknownRole, match=r"'raja' tidak dikenal.*front_office"):
        give(budi, "raja")


def test_an_administrator_of_a_kecamatan_gives_rights_there_only(somebody, budi, give):
    camat = somebody("camat", "administrator", area=DANAU_SIPIN)

    give(budi, by=camat, area=area(LEGOK))

    for elsewhere in (None, area(JELUTUNG)):
        with pytest.raises(OutsideArea):
            give(budi, by=camat, area=elsewhere)


@pytest.mark.parametrize("role", ["administrator", "data_protection_officer"])
def test_who_watches_or_appoints_is_appointed_for_the_whole_city(somebody, budi, give, role):
    camat = somebody("camat", "administrator", area=DANAU_SIPIN)

    with pytest.raises(NotAllowed):
        give(budi, role, by=camat, area=area(LEGOK))
    assert give(budi, role).role == role


def test_a_right_does_not_begin_before_it_was_given(budi, give, today):
    with pytest.raises(OddPeriod, match="tidak dapat berlaku mundur"):
        give(budi, valid_from=today - dt.timedelta(days=1))


def test_a_right_that_ends_before_it_begins_is_refused(budi, give, today):
    with pytest.raises(OddPeriod, match="mendahului"):
        give(budi, valid_to=today - dt.timedelta(days=1))


def test_the_same_right_is_not_given_twice_on_the_same_days(budi, give, today):
    give(budi, area=area(LEGOK), valid_to=today)
    with pytest.raises(RightHeld):
        give(budi, area=area(LEGOK))

    assert give(budi, area=area(LEGOK), valid_from=today + dt.timedelta(days=1))


# --- deputies --------------------------------------------------------------------------------


def test_a_deputy_stands_in_until_a_day(somebody, budi, give, today):
    lurah = somebody("lurah", "puskesos_coordinator", area=LEGOK)

    right = give(budi, "puskesos_coordinator", area=area(LEGOK), deputy_for=lurah, valid_to=today)

    assert right.deputy_for == lurah
    assert policies.may(fresh(budi), "registry.decide_proposal")
    Right.objects.filter(pk=right.pk).update(
        valid_from=today - dt.timedelta(days=2), valid_to=today - dt.timedelta(days=1)
    )
    assert not policies.may(fresh(budi), "registry.decide_proposal")


def test_a_deputy_without_an_end_is_refused(somebody, budi, give):
    lurah = somebody("lurah", "puskesos_coordinator", area=LEGOK)

    with pytest.raises(OddPeriod, match="tanggal berakhir"):
        give(budi, "puskesos_coordinator", area=area(LEGOK), deputy_for=lurah)


def test_nobody_stands_in_for_who_holds_nothing_there(somebody, budi, give, today):
    lurah = somebody("lurah", "puskesos_coordinator", area=LEGOK)

    for role, place in (("supervisor", LEGOK), ("puskesos_coordinator", JELUTUNG)):
        with pytest.raises(NothingToDeputise):
            give(budi, role, area=area(place), deputy_for=lurah, valid_to=today)


# --- taking back -----------------------------------------------------------------------------


def test_a_withdrawn_right_ends_at_once_and_stays_readable(ground, budi, give):
    right = give(budi)

    services.withdraw_right(right=right, by=ground, now=timezone.now())

    assert not policies.may(fresh(budi), "registry.look")
    kept = Right.objects.get(pk=right.pk)
    assert kept.withdrawn_by == f"user:{ground.pk}:ani"
    with pytest.raises(RightWithdrawn):
        services.withdraw_right(right=right, by=ground, now=timezone.now())


def test_the_last_administrator_stays(somebody, ground):
    chief = somebody("kepala", "administrator")
    own = ground.rights.get(role="administrator")
    services.withdraw_right(right=own, by=chief, now=timezone.now())
    right = chief.rights.get()
    Right.objects.filter(user=ground, role="administrator").update(withdrawn_at=None)
    services.switch_off(user=chief, by=fresh(ground))
    User.objects.filter(pk=ground.pk).update(is_active=False)
    User.objects.filter(pk=chief.pk).update(is_active=True)
    helper = somebody("pembantu", "administrator", is_active=False)

    with pytest.raises(LastAdministrator):
        policies.check_not_last_administrator(fresh(chief))
    policies.check_not_last_administrator(helper)
    assert right.withdrawn_at is None


# --- the account -----------------------------------------------------------------------------


def test_who_is_switched_off_may_nothing_and_comes_back_with_the_same_rights(ground, budi, give):
    give(budi)

    services.switch_off(user=budi, by=ground)
    assert not policies.may(fresh(budi), "registry.look")
    assert fresh(budi).session_epoch == 1

    services.switch_on(user=budi, by=ground)
    assert policies.may(fresh(budi), "registry.look")


def test_nobody_switches_himself_off(ground):
    with pytest.raises(OwnAccount):
        services.switch_off(user=ground, by=ground)


def test_an_administrator_of_a_kecamatan_sees_who_serves_all_or_part_of_it(somebody):
    camat = somebody("camat", "administrator", area=DANAU_SIPIN)
    whole = somebody("sipin", "supervisor", area=DANAU_SIPIN)
    part = somebody("sini", "front_office", area=LEGOK)
    for name, area_number in (("sana", JELUTUNG), ("semua", None)):
        somebody(name, "supervisor", area=area_number)

    assert set(users_seen_by(camat)) == {camat, whole, part}


def test_who_reads_users_of_one_kelurahan_sees_nobody_of_its_whole_kecamatan(somebody):
    auditor = somebody("pemeriksa", "auditor", area=LEGOK)
    somebody("camat", "administrator", area=DANAU_SIPIN)

    assert set(users_seen_by(auditor)) == {auditor}


def test_an_administrator_of_a_kecamatan_acts_on_its_people_only(somebody):
    camat = somebody("camat", "administrator", area=DANAU_SIPIN)
    here = somebody("sini", "front_office", area=LEGOK)
    there = somebody("sana", "front_office", area=JELUTUNG)
    everywhere = somebody("semua", "front_office")

    services.switch_off(user=here, by=camat)

    for user in (there, everywhere, somebody("tanpa")):
        with pytest.raises(OutsideArea):
            services.switch_off(user=user, by=camat)
