import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entas.sources.nik import NumberRules, agrees, nik_parts

RESERVED = frozenset(f"1571{number}" for number in range(81, 92))
DEMO = NumberRules(RESERVED, frozenset())
REAL = NumberRules(frozenset(), RESERVED)

good = st.builds(
    "1571{}{:02d}{:02d}{:02d}{:04d}".format,
    st.integers(81, 91),
    st.integers(1, 28) | st.integers(41, 68),
    st.integers(1, 12),
    st.integers(0, 99),
    st.integers(1, 9999),
)


@given(good)
def test_a_number_in_the_reserved_range_is_taken_in_a_demo_only(digits):
    assert DEMO.check_nik(digits).digits == digits
    assert REAL.check_nik(digits) == (None, "N3", digits)


@given(good, st.sampled_from([" ", ".", "-"]))
def test_blanks_dots_and_dashes_are_no_digits(digits, sign):
    written = sign.join([digits[:6], digits[6:12], digits[12:]])

    assert DEMO.check_nik(f"'{written} ").digits == digits
    assert DEMO.check_nik(f'="{digits}"').digits == digits


@given(st.integers(10**14, 10**16 - 1))
def test_a_numeric_nik_cell_is_refused_because_its_last_digit_is_lost(number):
    found = DEMO.check_nik(float(number))

    assert (found.digits, found.code) == (None, "N13")


@pytest.mark.parametrize("text", ["1,57181E+15", "1.57181E+15", "1E16", "1.5e+15", "1,57181E 15"])
def test_scientific_notation_is_the_same_loss(text):
    assert DEMO.check_nik(text).code == "N13"


@given(good, st.integers(0, 15))
def test_fifteen_digits_are_never_filled_up(digits, place):
    found = DEMO.check_nik(digits[:place] + digits[place + 1 :])

    assert (found.digits, found.code) == (None, "N1")


@given(st.text(max_size=30))
def test_nothing_but_sixteen_ascii_digits_is_ever_used(text):
    digits = DEMO.check_nik(text).digits

    assert digits is None or (len(digits) == 16 and digits.isascii() and digits.isdigit())


@pytest.mark.parametrize(
    ("digits", "code"),
    [
        ("".join(chr(ord(d) + 0xFEE0) for d in "1571810101900001"), "N1"),
        ("1571810101900O01", "N1"),
        ("1" * 16, "N2"),
        ("1234567890" + "123456", "N2"),
        ("157101" + "0101900001", "N3"),
        ("1571813201900001", "N6"),
        ("1571810001900001", "N6"),
        ("1571814001900001", "N6"),
        ("1571817201900001", "N6"),
        ("1571810113900001", "N7"),
        ("1571810100900001", "N7"),
        ("1571813002900001", "N8"),
        ("1571812902910001", "N8"),
        ("1571810101900000", "N9"),
        (1571810101900001, "N13"),
        ("", "N14"),
        (None, "N14"),
        ("-", "N14"),
        ("BELUM ADA", "N14"),
        (0, "N14"),
    ],
)
def test_each_broken_rule_has_its_name(digits, code):
    found = DEMO.check_nik(digits)

    assert (found.digits, found.code) == (None, code)


def test_the_29th_of_february_is_tried_in_both_centuries():
    assert DEMO.check_nik("1571812902000001").digits
    assert DEMO.check_nik("1571812902960001").digits


@pytest.mark.parametrize(
    ("region", "error", "warning"),
    [
        ("157101", "", ""),
        ("990101", "N3", ""),
        ("157181", "N3", ""),
        ("150001", "", "N4"),
        ("151001", "", "N4"),
        ("320001", "", "N4"),
        ("157112", "", "N5"),
        ("327300", "", "N5"),
        ("540101", "", ""),
    ],
)
def test_regions_are_checked_in_a_real_installation(region, error, warning):
    # Put together here: a whole number outside the reserved range might be somebody's.
    assert REAL.check_nik(f"{region}0101900001").code == error
    assert REAL.region(region) == (error, warning)


def test_a_woman_carries_the_day_plus_forty():
    assert nik_parts("410190") == ("", 1, 1, 90, "P")
    assert nik_parts("010190") == ("", 1, 1, 90, "L")


def test_a_nik_is_compared_with_what_was_recorded_and_with_nothing_else():
    day = dt.date(1990, 1, 1)

    assert agrees("1571814101900001", lahir=day, sex="P")
    assert agrees("1571814101900001", lahir=None, sex=None)
    assert not agrees("1571814101900001", lahir=day, sex="L")
    assert not agrees("1571814201900001", lahir=day, sex="P")


@pytest.mark.parametrize(
    ("cell", "digits", "code"),
    [
        ("1571810101200001", "1571810101200001", ""),
        ("157101" + "0101200001", "157101" + "0101200001", ""),
        ("997101" + "0101200001", None, "N3"),
        ("157101010120000", None, "N1"),
        ("0000000000000000", None, "N2"),
        (float("157101" + "0101200001"), None, "N13"),
        ("", None, "N14"),
    ],
)
def test_family_cards_have_rules_too(cell, digits, code):
    found = DEMO.check_kk(cell)

    assert (found.digits, found.code) == (digits, code)


def test_a_real_registry_takes_no_card_of_the_reserved_range():
    assert REAL.check_kk("1571810101200001").code == "N3"
