"""The ground of the city: the installation itself, who may act, areas and agencies."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self, TypeVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

_Row = TypeVar("_Row", bound=models.Model)


class Agency(models.Model):
    """An office of the city (OPD)."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=30)
    source = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.short_name


class AreaQuerySet(models.QuerySet["Area"]):
    """Areas narrowed by day and level."""

    def on(self, day: dt.date) -> Self:
        """Areas that exist on that day; the last day still counts."""
        return self.filter(valid_from__lte=day).exclude(valid_to__lt=day)

    def kelurahan(self) -> Self:
        """Only kelurahan."""
        return self.filter(level=Area.Level.KELURAHAN)


class Area(models.Model):
    """A kecamatan or kelurahan, with the days between which it exists.

    ``number`` is the Kemendagri code without its dots as a number (1571011001; 157101 for a
    kecamatan). It names the area everywhere in Entas and never changes. The BPS code is another
    numbering altogether: equal digits mean different places.
    """

    class Level(models.TextChoices):
        """How large the area is."""

        KECAMATAN = "kecamatan", "kecamatan"
        KELURAHAN = "kelurahan", "kelurahan"

    number = models.BigIntegerField(primary_key=True)
    level = models.CharField(max_length=9, choices=Level.choices)
    name = models.CharField(max_length=60)
    code_kemendagri = models.CharField(max_length=13, unique=True)
    code_bps = models.CharField(max_length=10, blank=True)
    name_bps = models.CharField(max_length=60, blank=True)
    post_code = models.CharField(max_length=5, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code_bps"], condition=~Q(code_bps=""), name="area_bps_once"
            ),
            models.CheckConstraint(
                condition=Q(level="kecamatan", parent=None)
                | Q(level="kelurahan", parent__isnull=False),
                name="area_kelurahan_lies_in_kecamatan",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaEdition(models.Model):
    """A division of the city that was in force for a time (62 kelurahan, then 68)."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    kelurahan_count = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    is_guess = models.BooleanField()

    def __str__(self) -> str:
        return self.name


class AreaSuccession(models.Model):
    """Which share of a newer kelurahan was taken from which older one (by polygon area)."""

    old = models.ForeignKey(Area, models.PROTECT, related_name="successions_from")
    new = models.ForeignKey(Area, models.PROTECT, related_name="successions_to")
    share = models.DecimalField(max_digits=4, decimal_places=3)
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_once"),
        ]

    def __str__(self) -> str:
        return f"{self.old} -> {self.new}"

    @property
    def share_percent(self) -> int:
        """The share in whole percent."""
        return round(self.share * 100)


class AreaAlias(models.Model):
    """Another way in which the name of an area is written."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=60)
    # What the resolver compares: see resolver.place_key.
    name_normalised = models.CharField(max_length=60, unique=True)
    source = models.CharField(max_length=100)
    is_guess = models.BooleanField()

    def __str__(self) -> str:
        return self.name


class StatementQuerySet(models.QuerySet[_Row]):
    """Figures or targets narrowed to what still stands."""

    def standing(self) -> Self:
        """Without those a later row corrects."""
        return self.filter(superseded_by=None)


class StatementStatus(models.TextChoices):
    """How sure it is that a figure was published so."""

    OFFICIAL = "official", "resmi"
    QUOTED = "quoted", "kutipan"
    UNCONFIRMED = "unconfirmed", "belum dikonfirmasi"


class Statement(models.Model):
    """A number that somebody published, with its source; corrected by a later row, never changed.

    ``indicator`` is a code of ``indicators.INDICATORS``. ``area_code`` is a text, for figures speak
    of provinces and of kecamatan of earlier times too: a Kemendagri code with its dots, or a name
    of ``data/wilayah_angka.csv``.
    """

    # Which line of a shipped file it came from; empty for what was entered here.
    shipped_key = models.CharField(max_length=60, blank=True)
    indicator = models.CharField(max_length=40)
    area_code = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=300)
    source_url = models.URLField(max_length=300, blank=True)
    status = models.CharField(max_length=12, choices=StatementStatus.choices)
    note = models.CharField(max_length=300, blank=True)
    entered_by = models.CharField(max_length=160)
    entered_at = models.DateTimeField()
    act_id = models.BigIntegerField()
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.indicator} {self.area_code} {self.value}"


