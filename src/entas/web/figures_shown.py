"""Official figures as they are shown: in words, as cards, as charts. Nothing is computed beyond
differences, and every figure carries its period, source and how sure it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entas.city.figures import (
    CITY,
    confirmed_series,
    newest,
    place_names,
    series,
    standing_targets,
    target_ahead,
)
from entas.city.indicators import INDEX, INDICATORS, PERCENT, RUPIAH, Indicator
from entas.city.models import Area, OfficialFigure, StatementStatus, TargetVersion
from entas.web import charts, maps
from entas.web.drawing import Chart
from entas.web.words import in_words

# Periods are written as they were published; only the names of months are read in English.
_MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_A_MONTH: Final = re.compile(rf"\b({'|'.join(_MONTHS)})\b")

# What a city's leaders ask first.
HEADLINES: Final = ("P0", "penduduk_miskin", "garis_kemiskinan", "penduduk")
_ALMOST_A_YEAR: Final = 300
_PKH_PERIOD: Final = "Tahap 3 2019"


def said_period(period: str) -> str:
    """The period of a figure in the reader's language: ``March 2025`` for ``Maret 2025``."""
    if get_language() == "id":
        return period
    return _A_MONTH.sub(lambda found: str(MONTHS[_MONTHS.index(found[1]) + 1]), period)


def said_status(status: str) -> str:
    """How sure a figure is, in words."""
    return in_words(StatementStatus(status).label)


def _digits(value: Decimal, decimals: int) -> str:
    return str(number_format(round(value, decimals), decimals, use_l10n=True))


def said_value(value: Decimal, indicator: Indicator) -> str:
    """A value with its unit, short: ``7,69%``, ``Rp 773.124``, ``47,25 ribu orang``."""
    digits = _digits(value, indicator.decimals)
    if indicator.unit == PERCENT:
        return f"{digits}%"
    if indicator.unit.startswith(RUPIAH):
        return f"Rp {digits}"
    return digits if indicator.unit == INDEX else f"{digits} {in_words(indicator.unit)}"


@dataclass(frozen=True, slots=True)
class Card:
    """One figure in a box; the fields of ``web/parts/number.html``."""

    label: str
    value: str
    definition: str
    unit: str
    on: str
    source: str
    badge: str
    lines: tuple[str, ...]
    address: str


def _target_lines(figure: OfficialFigure, indicator: Indicator) -> list[str]:
    target = target_ahead(figure)
    if target is None:
        return []
    gap = figure.value - target.value
    unit = _("poin") if indicator.unit == PERCENT else in_words(indicator.unit)
    words = _("%(gap)s %(unit)s di atas target") if gap > 0 else _("target tercapai")
    return [
        _("Target %(year)d: %(value)s")
        % {"year": target.for_year, "value": said_value(target.value, indicator)},
        words % {"gap": _digits(gap, indicator.decimals), "unit": unit},
    ]


def _change_line(figure: OfficialFigure, known: Sequence[OfficialFigure]) -> str:
    """The difference from the figure before it of the same edition; empty without one."""
    before = [one for one in known if one.edition == figure.edition and one.to_on < figure.from_on]
    if not before:
        return ""
    last, indicator = before[-1], INDICATORS[figure.indicator]
    change = figure.value - last.value
    sign = "+" if change > 0 else "\u2212" if change < 0 else ""
    said = said_value(abs(change), indicator)
    if indicator.unit == PERCENT:
        said = _digits(abs(change), indicator.decimals) + " " + _("poin")
    return _("%(change)s dari %(period)s") % {
        "change": sign + said,
        "period": said_period(last.period),
    }


