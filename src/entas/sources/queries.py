"""What others ask about delivered lists."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from entas.city.queries import area_resolver, installation_if_any, nik_ranges
from entas.sources.blocks import Columns, RawRow, open_parsed, open_raw
from entas.sources.cells import Cell
from entas.sources.checking import Context
from entas.sources.errors import UnknownImport, UnknownSource
from entas.sources.models import Delivery, Problem, RowBlock, Source
from entas.sources.nik import NumberRules
from entas.sources.parsed import ParsedRow
from entas.sources.profiles import profile_names
from entas.sources.rules import REJECTING

_BLOCKS_AT_ONCE = 20


def reading_context(as_of: date) -> Context:
    """What the rows of a list are checked against here: the NIK range, the areas, the day.

    Raises:
        entas.city.errors.NotInitialised: there is no installation.
    """
    ranges = nik_ranges()
    return Context(as_of, NumberRules(ranges.only, ranges.never), area_resolver())


def source_of(code: str) -> Source:
    """The source with this code.

    Raises:
        UnknownSource: there is none; the message names those that exist.
    """
    source = Source.objects.filter(code=code).first()
    if source is None:
        known = ", ".join(Source.objects.order_by("code").values_list("code", flat=True)[:40])
        raise UnknownSource(
            "Sumber '{code}' tidak dikenal. Yang ada: {known}. Sumber baru: "
            "entas sources add KODE --name NAMA.",
            code=code[:40],
            known=known,
        )
    return source


def form_of(code: str) -> str:
    """The profile whose form a source fills in; ``code`` may also be a profile, or neither.

    Raises:
        entas.city.errors.OtherInstallation: the installation is of an older version.
    """
    if code in profile_names():
        return code
    # A form needs no installation, but only an installation knows sources of its own.
    source = Source.objects.filter(code=code).first() if installation_if_any() else None
    return source.kind if source else code


def delivery_of(import_id: int) -> Delivery:
    """The delivery with this number, whatever its state.

    Raises:
        UnknownImport: there is none.
    """
    found = Delivery.objects.select_related("source").filter(pk=import_id).first()
    if found is None:
        raise UnknownImport(
            "Impor nomor {number} tidak ada. Lihat: entas sources list.", number=import_id
        )
    return found


def accepted_deliveries() -> QuerySet[Delivery]:
    """The deliveries that count, in the order in which they came."""
    return Delivery.objects.accepted().select_related("source").order_by("pk")


def all_deliveries() -> QuerySet[Delivery]:
    """Every delivery, also unfinished and withdrawn ones, in the order in which they came."""
    return Delivery.objects.select_related("source").order_by("pk")


def accepted_columns(delivery: Delivery, *, after: int = 0) -> Iterator[Columns]:
    """The usable rows of a list by column, some hundred at a time, in the order of the file.

    Args:
        delivery: the list.
        after: leave out blocks that end at this row or before, to go on where work stopped.

    Raises:
        entas.custody.SealBroken: a block cannot be opened.
    """
    blocks = RowBlock.objects.filter(delivery=delivery, last_row__gt=after).order_by("first_row")
    sealed = blocks.values_list("parsed", flat=True).iterator(chunk_size=_BLOCKS_AT_ONCE)
    for block in sealed:
        yield open_parsed(block)


def accepted_rows(delivery: Delivery, *, after: int = 0) -> Iterator[tuple[int, ParsedRow]]:
    """(baris, row) of every usable row with ``baris`` above ``after``, in the order of the file.

    Raises:
        entas.custody.SealBroken: a block cannot be opened.
    """
    for columns in accepted_columns(delivery, after=after):
        for baris, row in columns.rows():
            if baris > after:
                yield baris, row


def raw_row(delivery: Delivery, baris: int) -> RawRow:
    """One row exactly as it came.

    Raises:
        UnknownImport: the list has no such row.
        entas.custody.SealBroken: the block cannot be opened.
    """
    block = RowBlock.objects.filter(
        delivery=delivery, first_row__lte=baris, last_row__gte=baris
    ).first()
    if block is None:
        raise UnknownImport(
            "Impor {number} tidak punya baris {row}; barisnya 1 sampai {rows}.",
            number=delivery.pk,
            row=baris,
            rows=delivery.rows,
        )
    return open_raw(block.raw)[baris - block.first_row]


def raw_rows(delivery: Delivery) -> Iterator[tuple[int, RawRow]]:
    """(baris, row) of every row exactly as it came, usable or not.

    Raises:
        entas.custody.SealBroken: a block cannot be opened.
    """
    blocks = RowBlock.objects.filter(delivery=delivery).order_by("first_row")
    for first, sealed in blocks.values_list("first_row", "raw").iterator(
        chunk_size=_BLOCKS_AT_ONCE
    ):
        yield from enumerate(open_raw(sealed), start=first)


def rejected_rows(delivery: Delivery) -> list[int]:
    """The ``baris`` of the rows that cannot be used."""
    rows = Problem.objects.filter(delivery=delivery, code__in=REJECTING)
    return sorted(rows.values_list("row", flat=True).distinct())


def problems_of(delivery: Delivery) -> QuerySet[Problem]:
    """What was wrong with the rows of a list, in the order of the file."""
    return Problem.objects.filter(delivery=delivery).order_by("row", "pk")


def problem_lines(delivery: Delivery) -> Iterator[tuple[Cell, ...]]:
    """The problems of a list as rows of a sheet, the header first; streamed."""
    yield "baris", "baris di berkas", "kolom", "nilai", "tingkat", "aturan", "masalah"
    for found in problems_of(delivery).iterator():
        yield (
            found.row, found.line, found.column, found.value, found.severity, found.code,
            found.message,
        )  # fmt: skip


def as_dict(delivery: Delivery) -> dict[str, Any]:
    """A delivery in the words of the command line."""
    return {
        "import_id": delivery.pk,
        "source": delivery.source.code,
        "file": delivery.shown_name,
        "as_of": delivery.as_of.isoformat(),
        "state": delivery.state,
        "rows": delivery.rows,
        "accepted": delivery.accepted,
        "problems": delivery.problems,
        "profile": delivery.profile,
        "sender": delivery.sender,
        "legal_basis": delivery.legal_basis,
        "received_at": delivery.received_at.isoformat(),
        "sha256": delivery.file_sha256,
    }
