"""Long work says how far it is, and how it ended."""

import os

import pytest

from entas.jobs import services
from entas.jobs.errors import JobCancelled, JobEnded
from entas.jobs.models import Job
from entas.jobs.queries import is_alive, running_jobs
from entas.jobs.states import ENDS, RUNNING


def test_work_that_goes_well_ends_as_done(ground):
    with services.running(kind="test", by=ground) as progress:
        progress(1, 2, "separuh")

    job = Job.objects.get()
    assert (job.state, job.started_by) == ("selesai", f"user:{ground.pk}:ani")
    assert job.finished_at >= job.started_at


def test_work_that_fails_ends_as_failed_and_the_error_goes_on(ground):
    with pytest.raises(KeyError), services.running(kind="test", by=ground):
        raise KeyError

    assert Job.objects.get().state == "gagal"


def test_a_report_is_written_down(ground):
    job = services.start(kind="test", by=ground)

    services.report(job=job, done=5, total=10, note="membaca")

    job.refresh_from_db()
    assert (job.progress, job.total, job.note) == (5, 10, "membaca")


def test_work_somebody_wants_ended_stops_at_its_next_report(ground):
    job = services.start(kind="test", by=ground)
    services.ask_cancel(job=job, by=ground)

    with pytest.raises(JobCancelled, match="dihentikan atas permintaan"):
        services.report(job=job, done=1, total=2)


def test_cancelled_work_ends_as_cancelled(ground):
    with pytest.raises(JobCancelled), services.running(kind="test", by=ground):
        job = running_jobs().get()
        services.ask_cancel(job=job, by=ground)
        services.report(job=job, done=1, total=2)

    assert Job.objects.get().state == "batal"


@pytest.mark.parametrize("end", sorted(ENDS))
def test_an_end_is_final(ground, end):
    job = services.start(kind="test", by=ground)
    services.end(job=job, state=end)

    for again in (
        lambda: services.end(job=job, state="selesai"),
        lambda: services.report(job=job, done=1, total=1),
        lambda: services.ask_cancel(job=job, by=ground),
    ):
        with pytest.raises(JobEnded, match=end):
            again()


def test_running_is_no_end(ground):
    job = services.start(kind="test", by=ground)

    with pytest.raises(ValueError, match="no end"):
        services.end(job=job, state=RUNNING)


def test_every_report_reaches_who_watches(ground):
    seen = []

    def watch(done, total, note=""):
        seen.append((done, total, note))

    with services.running(kind="test", by=ground, watch=watch) as progress:
        progress(1, 3)
        progress(2, 3, "hampir")

    assert seen == [(1, 3, ""), (2, 3, "hampir")]


def test_a_job_of_a_process_that_is_gone_is_not_alive(ground):
    job = services.start(kind="test", by=ground)
    # Numbers of processes end far below this one.
    dead = Job(process=2**22 + 1)

    assert job.process == os.getpid()
    assert is_alive(job)
    assert not is_alive(dead)
