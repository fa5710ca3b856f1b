"""Finds words that people would read and no catalogue knows."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType
from tools import extraction
from tree import ENTAS, python_files

# Names and marks that are the same in every language.
SAME_IN_EVERY_LANGUAGE = {
    "Entas", "Kota", "Jambi", "NIK", "KK", "RT", "RW", "OPD", "WIB", "Rp", "Bahasa", "Indonesia",
    "English", "CSV", "XLSX", "PDF", "SVG", "TKPK", "Apache", "id", "en",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{2,}")
_SEEN_ATTRIBUTES = {"title", "placeholder", "aria-label", "alt", "label", "hx-confirm", "hx-prompt"}
# Arguments of our tags and of {% include %} that are shown.
_SEEN_ARGUMENTS = re.compile(
    r"""\b(label|definition|unit|source|title|heading|empty|words|text|caption|note|hint|help)=("[^"]*"|'[^']*')"""
)
_SEEN_FILTERS = re.compile(r"""\|(default|default_if_none|yesno|pluralize):("[^"]*"|'[^']*')""")
_LOOKED_UP = {*extraction.LOOKED_UP, *extraction.SAID}
_SEEN_KEYWORDS = {"label", "verbose_name", "help_text", "empty_text", "empty_label", "heading",
    "title", "caption", "unit", "definition", "error_message"}  # fmt: skip
_SEEN_CALLS = {
    "success",
    "info",
    "warning",
    "error",
    "add_error",
    "ValidationError",
    "refusal_page",
}
_SENTENCE = re.compile(r"[A-Z]\S* .*[.?!:]")


def words_of(text: str) -> list[str]:
    """The words of a text that need a translation."""
    return [word for word in _WORD.findall(text) if word not in SAME_IN_EVERY_LANGUAGE]


class _Shown(HTMLParser):
    """Collects what a browser shows or reads aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in {"script", "style"}
        for name, value in attrs:
            is_sentence = name.startswith("data-") and " " in (value or "")
            if name in _SEEN_ATTRIBUTES or is_sentence:
                self.texts.append(value or "")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self._hidden -= tag in {"script", "style"}

    def handle_endtag(self, tag):
        self._hidden -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self._hidden:
            self.texts.append(data)


def without_tags(source: str) -> str:
    """A template without its tags, comments and translated blocks."""
    kept, skipped = [], ""
    for token in Lexer(source).tokenize():
        name = token.split_contents()[0] if token.token_type == TokenType.BLOCK else ""
        if skipped:
            skipped = "" if name == f"end{skipped}" else skipped
        elif name in {"blocktranslate", "blocktrans", "comment"}:
            skipped = name
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
    return "".join(kept)


def bare_text(source: str) -> list[str]:
    """Texts of a template with words outside its translate tags."""
    parser = _Shown()
    parser.feed(without_tags(source))
    parser.close()
    return [text.strip() for text in parser.texts if words_of(text)]


def bare_arguments(source: str) -> list[str]:
    """Plain texts handed to tags and filters that show them."""
    return [
        text
        for token in Lexer(source).tokenize()
        if token.token_type in {TokenType.VAR, TokenType.BLOCK}
        if not token.contents.startswith(("url ", "static ", "translate ", "trans "))
        for pattern in (_SEEN_ARGUMENTS, _SEEN_FILTERS)
        for _name, text in pattern.findall(token.contents)
        if words_of(text)
    ]


def template_files() -> list[Path]:
    return extraction.template_files(ENTAS)


def door_files() -> list[Path]:
    return python_files(ENTAS / "web")


def bare_words(tree: ast.Module) -> list[ast.Constant]:
    """Texts in the code of a door that people would read and that no catalogue is asked for."""
    looked_up = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (extraction.called(node) in _LOOKED_UP or _refuses(node))
        for inner in ast.walk(node)
    }
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        text
        for text in {id(text): text for text in _seen(tree)}.values()
        if id(text) not in looked_up | docstrings and words_of(text.value)
    ]


def _refuses(node: ast.Call) -> bool:
    return extraction.called(node) == "__init__"


def _seen(tree: ast.Module):
    """Texts that look like a sentence, or stand where people read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _SENTENCE.fullmatch(node.value):
                yield node
        elif isinstance(node, ast.keyword) and node.arg in _SEEN_KEYWORDS:
            yield from _texts(node.value)
        elif isinstance(node, ast.Call) and extraction.called(node) in _SEEN_CALLS:
            for argument in node.args[1:] or node.args:
                yield from _texts(argument)


def _texts(node: ast.expr):
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part
