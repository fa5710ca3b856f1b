"""The bridge between Django models and columns, and the one writer of many rows.

COPY on PostgreSQL and executemany on SQLite, in short transactions. Python values go in and come
out: text, bytes, int, bool, Decimal, date, aware datetime, and what JSON can hold.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from django.db import connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.constants import MULTI

from entas.locks import Busy, run_lock

__all__ = ["Busy", "bulk_insert", "bulk_update", "fetch", "next_ids", "run_lock"]

# Rows a transaction: under a second on a slow disk, and few megabytes in memory.
CHUNK = 20_000

# The values of one row, in the order of the columns named beside it.
Row = Sequence[object]
if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field
Converter = Callable[[Any], Any]


def _connection(model: type[models.Model]) -> BaseDatabaseWrapper:
    return connections[router.db_for_write(model)]


def _field(model: type[models.Model], name: str) -> Field:
    """The field behind a column name; ``person`` and ``person_id`` mean the same."""
    for field in model._meta.concrete_fields:
        if name in {field.name, field.attname}:
            return field
    raise ValueError(f"{model._meta.label} has no column {name!r}.")


def _sqlite_moment(moment: dt.datetime) -> str:
    # The form Django itself stores and compares: naive UTC.
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")


def _converter(field: Field, vendor: str) -> Converter | None:
    """What a value of this field goes through on its way in; None when it goes as it is."""
    if isinstance(field, models.JSONField):
        return lambda value: json.dumps(value, cls=field.encoder, ensure_ascii=False)
    if vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return _sqlite_moment
    if isinstance(field, models.DateField):
        return dt.date.isoformat
    if isinstance(field, models.DecimalField | models.UUIDField):
        return lambda value: field.get_db_prep_save(value, connections["default"])
    return None


def _left_out(model: type[models.Model], fields: Sequence[Field]) -> list[tuple[Field, object]]:
    """Columns the caller left out, with the default Django would have written.

    Raises:
        ValueError: one of them may not be empty and has no default.
    """
    rest: list[tuple[Field, object]] = []
    for field in model._meta.concrete_fields:
        if field in fields or field.primary_key or field.generated:
            continue
        default = field.get_default()
        if default is None and field.null:
            continue
        if default is None:
            raise ValueError(f"{model._meta.label}.{field.name} must be among the columns.")
        rest.append((field, default))
    return rest


def _converted(
    rows: Iterable[Row], converters: Sequence[Converter | None], tail: Sequence[object]
) -> Iterator[Row]:
    """Rows as the database wants them, with the constant ``tail`` put behind each."""
    at_work = [(place, convert) for place, convert in enumerate(converters) if convert]
    if not at_work and not tail:
        yield from rows
        return
    for row in rows:
        values = [*row, *tail]
        for place, convert in at_work:
            if values[place] is not None:
                values[place] = convert(values[place])
        yield values


def chunks_of(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows of a stream in lists of at most ``size``."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        yield chunk


def _one_transaction(connection: BaseDatabaseWrapper) -> AbstractContextManager[object]:
    if connection.in_atomic_block:
        return nullcontext()
    return transaction.atomic(using=connection.alias)


def _copy(
    connection: BaseDatabaseWrapper, target: str, names: Sequence[str], rows: Iterable[Row]
) -> None:
    statement = f"COPY {target} ({', '.join(names)}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        # Django's cursor hands everything it does not know to psycopg's.
        cast("Any", cursor).copy(statement) as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _execute_many(connection: BaseDatabaseWrapper, statement: str, rows: Sequence[Row]) -> None:
    # Past Django's cursor: it would build and keep a text of every row when DEBUG is on, and
    # translate the placeholders again for every chunk.
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.connection.executemany(statement, rows)


def bulk_insert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    chunk: int = CHUNK,
) -> int:
    """Write new rows, each chunk in a transaction of its own unless one is already open.

    Args:
        model: the table. A column left out takes its Django default.
        columns: field names, in the order of the values of a row. Include ``id`` only with
            numbers from :func:`next_ids`.
        rows: values; read as a stream, so memory holds one chunk.
        chunk: rows a transaction.

    Returns:
        How many rows were written.

    Raises:
        ValueError: a column is unknown, or a needed one was left out.
        django.db.IntegrityError: the database refuses a row; chunks before it stay written
            unless the caller opened a transaction.
    """
    connection = _connection(model)
    fields = [_field(model, name) for name in columns]
    rest = _left_out(model, fields)
    fields += [field for field, _ in rest]
    converters = [_converter(field, connection.vendor) for field in fields]
    tail = [default for _, default in rest]
    quote = connection.ops.quote_name
    target, names = quote(model._meta.db_table), [quote(str(field.column)) for field in fields]
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {target} ({', '.join(names)}) VALUES ({marks})"
    written = 0
    for part in chunks_of(rows, chunk):
        ready = _converted(part, converters, tail)
        with _one_transaction(connection):
            if connection.vendor == "postgresql":
                _copy(connection, target, names, ready)
            else:
                _execute_many(connection, statement, list(ready))
        written += len(part)
    return written


def _update_chunk(
    connection: BaseDatabaseWrapper, target: str, names: Sequence[str], rows: list[Row]
) -> None:
    """Rows are (key, value, value, ...) in the order of ``names``."""
    key, *others = names
    if connection.vendor != "postgresql":
        sets = ", ".join(f"{name} = ?" for name in others)
        statement = f"UPDATE {target} SET {sets} WHERE {key} = ?"
        _execute_many(connection, statement, [(*row[1:], row[0]) for row in rows])
        return
    sets = ", ".join(f"{name} = staged.{name}" for name in others)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE staged ON COMMIT DROP AS "
            f"SELECT {', '.join(names)} FROM {target} WITH NO DATA"
        )
        _copy(connection, "staged", names, rows)
        # Without its size the planner guesses, and reads the whole table for every chunk.
        cursor.execute("ANALYZE staged")
        cursor.execute(
            f"UPDATE {target} SET {sets} FROM staged WHERE {target}.{key} = staged.{key}"
        )
        cursor.execute("DROP TABLE staged")


def bulk_update(
    model: type[models.Model],
    key: str,
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    chunk: int = CHUNK,
) -> int:
    """Change existing rows, found by a unique column.

    Args:
        model: the table.
        key: field that names the row, usually ``id``; it must be unique.
        columns: fields to set, in the order of the values of a row.
        rows: (key, value, value, ...); read as a stream.
        chunk: rows a transaction, unless one is already open.

    Returns:
        How many rows were handed in; a key that does not exist changes nothing.

    Raises:
        ValueError: a column is unknown.
        django.db.IntegrityError: the database refuses a value.
    """
    connection = _connection(model)
    fields = [_field(model, name) for name in (key, *columns)]
    converters = [_converter(field, connection.vendor) for field in fields]
    quote = connection.ops.quote_name
    target, names = quote(model._meta.db_table), [quote(str(field.column)) for field in fields]
    changed = 0
    for part in chunks_of(rows, chunk):
        ready = list(_converted(part, converters, ()))
        with _one_transaction(connection):
            _update_chunk(connection, target, names, ready)
        changed += len(part)
    return changed


def next_ids(model: type[models.Model], count: int) -> range:
    """Reserve primary keys; numbers reserved and never used stay unused.

    With them rows of several tables can point at each other before they are written.

    Raises:
        ValueError: ``count`` is negative.
    """
    if count < 0:
        raise ValueError(f"Cannot reserve {count} keys.")
    if count == 0:
        return range(0)
    connection = _connection(model)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            last = _advance_sequence(cursor, model, count)
        else:
            last = _advance_sqlite(cursor, model, count)
    return range(last - count + 1, last + 1)


def _advance_sequence(cursor: Any, model: type[models.Model], count: int) -> int:
    table, column = model._meta.db_table, model._meta.pk.column
    # nextval and setval are two steps: without the lock two writers could get the same numbers.
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"next_ids {table}"])
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
    (sequence,) = cursor.fetchone()
    cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [sequence, sequence, count - 1])
    return int(cursor.fetchone()[0])


def _advance_sqlite(cursor: Any, model: type[models.Model], count: int) -> int:
    table = model._meta.db_table
    # Django makes its keys AUTOINCREMENT, whose last number SQLite keeps in this table.
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    found = cursor.fetchone()
    last = (int(found[0]) if found else 0) + count
    if found:
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
    else:
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
    return last


def give_back_ids(model: type[models.Model]) -> None:
    """Let the next key follow the highest one stored: what a killed run had reserved, and
    nobody ever saw, is used again, so that its repetition gives the same numbers.

    Only for a table that nobody else writes at this moment.
    """
    connection = _connection(model)
    highest = model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
    table, column = model._meta.db_table, model._meta.pk.column
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [f'"{table}"', column, max(highest, 1), highest > 0],
            )
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [highest, table])


def _reader(
    convert: list[Converter], expression: Any, connection: BaseDatabaseWrapper
) -> Converter:
    """Django's own way from stored to Python value, remembered for values that come again."""

    def read(value: Any) -> Any:
        for step in convert:
            value = step(value, expression, connection)  # type: ignore[call-arg]
        return value

    field = getattr(expression, "output_field", None)
    # Dates of a city are few; a column of people has 30,000 different birthdays, not 600,000.
    return lru_cache(maxsize=100_000)(read) if isinstance(field, models.DateField) else read


def fetch(queryset: models.QuerySet[Any], *columns: str) -> dict[str, list[Any]]:
    """Columns of a queryset as lists, read in chunks.

    Args:
        queryset: what to read; ordering is kept.
        columns: field names (``kelurahan_id`` rather than a walk over ``__``, which joins).

    Returns:
        A list for every column, all of the same length; Python values as the ORM gives them.
    """
    values = queryset.values_list(*columns)
    compiler = values.query.get_compiler(values.db)
    columns_read: list[list[Any]] = [[] for _ in columns]
    chunks = compiler.execute_sql(MULTI, chunked_fetch=True, chunk_size=CHUNK)
    readers = {
        place: _reader(convert, expression, compiler.connection)
        for place, (convert, expression) in compiler.get_converters(
            expression for expression, *_ in compiler.select
        ).items()
    }
    for chunk in chunks or ():
        for place, part in enumerate(zip(*chunk, strict=True)):
            read = readers.get(place)
            columns_read[place].extend(map(read, part) if read else part)
    return dict(zip(columns, columns_read, strict=True))
