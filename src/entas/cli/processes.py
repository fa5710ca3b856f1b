"""What the commands that stay have in common: their end by a signal, and no orphans."""

import argparse
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from entas.cli.frame import whole_number

_SECONDS_BETWEEN_LOOKS = 0.5


def on_end(act: Callable[[], object]) -> None:
    """Call ``act`` when the process is asked to end: Ctrl-C, SIGTERM, or a closed terminal."""

    def ended(_number: int, _frame: FrameType | None) -> None:
        act()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ended)


def add_parent(parser: argparse.ArgumentParser) -> None:
    """Add the option by which ``entas serve`` starts its children."""
    parser.add_argument(
        "--with-parent",
        type=whole_number,
        metavar="PROSES",
        help="berhenti bersama proses ini, yang menjalankannya",
    )


def end_with_parent(parent: int) -> None:
    """End this process like by SIGTERM as soon as the one that started it is gone.

    A process that was killed ends none of its children. The number comes from the parent itself:
    it may be gone before its child can ask.
    """

    def watch() -> None:
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(_SECONDS_BETWEEN_LOOKS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()
