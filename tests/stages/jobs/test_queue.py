"""Work waits in the queue until one worker takes it, and is never lost."""

import datetime as dt
import os

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from entas.audit.models import Act
from entas.city.errors import NotAllowed
from entas.city.models import User
from entas.city.services import cancel_job, repeat_job, start_job
from entas.jobs import services
from entas.jobs.errors import JobEnded, JobLost, NotRepeatable, UnknownKind
from entas.jobs.models import Job
from entas.jobs.queries import ahead_of, remaining_seconds

HERE = "kantor"
DEAD = 2**22 + 1


@pytest.fixture
def kind(kinds):
    def nothing(payload, actor, progress):
        return {}

    return kinds(nothing)


def queued(ground, kind, **more):
    return services.enqueue(kind=kind, payload=more, by=ground)


def claimed(process=None):
    return services.claim(host=HERE, process=process or os.getpid())


def state_of(job):
    return Job.objects.get(pk=job.pk).state


# --- putting work in --------------------------------------------------------------------------


def test_work_of_an_unknown_kind_is_refused(ground):
    with pytest.raises(UnknownKind, match="tidak dikenal versi Entas ini"):
        services.enqueue(kind="dari.masa.depan", payload={}, by=ground)


def test_what_the_work_is_about_lies_sealed(ground, kind):
    job = queued(ground, kind, path="daftar ANI BUDIARTI.csv")

    assert b"ANI" not in bytes(job.payload_sealed)
    assert services.payload_of(job=job) == {"path": "daftar ANI BUDIARTI.csv"}


def test_who_put_work_in_stands_on_it_and_in_the_chain_of_acts(ground, kind):
    job = queued(ground, kind)

    act = Act.objects.order_by("-position").first()
    assert (job.state, job.user, job.started_by) == ("antre", ground.pk, f"user:{ground.pk}:ani")
    assert (act.act, act.object_type, act.object_id) == ("jobs.enqueue", "job", str(job.pk))


def test_only_who_may_do_the_act_may_start_the_work(ground, kind):
    citra = User.objects.create(username="citra")

    with pytest.raises(NotAllowed, match=r"audit\.verify"):
        start_job(kind=kind, by=citra)
    assert not Job.objects.exists()


def test_waiting_work_has_no_beginning(ground, kind):
    job = queued(ground, kind)

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(started_at=timezone.now())


# --- taking it --------------------------------------------------------------------------------


def test_the_oldest_work_is_taken_first_and_nothing_twice(ground, kind):
    first, second = queued(ground, kind), queued(ground, kind)

    taken = [claimed(), claimed(), claimed()]

    assert [job and job.pk for job in taken] == [first.pk, second.pk, None]
    assert (taken[0].state, taken[0].attempts, taken[0].host) == ("berjalan", 1, HERE)


def test_work_that_is_to_wait_a_while_is_left_alone(ground, kind):
    queued(ground, kind)
    job = claimed()

    services.give_back(job=job, wait_seconds=60)

    assert state_of(job) == "antre"
    assert claimed() is None


def test_how_many_stand_before_it_is_known(ground, kind):
    queued(ground, kind)
    queued(ground, kind)

    assert ahead_of(queued(ground, kind)) == 2


# --- its end ----------------------------------------------------------------------------------


def test_what_the_work_was_about_goes_when_it_is_done(ground, kind):
    queued(ground, kind, path="x")
    job = claimed()

    services.end(job=job, result={"rows": 3})

    job.refresh_from_db()
    assert (job.state, job.result, job.payload_sealed) == ("selesai", {"rows": 3}, None)


def test_waiting_work_is_cancelled_at_once(ground, kind):
    job = queued(ground, kind)

    cancel_job(job=job, by=ground)

    assert state_of(job) == "batal"
    assert claimed() is None


def test_running_work_is_only_asked_to_stop(ground, kind):
    queued(ground, kind)
    job = claimed()

    cancel_job(job=job, by=ground)

    job.refresh_from_db()
    assert (job.state, job.is_cancel_asked, job.can_cancel) == ("berjalan", True, False)


def test_work_that_goes_back_after_its_end_was_asked_for_ends(ground, kind):
    queued(ground, kind)
    job = claimed()
    cancel_job(job=job, by=ground)

    services.give_back(job=job)

    assert state_of(job) == "batal"


def test_work_of_another_person_is_cancelled_by_who_manages_jobs_only(ground, kind):
    job = queued(ground, kind)
    citra = User.objects.create(username="citra")

    with pytest.raises(NotAllowed, match=r"jobs\.manage"):
        cancel_job(job=job, by=citra)
    assert state_of(job) == "antre"


