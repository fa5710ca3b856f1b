"""Making an escrow copy, written down as an act."""

from pathlib import Path

from django.db import transaction

from entas import custody
from entas.audit.services import record
from entas.city.models import User
from entas.city.policies import check_may


@transaction.atomic
def entrust_keys(*, path_a: Path, path_b: Path, by: User) -> int:
    """Write the two halves of an escrow copy for two holders.

    Returns:
        The key version the copy holds.

    Raises:
        NotAllowed: ``by`` is no administrator.
        entas.custody.KeyExists: one of the files is already there.
        entas.custody.EscrowMismatch: both paths are the same.
    """
    check_may(by, "keys.escrow")
    version = custody.split_escrow(path_a, path_b)
    record(by, "keys.escrow", detail={"version": version})
    return version
