"""The bulk writer writes what Django would have written, and says what it will not."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as rounds
from hypothesis import strategies as st

from entas.tables import bulk_insert, bulk_update, fetch, give_back_ids, next_ids

JAKARTA = ZoneInfo("Asia/Jakarta")
COLUMNS = ("name", "secret", "born_on", "seen_at", "share", "extras", "is_open", "weight")
ROW = (
    "Ani",
    b"\x00\xff\\x",
    dt.date(1990, 2, 28),
    dt.datetime(2026, 11, 24, 6, 30, 15, 123456, JAKARTA),
    Decimal("0.125"),
    {"desil": 3, "catatan": 'kutip " \\ dan é\t\n'},
    False,
    -(2**63),
)


def test_every_kind_of_value_comes_back_as_it_went_in(parcels):
    bulk_insert(parcels, COLUMNS, [ROW])

    assert parcels._base_manager.values_list(*COLUMNS).get() == ROW


def test_the_bulk_writer_and_django_leave_the_same_row(parcels):
    parcels._base_manager.create(**dict(zip(COLUMNS, ROW, strict=True)))
    bulk_insert(parcels, COLUMNS, [("Budi", *ROW[1:])])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT secret, born_on, seen_at, share, extras, is_open, remark, weight "
            "FROM test_parcel ORDER BY name"
        )
        by_django, by_us = cursor.fetchall()

    assert _comparable(by_django) == _comparable(by_us)


def _comparable(row):
    # JSON is the same thing whatever blanks stand in its text.
    return [str(value).replace('": ', '":').replace("\\u00e9", "é") for value in row]


def test_gaps_stay_gaps(parcels):
    bulk_insert(parcels, COLUMNS, [("Ani", *[None] * 5, True, None)])

    assert parcels._base_manager.values_list(*COLUMNS).get() == ("Ani", *[None] * 5, True, None)


def test_a_column_left_out_takes_its_default(parcels):
    bulk_insert(parcels, ["name"], [("Ani",)])

    row = parcels._base_manager.get()
    assert (row.is_open, row.remark, row.weight) == (True, "", None)


def test_an_unknown_column_is_named(parcels):
    with pytest.raises(ValueError, match="no column 'nama'"):
        bulk_insert(parcels, ["nama"], [("Ani",)])


def test_many_chunks_arrive_in_order_and_whole(parcels):
    written = bulk_insert(parcels, ["name"], ((f"p{n:04}",) for n in range(1_003)), chunk=100)

    assert written == 1_003
    names = fetch(parcels._base_manager.order_by("pk"), "name")["name"]
    assert names == [f"p{n:04}" for n in range(1_003)]


def test_a_row_the_database_refuses_takes_its_chunk_back(parcels):
    rows = [("a",), ("b",), ("c",), ("c",)]

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(parcels, ["name"], rows)

    assert parcels._base_manager.count() == 0


def test_the_rows_are_read_as_a_stream(parcels):
    seen = []

    def rows():
        for number in range(10):
            seen.append(parcels._base_manager.count())
            yield (f"p{number}",)

    bulk_insert(parcels, ["name"], rows(), chunk=5)

    assert seen[0] == 0
    assert seen[-1] == 5


def test_nothing_to_write_writes_nothing(parcels):
    assert bulk_insert(parcels, ["name"], []) == 0
    assert bulk_update(parcels, "id", ["weight"], []) == 0


def test_rows_are_changed_by_their_key_and_others_stay(parcels):
    bulk_insert(parcels, ["id", "name", "weight"], [(1, "a", 1), (2, "b", 2), (3, "c", 3)])

    bulk_update(
        parcels, "id", ["weight", "born_on"], [(1, 10, dt.date(2000, 1, 1)), (3, None, None)]
    )

    changed = fetch(parcels._base_manager.order_by("pk"), "weight", "born_on")
    assert changed == {"weight": [10, 2, None], "born_on": [dt.date(2000, 1, 1), None, None]}


def test_many_updates_work_chunk_by_chunk(parcels):
    bulk_insert(parcels, ["id", "name"], ((n, str(n)) for n in range(1, 251)))

    bulk_update(parcels, "id", ["weight"], ((n, n * 2) for n in range(1, 251)), chunk=100)

    assert fetch(parcels._base_manager.order_by("pk"), "weight")["weight"] == [
        n * 2 for n in range(1, 251)
    ]


def test_a_key_that_does_not_exist_changes_nothing(parcels):
    bulk_insert(parcels, ["id", "name"], [(1, "a")])

    bulk_update(parcels, "id", ["weight"], [(99, 5)])

    assert fetch(parcels._base_manager.all(), "weight") == {"weight": [None]}


def test_reserved_keys_follow_each_other_and_are_not_given_twice(parcels):
    first, second = next_ids(parcels, 3), next_ids(parcels, 2)

    assert list(second) == [first[-1] + 1, first[-1] + 2]
    assert len(first) == 3


def test_django_does_not_give_out_reserved_keys(parcels):
    reserved = next_ids(parcels, 5)

    made = parcels._base_manager.create(name="Ani")

    assert made.pk > reserved[-1]


def test_reserving_goes_on_behind_rows_django_made(parcels):
    made = parcels._base_manager.create(name="Ani")

    assert next_ids(parcels, 1)[0] > made.pk


def test_no_keys_and_less_than_none(parcels):
    assert list(next_ids(parcels, 0)) == []
    with pytest.raises(ValueError, match="-1"):
        next_ids(parcels, -1)


def test_fetching_gives_columns_in_the_order_of_the_queryset(parcels):
    bulk_insert(parcels, COLUMNS, [ROW, ("Budi", *ROW[1:])])

    got = fetch(parcels._base_manager.order_by("-name"), *COLUMNS)

    assert got["name"] == ["Budi", "Ani"]
    assert [got[name][1] for name in COLUMNS] == list(ROW)


def test_fetching_nothing_gives_empty_columns(parcels):
    assert fetch(parcels._base_manager.none(), "name", "weight") == {"name": [], "weight": []}
    assert fetch(parcels._base_manager.all(), "name") == {"name": []}


_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@rounds(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(remark=_texts, secret=st.binary(max_size=30))
def test_any_text_and_any_bytes_survive(parcels, remark, secret):
    parcels._base_manager.all().delete()

    bulk_insert(parcels, ["name", "remark", "secret"], [("x", remark, secret)])

    row = parcels._base_manager.get()
    assert (row.remark, bytes(row.secret)) == (remark, secret)


def test_numbers_that_were_reserved_and_not_used_are_given_back(parcels):
    first = next_ids(parcels, 3)
    next_ids(parcels, 40)
    bulk_insert(parcels, ("id", "name"), [(first[0], "Ani"), (first[1], "Budi")])

    give_back_ids(parcels)

    assert list(next_ids(parcels, 2)) == [first[2], first[2] + 1]


def test_numbers_of_an_empty_table_begin_at_one(parcels):
    next_ids(parcels, 5)

    give_back_ids(parcels)

    assert list(next_ids(parcels, 1)) == [1]
