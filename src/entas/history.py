"""The change log every bulk and single write leaves behind, kept small and sealed.

A new row is logged by its number only (a run of new rows by its first and last number): what it
held then is what it holds now, with the logged changes taken back. A change logs the value before
and after of the fields that changed, sealed, because they are what is known about people.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, router, transaction

from entas import custody
from entas.tables import CHUNK, Row, bulk_insert, bulk_update, chunks_of, fetch

CONTEXT = "history.changes"


class HistoryRow(models.Model):
    """One logged act on one row, or on a run of new rows. A stage makes its own table of it."""

    class Kind(models.TextChoices):
        """What happened to the rows."""

        NEW = "baru", "baru"
        CHANGED = "ubah", "ubah"

    SEALED: ClassVar[dict[str, str]] = {"changes": CONTEXT}

    object_type = models.CharField(max_length=40)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    # A number and no foreign key: the chain of acts must outlive whatever it tells about.
    act_id = models.BigIntegerField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    changes = models.BinaryField(null=True)

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(fields=["object_type", "first_id"], name="%(class)s_object"),
            models.Index(fields=["act_id"], name="%(class)s_act"),
        ]


def _plain(model: type[models.Model], field: str, value: object) -> object:
    """A value as the log keeps it.

    Sealed values are opened, for the log is sealed as a whole: a seal inside a seal would be
    forgotten when the keys change.
    """
    if not isinstance(value, bytes | memoryview):
        return value
    context = getattr(model, "SEALED", {}).get(field)
    plain = custody.unseal(bytes(value), context=context) if context else bytes(value)
    return {"bytes": base64.b64encode(plain).decode()}


def _pack(changes: dict[str, list[object]]) -> bytes:
    text = json.dumps(changes, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 1)


def unpack(row: HistoryRow) -> dict[str, list[Any]]:
    """Field -> [before, after] of a logged change; empty for new rows.

    Dates come as ISO text; bytes (opened, if they were sealed) as ``{"bytes": base64}``.

    Raises:
        entas.custody.SealBroken: the log cannot be opened with the keys at hand.
    """
    if row.changes is None:
        return {}
    packed = custody.unseal(bytes(row.changes), context=CONTEXT)
    changes: dict[str, list[Any]] = json.loads(zlib.decompress(packed))
    return changes


def _runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as (first, last) of unbroken runs: [1, 2, 3, 7] -> [(1, 3), (7, 7)]."""
    runs: list[tuple[int, int]] = []
    for number in sorted(ids):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


_COLUMNS = ("object_type", "first_id", "last_id", "act_id", "kind", "changes")


def bulk_insert_with_history(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    history: type[HistoryRow],
    act_id: int,
    chunk: int = CHUNK,
) -> int:
    """:func:`entas.tables.bulk_insert`, with the log written in the same transactions.

    Args:
        model: the table.
        columns: field names; ``id`` must be among them (see :func:`entas.tables.next_ids`).
        rows: values, read as a stream.
        history: the log table of the stage that owns ``model``.
        act_id: number of the act (:func:`entas.audit.services.record`) this belongs to.
        chunk: rows a transaction.

    Returns:
        How many rows were written.

    Raises:
        ValueError: ``id`` is not among the columns.
    """
    if "id" not in columns:
        raise ValueError("Rows with history need their id: reserve it with next_ids.")
    place, kind = list(columns).index("id"), model._meta.model_name
    written = 0
    for part in chunks_of(rows, chunk):
        runs = _runs(int(str(row[place])) for row in part)
        log = [(kind, first, last, act_id, HistoryRow.Kind.NEW, None) for first, last in runs]
        with transaction.atomic(using=router.db_for_write(model)):
            written += bulk_insert(model, columns, part)
            bulk_insert(history, _COLUMNS, log)
    return written


def _changed(
    model: type[models.Model], columns: Sequence[str], before: Row, after: Row
) -> dict[str, list[object]]:
    # Most fields did not change; what is the same sealed is the same opened.
    pairs = (pair for pair in zip(columns, before, after, strict=True) if pair[1] != pair[2])
    plain = ((name, _plain(model, name, old), _plain(model, name, new)) for name, old, new in pairs)
    return {name: [old, new] for name, old, new in plain if old != new}


def bulk_update_with_history(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    history: type[HistoryRow],
    act_id: int,
    chunk: int = CHUNK,
) -> int:
    """:func:`entas.tables.bulk_update` by ``id``, logging what the fields held before.

    Rows whose values are what they were are neither written nor logged.

    Args:
        model: the table.
        columns: fields to set.
        rows: (id, value, value, ...), each id once.
        history: the log table of the stage that owns ``model``.
        act_id: number of the act this belongs to.
        chunk: rows a transaction.

    Returns:
        How many rows really changed.
    """
    changed_rows = 0
    for part in chunks_of(rows, chunk):
        with transaction.atomic(using=router.db_for_write(model)):
            changed_rows += _update_part(model, columns, part, history, act_id)
    return changed_rows


# SQLite and PostgreSQL both take far more, but a longer IN list is not faster.
_ASK_AT_ONCE = 5_000


def _before(
    model: type[models.Model], columns: Sequence[str], ids: Sequence[object]
) -> dict[object, Row]:
    found: dict[object, Row] = {}
    for some in chunks_of(([number] for number in ids), _ASK_AT_ONCE):
        rows = model._base_manager.filter(pk__in=[number for (number,) in some])
        held = fetch(rows, "id", *columns)
        values = zip(*(held[name] for name in columns), strict=True)
        found.update(zip(held["id"], values, strict=True))
    return found


def _update_part(
    model: type[models.Model],
    columns: Sequence[str],
    part: Sequence[Row],
    history: type[HistoryRow],
    act_id: int,
) -> int:
    before = _before(model, columns, [row[0] for row in part])
    changed: list[Row] = []
    packed: list[bytes | None] = []
    for row in part:
        if row[0] not in before:
            continue
        changes = _changed(model, columns, before[row[0]], row[1:])
        if changes:
            changed.append(row)
            packed.append(_pack(changes))
    sealed = custody.seal_many(packed, context=CONTEXT)
    kind = model._meta.model_name
    log = [
        (kind, row[0], row[0], act_id, HistoryRow.Kind.CHANGED, secret)
        for row, secret in zip(changed, sealed, strict=True)
    ]
    bulk_update(model, "id", columns, changed)
    bulk_insert(history, _COLUMNS, log)
    return len(changed)


def record_change(
    row: models.Model,
    before: dict[str, object],
    *,
    history: type[HistoryRow],
    act_id: int,
) -> HistoryRow | None:
    """Log a single write, in the caller's transaction, after the row was saved.

    Args:
        row: the row as it is now.
        before: what the fields that may have changed held before; empty for a new row.
        history: the log table of the stage that owns the row.
        act_id: number of the act this belongs to.

    Returns:
        The log entry; None when nothing changed.
    """
    model, kind = type(row), HistoryRow.Kind.NEW
    sealed: bytes | None = None
    if before:
        after = [getattr(row, name) for name in before]
        changes = _changed(model, list(before), list(before.values()), after)
        if not changes:
            return None
        kind, sealed = HistoryRow.Kind.CHANGED, custody.seal(_pack(changes), context=CONTEXT)
    return history._base_manager.create(
        object_type=str(model._meta.model_name),
        first_id=row.pk,
        last_id=row.pk,
        act_id=act_id,
        kind=kind,
        changes=sealed,
    )
