"""Which database file the chains lie in."""

from typing import Any

from django.conf import settings
from django.db.models import Model


def looks_database() -> str:
    """Alias of the database that holds the look chain: its own file on SQLite."""
    return "looks" if "looks" in settings.DATABASES else "default"


class LooksApart:
    """Sends the look chain to its own file and keeps everything else out of that file."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """The looks file for looks; no opinion otherwise."""
        return looks_database() if model._meta.label in {"audit.Look", "audit.LookHead"} else None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        """Whether a table may be made in a database: looks in theirs, the rest elsewhere."""
        if app_label == "audit" and model_name in {"look", "lookhead"}:
            return db == looks_database()
        return False if db == "looks" else None
