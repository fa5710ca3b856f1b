"""Charts and maps drawn on the server: a Vega-Lite specification becomes an SVG for the page.

The same specification later serves printed documents. Drawing a chart takes 20 to 150 ms, the first
one of a process about 0.7 s, so finished ones are kept.
"""

import hashlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final
from xml.etree import ElementTree as ET

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from entas.papers import FONTS

Words = str | Promise
Spec = dict[str, Any]

ACCENT, INK, QUIET, LINE = "#0a5ca8", "#1c2733", "#55616d", "#dfe4e9"
# One hue from light to dark: readable for colour-blind readers and in a grey print.
BLUES: Final = ("#e6eff8", "#b9d4ea", "#79aed6", "#3a80b9", "#0b4a87")
NO_VALUE: Final = "#f1f1ef"

_THEME: Final[Spec] = {
    # The picture has one role and one sentence; its parts are not read out one by one.
    "aria": False,
    "font": "Inter",
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "labelFontSize": 12,
        "titleColor": QUIET,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": QUIET,
        "ticks": False,
        "labelPadding": 6,
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 12,
        "title": None,
        "symbolSize": 180,
        "symbolStrokeWidth": 0,
        "rowPadding": 6,
    },
    "text": {"color": INK, "fontSize": 12},
}
_NUMBERS: Final = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp ", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["Rp ", ""]},
}
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"

# One such character in any text ends the whole process: the drawer takes its own fault for final.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONG_DECIMALS = re.compile(r"(\.\d)\d+")
_SVG: Final = "{http://www.w3.org/2000/svg}"
_ELEMENTS: Final = frozenset(
    {"svg", "g", "path", "line", "rect", "text", "tspan", "circle", "defs", "clipPath"}
)
_ATTRIBUTES: Final = frozenset(
    {
        "clip-path",
        "d",
        "dx",
        "dy",
        "fill",
        "fill-opacity",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "height",
        "id",
        "opacity",
        "r",
        "cx",
        "cy",
        "rx",
        "ry",
        "stroke",
        "stroke-dasharray",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-opacity",
        "stroke-width",
        "text-anchor",
        "transform",
        "viewBox",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    }
)
_NUMBERS_IN: Final = frozenset({"d", "transform"})


@dataclass(frozen=True)
class Chart:
    """A picture of numbers, with its table.

    Attributes:
        spec: Vega-Lite, without the theme; numbers of rows and texts only stand in ``data``.
        title: heading for whoever sees it.
        summary: one sentence that says what the picture shows, for whoever does not.
        columns, rows: the numbers as a table, ready to show.
        note: what one must know to read it (sampling, what is missing).
        source: where the numbers are from.
    """

    spec: Spec = field(repr=False)
    title: Words
    summary: Words
    columns: tuple[Words, ...]
    rows: list[tuple[Any, ...]]
    note: Words = ""
    source: Words = ""

    @cached_property
    def svg(self) -> SafeString:
        """The picture, to stand in the page."""
        drawn, width = picture(self.spec, get_language() or "id")
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{}" {}>'
            "<title>{}</title>{}</svg>",
            self.summary,
            mark_safe(width),  # noqa: S308 - numbers, see _measures
            self.title,
            mark_safe(drawn),  # noqa: S308 - only what _cleaned lets through
        )


class _Kept:
    """The pictures drawn last, by the hash of what was asked for."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pictures: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> tuple[str, str] | None:
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
            return self._pictures.get(key)

    def put(self, key: str, drawn: tuple[str, str]) -> None:
        with self._lock:
            self._pictures[key] = drawn
            while len(self._pictures) > self._most:
                self._pictures.popitem(last=False)


# A map has about 45 kB, a line 6 kB: some ten megabytes at most.
_kept = _Kept(200)


def _plain(value: Any) -> Any:
    """The specification as JSON has it, without characters that no SVG can hold."""
    if isinstance(value, str | Promise):
        return _NOT_XML.sub("", str(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def picture(spec: Spec, language: str) -> tuple[str, str]:
    """The inner part of the SVG and its measures, drawn now or kept from before."""
    text = json.dumps(spec, sort_keys=True, default=str)
    key = hashlib.sha256(f"{language} {text}".encode()).hexdigest()
    found = _kept.get(key)
    if found is None:
        found = _cleaned(_draw(_plain(spec), language), key[:8])
        _kept.put(key, found)
    return found


@lru_cache(maxsize=1)
def _drawer() -> Any:
    # The library weighs 84 MB: commands that draw nothing do not load it.
    import vl_convert

    # It measures texts with this font; the page shows them in the same one.
    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def _draw(spec: Spec, language: str) -> str:
    drawn: str = _drawer().vegalite_to_svg(
        {"$schema": _SCHEMA, **spec, "config": _THEME},
        # Nothing is ever fetched.
        allowed_base_urls=[],
        format_locale=_NUMBERS.get(language, _NUMBERS["id"]),
    )
    return drawn


def _cleaned(svg: str, mark: str) -> tuple[str, str]:
    """The picture without what a page may not hold, its numbers short and its ids its own."""
    root = ET.fromstring(svg)  # noqa: S314 - written by the drawer a moment ago, never delivered
    for parent in list(root.iter()):
        for child in list(parent):
            is_known = child.tag.removeprefix(_SVG) in _ELEMENTS
            is_empty = child.tag == f"{_SVG}path" and not child.get("d")
            is_hidden = child.get("class") in {"background", "foreground"} and not (
                child.get("stroke") or child.get("fill")
            )
            if not is_known or is_empty or is_hidden:
                parent.remove(child)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        for name, value in list(element.attrib.items()):
            if name not in _ATTRIBUTES:
                del element.attrib[name]
            else:
                element.set(name, _short(name, value, mark))
    inner = "".join(ET.tostring(child, encoding="unicode") for child in root)
    return inner, _measures(root)


def _short(name: str, value: str, mark: str) -> str:
    if name == "id":
        return f"{mark}-{value}"
    if name == "clip-path":
        return value.replace("url(#", f"url(#{mark}-")
    if name == "font-family":
        return "Inter, sans-serif"
    # A tenth of a pixel is finer than any screen; long numbers double the size of a map.
    return _LONG_DECIMALS.sub(r"\1", value) if name in _NUMBERS_IN else value


def _measures(root: ET.Element) -> str:
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    return f'viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{width * 1.3:.0f}px"'


def warm() -> None:
    """Load the drawer and draw one small chart, so that the first reader need not wait for it."""
    picture({"data": {"values": [{"a": 1}]}, "mark": "point"}, "id")
