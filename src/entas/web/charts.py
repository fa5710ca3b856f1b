"""Builders of the few kinds of charts: lines for time, bars for ranking (maps: ``maps.py``)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from entas.web.drawing import ACCENT, INK, QUIET, Spec

WIDTH = 370
# The axis spans at least this share of the largest value.
_LEAST_SPAN = 0.25
# More labels than that lie on each other.
_MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time.

    Attributes:
        year: the year as a number; March of 2025 in a half-yearly series is 2025.17.
        value: in the unit of the chart.
        low, high: the interval of an estimate, where it is known.
        is_confirmed: unconfirmed ones are drawn apart and not connected.
    """

    year: float
    value: Decimal | float
    low: Decimal | float | None = None
    high: Decimal | float | None = None
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Aim:
    """A straight way from one value to a target; without a beginning, the target alone."""

    label: str
    year: float
    value: Decimal | float
    from_year: float | None = None
    from_value: Decimal | float | None = None


def _year_axis(years: Sequence[float]) -> Spec:
    first, last = int(min(years)), int(max(years)) + (max(years) % 1 > 0)
    step = max(1, -(-(last - first) // 8))
    ticks = list(range(first, last + 1, step))
    return {
        "field": "year",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [first - 0.35, last + 0.35], "nice": False},
        "axis": {"format": "d", "values": ticks, "grid": False, "labelFlush": False},
    }


def _value_axis(number_format: str, values: Sequence[float], *, from_zero: bool) -> Spec:
    low, high = (min([0, *values]) if from_zero else min(values)), max(values)
    # A difference of a few hundredths must not fill the whole picture.
    missing = max(abs(low), abs(high)) * _LEAST_SPAN - (high - low)
    if missing > 0:
        low, high = low - missing / 2, high + missing / 2
    return {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [low, high], "zero": from_zero, "nice": True, "padding": 14},
        "axis": {"format": number_format, "tickCount": 6, "domain": False},
    }


def _rows(points: Sequence[Point]) -> list[dict[str, Any]]:
    return [
        {
            "year": point.year,
            "value": float(point.value),
            **({"low": float(point.low)} if point.low is not None else {}),
            **({"high": float(point.high)} if point.high is not None else {}),
        }
        for point in points
    ]


def _band(points: Sequence[Point], x: Spec, y: Spec) -> list[Spec]:
    known = [point for point in points if point.low is not None and point.high is not None]
    if not known:
        return []
    return [
        {
            "data": {"values": _rows(known)},
            "mark": {"type": "rule", "color": ACCENT, "opacity": 0.45, "strokeWidth": 5},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }
    ]


def _aims(aims: Sequence[Aim], x: Spec, y: Spec) -> list[Spec]:
    layers: list[Spec] = []
    for aim in aims:
        end = {"year": aim.year, "value": float(aim.value), "label": aim.label}
        if aim.from_year is not None and aim.from_value is not None:
            begin = {"year": aim.from_year, "value": float(aim.from_value)}
            layers.append(
                {
                    "data": {"values": [begin, end]},
                    "mark": {"type": "line", "color": QUIET, "strokeDash": [6, 5]},
                    "encoding": {"x": x, "y": y},
                }
            )
        layers += [
            {
                "data": {"values": [end]},
                "mark": {"type": "point", "shape": "diamond", "filled": True, "color": QUIET}
                | {"size": 80, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": [end]},
                "mark": {"type": "text", "align": "right", "dx": -2, "dy": 18, "color": QUIET},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}},
            },
        ]
    return layers


def line(
    points: Sequence[Point],
    *,
    number_format: str,
    aims: Sequence[Aim] = (),
    from_zero: bool = False,
    height: int = 220,
) -> Spec:
    """A line over time, with intervals where they are known and the way to targets.

    Args:
        points: at least one, in any order.
        number_format: as d3-format writes it: ``".2f"``, ``",.0f"``.
        aims: targets, dashed in grey so that nobody takes them for measurements.
        from_zero: whether the axis begins at nought; rates that move little begin elsewhere.
        height: of the plot, in pixels.
    """
    sure = sorted((p for p in points if p.is_confirmed), key=lambda point: point.year)
    unsure = [point for point in points if not point.is_confirmed]
    years = [point.year for point in points] + [aim.year for aim in aims]
    years += [aim.from_year for aim in aims if aim.from_year is not None]
    known = [v for p in points for v in (p.value, p.low, p.high) if v is not None]
    heights = [float(value) for value in (*known, *(aim.value for aim in aims))]
    x, y = _year_axis(years), _value_axis(number_format, heights, from_zero=from_zero)
    layers = [
        *_aims(aims, x, y),
        *_band(sure, x, y),
        *_apart(unsure, x, y),
        *_connected(sure, x, y, number_format),
    ]
    return {"width": WIDTH, "height": height, "layer": layers}


def _apart(points: Sequence[Point], x: Spec, y: Spec) -> list[Spec]:
    if not points:
        return []
    mark = {"type": "point", "color": QUIET, "strokeDash": [2, 2], "size": 60}
    return [
        {
            "data": {"values": _rows(points)},
            "mark": {**mark, "opacity": 1, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y},
        }
    ]


def _connected(points: Sequence[Point], x: Spec, y: Spec, number_format: str) -> list[Spec]:
    values = {"values": _rows(points)}
    point = {"filled": False, "fill": "white", "size": 70, "strokeWidth": 2.5, "opacity": 1}
    mark = {"type": "line", "color": ACCENT, "strokeWidth": 2.5, "point": point}
    line_layer = {"data": values, "mark": mark, "encoding": {"x": x, "y": y}}
    if len(points) > _MOST_LABELS:
        return [line_layer]
    text = {"field": "value", "type": "quantitative", "format": number_format}
    label = {"type": "text", "dy": -14, "color": ACCENT, "fontWeight": 600, "fontSize": 11}
    # A white edge first, so that a line that runs through a number leaves it readable.
    edge = {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    labels = [
        {"data": values, "mark": one, "encoding": {"x": x, "y": y, "text": text}}
        for one in ({**label, **edge}, label)
    ]
    return [line_layer, *labels]


def bars(
    values: Sequence[tuple[str, Decimal | float]], *, number_format: str, marked: str = ""
) -> Spec:
    """Horizontal bars, the largest on top.

    Args:
        values: label and value of each.
        number_format: as d3-format writes it.
        marked: the label that is drawn in the darker blue; the others are lighter then.
    """
    rows = [
        {"label": label, "value": float(value), "marked": label == marked or not marked}
        for label, value in sorted(values, key=lambda pair: (-pair[1], pair[0]))
    ]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"domain": False, "labelLimit": 240, "labelColor": INK},
    }
    x = {"field": "value", "type": "quantitative", "title": None, "axis": None}
    colour = {
        "field": "marked",
        "type": "nominal",
        "scale": {"domain": [True, False], "range": [ACCENT, "#9fc0de"]},
        "legend": None,
    }
    return {
        "width": WIDTH - 150,
        "height": {"step": 24},
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.68}},
                "encoding": {"x": x, "y": y, "color": colour},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": {"field": "value", "type": "quantitative", "format": number_format},
                },
            },
        ],
    }
