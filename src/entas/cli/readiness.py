"""Whether the installation at hand is finished, of this version, and has its own keys."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings

from entas import custody
from entas.city.errors import NotInitialised, OtherInstallation
from entas.city.policies import check_keys_fit
from entas.city.queries import OLDER_SCHEMA, installation
from entas.city.services.rotating_keys import note_version


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
        OtherInstallation: it belongs to another version, or the key file is foreign or too old.
        KeyMissing: the key file is not there.
    """
    home = Path(settings.ENTAS_HOME)
    if not home.is_dir():
        raise NotInitialised(str(home))
    row = installation()
    if row.schema != schema_stamp():
        raise OtherInstallation(OLDER_SCHEMA)
    keys = custody.status()
    check_keys_fit(row, keys)
    if keys.version > row.key_version:
        # A rotation was killed between the key file and the database; from now on values are
        # sealed with the new key.
        note_version(version=keys.version)