def card(code: str, area_code: str) -> Card | None:
    """The newest confirmed figure of an indicator; None where there is none."""
    known = series(code, area_code)
    figure = newest(known)
    if figure is None:
        return None
    indicator = INDICATORS[code]
    lines = [
        ", ".join(filter(None, (said_period(figure.period), figure.edition))),
        *_target_lines(figure, indicator),
        _change_line(figure, confirmed_series(known)),
    ]
    return Card(
        label=in_words(indicator.name),
        value=said_value(figure.value, indicator),
        definition=in_words(indicator.definition),
        unit=in_words(indicator.unit),
        on=said_period(figure.period),
        source=figure.source,
        badge=said_status(figure.status),
        lines=tuple(filter(None, lines)),
        address=reverse("figure", args=[figure.pk]),
    )


def cards(area_code: str = CITY, codes: Sequence[str] = HEADLINES) -> list[Card]:
    """Cards of these indicators, without those that have no figure."""
    found = [card(code, area_code) for code in codes]
    return [one for one in found if one is not None]


# --- charts ------------------------------------------------------------------------------------


def _years(figures: Sequence[OfficialFigure]) -> list[float]:
    """Where each stands on the axis: on its year where all are of one month, else between."""
    months = {one.from_on.month for one in figures if one.status != StatementStatus.UNCONFIRMED}
    base = months.pop() if len(months) == 1 else 1
    return [_year(one, base) for one in figures]


def _year(one: OfficialFigure, base: int) -> float:
    if (one.to_on - one.from_on).days > _ALMOST_A_YEAR:
        return (one.from_on.year + one.to_on.year) / 2
    return round(one.from_on.year + (one.from_on.month - base) / 12, 3)


def _point(year: float, one: OfficialFigure) -> charts.Point:
    margin = one.margin
    return charts.Point(
        year,
        one.value,
        low=one.value - margin if margin is not None else None,
        high=one.value + margin if margin is not None else None,
        is_confirmed=one.status != StatementStatus.UNCONFIRMED,
    )


def _aims(
    targets: Sequence[TargetVersion], last: OfficialFigure | None, indicator: Indicator
) -> list[charts.Aim]:
    """Dashed ways to the targets: from where it was said, else from the newest figure on."""
    aims = []
    for target in targets:
        begin: tuple[float | None, Decimal | None] = (target.base_year, target.base_value)
        if begin[0] is None:
            if last is None or last.to_on.year >= target.for_year:
                # Another word for a year that is over: it stands in the table of targets.
                continue
            begin = (last.from_on.year, last.value)
        label = _("Target %(year)d: %(value)s") % {
            "year": target.for_year,
            "value": _digits(target.value, indicator.decimals),
        }
        aims.append(charts.Aim(label, target.for_year, target.value, *begin))
    return aims


def _survey_note(figures: Sequence[OfficialFigure], indicator: Indicator) -> str:
    notes = []
    if indicator.is_survey and not any(one.margin for one in figures):
        notes.append(
            _(
                "Angka survei sampel. Galat sampelnya belum kami miliki; selisih kecil antartahun "
                "bisa kebetulan, jadi lihat arah tiga sampai empat tahun."
            )
        )
    if any(one.status == StatementStatus.UNCONFIRMED for one in figures):
        notes.append(_("Lingkaran putus-putus: angka yang belum dikonfirmasi, tidak disambung."))
    return " ".join(notes)


def trend(code: str, area_code: str, *, edition: str | None = None) -> Chart | None:
    """An indicator over time with its targets; None where fewer than two values are known.

    Args:
        code: of the indicator.
        area_code: of the place.
        edition: who counted; None takes all, which only fits where there is one.
    """
    indicator = INDICATORS[code]
    figures = [one for one in series(code, area_code) if edition is None or one.edition == edition]
    if len(figures) < 2:  # noqa: PLR2004 - one value is no line
        return None
    drawn = [_point(year, one) for year, one in zip(_years(figures), figures, strict=True)]
    targets = standing_targets(code, area_code)
    name, place = in_words(indicator.name), place_names().get(area_code, area_code)
    known = confirmed_series(figures)
    last = known[-1] if known else None
    summary = _("Grafik %(name)s %(place)s, %(first)s sampai %(last)s.") % {
        "name": name,
        "place": place,
        "first": said_period(figures[0].period),
        "last": said_period(figures[-1].period),
    }
    return Chart(
        charts.line(
            drawn,
            number_format=f",.{indicator.decimals}f",
            aims=_aims(targets, last, indicator),
        ),
        _("%(name)s, %(place)s") % {"name": name, "place": place},
        summary,
        (_("Periode"), _("Nilai"), _("Kepastian"), _("Sumber")),
        [
            (
                ", ".join(filter(None, (said_period(one.period), one.edition))),
                said_value(one.value, indicator),
                said_status(one.status),
                one.source,
            )
            for one in figures
        ],
        note=_survey_note(figures, indicator),
        source="; ".join(dict.fromkeys(one.source for one in known[-2:])),
    )


