"""The door itself: find the command, run it, turn its end into words and an exit status."""

import argparse
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from entas import faults
from entas.cli import frame

# Modules with `add_commands(subparsers)`, in the order of the help.
STAGES = (
    "entas.cli.init",
    "entas.cli.web",
    "entas.cli.worker",
    "entas.cli.serve",
    "entas.cli.sources",
    "entas.cli.registry",
    "entas.cli.city",
    "entas.cli.keys",
    "entas.cli.audit",
)


def _leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parsers that stand for a command, not for a group of commands."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield parser
    for group in groups:
        for child in dict.fromkeys(group.choices.values()):
            yield from _leaves(child)


def build_parser() -> frame.Parser:
    """The parser of all commands; every one of them takes ``--json``."""
    parser = frame.Parser(
        prog="entas",
        description="Dari daftar-daftar kota menjadi satu register warga.",
        epilog="ENTAS_HOME menunjuk folder instalasi (bawaan: ./entas-data).",
    )
    subparsers = parser.add_subparsers(metavar="PERINTAH", required=True, dest="stage")
    for stage in STAGES:
        importlib.import_module(stage).add_commands(subparsers)
    for leaf in _leaves(parser):
        if "--json" not in leaf._option_string_actions:
            leaf.add_argument(
                "--json",
                action="store_true",
                help="jawaban sebagai satu baris JSON terakhir",
            )
    return parser


def _start_django(needs: str) -> None:
    """Wire Django up, and make sure that there is an installation this version can work on."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "entas.settings"
    import django

    django.setup()
    if needs == "installation":
        from entas.cli.readiness import check_installation

        check_installation()


def _home() -> Path | None:
    settings = sys.modules.get("entas.settings")
    return getattr(settings, "ENTAS_HOME", None)


def _readable(words: Sequence[str]) -> Sequence[str]:
    """The words, if all of them are text: bytes of another encoding fit into no database.

    Raises:
        OddWord: one of them is not.
    """
    for word in words:
        if any("\ud800" <= letter <= "\udfff" for letter in word):
            raise frame.OddWord(word)
    return words


def _run(args: argparse.Namespace) -> dict[str, Any]:
    needs = getattr(args, "needs", "installation")
    if needs != "nothing":
        _start_django(needs)
    answer: dict[str, Any] = args.run(args)
    return answer


def _refusal(fault: BaseException) -> str:
    known = faults.known_line(fault)
    return known if known is not None else faults.write_log(fault, _home())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the words behind ``entas``; those of the process when None.

    Returns:
        0 done, 1 refused with one line on standard error, 2 wrong usage, 130 stopped by Ctrl-C.
    """
    # Whatever Entas writes is about people: for the eyes of its owner, until the owner shares it.
    os.umask(0o077)
    try:
        frame.open_streams()
        args = build_parser().parse_args(_readable(sys.argv[1:] if argv is None else argv))
        answer = _run(args)
        if args.json:
            frame.say_json(answer)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        frame.tell("Dihentikan. Keadaan sebelumnya tetap berlaku; jalankan lagi untuk melanjutkan.")
        return frame.INTERRUPTED
    except Exception as fault:  # noqa: BLE001
        # The outermost frame of this door: nothing may reach the terminal as a traceback.
        frame.tell(_refusal(fault))
        return frame.REFUSED
    return frame.DONE


def run() -> None:
    """Entry point of ``python -m entas.cli``."""
    sys.exit(main())
