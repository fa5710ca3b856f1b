"""Taking a list along: the same form, the same first line and the same act for every list.

A list page offers the form (``offer`` and ``web/parts/export_form.html``), and an address of its
own answers it (``answer``). That address takes the filters of the list from its query, and must
narrow the rows by ``policies.scope_of(request.actor, act)`` itself.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from entas.city.errors import OddPurpose
from entas.city.policies import may
from entas.city.queries import LONGEST_REASON
from entas.sources.errors import TooManyRows
from entas.sources.masking import mask_long_numbers
from entas.sources.services import Line, Listing, export_list
from entas.web.frame import WebRequest
from entas.web.words import in_words

__all__ = ["Line", "Plan", "answer", "offer"]

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A list that can be taken along.

    Attributes:
        act: the act it is: ``"registry.export"``, ``"audit.export"``.
        name: short word for the list, for file names and acts: ``"jejak-tindakan"``.
        title: how the page calls it.
        back: address of the list.
        columns: names of the columns.
        lines: gives the rows, called only when the form was sent.
        section: part of the menu.
    """

    act: str
    name: str
    title: str | Promise
    back: str
    columns: Sequence[str]
    lines: Callable[[], Iterable[Line]]
    section: str


def offer(request: WebRequest, act: str, page: str, *args: int) -> dict[str, Any] | None:
    """What ``web/parts/export_form.html`` needs as ``export``; None for who may not export.

    Args:
        request: the list page; its filters go along.
        act: the act of exporting.
        page: name of the address that answers.
        *args: numbers in that address.
    """
    if not may(request.actor, act):
        return None
    query = request.GET.urlencode()
    address = reverse(page, args=args) + (f"?{query}" if query else "")
    return {"address": address, "longest": LONGEST_REASON}


def answer(request: WebRequest, plan: Plan) -> HttpResponse:
    """The form, or the file it asks for, or the form with what is wrong in it."""
    typed = {key: request.POST.get(key, "") for key in ("purpose", "reason", "kind")}
    faults: dict[str, str] = {}
    if request.method == "POST":
        typed["reason"] = " ".join(unicodedata.normalize("NFC", typed["reason"]).split())
        suffix = typed["kind"] if typed["kind"] in _TYPES else ".xlsx"
        listing = Listing(plan.act, plan.name, plan.columns, plan.lines(), suffix)
        try:
            made = export_list(
                listing=listing,
                purpose=typed["purpose"],
                reason=typed["reason"],
                by=request.actor,
                now=timezone.now(),
            )
        except OddPurpose as refusal:
            faults = {refusal.field: in_words(refusal)}
        except TooManyRows as refusal:
            faults = {"all": in_words(refusal)}
        else:
            file = HttpResponse(made.content, content_type=_TYPES[suffix])
            file["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
            return file
    # A NIK typed as a reason goes back masked.
    typed["reason"] = mask_long_numbers(typed["reason"])
    export = {
        "address": request.get_full_path(),
        "longest": LONGEST_REASON,
        "typed": typed,
        "faults": faults,
    }
    known = {"plan": plan, "export": export, "section": plan.section}
    return render(request, "web/export.html", known, status=422 if faults else 200)