@pytest.mark.parametrize("end", ["gagal", "batal"])
def test_work_that_ended_badly_is_put_in_again_with_all_its_attempts(ground, kind, end):
    queued(ground, kind, path="x")
    job = claimed()
    services.end(job=job, state=end)

    repeat_job(job=job, by=ground)

    again = claimed()
    assert (again.pk, again.attempts, again.finished_at) == (job.pk, 1, None)
    assert services.payload_of(job=again) == {"path": "x"}


def test_work_that_went_well_is_not_repeated(ground, kind):
    queued(ground, kind)
    job = claimed()
    services.end(job=job)

    with pytest.raises(NotRepeatable, match="tidak dapat diulang"):
        repeat_job(job=job, by=ground)


def test_work_of_the_command_line_is_not_repeated_by_a_worker(ground):
    job = services.start(kind="test", by=ground)
    services.end(job=job, state="gagal")

    with pytest.raises(NotRepeatable):
        services.repeat(job=job, by=ground)


# --- work that was lost -----------------------------------------------------------------------


def lost(process, seconds=30, by=1):
    return services.pick_up_lost(host=HERE, process=by, lost_seconds=seconds)


def test_work_of_a_living_worker_is_left_alone(ground, kind):
    queued(ground, kind)
    job = claimed()

    assert lost(job.process) == 0
    assert state_of(job) == "berjalan"


def test_work_whose_process_is_gone_goes_back_to_the_queue(ground, kind):
    queued(ground, kind)
    job = claimed(process=DEAD)

    assert lost(DEAD) == 1
    again = claimed()
    assert (again.pk, again.attempts) == (job.pk, 2)


def test_work_of_another_computer_goes_back_when_it_gives_no_sign_of_life(ground, kind):
    queued(ground, kind)
    job = services.claim(host="kantor-lain", process=DEAD)

    assert lost(DEAD) == 0
    Job.objects.update(heartbeat_at=timezone.now() - dt.timedelta(seconds=31))
    assert lost(DEAD) == 1
    assert state_of(job) == "antre"


def test_a_sign_of_life_keeps_the_work(ground, kind):
    queued(ground, kind)
    job = services.claim(host="kantor-lain", process=DEAD)
    Job.objects.update(heartbeat_at=timezone.now() - dt.timedelta(seconds=31))

    assert services.beat(job=job)

    assert lost(DEAD) == 0


def test_a_worker_that_begins_anew_under_the_same_number_finds_its_own_work(ground, kind):
    queued(ground, kind)
    job = claimed()

    assert lost(job.process, by=job.process) == 1
    assert state_of(job) == "antre"


def test_work_that_kills_its_worker_three_times_fails_with_a_clear_line(ground, kind):
    job = queued(ground, kind)
    for _ in range(3):
        claimed(process=DEAD)
        lost(DEAD)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error_code) == ("gagal", 3, "terhenti")
    assert str(job.error).startswith("Prosesnya terhenti sebelum selesai (3 kali).")


def test_work_that_was_taken_over_is_out_of_the_hands_of_the_first(ground, kind):
    queued(ground, kind)
    first = claimed(process=DEAD)
    lost(DEAD)
    second = claimed()

    with pytest.raises(JobLost, match="diambil alih"):
        services.report(job=first, done=1, total=2)
    with pytest.raises(JobLost):
        services.end(job=first)
    assert not services.beat(job=first)
    assert not services.give_back(job=first)
    services.report(job=second, done=1, total=2)


def test_a_killed_command_ends_as_failed(ground):
    job = services.start(kind="sources.import", by=ground)
    Job.objects.update(host=HERE, process=DEAD)

    assert lost(DEAD) == 1
    assert state_of(job) == "gagal"


def test_ended_work_takes_no_cancelling(ground, kind):
    queued(ground, kind)
    job = claimed()
    services.end(job=job)

    with pytest.raises(JobEnded, match="sudah selesai"):
        cancel_job(job=job, by=ground)


# --- how long it takes ------------------------------------------------------------------------


def running_since(seconds, done, total):
    began = dt.datetime(2026, 6, 1, 9, 0, tzinfo=dt.UTC)
    job = Job(state="berjalan", started_at=began, progress=done, total=total)
    return remaining_seconds(job, now=began + dt.timedelta(seconds=seconds))


def test_what_remains_is_judged_by_the_speed_so_far():
    assert running_since(60, 25, 100) == 180


@pytest.mark.parametrize(
    ("seconds", "done", "total"),
    [(60, 5, 0), (60, 0, 100), (2, 50, 100), (60, 1, 1_000), (60, 101, 100)],
    ids=["no total", "nothing done", "too soon", "too little", "beyond the total"],
)
def test_nobody_says_what_remains_before_it_can_be_known(seconds, done, total):
    assert running_since(seconds, done, total) is None
