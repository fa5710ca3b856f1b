"""The kelurahan a clerk meant."""

import time

import pytest

from entas.city.models import Area
from entas.city.queries import area_resolver
from entas.city.resolver import place_key

AUR_KENALI, PENYENGAT_RENDAH = 1571011012, 1571011010
SIMPANG_IV_SIPIN, KENALI_BESAR = 1571011001, 1571091001


@pytest.fixture
def resolver(ground):
    return area_resolver()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Simpang IV Sipin", "Simpang IV Sipin"),
        ("SIMPANG EMPAT SIPIN", "Simpang IV Sipin"),
        ("Kel. Simp. 4 Sipin", "Simpang IV Sipin"),
        ("Sp. III Sipin", "Simpang III Sipin"),
        ("Simpang 3 Sipin", "Simpang III Sipin"),
        ("The Hok", "Thehok"),
        ("TEHOK", "Thehok"),
        ("sijinjang", "Sijenjang"),
        ("Payo Silincah", "Payo Selincah"),
        ("Sulan Jana", "Sulanjana"),
        ("Sukakarya", "Suka Karya"),
        ("Telanai Pura", "Telanaipura"),
        ("KELURAHAN PAAL V", "Paal Lima"),
        ("Pal Lima", "Paal Lima"),
        ("Tj. Sari", "Tanjung Sari"),
        ("Sei Asam", "Sungai Asam"),
        ("Djelutung", "Jelutung"),
        ("Jelutng", "Jelutung"),
        ("Kenali Asam Bawh", "Kenali Asam Bawah"),
        ("Aur Kenali", "Aur Kenali"),
        ("  rawa   sari ", "Rawa Sari"),
    ],
)
def test_ways_of_writing_a_kelurahan(resolver, written, meant):
    number = resolver.kelurahan(written, None, None)

    assert number is not None
    assert resolver.name(number) == meant


@pytest.mark.parametrize("nothing", [None, "", "   ", "-", "Kel.", "Muaro Bungo", "ABC", "123"])
def test_what_is_no_kelurahan_here_stays_unknown(resolver, nothing):
    assert resolver.kelurahan(nothing, None, None) is None


def test_a_place_that_is_not_known_has_no_name(resolver):
    assert resolver.name(None) == ""


def test_every_kelurahan_is_found_by_its_own_name_and_code(resolver):
    for area in Area.objects.kelurahan():
        assert resolver.kelurahan(area.name, None, None) == area.number
        assert resolver.kelurahan(None, None, area.code_kemendagri) == area.number
        assert resolver.code(area.number) == area.code_kemendagri


def test_no_two_kelurahan_share_a_spelling(ground):
    keys = [place_key(name) for name in Area.objects.kelurahan().values_list("name", flat=True)]

    assert len(set(keys)) == len(keys) == 68


def test_a_bps_code_is_looked_up_and_not_read_by_its_digits(resolver):
    assert resolver.kelurahan(None, None, "1571050002") == SIMPANG_IV_SIPIN


def test_ten_digits_that_mean_two_places_are_decided_by_the_name_beside(resolver):
    # 1571011001 is Simpang IV Sipin for Kemendagri and Kenali Besar for BPS.
    assert resolver.kelurahan("Simpang IV Sipin", None, "1571011001") == SIMPANG_IV_SIPIN
    assert resolver.kelurahan("Kenali Besar", None, "1571011001") == KENALI_BESAR


def test_ten_digits_that_mean_two_places_are_decided_by_the_kecamatan(resolver):
    assert resolver.kelurahan(None, "Telanaipura", "1571011001") == SIMPANG_IV_SIPIN
    assert resolver.kelurahan(None, "Kec. Alam Barajo", "1571011001") == KENALI_BESAR


def test_ten_digits_that_mean_two_places_stay_unknown_alone(resolver):
    assert resolver.kelurahan(None, None, "1571011001") is None


def test_dots_say_which_numbering_is_meant(resolver):
    assert resolver.kelurahan(None, None, "15.71.01.1001") == SIMPANG_IV_SIPIN


def test_an_old_code_beside_a_new_name_means_the_new_kelurahan(resolver):
    assert resolver.kelurahan("Aur Kenali", None, "15.71.01.1010") == AUR_KENALI


@pytest.mark.parametrize("code", ["15.71.99.9999", "0", "", "15.71", "x", "99" * 30])
def test_a_code_nobody_gave_out_leaves_the_name_to_decide(resolver, code):
    assert resolver.kelurahan("Rawa Sari", None, code) == 1571091002
    assert resolver.kelurahan(None, None, code) is None


def test_a_new_kelurahan_belongs_to_the_group_of_the_old_one(resolver):
    assert resolver.parent_group(AUR_KENALI) == PENYENGAT_RENDAH
    assert resolver.parent_group(PENYENGAT_RENDAH) == PENYENGAT_RENDAH


def test_the_six_new_kelurahan_have_predecessors_and_no_others_have(resolver):
    moved = {
        n
        for n in Area.objects.kelurahan().values_list("number", flat=True)
        if resolver.parent_group(n) != n
    }

    assert len(moved) == 6


def test_a_name_of_five_thousand_letters_is_answered(resolver):
    assert resolver.kelurahan("x" * 5_000, None, None) is None


def test_a_city_of_rows_is_resolved_in_a_moment(resolver):
    names = ["Rawa Sari", "Kel. Jelutung", "Sp. III Sipin", "Jelutng", None, "Muaro Bungo"]
    begun = time.perf_counter()

    for _ in range(100_000):
        for name in names:
            resolver.kelurahan(name, "Kota Baru", None)

    assert time.perf_counter() - begun < 4
