"""One long command at a time: a lock on a file of the installation and one in the database."""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.utils import timezone

from entas.refusals import EntasRefusal, Saying

_PATIENCE_SECONDS = 0.1


class Busy(EntasRefusal):
    """Another command holds the lock."""

    def __init__(self, name: str, holder: Saying) -> None:
        super().__init__(
            "Perintah lain sedang berjalan ({name}{holder}). "
            "Coba lagi setelah perintah itu selesai.",
            name=name,
            holder=holder,
        )


def _who(file: IO[str]) -> Saying:
    """What the holder wrote about itself; empty when it has not come to it yet."""
    with contextlib.suppress(ValueError, KeyError, OSError):
        file.seek(0)
        note = json.loads(file.read(200))
        since = datetime.fromisoformat(note["since"])
        return Saying(
            ", proses {process}, sejak {since}",
            process=int(note["pid"]),
            since=f"{since:%H:%M:%S}",
        )
    return Saying("")


def _try_file(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _database_number(name: str) -> int:
    digest = hashlib.sha256(f"entas run {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _try_database(name: str) -> bool:
    """Take the advisory lock: two machines may serve one PostgreSQL, each with its own files."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_database_number(name)])
        return bool(cursor.fetchone()[0])


def _free_database(name: str) -> None:
    # A broken connection has already let go of its locks.
    if connection.vendor == "postgresql" and connection.connection and connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_database_number(name)])


def _wait_for(name: str, file: IO[str], until: float) -> None:
    while not _try_file(file):
        if time.monotonic() >= until:
            raise Busy(name, _who(file))
        time.sleep(_PATIENCE_SECONDS)
    while not _try_database(name):
        if time.monotonic() >= until:
            raise Busy(name, Saying(", di komputer lain"))
        time.sleep(_PATIENCE_SECONDS)


@contextlib.contextmanager
def run_lock(name: str, *, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the right to run one kind of long command; it is let go also when the process dies.

    Args:
        name: lower-case letters and hyphens, for instance ``import`` or ``link``.
        wait_seconds: how long to wait for another holder before giving up.

    Raises:
        Busy: somebody else holds it; the message says which process and since when.
        ValueError: the name is not one.
    """
    if not re.fullmatch(r"[a-z][a-z-]{0,40}", name):
        raise ValueError(f"{name!r} cannot name a lock.")
    folder = Path(settings.ENTAS_HOME) / "locks"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / f"{name}.lock").open("a+", encoding="utf-8") as file:
        _wait_for(name, file, time.monotonic() + wait_seconds)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "since": timezone.localtime().isoformat()}))
        file.flush()
        try:
            yield
        finally:
            _free_database(name)
