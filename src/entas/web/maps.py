"""Maps of the city: areas filled by value, or one of them marked."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from entas.city.boundaries import polygons
from entas.web.drawing import ACCENT, BLUES, NO_VALUE, QUIET, Spec

WIDTH, HEIGHT = 380, 290
Number = Decimal | float | int


def _features(division: str, kinds: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        {"type": "Feature", "geometry": shape, "kind": kinds.get(number, "")}
        for number, shape in polygons(division).items()
    ]


def _round_between(low: float, high: float) -> tuple[float, float]:
    """The roundest number above ``low`` and not above ``high``, behind how round it is."""
    power = ceil(log10(high)) + 1
    while True:
        for part in (5, 2.5, 1):
            step = part * 10.0 ** (power - 1)
            number = round((floor(low / step) + 1) * step, 10)
            if number <= high:
                return step, number
        power -= 1


def limits(values: Sequence[Number]) -> list[float]:
    """Rounded limits that part values into five classes of about the same size.

    Args:
        values: at least one, none below nought.

    Returns:
        Rising limits; a value on a limit belongs to the class above. Fewer than four where many
        values are equal, none where all are.
    """
    ordered = sorted(float(value) for value in values)
    # A rounder number close by reads better than classes of exactly one size.
    reach = max(1, len(ordered) // 25)
    cuts = set()
    for part in range(1, len(BLUES)):
        middle = len(ordered) * part // len(BLUES)
        near = range(max(1, middle - reach), min(len(ordered), middle + reach + 1))
        gaps = [(ordered[place - 1], ordered[place]) for place in near]
        found = [_round_between(low, high) for low, high in gaps if low < high]
        if found:
            cuts.add(max(found)[1])
    return sorted(cuts)


def _class_names(cuts: Sequence[float], decimals: int) -> list[str]:
    said = [number_format(round(cut, decimals), decimals, use_l10n=True) for cut in cuts]
    between = [f"{low}\N{EN DASH}{high}" for low, high in pairwise(said)]
    return [f"< {said[0]}", *between, f"≥ {said[-1]}"]


def _only(known: Mapping[int, Number], decimals: int) -> str:
    """The one value that all areas have."""
    value = next(iter(known.values()), 0)
    return str(number_format(round(float(value), decimals), decimals, use_l10n=True))


def _layer(features: list[dict[str, Any]], colour: Spec | None, **mark: Any) -> Spec:
    layer: Spec = {
        "data": {"values": features},
        "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.8, **mark},
    }
    if colour:
        layer["encoding"] = {"color": colour}
    return layer


def _map(*layers: Spec, height: int) -> Spec:
    width = round(height * WIDTH / HEIGHT)
    return {
        "width": width,
        "height": height,
        # The city is small: a plane is exact enough, and north stays up.
        "projection": {"type": "equirectangular"},
        "layer": list(layers),
    }


def choropleth(
    values: Mapping[int, Number | None],
    *,
    division: str,
    decimals: int = 0,
    no_value: str = "",
    height: int = HEIGHT,
) -> Spec:
    """Areas filled by their value, in at most five classes from light to dark.

    Args:
        values: area number -> value; None or missing where it is not known or not shown.
        division: of ``city.boundaries.polygons``.
        decimals: digits behind the comma in the legend.
        no_value: what the legend says of areas without a value.
        height: in pixels.
    """
    known = {number: value for number, value in values.items() if value is not None}
    cuts = limits(list(known.values()))
    names = _class_names(cuts, decimals) if cuts else [_only(known, decimals)]
    missing = no_value or _("tidak ada angka")
    kinds = {
        number: names[sum(float(value) >= cut for cut in cuts)] for number, value in known.items()
    }
    colours = dict(zip(names, _shades(len(names)), strict=True))
    areas = polygons(division)
    if any(number not in known for number in areas):
        colours[missing] = NO_VALUE
        kinds |= {number: missing for number in areas if number not in known}
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(colours)[::-1], "range": list(colours.values())[::-1]},
        "legend": {"orient": "left", "symbolType": "square", "symbolStrokeColor": QUIET}
        | {"symbolStrokeWidth": 0.5, "direction": "vertical", "legendY": height - 130},
    }
    stroke = {"stroke": "#8595a5", "strokeWidth": 0.6}
    return _map(_layer(_features(division, kinds), colour, **stroke), height=height)


def _shades(count: int) -> list[str]:
    if count == 1:
        return [BLUES[2]]
    return [BLUES[round(place * (len(BLUES) - 1) / (count - 1))] for place in range(count)]


def marked(numbers: Sequence[int], *, division: str, height: int = 240) -> Spec:
    """The city in a light shade with some areas in the accent colour."""
    areas = polygons(division)
    chosen = [number for number in numbers if number in areas]
    shapes = [{"type": "Feature", "geometry": areas[number]} for number in chosen]
    back = _layer(_features(division, {}), None, fill=BLUES[0], stroke="#9db3c8")
    if not shapes:
        return _map(back, height=height)
    return _map(back, _layer(shapes, None, fill=ACCENT), height=height)
