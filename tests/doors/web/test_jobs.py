"""Pages of long work and of messages: whose they are, and what can be done there."""

import pytest
from django.test import Client

from entas.city.models import Right
from entas.city.services import start_job
from entas.jobs import services
from entas.jobs.models import Job
from entas.notices.models import Notice
from entas.notices.services import notify
from entas.refusals import Saying
from entas.web.drafts import FIELD

OFFICER = Right.Role.FRONT_OFFICE
STEWARD = Right.Role.DATA_STEWARD
AUDITOR = Right.Role.AUDITOR


@pytest.fixture
def as_user(world):
    """Gives a function that opens a browser in which somebody signed in."""
    return lambda role, area="A1": world.login(Client(), world.user(role, area))


@pytest.fixture
def linking(world):
    """Work of a data steward that waits."""
    return start_job(kind="registry.link", by=world.user(STEWARD, "city"))


def running(job, done=0, total=0):
    Job.objects.exclude(pk=job.pk).filter(state="antre").update(due_at="2099-01-01T00:00:00Z")
    taken = services.claim(host="uji", process=2**22 + 1)
    assert taken.pk == job.pk
    services.report(job=taken, done=done, total=total)
    return taken


def words_of(answer):
    return " ".join(answer.content.decode().split())


# --- jobs -------------------------------------------------------------------------------------


def test_work_of_another_person_is_not_there(as_user, linking):
    officer = as_user(OFFICER)

    assert officer.get(f"/pekerjaan/{linking.pk}/").status_code == 404
    assert officer.post(f"/pekerjaan/{linking.pk}/batal/").status_code == 404
    assert "Menautkan daftar" not in words_of(officer.get("/pekerjaan/?whose=all"))


def test_who_may_read_all_jobs_sees_who_started_them_and_changes_nothing(as_user, linking):
    auditor = as_user(AUDITOR, "city")

    assert "data_steward@city" in words_of(auditor.get("/pekerjaan/?whose=all"))
    page = words_of(auditor.get(f"/pekerjaan/{linking.pk}/"))
    assert "data_steward@city" in page
    assert "Batalkan" not in page
    assert auditor.post(f"/pekerjaan/{linking.pk}/batal/").status_code == 403


def test_running_work_shows_how_far_it_is_and_asks_again_by_itself(as_user, linking):
    running(linking, 30, 120)
    steward = as_user(STEWARD, "city")

    page = words_of(steward.get(f"/pekerjaan/{linking.pk}/"))
    part = words_of(steward.get(f"/pekerjaan/{linking.pk}/", headers={"HX-Request": "true"}))

    assert 'value="25"' in page
    assert "sisa waktu belum dapat diperkirakan" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Muat ulang" in page
    assert "<html" in page
    assert "<html" not in part
    assert 'value="25"' in part


def test_ended_work_asks_no_more(as_user, linking):
    services.end(job=running(linking), result={"persons": 12345, "seconds": 3.2})
    steward = as_user(STEWARD, "city")

    page = words_of(steward.get(f"/pekerjaan/{linking.pk}/"))

    assert "hx-trigger" not in page
    assert "Warga dalam register</dt><dd>12.345</dd>" in page
    assert "Batalkan" not in page


def test_failed_work_says_why_and_can_be_repeated(as_user, linking):
    words = Saying("Belum ada daftar {name}.", name="<b>pkh</b>")
    services.end(job=running(linking), state="gagal", error=("NothingImported", words))
    steward = as_user(STEWARD, "city")

    page = words_of(steward.get(f"/pekerjaan/{linking.pk}/"))
    answer = steward.post(f"/pekerjaan/{linking.pk}/ulang/")

    assert "Belum ada daftar &lt;b&gt;pkh&lt;/b&gt;." in page
    assert "NothingImported" in page
    assert answer.headers["Location"] == f"/pekerjaan/{linking.pk}/"
    linking.refresh_from_db()
    assert linking.state == "antre"


def test_waiting_work_is_cancelled_by_a_button(as_user, linking):
    steward = as_user(STEWARD, "city")
    assert "Batalkan" in words_of(steward.get(f"/pekerjaan/{linking.pk}/"))

    steward.post(f"/pekerjaan/{linking.pk}/batal/")

    linking.refresh_from_db()
    assert linking.state == "batal"
    assert "dibatalkan" in words_of(steward.get(f"/pekerjaan/{linking.pk}/"))


