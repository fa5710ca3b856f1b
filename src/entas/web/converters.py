"""Kinds of numbers in addresses. Tests visit every address with examples of each kind."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class _Number(IntConverter):
    # A BIGINT has 19 digits; twelve are enough for any row and shorter than any NIK.
    regex = "[0-9]{1,12}"


KINDS = (
    "person",
    "family",
    "area",
    "agency",
    "user",
    "right",
    "job",
    "notice",
    "proposal",
    "transfer",
    "act",
    "figure",
    "single_handed",
    "recovery",
)


def register_kinds() -> None:
    """Let addresses use the kinds; before the first address that does is made."""
    for kind in KINDS:
        register_converter(type(f"{kind.title()}Number", (_Number,), {}), kind)
