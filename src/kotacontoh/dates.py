"""Dates as offices write them, from ISO texts that may be a year only or empty."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from datetime import datetime

from kotacontoh.streams import Generator, Texts, texts, words

MONTHS = words(
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
)


def day_first(dates: Texts, separator: str = "-") -> Texts:
    """``dd-mm-yyyy``; a year alone stays a year."""
    return texts([_day_first(iso, separator) for iso in dates])


def _day_first(iso: str, separator: str) -> str:
    return separator.join((iso[8:], iso[5:7], iso[:4])) if len(iso) == 10 else iso


def long_form(iso: str) -> str:
    """``12 Maret 1985``."""
    return f"{int(iso[8:])} {MONTHS[int(iso[5:7]) - 1]} {iso[:4]}" if len(iso) == 10 else iso


def as_cell(iso: str) -> datetime | str:
    """A real date cell of a spreadsheet; the text itself when it is no full date."""
    return datetime.fromisoformat(iso) if len(iso) == 10 else iso


def mixed(dates: Texts, rng: Generator, *, cells: float, worded: float) -> Texts:
    """Mostly ``dd-mm-yyyy`` text, some real date cells, some with the month as a word."""
    dice = rng.random(len(dates))
    out = day_first(dates)
    for row in (dice < cells).nonzero()[0].tolist():
        out[row] = as_cell(dates[row])
    for row in ((dice >= cells) & (dice < cells + worded)).nonzero()[0].tolist():
        out[row] = long_form(dates[row])
    return out
