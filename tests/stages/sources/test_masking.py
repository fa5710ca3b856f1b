from pathlib import Path

import pytest

from entas.sources.masking import mask_day, mask_long_numbers, shown_name


@pytest.mark.parametrize(
    "written",
    ["1571814505900001", "1571-8145-0590-0001", "1571 8145 0590 0001", "15.71.81.45.05.90.0001",
     "1571_8145_0590_0001", "1571/814505/900001", "1571--8145 (0590) 0001", "157181450590000"],
)  # fmt: skip
def test_a_long_number_is_masked_however_it_is_divided(written):
    shown = mask_long_numbers(f"SITI {written}.csv")

    assert shown.startswith("SITI *")
    assert "0590" not in shown
    assert sum(map(str.isdigit, shown)) <= 2


@pytest.mark.parametrize(
    "name", ["PKH 2026-06-01 v2.xlsx", "Perwal 12/2026 tanggal 01-02-2026", "RT05 RW02 kel 1571"]
)
def test_dates_and_short_numbers_stay_readable(name):
    assert mask_long_numbers(name) == name


def test_the_name_of_a_file_hides_a_divided_nik():
    assert "8145" not in shown_name(Path("folder") / "SITI 1571-8145-0590-0001.csv")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("31-02-1990", "31-02-19**"),
        ("31021990", "310219**"),
        ("31-02-90", "31-02-**"),
        ("05-05-1990 / 5", "05-05-19** / *"),
        ("05-05-90 / 5", "05-05-** / *"),
        ("1571810505900001/1", "****************/1"),
        ("5", "5"),
        ("", ""),
    ],
)
def test_a_day_never_shows_whole(text, shown):
    assert mask_day(text) == shown
