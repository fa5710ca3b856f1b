"""What workers do for this stage."""

from typing import Any

from entas.jobs import handlers
from entas.jobs.handlers import Progress
from entas.refusals import mark


def offer() -> None:
    """Register it all."""
    handlers.register(
        "registry.link", mark("Menautkan daftar"), _link_lists, act="registry.link", is_bare=True
    )
    handlers.register("registry.undo", mark("Menarik impor"), _undo_import, act="registry.undo")


def _link_lists(
    payload: dict[str, Any],  # noqa: ARG001
    actor: int | None,
    progress: Progress,
) -> dict[str, Any]:
    """Link the lists that wait."""
    from entas.city.queries import user_of
    from entas.registry.services import link_lists

    return link_lists(by=user_of(actor), progress=progress)


def _undo_import(payload: dict[str, Any], actor: int | None, progress: Progress) -> dict[str, Any]:
    """Withdraw a list: ``payload`` holds ``import_id`` and ``on``, the day it counts from."""
    from datetime import date

    from entas.city.queries import user_of
    from entas.registry.services import undo_import

    return undo_import(
        import_id=int(payload["import_id"]),
        by=user_of(actor),
        on=date.fromisoformat(payload["on"]),
        progress=progress,
    )
