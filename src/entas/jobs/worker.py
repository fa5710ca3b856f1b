"""The loop of a worker: take work, do it, say that one lives, give back what was cut off.

A worker does one piece of work at a time. Whatever happens to it, the work is not lost: a side
thread gives a sign of life every few seconds, and work without one goes back to the queue.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import Error, InterfaceError, OperationalError, connections

from entas.jobs import handlers, services
from entas.jobs.errors import JobCancelled, JobEnded, JobGivenBack, JobLost
from entas.jobs.models import Job
from entas.jobs.states import CANCELLED, FAILED
from entas.locks import Busy
from entas.refusals import EntasRefusal, Saying

# Faults of the database that pass by: it restarts, or another writer takes too long.
_PASSING = (OperationalError, InterfaceError)
_LONGEST_WAIT_SECONDS = 60.0

Explain = Callable[[BaseException], Saying]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a worker does what, in seconds.

    Attributes:
        look: between two looks into an empty queue.
        beat: between two signs of life.
        lost: without a sign of life for so long, another worker is dead.
        search: between two searches for the work of dead workers.
        report: between two reports that are written down.
        wait: how long work waits after a passing fault or for another command; doubles each time.
    """

    look: float = 1.0
    beat: float = 3.0
    lost: float = 30.0
    search: float = 5.0
    report: float = 1.0
    wait: float = 2.0