class OfficialFigure(Statement):
    """One value of an indicator for one place and one period.

    ``edition`` tells apart who counted or which release it is (Dukcapil, BPS). ``margin`` is half
    the 95 % interval of a survey in the unit of the value, where the publisher gave one.
    """

    period = models.CharField(max_length=40)
    from_on = models.DateField()
    to_on = models.DateField()
    unit = models.CharField(max_length=40)
    edition = models.CharField(max_length=60, blank=True)
    margin = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipped_key"], condition=~Q(shipped_key=""), name="figure_shipped_once"
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="figure_period_ends_after_it_begins"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["indicator", "area_code", "from_on"], name="figure_series"),
        ]


class TargetVersion(Statement):
    """A target as somebody said it: 6.49 and 6.4 percent in one press release are two rows.

    ``base_year`` and ``base_value`` are where the straight way to the target begins, where that was
    said too.
    """

    for_year = models.PositiveSmallIntegerField()
    base_year = models.PositiveSmallIntegerField(null=True, blank=True)
    base_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    said_by = models.CharField(max_length=120)
    said_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipped_key"], condition=~Q(shipped_key=""), name="target_shipped_once"
            ),
            models.CheckConstraint(
                condition=Q(base_year=None, base_value=None)
                | Q(base_value__isnull=False, base_year__lt=F("for_year")),
                name="target_base_is_whole",
            ),
        ]


