"""Links and pairs held against the truth.

A link is right when the register row it points to was made for the same true person; any of the
person's registrations will do. A row whose person is not registered can only be linked wrongly.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NOBODY = -1


@dataclass(frozen=True)
class Exam:
    """True persons of the rows of a list and of the register (numbers of the truth)."""

    rows: Ints
    register: Ints

    def findable(self) -> Bools:
        """Which list rows have their person in the register."""
        return np.isin(self.rows, self.register)

    def right(self, linked: Ints) -> Bools:
        """Which rows point to their person; ``linked`` holds register rows or ``NOBODY``."""
        held = linked != NOBODY
        right = np.zeros(len(linked), bool)
        right[held] = self.register[linked[held]] == self.rows[held]
        return right


def scores(right: int, made: int, wanted: int) -> dict[str, float]:
    """Precision, recall and F1; 1 where nothing was made or wanted."""
    return {
        "precision": right / made if made else 1.0,
        "recall": right / wanted if wanted else 1.0,
        "f1": 2 * right / (made + wanted) if made + wanted else 1.0,
    }


def grade_links(exam: Exam, linked: Ints, automatic: Bools, review: Bools) -> dict[str, Any]:
    """Grade decisions as they stand.

    Args:
        linked: best register row of each list row, or ``NOBODY``.
        automatic: rows linked without a human.
        review: rows handed to a human.

    Returns:
        Counts and scores. ``errors_in_review`` is the share, among all findable rows that were not
        linked rightly and all wrong links, of those a human gets to see; ``errors_offered`` the
        same counting only what a human could mend: rows whose best candidate is right.
    """
    right, findable = exam.right(linked), exam.findable()
    made, good = int(automatic.sum()), int((automatic & right).sum())
    wrong = made - good
    missed = findable & ~automatic
    seen = int((missed & review).sum())
    unseen = int((missed & ~review).sum())
    mendable, mended = int((missed & right).sum()), int((missed & review & right).sum())
    return {
        "rows": len(linked),
        "findable": int(findable.sum()),
        "links": made,
        "right": good,
        "wrong": wrong,
        **scores(good, made, int(findable.sum())),
        "review": int(review.sum()),
        "review_share": float(review.mean()) if len(review) else 0.0,
        "review_right": mended,
        "lost": unseen,
        "errors_in_review": seen / (seen + unseen + wrong) if seen + unseen + wrong else 1.0,
        "errors_offered": mended / (mendable + wrong) if mendable + wrong else 1.0,
    }


def best_threshold(weight: Floats, right: Bools, wanted: int) -> dict[str, Any]:
    """The threshold on ``weight`` with the highest F1, found with the truth, and what it gives.

    Every distinct weight is tried; a link or pair is made where the weight reaches the threshold.
    """
    if not len(weight):
        return {"threshold": None, "links": 0, "right": 0, "wrong": 0, **scores(0, 0, wanted)}
    order = np.argsort(-weight, kind="stable")
    ranked = weight[order]
    good = np.cumsum(right[order])
    made = np.arange(1, len(order) + 1)
    f1 = 2 * good / (made + wanted)
    # Equal weights stand or fall together.
    f1[:-1][ranked[1:] == ranked[:-1]] = -1
    at = int(np.argmax(f1))
    return _cut(float(ranked[at]), int(made[at]), int(good[at]), wanted)


def at_threshold(weight: Floats, right: Bools, wanted: int, threshold: float) -> dict[str, Any]:
    """What a threshold gives that was set without the truth."""
    held = weight >= threshold
    return _cut(threshold, int(held.sum()), int((held & right).sum()), wanted)


def _cut(threshold: float, made: int, good: int, wanted: int) -> dict[str, Any]:
    return {
        "threshold": threshold,
        "links": made,
        "right": good,
        "wrong": made - good,
        **scores(good, made, wanted),
    }


def true_pairs(register: Ints) -> int:
    """Pairs of register rows that are one person."""
    return sum(n * (n - 1) // 2 for n in Counter(register.tolist()).values())
