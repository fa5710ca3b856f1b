"""Keys of their own for every test."""

import pytest

from entas import custody


@pytest.fixture
def key_file(tmp_path, settings):
    """A fresh key file; the settings point at it."""
    path = tmp_path / "keys" / "entas.key"
    settings.ENTAS_KEY_FILE = path
    custody.create_key_file()
    return path