class User(AbstractUser):
    """Somebody who acts in Entas; on the command line the person logged in at the system.

    What a user may do stands in the user's rights, and in nothing else (policies.py).
    """

    SEALED: ClassVar[dict[str, str]] = {"totp_sealed": "user.totp"}

    class Language(models.TextChoices):
        """Languages of the screens."""

        INDONESIAN = "id", "Bahasa Indonesia"
        ENGLISH = "en", "English"

    # Indonesian names have no first and last part.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.INDONESIAN)
    # The password was chosen by somebody else: the next sign-in asks for a new one first.
    must_change_password = models.BooleanField(default=False)
    # Secret of the authenticator app; confirmed once its first number was typed.
    totp_sealed = models.BinaryField(null=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    # Thirty-second step of the last number that was accepted: none is taken twice.
    totp_last_step = models.BigIntegerField(default=0)
    # Sessions begun under an earlier number are over.
    session_epoch = models.PositiveIntegerField(default=0)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def get_full_name(self) -> str:
        """The name as the person writes it, or the user name."""
        return self.name or self.username


class RightQuerySet(models.QuerySet["Right"]):
    """Rights narrowed by day."""

    def on(self, day: dt.date) -> Self:
        """Rights in force on that day; the last day still counts."""
        return self.filter(withdrawn_at=None, valid_from__lte=day).exclude(valid_to__lt=day)


class Right(models.Model):
    """What one user may do, where, for which office and from when to when.

    ``role`` is a bundle of acts (policies.ACTS_OF_ROLE). Without ``area`` the right holds in the
    whole city, on a kecamatan in all its kelurahan. ``agency`` is the office (OPD) it is held for.
    ``deputy_for`` names the user who is stood in for. Rights are withdrawn, never deleted.
    """

    class Role(models.TextChoices):
        """The offices of domain.md section 1.2 and those of the city around them."""

        FACILITATOR = "facilitator", "fasilitator"
        FRONT_OFFICE = "front_office", "petugas front office"
        BACK_OFFICE = "back_office", "petugas back office"
        PUSKESOS_COORDINATOR = "puskesos_coordinator", "koordinator Puskesos"
        SUPERVISOR = "supervisor", "supervisor"
        SLRT_MANAGER = "slrt_manager", "manajer SLRT"
        OPD_HANDLER = "opd_handler", "petugas rujukan OPD"
        DATA_OPERATOR = "data_operator", "operator SIKS-NG"
        TKPK_VIEWER = "tkpk_viewer", "pembaca TKPK"
        TKPK_SECRETARIAT = "tkpk_secretariat", "sekretariat TKPK (Bappeda)"
        AGENCY_OFFICER = "agency_officer", "petugas OPD"
        DATA_STEWARD = "data_steward", "penanggung jawab data"
        DATA_PROTECTION_OFFICER = "data_protection_officer", "pejabat pelindungan data"
        AUDITOR = "auditor", "auditor"
        LEADER = "leader", "pimpinan"
        ADMINISTRATOR = "administrator", "administrator"

    user = models.ForeignKey(User, models.PROTECT, related_name="rights")
    role = models.CharField(max_length=30, choices=Role.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    deputy_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deputies"
    )
    granted_by = models.CharField(max_length=160)
    withdrawn_by = models.CharField(max_length=160, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    act_id = models.BigIntegerField()

    objects = RightQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="right_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class RecoveryRequestQuerySet(models.QuerySet["RecoveryRequest"]):
    """Requests narrowed by how far they are."""

    def waiting(self, now: dt.datetime) -> Self:
        """Asked for, and neither approved, closed nor too old."""
        return self.filter(approved_at=None, closed_at=None, asked_until__gt=now)

    def usable(self, now: dt.datetime) -> Self:
        """Approved: their code may still be used."""
        return self.filter(used_at=None, closed_at=None, expires_at__gt=now)


class RecoveryRequest(models.Model):
    """Somebody lost the phone or the password: one administrator asks, another one approves.

    Approving makes a code that is shown once. Only its keyed hash stays, and it lets the person
    in once, to choose a new password or to set up a new phone.
    """

    class Kind(models.TextChoices):
        """What was lost."""

        PHONE = "phone", "ponsel"
        PASSWORD = "password", "kata sandi"
        BOTH = "both", "ponsel dan kata sandi"

    user = models.ForeignKey(User, models.PROTECT, related_name="recoveries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=160)
    asked_at = models.DateTimeField()
    asked_until = models.DateTimeField()
    approved_by = models.CharField(max_length=160, blank=True)
    approved_at = models.DateTimeField(null=True)
    code_hash = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=160, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = RecoveryRequestQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def frees_phone(self) -> bool:
        """The second factor is taken off."""
        return self.kind in {self.Kind.PHONE, self.Kind.BOTH}

    @property
    def frees_password(self) -> bool:
        """A new password is chosen."""
        return self.kind in {self.Kind.PASSWORD, self.Kind.BOTH}


class SingleHanded(models.Model):
    """An act that one person prepared and approved, because nobody else there could.

    Somebody of another office looks at these every week.
    """

    act_id = models.BigIntegerField(unique=True)
    act = models.CharField(max_length=60)
    actor = models.CharField(max_length=160)
    kelurahan = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=160, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.act} {self.act_id}"


class PurposeQuerySet(models.QuerySet["Purpose"]):
    """Purposes narrowed by day."""

    def on(self, day: dt.date) -> Self:
        """Purposes in force on that day; the last day still counts."""
        return self.filter(valid_from__lte=day).exclude(valid_to__lt=day)


class Purpose(models.Model):
    """Why somebody may see a number in full or take a list along: a dated row with its basis."""

    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200)

    objects = PurposeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="purpose_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.code


class Installation(models.Model):
    """This installation: the one row that says what it is.

    A demo installation differs by this row alone: it accepts the reserved NIK range only
    (``nik_only``), while a real one accepts every range but that (``nik_never``).
    """

    is_demo = models.BooleanField()
    created_at = models.DateTimeField()
    key_id = models.CharField(max_length=40)
    # The newest version anything here may be sealed with: a key file without it is too old.
    key_version = models.PositiveIntegerField(default=1)
    schema = models.CharField(max_length=64)
    nik_only = models.JSONField(default=list)
    nik_never = models.JSONField(default=list)
    # Whether everybody needs a second factor to sign in; invented people may do without.
    needs_second_factor = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="one_installation"),
        ]

    def __str__(self) -> str:
        return "demo" if self.is_demo else "instalasi"
