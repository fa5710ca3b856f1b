"""What people decide: whose a line is, whether two persons are one, and taking it back.

Decisions are recorded beside what the machine thinks and outlive every new run. Nothing
is merged without one, and every merge can be taken back exactly.
"""

from django.db import transaction

from entas.audit.models import Act
from entas.audit.services import actor_text, record
from entas.city.models import User
from entas.city.policies import check_may
from entas.history import record_change
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson, NoSuchRow
from entas.registry.models import (
    Duplicate,
    Link,
    MergeDecision,
    Person,
    RegistryHistory,
    ReviewDecision,
)
from entas.registry.services import runs
from entas.sources.models import Delivery

LARGEST_CLUSTER = 4


def _active(person_id: int) -> Person:
    found = Person.objects.select_for_update().filter(pk=person_id, state=states.ACTIVE).first()
    if found is None:
        raise NoSuchPerson(person_id)
    return found


@transaction.atomic
def decide_row(
    *, delivery: Delivery, row: int, person_id: int, same: bool, by: User
) -> ReviewDecision:
    """Say that a line is (or is not) a person's. The word stands in every later run.

    An earlier word on the same line and person is withdrawn, not deleted.

    Raises:
        NoSuchRow: the line does not exist or was never linked.
        NoSuchPerson: the person is not active.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.review")
    link = Link.objects.filter(delivery=delivery, row=row, withdrawn=False).first()
    if link is None:
        raise NoSuchRow(delivery.pk, row)
    person = _active(person_id)
    detail = {"row": row, "person": person.pk, "same": same}
    act = record(
        by, "registry.review", object_type="delivery", object_id=delivery.pk, detail=detail
    )
    earlier = ReviewDecision.objects.filter(delivery=delivery, row=row, withdrawn=False)
    (earlier if same else earlier.filter(person=person)).update(withdrawn=True)
    decision = ReviewDecision.objects.create(
        delivery=delivery,
        row=row,
        person=person,
        same=same,
        by=actor_text(by),
        at=act.at,
        act_id=act.pk,
    )
    _relink(link, person, same, act)
    return decision


def _relink(link: Link, person: Person, same: bool, act: Act) -> None:  # noqa: FBT001
    before: dict[str, object] = {"decision": link.decision, "person_id": link.person_id}
    if same:
        link.decision, link.person = states.SURE, person
    elif person.pk in {link.person_id, link.candidate_id}:
        link.decision, link.person = states.NOT_FOUND, None
    link.save(update_fields=["decision", "person"])
    record_change(link, before, history=RegistryHistory, act_id=act.pk)


@transaction.atomic
def refute_duplicate(*, first_id: int, second_id: int, by: User) -> Duplicate:
    """Say that two suspected persons are two; the pair is not suspected again.

    Raises:
        DecisionRefused: nobody suspects this pair, or it was judged before.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.review")
    low, high = sorted((first_id, second_id))
    pair = Duplicate.objects.select_for_update().filter(first_id=low, second_id=high).first()
    if pair is None or pair.state != states.SUSPECTED:
        raise DecisionRefused(
            f"Pasangan {low} dan {high} tidak sedang diduga ganda. "
            "Lihat daftarnya dengan: entas registry duplicates --out BERKAS.csv"
        )
    act = record(by, "registry.refute", object_type="person", object_id=low, detail={"other": high})
    pair.state = states.REFUTED
    pair.save(update_fields=["state"])
    record_change(pair, {"state": states.SUSPECTED}, history=RegistryHistory, act_id=act.pk)
    return pair


