"""What changes the registry: linking lists, and the decisions of people."""

from entas.registry.services.decisions import (
    decide_duplicate,
    decide_row,
    refute_duplicate,
    withdraw_decision,
)
from entas.registry.services.linking import link_lists
from entas.registry.services.merging import merge_persons, split_persons
from entas.registry.services.proposals import (
    accept_proposal,
    propose_correction,
    propose_corrections,
    reject_proposal,
    withdraw_proposal,
)
from entas.registry.services.revealing import reveal_kk, reveal_nik
from entas.registry.services.training import recalibrate, train_model, use_model
from entas.registry.services.transfers import (
    accept_transfer,
    refuse_transfer,
    request_transfer,
    withdraw_transfer,
)
from entas.registry.services.undo import undo_import

__all__ = [
    "accept_proposal",
    "accept_transfer",
    "decide_duplicate",
    "decide_row",
    "link_lists",
    "merge_persons",
    "propose_correction",
    "propose_corrections",
    "recalibrate",
    "refuse_transfer",
    "refute_duplicate",
    "reject_proposal",
    "request_transfer",
    "reveal_kk",
    "reveal_nik",
    "split_persons",
    "train_model",
    "undo_import",
    "use_model",
    "withdraw_decision",
    "withdraw_proposal",
    "withdraw_transfer",
]
