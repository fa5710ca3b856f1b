"""What one person did alone, another looks at."""

import datetime as dt

import pytest

from entas.audit.models import Act
from entas.audit.services import record
from entas.city.errors import NotAllowed, OutsideArea, OwnSingleHanded, ReviewedBefore
from entas.city.models import Area, Right, User
from entas.city.services import mark_single_handed, review_single_handed

HERE, THERE = 1571101003, 1571101002
NOW = dt.datetime(2026, 6, 2, 9, 0, tzinfo=dt.UTC)


def officer(name, role="supervisor", area=HERE):
    user = User.objects.create(username=name, password="!")
    Right.objects.create(
        user=user,
        role=role,
        area=Area.objects.get(number=area),
        valid_from=dt.date(2020, 1, 1),
        granted_by="t",
        act_id=0,
    )
    return user


@pytest.fixture
def siti(ground):
    return officer("siti")


@pytest.fixture
def row(siti):
    act = record(siti, "registry.proposal.diterima", object_type="person", object_id=3)
    return mark_single_handed(act=act, kelurahan=HERE)


def test_the_list_keeps_who_did_what_where_and_when(row, siti):
    act = Act.objects.get(act="registry.proposal.diterima")

    assert (row.act_id, row.act, row.actor, row.kelurahan) == (act.pk, act.act, act.actor, HERE)
    assert row.at == act.at
    assert row.reviewed_at is None


def test_a_review_says_who_when_and_what_and_is_an_act(row):
    rina = officer("rina")

    review_single_handed(row=row, note="  cocok  ", by=rina, now=NOW)

    row.refresh_from_db()
    assert (row.reviewed_by, row.reviewed_at, row.note) == (f"user:{rina.pk}:rina", NOW, "cocok")
    act = Act.objects.get(act="audit.review_single_handed")
    assert act.detail == {"act": row.act, "act_id": row.act_id}


def test_nobody_reviews_his_own_act(row, siti):
    with pytest.raises(OwnSingleHanded, match="petugas lain"):
        review_single_handed(row=row, note="", by=siti, now=NOW)


def test_a_new_name_makes_no_other_person(row, siti):
    siti.username = "siti.baru"
    siti.save()

    with pytest.raises(OwnSingleHanded):
        review_single_handed(row=row, note="", by=siti, now=NOW)


def test_a_number_that_begins_alike_is_another_person(row, siti):
    row.actor = f"user:{siti.pk}9:tono"

    assert review_single_handed(row=row, note="", by=siti, now=NOW).reviewed_at == NOW


def test_the_second_review_is_refused(row):
    review_single_handed(row=row, note="", by=officer("rina"), now=NOW)

    with pytest.raises(ReviewedBefore):
        review_single_handed(row=row, note="", by=officer("tono"), now=NOW)


def test_an_officer_of_another_area_may_not(row):
    with pytest.raises(OutsideArea):
        review_single_handed(row=row, note="", by=officer("eka", area=THERE), now=NOW)


def test_who_has_no_such_right_may_not(row):
    with pytest.raises(NotAllowed):
        review_single_handed(row=row, note="", by=officer("adi", "front_office"), now=NOW)
