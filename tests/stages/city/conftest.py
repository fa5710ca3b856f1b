"""A table with a sealed column, made for these tests alone."""

import pytest
from django.apps.registry import Apps
from django.db import connection, models


class SealedRow(models.Model):
    """A name and a secret; unknown to Django's own registry."""

    name = models.CharField(max_length=40)
    secret = models.BinaryField(null=True)

    class Meta:
        app_label = "city"
        apps = Apps()
        db_table = "test_sealed_row"


@pytest.fixture(scope="session")
def _sealed_row(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(SealedRow)


@pytest.fixture
def sealed_table(ground, _sealed_row):
    """The table, empty."""
    return SealedRow
