"""The first page: what waits for whom; and what everybody may know about Entas."""

import datetime as dt
from importlib.resources import files

import pytest
from django.utils import timezone

from doors.web.signed_in import BULURAN, SIPIN, browser_of, user_with
from entas.audit.services import actor_text
from entas.city.models import OfficialFigure, SingleHanded
from entas.jobs.models import Job
from entas.registry import states
from entas.registry.models import Person, Proposal, TransferRequest
from entas.web.views.about import DATA

pytestmark = pytest.mark.usefixtures("static_files")


def propose(place, by="user:1:budi", days=0):
    person = Person.objects.create(name="CITRA", kelurahan=place)
    moment = timezone.now() - dt.timedelta(days=days)
    return Proposal.objects.create(
        person=person, field="name", body_sealed=b"-", by=by, at=moment, act_id=1
    )


def lines(browser):
    return [
        (line.count, str(line.words), line.is_late) for line in browser.get("/").context["lines"]
    ]


def single_handed(act_id, place, actor="user:1:budi"):
    return SingleHanded.objects.create(
        act_id=act_id,
        act="registry.decide_proposal",
        actor=actor,
        kelurahan=place,
        at=timezone.now(),
    )


def test_a_proposal_of_another_kelurahan_does_not_wait_for_me(ground):
    propose(BULURAN)
    browser = browser_of(user_with("puskesos_coordinator", area=SIPIN))

    assert lines(browser) == []


def test_a_proposal_of_my_kelurahan_waits_for_me(ground):
    propose(SIPIN)
    browser = browser_of(user_with("puskesos_coordinator", area=SIPIN))

    assert lines(browser) == [(1, "usulan koreksi menunggu keputusan Anda", False)]


def test_a_proposal_about_a_merged_person_waits_where_the_one_lives_who_lives_on(ground):
    kept = Person.objects.create(name="CITRA", kelurahan=SIPIN)
    about = propose(BULURAN).person
    about.state, about.merged_into = states.MERGED, kept
    about.save()

    assert lines(browser_of(user_with("puskesos_coordinator", area=BULURAN))) == []
    assert lines(browser_of(user_with("puskesos_coordinator", area=SIPIN))) == [
        (1, "usulan koreksi menunggu keputusan Anda", False)
    ]


def ask_to_move(origin, goal, by="user:1:budi", days=0):
    person = Person.objects.create(name="DEDI", kelurahan=origin)
    return TransferRequest.objects.create(
        person=person,
        from_kelurahan=origin,
        to_kelurahan=goal,
        whole_family=False,
        body_sealed=b"-",
        by=by,
        at=timezone.now() - dt.timedelta(days=days),
        act_id=1,
    )


def test_a_request_to_move_waits_for_whoever_decides_where_the_person_leaves(ground):
    ask_to_move(SIPIN, BULURAN, days=5)

    assert lines(browser_of(user_with("puskesos_coordinator", area=BULURAN))) == []
    assert lines(browser_of(user_with("front_office", area=SIPIN))) == []
    assert lines(browser_of(user_with("puskesos_coordinator", area=SIPIN))) == [
        (1, "permohonan pindah menunggu keputusan Anda", True)
    ]


def test_my_own_request_to_move_and_a_decided_one_wait_for_nobody_here(ground):
    user = user_with("puskesos_coordinator", area=SIPIN)
    ask_to_move(SIPIN, BULURAN, by=actor_text(user))
    TransferRequest.objects.filter(pk=ask_to_move(SIPIN, BULURAN).pk).update(
        state=states.AGREED, decided_by="user:2:citra", decided_at=timezone.now()
    )

    assert lines(browser_of(user)) == []


def test_my_own_proposal_waits_for_somebody_else(ground):
    user = user_with("puskesos_coordinator", area=SIPIN)
    propose(SIPIN, by=actor_text(user))

    assert lines(browser_of(user)) == []


def test_who_may_not_decide_is_not_asked_to(ground):
    propose(SIPIN)

    assert lines(browser_of(user_with("front_office", area=SIPIN))) == []


