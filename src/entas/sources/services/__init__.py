"""What changes delivered lists: taking in, withdrawing, naming sources; and handing lists out."""

from entas.sources.services.exporting import Exported, Line, Listing, export_list
from entas.sources.services.importing import Arrival, ImportResult, exclusive, import_list
from entas.sources.services.naming import add_source, load_reference_rows
from entas.sources.services.starting import start_import
from entas.sources.services.withdrawing import withdraw

__all__ = [
    "Arrival",
    "Exported",
    "ImportResult",
    "Line",
    "Listing",
    "add_source",
    "exclusive",
    "export_list",
    "import_list",
    "load_reference_rows",
    "start_import",
    "withdraw",
]
