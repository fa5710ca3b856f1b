"""What people decide: whose a line is, and whether two registered persons are one.

Decisions are recorded beside what the machine thinks and outlive every new run. An earlier
word that a later one contradicts is withdrawn, never deleted.
"""

from typing import Any

from django.db.models import Q, QuerySet

from entas.audit.models import Act
from entas.audit.services import actor_text, record
from entas.city.models import User
from entas.city.policies import check_may
from entas.history import record_change, unpack
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchRow
from entas.registry.models import (
    Duplicate,
    Link,
    MergeDecision,
    Person,
    RegistryHistory,
    ReviewDecision,
    Run,
)
from entas.registry.queries.review import living
from entas.registry.services import runs
from entas.registry.services.lines import renumber
from entas.registry.services.merging import active_person, merge, merge_persons, split_persons
from entas.registry.services.restating import settle, standing_lines
from entas.registry.services.unfinished import alone
from entas.sources.models import Delivery

__all__ = [
    "decide_duplicate",
    "decide_row",
    "merge_persons",
    "refute_duplicate",
    "split_persons",
    "withdraw_decision",
]

# What a line says, and of whom: (decision, person).
Word = tuple[str, int | None]


def decide_row(
    *, delivery: Delivery, row: int, person_id: int, same: bool, by: User
) -> ReviewDecision:
    """Say that a line is (or is not) a person's. The word stands in every later run.

    The link follows at once, and so does what the person owes to the line. An earlier word
    that contradicts this one is withdrawn; the same word twice is said once.

    Args:
        delivery: the list.
        row: ``baris`` of the line, 1 for the first row of data.
        person_id: an active person.
        same: whether the line is about this person.
        by: who decides.

    Raises:
        NoSuchRow: the line does not exist or was never linked.
        NoSuchPerson: the person is not active.
        DecisionRefused: the line opened a person; what is meant is a merge.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.review")
    with alone():
        link = _link_on(delivery, row)
        person = active_person(person_id)
        _check_not_founded(link, person, same=same)
        standing = _decisions_on(link)
        said = standing.filter(person=person, same=same).first()
        if said is not None:
            return said
        detail = {"row": row, "person": person.pk, "same": same}
        act = record(
            by, "registry.review", object_type="delivery", object_id=delivery.pk, detail=detail
        )
        # A line is one person's: a "yes" contradicts every other "yes".
        contrary = Q(person=person) | Q(same=True) if same else Q(person=person)
        standing.filter(contrary).update(withdrawn=True)
        decision = ReviewDecision.objects.create(
            delivery=delivery,
            row=row,
            person=person,
            same=same,
            by=actor_text(by),
            at=act.at,
            act_id=act.pk,
        )
        _obey(link, act)
        return decision


def withdraw_decision(*, decision: ReviewDecision, by: User) -> ReviewDecision:
    """Take a word on a line back: the line says again what it said without it.

    Raises:
        DecisionRefused: it was withdrawn before, by somebody or by a later word.
        NoSuchRow: the list was taken back in the meantime.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.review")
    with alone():
        now = ReviewDecision.objects.select_for_update().get(pk=decision.pk)
        if now.withdrawn:
            raise DecisionRefused("Keputusan nomor {number} sudah tidak berlaku.", number=now.pk)
        link = _link_on(now.delivery, now.row)
        act = record(
            by,
            "registry.review.withdrawn",
            object_type="delivery",
            object_id=now.delivery_id,
            detail={"row": now.row, "person": now.person_id, "same": now.same},
        )
        now.withdrawn = True
        now.save(update_fields=["withdrawn"])
        _obey(link, act)
        return now


def _link_on(delivery: Delivery, row: int) -> Link:
    link = Link.objects.filter(delivery=delivery, row=row, withdrawn=False).first()
    if link is None:
        raise NoSuchRow(delivery.pk, row)
    return link


def _check_not_founded(link: Link, person: Person, *, same: bool) -> None:
    is_its_own = link.person_id == person.pk
    if link.decision == states.FOUNDED and same != is_its_own:
        raise DecisionRefused(
            "Warga {person} dibuat dari baris {row} impor {number}. "
            "Bila ia orang yang sama dengan warga lain, gabungkan kedua warga itu.",
            person=link.person_id,
            row=link.row,
            number=link.delivery_id,
        )


def _decisions_on(link: Link) -> QuerySet[ReviewDecision]:
    return ReviewDecision.objects.filter(
        delivery=link.delivery_id, row=link.row, withdrawn=False
    ).order_by("pk")


def _obey(link: Link, act: Act) -> None:
    """Let the link say what the machine said, with every standing word of people on top."""
    before: dict[str, object] = {"decision": link.decision, "person_id": link.person_id}
    had = link.person_id
    link.decision, link.person_id = _outcome(link)
    if (link.decision, link.person_id) == (before["decision"], had):
        return
    link.save(update_fields=["decision", "person"])
    record_change(link, before, history=RegistryHistory, act_id=act.pk)
    touched = [pk for pk in (had, link.person_id) if pk is not None]
    for pk in touched:
        renumber(delivery_id=link.delivery_id, person_id=pk, act_id=act.pk)
    settle(persons=touched, run=Run(act_id=act.pk), learn=True)
    runs.raise_version()


