"""The form of a correction: several values of one person, each beside what stands there now."""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas import custody
from entas.registry import states
from entas.registry.queries.corrections import Change, FieldNow, Present
from entas.registry.queries.members import dotted
from entas.registry.states import CORRECTABLE
from entas.web.words import choices_in_words

# A typed NIK comes back to the browser sealed, never as digits.
_KEPT_CONTEXT = "web.typed"
_DAY = re.compile(r"\s*(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\s*")
_EMPTY = ("", gettext_lazy("tidak diubah"))


class _SaidOnce(forms.TextInput):
    """A field whose content is never written into a page."""

    def format_value(self, _value: Any) -> str | None:
        """Nothing."""
        return None


def _choices(choices: Iterable[tuple[str, str]]) -> list[tuple[str, Any]]:
    return [_EMPTY, *choices_in_words(choices)]


class CorrectionForm(forms.Form):
    """What may be corrected; an empty field stays as it is."""

    name = forms.CharField(required=False, max_length=200)
    nik = forms.CharField(
        required=False,
        max_length=40,
        widget=_SaidOnce({"inputmode": "numeric", "autocomplete": "off"}),
    )
    birth = forms.CharField(
        required=False, max_length=20, widget=forms.TextInput({"inputmode": "numeric"})
    )
    birth_place = forms.CharField(required=False, max_length=100)
    sex = forms.ChoiceField(required=False, choices=lambda: _choices(states.SEX_CHOICES))
    mother_name = forms.CharField(required=False, max_length=200)
    alive = forms.ChoiceField(required=False, choices=lambda: _choices(states.ALIVE_CHOICES))
    role = forms.ChoiceField(required=False, choices=lambda: _choices(states.ROLE_CHOICES))
    rt = forms.CharField(
        required=False, max_length=6, widget=forms.TextInput({"inputmode": "numeric"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=2_000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Tulis mengapa data ini perlu dikoreksi.")},
    )
    evidence = forms.CharField(
        label=gettext_lazy("Bukti yang dilihat"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 2}),
    )
    # The state the form was filled in on, and a NIK typed before.
    seen = forms.CharField(required=False, max_length=10_000, widget=forms.HiddenInput)
    nik_kept = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)
    nik_forget = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name, field in self.fields.items():
            is_choice = isinstance(field.widget, forms.Select)
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
            if name in {"name", "birth_place", "mother_name"}:
                field.widget.attrs["autocomplete"] = "off"

    def clean_nik(self) -> str:
        """The digits without what people write between them; an empty field keeps the last."""
        typed = re.sub(r"[\s.\-]", "", self.cleaned_data["nik"])
        return typed or kept_number(self.data)

    def clean_birth(self) -> str:
        """The day as the registry reads it."""
        typed = self.cleaned_data["birth"].strip()
        found = _DAY.fullmatch(typed)
        if found is None:
            return str(typed)
        day, month, year = (int(part) for part in found.groups())
        try:
            return dt.date(year, month, day).isoformat()
        except ValueError as fault:
            raise forms.ValidationError(_("Tanggal itu tidak ada di kalender.")) from fault

    def clean(self) -> dict[str, Any]:
        """A birth date in another shape is refused here, where the shape is known."""
        cleaned = super().clean() or {}
        if (typed := cleaned.get("birth")) and not re.fullmatch(r"\d{4}-\d\d-\d\d", typed):
            self.add_error("birth", _("Tulis tanggal lahir sebagai hh-bb-tttt, misal 31-12-1980."))
        return cleaned

    def values(self) -> dict[str, str]:
        """Field -> what should stand there."""
        return {field: self.cleaned_data[field] for field in CORRECTABLE}


def kept_number(typed: Mapping[str, Any]) -> str:
    """The NIK that was typed before, out of what came back sealed; "" where there is none."""
    sealed = str(typed.get("nik_kept", ""))
    if not sealed or typed.get("nik_forget"):
        return ""
    try:
        return custody.unseal(base64.urlsafe_b64decode(sealed), context=_KEPT_CONTEXT).decode()
    except (custody.SealBroken, binascii.Error, ValueError):
        return ""


@dataclass(frozen=True, slots=True)
class KeptNumber:
    """A typed NIK as a page carries it: sealed, and as a reader may see it."""

    sealed: str
    shown: str


def number_to_keep(typed: Mapping[str, Any]) -> KeptNumber | None:
    """What to put into the page of a NIK typed a moment or a draft ago."""
    number = re.sub(r"[\s.\-]", "", str(typed.get("nik", ""))) or kept_number(typed)
    if not number:
        return None
    sealed = custody.seal(number[:40].encode(), context=_KEPT_CONTEXT)
    return KeptNumber(base64.urlsafe_b64encode(sealed).decode(), dotted(number[:40]))


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the form as the page shows it."""

    now: FieldNow
    field: Any
    changes: tuple[Change, ...]


def rows(form: CorrectionForm, stands: Present, changes: Sequence[Change]) -> list[Row]:
    """The fields in reading order, each with its present value and what changed meanwhile."""
    return [
        Row(
            stands.fields[name],
            form[name],
            tuple(change for change in changes if change.field == name),
        )
        for name in CORRECTABLE
    ]
