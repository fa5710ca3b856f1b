"""Entas' linkage on parsed rows and stored keys, graded."""

import time
from pathlib import Path
from typing import Any

import django
import numpy as np

from bench.cities import REGISTER
from bench.grading import Exam, grade_links, scores, true_pairs
from bench.tasks.store import kept, persons_of
from entas.analytics.linkage.duplicates import Suspects, suspected_duplicates
from entas.analytics.linkage.keys import KeyTable
from entas.analytics.linkage.link import Links, RegisterIndex, Verdict, link_list, register_index

# A pair is reported to people from this belief on; the registry's own figure.
SUSPECTED = 0.5
STAMP = "bench"


def store(*, work: str) -> dict[str, Any]:
    """Seal the register's keys and note which of its persons are suspected to be one.

    The registry does both after linking.
    """
    django.setup()
    from entas.registry.extract import extract_path, write_extract

    table: KeyTable = kept(Path(work) / "register.keys")
    index = register_index(table)
    write_extract(index, np.arange(len(table), dtype=np.int64), STAMP)
    suspects = suspected_duplicates(index, _model(), least=SUSPECTED)
    np.save(Path(work) / "same.npy", _clusters(suspects, len(table)))
    return {"bytes": extract_path().stat().st_size, "persons": len(table)}


def _model() -> Any:
    from entas.registry.services.models import shipped_model

    return shipped_model()


def _clusters(suspects: Suspects, count: int) -> Any:
    """A number shared by suspected duplicates (see ``registry.queries.register``)."""
    own = np.arange(count, dtype=np.int64)
    for a, b in zip(suspects.first.tolist(), suspects.second.tolist(), strict=True):
        own[a] = own[b] = min(own[a], own[b])
    return own


def _stored() -> RegisterIndex:
    from entas.registry.extract import read_extract

    kept_register = read_extract()
    if kept_register is None or kept_register.stamp != STAMP:
        raise RuntimeError("the register's extract is missing: run ours.store first")
    return kept_register.index


def link(*, work: str, source: str) -> dict[str, Any]:
    """Parsed rows and stored keys to verdicts; seconds by part, and the grade.

    Nothing is tuned: the shipped model and the shipped limits.
    """
    django.setup()
    from entas.city.queries import area_resolver
    from entas.registry.keys import key_columns

    folder = Path(work)
    rows, areas, same = (
        kept(folder / f"{source}.rows"),
        area_resolver(),
        np.load(folder / "same.npy"),
    )
    model, parts = _model(), [time.perf_counter()]
    register = _stored()
    register.same_person = same
    parts.append(time.perf_counter())
    keys = key_columns(rows, areas.parent_group).table()
    parts.append(time.perf_counter())
    links = link_list(keys, register, model)
    parts.append(time.perf_counter())
    names = ("read_keys", "normalise", "link")
    seconds = dict(zip(names, np.diff(parts).round(3).tolist(), strict=True))
    exam = Exam(persons_of(work, source), persons_of(work, REGISTER))
    return {
        "seconds": {**seconds, "total": round(parts[-1] - parts[0], 3)},
        **_grade(exam, links),
        "with_nik": float((keys.nik > 0).mean()),
    }


def _grade(exam: Exam, links: Links) -> dict[str, Any]:
    linked = links.person.astype(np.int64)
    automatic = np.isin(links.verdict, (Verdict.SURE, Verdict.REPEATED))
    half = (links.probability >= SUSPECTED) & (linked >= 0)
    right = exam.right(linked)
    made, good, wanted = int(half.sum()), int((half & right).sum()), int(exam.findable().sum())
    return {
        "grade": grade_links(exam, linked, automatic, links.verdict == Verdict.REVIEW),
        "at_half": {"links": made, "wrong": made - good, **scores(good, made, wanted)},
    }


def duplicates(*, work: str) -> dict[str, Any]:
    """Suspected duplicates inside the register from its stored keys, graded."""
    django.setup()
    model, began = _model(), time.perf_counter()
    register = _stored()
    read = time.perf_counter()
    found = suspected_duplicates(register, model, least=SUSPECTED)
    ended = time.perf_counter()
    persons = persons_of(work, REGISTER)
    right = int((persons[found.first] == persons[found.second]).sum())
    made, wanted = len(found.first), true_pairs(persons)
    return {
        "seconds": {"read_keys": round(read - began, 3), "total": round(ended - began, 3)},
        "grade": {
            "pairs": wanted,
            "links": made,
            "right": right,
            "wrong": made - right,
            **scores(right, made, wanted),
        },
    }
