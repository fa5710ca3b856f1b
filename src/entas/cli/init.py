"""``entas init``: make an installation, or bring one to this version of Entas."""

import argparse
import contextlib
import importlib
import secrets
from pathlib import Path
from typing import Any

from entas.cli.frame import say
from entas.refusals import EntasRefusal

# Stages with rows that every installation starts with: `load_reference_rows(*, by)` in services.
STAGES_WITH_ROWS = ("entas.sources.services",)


class HomeUnusable(EntasRefusal):
    """The folder of the installation cannot be made or written."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            "Folder {home} tidak dapat dibuat atau ditulis. Periksa izinnya, atau pilih folder "
            "lain dengan ENTAS_HOME.",
            home=home,
        )


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add ``init``."""
    parser = subparsers.add_parser("init", help="buat instalasi di ENTAS_HOME")
    parser.add_argument(
        "--demo",
        action="store_true",
        help="hanya data buatan (NIK dari rentang cadangan)",
    )
    parser.set_defaults(run=run, needs="django")


def _make_home(home: Path) -> None:
    """Make the folder for the owner alone, and see that it can be written."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "locks").mkdir(mode=0o700, exist_ok=True)
        probe = home / "locks" / "init.lock"
        probe.open("a").close()
    except (
        PermissionError,
        FileNotFoundError,
        NotADirectoryError,
        FileExistsError,
    ) as fault:
        raise HomeUnusable(home) from fault


def _ensure_keys() -> str:
    """The id of the key file; a new one is made only where no data waits for an old one."""
    from entas import custody
    from entas.city.errors import NotInitialised, OtherInstallation
    from entas.city.queries import installation

    try:
        return custody.key_id()
    except custody.KeyMissing:
        try:
            installation()
        except NotInitialised:
            return custody.create_key_file()
        except OtherInstallation:
            # Made by an older version: its data waits for its keys all the same.
            pass
        raise


def _ensure_web_secret(home: Path) -> None:
    """What the web door signs with; made once, for its owner's eyes."""
    from entas.custody import KeyExists
    from entas.custody.keyfile import write_private

    path = home / "keys" / "web.secret"
    if not path.exists():
        with contextlib.suppress(KeyExists):
            write_private(path, secrets.token_urlsafe(50), may_replace=False)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connections, transaction

    for alias in connections:
        # Django notes a migration as done after its tables were made. In one transaction a kill
        # or a full disk between the two cannot leave tables that the next try trips over.
        # SQLite changes tables only while it does not watch foreign keys, and can look away
        # only outside a transaction.
        with connections[alias].constraint_checks_disabled(), transaction.atomic(using=alias):
            call_command("migrate", database=alias, verbosity=0, interactive=False)


def load_stage_rows(by: object) -> None:
    """Let every stage bring the rows that an installation starts with."""
    for stage in STAGES_WITH_ROWS:
        importlib.import_module(stage).load_reference_rows(by=by)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Make or update the installation; running it again changes nothing."""
    from django.conf import settings

    from entas.tables import run_lock

    home = Path(settings.ENTAS_HOME)
    _make_home(home)
    # Two at once: the second waits and then finds everything done.
    with run_lock("init", wait_seconds=60):
        return _initialise(home, is_demo=args.demo)


def _initialise(home: Path, *, is_demo: bool) -> dict[str, Any]:
    from django.utils import timezone

    from entas.city.models import Area
    from entas.city.queries import system_user_name
    from entas.city.services import initialise
    from entas.cli.readiness import schema_stamp

    key_id = _ensure_keys()
    _ensure_web_secret(home)
    _migrate()
    installed, is_new = initialise(
        is_demo=is_demo,
        username=system_user_name(),
        key_id=key_id,
        schema=schema_stamp(),
        now=timezone.now(),
    )
    load_stage_rows(system_user_name())
    kind = "demo (data buatan saja)" if installed.is_demo else "data sungguhan"
    say(f"Instalasi {kind} {'dibuat' if is_new else 'sudah ada; tidak ada yang diubah'}: {home}")
    if is_new:
        say("Kunci baru dibuat. Titipkan salinannya: entas keys escrow --out-a A --out-b B")
    return {
        "home": str(home),
        "demo": installed.is_demo,
        "created": is_new,
        "user": system_user_name(),
        "areas": Area.objects.count(),
    }
