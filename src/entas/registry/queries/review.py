"""What waits for a human's word, and what people have said."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Abs

from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchImport, NoSuchRow
from entas.registry.models import (
    Link,
    LinkedList,
    MergeDecision,
    Person,
    Proposal,
    ReviewDecision,
)
from entas.registry.queries import summary
from entas.sources.models import Delivery

_EVEN = 0.5
# Merges are chains of a few links; a longer one is a fault in the data.
_LONGEST_CHAIN = 10


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A line that is probably somebody's; ``candidate_id`` is the best guess."""

    import_id: int
    row: int
    candidate_id: int
    rival_id: int | None
    weight: float
    probability: float


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """Two registered persons who are probably one."""

    pair_id: int
    first_id: int
    second_id: int
    weight: float
    probability: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many questions wait."""

    rows: int
    pairs: int


def waiting_rows(*, source_code: str = "", most: int = 100) -> list[WaitingRow]:
    """Lines to look at, the most doubtful first: there a human's word changes most.

    Args:
        source_code: only lines of this source; empty for all.
        most: longest answer.
    """
    columns = ("delivery_id", "row", "candidate_id", "rival_id", "weight", "probability")
    rows = _by_stake(_rows(source_code), "delivery_id", "row").values_list(*columns)[:most]
    return [WaitingRow(*row) for row in rows]


def waiting_pairs(*, most: int = 100) -> list[WaitingPair]:
    """Suspected duplicates to look at, the most doubtful first.

    Args:
        most: longest answer.
    """
    columns = ("pk", "first_id", "second_id", "weight", "probability")
    pairs = _by_stake(summary.suspected(), "pk").values_list(*columns)[:most]
    return [WaitingPair(*pair) for pair in pairs]


def waiting(*, source_code: str = "") -> Waiting:
    """Counts of the questions that wait; those on lines of one source, if one is named."""
    return Waiting(_rows(source_code).count(), summary.suspected_count())


def _rows(source_code: str) -> QuerySet[Any]:
    rows = Link.objects.filter(
        decision=states.REVIEW, withdrawn=False, candidate__state=states.ACTIVE
    )
    return rows.filter(delivery__source__code=source_code) if source_code else rows


def _by_stake(rows: QuerySet[Any], *then: str) -> QuerySet[Any]:
    stake = Abs(F("probability") - Value(_EVEN))
    ordered: QuerySet[Any] = rows.alias(stake=stake).order_by("stake", *then)
    return ordered


def link_on(import_id: int, row: int) -> Link:
    """The link of one line.

    Raises:
        NoSuchImport: no list has this number.
        NoSuchRow: the line does not exist, was never linked, or its list was taken back.
    """
    link = Link.objects.filter(delivery_id=import_id, row=row, withdrawn=False).first()
    if link is not None:
        return link
    if not Delivery.objects.filter(pk=import_id).exists():
        raise NoSuchImport(import_id)
    raise NoSuchRow(import_id, row)


def standing_decision(link: Link, person_id: int) -> ReviewDecision:
    """What people say of a line and a person now.

    Raises:
        DecisionRefused: nobody has said anything that stands.
    """
    said = ReviewDecision.objects.filter(
        delivery=link.delivery_id, row=link.row, person=person_id, withdrawn=False
    ).first()
    if said is None:
        raise DecisionRefused(
            "Belum ada keputusan yang berlaku tentang baris {row} impor {number} "
            "dan warga {person}.",
            row=link.row,
            number=link.delivery_id,
            person=person_id,
        )
    return said


def standing_merge(kept_id: int, absorbed_id: int) -> MergeDecision:
    """The merge of two persons that stands now.

    Raises:
        DecisionRefused: they are not merged so.
    """
    standing = MergeDecision.objects.filter(
        kept=kept_id, absorbed=absorbed_id, reversed_at__isnull=True
    ).first()
    if standing is None:
        raise DecisionRefused(
            "Warga {absorbed} tidak sedang digabung ke warga {kept}.",
            absorbed=absorbed_id,
            kept=kept_id,
        )
    return standing


def waiting_proposals() -> QuerySet[Proposal]:
    """Proposals nobody has decided, the oldest first."""
    return Proposal.objects.filter(state=states.PROPOSED).order_by("pk")


def proposal_of(number: int) -> Proposal:
    """One proposal.

    Raises:
        DecisionRefused: no proposal has this number.
    """
    found = Proposal.objects.filter(pk=number).first()
    if found is None:
        raise DecisionRefused(
            "Usulan nomor {number} tidak ada. Lihat yang menunggu: entas registry proposals",
            number=number,
        )
    return found


def living(person_id: int) -> int:
    """Who a person is now: the one he or she was merged into, or the same."""
    for _ in range(_LONGEST_CHAIN):
        into = Person.objects.filter(pk=person_id, state=states.MERGED)
        found = into.values_list("merged_into_id", flat=True).first()
        if found is None:
            break
        person_id = found
    return person_id


def decisions_on(delivery: Delivery) -> Iterator[tuple[int, int, bool]]:
    """What people said of the lines of a list: (row, person as he or she is now, same).

    A file that was taken back and delivered again is the same file: what people said of its
    lines the first time still stands.
    """
    decided = ReviewDecision.objects.filter(
        delivery__source=delivery.source_id,
        delivery__file_sha256=delivery.file_sha256,
        withdrawn=False,
    )
    for row, person, same in decided.order_by("pk").values_list("row", "person_id", "same"):
        yield row, living(person), same


def judged_weights(base: str) -> list[tuple[float, bool]]:
    """What people said of the machine's best guess, a line at a time: (bits, it was right).

    Args:
        base: only lists linked with this model, or with one that differs from it in nothing
            but its calibration (``base+k1`` and so on).
    """
    lists = LinkedList.objects.filter(model_version=base)
    lists |= LinkedList.objects.filter(model_version__startswith=f"{base}+k")
    decided = ReviewDecision.objects.filter(
        withdrawn=False, delivery__in=lists.values("delivery_id")
    )
    # Over withdrawn lists too: a human's word on a pair does not depend on the list's fate.
    guesses = Link.objects.filter(delivery__in=decided.values("delivery_id"))
    guess = {
        (delivery, row): (living(candidate or 0), weight or 0.0)
        for delivery, row, candidate, weight in guesses.filter(
            row__in=decided.values("row"), weight__isnull=False, candidate__isnull=False
        ).values_list("delivery_id", "row", "candidate_id", "weight")
    }
    judged: dict[tuple[int, int], tuple[float, bool]] = {}
    for line in decided.order_by("pk").values_list("delivery_id", "row", "person_id", "same"):
        delivery, row, person, same = line
        candidate, weight = guess.get((delivery, row), (0, 0.0))
        is_about_guess = living(person) == candidate
        # "The line is another person's" says that the guess was wrong.
        if candidate and (same or is_about_guess):
            judged[delivery, row] = (weight, same and is_about_guess)
    return list(judged.values())
