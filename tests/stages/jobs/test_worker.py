"""A worker does what waits, whatever happens meanwhile."""

import threading

import pytest
from django.db import OperationalError

from entas.audit.models import Act
from entas.city.models import User
from entas.jobs import handlers, services
from entas.jobs.errors import JobGivenBack
from entas.jobs.models import Job
from entas.jobs.worker import Pace, Worker
from entas.locks import Busy
from entas.refusals import EntasRefusal, Saying

# Signs of life come from a thread; in memory SQLite lets nobody else in meanwhile.
CALM = Pace(beat=60, report=0, wait=0.01, look=0.01)


def explain(fault):
    return Saying("Galat uji.")


@pytest.fixture
def worker():
    return Worker(stop=threading.Event(), explain=explain, pace=CALM)


def put(ground, kind, **payload):
    return services.enqueue(kind=kind, payload=payload, by=ground)


def nothing(payload, actor, progress):
    return {}


def after(job):
    return Job.objects.get(pk=job.pk)


def test_a_worker_hands_over_what_the_work_is_about_and_keeps_its_result(ground, kinds, worker):
    seen = []

    def work(payload, actor, progress):
        progress(1, 4, "menghitung")
        seen.append((payload, actor, after(job).percent))
        return {"rows": 7}

    job = put(ground, kinds(work), path="x")

    assert worker.step()
    assert seen == [({"path": "x"}, ground.pk, 25)]
    assert (after(job).state, after(job).result) == ("selesai", {"rows": 7})


def test_without_work_a_worker_writes_nothing(ground, kinds, worker, django_assert_num_queries):
    worker.step()

    with django_assert_num_queries(1):
        assert not worker.step()


def test_a_refusal_ends_the_work_with_its_line_and_the_worker_goes_on(ground, kinds, worker):
    class NoList(EntasRefusal):
        pass

    def work(payload, actor, progress):
        raise NoList("Belum ada daftar {name}. Kirim dulu.", name="pkh")

    job = put(ground, kinds(work))

    assert worker.step()
    assert (after(job).state, after(job).error_code) == ("gagal", "NoList")
    assert str(after(job).error) == "Belum ada daftar pkh. Kirim dulu."


def test_a_fault_nobody_foresaw_ends_the_work_and_reaches_the_door(ground, kinds, worker):
    def work(payload, actor, progress):
        raise KeyError("ANI BUDIARTI")

    job = put(ground, kinds(work))

    with pytest.raises(KeyError):
        worker.step()
    assert (after(job).state, str(after(job).error)) == ("gagal", "Galat uji.")


def test_work_somebody_cancelled_ends_at_its_next_report(ground, kinds, worker):
    def work(payload, actor, progress):
        services.ask_cancel(job=job, by=ground)
        progress(1, 2)
        raise AssertionError

    job = put(ground, kinds(work))

    worker.step()
    assert after(job).state == "batal"


def test_work_goes_back_when_its_worker_is_to_stop_and_that_is_no_attempt(ground, kinds, worker):
    def work(payload, actor, progress):
        worker.stop.set()
        progress(1, 2)
        raise AssertionError

    job = put(ground, kinds(work))

    worker.step()
    assert (after(job).state, after(job).attempts) == ("antre", 0)


def test_work_waits_as_long_as_another_command_is_at_it(ground, kinds, worker):
    def work(payload, actor, progress):
        raise Busy("registry", "")

    job = put(ground, kinds(work))

    for _ in range(5):
        worker.step()
        Job.objects.update(due_at=after(job).queued_at)
    assert (after(job).state, after(job).attempts) == ("antre", 0)
    assert after(job).note == "menunggu perintah lain selesai"


def test_a_passing_fault_of_the_database_is_tried_again_three_times(ground, kinds, worker):
    tries = []

    def work(payload, actor, progress):
        tries.append(1)
        raise OperationalError("server closed the connection")

    job = put(ground, kinds(work))

    for _ in range(5):
        worker.step()
        Job.objects.update(due_at=after(job).queued_at)
    assert len(tries) == 3
    assert after(job).state == "gagal"


def test_services_report_into_the_work_at_hand_and_make_no_second_job(ground, kinds, worker):
    def work(payload, actor, progress):
        with services.running(kind="sources.import", by=ground) as inner:
            inner(3, 6, "baris dibaca")
        return {"progress": after(job).progress}

    job = put(ground, kinds(work))

    worker.step()
    assert after(job).result == {"progress": 3}
    assert Job.objects.count() == 1


def test_outside_a_worker_services_keep_their_own_job(ground, kinds, worker):
    put(ground, kinds(nothing))
    worker.step()

    with services.running(kind="sources.import", by=ground):
        pass

    assert Job.objects.filter(kind="sources.import", state="selesai").count() == 1


def test_work_of_a_newer_version_fails_with_a_line_that_says_so(ground, kinds, worker):
    job = put(ground, kinds(nothing))
    Job.objects.update(kind="dari.masa.depan")

    worker.step()
    assert after(job).state == "gagal"
    assert "tidak dikenal versi Entas ini" in str(after(job).error)


def test_who_started_the_work_is_told_of_its_end(ground, kinds, worker):
    job = put(ground, kinds(nothing))

    worker.step()

    notice = ground.notices.get()
    assert notice.said(str) == f"Pekerjaan “Pekerjaan uji” (nomor {job.pk}) selesai."
    assert (notice.page, notice.number) == ("job", job.pk)


def test_small_things_are_done_between_jobs(ground, kinds, worker):
    done = []
    handlers.register_tick("test", lambda: done.append(1), every_seconds=60)

    worker.step()
    worker.step()

    assert done == [1]


def test_work_at_hand_can_be_put_back_from_outside(ground, kinds, worker):
    def work(payload, actor, progress):
        worker.give_back()
        raise JobGivenBack

    job = put(ground, kinds(work))

    worker.step()
    assert after(job).state == "antre"


# --- the work of the stages -------------------------------------------------------------------


def test_both_chains_are_verified_in_the_background(ground, worker):
    job = put(ground, "audit.verify")

    worker.step()

    result = after(job).result
    assert (after(job).state, result["is_whole"]) == ("selesai", True)
    # The verification itself is an act behind the end it found.
    assert result["acts"]["length"] == Act.objects.count() - 1


def test_the_right_is_asked_again_when_the_work_is_done(ground, worker):
    citra = User.objects.create(username="citra")
    job = put(citra, "audit.verify")

    worker.step()

    assert (after(job).state, after(job).error_code) == ("gagal", "NotAllowed")


def test_work_of_somebody_who_was_switched_off_meanwhile_is_refused(ground, worker):
    citra = User.objects.create(username="citra", is_active=False)
    job = put(citra, "audit.verify")

    worker.step()

    assert (after(job).state, after(job).error_code) == ("gagal", "UnknownUser")
