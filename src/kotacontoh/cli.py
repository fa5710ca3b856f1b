"""The ``kotacontoh`` command."""

# ruff: noqa: T201 - a command speaks by printing

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kotacontoh.accounts import PASSWORD, open_accounts, table
from kotacontoh.build import Order, build
from kotacontoh.sizes import SIZES, UnknownSize
from kotacontoh.tour import Product, TourStopped, entas_command, tour


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 done, 1 refused with one line on stderr, 2 wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (UnknownSize, TourStopped, OSError) as error:
        print(f"kotacontoh: {error}"[:1000], file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kotacontoh", description="Kota Jambi contoh.")
    acts = parser.add_subparsers(required=True, metavar="PERINTAH")
    make = acts.add_parser("build", help="tulis berkas daftar dan kebenarannya")
    make.add_argument("--out", type=Path, required=True)
    make.set_defaults(run=_build)
    walk = acts.add_parser("tour", help="bangun kota, jalankan entas, nilai hasilnya")
    walk.add_argument("--dir", type=Path, required=True, dest="out")
    walk.add_argument(
        "--serve", action="store_true", help="lalu buka satu akun tiap peran dan pintu web"
    )
    walk.add_argument("--port", type=int, default=8000)
    walk.set_defaults(run=_tour)
    for act in (make, walk):
        act.add_argument("--size", required=True, help=" | ".join(SIZES))
        act.add_argument("--seed", type=int, default=1571)
        act.add_argument("--json", action="store_true")
    return parser


def _say(line: str) -> None:
    print(line, flush=True)


def _build(arguments: argparse.Namespace) -> int:
    order = Order(arguments.size, arguments.seed, arguments.out)
    manifest = build(order, _say)
    if arguments.json:
        print(json.dumps({"out": str(order.out), **manifest}, ensure_ascii=False))
    else:
        print(f"Selesai: {manifest['persons']:,} warga, {manifest['poor']:,} miskin.")
    return 0


def _tour(arguments: argparse.Namespace) -> int:
    order = Order(arguments.size, arguments.seed, arguments.out)
    graded = tour(order, _say)
    if arguments.json:
        print(json.dumps(graded, ensure_ascii=False))
    return _serve(order.out.resolve(), arguments.port) if arguments.serve else 0


def _serve(folder: Path, port: int) -> int:
    """Open the accounts and the doors; stays until Ctrl-C."""
    product = Product(folder / "entas-data")
    opened = open_accounts(product, folder, _say)
    _say("")
    _say(f"8. Pintu web: http://127.0.0.1:{port}/  (sandi semua akun: {PASSWORD})")
    for line in table(opened):
        _say(line)
    _say("   Semua orang di sini buatan. Hentikan dengan Ctrl-C.")
    words = [entas_command(), "serve", "--port", str(port)]
    os.execvpe(words[0], words, product.environment())  # noqa: S606 - our own command
