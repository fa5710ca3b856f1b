"""Grades for a linkage: results of the product held against the truth. Pure but for reading files.

A link file names the registry's ids; the truth names people. The bridge are the rows that founded
a person (``baru``): the id they were given belongs to the person who stood in that row.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

LINKED, FOUNDED, REVIEW, DOUBLE = "cocok", "baru", "tinjau", "ganda"


@dataclass(frozen=True)
class TrueRow:
    """Who stands in a row of a list, and how the row was ruined."""

    baris: int
    person: int
    what: str
    careless: bool
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Owners:
    """Which true person each registry id belongs to."""

    person_of: Mapping[str, int] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[int]:
        """People who have at least one id."""
        return frozenset(self.person_of.values())

    def after(self, truth: Sequence[TrueRow], links: Iterable[Mapping[str, Any]]) -> "Owners":
        """The owners once a further list has founded its new persons."""
        who = {row.baris: row.person for row in truth}
        founded = {
            str(link["id_warga"]): who[int(link["baris"])]
            for link in links
            if link["keputusan"] == FOUNDED
        }
        return Owners({**self.person_of, **founded})


@dataclass(frozen=True)
class LinkGrade:
    """How well the rows of one list found their people.

    ``findable`` rows are of people who stand in the registry. ``lost`` are findable rows that were
    neither linked nor offered for review; ``review_right`` carry the right candidate.
    """

    rows: int
    findable: int
    automatic: int
    right: int
    wrong: int
    review: int
    review_needed: int
    review_right: int
    lost: int
    doubles: int
    doubles_found: int
    doubles_wrong: int

    @property
    def precision(self) -> float:
        """Right share of the automatic links; 1 when none was made."""
        return self.right / self.automatic if self.automatic else 1.0

    @property
    def recall(self) -> float:
        """Share of findable rows that were linked rightly without a human; 1 when none is."""
        return self.right / self.findable if self.findable else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _f1(self.precision, self.recall)

    @property
    def review_share(self) -> float:
        """Share of all rows that a human must look at."""
        return self.review / self.rows if self.rows else 0.0

    @property
    def errors_in_review(self) -> float:
        """Of all rows not settled rightly by the machine, the share a human gets to see."""
        unsettled = self.review_needed + self.wrong + self.lost
        return self.review_needed / unsettled if unsettled else 1.0

    def as_dict(self) -> dict[str, float]:
        """Counts and shares for JSON."""
        names = ("precision", "recall", "f1", "review_share", "errors_in_review")
        return {**asdict(self), **{name: round(getattr(self, name), 6) for name in names}}


@dataclass(frozen=True)
class PairGrade:
    """How well duplicates inside the register were suspected."""

    true_pairs: int
    suspected: int
    right: int

    @property
    def precision(self) -> float:
        """Right share of the suspected pairs; 1 when none was."""
        return self.right / self.suspected if self.suspected else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were suspected; 1 when there is none."""
        return self.right / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _f1(self.precision, self.recall)

    def as_dict(self) -> dict[str, float]:
        """Counts and shares for JSON."""
        names = ("precision", "recall", "f1")
        return {**asdict(self), **{name: round(getattr(self, name), 6) for name in names}}


