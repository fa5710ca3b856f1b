"""Finds every sentence of Entas that a catalogue must know, in Python files and in templates.

Python is read as a syntax tree, templates are compiled by Django itself: what is found is exactly
what is looked up at run time.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Function -> the places of its arguments: the sentence, its plural, its context.
LOOKED_UP: dict[str, tuple[int, int | None, int | None]] = {
    "_": (0, None, None),
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
# What the stages say without knowing a catalogue: which arguments are sentences.
SAID: dict[str, tuple[int, ...]] = {"mark": (0,), "Saying": (0,), "Rule": (1, 2)}
_CHOICE_CLASSES = frozenset({"TextChoices", "IntegerChoices"})
_REFUSAL = "EntasRefusal"
_PLACES = re.compile(r"\{[a-z_][a-z0-9_]*\}|%\(\w+\)[sd]")
_LETTERS = re.compile(r"[^\W\d_]")
_IN_TAGS = re.compile(r"""\b_\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A sentence, with its plural and its context where it has them ("" where not)."""

    text: str
    plural: str
    context: str
    place: str


def called(node: ast.AST) -> str:
    """The last word of what a call calls: ``c`` for ``a.b.c()``; empty for anything else."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "attr", getattr(function, "id", ""))


def texts(node: ast.expr | None) -> list[str]:
    """The texts an expression may be: one for a constant, two for ``a if b else c``."""
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return [node.value] if is_text and node.value else []  # type: ignore[union-attr]


def has_words(text: str) -> bool:
    """Whether something of a sentence is left to translate beside its places for values."""
    return bool(_LETTERS.search(_PLACES.sub("", text)))


@dataclass(frozen=True, slots=True)
class Refusals:
    """Names of the classes that refuse, and of those among them that take a sentence."""

    names: frozenset[str]
    plain: frozenset[str]


def refusals(trees: Iterable[ast.Module]) -> Refusals:
    """The classes below ``EntasRefusal``.

    A class with an ``__init__`` of its own writes its sentence there and is called with values.
    """
    classes = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]
    bases = {
        n.name: {getattr(base, "attr", getattr(base, "id", "")) for base in n.bases}
        for n in classes
    }
    worded = {n.name for n in classes if any(_is_init(one) for one in n.body)} - {_REFUSAL}
    names = {_REFUSAL}
    while found := {n for n, above in bases.items() if above & names} - names:
        names |= found
    while found := {n for n in names - worded if bases.get(n, set()) & worded}:
        worded |= found
    return Refusals(frozenset(names), frozenset(names - worded))


def _is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def parsed(folder: Path) -> dict[Path, ast.Module]:
    """Python files below a folder, without what Django wrote, as syntax trees."""
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts
    }


def in_python(folder: Path, root: Path) -> list[Message]:
    """Sentences of the Python files below ``folder``; places are told from ``root``."""
    trees = parsed(folder)
    known = refusals(trees.values())
    return [
        Message(text, plural, context, str(path.relative_to(root)))
        for path, tree in trees.items()
        for node in ast.walk(tree)
        for text, plural, context in _of_node(node, known)
        if has_words(text)
    ]


def _of_node(node: ast.AST, known: Refusals) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, ast.Call):
        yield from _of_call(node, known)
    elif isinstance(node, ast.ClassDef):
        bases = {getattr(base, "attr", getattr(base, "id", "")) for base in node.bases}
        if bases & _CHOICE_CLASSES:
            yield from ((text, "", "") for text in _labels_of_class(node))
        if node.name in known.names - {_REFUSAL}:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and called(call) == "__init__":
                    yield from ((text, "", "") for text in texts(_argument(call, 0)))
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        yield from ((text, "", "") for text in _labels_of_table(node))


def _argument(call: ast.Call, place: int | None) -> ast.expr | None:
    return call.args[place] if place is not None and place < len(call.args) else None


def _of_call(call: ast.Call, known: Refusals) -> Iterator[tuple[str, str, str]]:
    name = called(call)
    if name in LOOKED_UP:
        at, plural_at, context_at = LOOKED_UP[name]
        plural = "".join(texts(_argument(call, plural_at)))
        context = "".join(texts(_argument(call, context_at)))
        yield from ((text, plural, context) for text in texts(_argument(call, at)))
    for place in SAID.get(name, (0,) if name in known.plain else ()):
        yield from ((text, "", "") for text in texts(_argument(call, place)))


def _labels_of_class(node: ast.ClassDef) -> Iterator[str]:
    """``ANI = "ani", "Ani yang baik"`` -> the words behind the comma."""
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
            yield from texts(line.value.elts[-1])


def _labels_of_table(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """``..._CHOICES = [(code, words), ...]`` and ``IN_WORDS = {code: words}`` -> the words."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    name = getattr(target, "id", "")
    if name.endswith("_CHOICES") and isinstance(node.value, ast.List | ast.Tuple):
        for pair in node.value.elts:
            if isinstance(pair, ast.Tuple):
                yield from texts(pair.elts[-1])
    if name.endswith("IN_WORDS") and isinstance(node.value, ast.Dict):
        for value in node.value.values:
            yield from texts(value)


def template_files(folder: Path) -> list[Path]:
    """Templates below a folder."""
    return sorted(
        path
        for path in folder.rglob("*")
        if "templates" in path.parts and path.suffix in {".html", ".txt"}
    )


def in_templates(folder: Path, root: Path) -> list[Message]:
    """Sentences of the templates below ``folder``; Django must be set up."""
    found: list[Message] = []
    for path in template_files(folder):
        place = str(path.relative_to(root))
        source = path.read_text(encoding="utf-8")
        found += [Message(*one, place) for one in _of_template(source) if has_words(one[0])]
    return found


def _of_template(source: str) -> Iterator[tuple[str, str, str]]:
    from django.template import engines
    from django.template.base import Lexer, Node, TokenType
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    for token in Lexer(source).tokenize():
        if token.token_type in {TokenType.VAR, TokenType.BLOCK}:
            for double, single in _IN_TAGS.findall(token.contents):
                yield (double or single).replace("%", "%%"), "", ""
    template = engines["django"].from_string(source).template
    for node in template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            text = getattr(node.filter_expression.var, "literal", None)
            if isinstance(text, str) and text:
                context = node.message_context
                # What Django looks up has its percent signs doubled.
                yield text.replace("%", "%%"), "", context.resolve({}) if context else ""
        elif isinstance(node, BlockTranslateNode):
            context = node.message_context
            text, _names = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield text, plural, context.resolve({}) if context else ""
