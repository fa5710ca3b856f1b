"""``entas keys``: look at, rotate, entrust and restore the keys."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from entas.cli.frame import progress_line, say


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the acts on keys."""
    stage = subparsers.add_parser("keys", help="kunci: keadaan, ganti, titip, pulihkan")
    acts = stage.add_subparsers(metavar="TINDAKAN", required=True, dest="act")
    acts.add_parser("status", help="keadaan berkas kunci").set_defaults(run=status, needs="django")
    acts.add_parser("rotate", help="ganti kunci dan segel ulang semua data").set_defaults(
        run=rotate
    )
    escrow = acts.add_parser("escrow", help="salinan titipan untuk dua pemegang")
    escrow.add_argument("--out-a", required=True, type=Path, metavar="A", help="pemegang pertama")
    escrow.add_argument("--out-b", required=True, type=Path, metavar="B", help="pemegang kedua")
    escrow.set_defaults(run=escrow_keys)
    restore = acts.add_parser("restore", help="pulihkan berkas kunci dari dua titipan")
    restore.add_argument("--from-a", required=True, type=Path, metavar="A")
    restore.add_argument("--from-b", required=True, type=Path, metavar="B")
    # Without keys nothing else works, so this must not look at the installation first.
    restore.set_defaults(run=restore_keys, needs="django")


def status(_: argparse.Namespace) -> dict[str, Any]:
    """Say which keys there are, without showing them."""
    from entas import custody
    from entas.city.errors import OtherInstallation
    from entas.city.policies import check_keys_fit
    from entas.city.queries import installation_if_any

    found = custody.status()
    is_escrowed = found.is_escrowed
    say(f"Berkas kunci   {found.path}")
    say(f"Tanda          {found.key_id}")
    say(f"Versi kunci    {found.version}")
    try:
        row = installation_if_any()
        if row is not None:
            check_keys_fit(row, found)
    except OtherInstallation as misfit:
        # Holders of such a copy restore nothing that is sealed today.
        is_escrowed = False
        say(str(misfit))
    if found.is_rotating:
        say("Penggantian kunci belum selesai; jalankan lagi: entas keys rotate")
    if not is_escrowed:
        say("Belum ada titipan untuk versi ini: entas keys escrow --out-a A --out-b B")
    return {**asdict(found), "is_rotating": found.is_rotating, "is_escrowed": is_escrowed}


def rotate(_: argparse.Namespace) -> dict[str, Any]:
    """Seal everything with a new key."""
    from entas.city.queries import acting_user
    from entas.city.services import rotate_keys

    with progress_line("Menyegel ulang") as progress:
        answer = rotate_keys(by=acting_user(), progress=progress)
    say(f"Kunci versi {answer['version']} dipakai; {answer['resealed']} nilai disegel ulang.")
    say("Titipan lama tidak berlaku lagi. Buat yang baru: entas keys escrow --out-a A --out-b B")
    return dict(answer)


def escrow_keys(args: argparse.Namespace) -> dict[str, Any]:
    """Write the two halves."""
    from entas.city.queries import acting_user
    from entas.city.services import entrust_keys

    version = entrust_keys(path_a=args.out_a, path_b=args.out_b, by=acting_user())
    say(f"Titipan kunci versi {version} dibuat. Serahkan kedua berkas kepada dua orang berbeda.")
    return {"version": version, "out_a": str(args.out_a), "out_b": str(args.out_b)}


def restore_keys(args: argparse.Namespace) -> dict[str, Any]:
    """Put the key file back."""
    from entas.city.services import restore_keys as restore

    version = restore(path_a=args.from_a, path_b=args.from_b)
    say(f"Berkas kunci versi {version} dipulihkan.")
    return {"version": version}
