"""Two holders together restore the keys; one alone has nothing."""

import base64
import json

import pytest

from entas import custody
from entas.custody import EscrowMismatch, KeyExists


@pytest.fixture
def halves(key_file, tmp_path):
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    custody.split_escrow(a, b)
    return a, b


def test_both_halves_restore_what_was_sealed(key_file, halves):
    sealed = custody.seal(b"secret", context="c")
    key_file.unlink()

    custody.restore(*halves)

    assert custody.unseal(sealed, context="c") == b"secret"
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_the_order_of_the_halves_does_not_matter(key_file, halves):
    before = custody.key_id()
    key_file.unlink()

    custody.restore(halves[1], halves[0])

    assert custody.key_id() == before


def test_one_half_holds_no_key(key_file, halves):
    keys = json.loads(key_file.read_text())
    secrets = [base64.b64decode(keys["index"]), base64.b64decode(keys["sealing"]["1"])]

    for half in halves:
        share = base64.b64decode(json.loads(half.read_text())["share"])
        assert all(secret not in share for secret in secrets)
        assert b"sealing" not in share


def test_the_same_half_twice_is_refused(key_file, halves):
    key_file.unlink()

    with pytest.raises(EscrowMismatch, match="bagian yang sama"):
        custody.restore(halves[0], halves[0])


def test_halves_of_two_copies_are_refused(key_file, halves, tmp_path):
    custody.add_key_version()
    other = tmp_path / "a2.json", tmp_path / "b2.json"
    custody.split_escrow(*other)
    key_file.unlink()

    with pytest.raises(EscrowMismatch, match="pembuatan yang berbeda"):
        custody.restore(halves[0], other[1])

    assert not key_file.exists()


def test_halves_of_two_copies_of_the_same_key_are_refused(key_file, halves, tmp_path):
    other = tmp_path / "a2.json", tmp_path / "b2.json"
    custody.split_escrow(*other)
    key_file.unlink()

    with pytest.raises(EscrowMismatch, match="isinya berubah"):
        custody.restore(halves[0], other[1])


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"kind": "other", "share": "AAAA"}'])
def test_a_file_that_is_no_half_is_refused(key_file, halves, content):
    halves[0].write_text(content)
    key_file.unlink()

    with pytest.raises(EscrowMismatch, match="bukan berkas titipan"):
        custody.restore(*halves)


def test_restoring_never_writes_over_a_key_file(key_file, halves):
    before = key_file.read_text()

    with pytest.raises(KeyExists):
        custody.restore(*halves)

    assert key_file.read_text() == before


def test_half_an_escrow_is_not_left_behind(key_file, tmp_path):
    taken = tmp_path / "b.json"
    taken.write_text("somebody's")

    with pytest.raises(KeyExists):
        custody.split_escrow(tmp_path / "a.json", taken)

    assert not (tmp_path / "a.json").exists()
    assert not custody.status().is_escrowed


def test_two_holders_cannot_share_one_file(key_file, tmp_path):
    with pytest.raises(EscrowMismatch, match="dua orang"):
        custody.split_escrow(tmp_path / "a.json", tmp_path / "a.json")


def test_a_rotation_makes_the_escrow_stale(key_file, halves):
    assert custody.status().is_escrowed

    custody.add_key_version()

    assert not custody.status().is_escrowed
