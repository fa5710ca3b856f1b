"""Why a list, or an act on a list, is refused."""

from entas.custody import CannotWrite
from entas.refusals import EntasRefusal

__all__ = [
    "BrokenFile",
    "CannotWrite",
    "DangerousFile",
    "ListRefused",
    "NoHeader",
    "NoRows",
    "NotAList",
    "NotWithdrawable",
    "OddDay",
    "TooManyRows",
    "UnknownImport",
    "UnknownProfile",
    "UnknownSource",
]


class ListRefused(EntasRefusal):
    """The file cannot be taken in; nothing of it was kept."""


class NotAList(ListRefused):
    """The file is something other than the CSV or XLSX it should be."""


class BrokenFile(ListRefused):
    """The file is cut off, damaged or larger than any honest list."""


class DangerousFile(ListRefused):
    """The file is built to harm whoever opens it."""


class NoHeader(ListRefused):
    """No row of column names was found."""


class NoRows(ListRefused):
    """There is a header and nothing below it."""


class UnknownSource(ListRefused):
    """No source of lists has this code."""


class UnknownProfile(ListRefused):
    """No layout of lists has this name."""


class UnknownImport(EntasRefusal):
    """No import has this number."""


class OddDay(ListRefused):
    """The day a list speaks about cannot be right."""


class NotWithdrawable(EntasRefusal):
    """The import is not in a state that can be withdrawn."""


class TooManyRows(EntasRefusal):
    """A list is too long to be taken along from a page."""

    def __init__(self, most: int) -> None:
        super().__init__(
            "Daftar ini lebih dari {most} baris, batas ekspor dari halaman. Persempit saringannya, "
            "atau minta pengelola mengekspor lewat baris perintah.",
            most=most,
        )
