"""Passwords, second factors, and the way back for who lost them."""

import datetime as dt
import re

import pyotp
import pytest
from django.utils import timezone

from entas import custody
from entas.audit.models import Act
from entas.city import services
from entas.city.errors import (
    NotAllowed,
    OddUserName,
    OwnAccount,
    PasswordChosen,
    RecoveryRefused,
    UserExists,
    WeakPassword,
    WrongCode,
)
from entas.city.models import RecoveryRequest, User
from entas.city.services import Wanted

NOW = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
PASSWORD = "payung-teduh-Batanghari-7"


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def siti(ground):
    """Somebody entered with a browser, with her one-time password."""
    user, password = services.enrol_user(
        username="siti",
        name="Siti Rahma",
        rights=[Wanted("front_office", timezone.localdate())],
        by=ground,
        day=timezone.localdate(),
    )
    user.first_password = password
    return user


@pytest.fixture
def rina(siti):
    """Siti after she chose a password and set up a phone; gives user and secret."""
    services.choose_password(user=siti, password=PASSWORD)
    secret = services.new_factor_secret()
    code = pyotp.TOTP(secret).at(NOW)
    services.confirm_factor(user=siti, secret=secret, code=code, now=NOW)
    return siti, secret


# --- entering --------------------------------------------------------------------------------


def test_the_first_password_must_be_replaced_and_is_kept_nowhere(siti):
    assert fresh(siti).check_password(siti.first_password)
    assert fresh(siti).must_change_password
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", siti.first_password)
    assert siti.first_password not in str(list(Act.objects.values_list("detail")))


def test_a_name_is_given_once_whatever_its_case(ground, siti):
    with pytest.raises(UserExists):
        services.enrol_user(
            username="SITI", name="Lain", rights=[], by=ground, day=timezone.localdate()
        )


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 151, "a\nb"])
def test_odd_names_are_refused(ground, name):
    with pytest.raises(OddUserName):
        services.enrol_user(username=name, name="x", rights=[], by=ground, day=timezone.localdate())


def test_a_refused_right_leaves_no_user_behind(ground):
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    with pytest.raises(Exception, match="berlaku mundur"):
        services.enrol_user(
            username="budi",
            name="Budi",
            rights=[Wanted("front_office", yesterday)],
            by=ground,
            day=timezone.localdate(),
        )

    assert not User.objects.filter(username="budi").exists()


# --- passwords -------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["pendek", "123456789012", "siti-rahma-siti", "password1234"])
def test_what_somebody_would_guess_is_refused(siti, password):
    with pytest.raises(WeakPassword):
        services.choose_password(user=siti, password=password)

    assert fresh(siti).check_password(siti.first_password)


def test_the_one_time_password_is_not_chosen_again(siti):
    with pytest.raises(WeakPassword, match="sama dengan sandi lama"):
        services.choose_password(user=siti, password=siti.first_password)


def test_a_chosen_password_ends_the_sessions_and_is_hashed_with_argon2(siti):
    services.choose_password(user=siti, password=PASSWORD)

    assert fresh(siti).session_epoch == 1
    assert not fresh(siti).must_change_password
    assert fresh(siti).password.startswith("argon2$argon2id$")


def test_a_lost_first_password_is_made_anew(ground, siti):
    password = services.set_one_time_password(user=siti, by=ground)

    assert password != siti.first_password
    assert fresh(siti).check_password(password)


def test_nobody_alone_sets_the_password_of_who_chose_one(ground, siti):
    services.choose_password(user=siti, password=PASSWORD)

    with pytest.raises(PasswordChosen, match="Ajukan pemulihan"):
        services.set_one_time_password(user=siti, by=ground)


def test_who_is_no_administrator_sets_no_password(somebody, siti):
    with pytest.raises(NotAllowed):
        services.set_one_time_password(user=siti, by=somebody("budi", "data_steward"))


# --- the second factor -----------------------------------------------------------------------


def test_the_secret_is_sealed(rina):
    user, secret = rina

    sealed = bytes(fresh(user).totp_sealed)
    assert secret.encode() not in sealed
    assert custody.unseal(sealed, context="user.totp").decode() == secret


def test_a_factor_is_set_up_by_its_first_number_only(siti):
    with pytest.raises(WrongCode):
        services.confirm_factor(
            user=siti, secret=services.new_factor_secret(), code="000000", now=NOW
        )

    assert fresh(siti).totp_sealed is None


