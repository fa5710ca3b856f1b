"""Entering and correcting official figures and targets by hand."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.city.errors import FigureCorrectedMeanwhile, FigureRefused
from entas.city.figures import CITY, place_names, standing_targets
from entas.city.indicators import INDICATORS
from entas.city.models import OfficialFigure, StatementStatus, TargetVersion
from entas.city.services import FigureFacts, TargetFacts, add_figure, add_target
from entas.web import drafts
from entas.web.figures_shown import said_status, said_value
from entas.web.frame import WebRequest, page
from entas.web.words import in_words


def _indicators() -> list[tuple[str, str]]:
    return [
        (
            one.code,
            _("%(name)s (%(unit)s)") % {"name": in_words(one.name), "unit": in_words(one.unit)},
        )
        for one in INDICATORS.values()
    ]


def _places() -> list[tuple[str, str]]:
    return list(place_names().items())


def _statuses() -> list[tuple[str, str]]:
    return [(value, said_status(value)) for value in StatementStatus.values]


def _number(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DecimalField:
    # As people here write it, 7,69; also the numbers that a browser would not take.
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=required,
        localize=True,
        max_digits=18,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class _Styled(forms.Form):
    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class FigureForm(_Styled):
    """One published figure."""

    indicator = forms.ChoiceField(label=gettext_lazy("Indikator"), choices=_indicators)
    area_code = forms.ChoiceField(label=gettext_lazy("Wilayah"), choices=_places, initial=CITY)
    period = forms.CharField(
        label=gettext_lazy("Periode"),
        max_length=40,
        help_text=gettext_lazy("Seperti di terbitan, misalnya: Maret 2025."),
    )
    from_on = _day(gettext_lazy("Hari pertama periode"))
    to_on = _day(gettext_lazy("Hari terakhir periode"))
    value = _number(gettext_lazy("Nilai"), gettext_lazy("Dalam satuan indikator; koma desimal."))
    margin = _number(
        gettext_lazy("Galat sampel 95% (±)"),
        gettext_lazy("Bila terbitannya menyebut; satuannya sama dengan nilai."),
        required=False,
    )
    edition = forms.CharField(
        label=gettext_lazy("Penghitung atau edisi"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Misalnya BPS, Dukcapil, SP2020."),
    )
    status = forms.ChoiceField(label=gettext_lazy("Kepastian"), choices=_statuses)
    source = forms.CharField(
        label=gettext_lazy("Sumber"),
        max_length=300,
        help_text=gettext_lazy("Judul terbitan atau halaman, cukup jelas untuk ditemukan lagi."),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Alamat sumber"), max_length=300, required=False, assume_scheme="https"
    )
    published_on = _day(gettext_lazy("Tanggal terbit"), required=False)
    note = forms.CharField(label=gettext_lazy("Catatan"), max_length=300, required=False)


class TargetForm(_Styled):
    """One target as somebody said it."""

    indicator = forms.ChoiceField(label=gettext_lazy("Indikator"), choices=_indicators)
    area_code = forms.ChoiceField(label=gettext_lazy("Wilayah"), choices=_places, initial=CITY)
    for_year = forms.IntegerField(label=gettext_lazy("Tahun target"), localize=False)
    value = _number(gettext_lazy("Nilai target"), gettext_lazy("Dalam satuan indikator."))
    said_by = forms.CharField(
        label=gettext_lazy("Dinyatakan oleh"),
        max_length=120,
        help_text=gettext_lazy("Jabatan atau dokumen, misalnya: RPJMD 2025-2029."),
    )
    said_on = _day(gettext_lazy("Dinyatakan pada"), required=False)
    base_year = forms.IntegerField(label=gettext_lazy("Tahun awal"), required=False, localize=False)
    base_value = _number(gettext_lazy("Nilai awal"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Kepastian"), choices=_statuses)
    source = forms.CharField(label=gettext_lazy("Sumber"), max_length=300)
    source_url = forms.URLField(
        label=gettext_lazy("Alamat sumber"), max_length=300, required=False, assume_scheme="https"
    )
    note = forms.CharField(label=gettext_lazy("Catatan"), max_length=300, required=False)
    replaces = forms.ChoiceField(
        label=gettext_lazy("Menggantikan target"), required=False, choices=list
    )

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["replaces"].choices = [  # type: ignore[attr-defined]
            ("", _("tidak ada; target baru")),
            *(
                (str(one.pk), f"{one.for_year}: {said_value(one.value, INDICATORS['P0'])}")
                for one in standing_targets("P0", CITY)
            ),
        ]


def _page(
    request: WebRequest, form: forms.Form, ticket: drafts.Ticket, about: dict[str, Any], status: int
) -> HttpResponse:
    known = {"section": "figures", "form": form, "ticket": ticket, **about}
    return render(request, "web/figure_form.html", known, status=status)


def _answer(
    request: WebRequest,
    kind: type[forms.Form],
    name: str,
    act: Callable[[dict[str, Any]], str],
    about: dict[str, Any],
) -> HttpResponse:
    """Show a form, or carry out what was sent; ``act`` gives the address to go to afterwards."""
    if request.method != "POST":
        ticket = drafts.ticket(request, name)
        form = kind(initial={**about.get("initial", {}), **ticket.saved})
        return _page(request, form, ticket, about, 200)
    form = kind(request.POST)
    if form.is_valid():
        try:
            with drafts.spending(request, name):
                address = act(form.cleaned_data)
        except FigureRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, in_words(refusal)
            )
        except FigureCorrectedMeanwhile as refusal:
            form.add_error(None, in_words(refusal))
        else:
            messages.success(request, _("Tercatat."))
            return redirect(address)
    return _page(request, form, drafts.ticket(request, name), about, 422)


def add(request: WebRequest) -> HttpResponse:
    """Enter a figure that was published."""

    def act(typed: dict[str, Any]) -> str:
        row = add_figure(facts=FigureFacts(**typed), by=request.actor, now=timezone.localtime())
        return row_address(row)

    return _answer(request, FigureForm, "figure", act, {"title": _("Catat angka resmi")})


def correct(request: WebRequest, number: int) -> HttpResponse:
    """Correct a figure: a new version beside the old one."""
    old = OfficialFigure.objects.filter(pk=number).first()
    if old is None:
        raise Http404

    def act(typed: dict[str, Any]) -> str:
        row = add_figure(
            facts=FigureFacts(**typed), by=request.actor, now=timezone.localtime(), supersedes=old
        )
        return row_address(row)

    about = {
        "title": _("Koreksi angka"),
        "old": old,
        "old_value": said_value(old.value, INDICATORS[old.indicator]),
        "initial": {name: _typed(getattr(old, name)) for name in FigureForm.base_fields},
    }
    return _answer(request, FigureForm, f"figure:{number}", act, about)


def _typed(value: Any) -> Any:
    """A value as somebody would type it: without the noughts the database adds."""
    return Decimal(f"{value.normalize():f}") if isinstance(value, Decimal) else value


def row_address(row: OfficialFigure) -> str:
    """The page of a figure."""
    return reverse("figure", args=[row.pk])


def add_aim(request: WebRequest) -> HttpResponse:
    """Write down a target."""

    def act(typed: dict[str, Any]) -> str:
        chosen = typed.pop("replaces")
        old = TargetVersion.objects.get(pk=int(chosen)) if chosen else None
        add_target(
            facts=TargetFacts(**typed), by=request.actor, now=timezone.localtime(), supersedes=old
        )
        return "figures"

    return _answer(request, TargetForm, "target", act, {"title": _("Catat target")})


_WRITING = ("GET", "POST")
urlpatterns = [
    page("angka/baru/", add, name="figure_add", act="city.edit_figures", methods=_WRITING),
    page("angka/target/", add_aim, name="target_add", act="city.edit_figures", methods=_WRITING),
    page(
        "angka/<figure:number>/koreksi/",
        correct,
        name="figure_correct",
        act="city.edit_figures",
        methods=_WRITING,
    ),
]
