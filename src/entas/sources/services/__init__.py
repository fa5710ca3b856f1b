"""What changes delivered lists: taking one in, withdrawing one, naming sources."""

from entas.sources.services.importing import Arrival, ImportResult, exclusive, import_list
from entas.sources.services.naming import add_source, load_reference_rows
from entas.sources.services.starting import start_import
from entas.sources.services.withdrawing import withdraw

__all__ = [
    "Arrival",
    "ImportResult",
    "add_source",
    "exclusive",
    "import_list",
    "load_reference_rows",
    "start_import",
    "withdraw",
]
