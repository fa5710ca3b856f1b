"""Pictures of numbers: readable, in Indonesian, harmless, and small."""

import re
import subprocess
import sys
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation

from entas.city.boundaries import polygons
from entas.web import charts, drawing, maps
from entas.web.charts import Aim, Point

POINTS = [Point(2018, Decimal("8.49")), Point(2019, Decimal("8.11"))]


def drawn(spec, language="id"):
    inner, measures = drawing.picture(spec, language)
    return f"<svg {measures}>{inner}</svg>"


def chart(spec, title="Judul", summary="Ringkasan"):
    return drawing.Chart(spec, title, summary, ("Tahun", "Nilai"), [(2018, "8,49")])


def root_of(svg):
    return ET.fromstring(svg)  # noqa: S314 -- drawn by ourselves


def texts(svg):
    return ["".join(one.itertext()) for one in root_of(svg).iter() if one.tag == "text"]


def luminance(colour):
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_character_that_would_end_the_process_is_left_out():
    svg = drawn(charts.bars([("Kota\x07 Jam\ufffebi\ud800", 1)], number_format=".0f"))

    assert "Kota Jambi" in texts(svg)


def test_the_drawer_itself_would_not_survive_that_character():
    code = (
        "import vl_convert; vl_convert.vegalite_to_svg({'data': {'values': [{'a': '\\x07'}]},"
        "'mark': 'text', 'encoding': {'text': {'field': 'a'}}})"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    # The day this fails, the filter of drawing.py may go.
    assert done.returncode < 0


def test_words_of_others_stay_words():
    svg = drawn(charts.bars([("<script>alert(1)</script>", 1)], number_format=".0f"))

    assert "<script" not in svg
    assert "<script>alert(1)</script>" in texts(svg)


def test_title_and_summary_are_escaped():
    svg = chart(charts.line(POINTS, number_format=".2f"), "<b>", '"><i>').svg

    assert "<b>" not in svg
    assert "<i>" not in svg
    assert root_of(svg).get("aria-label") == '"><i>'


@pytest.mark.parametrize(
    "spec",
    [
        charts.line(POINTS, number_format=".2f", aims=[Aim("Target", 2023, 6.49, 2018, 8.49)]),
        charts.bars([("Kota Jambi", 8.33), ("Kerinci", 7.57)], number_format=".2f"),
        maps.choropleth({number: number for number in polygons("68")}, division="68"),
        maps.marked([1571011001], division="62"),
    ],
    ids=["line", "bars", "choropleth", "marked"],
)
def test_a_picture_holds_nothing_the_page_forbids(spec):
    svg = chart(spec).svg

    root = root_of(svg)
    tags = {one.tag.rpartition("}")[2] for one in root.iter()}
    names = {name for one in root.iter() for name in one.attrib}
    assert tags <= drawing._ELEMENTS | {"svg", "title"}
    assert not any(name.startswith("on") or "href" in name for name in names)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", svg)
    assert root.get("role") == "img"


def test_data_is_never_fetched():
    spec = {"data": {"url": "http://127.0.0.1:9/rahasia.json"}, "mark": "point"}

    with pytest.raises(ValueError, match="not allowed"):
        drawing.picture(spec, "id")


@pytest.mark.parametrize(("language", "said"), [("id", "8,49"), ("en", "8.49")])
def test_numbers_are_written_as_the_language_writes_them(language, said):
    svg = drawn(charts.line(POINTS, number_format=".2f"), language)

    assert said in texts(svg)


def test_thousands_are_parted_by_a_point():
    svg = drawn(charts.bars([("Kota Jambi", 649656)], number_format=",.0f"))

    assert "649.656" in texts(svg)


def test_an_unconfirmed_value_is_not_on_the_line():
    points = [*POINTS, Point(2020, 8.27, is_confirmed=False)]

    spec = charts.line(points, number_format=".2f")

    lines = [one for one in spec["layer"] if one["mark"]["type"] == "line"]
    years = [row["year"] for one in lines for row in one["data"]["values"]]
    assert years == [2018, 2019]
    assert "8,27" not in texts(drawn(spec))


def test_a_target_without_a_beginning_is_a_point_and_no_way():
    spec = charts.line(POINTS, number_format=".2f", aims=[Aim("Target 2030", 2030, 6.7)])

    dashed = [one for one in spec["layer"] if "strokeDash" in one["mark"]]
    assert dashed == []
    assert "Target 2030" in texts(drawn(spec))


def test_an_interval_is_drawn_where_it_is_known():
    spec = charts.line([*POINTS, Point(2020, 8.0, low=6.8, high=9.2)], number_format=".2f")

    rules = [one for one in spec["layer"] if one["mark"]["type"] == "rule"]
    assert [row["low"] for row in rules[0]["data"]["values"]] == [6.8]


def test_a_small_difference_does_not_fill_the_picture():
    spec = charts.line([Point(2021, 4.53), Point(2022, 4.47)], number_format=".2f")

    low, high = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert high - low >= 1.1


def test_shades_keep_their_order_in_a_grey_print():
    grey = [luminance(shade) for shade in drawing.BLUES]

    assert grey == sorted(grey, reverse=True)
    assert min(a - b for a, b in pairwise(grey)) > 25


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2484, 2021, 1847, 1846, 1483, 1436, 1342, 1222, 864, 410, 349], [1000, 1500, 2000]),
        ([5, 5, 5], []),
        ([7], []),
        ([0, 0, 0, 1], [1]),
    ],
)
def test_class_limits_are_round_numbers(values, expected):
    assert maps.limits(values) == expected


def test_no_class_of_a_map_is_empty():
    values = dict(zip(polygons("kecamatan"), range(0, 1100, 100), strict=True))

    spec = maps.choropleth(values, division="kecamatan")

    said = set(spec["layer"][0]["encoding"]["color"]["scale"]["domain"])
    assert said == {one["kind"] for one in spec["layer"][0]["data"]["values"]}


def test_areas_without_a_value_are_said_to_be_without():
    spec = maps.choropleth({157101: 5}, division="kecamatan", no_value="di luar wilayah Anda")

    said = spec["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert said == ["di luar wilayah Anda", "5"]


@pytest.mark.parametrize(("division", "count"), [("62", 62), ("68", 68), ("kecamatan", 11)])
def test_every_division_has_its_polygons(division, count):
    assert len(polygons(division)) == count


@pytest.mark.parametrize("division", ["62", "68", "kecamatan"])
def test_a_map_is_small_enough_for_a_page(division):
    spec = maps.choropleth(dict.fromkeys(polygons(division), 1), division=division)

    assert len(chart(spec).svg.encode()) < 60_000


def test_the_same_picture_is_drawn_once(monkeypatch):
    spec = charts.bars([("Hanya sekali", 1)], number_format=".0f")
    first = drawing.picture(spec, "id")
    monkeypatch.setattr(drawing, "_draw", None)

    assert drawing.picture(spec, "id") == first


def test_pictures_are_not_kept_for_ever():
    kept = drawing._Kept(2)
    for name in ("a", "b", "c"):
        kept.put(name, (name, ""))

    assert [kept.get(name) is None for name in ("a", "b", "c")] == [True, False, False]


def test_parts_of_two_pictures_do_not_share_ids():
    with translation.override("id"):
        one = chart(charts.bars([("a", 1)], number_format=".0f")).svg
        other = chart(charts.bars([("b", 1)], number_format=".0f")).svg

    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (one, other)]
    assert not ids[0] & ids[1]
