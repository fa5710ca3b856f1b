"""Areas by day, rights, the installation row."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from entas.audit.models import Act
from entas.city import policies, queries, services
from entas.city.errors import NotAllowed, NotInitialised, OddUserName, UnknownUser
from entas.city.models import Agency, Area, AreaEdition, Installation

TODAY = dt.date(2026, 6, 1)


def test_there_are_62_kelurahan_before_the_division_and_68_after(ground):
    assert Area.objects.kelurahan().on(dt.date(2022, 12, 31)).count() == 62
    assert Area.objects.kelurahan().on(dt.date(2023, 1, 1)).count() == 68


def test_editions_count_what_the_areas_say(ground):
    for edition in AreaEdition.objects.all():
        assert Area.objects.kelurahan().on(edition.valid_from).count() == edition.kelurahan_count


def test_dates_nobody_found_are_marked_as_guesses(ground):
    assert AreaEdition.objects.filter(is_guess=True).count() == 2


def test_loading_the_areas_again_changes_nothing(ground):
    before = list(Area.objects.order_by("number").values())

    services.load_reference_rows(by=ground)

    assert list(Area.objects.order_by("number").values()) == before
    assert Agency.objects.count() == 8


def test_who_installed_may_give_rights_and_import(ground):
    policies.check_may(ground, "sources.import")
    policies.check_may(ground, "city.grant")


@pytest.mark.parametrize(
    ("role", "is_active"), [("", True), ("data_steward", False), ("administrator", True)]
)
def test_others_may_not_import(somebody, role, is_active):
    user = somebody("budi", role, is_active=is_active)

    with pytest.raises(NotAllowed, match=r"'budi' tidak berhak melakukan 'sources\.import'"):
        policies.check_may(user, "sources.import")


def test_a_user_is_entered_once_and_written_down(ground):
    _, first = services.add_user(username="budi", role="administrator", by=ground, day=TODAY)
    user, second = services.add_user(username="budi", role="administrator", by=ground, day=TODAY)

    assert (first, second) == (True, False)
    acts = Act.objects.filter(act="city.add_user", object_id=str(user.pk))
    assert acts.count() == 1


def test_nobody_can_log_in_with_a_password_nobody_chose(ground):
    user, _ = services.add_user(username="budi", role="administrator", by=ground, day=TODAY)

    assert not user.has_usable_password()


@pytest.mark.parametrize("name", ["", "a b", "x" * 151, "a\nb", "'; drop"])
def test_odd_user_names_are_refused(ground, name):
    with pytest.raises(OddUserName):
        services.add_user(username=name, role="administrator", by=ground, day=TODAY)


def test_who_was_never_entered_does_not_act(ground, monkeypatch):
    monkeypatch.setenv("ENTAS_USER", "siapa")

    with pytest.raises(UnknownUser, match="entas city add-user"):
        queries.acting_user()


def test_a_demo_takes_the_reserved_range_only(ground):
    ranges = queries.nik_ranges()

    assert ranges.allows("1571810101900001")
    assert ranges.allows("1571914101900001")
    assert not ranges.allows("15710" + "10101900001")
    assert not ranges.allows("157192" + "4101900001")


def test_a_real_installation_takes_every_range_but_the_reserved_one(ground):
    Installation.objects.update(nik_only=[], nik_never=["157181"])

    ranges = queries.nik_ranges()

    assert ranges.allows("15710" + "10101900001")
    assert not ranges.allows("1571810101900001")


def test_the_database_itself_refuses_a_second_installation(ground):
    row = Installation.objects.get()
    row.pk = 2

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_itself_refuses_a_kelurahan_without_a_kecamatan(ground):
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.filter(level="kelurahan").update(parent=None)


def test_where_nothing_was_initialised_it_says_so(ground):
    Installation.objects.all().delete()

    with pytest.raises(NotInitialised, match="entas init --demo"):
        queries.installation()
