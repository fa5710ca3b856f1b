"""What workers do for this stage."""

from typing import Any

from entas.jobs import handlers
from entas.jobs.handlers import Progress
from entas.refusals import mark


def offer() -> None:
    """Register it all."""
    handlers.register(
        "audit.verify",
        mark("Memeriksa keutuhan jejak"),
        _verify_chains,
        act="audit.verify",
        is_bare=True,
    )


def _verify_chains(
    payload: dict[str, Any],  # noqa: ARG001
    actor: int | None,
    progress: Progress,
) -> dict[str, Any]:
    """Walk both chains; the actor's right is asked again, for it may be gone by now."""
    from entas.audit.services import verify_chains
    from entas.city.policies import check_may
    from entas.city.queries import user_of

    user = user_of(actor)
    check_may(user, "audit.verify")
    progress(0, 0, "memeriksa kedua rantai")
    report, _act = verify_chains(user, progress=progress)
    found: dict[str, Any] = {"is_whole": report.is_whole}
    for chain in report.chains:
        found[chain.chain] = {
            "length": chain.length,
            "last_hash": chain.last_hash,
            "broken_at": chain.broken_at,
            "why": chain.why,
        }
    return found
