"""The chains keep codes; readers get words."""

import ast
from pathlib import Path

import pytest

import entas
from entas.web.act_words import ACTS, act_words, actor_words, place_words

ENTAS = Path(entas.__file__).parent


def recorded_acts():
    """Acts that the code writes into the chain under a name that stands there in full."""
    for path in ENTAS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name == "record" and isinstance(node.args[1], ast.Constant):
                yield node.args[1].value


def test_every_act_that_is_recorded_has_words():
    found = set(recorded_acts())

    assert "registry.propose" in found
    assert sorted(found - set(ACTS)) == []


def test_an_act_of_another_version_shows_its_code():
    assert act_words("puskesos.refer") == "puskesos.refer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user:7:siti", ("siti", 7)),
        ("user:7:a:b", ("a:b", 7)),
        ("entas init", ("entas init", None)),
        ("user:x:siti", ("user:x:siti", None)),
        ("user:7", ("user:7", 7)),
    ],
)
def test_an_actor_is_shown_by_name(text, expected):
    assert actor_words(text) == expected


def test_a_place_is_shown_in_words_or_as_it_is():
    assert place_words("web cari") == "halaman pencarian"
    assert place_words("web ekspor warga") == "ekspor: warga"
    assert place_words("api v1") == "api v1"
