"""``entas city user``: people who sign in, their rights, their passwords, their way back."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from entas.cli.frame import say, whole_number


def add_acts(acts: "argparse._SubParsersAction[Any]") -> None:
    """Add the acts on users to those on the ground."""
    stage = acts.add_parser("user", help="orang yang masuk ke Entas")
    users = stage.add_subparsers(metavar="TINDAKAN", required=True, dest="user_act")
    _add_entering(users)
    _add_rights(users)
    for name, words, run in (
        ("off", "jangan izinkan masuk lagi", switch_off),
        ("on", "izinkan masuk lagi", switch_on),
    ):
        switch = users.add_parser(name, help=words)
        switch.add_argument("username", metavar="NAMA")
        switch.set_defaults(run=run)
    password_ = users.add_parser("password", help="sandi pertama seseorang")
    password_.add_argument("username", metavar="NAMA")
    password_.add_argument(
        "--own", action="store_true", help="orangnya mengetik sandinya sendiri (masukan standar)"
    )
    password_.set_defaults(run=password)
    back = users.add_parser("recover", help="kode untuk yang kehilangan ponsel atau sandi")
    back.add_argument("username", metavar="NAMA")
    back.add_argument("--kind", choices=("phone", "password", "both"), default="both")
    back.set_defaults(run=recover)


def _add_entering(users: "argparse._SubParsersAction[Any]") -> None:
    add_ = users.add_parser("add", help="daftarkan seseorang")
    add_.add_argument("username", metavar="NAMA")
    add_.add_argument("--name", required=True, help="nama lengkap")
    add_.add_argument("--email", default="")
    add_.add_argument("--phone", default="")
    _right_words(add_)
    add_.set_defaults(run=add)
    list_ = users.add_parser("list", help="siapa memegang hak apa, di mana")
    list_.add_argument("--role", metavar="PERAN", default="")
    list_.add_argument("--all", action="store_true", help="juga hak yang berakhir atau dicabut")
    list_.set_defaults(run=show)
    import_ = users.add_parser("import", help="daftarkan banyak orang dari XLSX atau CSV")
    import_.add_argument("file", type=Path, metavar="BERKAS")
    where = import_.add_mutually_exclusive_group(required=True)
    where.add_argument("--dry-run", action="store_true", help="periksa saja")
    where.add_argument("--out", type=Path, help="berkas baru untuk sandi sekali pakai")
    import_.set_defaults(run=import_sheet)


def _add_rights(users: "argparse._SubParsersAction[Any]") -> None:
    grant_ = users.add_parser("grant", help="beri satu hak")
    grant_.add_argument("username", metavar="NAMA")
    _right_words(grant_)
    grant_.add_argument("--deputy-for", metavar="NAMA", default="", help="siapa yang digantikan")
    grant_.set_defaults(run=grant)
    withdraw_ = users.add_parser("withdraw", help="cabut satu hak")
    withdraw_.add_argument("right", metavar="NOMOR", type=whole_number)
    withdraw_.set_defaults(run=withdraw)


def _right_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", metavar="PERAN", required=True)
    parser.add_argument("--area", metavar="WILAYAH", default="", help="bawaan: seluruh kota")
    parser.add_argument("--agency", metavar="OPD", default="")
    parser.add_argument("--from", metavar="YYYY-MM-DD", type=_day, dest="begins")
    parser.add_argument("--to", metavar="YYYY-MM-DD", type=_day, dest="ends")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' bukan tanggal YYYY-MM-DD") from fault


def _wanted(args: argparse.Namespace) -> Any:
    from django.utils import timezone

    from entas.city.queries import agency_named, area_named, role_named, user_named
    from entas.city.services import Wanted

    begins = args.begins or timezone.localdate()
    deputy = getattr(args, "deputy_for", "")
    return Wanted(
        role=role_named(args.role),
        valid_from=begins,
        area=area_named(args.area, on=begins),
        agency=agency_named(args.agency),
        valid_to=args.ends,
        deputy_for=user_named(deputy) if deputy else None,
    )


def add(args: argparse.Namespace) -> dict[str, Any]:
    """Enter somebody and say the one-time password, once."""
    from django.utils import timezone

    from entas.city.queries import acting_user
    from entas.city.services import enrol_user

    user, secret = enrol_user(
        username=args.username,
        name=args.name,
        email=args.email,
        phone=args.phone,
        rights=[_wanted(args)],
        by=acting_user(),
        day=timezone.localdate(),
    )
    say(f"Pengguna {user.username} terdaftar. Sandi sekali pakai, ditampilkan sekali ini: {secret}")
    return {"user": user.username, "password": secret}


def show(args: argparse.Namespace) -> dict[str, Any]:
    """List who holds which right where."""
    from django.utils import timezone

    from entas.city.models import User
    from entas.city.policies import check_may
    from entas.city.queries import acting_user, rights_shown, role_named

    check_may(acting_user(), "city.read_users")
    role = role_named(args.role) if args.role else ""
    lines: list[dict[str, Any]] = []
    for user in User.objects.order_by("username"):
        rights = rights_shown(user, on=timezone.localdate(), with_ended=args.all)
        shown = [_right_line(one) for one in rights if not role or one.right.role == role]
        if shown or not role:
            about = {"user": user.username, "name": user.name, "is_active": user.is_active}
            lines.append(
                {**about, "has_factor": user.totp_confirmed_at is not None, "rights": shown}
            )
    for line in lines:
        off = "" if line["is_active"] else " (tidak aktif)"
        say(f"{line['user']}{off}  {line['name']}")
        for one in line["rights"]:
            until = f" s.d. {one['valid_to']}" if one["valid_to"] else ""
            deputy = f" pengganti {one['deputy_for']}" if one["deputy_for"] else ""
            say(
                f"  {one['right']:>5}  {one['role']:<24} {one['area'] or 'seluruh kota':<24} "
                f"{one['state']}{until}{deputy}"
            )
    return {"users": lines}


def _right_line(shown: Any) -> dict[str, Any]:
    right = shown.right
    return {
        "right": right.pk,
        "role": right.role,
        "area": right.area.name if right.area else None,
        "agency": right.agency.code if right.agency else None,
        "valid_from": right.valid_from.isoformat(),
        "valid_to": right.valid_to.isoformat() if right.valid_to else None,
        "deputy_for": right.deputy_for.username if right.deputy_for else None,
        "state": shown.state,
    }


def grant(args: argparse.Namespace) -> dict[str, Any]:
    """Give somebody a right."""
    from django.utils import timezone

    from entas.city.queries import acting_user, user_named
    from entas.city.services import grant_right

    right = grant_right(
        user=user_named(args.username),
        wanted=_wanted(args),
        by=acting_user(),
        day=timezone.localdate(),
    )
    say(f"Hak nomor {right.pk} diberikan kepada {right.user.username}.")
    return {"user": right.user.username, "right": right.pk}


def withdraw(args: argparse.Namespace) -> dict[str, Any]:
    """Take a right back."""
    from django.utils import timezone

    from entas.city.queries import acting_user, right_numbered
    from entas.city.services import withdraw_right

    right = withdraw_right(right=right_numbered(args.right), by=acting_user(), now=timezone.now())
    say(f"Hak nomor {right.pk} dicabut.")
    return {"right": right.pk}


def switch_off(args: argparse.Namespace) -> dict[str, Any]:
    """Let somebody in no more."""
    from entas.city import services
    from entas.city.queries import acting_user, user_named

    services.switch_off(user=user_named(args.username), by=acting_user())
    say(f"Pengguna {args.username} tidak aktif; sesinya berakhir.")
    return {"user": args.username, "is_active": False}


def switch_on(args: argparse.Namespace) -> dict[str, Any]:
    """Let somebody in again."""
    from entas.city import services
    from entas.city.queries import acting_user, user_named

    services.switch_on(user=user_named(args.username), by=acting_user())
    say(f"Pengguna {args.username} aktif lagi.")
    return {"user": args.username, "is_active": True}


def password(args: argparse.Namespace) -> dict[str, Any]:
    """Make a one-time password, or take the one the person types."""
    from entas.city import services
    from entas.city.queries import acting_user, user_named

    user, by = user_named(args.username), acting_user()
    if args.own:
        if sys.stdin.isatty():
            say("Ketik sandinya, lalu Enter:")
        services.set_own_password(user=user, by=by, password=sys.stdin.readline().rstrip("\r\n"))
        say(f"Sandi {user.username} tersimpan.")
        return {"user": user.username}
    secret = services.set_one_time_password(user=user, by=by)
    say(f"Sandi sekali pakai untuk {user.username}, ditampilkan sekali ini: {secret}")
    return {"user": user.username, "password": secret}


def recover(args: argparse.Namespace) -> dict[str, Any]:
    """Make a code for who lost phone or password; the chain says that one person did it."""
    from django.utils import timezone

    from entas.city.queries import acting_user, user_named
    from entas.city.services import recover_on_server

    code = recover_on_server(
        user=user_named(args.username), kind=args.kind, by=acting_user(), now=timezone.now()
    )
    say(f"Kode pemulihan untuk {args.username}, berlaku 24 jam, sekali pakai: {code}")
    return {"user": args.username, "kind": args.kind, "code": code}


def import_sheet(args: argparse.Namespace) -> dict[str, Any]:
    """Enter everybody of a sheet, or nobody."""
    from django.db import transaction
    from django.utils import timezone

    from entas.city.queries import acting_user
    from entas.city.services import MOST_ROWS, SHEET_COLUMNS, SheetRow, check_sheet, enrol_sheet
    from entas.sources.reading.forms import read_form
    from entas.sources.writing import list_writer

    filled = read_form(args.file, SHEET_COLUMNS, most=MOST_ROWS + 1)
    rows = [SheetRow(line, **cells) for line, cells in filled]
    by, day = acting_user(), timezone.localdate()
    if args.dry_run:
        found = check_sheet(rows=rows, by=by, day=day)
        say(f"{len(found)} orang dapat didaftarkan. Jalankan lagi dengan --out BERKAS.")
        return {"users": [new.username for new in found], "created": False}
    # The file stands before the users do: nobody is entered whose password is lost.
    with transaction.atomic(), list_writer(args.out, inputs=[args.file]) as write:
        entered = enrol_sheet(rows=rows, by=by, day=day)
        write(("username", "nama", "sandi_sekali_pakai"))
        for new, secret in entered:
            write((new.username, new.name, secret))
    say(f"{len(entered)} orang didaftarkan. Sandi sekali pakai ada di {args.out}; bagikan, hapus.")
    return {"users": [new.username for new, _ in entered], "created": True, "out": str(args.out)}
