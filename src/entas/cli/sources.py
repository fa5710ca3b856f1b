"""``entas sources``: take lists in, look at them, take them back."""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from entas.cli.frame import progress_line, say, whole_number

_SHOWN_PROBLEMS = 50


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the acts on delivered lists."""
    stage = subparsers.add_parser("sources", help="daftar yang dikirim OPD")
    acts = stage.add_subparsers(metavar="TINDAKAN", required=True, dest="act")
    _add_import(acts)
    acts.add_parser("list", help="semua impor").set_defaults(run=show_imports)
    undo = acts.add_parser("undo", help="tarik satu impor")
    undo.add_argument("import_id", type=whole_number, metavar="IMPORT_ID")
    undo.set_defaults(run=undo_import)
    problems = acts.add_parser("problems", help="masalah dalam satu impor")
    problems.add_argument("import_id", type=whole_number, metavar="IMPORT_ID")
    problems.add_argument(
        "--limit", type=whole_number, default=_SHOWN_PROBLEMS, help="paling banyak"
    )
    problems.add_argument("--out", type=Path, help="tulis semuanya ke .xlsx atau .csv")
    problems.set_defaults(run=show_problems)
    template = acts.add_parser("template", help="formulir Excel kosong")
    template.add_argument("code", metavar="KODE")
    template.add_argument("--out", type=Path, help="bawaan: formulir-KODE.xlsx")
    template.set_defaults(run=write_template, needs="django")
    add = acts.add_parser("add", help="daftarkan sumber baru")
    add.add_argument("code", metavar="KODE")
    add.add_argument("--name", required=True)
    add.add_argument("--profile", default="umum", help="profil daftar yang biasa dikirim")
    add.set_defaults(run=add_source)


def _add_import(acts: "argparse._SubParsersAction[Any]") -> None:
    parser = acts.add_parser("import", help="terima satu berkas CSV atau XLSX")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--source", required=True, metavar="KODE")
    parser.add_argument("--as-of", required=True, type=_day, metavar="YYYY-MM-DD")
    parser.add_argument("--profile", default="auto", metavar="NAMA")
    parser.add_argument("--sender", default="", help="siapa yang mengirim")
    parser.add_argument("--legal-basis", default="", help="dasar hukum penyerahan")
    parser.add_argument("--rejects", type=Path, help="berkas untuk baris yang ditolak")
    parser.set_defaults(run=import_file)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' bukan tanggal YYYY-MM-DD") from fault


def import_file(args: argparse.Namespace) -> dict[str, Any]:
    """Take one file in and say what became of it."""
    from django.utils import timezone

    from entas.city.queries import acting_user
    from entas.sources.services import Arrival, import_list

    arrival = Arrival(
        args.file,
        args.source,
        args.as_of,
        args.profile,
        args.sender,
        args.legal_basis,
        args.rejects,
    )
    with progress_line("Impor") as line:
        result = import_list(
            arrival=arrival, by=acting_user(), now=timezone.localtime(), watch=line
        )
    answer = result.as_dict()
    number = f"Impor {answer['import_id']}"
    if result.is_already_imported:
        say(f"{number}: berkas yang sama sudah diterima; tidak ada yang diubah.")
        return answer
    say(f"{number}: {answer['rows']} baris, {answer['accepted']} diterima.")
    if answer["problems"]:
        say(f"{answer['problems']} masalah. Lihat: entas sources problems {answer['import_id']}")
    if result.rejects_file is None:
        say("Baris yang ditolak tidak dapat ditulis di folder itu; pakai --rejects BERKAS.")
    elif result.rejects_file:
        say(f"Baris yang ditolak, untuk diperbaiki dan dikirim lagi: {result.rejects_file}")
    return answer


def show_imports(_: argparse.Namespace) -> dict[str, Any]:
    """List every delivery with its state."""
    from entas.sources.queries import all_deliveries, as_dict
    from entas.sources.states import IN_WORDS

    rows = [as_dict(delivery) for delivery in all_deliveries()]
    for row in rows:
        say(
            f"{row['import_id']:>5}  {row['source']:<12} {row['as_of']}  "
            f"{row['accepted']:>9}/{row['rows']:<9} {IN_WORDS[row['state']]:<13} {row['file']}"
        )
    if not rows:
        say("Belum ada daftar. Mulai dengan: entas sources import BERKAS --source KODE --as-of ...")
    return {"imports": rows}


def undo_import(args: argparse.Namespace) -> dict[str, Any]:
    """Withdraw an import and whatever the registry built on it."""
    from django.utils import timezone

    from entas.city.queries import acting_user
    from entas.registry.services.undo import undo_import as undo
    from entas.sources.queries import as_dict, delivery_of

    delivery = delivery_of(args.import_id)
    undo(import_id=delivery.pk, by=acting_user(), on=timezone.localdate())
    say(f"Impor {delivery.pk} ditarik. Berkas dan barisnya tetap tersimpan sebagai arsip.")
    return as_dict(delivery_of(delivery.pk))


def show_problems(args: argparse.Namespace) -> dict[str, Any]:
    """Show what is wrong in an import: row, column, masked value, and what to do."""
    from entas.sources.queries import delivery_of, problem_lines, problems_of

    delivery = delivery_of(args.import_id)
    problems = problems_of(delivery)
    total = problems.count()
    shown = [
        {
            "baris": problem.row,
            "line": problem.line,
            "column": problem.column,
            "code": problem.code,
            "value": problem.value,
            "severity": problem.severity,
            "message": problem.message,
        }
        for problem in problems[: args.limit]
    ]
    for row in shown:
        value = f" {row['value']}" if row["value"] else ""
        say(
            f"baris {row['baris']} (baris {row['line']} di berkas), {row['column']}{value}: "
            f"{row['message']} [{row['code']}]"
        )
    if total > len(shown):
        say(f"... dan {total - len(shown)} lagi. Semuanya: --out BERKAS.xlsx")
    if args.out:
        from entas.sources.writing import write_rows

        write_rows(args.out, problem_lines(delivery))
        say(f"Semua masalah: {args.out}")
    return {
        "import_id": delivery.pk,
        "total": total,
        "rules": delivery.run.get("rules", {}),
        "problems": shown,
    }


def write_template(args: argparse.Namespace) -> dict[str, Any]:
    """Write the blank form of a profile."""
    from entas.sources.queries import form_of
    from entas.sources.templates import write_template as write

    out = args.out or Path(f"formulir-{args.code}.xlsx")
    profile = form_of(args.code)
    write(profile, out)
    say(f"Formulir kosong: {out}")
    return {"file": str(out), "profile": profile}


def add_source(args: argparse.Namespace) -> dict[str, Any]:
    """Enter a source, or say that it is already there."""
    from entas.city.queries import acting_user
    from entas.sources import services

    source, is_new = services.add_source(
        code=args.code, name=args.name, kind=args.profile, by=acting_user()
    )
    say(f"Sumber {source.code}: {source.name}{'' if is_new else ' (sudah ada)'}")
    return {"code": source.code, "name": source.name, "profile": source.kind, "new": is_new}
