import pytest

from entas.sources.addresses import find_kelurahan, find_rt, parse_rt, parse_rw


@pytest.mark.parametrize(
    ("cell", "rt", "rw"),
    [
        ("5", 5, None),
        ("005", 5, None),
        (5.0, 5, None),
        ("RT.05", 5, None),
        ("RT 5", 5, None),
        ("rt05", 5, None),
        ("005/002", 5, 2),
        ("RT 5 RW 2", 5, 2),
        ("RT.005/RW.002", 5, 2),
        ("5 / 2", 5, 2),
        ("000", None, None),
        ("", None, None),
        (None, None, None),
        ("-", None, None),
    ],
)
def test_rt_is_read_as_offices_write_it(cell, rt, rw):
    assert parse_rt(cell) == ((rt, rw), True)


@pytest.mark.parametrize("cell", ["depan masjid", "RT lima", "1234"])
def test_an_rt_that_is_none_is_said(cell):
    assert parse_rt(cell)[1] is False


def test_an_rw_alone_is_an_rw():
    assert parse_rw("RW 02") == (2, True)


@pytest.mark.parametrize(
    ("address", "rt", "rw"),
    [
        ("JL. MAWAR NO 5 RT 12", 12, None),
        ("Lrg Mandiri No. 34 Rt. 01 / Rw 02", 1, 2),
        ("JL A RT/RW 005/002 LEGOK", 5, 2),
        ("JL A RT 05/02", 5, 2),
        ("JL. ARTERI NO 7", None, None),
    ],
)
def test_rt_is_found_inside_an_address(address, rt, rw):
    assert find_rt(address) == (rt, rw)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("JL A NO 5 KEL. LEGOK KEC. DANAU SIPIN", "LEGOK"),
        ("JL A, Kelurahan Sungai Putri, Kota Jambi", "Sungai Putri"),
        ("JL A RT 5 KEL THE HOK", "THE HOK"),
        ("JL KELAPA NO 5", ""),
    ],
)
def test_the_kelurahan_is_found_inside_an_address(address, name):
    assert find_kelurahan(address) == name
