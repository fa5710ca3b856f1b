"""Which column of a delivered list means what: header words against tables of synonyms.

The tables are data (``data/synonyms.csv``, ``prefixes.csv``, ``profiles.csv``, ``codes.csv``);
a new kind of list needs new rows there and no code.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from entas.refusals import Saying
from entas.sources.cells import Cell, cell_text
from entas.sources.errors import NoHeader, UnknownProfile

DATA = Path(__file__).parent / "data"
AUTO = "auto"
GENERAL = "umum"

_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_NOT_KEY = re.compile(r"[^A-Z0-9]+")
# A column about somebody else in the family never names the person of the row.
_SOMEBODY_ELSE = re.compile(
    r"IBU|AYAH|WALI|SUAMI|ISTRI|PASANGAN|ORANGTUA|ORTU|SEKOLAH|PENDAMPING|KETUA|BANK|KTRT"
)
_LONGEST_HEADER = 60
# Columns that the list has for its own sake: never kept as values.
_OWN_COLUMNS = frozenset({"nomor", "masalah"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How one list is read: the column (from 0) of every field it has.

    ``fields`` also holds the helping fields ttl, rtrw, umur, tahun_lahir and kode_kelurahan.
    ``extras`` are the remaining columns: position and a header made unique.
    """

    profile: str
    headers: tuple[str, ...]
    fields: dict[str, int]
    extras: tuple[tuple[int, str], ...]

    def header(self, field: str) -> str:
        """The header of a field's column, or the field's own name when the list lacks it."""
        column = self.fields.get(field)
        return self.headers[column] if column is not None else field


def header_key(text: str) -> str:
    """Letters and digits of a header in capitals: "Tgl. Lahir" and "TGL_LAHIR" are one."""
    return _NOT_KEY.sub("", text.upper())


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of one table in the folder ``data``."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def _synonyms() -> dict[str, tuple[str, int]]:
    return {
        header_key(row["header"]): (row["field"], int(row["rank"]))
        for row in reversed(rows_of("synonyms.csv"))
    }


@cache
def _prefixes() -> tuple[tuple[str, str], ...]:
    return tuple((header_key(row["begins"]), row["field"]) for row in rows_of("prefixes.csv"))


@cache
def _signatures() -> dict[str, frozenset[str]]:
    marks: dict[str, set[str]] = {}
    for row in rows_of("profiles.csv"):
        marks.setdefault(row["profile"], set()).add(header_key(row["header"]))
    return {profile: frozenset(keys - {""}) for profile, keys in marks.items()}


def profile_names() -> dict[str, str]:
    """Every profile and its Indonesian name."""
    return {row["profile"]: row["name"] for row in rows_of("profiles.csv") if row["name"]}


def field_of(header: str) -> tuple[str, int] | None:
    """The field a header means and its rank (1 is the surest), or None."""
    if not header or len(header) > _LONGEST_HEADER:
        return None
    known = _synonyms()
    for text in (header, _BRACKETS.sub("", header)):
        if found := known.get(header_key(text)):
            return found
    key = header_key(_BRACKETS.sub("", header))
    for begin, field in _prefixes():
        rest = key.removeprefix(begin)
        if rest != key and not _SOMEBODY_ELSE.search(rest):
            return field, 4
    return None


def header_score(cells: Sequence[Cell]) -> int:
    """How many different fields a row names, were it the header; 0 when it names no person."""
    fields = {found[0] for cell in cells if (found := field_of(cell_text(cell)))} - _OWN_COLUMNS
    return len(fields) if fields & {"nama", "nik"} else 0


def choose(headers: Sequence[str], *, profile: str = AUTO, source_kind: str = "") -> Layout:
    """The layout of a list with these headers.

    Args:
        headers: one text a column, in the order of the file.
        profile: a profile's name, or ``auto`` to let the headers decide.
        source_kind: the profile the source usually sends; wins when headers leave a doubt.

    Raises:
        UnknownProfile: there is no profile of that name.
        NoHeader: no column holds names of persons.
    """
    if profile != AUTO and profile not in _signatures():
        known = ", ".join([AUTO, *_signatures()])
        raise UnknownProfile(
            "Profil '{name}' tidak dikenal. Pilih salah satu: {known}.",
            name=profile[:40],
            known=known,
        )
    fields = _assign(headers)
    if "nama" not in fields:
        found = ", ".join(sorted(fields)) or Saying("tidak ada")
        raise NoHeader(
            "Tidak ada kolom nama dalam daftar ini (kolom yang dikenal: {found}). "
            "Beri judul NAMA pada kolomnya.",
            found=found,
        )
    used = set(fields.values())
    own = {i for i, text in enumerate(headers) if (field_of(text) or ("", 0))[0] in _OWN_COLUMNS}
    chosen = profile if profile != AUTO else _recognise(headers, source_kind)
    return Layout(chosen, tuple(headers), fields, _extras(headers, used | own))


def _assign(headers: Sequence[str]) -> dict[str, int]:
    """The best column for each field; on equal rank the leftmost."""
    best: dict[str, tuple[int, int]] = {}
    for column, text in enumerate(headers):
        found = field_of(text)
        if found is None or found[0] in _OWN_COLUMNS:
            continue
        field, rank = found
        if field not in best or rank < best[field][0]:
            best[field] = (rank, column)
    return {field: column for field, (_, column) in best.items()}


def _recognise(headers: Sequence[str], source_kind: str) -> str:
    keys = {header_key(text) for text in headers}
    scores = {profile: len(keys & marks) for profile, marks in _signatures().items()}
    if scores.get(source_kind):
        # Who sends it is the better evidence, as long as one header agrees.
        return source_kind
    best = max(scores, key=lambda name: scores[name])
    if not scores[best] and source_kind in scores:
        return source_kind
    return best if scores[best] else GENERAL


def _extras(headers: Sequence[str], used: set[int]) -> tuple[tuple[int, str], ...]:
    taken: dict[str, int] = {}
    extras = []
    for column, text in enumerate(headers):
        if column in used:
            continue
        name = text or f"kolom {column + 1}"
        taken[name] = taken.get(name, 0) + 1
        extras.append((column, name if taken[name] == 1 else f"{name} ({taken[name]})"))
    return tuple(extras)


@cache
def codes(profile: str) -> dict[tuple[str, str], str]:
    """What values as written mean: (field, text in capitals) -> value, for one profile."""
    found = {}
    rows = rows_of("codes.csv")
    for wanted in ("*", profile):
        for row in rows:
            if row["profile"] == wanted:
                found[row["field"], row["raw"]] = row["value"]
    return found
