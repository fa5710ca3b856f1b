"""What is said to people, kept so that it can be said in another language.

Stages speak Indonesian and know no catalogue. They keep a sentence and the values in it apart; a
door that speaks other languages looks the sentence up and puts the values in afterwards.
"""

import re
from collections.abc import Callable, Sequence

# From an Indonesian sentence to the reader's: gettext, or str for the sentence as it is.
Translate = Callable[[str], str]

# A name and nothing else: no attributes, no formats, so that neither a catalogue nor a value with
# braces in it can reach anything but the values that were given.
_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def mark(text: str) -> str:
    """The text itself. Marks it for the catalogue, where only a door will translate it."""
    return text


class Saying:
    """A sentence, or a piece of one, with places for values: ``Saying("baris {row}", row=7)``.

    ``str()`` gives it in Indonesian. Values that are sayings themselves are translated with it.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.template, self.values = template, values

    def said(self, translate: Translate) -> str:
        """The words in the language of ``translate``; a place without a value stays as it is."""

        def value(found: re.Match[str]) -> str:
            known = self.values.get(found[1], found[0])
            said = getattr(known, "said", None)
            return str(said(translate)) if said else str(known)

        # To gettext the empty text means the heading of the catalogue.
        return _PLACE.sub(value, translate(self.template)) if self.template else ""

    def __str__(self) -> str:
        return self.said(str)


class Sayings:
    """Sayings one after the other, with something between them."""

    def __init__(self, parts: Sequence[Saying | str], between: str = ", ") -> None:
        self.parts, self.between = parts, between

    def said(self, translate: Translate) -> str:
        """The words in the language of ``translate``; texts among them stay as they are."""
        return self.between.join(
            one.said(translate) if isinstance(one, Saying) else one for one in self.parts
        )

    def __str__(self) -> str:
        return self.said(str)


class EntasRefusal(Exception):
    """Something was asked that cannot be done, and the asker can do something about it.

    The message is Indonesian, one sentence or two: what is wrong, with which value (personal
    data masked), and what to do next. It is shown as it stands, so it holds no names, NIK or KK.
    Write it as a template and its values, never as an f-string: the template stands in the
    catalogue, and ``said`` gives it in the reader's language.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.saying = Saying(template, **values)
        super().__init__(str(self.saying))

    def said(self, translate: Translate) -> str:
        """The message in the language of ``translate``."""
        return self.saying.said(translate)
