"""``entas registry``: link lists, check a list, find and explain."""

import argparse
import time
from pathlib import Path
from typing import Any

from entas.cli import decisions
from entas.cli.frame import ProgressLine, say

_SEARCH = "pencarian di baris perintah"
_COUNTS = ("cocok", "tinjau", "tidak_ditemukan", "ganda", "bermasalah")


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add the acts on the registry."""
    stage = subparsers.add_parser("registry", help="register warga: tautkan, adu data, cari")
    acts = stage.add_subparsers(metavar="TINDAKAN", required=True, dest="act")
    acts.add_parser("link", help="tautkan daftar yang menunggu").set_defaults(run=link)
    check = acts.add_parser("match", help="adu data: periksa sebuah daftar, tanpa mengubah apa pun")
    check.add_argument("file", metavar="BERKAS", type=Path)
    check.add_argument("--out", metavar="HASIL", type=Path, required=True)
    check.add_argument("--profile", metavar="NAMA", default="auto")
    check.set_defaults(run=match)
    links = acts.add_parser("links", help="tulis tautan satu sumber ke CSV")
    links.add_argument("--source", metavar="KODE", required=True)
    links.add_argument("--out", metavar="BERKAS.csv", type=Path, required=True)
    links.set_defaults(run=export_links)
    pairs = acts.add_parser("duplicates", help="tulis dugaan data ganda ke CSV")
    pairs.add_argument("--out", metavar="BERKAS.csv", type=Path, required=True)
    pairs.set_defaults(run=export_duplicates)
    find_ = acts.add_parser("find", help="cari warga dengan NIK, KK atau nama")
    find_.add_argument("text", metavar="TEKS", nargs="+")
    find_.set_defaults(run=find)
    explain_ = acts.add_parser("explain", help="jelaskan tautan sebuah baris")
    explain_.add_argument("row", metavar="IMPOR:BARIS", type=decisions.row_of_import)
    explain_.set_defaults(run=explain)
    decisions.add_acts(acts)


def link(_: argparse.Namespace) -> dict[str, Any]:
    """Link the lists that wait."""
    from entas.city.queries import acting_user
    from entas.registry.services.linking import link_lists

    with ProgressLine("Menautkan") as progress:
        counts = link_lists(by=acting_user(), progress=progress)
    say(
        f"Warga dalam register: {counts['persons']}. Tertaut {counts['linked']} baris, "
        f"perlu ditinjau {counts['review']}, orang baru {counts['new']}, "
        f"dugaan ganda {counts['duplicates']}. ({counts['seconds']} detik)"
    )
    return counts


def match(args: argparse.Namespace) -> dict[str, Any]:
    """Check a list against the register, record whom it told of, and write it back."""
    from django.utils import timezone

    from entas.audit.services import look
    from entas.city.policies import check_may_at
    from entas.city.queries import acting_user
    from entas.custody import target_of
    from entas.registry.queries import matching
    from entas.sources.writing import list_writer

    began = time.monotonic()
    user = acting_user()
    # A list may name anybody: who checks one must be allowed to in the whole city.
    check_may_at(user, "registry.match", None)
    # Before the long work.
    target_of(args.out, inputs=[args.file])
    read = matching.read_list(args.file, profile=args.profile, on=timezone.localdate())
    checked = matching.check(read.rows)
    if read.replaces:
        say("Daftar ini hasil adu data sebelumnya; kolom hasilnya diganti.")
    if read.doubled:
        say(f"Daftar ini punya kolom {', '.join(read.doubled)}; hasil adu data yang paling kanan.")
    look(user, checked.persons.tolist(), purpose="adu data", where="cli registry match")
    with list_writer(args.out, mark=False, inputs=[args.file]) as write:
        for line in read.lines(checked.result):
            write(line)
    counts = {word: checked.counts[word] for word in _COUNTS}
    say(f"{read.rows.count} baris diperiksa; hasil di {args.out}")
    for word, number in counts.items():
        say(f"  {word:16} {number:>8}")
    return {
        "rows": read.rows.count,
        **counts,
        "seconds": round(time.monotonic() - began, 2),
    }


def export_links(args: argparse.Namespace) -> dict[str, Any]:
    """Write the links of one source."""
    from entas.registry.queries.links import LINK_HEADER, links_of
    from entas.sources.queries import source_of

    source = source_of(args.source)
    return _export(args.out, LINK_HEADER, links_of(source.code))


def export_duplicates(args: argparse.Namespace) -> dict[str, Any]:
    """Write the pairs of persons suspected to be one."""
    from entas.registry.queries.links import DUPLICATE_HEADER, duplicates

    return _export(args.out, DUPLICATE_HEADER, duplicates())


def _export(path: Path, header: tuple[str, ...], rows: Any) -> dict[str, Any]:
    from itertools import chain

    from entas.city.policies import check_may_at
    from entas.city.queries import acting_user
    from entas.sources.writing import write_rows

    check_may_at(acting_user(), "registry.export", None)
    # For scripts: no byte order mark in front of the first column's name.
    written = write_rows(path, chain([header], rows), mark=False) - 1
    say(f"{written} baris ditulis ke {path}")
    return {"rows": written, "file": str(path)}


def find(args: argparse.Namespace) -> dict[str, Any]:
    """Find persons and record that they were looked at."""
    from entas.audit.services import look
    from entas.city.policies import check_may, scope_of
    from entas.city.queries import acting_user
    from entas.registry.queries import finding

    user, text = acting_user(), " ".join(args.text)
    check_may(user, "registry.search")
    within = scope_of(user, "registry.search")
    found = finding.find(text, within=within)
    results = [_shown(one) for one in found]
    look(user, [one.person.pk for one in found], purpose=_SEARCH, where="cli registry find")
    hint = "" if within.is_city else _hint(user, text, within)
    if hint:
        say(hint)
    elif not results:
        say("Tidak ada warga yang cocok. Coba ejaan lain, atau tambahkan tahun lahir.")
    _say_found(results)
    return {"results": results} | ({"hint": hint} if hint else {})


def _hint(user: Any, text: str, within: Any) -> str:
    """Where somebody named exactly is registered, when it is outside the user's area."""
    from entas.audit.services import look
    from entas.city.policies import may
    from entas.registry.queries.elsewhere import identity, transfer_hint

    named = identity(text, within=within) if may(user, "registry.transfer_hint") else None
    if named is None or named.elsewhere is None:
        return ""
    seen = [named.elsewhere.person_id]
    look(user, seen, purpose=_SEARCH, where="cli cari luar wilayah")
    return transfer_hint(named.elsewhere.kelurahan)


