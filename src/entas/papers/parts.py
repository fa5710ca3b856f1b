"""What a paper is put together from; texts are shown as they are."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside the paper."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one under the other."""

    pairs: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Items:
    """A list with dots."""

    items: Sequence[str]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: names of columns, and lines of as many texts."""

    columns: Sequence[str]
    lines: Sequence[Sequence[str]]
    kind: str = "rows"


Part = Heading | Text | Facts | Items | Rows
