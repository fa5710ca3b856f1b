"""Whether the installation at hand is finished, of this version, and has its own keys."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings

from entas import custody
from entas.city.errors import NotInitialised, OtherInstallation
from entas.city.queries import installation


def schema_stamp() -> str:
    """A short hash over the names of all migrations of Entas.

    Comparing it costs a folder listing; asking Django's executor costs a tenth of a second for
    every command.
    """
    names = sorted(
        f"{app.label}/{path.stem}"
        for app in apps.get_app_configs()
        if app.name.startswith("entas.")
        for path in Path(app.path, "migrations").glob("0*.py")
    )
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def check_installation() -> None:
    """Let pass when a command can work here.

    Raises:
        NotInitialised: there is no finished installation.
        OtherInstallation: it belongs to another version, or the key file is foreign.
        KeyMissing: the key file is not there.
    """
    home = Path(settings.ENTAS_HOME)
    database = settings.DATABASES["default"]
    is_sqlite = database["ENGINE"].endswith("sqlite3")
    # Connecting would make an empty file, and leave it behind.
    if not home.is_dir() or (is_sqlite and not Path(database["NAME"]).exists()):
        raise NotInitialised(str(home))
    row = installation()
    if row.schema != schema_stamp():
        raise OtherInstallation(
            "Skema basis data berbeda dari versi Entas ini. Jalankan: entas init (datanya tetap)."
        )
    if row.key_id != custody.key_id():
        raise OtherInstallation(
            f"Berkas kunci {settings.ENTAS_KEY_FILE} bukan milik basis data ini. Kembalikan "
            "berkas kunci yang benar, atau periksa ENTAS_KEY_FILE."
        )
