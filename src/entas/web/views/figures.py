"""Official figures: cards, trends, the table of all with sources, and one with its versions."""

from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.city.figures import CITY, place_names, standing_targets, versions
from entas.city.indicators import INDICATORS
from entas.city.models import OfficialFigure, StatementStatus, TargetVersion
from entas.city.policies import may
from entas.web.figures_shown import cards, ranking, said_period, said_status, said_value, trend
from entas.web.frame import WebRequest, page
from entas.web.words import in_words

_ROWS = 50
_REGENCIES = [f"15.0{number}" for number in range(1, 10)] + ["15.71", "15.72"]


def places(_request: HttpRequest | None = None) -> list[tuple[str, str]]:
    """Places that have a figure, for the filter."""
    names = place_names()
    used = OfficialFigure.objects.order_by("area_code").values_list("area_code", flat=True)
    return [(code, names.get(code, code)) for code in used.distinct()]


def _indicators(_request: HttpRequest | None = None) -> list[tuple[str, str]]:
    return [(one.code, in_words(one.name)) for one in INDICATORS.values()]


def _statuses(_request: HttpRequest | None = None) -> list[tuple[str, str]]:
    return [(value, said_status(value)) for value in StatementStatus.values]


class FigureFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What the table is narrowed to; stands in the address."""

    indikator = django_filters.ChoiceFilter(
        field_name="indicator",
        choices=_indicators,
        label=gettext_lazy("Indikator"),
        empty_label=gettext_lazy("semua"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    wilayah = django_filters.ChoiceFilter(
        field_name="area_code",
        choices=places,
        label=gettext_lazy("Wilayah"),
        empty_label=gettext_lazy("semua"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    kepastian = django_filters.ChoiceFilter(
        field_name="status",
        choices=_statuses,
        label=gettext_lazy("Kepastian"),
        empty_label=gettext_lazy("semua"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class FigureTable(tables.Table):  # type: ignore[misc]
    """All figures that stand."""

    indicator = tables.Column(
        gettext_lazy("Indikator"), linkify=("figure", {"number": tables.A("pk")})
    )
    area_code = tables.Column(gettext_lazy("Wilayah"))
    from_on = tables.Column(gettext_lazy("Periode"))
    value = tables.Column(
        gettext_lazy("Nilai"), attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    status = tables.Column(gettext_lazy("Kepastian"))
    source = tables.Column(gettext_lazy("Sumber"), orderable=False)

    class Meta:
        attrs: ClassVar = {"class": "table"}
        template_name = "web/parts/figures_table.html"
        order_by = ("-from_on",)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._names = place_names()

    def render_indicator(self, value: str) -> str:
        """The name people use."""
        return in_words(INDICATORS[value].name) if value in INDICATORS else value

    def render_area_code(self, value: str) -> str:
        """The name of the place."""
        return self._names.get(value, value)

    def render_from_on(self, record: OfficialFigure) -> str:
        """The period as it was published, and who counted."""
        return ", ".join(filter(None, (said_period(record.period), record.edition)))

    def render_value(self, record: OfficialFigure) -> str:
        """The value with its unit."""
        return shown_value(record)

    def render_status(self, record: OfficialFigure) -> str:
        """How sure it is, as a mark."""
        return format_html(
            '<span class="{}">{}</span>', status_mark(record.status), said_status(record.status)
        )

    def render_source(self, record: OfficialFigure) -> str:
        """The source, a link where it has an address."""
        if not record.source_url:
            return record.source
        return format_html('<a href="{}" rel="noreferrer">{}</a>', record.source_url, record.source)


def shown_value(row: OfficialFigure | TargetVersion) -> str:
    """The value with its unit, also of an indicator that a later release gave up."""
    known = INDICATORS.get(row.indicator)
    return said_value(row.value, known) if known else str(row.value)


def status_mark(status: str) -> str:
    """The class of the mark of a status."""
    return {
        StatementStatus.OFFICIAL: "badge-good",
        StatementStatus.UNCONFIRMED: "badge-wait",
    }.get(StatementStatus(status), "badge-quiet")


def _chips(request: WebRequest, asked: FigureFilter) -> list[dict[str, str]]:
    """The filters that are set, each with the address without it."""
    chips = []
    for name, field in asked.form.fields.items():
        value = asked.form.cleaned_data.get(name) if asked.form.is_valid() else ""
        if value:
            rest = request.GET.copy()
            rest.pop(name, None)
            rest.pop("page", None)
            words = dict(field.choices).get(value, value)
            chips.append({"label": f"{field.label}: {words}", "address": f"?{rest.urlencode()}"})
    return chips


def figures(request: WebRequest) -> HttpResponse:
    """Headlines, the trend against the targets, other places, and the table of all figures."""
    rows: QuerySet[OfficialFigure] = OfficialFigure.objects.standing()
    asked = FigureFilter(request.GET, queryset=rows)
    found = asked.qs if asked.form.is_valid() else rows
    table = FigureTable(found, request=request)
    tables.RequestConfig(request, paginate={"per_page": _ROWS, "silent": True}).configure(table)
    return render(
        request,
        "web/figures.html",
        {
            "section": "figures",
            "asked": asked,
            "chips": _chips(request, asked),
            "table": table,
            "cards": cards(),
            "trend": trend("P0", CITY),
            "ranking": ranking("P0", _REGENCIES),
            "targets": _targets(),
            "may_edit": may(request.actor, "city.edit_figures"),
        },
    )


def _targets() -> list[dict[str, Any]]:
    """Every target ever said of the city's poverty rate, with what replaced it."""
    standing = {one.pk for one in standing_targets("P0", CITY)}
    rows = TargetVersion.objects.filter(indicator="P0", area_code=CITY).select_related(
        "superseded_by"
    )
    return [
        {"target": one, "value": shown_value(one), "stands": one.pk in standing}
        for one in rows.order_by("for_year", "pk")
    ]


def figure(request: WebRequest, number: int) -> HttpResponse:
    """One figure: what it means, where it is from, what it replaced, what contradicts it."""
    found = OfficialFigure.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    rivals = (
        OfficialFigure.objects.standing()
        .filter(
            indicator=found.indicator,
            area_code=found.area_code,
            from_on=found.from_on,
            to_on=found.to_on,
        )
        .exclude(pk=found.pk)
    )
    known = INDICATORS.get(found.indicator)
    edition = found.edition if found.indicator == "penduduk" else None
    return render(
        request,
        "web/figure.html",
        {
            "section": "figures",
            "figure": found,
            "period": said_period(found.period),
            "indicator": known,
            "value": shown_value(found),
            "status": said_status(found.status),
            "mark": status_mark(found.status),
            "place": place_names().get(found.area_code, found.area_code),
            "versions": [(one, shown_value(one)) for one in versions(found)],
            "rivals": [(one, shown_value(one), said_status(one.status)) for one in rivals],
            "stands": getattr(found, "superseded_by", None) is None,
            "trend": trend(found.indicator, found.area_code, edition=edition) if known else None,
            "may_edit": may(request.actor, "city.edit_figures"),
            "title": _("%(name)s, %(period)s")
            % {
                "name": in_words(known.name) if known else found.indicator,
                "period": said_period(found.period),
            },
        },
    )


urlpatterns = [
    page("angka/", figures, name="figures", act="city.read"),
    page("angka/<figure:number>/", figure, name="figure", act="city.read"),
]
