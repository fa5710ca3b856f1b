"""A real server and a real browser: the small city served as a city would serve it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from doors.web.world import PASSWORD, World
from journey.little_lists import shared_installation

ROOT = Path(__file__).parents[4]
NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_PATIENCE_SECONDS = 60


@dataclass
class Served:
    """A running server: where it answers, and the numbers of the rows behind it."""

    address: str
    world: World
    home: Path


def _own_path(env: dict[str, str]) -> dict[str, str]:
    paths = [str(ROOT / "src"), str(ROOT / "tests"), env.get("PYTHONPATH", "")]
    return env | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "DJANGO_SETTINGS_MODULE": "entas.settings",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), urlopen(address, timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    pytest.fail(f"The server did not answer:\n{log.read_text(errors='replace')[-3_000:]}")


@contextlib.contextmanager
def _running(env: dict[str, str], folder: Path) -> Iterator[str]:
    """A granian server on a free port of this machine."""
    port = _free_port()
    log = folder / "server.log"
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    words += ["--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*words, "entas.wsgi:application"], env=env, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/masuk/", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the system's browser is; where there is none, `make test` says so at its end."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        why = f"no browser here (looked for {', '.join(NAMES)})"
        # A forge installs one: there a skipped test is a failed one.
        (pytest.fail if os.environ.get("ENTAS_CI") else pytest.skip)(why)
    return path


@pytest.fixture(scope="session")
def served(chromium: str, request, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small city behind a server, once for all tests in a browser."""
    folder = tmp_path_factory.mktemp("served")
    for installed in shared_installation(request, folder):
        env = _own_path(installed.env)
        installed.env.update(env)
        installed.json("init", "--demo")
        founded = subprocess.run(
            [sys.executable, "-m", "doors.web.browser.founding"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert founded.returncode == 0, founded.stderr[-3_000:]
        told: dict[str, Any] = json.loads(founded.stdout.splitlines()[-1])
        world = World(ani=None, office=None, numbers=told["numbers"], people=told["people"])
        with _running(env, folder) as address:
            yield Served(address, world, installed.home)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        yield launched
        launched.close()


@dataclass
class Desk:
    """A browser window at the served city, perhaps with somebody signed in."""

    served: Served
    page: Any
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        """Open an address of the city."""
        return self.page.goto(self.served.address + path)

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        """Sign in by the form; no second factor is asked of invented people."""
        if not self.page.url.startswith(f"{self.served.address}/masuk/"):
            self.go("/masuk/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_selector("details.menu .who")

    def sign_out(self) -> None:
        """Sign out by the menu."""
        self.page.click("details.menu summary")
        self.page.click("form[action='/keluar/'] button")
        self.page.wait_for_selector("[name=password]")

    @property
    def path(self) -> str:
        """Where the window is, without the name of the server."""
        return str(self.page.url).removeprefix(self.served.address)

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return str(self.page.inner_text("body"))


def _listen(desk: Desk) -> None:
    """Remember what no page may do: faults of scripts, answers of 500, requests elsewhere."""

    def answered(response: Any) -> None:
        if response.status >= 500:
            desk.faults.append(f"{response.status} {response.url}")

    def asked(request: Any) -> None:
        if not request.url.startswith((desk.served.address, "data:", "about:", "blob:")):
            desk.faults.append(f"asked elsewhere: {request.url}")

    desk.page.on("response", answered)
    desk.page.on("request", asked)
    desk.page.on("pageerror", lambda fault: desk.faults.append(f"script: {fault}"))
    desk.page.on(
        "console",
        lambda line: (
            desk.faults.append(f"console: {line.text}")
            if "Content Security Policy" in line.text
            else None
        ),
    )


@pytest.fixture
def open_desk(served: Served, browser: Any) -> Iterator[Callable[..., Desk]]:
    """Opens a browser window of its own: ``open_desk(user, width=360, javascript=False)``."""
    contexts: list[Any] = []
    desks: list[Desk] = []

    def opened(
        user: str = "", *, width: int = 1280, javascript: bool = True, bypass_csp: bool = False
    ) -> Desk:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            bypass_csp=bypass_csp,
            locale="id-ID",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        desk = Desk(served, context.new_page())
        desks.append(desk)
        _listen(desk)
        if user:
            desk.sign_in(user)
        return desk

    yield opened
    for context in contexts:
        context.close()
    assert [fault for desk in desks for fault in desk.faults] == []


@pytest.fixture(scope="session")
def seats(served: Served, browser: Any) -> Iterator[Callable[[str], Desk]]:
    """Windows that stay open for tests that only look: one a person, "" for nobody."""
    kept: dict[str, Desk] = {}

    def seat(user: str) -> Desk:
        if user not in kept:
            # The scanner is put into the page, which the policy of the pages forbids.
            context = browser.new_context(
                viewport={"width": 1280, "height": 800}, bypass_csp=True, locale="id-ID"
            )
            context.set_default_timeout(15_000)
            kept[user] = Desk(served, context.new_page())
            _listen(kept[user])
            if user:
                kept[user].sign_in(user)
        kept[user].faults.clear()
        return kept[user]

    yield seat
    for desk in kept.values():
        desk.page.context.close()
