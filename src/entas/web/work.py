"""What workers do for this door: forget what nobody comes back to."""

from django.utils import timezone

from entas.jobs import handlers

_SECONDS_BETWEEN_SWEEPS = 3_600.0


def offer() -> None:
    """Register it."""
    handlers.register_tick("web.forget", _forget, every_seconds=_SECONDS_BETWEEN_SWEEPS)


def _forget() -> None:
    from entas.web import drafts, questions, sessions

    now = timezone.now()
    drafts.forget_old(now=now)
    questions.forget_old(now=now)
    sessions.forget_old(now=now)
