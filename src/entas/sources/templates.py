"""Blank Excel forms: a sheet to fill in, with text cells for numbers, and a sheet of notes."""

from pathlib import Path
from typing import Any

import xlsxwriter

from entas.custody import complete_file
from entas.sources.errors import CannotWrite, UnknownProfile
from entas.sources.masking import shown_name
from entas.sources.profiles import field_of, profile_names, rows_of
from entas.sources.rules import RULES

FILLED_ROWS = 5_000
_SEXES = ["L", "P"]
_RELATIONS = ["KEPALA KELUARGA", "SUAMI", "ISTRI", "ANAK", "MENANTU", "CUCU", "ORANG TUA",
              "MERTUA", "FAMILI LAIN", "LAINNYA"]  # fmt: skip
_NUMBERED = frozenset({"nik", "kk"})


def write_template(profile: str, path: Path) -> None:
    """Write the form of a profile.

    Raises:
        UnknownProfile: there is no such profile.
        CannotWrite: the file cannot be written there.
    """
    columns = [row for row in rows_of("template.csv") if row["profile"] == profile]
    if not columns:
        known = ", ".join(profile_names())
        raise UnknownProfile(
            "Formulir '{name}' tidak ada. Pilih salah satu: {known}.",
            name=profile[:40],
            known=known,
        )
    if path.suffix.lower() != ".xlsx":
        raise CannotWrite(
            "Formulir ditulis sebagai .xlsx; {file} bernama lain.", file=shown_name(path)
        )
    with complete_file(path) as stream:
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        _fill_form(book, columns)
        _fill_notes(book, profile, columns)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as fault:
            # The library hides what the system said; the door has words for it.
            raise fault.args[0] from fault


def _fill_form(book: Any, columns: list[dict[str, str]]) -> None:
    sheet = book.add_worksheet("Daftar")
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "locked": True})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        # Every column is text: a NIK loses its last digit as a number, an RT its noughts.
        sheet.set_column(place, place, max(14, len(column["header"]) + 2), text)
        sheet.write_string(0, place, column["header"], head)
        rule = _validation(column)
        if rule:
            sheet.data_validation(1, place, FILLED_ROWS, place, rule)


def _validation(column: dict[str, str]) -> dict[str, Any] | None:
    """What Excel itself checks while somebody types; a warning only, as blanks are allowed."""
    field = (field_of(column["header"]) or ("", 0))[0]
    if field in _NUMBERED:
        return {
            "validate": "length", "criteria": "==", "value": 16, "error_type": "warning",
            "error_title": column["header"][:32], "error_message": "Harus 16 angka.",
        }  # fmt: skip
    choices = {"sex": _SEXES, "hubungan": _RELATIONS}.get(field)
    # Forms whose notes give codes of their own take those, not words.
    if choices and not column["note"][:1].isdigit() and "PISAT" not in column["header"]:
        return {"validate": "list", "source": choices, "error_type": "warning"}
    return None


def _fill_notes(book: Any, profile: str, columns: list[dict[str, str]]) -> None:
    sheet = book.add_worksheet("Petunjuk")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 80)
    lines = [("Formulir", profile_names()[profile]), ("", "")]
    lines += [(column["header"], column["note"]) for column in columns]
    lines += [("", ""), ("Aturan yang diperiksa", "")]
    lines += [(code, f"{rule.says}. {rule.todo}") for code, rule in RULES.items()]
    for number, line in enumerate(lines):
        for place, words in enumerate(line):
            sheet.write_string(number, place, words)
