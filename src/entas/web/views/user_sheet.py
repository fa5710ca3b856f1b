"""Many users from a sheet: looked at first, then entered, all or none."""

import base64
import binascii
import json
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from entas import custody
from entas.city.errors import SheetRefused
from entas.city.services import (
    MOST_ROWS,
    SHEET_COLUMNS,
    NewUser,
    SheetRow,
    check_sheet,
    enrol_sheet,
)
from entas.refusals import EntasRefusal
from entas.sources.reading.forms import read_form
from entas.web import drafts
from entas.web.frame import WebRequest, page
from entas.web.user_forms import SheetForm
from entas.web.words import in_words

_LARGEST = 1_000_000
_CONTEXT = "web.draft"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXAMPLE = ("siti.rahma", "Siti Rahma", "", "", "front_office", "Kelurahan Legok", "", "", "")


def _workbook(rows: list[tuple[str, ...]], name: str) -> HttpResponse:
    """A workbook of texts, made in memory and kept nowhere."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Daftar")
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(rows[0]) - 1, 22, text)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                # A text whatever it begins with: no cell is ever a formula.
                sheet.write_string(line, column, cell, text)
    answer = HttpResponse(stream.getvalue(), content_type=_XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def blank(request: WebRequest) -> HttpResponse:
    """The form to fill in, with an example line."""
    return _workbook([SHEET_COLUMNS, _EXAMPLE], "pengguna-baru.xlsx")


def _rows_of(upload: Any) -> list[SheetRow]:
    """The rows of an uploaded file.

    Raises:
        EntasRefusal: it is too large or no such sheet.
    """
    if upload.size > _LARGEST:
        raise SheetTooLarge
    suffix = ".xlsx" if upload.name.lower().endswith(".xlsx") else ".csv"
    # Beside the data and for the owner's eyes: the readers want a file they can read twice.
    with tempfile.NamedTemporaryFile(suffix=suffix, dir=settings.ENTAS_HOME) as file:
        file.write(upload.read())
        file.flush()
        filled = read_form(Path(file.name), SHEET_COLUMNS, most=MOST_ROWS + 1)
    return [SheetRow(line, **cells) for line, cells in filled]


class SheetTooLarge(EntasRefusal):
    """The file is larger than any sheet of users."""

    def __init__(self) -> None:
        super().__init__("Berkas lebih dari 1 MB. Bagi daftarnya menjadi beberapa berkas.")


def _keep(request: WebRequest, rows: list[SheetRow]) -> None:
    """Keep the rows that were looked at in the session, sealed, until they are entered."""
    plain = json.dumps([[getattr(row, name) for name in ("line", *SHEET_COLUMNS)] for row in rows])
    sealed = custody.seal(plain.encode(), context=_CONTEXT)
    request.session["sheet"] = base64.b64encode(sealed).decode()


def _kept(request: WebRequest) -> list[SheetRow]:
    try:
        sealed = base64.b64decode(request.session["sheet"])
        return [SheetRow(*cells) for cells in json.loads(custody.unseal(sealed, context=_CONTEXT))]
    except (KeyError, binascii.Error, custody.SealBroken):
        return []


def sheet(request: WebRequest) -> HttpResponse:
    """Look at a sheet, then enter its people."""
    if request.method == "POST" and "enter" in request.POST:
        return _enter(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    found: list[NewUser] = []
    if request.method == "POST" and form.is_valid():
        try:
            rows = _rows_of(form.cleaned_data["sheet"])
            found = check_sheet(rows=rows, by=request.actor, day=timezone.localdate())
            _keep(request, rows)
        except SheetRefused as fault:
            problems = [in_words(one.saying) for one in fault.problems]
        except EntasRefusal as fault:
            form.add_error("sheet", in_words(fault))
    return _answer(request, form, problems, found)


def _answer(
    request: WebRequest, form: SheetForm, problems: list[str], found: list[NewUser]
) -> HttpResponse:
    is_wrong = request.method == "POST" and not found
    context = {
        "section": "users",
        "form": form,
        "problems": problems,
        "found": found,
        "columns": SHEET_COLUMNS,
        "ticket": drafts.ticket(request, "user-sheet"),
    }
    return render(request, "web/user_sheet.html", context, status=422 if is_wrong else 200)


def _enter(request: WebRequest) -> HttpResponse:
    """Enter the people that were looked at; the answer is the file to hand out."""
    with drafts.spending(request, "user-sheet"):
        entered = enrol_sheet(rows=_kept(request), by=request.actor, day=timezone.localdate())
    request.session.pop("sheet", None)
    head = ("username", _("nama"), _("sandi sekali pakai"))
    rows = [(new.username, new.name, password) for new, password in entered]
    return _workbook([head, *rows], "sandi-sekali-pakai.xlsx")


urlpatterns = [
    page(
        "pengguna/berkas/", sheet, name="user_sheet", act="city.add_user", methods=("GET", "POST")
    ),
    page(
        "pengguna/berkas/contoh/",
        blank,
        name="user_sheet_blank",
        act="city.add_user",
        methods=("POST",),
    ),
]