@pytest.mark.parametrize("seconds", [30, 60])
def test_a_number_of_the_step_before_or_behind_is_taken(rina, seconds):
    user, secret = rina
    later = NOW + dt.timedelta(seconds=90)

    assert services.spend_code(
        user=fresh(user), code=pyotp.TOTP(secret).at(later + dt.timedelta(seconds=seconds - 30)),
        now=later,
    )  # fmt: skip


@pytest.mark.parametrize("seconds", [-90, -60, 60, 90])
def test_a_number_of_another_minute_is_not_taken(rina, seconds):
    user, secret = rina
    later = NOW + dt.timedelta(minutes=10)
    code = pyotp.TOTP(secret).at(later + dt.timedelta(seconds=seconds))

    assert not services.spend_code(user=fresh(user), code=code, now=later)


def test_no_number_is_taken_twice_nor_one_from_before(rina):
    user, secret = rina
    later = NOW + dt.timedelta(minutes=1)
    code = pyotp.TOTP(secret).at(later)

    assert services.spend_code(user=fresh(user), code=code, now=later)
    assert not services.spend_code(user=user, code=code, now=later)
    before = pyotp.TOTP(secret).at(later - dt.timedelta(seconds=30))
    assert not services.spend_code(user=fresh(user), code=before, now=later)


def test_the_number_that_set_it_up_does_not_sign_in(rina):
    user, secret = rina

    assert not services.spend_code(user=fresh(user), code=pyotp.TOTP(secret).at(NOW), now=NOW)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 5_000])
def test_what_is_no_number_of_six_digits_is_not_taken(rina, code):
    assert not services.spend_code(user=fresh(rina[0]), code=code, now=NOW)


# --- recovery --------------------------------------------------------------------------------


@pytest.fixture
def second(somebody):
    return somebody("kepala", "administrator")


def ask(user, by, kind="both", now=NOW):
    return services.ask_recovery(user=user, kind=kind, reason="datang sendiri", by=by, now=now)


def test_two_administrators_bring_somebody_back(ground, second, rina):
    user, _ = rina
    asked = ask(user, ground)
    code = services.approve_recovery(recovery=asked, by=second, now=NOW)

    found = services.usable_recovery(user=user, code=code.lower().replace("-", " "), now=NOW)
    back = services.use_recovery(recovery=found, password=PASSWORD + "-baru", now=NOW)

    assert back.check_password(PASSWORD + "-baru")
    assert back.totp_sealed is None
    acts = Act.objects.filter(act__contains="recovery").order_by("position")
    assert [(act.act, act.actor.split(":")[-1]) for act in acts] == [
        ("city.ask_recovery", "ani"),
        ("city.approve_recovery", "kepala"),
        ("city.use_recovery", "siti"),
    ]


def test_a_code_is_kept_as_a_keyed_hash_and_works_once(ground, second, rina):
    user, _ = rina
    asked = ask(user, ground)
    code = services.approve_recovery(recovery=asked, by=second, now=NOW)
    asked.refresh_from_db()
    assert code.replace("-", "") not in str(RecoveryRequest.objects.values().get())

    services.use_recovery(recovery=asked, password=PASSWORD + "-baru", now=NOW)

    assert services.usable_recovery(user=user, code=code, now=NOW) is None
    with pytest.raises(RecoveryRefused, match="sudah dipakai"):
        services.use_recovery(recovery=asked, password=PASSWORD + "-lagi", now=NOW)


def test_who_asked_does_not_approve(ground, second, rina):
    asked = ask(rina[0], ground)

    with pytest.raises(RecoveryRefused, match="tidak boleh menyetujuinya"):
        services.approve_recovery(recovery=asked, by=ground, now=NOW)


def test_whom_the_asker_appointed_a_moment_ago_is_no_second_person(ground, somebody, rina):
    """Otherwise one administrator could enrol another one and be both."""
    now, today = timezone.now(), timezone.localdate()
    puppet = somebody("boneka")
    wanted = Wanted("administrator", today)
    services.grant_right(user=puppet, wanted=wanted, by=ground, day=today)
    asked = ask(rina[0], ground, now=now + dt.timedelta(days=6))

    with pytest.raises(RecoveryRefused, match="baru saja diberikan"):
        services.approve_recovery(recovery=asked, by=puppet, now=now + dt.timedelta(days=6))
    assert services.approve_recovery(recovery=asked, by=puppet, now=now + dt.timedelta(days=8))


