"""Bulk and single writes leave the same traces."""

import base64

import pytest

from entas import custody
from entas.history import (
    bulk_insert_with_history,
    bulk_update_with_history,
    record_change,
    unpack,
)


def log_of(history):
    return [
        (row.kind, row.first_id, row.last_id, row.act_id, unpack(row))
        for row in history._base_manager.order_by("pk")
    ]


@pytest.fixture
def three(parcels, history):
    rows = [(n, f"p{n}", n * 10) for n in (1, 2, 3)]
    bulk_insert_with_history(parcels, ["id", "name", "weight"], rows, history=history, act_id=7)
    return parcels


def test_a_run_of_new_rows_is_one_entry(three, history):
    assert log_of(history) == [("baru", 1, 3, 7, {})]


def test_new_rows_with_gaps_are_an_entry_for_each_run(parcels, history):
    rows = [(n, str(n)) for n in (9, 1, 2, 5)]

    bulk_insert_with_history(parcels, ["id", "name"], rows, history=history, act_id=1)

    assert [(first, last) for _, first, last, _, _ in log_of(history)] == [(1, 2), (5, 5), (9, 9)]


def test_new_rows_without_their_ids_are_refused(parcels, history):
    with pytest.raises(ValueError, match="next_ids"):
        bulk_insert_with_history(parcels, ["name"], [("a",)], history=history, act_id=1)


def test_a_change_is_logged_with_what_was_before(three, history):
    rows = [(2, "p2", 99), (3, "q3", 30)]

    changed = bulk_update_with_history(three, ["name", "weight"], rows, history=history, act_id=8)

    assert changed == 2
    assert log_of(history)[1:] == [
        ("ubah", 2, 2, 8, {"weight": [20, 99]}),
        ("ubah", 3, 3, 8, {"name": ["p3", "q3"]}),
    ]


def test_a_row_that_stays_as_it_was_leaves_no_entry(three, history):
    changed = bulk_update_with_history(three, ["weight"], [(1, 10)], history=history, act_id=8)

    assert changed == 0
    assert len(log_of(history)) == 1


def test_an_unknown_row_is_neither_written_nor_logged(three, history):
    assert bulk_update_with_history(three, ["weight"], [(77, 1)], history=history, act_id=8) == 0
    assert len(log_of(history)) == 1


def test_a_single_write_leaves_the_entry_a_bulk_write_would(three, history):
    bulk_update_with_history(three, ["weight"], [(1, 5)], history=history, act_id=8)
    row = three._base_manager.get(pk=2)
    before = {"weight": row.weight}
    row.weight = 5
    row.save()

    record_change(row, before, history=history, act_id=8)

    bulk, single = log_of(history)[1:]
    assert bulk == ("ubah", 1, 1, 8, {"weight": [10, 5]})
    assert single == ("ubah", 2, 2, 8, {"weight": [20, 5]})


def test_a_single_new_row_is_logged_as_new(three, history):
    made = three._base_manager.create(pk=50, name="new")

    record_change(made, {}, history=history, act_id=9)

    assert log_of(history)[-1] == ("baru", made.pk, made.pk, 9, {})


def test_a_single_write_that_changes_nothing_leaves_nothing(three, history):
    row = three._base_manager.get(pk=1)

    assert record_change(row, {"weight": 10}, history=history, act_id=9) is None


def test_the_log_shows_nothing_without_the_key(three, history):
    bulk_update_with_history(three, ["name"], [(1, "Siti Rahma")], history=history, act_id=8)

    assert b"Siti" not in bytes(history._base_manager.last().changes)


def test_sealing_a_secret_again_is_no_change_of_the_secret(parcels, history):
    old = custody.seal(b"1571810101900001", context="parcel.secret")
    bulk_insert_with_history(
        parcels, ["id", "name", "secret"], [(1, "a", old)], history=history, act_id=1
    )

    again = custody.seal(b"1571810101900001", context="parcel.secret")
    changed = bulk_update_with_history(parcels, ["secret"], [(1, again)], history=history, act_id=2)

    assert changed == 0


def test_a_changed_secret_can_be_read_from_the_log_by_the_holder_of_the_keys(parcels, history):
    sealed = [custody.seal(nik, context="parcel.secret") for nik in (b"old", b"new")]
    bulk_insert_with_history(
        parcels, ["id", "name", "secret"], [(1, "a", sealed[0])], history=history, act_id=1
    )

    bulk_update_with_history(parcels, ["secret"], [(1, sealed[1])], history=history, act_id=2)

    before, after = log_of(history)[-1][-1]["secret"]
    assert (base64.b64decode(before["bytes"]), base64.b64decode(after["bytes"])) == (b"old", b"new")
