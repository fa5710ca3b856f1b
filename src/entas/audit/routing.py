"""Which database file the chains lie in, and what else is written while somebody only reads."""

from typing import Any

from django.conf import settings
from django.db.models import Model

# On SQLite there is one writer a file. Whatever browsing writes lies apart from the registry, so
# that it never waits for an import: looks, sessions, drafts, failed sign-ins.
_APART_MODELS = frozenset(
    {"audit.look", "audit.lookhead", "web.draft", "web.question", "web.signin"}
)
_APART_APPS = frozenset({"sessions", "axes"})


def looks_database() -> str:
    """Alias of the database of what browsing writes: its own file on SQLite."""
    return "looks" if "looks" in settings.DATABASES else "default"


def _is_apart(app_label: str, model_name: str | None) -> bool:
    return app_label in _APART_APPS or f"{app_label}.{model_name}" in _APART_MODELS


class LooksApart:
    """Sends what browsing writes to its own file and keeps everything else out of that file."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        """The looks file for what lies apart; no opinion otherwise."""
        meta = model._meta
        return looks_database() if _is_apart(meta.app_label, meta.model_name) else None

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        """Whether a table may be made in a database: what lies apart in its own, the rest not."""
        if _is_apart(app_label, model_name):
            return db == looks_database()
        return False if db == "looks" else None
