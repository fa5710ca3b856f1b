"""``entas worker``: do what pages put into the queue, and bring messages out."""

import argparse
import os
import threading
from typing import TYPE_CHECKING, Any

from entas import faults
from entas.cli.frame import say, tell
from entas.cli.processes import add_parent, end_with_parent, on_end
from entas.refusals import Saying

if TYPE_CHECKING:
    from entas.jobs.worker import Worker

_SECONDS_TO_END = 10.0


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add ``worker``."""
    parser = subparsers.add_parser("worker", help="kerjakan antrean pekerjaan, sampai dihentikan")
    add_parent(parser)
    parser.set_defaults(run=run)


def _explain(fault: BaseException) -> Saying:
    """The words for a fault; one that nobody foresaw is logged without its values."""
    from django.conf import settings

    return faults.known(fault) or faults.unforeseen(fault, settings.ENTAS_HOME)


def _last_words(fault: BaseException) -> str:
    # It was explained and logged where its work was noted as failed; here only the person at the
    # terminal is told.
    return f"Pekerjaan gagal: {faults.known(fault) or type(fault).__name__}"


class _Warner:
    """Says once that the database is away, not every few seconds."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, fault: BaseException) -> None:
        line = faults.known_line(fault) or type(fault).__name__
        if line != self._last:
            self._last = line
            tell(f"Pekerja menunggu: {line}")


def _end_soon(worker: "Worker") -> None:
    """Let the work at hand end or go back to the queue; after ten seconds it is cut off."""
    worker.stop.set()

    def cut_off() -> None:
        worker.give_back()
        os._exit(0)

    timer = threading.Timer(_SECONDS_TO_END, cut_off)
    timer.daemon = True
    timer.start()


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Work until the process is asked to end."""
    from entas.jobs.worker import Worker

    worker = Worker(stop=threading.Event(), explain=_explain, warn=_Warner())
    on_end(lambda: _end_soon(worker))
    if args.with_parent:
        end_with_parent(args.with_parent)
    say(f"Pekerja siap (proses {os.getpid()}). Hentikan dengan Ctrl-C.")
    while not worker.stop.is_set():
        try:
            worker.run()
        except Exception as fault:  # noqa: BLE001
            # The outermost frame of each piece of work: it was noted as failed, and the others
            # still wait.
            tell(_last_words(fault))
    say("Pekerja berhenti.")
    return {"process": os.getpid()}
