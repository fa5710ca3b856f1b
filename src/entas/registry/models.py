"""Persons, families, households and dwellings; what is known of them, from which line of
which list, and what people decided about it.

Everything a run writes carries its ``run`` and stays invisible until the run is published
by one change of state; whatever is taken back is withdrawn and stays readable.
"""

from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from entas.history import HistoryRow
from entas.registry import states
from entas.sources.models import Delivery

_Row = TypeVar("_Row", bound=models.Model)


class Run(models.Model):
    """One bulk act on the registry: linking lists, or taking a list back."""

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=states.RUN_CHOICES, default=states.STAGING)
    act_id = models.BigIntegerField()
    by = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state=states.STAGING), name="one_staging_run_a_kind"
            )
        ]


class StagedQuerySet(models.QuerySet[_Row]):
    """Rows that a bulk run may still be writing."""

    def published(self) -> Self:
        """Without the rows of a run that is not finished."""
        staging = Run.objects.filter(state=states.STAGING).values("pk")
        return self.filter(Q(run=None) | ~Q(run__in=staging))


class StagedRow(models.Model):
    """A row written by a bulk run (``run``) or by a single act (no run)."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, db_index=False)

    every = models.Manager()

    class Meta:
        abstract = True


class _Published(models.Manager[_Row]):
    def get_queryset(self) -> StagedQuerySet[_Row]:
        return StagedQuerySet(self.model, using=self._db).published()


class Dwelling(StagedRow):
    """A place people live in. ``kelurahan`` is the area's number (its Kemendagri code)."""

    kelurahan = models.BigIntegerField(null=True)
    rt = models.SmallIntegerField(null=True)
    rw = models.SmallIntegerField(null=True)
    address = models.CharField(max_length=300, blank=True)
    # Street key and house number of the address, to find the same dwelling again.
    place_hash = models.BigIntegerField(null=True, db_index=True)

    objects = _Published()


class Household(StagedRow):
    """People who share a kitchen; may hold several families (KK)."""

    objects = _Published()


class HouseholdStay(StagedRow):
    """A household in a dwelling, from one day until another."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT)
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    objects = _Published()


class Family(StagedRow):
    """A family card (KK): a grouping at a date, not an identity."""

    SEALED: ClassVar[dict[str, str]] = {"kk_sealed": "family.kk"}

    kk_sealed = models.BinaryField(null=True)
    kk_hash = models.BigIntegerField(null=True, db_index=True)

    objects = _Published()


class FamilyStay(StagedRow):
    """A family as part of a household, from one day until another."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT)
    household = models.ForeignKey(Household, on_delete=models.PROTECT)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    objects = _Published()


class Person(StagedRow):
    """One human being. ``id`` is the id_warga of every list and answer.

    The fields hold the best known value; ``origin_*`` name the delivered line most of
    them came from, ``origin_more`` the fields that came from other lines
    (field -> [import, row]).
    """

    SEALED: ClassVar[dict[str, str]] = {"nik_sealed": "person.nik"}

    name = models.CharField(max_length=200)
    nik_sealed = models.BinaryField(null=True)
    nik_hash = models.BigIntegerField(null=True, db_index=True)
    birth_on = models.DateField(null=True)
    birth_year = models.SmallIntegerField(null=True)
    birth_place = models.CharField(max_length=100, blank=True)
    sex = models.CharField(max_length=1, blank=True, choices=states.SEX_CHOICES)
    mother_name = models.CharField(max_length=200, blank=True)
    alive = models.CharField(max_length=10, choices=states.ALIVE_CHOICES, default=states.LIVING)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, null=True)
    role = models.CharField(max_length=10, blank=True)
    kelurahan = models.BigIntegerField(null=True, db_index=True)
    rt = models.SmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=states.PERSON_CHOICES, default=states.ACTIVE)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="absorbed"
    )
    origin_delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, null=True, related_name="+"
    )
    origin_row = models.IntegerField(null=True)
    origin_more = models.JSONField(null=True)

    objects = _Published()