def _outcome(link: Link) -> Word:
    word, who = _machine_word(link)
    guess = who if word in states.LINKED else link.candidate_id
    for decision in _decisions_on(link):
        meant = living(decision.person_id)
        if decision.same:
            return (states.SURE if word != states.FOUNDED else word), meant
        if guess is not None and living(guess) == meant:
            word, who = states.NOT_FOUND, None
    asked_about = who if who is not None else guess
    if word not in (*states.LINKED, states.REVIEW) or asked_about is None:
        return word, who
    # Whoever the machine meant may have been merged or withdrawn since.
    now = living(asked_about)
    if not Person.objects.filter(pk=now, state=states.ACTIVE).exists():
        return states.NOT_FOUND, None
    return word, now if who is not None else None


def _machine_word(link: Link) -> Word:
    """What the line said before anybody decided: the log remembers the first change."""
    log = RegistryHistory.objects.filter(
        object_type="link", first_id=link.pk, kind=RegistryHistory.Kind.CHANGED
    )
    first: dict[str, Any] = {"decision": link.decision, "person_id": link.person_id}
    for row in log.order_by("-pk"):
        first |= {field: before for field, (before, _) in unpack(row).items() if field in first}
    return first["decision"], first["person_id"]


def decide_duplicate(
    *,
    pair: Duplicate,
    same: bool,
    by: User,
    reason: str,
    kept_id: int | None = None,
    in_spite_of_niks: bool = False,
) -> Duplicate:
    """Say whether two suspected persons are one. "No" is never asked again; "yes" merges them.

    Args:
        pair: a suspected pair.
        same: whether both are one person.
        by: who decides.
        reason: why, in words; kept for ever.
        kept_id: whose id_warga goes on. Without it the one the better source opened; among
            equals the one more lines speak for, then the older number.
        in_spite_of_niks: as in ``merge_persons``.

    Raises:
        DecisionRefused: nobody suspects this pair (any more), there is no reason, or the two
            cannot be merged; nothing is changed then.
        NoSuchPerson: one of them is not active.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.merge" if same else "registry.review")
    with alone():
        now = _suspected(pair.first_id, pair.second_id)
        if not reason.strip():
            raise DecisionRefused("Keputusan perlu alasan. Tulis apa yang menunjukkannya.")
        if not same:
            return _refute(now, by, reason)
        kept = kept_id or _better_known(now)
        if kept not in (now.first_id, now.second_id):
            raise DecisionRefused("Warga {person} bukan salah satu dari pasangan itu.", person=kept)
        absorbed = now.second_id if kept == now.first_id else now.first_id
        merge(kept, absorbed, reason, by, in_spite_of_niks=in_spite_of_niks)
        now.refresh_from_db()
        return now


def refute_duplicate(*, first_id: int, second_id: int, by: User, reason: str = "") -> Duplicate:
    """Say that two suspected persons are two; the pair is not suspected again.

    Raises:
        DecisionRefused: nobody suspects this pair, or it was judged before.
        entas.city.errors.NotAllowed: ``by`` may not.
        entas.tables.Busy: another command changes the registry.
    """
    check_may(by, "registry.review")
    with alone():
        return _refute(_suspected(first_id, second_id), by, reason)


def _suspected(one: int, other: int) -> Duplicate:
    low, high = sorted((one, other))
    pair = Duplicate.objects.select_for_update().filter(first_id=low, second_id=high).first()
    if pair is None or pair.state != states.SUSPECTED:
        raise DecisionRefused(
            "Pasangan {low} dan {high} tidak sedang diduga ganda. "
            "Lihat daftarnya dengan: entas registry duplicates --out BERKAS.csv",
            low=low,
            high=high,
        )
    return pair


def _refute(pair: Duplicate, by: User, reason: str) -> Duplicate:
    act = record(
        by,
        "registry.refute",
        object_type="person",
        object_id=pair.first_id,
        detail={"other": pair.second_id},
    )
    pair.state = states.REFUTED
    pair.save(update_fields=["state"])
    before: dict[str, object] = {"state": states.SUSPECTED}
    if reason.strip():
        # A reason tells of persons: it stands in the sealed log, not in the open chain.
        pair.__dict__["reason"], before["reason"] = reason.strip(), None
    record_change(pair, before, history=RegistryHistory, act_id=act.pk)
    return pair


def _better_known(pair: Duplicate) -> int:
    people = Person.objects.select_related("origin_delivery__source").in_bulk(
        [pair.first_id, pair.second_id]
    )
    lines = standing_lines(list(people))

    def merit(pk: int) -> tuple[int, int, int]:
        origin = people[pk].origin_delivery
        rank = origin.source.rank("nama") if origin else 0
        return int(rank), -len(lines.get(pk, ())), pk

    better: int = min(people, key=merit)
    return better


def decided_merge(pair: Duplicate) -> MergeDecision | None:
    """The standing merge of a confirmed pair, to take it back by."""
    both = (pair.first_id, pair.second_id)
    standing = MergeDecision.objects.filter(
        kept__in=both, absorbed__in=both, reversed_at__isnull=True
    )
    return standing.first()