def test_nobody_asks_or_approves_for_himself(ground, second, somebody):
    third = somebody("ketiga", "administrator")
    with pytest.raises(OwnAccount):
        ask(ground, ground)
    asked = ask(second, ground)

    with pytest.raises(OwnAccount):
        services.approve_recovery(recovery=asked, by=second, now=NOW)
    assert services.approve_recovery(recovery=asked, by=third, now=NOW)


def test_who_is_no_administrator_neither_asks_nor_approves(ground, second, somebody, rina):
    steward = somebody("budi", "data_steward")
    with pytest.raises(NotAllowed):
        ask(rina[0], steward)
    asked = ask(rina[0], ground)

    with pytest.raises(NotAllowed):
        services.approve_recovery(recovery=asked, by=steward, now=NOW)


def test_where_there_is_one_administrator_it_says_what_to_do(ground, rina):
    with pytest.raises(RecoveryRefused, match="entas city user recover siti"):
        ask(rina[0], ground)


def test_the_person_who_is_locked_out_counts_as_no_second_administrator(ground, second):
    with pytest.raises(RecoveryRefused, match="administrator kedua"):
        ask(second, ground)


def test_a_code_is_good_for_a_day_and_a_request_for_a_week(ground, second, rina):
    user, _ = rina
    asked = ask(user, ground)
    code = services.approve_recovery(recovery=asked, by=second, now=NOW)
    assert services.usable_recovery(user=user, code=code, now=NOW + dt.timedelta(hours=24)) is None

    later = NOW + dt.timedelta(days=2)
    again = ask(user, ground, now=later)
    with pytest.raises(RecoveryRefused, match="tujuh hari"):
        services.approve_recovery(recovery=again, by=second, now=later + dt.timedelta(days=7))


def test_a_closed_request_lets_nobody_in(ground, second, rina):
    user, _ = rina
    asked = ask(user, ground)
    code = services.approve_recovery(recovery=asked, by=second, now=NOW)

    services.close_recovery(recovery=asked, by=ground, now=NOW)

    assert services.usable_recovery(user=user, code=code, now=NOW) is None


def test_a_second_request_waits_for_the_first(ground, second, rina):
    ask(rina[0], ground)

    with pytest.raises(RecoveryRefused, match="sudah diajukan"):
        ask(rina[0], ground)


def bring_back(user, kind, ground, second):
    asked = ask(user, ground, kind)
    services.approve_recovery(recovery=asked, by=second, now=NOW)
    return services.use_recovery(recovery=asked, password=PASSWORD + "-baru", now=NOW)


def test_a_lost_phone_leaves_the_password_as_it_is(ground, second, rina):
    back = bring_back(rina[0], "phone", ground, second)

    assert back.check_password(PASSWORD)
    assert (back.totp_sealed, back.totp_confirmed_at) == (None, None)


def test_a_lost_password_leaves_the_phone_as_it_is(ground, second, rina):
    user, secret = rina
    later = NOW + dt.timedelta(minutes=5)

    back = bring_back(user, "password", ground, second)

    assert back.check_password(PASSWORD + "-baru")
    assert services.spend_code(user=back, code=pyotp.TOTP(secret).at(later), now=later)


def test_a_weak_new_password_leaves_the_code_good(ground, second, rina):
    user, _ = rina
    asked = ask(user, ground)
    code = services.approve_recovery(recovery=asked, by=second, now=NOW)

    with pytest.raises(WeakPassword):
        services.use_recovery(recovery=asked, password="pendek", now=NOW)

    assert services.usable_recovery(user=user, code=code, now=NOW) is not None


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA", "x" * 10_000, "²³"])
def test_other_codes_open_nothing(ground, second, rina, code):
    services.approve_recovery(recovery=ask(rina[0], ground), by=second, now=NOW)

    assert services.usable_recovery(user=rina[0], code=code, now=NOW) is None


def test_the_code_of_one_person_opens_no_other_account(ground, second, rina):
    code = services.approve_recovery(recovery=ask(rina[0], ground), by=second, now=NOW)

    assert services.usable_recovery(user=second, code=code, now=NOW) is None
    assert services.usable_recovery(user=None, code=code, now=NOW) is None


def test_at_the_server_one_administrator_is_enough_and_the_chain_says_so(ground, rina):
    code = services.recover_on_server(user=rina[0], kind="phone", by=ground, now=NOW)

    assert services.usable_recovery(user=rina[0], code=code, now=NOW) is not None
    assert Act.objects.filter(act="city.recover_on_server").count() == 1
