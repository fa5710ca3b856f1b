"""The key file: made once, for its owner only, never written over."""

import json

import pytest

from entas import custody
from entas.custody import KeyExists, KeyFileOdd, KeyMissing


def test_a_new_key_file_can_be_read_by_its_owner_only(key_file):
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_file_is_never_written_over(key_file):
    before = key_file.read_text()

    with pytest.raises(KeyExists, match="sudah ada dan tidak ditimpa"):
        custody.create_key_file()

    assert key_file.read_text() == before


def test_making_a_key_file_leaves_no_draft_behind(key_file):
    with pytest.raises(KeyExists):
        custody.create_key_file()

    assert [path.name for path in key_file.parent.iterdir()] == [key_file.name]


def test_a_missing_key_file_says_how_to_get_it_back(key_file):
    key_file.unlink()

    with pytest.raises(KeyMissing, match=r"entas keys restore --from-a A --from-b B"):
        custody.seal(b"x", context="c")


def test_a_key_file_others_can_read_is_refused_with_the_command_that_mends_it(key_file):
    key_file.chmod(0o640)

    with pytest.raises(KeyFileOdd, match="chmod 600"):
        custody.key_id()


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '{"id": "x"}', '{"surprise": 1}', "\x00\x01"],
)
def test_a_file_that_is_no_key_file_is_refused(key_file, content):
    key_file.write_text(content)

    with pytest.raises(KeyFileOdd, match="tidak dapat dipakai"):
        custody.key_id()


def test_bytes_that_are_no_text_are_refused(key_file):
    key_file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(KeyFileOdd, match="bukan berkas kunci Entas"):
        custody.key_id()


@pytest.mark.parametrize("key", ["AAAA", "not base64 !", ""])
def test_a_damaged_key_is_refused_before_anything_is_sealed_with_it(key_file, key):
    keys = json.loads(key_file.read_text())
    keys["sealing"]["1"] = key
    key_file.write_text(json.dumps(keys))

    with pytest.raises(KeyFileOdd):
        custody.seal(b"x", context="c")


def test_the_status_shows_no_key(key_file):
    keys = json.loads(key_file.read_text())

    shown = repr(custody.status())

    assert keys["index"] not in shown
    assert keys["sealing"]["1"] not in shown


def test_a_rotation_begun_twice_adds_one_key(key_file):
    assert custody.add_key_version() == 2
    assert custody.add_key_version() == 2

    assert custody.status().versions == (1, 2)
    assert custody.status().is_rotating


def test_after_a_rotation_only_the_newest_key_stays(key_file):
    custody.add_key_version()

    custody.drop_old_versions()

    assert custody.status().versions == (2,)
    assert not custody.status().is_rotating


def test_the_id_of_a_key_file_is_never_taken_for_a_nik(key_file, monkeypatch):
    """One random id in 1,800 has no letter; the chain of acts refuses sixteen digits."""
    key_file.unlink()
    monkeypatch.setattr("secrets.token_hex", lambda size: "0" * (2 * size))

    assert not custody.create_key_file().isdigit()
