"""Whom the registry tells that a transfer waits or was decided.

The one place where transfers speak to people, called inside their transactions: the stage of
notices is wired in here (``notify_right_holders`` and ``notify``) once it stands. A message names
the number of the request and the two kelurahan, never the person.
"""

from entas.city.models import User
from entas.registry.models import TransferRequest


def tell_of_request(*, transfer: TransferRequest, by: User) -> None:
    """Tell who may ``registry.decide_transfer`` in the kelurahan that the person would leave."""


def tell_of_decision(*, transfer: TransferRequest, by: User) -> None:
    """Tell whoever asked (``transfer.by``) how it was decided."""
