from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import EXAMPLES
from entas.analytics.normalise.phonetics import phonetic

TOKENS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SOEHARTO", "SUHARTO"),
        ("TJIPTO", "CIPTO"),
        ("DJOKO", "JOKO"),
        ("SJAHRIR", "SYAHRIR"),
        ("NJOMAN", "NYOMAN"),
        ("KHAIRUL", "HAIRUL"),
        ("MUCHTAR", "MUHTAR"),
        ("RACHMAN", "RAHMAN"),
        ("FITRI", "VITRI"),
        ("FITRI", "PITRI"),
        ("AISYIYAH", "AISYIAH"),
        ("ZAINAL", "JAINAL"),
        ("ELIN", "ILIN"),
        ("ALEX", "ALEKS"),
        ("ABDULLAH", "ABDULA"),
    ],
)
def test_spellings_of_one_sound_share_a_key(old, new):
    assert phonetic(old) == phonetic(new)


@pytest.mark.parametrize(
    ("one", "other"), [("ANI", "ADI"), ("BUDI", "RUDI"), ("DANI", "DINO"), ("TUTI", "TATI")]
)
def test_different_sounds_keep_different_keys(one, other):
    assert phonetic(one) != phonetic(other)


def test_an_empty_token_has_an_empty_key():
    assert phonetic("") == ""


@EXAMPLES
@given(TOKENS)
def test_the_key_of_a_token_is_never_empty_and_never_stutters(token):
    key = phonetic(token)

    assert key
    assert all(before != letter for before, letter in pairwise(key))


def test_a_final_h_is_not_heard_but_a_name_of_two_letters_keeps_it():
    assert phonetic("SALEH") == phonetic("SALE")
    assert phonetic("AH") == "AH"
