"""How a value that stands in a problem is shown without giving a person away."""

import re
from pathlib import Path

# Shorter runs are dates, versions and counts; file names are full of them.
_LONG_NUMBER = re.compile(r"\d{13,}")
_SHOWN = 2
_WORD_REST = re.compile(r"(?<=\w)\w")


def mask_number(text: str) -> str:
    """A NIK or KK with only its last two characters showing: ``**************12``."""
    hidden = max(len(text[:40]) - _SHOWN, 0)
    return "*" * hidden + text[:40][hidden:] if hidden else "*" * len(text)


def mask_words(text: str) -> str:
    """First letter of each word, the rest as stars; at most 40 characters."""
    return _WORD_REST.sub("*", text[:40])


def mask_day(text: str) -> str:
    """A date with its last two digits hidden, so that the fault shows but not the birthday."""
    shown = text[:20]
    if any(letter.isalpha() for letter in shown):
        return mask_words(shown)
    return re.sub(r"\d{2}(?=\D*$)", "**", shown)


def mask_long_numbers(text: str) -> str:
    """Free text (a file name, a column name) with whatever could be a NIK or KK masked."""
    return _LONG_NUMBER.sub(lambda found: mask_number(found.group()), text)


def shown_name(path: Path) -> str:
    """A file's name as a message may hold it: offices name files after persons."""
    return mask_long_numbers(path.name)[:120]
