"""What every test may lean on: a database of the kind asked for, an installation, the command.

ENTAS_TEST_DB says which database: ``sqlite`` (default) or ``postgres``; `make test` runs both.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import hypothesis
import pytest

# How long an example takes says how busy the machine is. On the forge the same examples are tried
# each time; at a desk new ones are.
hypothesis.settings.register_profile(
    "entas", deadline=None, derandomize=bool(os.environ.get("ENTAS_CI"))
)
hypothesis.settings.load_profile("entas")

ENGINE = os.environ.get("ENTAS_TEST_DB", "sqlite")
_SERVER_URL = "ENTAS_TEST_POSTGRES_URL"


def _settle_environment() -> None:
    """Give this process a home and a database of its own, and set Django up on them.

    At import, before the conftests below it: they may define models.
    """
    if ENGINE not in {"sqlite", "postgres"}:
        raise pytest.UsageError(f"ENTAS_TEST_DB={ENGINE!r}: write sqlite or postgres.")
    if ENGINE == "postgres" and _SERVER_URL not in os.environ:
        # The first process starts the server; xdist's workers inherit its address.
        from postgres_server import PostgresServer

        server = PostgresServer()
        atexit.register(server.stop)
        server.start()
        os.environ[_SERVER_URL] = server.url()
    home = tempfile.mkdtemp(prefix="entas-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ.pop("ENTAS_KEY_FILE", None)
    os.environ |= {
        "ENTAS_HOME": home,
        "ENTAS_DATABASE_URL": os.environ[_SERVER_URL] if ENGINE == "postgres" else "",
        "DJANGO_SETTINGS_MODULE": "entas.settings",
        "ENTAS_USER": "ani",
    }
    import django

    django.setup()
    # A worker that inherited this would read the settings, and with them the home of the first
    # process, before it comes to these lines.
    del os.environ["DJANGO_SETTINGS_MODULE"]


_settle_environment()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that stands on the ground may use both databases, the looks included.

    Tests in a browser come last: what drives it leaves a loop open in the process, beside which
    Django would answer every other test through another connection.
    """
    items.sort(key=lambda item: "browser" in item.path.parts)
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "ground" in asked and item.get_closest_marker("django_db") is None:
            is_transactional = "transactional_db" in asked
            item.add_marker(
                pytest.mark.django_db(databases="__all__", transaction=is_transactional)
            )


# A machine without a browser tests the rest and says so; a forge (ENTAS_CI) must have one.
_NO_BROWSER = "no browser here"


def _reasons_of_skips(reporter: Any) -> list[str]:
    return [str(report.longrepr) for report in reporter.stats.get("skipped", ())]


def _is_excused(reason: str) -> bool:
    return _NO_BROWSER in reason and not os.environ.get("ENTAS_CI")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is a test that did not run: the whole run fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or session.exitstatus != pytest.ExitCode.OK:
        return
    is_excused = all(map(_is_excused, _reasons_of_skips(reporter)))
    if not is_excused or reporter.stats.get("xfailed"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in the last lines what this machine could not test."""
    without = [why for why in _reasons_of_skips(terminalreporter) if _NO_BROWSER in why]
    if without:
        terminalreporter.write_line(
            f"NOT RUN: {len(without)} tests in a browser, for this machine has none. "
            "Install Debian's chromium and run `make test` again."
        )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test databases, with a key file and the rows of a demo installation."""
    from entas import custody

    custody.create_key_file()
    with django_db_blocker.unblock():
        _lay_ground()


@pytest.fixture(scope="session")
def lay_ground() -> Callable[[], None]:
    """For fixtures that find the tables emptied: fills them again with the first rows."""
    return _lay_ground


def _lay_ground() -> None:
    from django.utils import timezone

    from entas import custody
    from entas.city.services import initialise
    from entas.cli.init import load_stage_rows
    from entas.cli.readiness import schema_stamp

    initialise(
        is_demo=True,
        username="ani",
        key_id=custody.key_id(),
        schema=schema_stamp(),
        now=timezone.now(),
    )
    load_stage_rows("ani")


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Any:
    """A demo installation with all areas in the test database; gives its administrator, Ani.

    It brings the database along: the test needs no other marker.
    """
    request.getfixturevalue("_django_db_helper")
    from entas.city.models import User
    from entas.city.queries import forget_areas

    # A transactional test empties all tables behind it.
    if not User.objects.exists():
        forget_areas()
        _lay_ground()
    return User.objects.get(username="ani")


@pytest.fixture
def somebody(ground: Any) -> Any:
    """Makes users: ``somebody("budi", "data_steward", area=number)`` holds that right from today.

    Without an area the right holds in the whole city; without a role the user holds none.
    """
    from django.utils import timezone

    from entas.city.models import User
    from entas.city.services.rights import Wanted, write_right

    def make(username: str, role: str = "", *, area: int | None = None, **more: Any) -> Any:
        from entas.city.models import Area

        user = User.objects.create(username=username, **more)
        if role:
            place = Area.objects.get(number=area) if area else None
            wanted = Wanted(role, timezone.localdate(), area=place)
            write_right(user=user, by="uji", wanted=wanted)
        return user

    return make


@dataclass
class Installed:
    """An installation of its own, driven like a user drives it: by the command."""

    home: Path
    env: dict[str, str] = field(repr=False)

    def run(
        self, *words: str | Path, timeout: float = 120, typed: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``entas WORDS`` to its end, whatever that is; ``typed`` is its standard input."""
        return subprocess.run(
            self.command(*words),
            input=typed,
            env={**self.env, **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def command(self, *words: str | Path) -> list[str]:
        """The words of the process, for tests that start or kill it themselves."""
        return [sys.executable, "-m", "entas.cli", *map(str, words)]

    def json(
        self, *words: str | Path, timeout: float = 120, typed: str = "", **environment: str
    ) -> dict[str, Any]:
        """Run a command that must succeed, and give its JSON answer."""
        done = self.run(*words, "--json", timeout=timeout, typed=typed, **environment)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def refusal(self, *words: str | Path, typed: str = "") -> str:
        """Run a command that must be refused, and give its one line."""
        done = self.run(*words, typed=typed)
        assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
        lines: Sequence[str] = done.stderr.splitlines()
        assert len(lines) == 1, done.stderr
        assert len(lines[0]) <= 1_000
        assert "Traceback" not in lines[0]
        assert lines[0].isprintable()
        return lines[0]


def _fresh_database() -> Iterator[str]:
    """Address of an empty PostgreSQL database, gone afterwards; nothing to do for SQLite."""
    if ENGINE == "sqlite":
        yield ""
        return
    import psycopg

    url = os.environ[_SERVER_URL]
    name = f"entas_{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_home(tmp_path: Path) -> Iterator[Installed]:
    """A place for an installation where ``entas init`` was not run yet."""
    for url in _fresh_database():
        home = tmp_path / "entas-data"
        env = {k: v for k, v in os.environ.items() if not k.startswith(("ENTAS_", "DJANGO_"))}
        env |= {"ENTAS_HOME": str(home), "ENTAS_DATABASE_URL": url, "ENTAS_USER": "ani"}
        yield Installed(home, env)


@pytest.fixture
def installed(empty_home: Installed) -> Installed:
    """A finished demo installation of its own."""
    empty_home.json("init", "--demo")
    return empty_home
