"""``entas city``: the areas of the city and the people who may act."""

import argparse
from typing import Any

from entas.cli import users
from entas.cli.frame import say


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the acts on the ground."""
    stage = subparsers.add_parser("city", help="wilayah dan pengguna")
    acts = stage.add_subparsers(metavar="TINDAKAN", required=True, dest="act")
    acts.add_parser("areas", help="kecamatan dan kelurahan").set_defaults(run=areas)
    user = acts.add_parser("add-user", help="daftarkan orang yang boleh bertindak")
    user.add_argument("username", metavar="NAMA", help="nama pengguna sistem operasi")
    user.add_argument("--role", default="administrator")
    user.set_defaults(run=add_user)
    users.add_acts(acts)


def areas(_: argparse.Namespace) -> dict[str, Any]:
    """List the areas with their codes in both systems."""
    from entas.city.models import Area

    rows = [
        {
            "number": area.number,
            "level": area.level,
            "name": area.name,
            "code_kemendagri": area.code_kemendagri,
            "code_bps": area.code_bps,
            "parent": area.parent_id,
            "valid_from": area.valid_from.isoformat(),
            "valid_to": area.valid_to.isoformat() if area.valid_to else None,
        }
        for area in Area.objects.order_by("code_kemendagri")
    ]
    for row in rows:
        indent = "" if row["level"] == "kecamatan" else "  "
        say(f"{indent}{row['code_kemendagri']:<14} {row['code_bps'] or '-':<11} {row['name']}")
    return {"areas": rows}


def add_user(args: argparse.Namespace) -> dict[str, Any]:
    """Enter a person, or say that this person is already entered."""
    from django.utils import timezone

    from entas.city import services
    from entas.city.queries import acting_user

    user, is_changed = services.add_user(
        username=args.username, role=args.role, by=acting_user(), day=timezone.localdate()
    )
    say(f"Pengguna {user.username}: {args.role}{'' if is_changed else ' (tidak ada yang diubah)'}.")
    return {"user": user.username, "role": args.role, "changed": is_changed}
