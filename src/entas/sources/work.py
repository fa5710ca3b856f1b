"""What workers do for this stage."""

from typing import Any

from entas.jobs import handlers
from entas.jobs.handlers import Progress
from entas.refusals import mark


def offer() -> None:
    """Register it all."""
    handlers.register("sources.import", mark("Menerima daftar"), _import_list, act="sources.import")


def _import_list(payload: dict[str, Any], actor: int | None, progress: Progress) -> dict[str, Any]:
    """Take a file in; ``payload`` is what ``services.start_import`` put together."""
    from entas.city.queries import user_of
    from entas.sources.services import import_list
    from entas.sources.services.starting import arrival_of

    arrival, received_at = arrival_of(payload)
    # The import reports into this job by itself (jobs.services.running).
    del progress
    result = import_list(arrival=arrival, by=user_of(actor), now=received_at)
    # Where the rejected rows lie may name somebody; how many there are does not.
    return {key: value for key, value in result.as_dict().items() if key != "rejects_file"}
