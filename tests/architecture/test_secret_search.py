"""The search for secrets finds them: otherwise its silence would mean nothing."""

import base64
import gzip
import zlib

import pytest

from secret_search import in_files, in_installation

NIK = "1571810101900001"


@pytest.mark.parametrize(
    "content",
    [
        NIK.encode(),
        f"x{NIK}y".encode("utf-16-le"),
        f"x{NIK}y".encode("utf-16-be"),
        base64.b64encode(f"{NIK} dan lain".encode()),
        base64.b64encode(f"a{NIK} dan lain".encode()),
        base64.b64encode(f"ab{NIK} dan lain".encode()),
        NIK.encode().hex().encode(),
        b"noise" + zlib.compress(f"a {NIK} b".encode()),
        b"noise" + gzip.compress(f"a {NIK} b".encode()),
        b"\x01" + int(NIK).to_bytes(8, "little"),
        NIK[::-1].encode(),
    ],
    # Names of their own: gzip writes the time into what it packs.
    ids=range(11),
)
def test_a_secret_is_found_in_every_dress(tmp_path, content):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(content)

    assert in_files(tmp_path, NIK)


def test_a_secret_in_the_name_of_a_file_is_found(tmp_path):
    (tmp_path / f"{NIK}.csv").write_bytes(b"")

    assert in_files(tmp_path, NIK)


def test_what_is_not_there_is_not_found(tmp_path):
    (tmp_path / "file").write_bytes(b"1571810101900002" + zlib.compress(b"nothing here"))

    assert in_files(tmp_path, NIK) == []


def test_a_fresh_installation_holds_no_person(installed):
    assert in_installation(installed.home, installed.env, NIK) == []
