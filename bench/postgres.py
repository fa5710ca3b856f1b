"""A PostgreSQL server for measurements: that of the tests, but with its writes made safe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
# As it comes, with the buffers of a small office's server. The tests switch fsync off: a figure
# made that way would flatter.
SETTINGS = {
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "20",
    "listen_addresses": "",
}


@contextmanager
def server() -> Iterator[str]:
    """A running server; the value is its ENTAS_DATABASE_URL.

    Raises:
        RuntimeError: the wheel is missing or the server did not answer.
    """
    sys.path.insert(0, str(TESTS))
    import postgres_server

    vars(postgres_server)["_FAST"] = SETTINGS
    started = postgres_server.PostgresServer()
    try:
        started.start()
        yield started.url()
    finally:
        started.stop()
