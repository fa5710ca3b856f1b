"""Lists exactly as delivered: who sent them, the file, its rows, and what was wrong with them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from entas.sources.masking import mask_long_numbers
from entas.sources.rules import ERROR, RULES, WARN, message
from entas.sources.states import ACCEPTED, IN_WORDS, RECEIVING, WITHDRAWN

FILE_CONTEXT = "sources.file"
RAW_CONTEXT = "sources.rows.raw"
PARSED_CONTEXT = "sources.rows.parsed"


class Source(models.Model):
    """An office's list that comes again and again."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    # The profile its lists usually have.
    kind = models.CharField(max_length=40)
    # Field -> rank; the source with the lowest number is believed first. "*" is every other field.
    ranks = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.code

    def rank(self, field: str) -> int:
        """How far down this source stands when sources disagree about a field; 1 is first."""
        return int(self.ranks.get(field, self.ranks.get("*", 99)))


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries by what they count for."""

    def accepted(self) -> Self:
        """Those that count: complete and not withdrawn."""
        return self.filter(state=ACCEPTED)

    def standing(self) -> Self:
        """Those that count or are on their way; a withdrawn one may be delivered again."""
        return self.exclude(state=WITHDRAWN)


class Delivery(models.Model):
    """One delivered list; its number is the import_id."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="deliveries")
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file_size = models.BigIntegerField()
    sender = models.CharField(max_length=120, blank=True)
    legal_basis = models.CharField(max_length=250, blank=True)
    as_of = models.DateField()
    received_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True)
    state = models.CharField(max_length=12, default=RECEIVING, choices=list(IN_WORDS.items()))
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    profile = models.CharField(max_length=40)
    encoding = models.CharField(max_length=20, blank=True)
    # Headers and the field each column was read as; long digits masked.
    layout = models.JSONField(default=dict)
    # Counts by rule, and where the rejected rows were written.
    run = models.JSONField(default=dict)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "file_sha256", "as_of"],
                condition=~Q(state=WITHDRAWN),
                name="one_standing_delivery_of_a_file",
            ),
            models.CheckConstraint(
                condition=Q(accepted__lte=F("rows")), name="accepted_rows_are_rows"
            ),
            models.CheckConstraint(
                condition=Q(state=WITHDRAWN, withdrawn_on__isnull=False)
                | (~Q(state=WITHDRAWN) & Q(withdrawn_on=None)),
                name="withdrawn_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.pk}"

    @property
    def shown_name(self) -> str:
        """The file's name with whatever could be a NIK masked."""
        return mask_long_numbers(self.file_name)


class DeliveredFile(models.Model):
    """A piece of the file as it came: packed, sealed; the pieces in order are the file."""

    SEALED: ClassVar[dict[str, str]] = {"sealed": FILE_CONTEXT}

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="parts")
    part = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "part"], name="one_piece_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.part}"


class RowBlock(models.Model):
    """Some hundred rows of a list, as they came and as they were read; both packed and sealed."""

    SEALED: ClassVar[dict[str, str]] = {"raw": RAW_CONTEXT, "parsed": PARSED_CONTEXT}

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="blocks")
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    raw = models.BinaryField()
    parsed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "first_row"], name="one_block_a_place"),
            models.CheckConstraint(
                condition=Q(first_row__lte=F("last_row")), name="block_holds_rows"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.first_row}-{self.last_row}"


class Problem(models.Model):
    """Something wrong in one cell. The value is masked before it comes here."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="problem_rows")
    # Position in the list from 1, and the line of the file a person sees in a spreadsheet.
    row = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=80)
    code = models.CharField(max_length=4, choices=[(code, code) for code in RULES])
    value = models.CharField(max_length=60, blank=True)
    severity = models.CharField(max_length=5, choices=[(s, s) for s in (ERROR, WARN)])

    class Meta:
        indexes: ClassVar = [models.Index(fields=["delivery", "row"], name="problem_place")]

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.row} {self.code}"

    @property
    def message(self) -> str:
        """What is wrong and what to do."""
        return message(self.code)
