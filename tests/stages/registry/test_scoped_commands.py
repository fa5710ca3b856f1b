"""The commands on the registry obey the area of who types them, as the browser does."""

from argparse import Namespace

import pytest
from django.utils import timezone

from entas.audit.models import Look
from entas.city.errors import NotAllowed, OutsideArea
from entas.city.models import Area, Right, User
from entas.city.services.rights import Wanted, write_right
from entas.cli import decisions
from entas.cli import registry as commands
from entas.registry.models import Person
from entas.registry.queries.elsewhere import transfer_hint
from entas.registry.queries.scope import check_may_look
from journey.little_lists import Office, citizen

LEGOK, MURNI = 1571101003, 1571101002


@pytest.fixture
def town(ground, tmp_path):
    """People 1 to 30 live in Legok, 31 to 60 in Murni."""
    office = Office(tmp_path, ground)
    rows = [citizen(n, KODE_KEL=str(LEGOK if n <= 30 else MURNI)) for n in range(1, 61)]
    return office.send(rows)


@pytest.fixture
def citra(town, monkeypatch):
    """An officer of Legok at the terminal."""
    user = User.objects.create(username="citra")
    area = Area.objects.get(number=LEGOK)
    wanted = Wanted(Right.Role.DATA_STEWARD, timezone.localdate(), area=area)
    write_right(user=user, by="test", wanted=wanted)
    monkeypatch.setenv("ENTAS_USER", "citra")
    return user


def find(text):
    return commands.find(Namespace(text=text.split()))


def test_find_shows_ones_own_area(citra):
    assert find(citizen(5)["NIK"])["results"][0]["nama"] == citizen(5)["NAMA_LGKP"]
    assert find(citizen(40)["NAMA_LGKP"]) == {
        "results": [one for one in find(citizen(40)["NAMA_LGKP"])["results"]
                    if one["kelurahan"] == "Legok"]
    }  # fmt: skip


def test_find_says_of_others_what_the_browser_says(citra, capsys):
    assert find(citizen(40)["NIK"]) == {"results": [], "hint": transfer_hint(MURNI)}

    said = capsys.readouterr().out
    assert transfer_hint(MURNI) in said
    assert citizen(40)["NAMA_LGKP"] not in said
    assert Look.objects.get().where == "cli cari luar wilayah"


def test_explain_refuses_a_row_of_somebody_of_another_area(citra, town):
    assert commands.explain(Namespace(row=(town.pk, 5)))["keputusan"] == "baru"

    with pytest.raises(OutsideArea):
        commands.explain(Namespace(row=(town.pk, 40)))
    assert set(Look.objects.values_list("person", flat=True)) == {
        Person.objects.get(origin_row=5).pk
    }


def test_what_is_asked_of_the_whole_city_needs_a_right_for_it(citra, tmp_path):
    with pytest.raises(OutsideArea):
        decisions.review(Namespace(source="", limit=5))
    with pytest.raises(OutsideArea):
        commands.export_duplicates(Namespace(out=tmp_path / "ganda.csv"))
    with pytest.raises(OutsideArea):
        commands.match(Namespace(file=tmp_path / "x.csv", out=tmp_path / "y.csv", profile="auto"))
    assert not (tmp_path / "ganda.csv").exists()


def test_without_a_right_nobody_is_looked_up(town, monkeypatch):
    User.objects.create(username="dedi")
    monkeypatch.setenv("ENTAS_USER", "dedi")

    with pytest.raises(NotAllowed):
        find(citizen(5)["NIK"])


def test_a_row_that_names_nobody_is_shown_to_the_whole_city_only(citra, town, ground):
    check_may_look(ground, set())

    with pytest.raises(OutsideArea):
        check_may_look(citra, set())