def _say_found(results: list[dict[str, Any]]) -> None:
    for person in results:
        say(
            f"{person['id_warga']:>8}  {person['nama']}  {person['lahir']}  "
            f"{person['kelurahan']} RT {person['rt'] or '-'}  NIK {person['nik'] or '-'}"
        )


def _shown(found: Any) -> dict[str, Any]:
    from entas import custody
    from entas.registry.queries.finding import area_name, born

    person = found.person
    nik = (
        custody.unseal(bytes(person.nik_sealed), context="person.nik") if person.nik_sealed else b""
    )
    return {
        "id_warga": person.pk,
        "nama": person.name,
        "lahir": born(person.birth_on, person.birth_year),
        "jenis_kelamin": person.sex,
        "kelurahan": area_name(person.kelurahan),
        "rt": f"{person.rt:03d}" if person.rt else "",
        # Birth date and sex fill in the rest of a longer mask.
        "nik": "**************" + nik.decode()[-2:] if nik else "",
        "status_warga": person.alive,
        "kemiripan": found.likeness,
    }


def explain(args: argparse.Namespace) -> dict[str, Any]:
    """Say why a row is linked as it is."""
    from entas.audit.services import look
    from entas.city.queries import acting_user
    from entas.registry.queries.links import explained
    from entas.registry.queries.scope import check_may_look
    from entas.registry.wording import explanation_lines

    user, told = acting_user(), explained(*args.row)
    link_ = told.link
    seen = {pk for pk in (link_.person_id, link_.candidate_id, link_.rival_id) if pk}
    check_may_look(user, seen)
    look(user, sorted(seen), purpose="penjelasan tautan", where="cli registry explain")
    lines = explanation_lines(told)
    for line in lines:
        say(line)
    return {
        "import_id": args.row[0],
        "baris": args.row[1],
        "keputusan": link_.decision,
        "id_warga": link_.person_id or "",
        "id_calon": link_.candidate_id or "",
        "saingan": link_.rival_id or "",
        "bobot": link_.weight,
        "peluang": link_.probability,
        "penjelasan": lines,
    }
