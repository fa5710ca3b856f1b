"""``entas serve``: the web door and a worker together, each started again when it dies."""

import argparse
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from entas.cli.frame import say, tell
from entas.cli.processes import on_end
from entas.cli.web import add_place, check_place, gather_static

_SECONDS_TO_END = 15.0
_SECONDS_BETWEEN_LOOKS = 0.2
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
# A process that lived so long is healthy again.
_HEALTHY_SECONDS = 60.0


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add ``serve``."""
    parser = subparsers.add_parser("serve", help="pintu web dan satu pekerja, sampai dihentikan")
    add_place(parser)
    parser.set_defaults(run=run)


@dataclass(slots=True)
class _Child:
    """One process that is kept alive."""

    name: str
    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    wait: float = _FIRST_WAIT
    due: float = field(default=float("-inf"))

    def look(self) -> None:
        """Start it when it is not there; after a quick death only in a while."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            code, self.process = self.process.returncode, None
            self.wait = _FIRST_WAIT if now - self.began > _HEALTHY_SECONDS else self.wait
            self.due = now + self.wait
            tell(f"{self.name} berhenti ({code}); dijalankan lagi dalam {self.wait:.0f} detik.")
            self.wait = min(self.wait * 2, _LONGEST_WAIT)
        if self.process is None and now >= self.due:
            self.began = now
            # A session of its own: Ctrl-C in the terminal reaches this process, which passes on
            # one signal.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "entas.cli", *self.words],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )


def _end(children: list[_Child]) -> None:
    """Ask all of them to end, and end those that do not listen."""
    living = [child.process for child in children if child.process is not None]
    for process in living:
        process.terminate()
    until = time.monotonic() + _SECONDS_TO_END
    for process in living:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keep both alive until the process is asked to end."""
    address, port = check_place(args.host, args.port)
    gather_static()
    place = ["--host", address, "--port", str(port)]
    together = ["--with-parent", str(os.getpid())]
    children = [
        _Child("Pintu web", ["web", *place, *together]),
        _Child("Pekerja", ["worker", *together]),
    ]
    stop = threading.Event()
    on_end(stop.set)
    try:
        while not stop.is_set():
            for child in children:
                child.look()
            stop.wait(_SECONDS_BETWEEN_LOOKS)
    finally:
        _end(children)
    say("Entas berhenti.")
    return {"address": f"http://{address}:{port}/"}
