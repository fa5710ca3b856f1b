"""Commands that end in every way a command can end; only the tests of the frame register them."""

import errno
import time


def add_commands(subparsers):
    """Add the commands."""
    for name, run in ENDS.items():
        parser = subparsers.add_parser(name)
        parser.add_argument("--text", default="")
        parser.set_defaults(run=run, needs="django" if name == "surprise" else "nothing")


def good(args):
    """End well, with words and an answer."""
    from entas.cli.frame import progress_line, say

    with progress_line("Bekerja") as progress:
        progress(1, 2, "separuh")
    say("Satu baris untuk orang.")
    return {"teks": args.text, "angka": 3}


def surprise(args):
    """End in a fault nobody foresaw, with people in its message and its cause."""
    try:
        {}[args.text]
    except KeyError as cause:
        raise RuntimeError(f"baris 7: {args.text}") from cause


def refuse(args):
    """End in a refusal."""
    from entas.refusals import EntasRefusal

    raise EntasRefusal(args.text)


def full(args):
    """End as on a full disk."""
    raise OSError(errno.ENOSPC, "No space left on device", args.text)


def sleep(args):
    """Wait to be interrupted."""
    from entas.cli.frame import say

    say("tidur")
    time.sleep(30)
    return {}


def memory(args):
    """End for want of memory."""
    raise MemoryError


ENDS = {
    "good": good,
    "surprise": surprise,
    "refuse": refuse,
    "full": full,
    "sleep": sleep,
    "memory": memory,
}
