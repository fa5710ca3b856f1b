"""Small cities, built once for all tests of this folder."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from kotacontoh.build import Order, build
from kotacontoh.city import City, build_city


@pytest.fixture(scope="session")
def mini(tmp_path_factory) -> Path:
    """The folder of a mini city, seed 7."""
    folder = tmp_path_factory.mktemp("mini")
    build(Order("mini", 7, folder))
    return folder


@pytest.fixture(scope="session")
def kecamatan(tmp_path_factory) -> Path:
    """The folder of a kecamatan, seed 11."""
    folder = tmp_path_factory.mktemp("kecamatan")
    build(Order("kecamatan", 11, folder))
    return folder


@pytest.fixture(scope="session")
def city() -> City:
    """The true people of a kecamatan."""
    return build_city("kecamatan", 11)


@pytest.fixture(scope="session")
def true_rows(kecamatan) -> dict[str, list[dict[str, str]]]:
    """Rows of the truth of the kecamatan, by source."""
    rows = defaultdict(list)
    with (kecamatan / "truth" / "rows.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            rows[row["source"]].append(row)
    return rows