class Membership(StagedRow):
    """A person in a family (KK), from one day until another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    family = models.ForeignKey(Family, on_delete=models.PROTECT)
    role = models.CharField(max_length=10, blank=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, db_index=False)

    objects = _Published()


class PersonKey(StagedRow):
    """What is compared of a person, made once by a versioned normaliser: the sound of names,
    dates and places as numbers. NIK and KK stand with the person and the family.
    """

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True)
    version = models.SmallIntegerField()
    name_sound = models.CharField(max_length=200)
    mother_sound = models.CharField(max_length=200, blank=True)
    birth = models.IntegerField()
    sex = models.SmallIntegerField()
    kelurahan = models.BigIntegerField()
    kel_group = models.BigIntegerField()
    rt = models.SmallIntegerField()
    street = models.BigIntegerField()
    house = models.IntegerField()
    family_number = models.BigIntegerField()
    role = models.SmallIntegerField()
    objects = _Published()


class LinkageModel(models.Model):
    """A trained linkage model; exactly one is in use."""

    version = models.CharField(max_length=60, unique=True)
    note = models.TextField()
    body = models.TextField()
    in_use = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["in_use"], condition=Q(in_use=True), name="one_model_in_use"
            )
        ]


class LinkedList(StagedRow):
    """A delivered list that went through linking, with the weights as fitted to it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT)
    model_version = models.CharField(max_length=60)
    fitted = models.TextField()
    withdrawn = models.BooleanField(default=False)

    objects = _Published()


class Link(StagedRow):
    """What is known of one line of one list: whose line it is, or who it might be."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, db_index=False)
    row = models.IntegerField()
    decision = models.CharField(max_length=16, choices=states.DECISION_CHOICES)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True)
    candidate = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    rival = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    weight = models.FloatField(null=True)
    probability = models.FloatField(null=True)
    withdrawn = models.BooleanField(default=False)

    objects = _Published()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["delivery", "row"], condition=Q(withdrawn=False), name="one_link_a_row"
            )
        ]


class ReviewDecision(models.Model):
    """A human's word on one line and one person; it outlives every new run."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT)
    row = models.IntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    same = models.BooleanField()
    by = models.CharField(max_length=160)
    at = models.DateTimeField()
    act_id = models.BigIntegerField()
    withdrawn = models.BooleanField(default=False)


class Duplicate(StagedRow):
    """Two registered persons suspected to be one; only people decide."""

    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    weight = models.FloatField()
    probability = models.FloatField()
    state = models.CharField(
        max_length=10, choices=states.DUPLICATE_CHOICES, default=states.SUSPECTED
    )

    objects = _Published()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_is_suspected_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="smaller_first"),
        ]


class MergeDecision(models.Model):
    """Two persons declared one by a human, and what is needed to take it back."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    absorbed = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    moved_links = models.JSONField(default=list)
    by = models.CharField(max_length=160)
    at = models.DateTimeField()
    act_id = models.BigIntegerField()
    reversed_by = models.CharField(max_length=160, blank=True)
    reversed_at = models.DateTimeField(null=True)


class Proposal(models.Model):
    """A correction somebody proposes; the registry decides and writes."""

    SEALED: ClassVar[dict[str, str]] = {
        "body_sealed": "proposal.body",
        "answer_sealed": "proposal.answer",
    }

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    field = models.CharField(max_length=30)
    # Values, reason and evidence are what is told about a person: sealed as a whole.
    body_sealed = models.BinaryField()
    # Why it was decided so, in the words of who decided.
    answer_sealed = models.BinaryField(null=True)
    state = models.CharField(
        max_length=10, choices=states.PROPOSAL_CHOICES, default=states.PROPOSED
    )
    by = models.CharField(max_length=160)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    # Corrections proposed in one form share their act.
    act_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="proposal_state")]


class TransferRequest(models.Model):
    """Somebody asks that a person, or the whole family, be registered in another kelurahan.

    The kelurahan the person leaves decides. ``from_kelurahan`` is None for whom no list placed.
    """

    SEALED: ClassVar[dict[str, str]] = {
        "body_sealed": "transfer.body",
        "answer_sealed": "transfer.answer",
    }

    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    from_kelurahan = models.BigIntegerField(null=True)
    to_kelurahan = models.BigIntegerField()
    whole_family = models.BooleanField()
    # Reason, new RT and address are what is told about a person: sealed as a whole.
    body_sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=states.TRANSFER_CHOICES, default=states.ASKED)
    by = models.CharField(max_length=160)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer_sealed = models.BinaryField(null=True)
    act_id = models.BigIntegerField()
    single_handed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["from_kelurahan", "state"], name="transfer_from"),
            models.Index(fields=["to_kelurahan", "state"], name="transfer_to"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=states.ASKED), name="one_open_transfer"
            )
        ]


class RegisterVersion(models.Model):
    """How often the registry changed: tells an extract that it is out of date."""

    number = models.BigIntegerField(default=0)


class RegistryHistory(HistoryRow):
    """The registry's change log, for single and bulk writes alike."""
