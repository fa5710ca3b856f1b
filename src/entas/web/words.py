"""What the stages say, in the language of who reads it.

The stages keep Indonesian sentences (``entas.refusals``); the catalogue has the others.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext

from entas.refusals import EntasRefusal, Saying, Sayings


def in_words(said: EntasRefusal | Saying | Sayings | Promise | str) -> str:
    """A refusal, a saying or a marked word in the reader's language.

    Args:
        said: what a stage gave. A text that stands in no catalogue, for instance the name of a
            person, stays as it is.
    """
    if isinstance(said, EntasRefusal | Saying | Sayings):
        return said.said(gettext)
    # To gettext the empty text means the heading of the catalogue.
    return gettext(str(said)) if str(said) else ""


def choices_in_words(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices of a model with their labels in the reader's language, for a form or a filter."""
    return [(value, in_words(label)) for value, label in choices]
