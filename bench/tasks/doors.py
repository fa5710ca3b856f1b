"""Grades for what the command line wrote, by the synthetic city's own grader."""

from pathlib import Path
from typing import Any

from kotacontoh.grade import (
    Owners,
    grade_duplicates,
    grade_links,
    grade_match,
    iter_truth,
    read_table,
)


def grade(*, city: str, place: str, manifest: dict[str, Any]) -> dict[str, Any]:
    """Grades of every exported list, of the checked lists and of the suspected duplicates.

    ``founders`` counts ids that were founded by rows of more than one true person: it must be 0.
    """
    sources = {Path(entry["file"]).name: entry for entry in manifest["files"]}
    grades, owners, register = {}, Owners(), Owners()
    founded: dict[str, set[int]] = {}
    for file, rows in iter_truth(Path(city) / "truth"):
        source, role = sources[file]["source"], sources[file]["role"]
        result = Path(place) / f"result-{source}.xlsx"
        if role in ("register", "list"):
            links = read_table(Path(place) / f"links-{source}.csv")
            if role == "list":
                grades[source] = grade_links(rows, links, owners).as_dict()
            who = {row.baris: row.person for row in rows}
            for link in links:
                if link["keputusan"] == "baru":
                    founded.setdefault(link["id_warga"], set()).add(who[int(link["baris"])])
            owners = owners.after(rows, links)
            register = owners if role == "register" else register
        elif result.exists():
            grades[source] = grade_match(rows, read_table(result), owners).as_dict()
    return {
        "lists": grades,
        "duplicates": _duplicates(Path(city), Path(place), register),
        "founders": sum(len(people) > 1 for people in founded.values()),
    }


def _duplicates(city: Path, place: Path, register: Owners) -> dict[str, float]:
    pairs = read_table(place / "duplicates.csv")
    suspected = [(pair["id_warga_a"], pair["id_warga_b"]) for pair in pairs]
    with (city / "truth" / "duplicates.csv").open(encoding="utf-8") as handle:
        true_pairs = sum(1 for _ in handle) - 1
    return grade_duplicates(true_pairs, suspected, register).as_dict()
