"""What is sealed opens again, for those who hold the key and ask for the right thing."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rounds
from hypothesis import strategies as st

from entas import custody
from entas.custody import SealBroken

pytestmark = pytest.mark.usefixtures("key_file")


@rounds(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plain=st.binary(max_size=400), context=st.text(max_size=20))
def test_what_is_sealed_opens_to_what_it_was(plain, context):
    assert custody.unseal(custody.seal(plain, context=context), context=context) == plain


def test_the_same_secret_never_looks_the_same_twice():
    sealed = custody.seal_many([b"same", b"same"], context="c")

    assert sealed[0] != sealed[1]


def test_a_sealed_value_does_not_show_what_it_holds():
    assert b"1571810101900001" not in custody.seal(b"1571810101900001", context="nik")


def test_a_value_moved_to_another_column_does_not_open():
    sealed = custody.seal(b"secret", context="person.nik")

    with pytest.raises(SealBroken, match=r"person\.kk"):
        custody.unseal(sealed, context="person.kk")


@pytest.mark.parametrize("place", [0, 1, 2, 13, 14, -1])
def test_a_value_altered_anywhere_does_not_open(place):
    sealed = bytearray(custody.seal(b"secret", context="c"))
    sealed[place] ^= 1

    with pytest.raises(SealBroken):
        custody.unseal(bytes(sealed), context="c")


@pytest.mark.parametrize("stump", [b"", b"\x00", b"\x00\x01", b"\x00\x01" + b"x" * 12])
def test_a_stump_is_refused_and_not_a_fault(stump):
    with pytest.raises(SealBroken):
        custody.unseal(stump, context="c")


def test_a_column_keeps_its_gaps():
    sealed = custody.seal_many([b"a", None, b""], context="c")

    assert sealed[1] is None
    assert custody.unseal_many(sealed, context="c") == [b"a", None, b""]


def test_old_values_open_while_a_rotation_runs_and_new_ones_carry_the_new_version():
    old = custody.seal(b"old", context="c")

    custody.add_key_version()

    assert custody.unseal(old, context="c") == b"old"
    assert custody.key_version_of(custody.seal(b"new", context="c")) == 2


def test_after_a_rotation_a_forgotten_old_value_stays_closed():
    old = custody.seal(b"old", context="c")
    custody.add_key_version()

    custody.drop_old_versions()

    with pytest.raises(SealBroken, match="versi kunci 1"):
        custody.unseal(old, context="c")


def test_a_blind_index_finds_the_same_value_again():
    nik = "1571810101900001"

    first, second = (custody.blind_index(nik, purpose="nik") for _ in range(2))

    assert first == second
    assert custody.blind_index_many([nik, None], purpose="nik") == [first, None]


def test_a_blind_index_fits_a_signed_64_bit_column():
    numbers = custody.blind_index_many((str(n) for n in range(500)), purpose="nik")

    assert all(-(2**63) <= n < 2**63 for n in numbers)
    assert min(numbers) < 0 < max(numbers)


def test_nik_and_kk_of_equal_digits_have_different_indexes():
    digits = "1571810101900001"

    assert custody.blind_index(digits, purpose="nik") != custody.blind_index(digits, purpose="kk")


def test_a_rotation_keeps_the_blind_index():
    before = custody.blind_index("1571810101900001", purpose="nik")

    custody.add_key_version()
    custody.drop_old_versions()

    assert custody.blind_index("1571810101900001", purpose="nik") == before


def test_another_installation_has_other_indexes(tmp_path, settings):
    here = custody.blind_index("1571810101900001", purpose="nik")

    settings.ENTAS_KEY_FILE = tmp_path / "other.key"
    custody.create_key_file()

    assert custody.blind_index("1571810101900001", purpose="nik") != here