def ranking(code: str, area_codes: Sequence[str], *, marked: str = CITY) -> Chart | None:
    """Places beside each other, for the latest period that most of them have."""
    indicator, names = INDICATORS[code], place_names()
    rows = (
        OfficialFigure.objects.standing()
        .filter(indicator=code, area_code__in=area_codes)
        .exclude(status=StatementStatus.UNCONFIRMED)
    )
    periods: dict[Any, dict[str, OfficialFigure]] = {}
    for one in rows.order_by("pk"):
        periods.setdefault(one.from_on, {})[one.area_code] = one
    if not periods:
        return None
    _count, latest = max((len(held), day) for day, held in periods.items())
    held = periods[latest]
    values = [(names.get(area, area), one.value) for area, one in held.items()]
    period = said_period(next(iter(held.values())).period)
    return Chart(
        charts.bars(
            values,
            number_format=f",.{indicator.decimals}f",
            marked=names.get(marked, "") if marked in held else "",
        ),
        _("%(name)s menurut wilayah, %(period)s")
        % {"name": in_words(indicator.name), "period": period},
        _("Diagram batang %(name)s, %(period)s, dari yang tertinggi.")
        % {"name": in_words(indicator.name), "period": period},
        (_("Wilayah"), _("Nilai"), _("Kepastian")),
        [
            (names.get(area, area), said_value(one.value, indicator), said_status(one.status))
            for area, one in sorted(held.items(), key=lambda pair: -pair[1].value)
        ],
        source="; ".join(dict.fromkeys(one.source for one in held.values())),
    )


def kecamatan_map(code: str = "pkh_kpm", period: str = _PKH_PERIOD) -> Chart | None:
    """An indicator by kecamatan; None where no kecamatan has a figure of that period."""
    indicator = INDICATORS[code]
    kecamatan = {
        area.code_kemendagri: area for area in Area.objects.filter(level=Area.Level.KECAMATAN)
    }
    figures = list(
        OfficialFigure.objects.standing()
        .filter(indicator=code, area_code__in=kecamatan, period=period)
        .order_by("-value")
    )
    if not figures:
        return None
    values = {kecamatan[one.area_code].number: one.value for one in figures}
    summary = _("Peta %(name)s menurut kecamatan, %(period)s; terbanyak di %(most)s.")
    return Chart(
        maps.choropleth(values, division="kecamatan", decimals=indicator.decimals),
        _("%(name)s menurut kecamatan, %(period)s")
        % {"name": in_words(indicator.name), "period": period},
        summary
        % {
            "name": in_words(indicator.name),
            "period": period,
            "most": kecamatan[figures[0].area_code].name,
        },
        (_("Kecamatan"), in_words(indicator.name), _("Kepastian")),
        [
            (
                kecamatan[one.area_code].name,
                _digits(one.value, indicator.decimals),
                said_status(one.status),
            )
            for one in figures
        ],
        note=_(
            "Angka penyaluran, bukan tingkat kemiskinan: BPS tidak menerbitkan tingkat "
            "kemiskinan menurut kecamatan atau kelurahan."
        ),
        source="; ".join(dict.fromkeys(one.source for one in figures)),
    )
