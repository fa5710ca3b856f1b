"""Putting the key file back from an escrow copy, if it is the one this installation needs."""

from pathlib import Path

from entas import custody
from entas.city.errors import OtherInstallation
from entas.city.policies import check_keys_fit
from entas.city.queries import installation_if_any


def restore_keys(*, path_a: Path, path_b: Path) -> int:
    """Put the key file back from the halves of both holders.

    Where there is no database yet the keys are put back all the same; every command compares them
    with the database that it meets. Nobody can be asked for a right here, and nothing can be
    written down: without keys there is nobody to act.

    Returns:
        The newest key version that was restored.

    Raises:
        OtherInstallation: the copy is another installation's, or older than its data.
        entas.custody.EscrowMismatch: the halves do not belong together.
        entas.custody.KeyExists: there is a key file; it is never written over.
    """
    try:
        row = installation_if_any()
    except OtherInstallation:
        # Of an older version: `entas init` needs the keys first, and compares them then.
        row = None

    def check(keys: custody.KeyStatus) -> None:
        if row is not None:
            check_keys_fit(row, keys)

    return custody.restore(path_a, path_b, check=check)
