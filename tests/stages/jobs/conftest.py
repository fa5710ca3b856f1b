"""Kinds of work made for the tests of the queue."""

import pytest

from entas.jobs import handlers


@pytest.fixture
def kinds(monkeypatch):
    """Gives a function that registers a kind for one test."""
    monkeypatch.setattr(handlers, "_handlers", dict(handlers._handlers))
    monkeypatch.setattr(handlers, "_ticks", {})

    def register(function, kind="test.work"):
        handlers.register(kind, "Pekerjaan uji", function, act="audit.verify", is_bare=True)
        return kind

    return register