def _f1(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0


def grade_links(
    truth: Sequence[TrueRow], links: Iterable[Mapping[str, Any]], owners: Owners
) -> LinkGrade:
    """Grade the links of one list.

    Args:
        truth: every row of the list.
        links: rows with baris, id_warga, id_calon, keputusan. A row that is missing counts as lost.
        owners: ids as they stood before this list (``Owners.after`` of the lists before).

    Returns:
        The grade. A row that founded a person whom the registry already knew counts as lost.
    """
    return _grade(truth, links, owners)


def grade_match(
    truth: Sequence[TrueRow], verdicts: Iterable[Mapping[str, Any]], owners: Owners
) -> LinkGrade:
    """Grade the verdicts of a checked list; ``ganda`` is right where the person stood earlier."""
    return _grade(truth, verdicts, owners)


def _grade(
    truth: Sequence[TrueRow], links: Iterable[Mapping[str, Any]], owners: Owners
) -> LinkGrade:
    by_row = {int(link["baris"]): link for link in links}
    known, seen = set(owners.known), set[int]()
    counts: dict[str, int] = defaultdict(int)
    for row in truth:
        link = by_row.get(row.baris, {})
        _count_double(counts, link, again=row.person in seen)
        _count_row(counts, row, link, owners, findable=row.person in known)
        seen.add(row.person)
    names = LinkGrade.__dataclass_fields__
    return LinkGrade(**{name: counts[name] for name in names if name != "rows"}, rows=len(truth))


def _count_double(counts: dict[str, int], link: Mapping[str, Any], *, again: bool) -> None:
    said = link.get("keputusan") == DOUBLE
    counts["doubles"] += again
    counts["doubles_found"] += again and said
    counts["doubles_wrong"] += said and not again


def _count_row(
    counts: dict[str, int],
    row: TrueRow,
    link: Mapping[str, Any],
    owners: Owners,
    *,
    findable: bool,
) -> None:
    decision = link.get("keputusan", "")
    linked = _text(link.get("id_warga"))
    counts["findable"] += findable
    if decision in (LINKED, DOUBLE) and linked:
        right = owners.person_of.get(linked, -1) == row.person
        # A double of a newcomer of this same list has an id that no earlier list founded.
        if decision == DOUBLE and not findable and linked not in owners.person_of:
            return
        counts["automatic"] += 1
        counts["right" if right else "wrong"] += 1
    elif decision == REVIEW:
        counts["review"] += 1
        counts["review_needed"] += findable
        candidate = owners.person_of.get(_text(link.get("id_calon")), -1)
        counts["review_right"] += candidate == row.person
    else:
        counts["lost"] += findable


def grade_duplicates(
    true_pairs: int, suspected: Iterable[tuple[str, str]], owners: Owners
) -> PairGrade:
    """Grade suspected duplicates of the register: pairs of ids against who owns them."""
    pairs = {tuple(sorted(pair)) for pair in suspected}
    right = sum(
        owners.person_of.get(a, -1) == owners.person_of.get(b, -2) for a, b in sorted(pairs)
    )
    return PairGrade(true_pairs, len(pairs), right)


def _text(value: Any) -> str:
    """An id as text: spreadsheets hand back 12.0 for 12 and None for nothing."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def iter_truth(folder: Path) -> Iterator[tuple[str, list[TrueRow]]]:
    """File name and true rows of each list, one list at a time, in the order of delivery."""
    with (folder / "rows.csv").open(encoding="utf-8", newline="") as handle:
        for file, rows in groupby(csv.DictReader(handle), key=itemgetter("file")):
            yield file, [_true_row(row) for row in rows]


def _true_row(row: Mapping[str, str]) -> TrueRow:
    errors = tuple(row["errors"].split("|")) if row["errors"] else ()
    return TrueRow(
        int(row["baris"]), int(row["person"]), row["what"], row["careless"] == "1", errors
    )


def read_truth(folder: Path) -> dict[str, list[TrueRow]]:
    """The true rows of every file, by file name; a whole city needs half a gigabyte."""
    return dict(iter_truth(folder))


def read_table(path: Path) -> list[dict[str, Any]]:
    """Rows of a result file, CSV or XLSX; the header is the first line naming ``keputusan``.

    Raises:
        ValueError: no line of a spreadsheet names it.
    """
    if path.suffix.lower() == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as handle:
            return list(csv.DictReader(handle))
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    for number, row in enumerate(rows):
        if "keputusan" in row:
            names = [str(name) for name in row]
            return [dict(zip(names, values, strict=False)) for values in rows[number + 1 :]]
    raise ValueError(f"Berkas {path.name} tidak memuat kolom 'keputusan'.")
