"""Rights with place and days instead of one role a user; who had the one role keeps its acts."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

# The one role of before had all acts; they now belong to two offices.
_OFFICES = ("administrator", "data_steward")


def rights_of_role(apps: Any, _: Any) -> None:
    """Write the rights of everybody who had the role, from today on."""
    acts = apps.get_model("audit", "Act").objects.order_by("position")
    first = acts.values_list("pk", flat=True).first() or 0
    today = timezone.localdate()
    for user in apps.get_model("city", "User").objects.filter(role="administrator"):
        entered = acts.filter(act="city.add_user", object_id=str(user.pk)).last()
        for office in _OFFICES:
            apps.get_model("city", "Right").objects.create(
                user=user,
                role=office,
                valid_from=today,
                granted_by="entas init",
                act_id=entered.pk if entered else first,
            )


def role_of_rights(apps: Any, _: Any) -> None:
    """Give the role back to whoever holds both of its offices in the whole city."""
    users = apps.get_model("city", "User").objects.all()
    held = apps.get_model("city", "Right").objects.filter(area=None, withdrawn_at=None)
    for office in _OFFICES:
        users = users.filter(pk__in=held.filter(role=office).values("user"))
    users.update(role="administrator")


class Migration(migrations.Migration):
    """Rights, what one person did alone, and what signing in needs."""

    dependencies = [
        ("audit", "0001_first"),
        ("city", "0002_installation_key_version"),
    ]

    operations = [
        migrations.CreateModel(
            name="SingleHanded",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act_id", models.BigIntegerField(unique=True)),
                ("act", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=160)),
                ("kelurahan", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                ("reviewed_by", models.CharField(blank=True, max_length=160)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.RemoveField(
            model_name="user",
            name="agency",
        ),
        migrations.RemoveField(
            model_name="user",
            name="area",
        ),
        migrations.AddField(
            model_name="installation",
            name="needs_second_factor",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                choices=[("id", "Bahasa Indonesia"), ("en", "English")], default="id", max_length=2
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="phone",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="user",
            name="totp_confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="totp_last_step",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="user",
            name="totp_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.CreateModel(
            name="Right",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("facilitator", "fasilitator"),
                            ("front_office", "petugas front office"),
                            ("back_office", "petugas back office"),
                            ("puskesos_coordinator", "koordinator Puskesos"),
                            ("supervisor", "supervisor"),
                            ("slrt_manager", "manajer SLRT"),
                            ("opd_handler", "petugas rujukan OPD"),
                            ("data_operator", "operator SIKS-NG"),
                            ("tkpk_viewer", "pembaca TKPK"),
                            ("tkpk_secretariat", "sekretariat TKPK (Bappeda)"),
                            ("agency_officer", "petugas OPD"),
                            ("data_steward", "penanggung jawab data"),
                            ("data_protection_officer", "pejabat pelindungan data"),
                            ("auditor", "auditor"),
                            ("leader", "pimpinan"),
                            ("administrator", "administrator"),
                        ],
                        max_length=30,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("granted_by", models.CharField(max_length=160)),
                ("withdrawn_by", models.CharField(blank=True, max_length=160)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("act_id", models.BigIntegerField()),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="city.agency",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="city.area",
                    ),
                ),
                (
                    "deputy_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="right_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="RecoveryRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "ponsel"),
                            ("password", "kata sandi"),
                            ("both", "ponsel dan kata sandi"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("asked_by", models.CharField(max_length=160)),
                ("asked_at", models.DateTimeField()),
                ("asked_until", models.DateTimeField()),
                ("approved_by", models.CharField(blank=True, max_length=160)),
                ("approved_at", models.DateTimeField(null=True)),
                ("code_hash", models.BigIntegerField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=160)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recoveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(rights_of_role, role_of_rights),
        migrations.RemoveField(
            model_name="user",
            name="role",
        ),
    ]
