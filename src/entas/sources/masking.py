"""How a value that stands in a problem is shown without giving a person away."""

import re
from pathlib import Path

# Fewer digits are dates, versions and counts; file names are full of them. People divide long
# numbers by blanks, dots and strokes, and that does not hide them.
_LONG_NUMBER = re.compile(r"\d(?:[\W_]*\d){12,}")
_MOST_SHOWN_DIGITS = 12
_RUN = re.compile(r"\d+")
_CENTURY = 4
_SHOWN = 2
_WORD_REST = re.compile(r"(?<=\w)\w")


def mask_number(text: str) -> str:
    """A NIK or KK with only its last two characters showing: ``**************12``."""
    hidden = max(len(text[:40]) - _SHOWN, 0)
    return "*" * hidden + text[:40][hidden:] if hidden else "*" * len(text)


def as_dots(masked: str) -> str:
    """A masked text as screens show it: dots for the stars that stand in columns of files."""
    return masked.replace("*", "•")


def mask_words(text: str) -> str:
    """First letter of each word, the rest as stars; at most 40 characters."""
    return _WORD_REST.sub("*", text[:40])


def mask_day(text: str) -> str:
    """A date with the last two digits of its year hidden, so that the fault shows but not the day.

    Whatever else stands in a column of dates is hidden further: of a third number nothing shows,
    and of a text with as many digits as a NIK only its end.
    """
    if sum(map(str.isdecimal, text)) > _MOST_SHOWN_DIGITS:
        return mask_number(text)
    shown = text[:20]
    if any(letter.isalpha() for letter in shown):
        return mask_words(shown)
    runs = list(_RUN.finditer(shown))
    has_year = any(len(run[0]) >= _CENTURY for run in runs)
    pieces = []
    end = 0
    for place, run in enumerate(runs):
        pieces.append(shown[end : run.start()])
        end = run.end()
        is_last = place == len(runs) - 1 and not has_year
        if len(run[0]) >= _CENTURY or (is_last and len(run[0]) >= _SHOWN):
            pieces.append(run[0][:-_SHOWN] + "*" * _SHOWN)
        else:
            pieces.append(run[0] if place < _SHOWN else "*" * len(run[0]))
    return "".join([*pieces, shown[end:]])


def mask_long_numbers(text: str) -> str:
    """Free text (a file name, a column name) with whatever could be a NIK or KK masked.

    Thirteen digits or more that no letter divides could be one.
    """
    return _LONG_NUMBER.sub(lambda found: mask_number(found.group()), text)


def shown_name(path: Path) -> str:
    """A file's name as a message may hold it: offices name files after persons."""
    return mask_long_numbers(path.name)[:120]
