import json
import shutil
import sys
from pathlib import Path

import pytest

from kotacontoh.build import Order
from kotacontoh.cli import main
from kotacontoh.tour import Product, TourStopped, tour

STAND_IN = (sys.executable, str(Path(__file__).parent / "stand_in.py"))


@pytest.fixture
def city_folder(mini, tmp_path):
    return shutil.copytree(mini, tmp_path / "kota")


def test_the_tour_grades_every_list_and_shows_a_summary(city_folder):
    said = []

    graded = tour(Order("mini", 7, city_folder), said.append, STAND_IN)

    assert set(graded["lists"]) == {"dtsen", "pkh", "pip", "pbi", "kelurahan", "adu data"}
    assert graded["lists"]["adu data"]["recall"] == 0.0
    assert graded["duplicates"]["recall"] == 0.0
    assert any("Dugaan ganda di register: 0 dari" in line for line in said)


def test_the_tour_does_not_build_again_what_is_built(city_folder):
    said = []

    tour(Order("mini", 7, city_folder), said.append, STAND_IN)

    assert said[0].startswith("1. Kota contoh sudah ada")


def test_the_tour_shows_the_explanation_as_a_person_would_read_it(city_folder):
    said = []

    tour(Order("mini", 7, city_folder), said.append, STAND_IN)

    assert "     Melawan orang asing: +12,3" in said


def test_a_refused_command_stops_the_tour_with_its_own_line(tmp_path):
    product = Product(tmp_path / "entas-data", STAND_IN)

    with pytest.raises(TourStopped, match="entas registry link ditolak: Pulihkan dari titipan"):
        product.run("registry", "link", "--refuse")


def test_build_prints_one_json_object_on_its_last_line(tmp_path, capsys):
    code = main(["build", "--size", "mini", "--seed", "7", "--out", str(tmp_path), "--json"])

    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert code == 0
    assert (last["persons"], last["poor"]) == (2_000, 170)


def test_an_unknown_size_ends_with_one_line_and_status_1(tmp_path, capsys):
    code = main(["build", "--size", "besar", "--out", str(tmp_path)])

    assert code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_in_the_place_of_the_folder_ends_with_one_line_and_status_1(tmp_path, capsys):
    (tmp_path / "kota").write_text("bukan folder", encoding="utf-8")

    code = main(["build", "--size", "mini", "--out", str(tmp_path / "kota")])

    assert code == 1
    assert capsys.readouterr().err.startswith("kotacontoh: ")
