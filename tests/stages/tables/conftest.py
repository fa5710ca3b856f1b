"""Two tables of every kind of column, made for these tests alone."""

import pytest
from django.apps.registry import Apps
from django.db import connection, models

from entas.history import HistoryRow

REGISTRY = Apps()


class Parcel(models.Model):
    """A row with a column of every kind; unknown to Django's own registry."""

    SEALED = {"secret": "parcel.secret"}

    name = models.CharField(max_length=40, unique=True)
    secret = models.BinaryField(null=True)
    born_on = models.DateField(null=True)
    seen_at = models.DateTimeField(null=True)
    share = models.DecimalField(max_digits=6, decimal_places=3, null=True)
    extras = models.JSONField(null=True)
    is_open = models.BooleanField(default=True)
    remark = models.CharField(max_length=20, blank=True)
    weight = models.BigIntegerField(null=True)

    class Meta:
        app_label = "city"
        apps = REGISTRY
        db_table = "test_parcel"


class ParcelHistory(HistoryRow):
    """The log of the parcels."""

    class Meta(HistoryRow.Meta):
        app_label = "city"
        apps = REGISTRY
        db_table = "test_parcel_history"


@pytest.fixture(scope="session")
def _tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        for model in (Parcel, ParcelHistory):
            with connection.schema_editor() as editor:
                editor.create_model(model)


@pytest.fixture
def parcels(ground, _tables):
    """The table of parcels, empty."""
    return Parcel


@pytest.fixture
def history(parcels):
    """Its log, empty."""
    return ParcelHistory
