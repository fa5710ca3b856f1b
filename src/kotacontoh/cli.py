"""The ``kotacontoh`` command."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kotacontoh.build import Order, build
from kotacontoh.sizes import SIZES, UnknownSize


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 done, 1 refused with one line on stderr, 2 wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (UnknownSize, OSError) as error:
        print(f"kotacontoh: {error}"[:1000], file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kotacontoh", description="Kota Jambi contoh.")
    acts = parser.add_subparsers(required=True, metavar="PERINTAH")
    make = acts.add_parser("build", help="tulis berkas daftar dan kebenarannya")
    make.add_argument("--size", required=True, help=" | ".join(SIZES))
    make.add_argument("--seed", type=int, default=1571)
    make.add_argument("--out", type=Path, required=True)
    make.add_argument("--json", action="store_true")
    make.set_defaults(run=_build)
    return parser


def _build(arguments: argparse.Namespace) -> int:
    order = Order(arguments.size, arguments.seed, arguments.out)
    manifest = build(order, lambda line: print(line, flush=True))
    if arguments.json:
        print(json.dumps({"out": str(order.out), **manifest}, ensure_ascii=False))
    else:
        print(f"Selesai: {manifest['persons']:,} warga, {manifest['poor']:,} miskin.")
    return 0