def test_after_three_days_a_proposal_is_late(ground):
    propose(SIPIN, days=4)
    browser = browser_of(user_with("data_steward"))

    assert lines(browser)[0][2] is True
    assert "terlambat" in browser.get("/").content.decode()


def test_single_handed_acts_wait_for_the_reviewer_of_that_area(ground):
    single_handed(1, SIPIN)
    near = browser_of(user_with("supervisor", area=157101))
    far = browser_of(user_with("supervisor", area=157102))

    assert [count for count, *_ in lines(near)] == [1]
    assert lines(far) == []


def test_nobody_reviews_the_own_single_handed_act(ground):
    user = user_with("supervisor", area=157101)
    single_handed(1, SIPIN, actor=actor_text(user))

    assert lines(browser_of(user)) == []


def test_my_job_that_failed_is_told_to_me_alone(ground):
    user = user_with("data_steward")
    now = timezone.now()
    Job.objects.create(
        kind="link",
        state="gagal",
        started_by=actor_text(user),
        user=user.pk,
        queued_at=now,
        due_at=now,
        started_at=now,
        finished_at=now,
    )

    assert lines(browser_of(user)) == [(1, "pekerjaan Anda gagal dalam seminggu ini", True)]
    assert lines(browser_of(user_with("auditor"))) == []


def test_where_nothing_waits_the_page_says_what_to_begin_with(ground):
    page = browser_of(user_with("leader")).get("/").content.decode()

    assert "Tidak ada yang menunggu Anda" in page
    assert "Baca angka resmi kota" in page


@pytest.mark.parametrize("role", ["leader", "tkpk_viewer", "tkpk_secretariat", "slrt_manager"])
def test_who_steers_sees_where_the_city_stands(ground, role):
    page = browser_of(user_with(role)).get("/").content.decode()

    assert "7,69%" in page
    assert page.count("<svg") == 2
    assert "bukan tingkat kemiskinan" in page


@pytest.mark.parametrize("role", ["facilitator", "front_office", "administrator", None])
def test_others_begin_with_their_work(ground, role):
    page = browser_of(user_with(role)).get("/").content.decode()

    assert "<svg" not in page


def test_without_figures_nothing_is_invented(ground):
    OfficialFigure.objects.all().delete()

    answer = browser_of(user_with("leader")).get("/")

    assert answer.context["cards"] == []
    assert (answer.context["trend"], answer.context["map"]) == (None, None)


def test_the_first_page_asks_few_questions_and_is_small(ground, django_assert_max_num_queries):
    browser = browser_of(user_with("slrt_manager"))

    with django_assert_max_num_queries(40):
        answer = browser.get("/")

    assert len(answer.content) < 300_000


# --- about --------------------------------------------------------------------------------------


def test_everybody_may_read_what_entas_is(ground, client):
    page = client.get("/tentang/").content.decode()

    assert "Apache-2.0" in page
    assert [name in page for name in ("Tabler", "htmx", "Inter", "axe-core", "Django")] == [
        True
    ] * 5


def test_every_file_of_data_that_is_shipped_has_its_source_on_the_page():
    named = {name for one in DATA for name in one.files}
    there = {path.name for path in (files("entas.city") / "data").iterdir()} - {"SOURCES.md"}

    assert there == named


def test_every_file_of_data_stands_in_the_list_of_sources():
    folder = files("entas.city") / "data"
    text = (folder / "SOURCES.md").read_text(encoding="utf-8")

    missing = [path.name for path in folder.iterdir() if path.name not in text]

    assert [name for name in missing if name != "SOURCES.md"] == []


def test_the_data_protection_officer_is_named_by_office(ground, client):
    user = user_with("data_protection_officer", agency="diskominfo")
    user.phone = "0812000000"
    user.save()

    page = client.get("/tentang/").content.decode()

    assert "Dinas Komunikasi dan Informatika" in page
    assert user.name not in page
    assert user.phone not in page


def test_without_a_data_protection_officer_the_page_says_who_appoints_one(ground, client):
    assert "Belum ada pejabat pelindungan data" in client.get("/tentang/").content.decode()
