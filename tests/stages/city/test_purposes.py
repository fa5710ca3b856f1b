"""Why somebody may see a number or take a list: a purpose in force, and a reason in words."""

import datetime as dt

import pytest

from entas.city.errors import OddPurpose
from entas.city.models import Purpose
from entas.city.queries import check_purpose, purposes_on
from entas.city.services import load_reference_rows

DAY = dt.date(2026, 6, 2)
REASON = "warga datang ke loket"


def test_the_shipped_purposes_are_those_of_the_law(ground):
    assert {purpose.code for purpose in purposes_on(DAY)} == {
        "layanan",
        "verifikasi",
        "koreksi",
        "pindah_wilayah",
        "pengaduan",
        "audit",
        "hak_subjek_data",
        "uji_mutu",
    }
    assert all(purpose.basis for purpose in purposes_on(DAY))


def test_loading_them_again_makes_no_second_row(ground):
    before = Purpose.objects.count()

    load_reference_rows(by=ground)

    assert Purpose.objects.count() == before


def test_a_purpose_holds_from_its_first_to_its_last_day(ground):
    Purpose.objects.filter(code="uji_mutu").update(valid_to=DAY)

    assert check_purpose("uji_mutu", REASON, on=DAY).code == "uji_mutu"
    with pytest.raises(OddPurpose, match="Pilih tujuan"):
        check_purpose("uji_mutu", REASON, on=DAY + dt.timedelta(days=1))
    with pytest.raises(OddPurpose, match="Pilih tujuan"):
        check_purpose("layanan", REASON, on=dt.date(2020, 1, 1))


@pytest.mark.parametrize("reason", ["", "sembilan!", "1 2 3 4 5 6 7 8 9 10", "a" * 161])
def test_a_reason_too_short_or_too_long_is_refused(ground, reason):
    with pytest.raises(OddPurpose) as refusal:
        check_purpose("layanan", reason, on=DAY)

    assert refusal.value.field == "reason"


@pytest.mark.parametrize("reason", ["sepuluhhur", "a" * 160, "kunjungan RT 005 RW 02, 12-06-2026"])
def test_a_reason_of_ten_letters_suffices_and_may_name_a_day(ground, reason):
    assert check_purpose("layanan", reason, on=DAY).code == "layanan"


@pytest.mark.parametrize(
    "number", ["1571811410900001", "1571 8114 1090 0001", "157181-141090-0001"]
)
def test_a_reason_that_names_a_nik_is_refused(ground, number):
    with pytest.raises(OddPurpose, match="tidak boleh memuat NIK"):
        check_purpose("layanan", f"mencari warga {number}", on=DAY)


def test_a_reason_of_several_lines_is_refused(ground):
    with pytest.raises(OddPurpose, match="satu baris"):
        check_purpose("layanan", "warga datang\nke loket", on=DAY)
