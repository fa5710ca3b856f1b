"""The shipped weights and one small town, made once for all tests of this folder."""

from importlib import resources

import pytest

from analytics.cast import town as build_town
from entas.analytics.linkage.link import RegisterIndex
from entas.analytics.linkage.model import Model, model_from_json


@pytest.fixture(scope="session")
def model() -> Model:
    """The weights that come with Entas."""
    shipped = resources.files("entas.analytics.linkage") / "data" / "model-1.json"
    return model_from_json(shipped.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def town() -> RegisterIndex:
    """The cast and 350 families of neighbours: 1,405 persons."""
    return build_town()
