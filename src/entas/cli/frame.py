"""What surrounds every command: words on the screen, the JSON line, refusals, exit statuses.

Stage modules need only this: ``say`` for lines a person reads, ``progress_line`` for long work,
and a handler that returns the JSON object. They import services inside the handler, so that
``entas --help`` starts without Django.
"""

import argparse
import errno
import io
import json
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn, Self, TextIO

from entas.refusals import EntasRefusal

DONE, REFUSED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
LONGEST_LINE = 1_000
_MOST_DIGITS = 12

Handler = Callable[[argparse.Namespace], dict[str, Any]]

# argparse knows English only; what a user meets of it in practice stands here.
_USAGE_WORDS = (
    (r"the following arguments are required: (.*)", r"belum diisi: \1"),
    (r"unrecognized arguments: (.*)", r"tidak dikenal: \1"),
    (r"argument (.*?): expected one argument", r"\1 perlu satu nilai"),
    (r"argument (.*?): expected at least one argument", r"\1 perlu nilai"),
    (r"argument (.*?): invalid .*? value: (.*)", r"\1: nilai \2 salah"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 tidak menerima nilai \2"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 tidak boleh bersama \2"),
    (r"ambiguous option: (.*?) could match (.*)", r"\1 dapat berarti \2"),
    (r"one of the arguments (.*) is required", r"perlu salah satu dari \1"),
    # A type that only repeats the value has no reason of its own.
    (r"argument (.*?): (\S*)", r"\1: nilai '\2' salah"),
    (r"argument (.*?): (.*)", r"\1: \2"),
)


class OddWord(EntasRefusal):
    """A word of the command holds bytes that are no UTF-8."""

    def __init__(self, word: str) -> None:
        super().__init__(
            "'{word}' memuat huruf yang bukan UTF-8. Ganti nama berkasnya, atau tulis lagi "
            "katanya.",
            word=word[:120],
        )


class NobodyListens(EntasRefusal):
    """Standard output is closed, so that no answer can be given."""

    def __init__(self) -> None:
        super().__init__(
            "Keluaran standar tertutup, jadi jawaban tidak dapat ditulis. Arahkan ke berkas atau "
            "ke /dev/null."
        )


def whole_number(text: str) -> int:
    """A whole number from 0 of a length that a database takes.

    Raises:
        argparse.ArgumentTypeError: the text says something else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise argparse.ArgumentTypeError(
            f"'{text[:20]}' bukan bilangan bulat dari 0 dengan paling banyak {_MOST_DIGITS} angka"
        )
    return int(text)


def open_streams() -> None:
    """Make sure that the three standard streams are there and can show every letter.

    Raises:
        NobodyListens: standard output is closed.
    """
    is_heard = sys.stdout is not None
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # A file opened later would get the free number, and with it what is said to people.
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    if not is_heard:
        raise NobodyListens
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter shows a question mark instead of failing.
            stream.reconfigure(errors="replace")


def one_line(text: str) -> str:
    """A text safe for a terminal: one line, no control or direction marks, 1,000 characters."""
    flat = re.sub(r"\s+", " ", text)
    # Characters that are not printable could colour, hide or turn round what a person reads.
    shown = "".join(letter if letter.isprintable() else "�" for letter in flat).strip()
    return shown if len(shown) <= LONGEST_LINE else shown[: LONGEST_LINE - 1] + "…"


class _Help(argparse.HelpFormatter):
    """The help in Indonesian."""

    def add_usage(
        self, usage: Any, actions: Any, groups: Any, prefix: str | None = "pemakaian: "
    ) -> None:
        super().add_usage(usage, actions, groups, prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that helps in Indonesian and refuses in one Indonesian line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Help, **options, "add_help": False})
        self._positionals.title, self._optionals.title = "yang diisi", "pilihan"
        self.add_argument("-h", "--help", action="help", help="tampilkan bantuan ini")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # The library would show the value as Python writes it.
        if action.choices is not None and value not in action.choices:
            choices = ", ".join(f"'{choice}'" for choice in action.choices)
            raise argparse.ArgumentError(action, f"'{value}' bukan pilihan ({choices})")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the usage and leave with status 2."""
        for english, indonesian in _USAGE_WORDS:
            if re.fullmatch(english, message, flags=re.DOTALL):
                message = re.sub(english, indonesian, message, flags=re.DOTALL)
                break
        tell(f"Cara pakai salah: {message}. Lihat: {self.prog} --help")
        raise SystemExit(WRONG_USAGE)


class _Screen:
    """Standard output until its reader goes away; after that, silence and no fault."""

    def __init__(self) -> None:
        self.is_open = True

    def write(self, text: str) -> None:
        if not self.is_open:
            return
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            # `entas ... | head`: the work goes on, there is just nobody left to tell.
            self.is_open = False
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, sys.stdout.fileno())
        except OSError as fault:
            if fault.errno != errno.EBADF:
                raise
            # Open for reading only: the same as closed.
            raise NobodyListens from fault


_screen = _Screen()


def say(text: str = "") -> None:
    """A line for the person at the terminal."""
    _screen.write(text + "\n")


def say_json(answer: dict[str, Any]) -> None:
    """The answer as one JSON object on one line, the last one of standard output."""
    say(json.dumps(answer, ensure_ascii=False, default=str))


def tell(text: str) -> None:
    """One line on standard error."""
    try:
        sys.stderr.write(one_line(text) + "\n")
        sys.stderr.flush()
    except OSError:
        # Standard error is closed as well: nothing is left to say it on.
        return


class ProgressLine:
    """How far long work is, on standard error: one line rewritten on a terminal, else now and then.

    Call it with (done, total, note); it is a :class:`entas.jobs.services.Progress`.
    """

    def __init__(self, title: str, stream: TextIO | None = None) -> None:
        self._title, self._stream = title, stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._every = 0.1 if self._is_terminal else 5.0
        self._last = time.monotonic() - (self._every if self._is_terminal else 0.0)
        self._width = 0

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Show it, unless something was shown a moment ago."""
        now = time.monotonic()
        if now - self._last < self._every:
            return
        self._last = now
        share = f"{done:,} dari {total:,} ({done / total:.0%})" if total else f"{done:,}"
        line = one_line(f"{self._title}: {share.replace(',', '.')} {note}")
        self._put(line)

    def _put(self, line: str) -> None:
        end = "\r" if self._is_terminal else "\n"
        try:
            self._stream.write(line.ljust(self._width) + end)
            self._stream.flush()
        except OSError:
            self._every = float("inf")
        self._width = len(line)

    def close(self) -> None:
        """Clear the line, so that the next words do not stand behind it."""
        if self._is_terminal and self._width:
            self._put("")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def progress_line(title: str) -> ProgressLine:
    """Begin a progress line, cleared at the end of its ``with`` block."""
    return ProgressLine(title)
