"""The tour: build a city, let ``entas`` work on it from the command line, grade the result."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kotacontoh.build import Order, build
from kotacontoh.grade import (
    LinkGrade,
    Owners,
    PairGrade,
    TrueRow,
    grade_duplicates,
    grade_links,
    grade_match,
    iter_truth,
    read_table,
)

Say = Callable[[str], None]
EXPLAINED_LINES = 40
# Every shown example is one kind of verdict; the words are those of the product.
SHOWN = ("cocok", "tinjau", "ganda", "tidak_ditemukan", "bermasalah")


class TourStopped(RuntimeError):
    """A command of the product was refused; the message carries its own line."""


@dataclass
class Product:
    """The ``entas`` command with one installation folder."""

    home: Path
    command: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, *arguments: str, typed: str = "", acting: str = "") -> dict[str, Any]:
        """Run one command with --json and return its object.

        Args:
            arguments: the words behind ``entas``.
            typed: its standard input.
            acting: the user who acts; who sits at this machine when empty.

        Raises:
            TourStopped: the command failed or printed no JSON.
        """
        output = self._output(*arguments, "--json", typed=typed, acting=acting)
        return _last_json(output, arguments)

    def told(self, *arguments: str) -> list[str]:
        """Run one command as a person would and return the lines it prints.

        Raises:
            TourStopped: the command failed.
        """
        return [line for line in self._output(*arguments).splitlines() if line.strip()]

    def environment(self, acting: str = "") -> dict[str, str]:
        """What the command is told beside its words."""
        who = {"ENTAS_USER": acting} if acting else {}
        return {**os.environ, "ENTAS_HOME": str(self.home), **who}

    def _output(self, *arguments: str, typed: str = "", acting: str = "") -> str:
        began = time.monotonic()
        done = subprocess.run(
            [*(self.command or (entas_command(),)), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=typed,
            env=self.environment(acting),
            check=False,
        )
        self.seconds[" ".join(arguments[:2])] = time.monotonic() - began
        if done.returncode != 0:
            line = (done.stderr.strip().splitlines() or ["tanpa keterangan"])[-1]
            raise TourStopped(f"entas {' '.join(arguments[:2])} ditolak: {line}"[:1000])
        return done.stdout


def _last_json(output: str, arguments: tuple[str, ...]) -> dict[str, Any]:
    lines = output.strip().splitlines()
    try:
        return dict(json.loads(lines[-1]))
    except (IndexError, ValueError, TypeError):
        name = " ".join(arguments[:2])
        raise TourStopped(f"entas {name} tidak mengeluarkan JSON di baris terakhir.") from None


def entas_command() -> str:
    """The ``entas`` beside this Python, else the one on the path."""
    beside = Path(sys.executable).parent / "entas"
    return str(beside) if beside.exists() else "entas"


@dataclass
class Tour:
    """One walk through a city folder."""

    folder: Path
    say: Say
    product: Product
    manifest: dict[str, Any]
    imports: dict[str, str] = field(default_factory=dict)
    links: dict[str, Path] = field(default_factory=dict)

    def files(self, *roles: str) -> list[dict[str, Any]]:
        """Manifest entries of these roles, in import order."""
        return [entry for entry in self.manifest["files"] if entry["role"] in roles]


def tour(order: Order, say: Say, command: tuple[str, ...] = ()) -> dict[str, Any]:
    """Walk through the whole story and return every figure shown.

    ``command`` replaces the installed ``entas``, word by word.

    Raises:
        TourStopped: a command of the product was refused.
        UnknownSize: no such size.
        OSError: the folder cannot be written.
    """
    began = time.monotonic()
    walk = _begin(order, say, command)
    _import_lists(walk)
    linked = _link(walk)
    matched = _check_list(walk)
    _look_at_one(walk)
    graded = _grade(walk, matched)
    graded["link"], graded["seconds"] = linked, round(time.monotonic() - began, 1)
    _summary(walk, graded)
    return graded


def _begin(order: Order, say: Say, command: tuple[str, ...]) -> Tour:
    path = order.out / "manifest.json"
    built = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if (built.get("size"), built.get("seed")) == (order.size, order.seed):
        say(f"1. Kota contoh sudah ada di {order.out}.")
    else:
        say("1. Membangun kota contoh: daftar seperti yang dikirim dinas-dinas.")
        built = build(order, say)
    product = Product(order.out.resolve() / "entas-data", command)
    if not product.home.exists():
        product.run("init", "--demo")
    return Tour(order.out.resolve(), say, product, built)


def _import_lists(walk: Tour) -> None:
    walk.say("2. Memasukkan daftar ke Entas, satu per satu.")
    for entry in walk.files("register", "list"):
        path = str(walk.folder / entry["file"])
        source, day = entry["source"], entry["as_of"]
        got = walk.product.run("sources", "import", path, "--source", source, "--as-of", day)
        walk.imports[source] = str(got["import_id"])
        took = walk.product.seconds["sources import"]
        walk.say(
            f"   {source:10} {got['rows']:>9,} baris, {got['accepted']:>9,} diterima, "
            f"{got['problems']:>6,} bermasalah ({took:.1f} detik)"
        )


def _link(walk: Tour) -> dict[str, Any]:
    walk.say("3. Menghubungkan baris dengan warga ...")
    linked = walk.product.run("registry", "link")
    walk.say(
        f"   {linked['persons']:,} warga, {linked['linked']:,} baris terhubung, "
        f"{linked['review']:,} perlu ditinjau, {linked['duplicates']:,} dugaan ganda "
        f"({linked['seconds']} detik)"
    )
    for entry in walk.files("register", "list"):
        out = walk.folder / f"tautan-{entry['source']}.csv"
        walk.product.run("registry", "links", "--source", entry["source"], "--out", str(out))
        walk.links[entry["source"]] = out
    return linked


def _check_list(walk: Tour) -> dict[str, Any]:
    entry = walk.files("check")[0]
    walk.say(f"4. Adu data: {Path(entry['file']).name} diperiksa terhadap registri ...")
    out = walk.folder / "hasil.xlsx"
    got = walk.product.run("registry", "match", str(walk.folder / entry["file"]), "--out", str(out))
    verdicts = ", ".join(f"{got[name]:,} {name}" for name in SHOWN)
    walk.say(f"   {got['rows']:,} baris: {verdicts} ({got['seconds']} detik)")
    _show_examples(walk, read_table(out))
    return got


def _show_examples(walk: Tour, rows: list[dict[str, Any]]) -> None:
    walk.say("   Lima contoh putusan:")
    kinds = {kind: [row for row in rows if row["keputusan"] == kind] for kind in SHOWN}
    chosen = [found[len(found) // 2] for found in kinds.values() if found]
    chosen += kinds["cocok"][: 5 - len(chosen)]
    for row in chosen:
        number, weight = int(row["baris"]), row.get("bobot", "")
        walk.say(f"   - baris {number}: {row['keputusan']} (bobot {weight}). {row['alasan']}")


def _look_at_one(walk: Tour) -> None:
    """Find one person by name and explain one link that had to cross mistakes."""
    lists = iter_truth(walk.folder / "truth")
    truth = next(rows for file, rows in lists if file == "dtsen.csv")
    row = _crossed_mistakes(truth, read_table(walk.links["dtsen"]))
    if row is None:
        return
    name = _true_name(walk.folder / "truth", row.person)
    walk.say("5. Mencari satu warga dan menjelaskan satu tautan.")
    found = walk.product.run("registry", "find", name)
    walk.say(f"   '{name}': {len(found['results'])} hasil.")
    place = f"{walk.imports['dtsen']}:{row.baris}"
    walk.say(f"   Penjelasan baris {place}:")
    for line in walk.product.told("registry", "explain", place)[:EXPLAINED_LINES]:
        walk.say(f"     {line.rstrip()}")


def _crossed_mistakes(truth: list[TrueRow], links: list[dict[str, Any]]) -> TrueRow | None:
    linked = {int(link["baris"]) for link in links if link["keputusan"] == "cocok"}
    crossed = [row for row in truth if row.baris in linked and len(row.errors) > 2]
    return crossed[0] if crossed else None


def _true_name(folder: Path, person: int) -> str:
    with (folder / "persons.csv").open(encoding="utf-8", newline="") as handle:
        return next(row["name"] for row in csv.DictReader(handle) if int(row["person"]) == person)


def _grade(walk: Tour, matched: Mapping[str, Any]) -> dict[str, Any]:
    walk.say("6. Menilai hasil terhadap kebenaran (yang tidak pernah dibaca Entas).")
    grades, register = _grade_lists(walk)
    return {
        "lists": {name: grade.as_dict() for name, grade in grades.items()},
        "duplicates": _grade_duplicates(walk, register).as_dict(),
        "match": dict(matched),
        "commands_seconds": {k: round(v, 2) for k, v in walk.product.seconds.items()},
        "_grades": grades,
    }


def _grade_lists(walk: Tour) -> tuple[dict[str, LinkGrade], Owners]:
    """Grades by list, and who owned which id when only the register stood.

    One list is in memory at a time: the truth of a city is large.
    """
    entries = {Path(entry["file"]).name: entry for entry in walk.manifest["files"]}
    checked = Path(walk.files("check")[0]["file"]).name
    grades, owners, register = {}, Owners(), Owners()
    for file, rows in iter_truth(walk.folder / "truth"):
        source, role = entries[file]["source"], entries[file]["role"]
        if file == checked:
            verdicts = read_table(walk.folder / "hasil.xlsx")
            grades["adu data"] = grade_match(rows, verdicts, owners)
        elif role in ("register", "list"):
            links = read_table(walk.links[source])
            if role == "list":
                grades[source] = grade_links(rows, links, owners)
            owners = owners.after(rows, links)
            register = owners if role == "register" else register
    return grades, register


def _grade_duplicates(walk: Tour, register: Owners) -> PairGrade:
    out = walk.folder / "dugaan-ganda.csv"
    walk.product.run("registry", "duplicates", "--out", str(out))
    suspected = [(row["id_warga_a"], row["id_warga_b"]) for row in read_table(out)]
    with (walk.folder / "truth" / "duplicates.csv").open(encoding="utf-8") as handle:
        true_pairs = sum(1 for _ in handle) - 1
    return grade_duplicates(true_pairs, suspected, register)


def _summary(walk: Tour, graded: dict[str, Any]) -> None:
    grades: dict[str, LinkGrade] = graded.pop("_grades")
    walk.say("")
    walk.say("   daftar         baris  presisi   recall       F1  salah  tinjau  sisa di tinjauan")
    for name, grade in grades.items():
        walk.say(
            f"   {name:10} {grade.rows:>9,} {grade.precision:>8.4f} {grade.recall:>8.4f} "
            f"{grade.f1:>8.4f} {grade.wrong:>6,} {grade.review_share:>7.2%} "
            f"{grade.errors_in_review:>12.0%}"
        )
    pairs = graded["duplicates"]
    walk.say(
        f"   Dugaan ganda di register: {pairs['right']:,} dari {pairs['true_pairs']:,} ditemukan, "
        f"{pairs['suspected'] - pairs['right']:,} dugaan keliru (F1 {pairs['f1']:.3f})."
    )
    doubles = grades["adu data"]
    walk.say(
        f"   Baris ganda dalam daftar: {doubles.doubles_found:,} dari {doubles.doubles:,}, "
        f"{doubles.doubles_wrong:,} keliru."
    )
    walk.say(f"   Seluruh tur: {graded['seconds']} detik. Berkas ada di {walk.folder}.")