def test_work_is_started_by_one_button_and_not_twice(as_user):
    steward = as_user(STEWARD, "city")
    before = Job.objects.count()
    forms = steward.get("/pekerjaan/").context["starts"]
    typed = {"kind": "registry.link", FIELD: str(forms[0]["ticket"].id)}

    first = steward.post("/pekerjaan/mulai/", typed)
    second = steward.post("/pekerjaan/mulai/", typed)

    assert [form["kind"] for form in forms] == ["registry.link"]
    assert (first.status_code, second.status_code) == (302, 422)
    assert Job.objects.count() == before + 1


@pytest.mark.parametrize("kind", ["registry.undo", "dari.masa.depan", ""])
def test_work_that_needs_more_than_a_button_is_not_started_here(as_user, kind):
    steward = as_user(STEWARD, "city")

    assert steward.post("/pekerjaan/mulai/", {"kind": kind}).status_code == 422


def test_nobody_starts_work_without_the_right_to_its_act(as_user):
    officer = as_user(OFFICER)
    before = Job.objects.count()

    answer = officer.post("/pekerjaan/mulai/", {"kind": "registry.link"})

    assert answer.status_code in {403, 422}
    assert Job.objects.count() == before


def test_the_list_is_narrowed_by_state_and_says_when_it_is_empty(as_user, linking):
    steward = as_user(STEWARD, "city")

    assert "Menautkan daftar</a>" in words_of(steward.get("/pekerjaan/?state=antre"))
    empty = words_of(steward.get("/pekerjaan/?state=gagal"))
    assert "Tidak ada pekerjaan dengan keadaan itu" in empty


def test_a_page_that_asks_again_by_itself_keeps_no_session_alive(as_user, linking, settings):
    steward = as_user(STEWARD, "city")
    steward.get("/pekerjaan/")
    session = steward.session
    session["seen"] -= settings.ENTAS_IDLE_SECONDS - 30
    session.save()
    seen = session["seen"]

    steward.get(f"/pekerjaan/{linking.pk}/", headers={"HX-Request": "true", "X-Entas-Poll": "1"})

    assert steward.session["seen"] == seen


# --- messages ---------------------------------------------------------------------------------


@pytest.fixture
def told(world):
    """A message to a front officer of Legok, with a page behind it."""
    user = world.user(OFFICER)
    Notice.objects.filter(user=user).delete()
    words = "Pekerjaan “{title_words}” (nomor {number}) gagal. Buka untuk melihat sebabnya."
    params = {"title_words": "Menautkan daftar", "number": 7}
    return notify(
        user=user, kind="job", words=words, params=params, page="jobs", number=None, by="uji"
    )


def test_unread_messages_are_counted_beside_the_name(as_user, told):
    officer = as_user(OFFICER)

    assert officer.get("/pesan/").context["unread"]() == 1
    assert '<span class="unread">' in words_of(officer.get("/pesan/"))
    officer.post(f"/pesan/{told.pk}/buka/")
    assert '<span class="unread">' not in words_of(officer.get("/pesan/"))


def test_opening_a_message_marks_it_read_and_leads_to_its_page(as_user, told):
    officer = as_user(OFFICER)

    answer = officer.post(f"/pesan/{told.pk}/buka/", {"then": "page"})

    assert answer.headers["Location"] == "/pekerjaan/"
    told.refresh_from_db()
    assert told.is_read


def test_an_address_from_a_mail_marks_nothing_read(as_user, told):
    officer = as_user(OFFICER)

    page = words_of(officer.get(f"/pesan/{told.pk}/"))

    assert "Pekerjaan “Menautkan daftar” (nomor 7) gagal." in page
    told.refresh_from_db()
    assert not told.is_read


def test_a_message_to_another_person_is_not_there(as_user, told):
    other = as_user(OFFICER, "B1")

    assert other.get(f"/pesan/{told.pk}/").status_code == 404
    assert other.post(f"/pesan/{told.pk}/buka/").status_code == 404
    assert other.post("/pesan/baca-semua/").status_code == 302
    told.refresh_from_db()
    assert not told.is_read


def test_a_message_about_a_page_that_is_gone_leads_back_to_the_inbox(as_user, told):
    Notice.objects.filter(pk=told.pk).update(page="halaman-lama", number=3)
    officer = as_user(OFFICER)

    answer = officer.post(f"/pesan/{told.pk}/buka/", {"then": "page"})

    assert answer.headers["Location"] == "/pesan/"


def test_fifty_messages_stand_on_a_page(as_user, world, told):
    for _ in range(60):
        notify(user=world.user(OFFICER), kind="other", words="Kabar.", by="uji")
    officer = as_user(OFFICER)

    first = words_of(officer.get("/pesan/"))

    assert first.count("Kabar.</a>") == 50
    assert "page=2" in first
    assert words_of(officer.get("/pesan/?page=2")).count("<li") >= 11
