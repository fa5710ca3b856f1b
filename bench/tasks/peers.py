"""The peers on the same facts: Splink, the exact NIK, and a plain fuzzy comparison."""

import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from bench.cities import REGISTER
from bench.grading import Exam, at_threshold, best_threshold, grade_links, true_pairs
from bench.tasks.store import persons_of


def _exam(work: str, source: str) -> Exam:
    return Exam(persons_of(work, source), persons_of(work, REGISTER))


def splink_link(*, work: str, source: str) -> dict[str, Any]:
    """Splink, trained on this list: ``tuned`` by the truth and ``untuned`` (p >= .5)."""
    warnings.filterwarnings("ignore")
    from bench import splink_peer

    folder = Path(work)
    found = splink_peer.link(folder / f"{source}.parquet", folder / f"{REGISTER}.parquet")
    exam = _exam(work, source)
    right = exam.rows[found.left] == exam.register[found.right]
    wanted = int(exam.findable().sum())
    return {
        "seconds": found.seconds,
        "tuned": best_threshold(found.weight, right, wanted),
        "untuned": at_threshold(found.weight, right, wanted, 0.0),
    }


def splink_duplicates(*, work: str) -> dict[str, Any]:
    """Splink on the register alone; every pair it kept is graded at the best threshold."""
    warnings.filterwarnings("ignore")
    from bench import splink_peer

    found = splink_peer.duplicates(Path(work) / f"{REGISTER}.parquet")
    persons = persons_of(work, REGISTER)
    right = persons[found.left] == persons[found.right]
    wanted = true_pairs(persons)
    return {
        "seconds": found.seconds,
        "tuned": best_threshold(found.weight, right, wanted),
        "untuned": at_threshold(found.weight, right, wanted, 0.0),
    }


def exact_nik(*, work: str, source: str) -> dict[str, Any]:
    """What most offices do: the NIK is the same, so it is the same person."""
    from bench.plain_peers import by_nik

    began = time.perf_counter()
    linked = by_nik(Path(work) / f"{source}.parquet", Path(work) / f"{REGISTER}.parquet")
    return _plainly(work, source, linked, began)


def fuzzy(*, work: str, source: str) -> dict[str, Any]:
    """NIK and name, then names within a birth date, then names within an RT."""
    from bench.plain_peers import by_fuzzy_name

    began = time.perf_counter()
    linked = by_fuzzy_name(Path(work) / f"{source}.parquet", Path(work) / f"{REGISTER}.parquet")
    return _plainly(work, source, linked, began)


def _plainly(work: str, source: str, linked: Any, began: float) -> dict[str, Any]:
    seconds = {"total": round(time.perf_counter() - began, 3)}
    made = linked >= 0
    return {
        "seconds": seconds,
        "grade": grade_links(_exam(work, source), linked, made, np.zeros(len(made), bool)),
    }
