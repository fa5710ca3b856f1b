"""What changes the registry: linking lists, and the decisions of people."""

from entas.registry.services.linking import link_lists
from entas.registry.services.undo import undo_import

__all__ = ["link_lists", "undo_import"]
