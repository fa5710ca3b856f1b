"""A sheet of users: all rows are right, or nobody is entered."""

import pytest
from django.utils import timezone

from entas.city import services
from entas.city.errors import NotAllowed, SheetRefused
from entas.city.models import User
from entas.city.services import SheetRow


@pytest.fixture
def today():
    return timezone.localdate()


def row(line=2, username="budi", nama="Budi", peran="front_office", **more):
    return SheetRow(line, username, nama=nama, peran=peran, **more)


def problems(rows, by):
    with pytest.raises(SheetRefused) as refused:
        services.enrol_sheet(rows=rows, by=by, day=timezone.localdate())
    return [(one.line, one.column, str(one.why)) for one in refused.value.problems]


def test_rows_become_users_with_rights_and_one_time_passwords(ground, today):
    rows = [
        row(2, "budi", wilayah="Kel. Legok", peran="Petugas Front Office"),
        row(3, "citra", wilayah="kecamatan Danau Sipin", berlaku_sampai="31-12-2099"),
        row(4, "citra", nama="", peran="auditor"),
    ]

    entered = services.enrol_sheet(rows=rows, by=ground, day=today)

    assert [new.username for new, _ in entered] == ["budi", "citra"]
    budi, citra = (User.objects.get(username=name) for name in ("budi", "citra"))
    assert budi.check_password(entered[0][1])
    assert budi.rights.get().area.name == "Legok"
    assert {(one.role, str(one.valid_to)) for one in citra.rights.all()} == {
        ("front_office", "2099-12-31"),
        ("auditor", "None"),
    }


def test_one_wrong_row_and_nobody_is_entered(ground):
    before = User.objects.count()

    found = problems([row(2, "budi"), row(3, "citra", peran="raja")], ground)

    assert [(line, column) for line, column, _ in found] == [(3, "peran")]
    assert User.objects.count() == before


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"username": "a b"}, "username"),
        ({"username": "ani"}, "username"),
        ({"username": ""}, "username"),
        ({"nama": ""}, "nama"),
        ({"nama": "x" * 121}, "nama"),
        ({"surel": "bukan surel"}, "surel"),
        ({"telepon": "nanti"}, "telepon"),
        ({"peran": ""}, "peran"),
        ({"wilayah": "Atlantis"}, "wilayah"),
        ({"opd": "Dinas Sihir"}, "opd"),
        ({"berlaku_dari": "besok"}, "berlaku_dari"),
        ({"berlaku_dari": "2020-01-01"}, "berlaku_dari"),
        ({"berlaku_dari": "2099-01-02", "berlaku_sampai": "2099-01-01"}, "berlaku_sampai"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(ground, change, column):
    assert (7, column) in [found[:2] for found in problems([row(7, **change)], ground)]


def test_all_wrong_cells_are_told_at_once(ground):
    found = problems([row(2, "a b", peran="raja"), row(3, "c d", nama="")], ground)

    assert [one[:2] for one in found] == [
        (2, "username"),
        (2, "peran"),
        (3, "username"),
        (3, "nama"),
    ]


def test_the_same_right_twice_is_told(ground):
    assert problems([row(2), row(3)], ground) == [(3, "peran", "hak yang sama tertulis dua kali.")]


def test_an_empty_sheet_is_told(ground):
    assert problems([], ground)[0][:2] == (1, "username")


def test_who_is_no_administrator_enters_nobody(somebody, today):
    with pytest.raises(NotAllowed):
        services.enrol_sheet(rows=[row()], by=somebody("citra", "data_steward"), day=today)


def test_an_administrator_of_a_kecamatan_enters_people_there_only(somebody, today):
    camat = somebody("camat", "administrator", area=157110)
    services.enrol_sheet(rows=[row(wilayah="Legok")], by=camat, day=today)

    assert problems([row(2, "citra")], camat)[0][:2] == (2, "peran")


def test_checking_alone_enters_nobody(ground, today):
    (found,) = services.check_sheet(rows=[row()], by=ground, day=today)

    assert found.rights[0].role == "front_office"
    assert not User.objects.filter(username="budi").exists()
