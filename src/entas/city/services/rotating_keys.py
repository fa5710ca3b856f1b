"""Changing the key: everything sealed in the database is sealed again, in short transactions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction

from entas import custody
from entas.audit.services import record
from entas.city.models import Installation, User
from entas.city.policies import check_may
from entas.jobs.services import Progress, no_progress
from entas.tables import bulk_update, run_lock

# Everything that writes sealed values in bulk holds one of these while it runs.
_WRITERS = ("import", "registry")
# Blobs of files are up to a megabyte, so few rows at a time.
_ROWS_AT_ONCE = 2_000
_BYTES_AT_ONCE = 16_000_000


@dataclass(frozen=True)
class SealedColumn:
    """A column whose values are sealed, as its model declares it in ``SEALED``."""

    model: type[models.Model]
    field: str
    context: str


def sealed_columns() -> list[SealedColumn]:
    """Every sealed column of every table."""
    return [
        SealedColumn(model, field, context)
        for model in apps.get_models()
        for field, context in getattr(model, "SEALED", {}).items()
    ]


def _portions(column: SealedColumn) -> Iterator[list[tuple[Any, bytes]]]:
    """(key, sealed value) of the rows that need the new key, a small portion at a time."""
    newest = custody.status().version
    rows = column.model._base_manager.exclude(**{column.field: None}).order_by("pk")
    last, size = None, _ROWS_AT_ONCE
    while True:
        after = rows.filter(pk__gt=last) if last is not None else rows
        portion = list(after.values_list("pk", column.field)[:size])
        if not portion:
            return
        last = portion[-1][0]
        mean = sum(len(sealed) for _, sealed in portion) // len(portion)
        size = max(1, min(_ROWS_AT_ONCE, _BYTES_AT_ONCE // max(1, mean)))
        yield [
            (key, bytes(sealed))
            for key, sealed in portion
            if len(sealed) and custody.key_version_of(bytes(sealed)) != newest
        ]


def _seal_portion(column: SealedColumn, portion: list[tuple[Any, bytes]]) -> int:
    plain = custody.unseal_many((sealed for _, sealed in portion), context=column.context)
    sealed = custody.seal_many(plain, context=column.context)
    rows = [(key, value) for (key, _), value in zip(portion, sealed, strict=True)]
    return bulk_update(column.model, column.model._meta.pk.attname, [column.field], rows)


def seal_again(*, columns: Sequence[SealedColumn], progress: Progress = no_progress) -> int:
    """Seal with the newest key whatever these columns hold under an older one.

    Returns:
        How many values were sealed again.

    Raises:
        entas.custody.SealBroken: a value cannot be opened; everything before it is done.
    """
    changed = 0
    for place, column in enumerate(columns):
        progress(place, len(columns), f"{column.model._meta.label}.{column.field}")
        for portion in _portions(column):
            if portion:
                changed += _seal_portion(column, portion)
    progress(len(columns), len(columns), "selesai")
    return changed


def note_version(*, version: int) -> None:
    """Write down that values may be sealed with this version; never goes back."""
    Installation.objects.filter(pk=1, key_version__lt=version).update(key_version=version)


def rotate_keys(*, by: User, progress: Progress = no_progress) -> dict[str, int]:
    """Begin using a new key and seal everything again with it.

    A killed rotation goes on where it was when it is called again; until its end both keys stay
    in the key file. The blind indexes keep their key: an index made with another would find
    nobody, and they hold nothing that can be opened.

    Returns:
        ``version`` (the new one) and ``resealed`` (values that were sealed again).

    Raises:
        NotAllowed: ``by`` is no administrator.
        Busy: an import, a linking or another rotation is running.
        entas.custody.SealBroken: a value cannot be opened; both keys stay.
    """
    check_may(by, "keys.rotate")
    with run_lock("rotate"), run_lock(_WRITERS[0]), run_lock(_WRITERS[1]):
        version = custody.add_key_version()
        with transaction.atomic():
            note_version(version=version)
            record(by, "keys.rotate_begin", detail={"version": version})
        columns = sealed_columns()
        changed = seal_again(columns=columns, progress=progress)
        # A short command may have written between two portions; the old key goes only after a
        # pass that found nothing.
        while again := seal_again(columns=columns):
            changed += again
        custody.drop_old_versions()
        with transaction.atomic():
            record(by, "keys.rotate_end", detail={"version": version, "resealed": changed})
    return {"version": version, "resealed": changed}
