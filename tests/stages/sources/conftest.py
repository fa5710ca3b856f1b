"""Little lists for tests: written as an office would, read as Entas does."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from entas.sources.checking import Context, RowChecker
from entas.sources.nik import NumberRules
from entas.sources.profiles import choose

RESERVED = frozenset(f"1571{number}" for number in range(81, 92))
AS_OF = dt.date(2026, 6, 1)


class Areas:
    """Two kelurahan, by name only."""

    NUMBERS = {"LEGOK": 1571101003, "MURNI": 1571101002}

    def kelurahan(self, name, kecamatan=None, code=None):
        return self.NUMBERS.get((name or "").upper())


@pytest.fixture
def context() -> Context:
    return Context(AS_OF, NumberRules(RESERVED, frozenset()), Areas())


@pytest.fixture
def checked(context):
    """Check one row under the given headers: (row or None, codes of its faults)."""

    def check(headers: Sequence[str], *cells: Any, profile: str = "auto"):
        checker = RowChecker(choose(headers, profile=profile), context)
        row, faults = checker.check(list(cells))
        return row, [fault.code for fault in faults]

    return check


@pytest.fixture
def text_file(tmp_path):
    """Write a text file in an encoding."""

    def write(text: str, *, encoding: str = "utf-8", name: str = "daftar.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def book(tmp_path):
    """Write a workbook as another program would: {sheet: rows} or rows."""

    def write(rows: Any, *, name: str = "daftar.xlsx") -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, lines in (rows if isinstance(rows, dict) else {"Lembar1": rows}).items():
            sheet = made.create_sheet(title)
            for line in lines:
                sheet.append(line)
        path = tmp_path / name
        made.save(path)
        return path

    return write