@dataclass(slots=True)
class Worker:
    """One worker in this process.

    Args:
        stop: set when the worker is to end; work at hand goes back to the queue at its next
            report.
        explain: gives the words for a fault nobody foresaw, and logs it.
        warn: told of faults of the database that are waited out; does nothing by itself.
        pace: how often it does what.
    """

    stop: threading.Event
    explain: Explain
    warn: Callable[[BaseException], object] = str
    pace: Pace = field(default_factory=Pace)
    host: str = field(default_factory=lambda: socket.gethostname()[:120])
    process: int = field(default_factory=os.getpid)
    at_work: Job | None = None
    _searched: float = float("-inf")
    _ticked: dict[str, float] = field(default_factory=dict)

    def run(self) -> None:
        """Work until ``stop`` is set.

        Raises:
            Exception: a fault nobody foresaw. Its work was noted as failed; call again to go on.
        """
        faults = 0
        while not self.stop.is_set():
            try:
                is_idle = not self.step()
                faults = 0
            except _PASSING as fault:
                # A PostgreSQL that restarts is waited for, for as long as it takes.
                faults += 1
                self.warn(fault)
                self.stop.wait(min(self.pace.wait * 2 ** min(faults, 8), _LONGEST_WAIT_SECONDS))
                is_idle = False
            if is_idle:
                self.stop.wait(self.pace.look)

    def step(self) -> bool:
        """Do what is due between jobs, then one job; False when none waits."""
        _fresh_connections()
        self._search()
        job = services.claim(host=self.host, process=self.process)
        if job is None:
            self._tick()
            return False
        self.at_work = job
        try:
            with self._signs_of_life(job) as reporter:
                self._work_on(job, reporter)
        finally:
            self.at_work = None
        self._tick()
        return True

    def give_back(self) -> None:
        """Put the work at hand back at once; for a process that is about to end."""
        job = self.at_work
        if job is not None:
            with suppress(Error):
                services.give_back(job=job, note=services.AFTER_STOP)

    def _search(self) -> None:
        if time.monotonic() - self._searched >= self.pace.search:
            self._searched = time.monotonic()
            services.pick_up_lost(host=self.host, process=self.process, lost_seconds=self.pace.lost)

    def _tick(self) -> None:
        for name, tick in handlers.ticks().items():
            now = time.monotonic()
            if now - self._ticked.get(name, float("-inf")) >= tick.every_seconds:
                self._ticked[name] = now
                tick.function()

    @contextmanager
    def _signs_of_life(self, job: Job) -> Iterator["_Reporter"]:
        reporter = _Reporter(job, self.stop, self.pace.report)
        is_over = threading.Event()
        thread = threading.Thread(
            target=_beat, args=(job, reporter, is_over, self.pace.beat), daemon=True
        )
        thread.start()
        try:
            yield reporter
        finally:
            is_over.set()
            thread.join()

    def _work_on(self, job: Job, reporter: "_Reporter") -> None:
        """Do one job and write down how it ended.

        Raises:
            Exception: a fault nobody foresaw, after the job was noted as failed.
        """
        try:
            handler = handlers.handler_of(job.kind)
            payload = services.payload_of(job=job)
            with services.reporting_to(progress=reporter):
                result = handler.function(payload, job.user, reporter)
            self._settle(lambda: services.end(job=job, result=result))
        except JobCancelled:
            self._settle(lambda: services.end(job=job, state=CANCELLED))
        except JobGivenBack:
            self._settle(lambda: services.give_back(job=job, note=services.AFTER_STOP))
        except (JobLost, JobEnded):
            # Another worker has it, or somebody ended it: nothing is left to write.
            return
        except Busy:
            # However long that takes: it is no fault of this work.
            self._settle(
                lambda: services.give_back(
                    job=job, wait_seconds=self.pace.wait * 2, note=services.WHILE_BUSY
                )
            )
        except EntasRefusal as refusal:
            self._fail(job, refusal, refusal.saying)
        except _PASSING as fault:
            self._after_passing_fault(job, fault)
        except Exception as fault:
            self._fail(job, fault, self.explain(fault))
            raise

    def _after_passing_fault(self, job: Job, fault: Exception) -> None:
        if job.attempts >= job.max_attempts:
            self._fail(job, fault, self.explain(fault))
            return
        wait = self.pace.wait * 2**job.attempts
        self._settle(
            lambda: services.give_back(
                job=job,
                wait_seconds=wait,
                note=services.AFTER_FAULT,
                is_counted=True,
            )
        )

    def _fail(self, job: Job, fault: BaseException, words: Saying) -> None:
        error = (type(fault).__name__, words)
        self._settle(lambda: services.end(job=job, state=FAILED, error=error))

    def _settle(self, write: Callable[[], object]) -> None:
        """Write down how it ended, also when the database is away for a while."""
        tries = 0
        while True:
            try:
                _fresh_connections()
                write()
            except (JobLost, JobEnded):
                return
            except _PASSING:
                tries += 1
                # Ending without it is like being killed: somebody finds the work and repeats it.
                if self.stop.wait(min(self.pace.wait * 2**tries, _LONGEST_WAIT_SECONDS)):
                    return
            else:
                return


class _Reporter:
    """What work reports to; it also brings the wish for an end to the work."""

    def __init__(self, job: Job, stop: threading.Event, every: float) -> None:
        self._job, self._stop, self._every = job, stop, every
        self._last = float("-inf")
        self.is_lost = threading.Event()

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Write down how far it is, at most once in a while.

        Raises:
            JobGivenBack: the worker is to stop.
            JobLost: another worker took the work over.
            JobCancelled: somebody asked for its end.
        """
        if self.is_lost.is_set():
            raise JobLost(self._job.pk)
        if self._stop.is_set():
            raise JobGivenBack
        if time.monotonic() - self._last >= self._every:
            self._last = time.monotonic()
            services.report(job=self._job, done=done, total=total, note=note)


def _beat(job: Job, reporter: _Reporter, is_over: threading.Event, every: float) -> None:
    """Give signs of life until the work is over; runs in a thread with its own connection."""
    try:
        while not is_over.wait(every):
            # A database that is away for a moment is no reason to stop trying.
            with suppress(Error):
                _fresh_connections()
                if not services.beat(job=job):
                    reporter.is_lost.set()
                    return
    finally:
        connections.close_all()


def _fresh_connections() -> None:
    """Let go of connections of this thread that broke, or grew too old, outside transactions."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