@transaction.atomic
def merge_persons(
    *, kept_id: int, absorbed_id: int, reason: str, by: User, in_spite_of_niks: bool = False
) -> MergeDecision:
    """Declare two persons one. The absorbed one stays readable and points at the kept one.

    Args:
        kept_id: whose id_warga goes on.
        absorbed_id: whose lines move to the kept one.
        reason: why, in words; kept for ever.
        by: who decides.
        in_spite_of_niks: both bear a valid NIK and the numbers differ; say so on purpose.

    Raises:
        NoSuchPerson: one of them is not active.
        DecisionRefused: the same person, no reason, two different NIK, or too many merged
            into one already.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.merge")
    if kept_id == absorbed_id:
        raise DecisionRefused("Seorang warga tidak dapat digabung dengan dirinya sendiri.")
    kept, absorbed = _active(kept_id), _active(absorbed_id)
    _check_merge(kept, absorbed, reason, in_spite_of_niks)
    act = record(
        by,
        "registry.merge",
        object_type="person",
        object_id=kept.pk,
        detail={"absorbed": absorbed.pk},
    )
    moved = Link.objects.filter(person=absorbed, withdrawn=False)
    keys = list(moved.order_by("pk").values_list("pk", flat=True))
    moved.update(person=kept)
    absorbed.state, absorbed.merged_into = states.MERGED, kept
    absorbed.save(update_fields=["state", "merged_into"])
    before: dict[str, object] = {"state": states.ACTIVE, "merged_into_id": None}
    record_change(absorbed, before, history=RegistryHistory, act_id=act.pk)
    _judge(kept, absorbed, states.SUSPECTED, states.CONFIRMED)
    runs.raise_version()
    return MergeDecision.objects.create(
        kept=kept,
        absorbed=absorbed,
        reason=reason,
        moved_links=keys,
        by=actor_text(by),
        at=act.at,
        act_id=act.pk,
    )


def _check_merge(kept: Person, absorbed: Person, reason: str, in_spite_of_niks: bool) -> None:  # noqa: FBT001
    if not reason.strip():
        raise DecisionRefused("Penggabungan perlu alasan. Tulis mengapa keduanya orang yang sama.")
    if Person.objects.filter(merged_into=kept).count() + 2 > LARGEST_CLUSTER:
        raise DecisionRefused(
            f"Sudah {LARGEST_CLUSTER - 1} data digabung ke warga {kept.pk}. "
            "Periksa dulu apakah semuanya benar satu orang."
        )
    differ = kept.nik_hash and absorbed.nik_hash and kept.nik_hash != absorbed.nik_hash
    if differ and not in_spite_of_niks:
        raise DecisionRefused(
            f"Warga {kept.pk} dan {absorbed.pk} punya NIK sah yang berbeda. "
            "Gabungkan hanya bila salah satu NIK terbukti keliru, dan nyatakan itu."
        )


def _judge(kept: Person, absorbed: Person, before: str, after: str) -> None:
    low, high = sorted((kept.pk, absorbed.pk))
    Duplicate.objects.filter(first_id=low, second_id=high, state=before).update(state=after)


@transaction.atomic
def split_persons(*, merge: MergeDecision, by: User) -> Person:
    """Take a merge back: the absorbed person and his or her lines are as before.

    Raises:
        DecisionRefused: it was taken back before, or the absorbed one is merged elsewhere.
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    check_may(by, "registry.split")
    now = MergeDecision.objects.select_for_update().get(pk=merge.pk)
    absorbed = Person.objects.select_for_update().get(pk=now.absorbed_id)
    if now.reversed_at is not None or absorbed.merged_into_id != now.kept_id:
        raise DecisionRefused(f"Penggabungan nomor {now.pk} sudah dibatalkan sebelumnya.")
    act = record(by, "registry.split", object_type="person", object_id=now.absorbed_id)
    Link.objects.filter(pk__in=now.moved_links, person=now.kept_id).update(person=absorbed)
    before: dict[str, object] = {"state": absorbed.state, "merged_into_id": absorbed.merged_into_id}
    absorbed.state, absorbed.merged_into = states.ACTIVE, None
    absorbed.save(update_fields=["state", "merged_into"])
    record_change(absorbed, before, history=RegistryHistory, act_id=act.pk)
    now.reversed_by, now.reversed_at = actor_text(by), act.at
    now.save(update_fields=["reversed_by", "reversed_at"])
    _judge(now.kept, absorbed, states.CONFIRMED, states.SUSPECTED)
    runs.raise_version()
    return absorbed
