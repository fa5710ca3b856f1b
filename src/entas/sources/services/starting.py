"""Putting an import into the queue."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from entas.city.models import User
from entas.city.services.working import start_job
from entas.jobs.models import Job
from entas.sources.services.importing import Arrival


def start_import(*, arrival: Arrival, by: User, now: datetime) -> Job:
    """Let a worker take in one file that lies where workers can read it.

    Args:
        arrival: the file and what is said about it, as for ``import_list``. It must stay where
            it is until the work has ended; no copy in plain form is made.
        by: who does it.
        now: the moment of receipt, aware.

    Raises:
        entas.city.errors.NotAllowed: ``by`` may not.
    """
    payload = {
        "path": str(arrival.path.absolute()),
        "source": arrival.source,
        "as_of": arrival.as_of.isoformat(),
        "profile": arrival.profile,
        "sender": arrival.sender,
        "legal_basis": arrival.legal_basis,
        "rejects": str(arrival.rejects.absolute()) if arrival.rejects else "",
        "received_at": now.isoformat(),
    }
    return start_job(kind="sources.import", by=by, payload=payload)


def arrival_of(payload: dict[str, Any]) -> tuple[Arrival, datetime]:
    """The file and the moment of receipt that ``start_import`` wrote down."""
    arrival = Arrival(
        path=Path(payload["path"]),
        source=payload["source"],
        as_of=date.fromisoformat(payload["as_of"]),
        profile=payload["profile"],
        sender=payload["sender"],
        legal_basis=payload["legal_basis"],
        rejects=Path(payload["rejects"]) if payload["rejects"] else None,
    )
    return arrival, datetime.fromisoformat(payload["received_at"])
