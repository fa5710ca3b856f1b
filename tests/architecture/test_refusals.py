"""A refusal keeps its sentence and its values apart, so that a door can say it in any language."""

import ast
import re

import pytest
from django.utils.translation import gettext, override
from tools.extraction import called, refusals, texts
from tree import ENTAS, nodes, parsed, python_files, shown

from entas.city.errors import NeedsSecondPerson, UnknownUser
from entas.custody.errors import KeyFileOdd
from entas.refusals import EntasRefusal, Saying, Sayings
from entas.sources.rules import RULES, Told, message

KNOWN = refusals(parsed(path) for path in python_files(ENTAS))


def refusing_calls(tree: ast.AST):
    """Calls that make a refusal or a saying, with the arguments that are sentences or values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in KNOWN.names | {"Saying"}:
            yield node
        if isinstance(node, ast.ClassDef) and node.name in KNOWN.names - {"EntasRefusal"}:
            yield from (
                call
                for call in ast.walk(node)
                if isinstance(call, ast.Call) and called(call) == "__init__"
            )


def sentences_built_on_the_spot(tree: ast.AST) -> list[ast.Call]:
    """Calls whose sentence no catalogue can know, because it is put together where it is said."""
    return [
        call for call in refusing_calls(tree) if is_sentence_first(call) and not is_constant(call)
    ]


def is_sentence_first(call: ast.Call) -> bool:
    """Whether the first argument is a sentence: not for classes that are called with values."""
    takes_values = called(call) in KNOWN.names - KNOWN.plain
    return bool(call.args) and not takes_values


def is_constant(call: ast.Call) -> bool:
    """A text in place or the name of a marked one; a Saying may also take a marked word."""
    first = call.args[0]
    if isinstance(first, ast.Name | ast.Attribute):
        name = getattr(first, "attr", getattr(first, "id", ""))
        return name.isupper() or called(call) == "Saying"
    return bool(texts(first)) or (isinstance(first, ast.Constant) and first.value == "")


def words_among_values(tree: ast.AST) -> list[ast.expr]:
    """Words written into values, which nobody would translate: they belong into a Saying."""
    return [
        value
        for call in refusing_calls(tree)
        for value in [
            *(keyword.value for keyword in call.keywords),
            # Called with values: ``Busy(name, ", di komputer lain")``.
            *([] if is_sentence_first(call) else call.args),
        ]
        if has_words(value)
    ]


def has_words(value: ast.expr) -> bool:
    parts = value.values if isinstance(value, ast.JoinedStr) else [value]
    return any(re.search(r"[^\W\d_]{2}.* |^[ ,;].*[^\W\d_]{2}", text) for text in chain(parts))


def chain(parts: list[ast.expr]) -> list[str]:
    return [text for part in parts for text in texts(part)]


def test_no_sentence_of_a_refusal_is_put_together_where_it_is_raised():
    guilty = [
        shown(path, call)
        for path in python_files(ENTAS)
        for call in sentences_built_on_the_spot(parsed(path))
    ]

    assert guilty == []


def test_no_words_hide_among_the_values_of_a_refusal():
    guilty = [
        shown(path, value)
        for path in python_files(ENTAS)
        for value in words_among_values(parsed(path))
    ]

    assert guilty == []


def test_an_f_string_in_a_refusal_would_be_found():
    guilty = ast.parse('raise DecisionRefused(f"Warga {number} tidak ada.")')
    also = ast.parse('raise DecisionRefused("Warga " + name)')
    hidden = ast.parse("raise DecisionRefused(why)")
    fine = ast.parse('raise DecisionRefused("Warga {number} tidak ada.", number=7)')

    assert sentences_built_on_the_spot(guilty)
    assert sentences_built_on_the_spot(also)
    assert sentences_built_on_the_spot(hidden)
    assert not sentences_built_on_the_spot(fine)


def test_words_among_values_would_be_found():
    guilty = ast.parse('raise KeyFileOdd(path, "isinya rusak sekali")')

    assert words_among_values(guilty)


def test_every_place_of_a_sentence_has_its_value():
    guilty = [
        f"{shown(path, call)} {text}"
        for path in python_files(ENTAS)
        for call in refusing_calls(parsed(path))
        for text in (texts(call.args[0]) if is_sentence_first(call) else [])
        if places(text) != {keyword.arg for keyword in call.keywords}
    ]

    assert guilty == []


def places(text: str) -> set[str]:
    return set(re.findall(r"\{([a-z_][a-z0-9_]*)\}", text))


# Tells a person's story in the words of a screen; only pages of the web door call it.
SPEAKS_FOR_A_SCREEN = {ENTAS / "registry" / "story.py"}


def test_no_catalogue_is_asked_below_the_doors():
    below = [
        path
        for path in python_files(ENTAS)
        if not path.is_relative_to(ENTAS / "web") and path not in SPEAKS_FOR_A_SCREEN
    ]
    guilty = [
        shown(path, node)
        for path in below
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
    ]

    assert guilty == []


def test_a_refusal_is_indonesian_unless_a_door_asks_for_another_language():
    refusal = UnknownUser("citra")

    with override("en"):
        assert str(refusal).startswith("Pengguna 'citra' belum terdaftar")
        assert refusal.said(gettext).startswith("User 'citra' is not registered")
    with override("id"):
        assert refusal.said(gettext) == str(refusal)


def test_the_reason_inside_a_refusal_is_translated_with_it():
    refusal = KeyFileOdd("entas.key", Saying("isinya rusak; kembalikan dari salinan"))

    with override("en"):
        assert refusal.said(gettext) == (
            "The key file entas.key cannot be used: its content is damaged; restore it from a copy."
        )


def test_a_piece_that_may_be_missing_leaves_no_trace():
    assert "petugas lain." in str(NeedsSecondPerson(""))
    assert "petugas lain, misalnya Budi." in str(NeedsSecondPerson("Budi"))


@pytest.mark.parametrize("name", ["{act}", "{0}", "{name.__class__}", "{", "}}", "{{name}}"])
def test_braces_in_a_value_are_letters_like_any_others(name):
    refusal = EntasRefusal("Pengguna '{name}' tidak berhak melakukan '{act}'.", name=name, act="x")

    assert str(refusal) == f"Pengguna '{name}' tidak berhak melakukan 'x'."


def test_a_translation_reaches_nothing_but_the_values_it_was_given():
    refusal = EntasRefusal("Halo {name}.", name="Ani")

    assert refusal.said(lambda _: "{name.__class__} {other} {0} {name}") == (
        "{name.__class__} {other} {0} Ani"
    )


def test_sayings_stand_one_after_the_other():
    told = Sayings([Saying("aktif"), "Ani", Saying("digabung")], "; ")

    assert str(told) == "aktif; Ani; digabung"
    with override("en"):
        assert told.said(gettext) == "active; Ani; merged"


def test_a_problem_of_a_list_is_told_in_both_languages():
    assert message("N1") == "NIK bukan 16 angka. Salin dari KTP/KK."
    with override("en"):
        assert (
            Told("N1").said(gettext) == "The NIK does not have 16 digits. Copy it from the KTP/KK."
        )
        assert all(Told(code).said(gettext) != message(code) for code in RULES)
