"""Where the areas lie: polygons that come with Entas, by the number of the area."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

# Code of the edition (AreaEdition.code) or the level -> file.
_FILES: Final = {
    "62": "kelurahan_62_2019.geojson",
    "68": "kelurahan_68_2025.geojson",
    "kecamatan": "kecamatan_11.geojson",
}


@lru_cache(maxsize=len(_FILES))
def polygons(division: str) -> dict[int, dict[str, Any]]:
    """GeoJSON geometries of one division of the city; not to be changed by the caller.

    Args:
        division: ``"62"`` or ``"68"`` (kelurahan of that edition) or ``"kecamatan"``.

    Returns:
        Area number -> geometry, longitude before latitude, five decimals (about a metre). The
        borders of the 68 and the 62 come from two makers and do not lie on each other.

    Raises:
        KeyError: there is no such division.
    """
    text = (files("entas.city") / "data" / _FILES[division]).read_text(encoding="utf-8")
    return {
        int(feature["properties"]["kode"].replace(".", "")): feature["geometry"]
        for feature in json.loads(text)["features"]
    }
