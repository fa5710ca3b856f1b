import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cast import EXAMPLES
from entas.analytics.normalise.names import EMPTY, parse_name


def plain(text: str) -> str:
    return " ".join(parse_name(text).plain)


@pytest.mark.parametrize(
    "written",
    [
        "Muhammad Rizki",
        "MOHAMAD RIZKI",
        "Mohammed Rizki",
        "Muchammad Rizki",
        "Moch. Rizki",
        "Muh Rizki",
        "Mhd. Rizki",
        "Moh. Rizki",
        "Muhamat Rizki",
        "M. Rizki",
        "m rizki",
    ],
)
def test_the_muhammad_family_is_one_token(written):
    assert plain(written) == "MUHAMMAD RIZKI"


def test_a_single_m_behind_a_name_is_no_muhammad():
    assert plain("Rizki M") == "RIZKI M"


def test_a_name_of_the_single_letter_m_stays():
    assert plain("M.") == "M"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Achmad Yani", "AHMAD YANI"),
        ("Sitti Aminah", "SITI AMINAH"),
        ("St. Aminah", "SITI AMINAH"),
        ("Abd. Rahman", "ABDUL RAHMAN"),
        ("Abdurrahman", "ABDUL RAHMAN"),
        ("ABDULRAHMAN", "ABDUL RAHMAN"),
    ],
)
def test_common_prefixes_are_unified(written, name):
    assert plain(written) == name


@pytest.mark.parametrize(
    "written",
    [
        "H. Budi Santoso",
        "Hj Budi Santoso",
        "Dr. Budi Santoso, S.E., M.M.",
        "Budi Santoso, S.Pd.I",
        "BUDI SANTOSO SE",
        "Bpk. Budi Santoso",
        "Alm. Budi Santoso",
        "Budi Santoso (Alm)",
        "Ir. Budi Santoso M.Kom.",
        "Budi Santoso A.Md. Keb.",
    ],
)
def test_titles_and_degrees_are_no_part_of_a_name(written):
    assert plain(written).startswith("BUDI SANTOSO")


@pytest.mark.parametrize(
    "written", ["Raden Aminah", "Rts. Aminah", "Nyimas Aminah", "Msy Aminah", "Kemas Aminah"]
)
def test_the_noble_markers_of_jambi_and_palembang_are_no_part_of_a_name(written):
    assert plain(written) == "AMINAH"


@pytest.mark.parametrize("written", ["H.", "Hj", "Alm", "SE", "Raden"])
def test_a_title_alone_is_kept_because_it_is_all_there_is(written):
    assert len(parse_name(written).plain) == 1


def test_only_titles_leave_the_first_that_may_be_a_name():
    assert plain("Haji Datuk") == "DATUK"


@pytest.mark.parametrize(
    "written", ["Ani binti Usman", "ANI BT USMAN", "Ani Bin Usman", "Ani alias Nia", "Ani als Nia"]
)
def test_what_follows_bin_binti_and_alias_is_cut_off(written):
    assert plain(written) == "ANI"


def test_a_name_that_begins_with_binti_is_not_emptied():
    assert plain("Binti Hasanah") == "BINTI HASANAH"


def test_digits_typed_for_letters_are_read_as_letters():
    assert plain("8ud1 5ant0so") == "BUDI SANTOSO"


def test_marks_of_direction_and_nul_do_not_reach_the_key():
    assert plain("\u202eBudi\u200f\x00Santoso\ufeff") == "BUDI SANTOSO"


def test_accents_are_taken_off_and_apostrophes_left_out():
    assert plain("José") == "JOSE"
    assert plain("Ma'ruf") == plain("Ma\u2019ruf") == plain("Maruf") == "MARUF"


@pytest.mark.parametrize("written", ["", "   ", "...", "-", "\u200f", "你好"])
def test_a_name_without_latin_letters_is_empty(written):
    assert parse_name(written) == EMPTY


def test_a_name_of_five_thousand_characters_is_cut_and_not_refused():
    name = parse_name("BUDI " * 1_000)

    assert name.plain[0] == "BUDI"
    assert len(" ".join(name.plain)) <= 200


def test_case_spaces_and_points_do_not_matter():
    assert parse_name("  budi.  SANTOSO ") == parse_name("Budi Santoso")


@EXAMPLES
@given(st.text(max_size=60))
def test_every_text_gives_plain_upper_case_letters_and_a_sound_for_each_token(text):
    name = parse_name(text)

    assert len(name.plain) == len(name.sound)
    assert all(token.isascii() and token.isalpha() and token.isupper() for token in name.plain)
    assert all(name.sound)


@EXAMPLES
@given(st.text("ABDEHIKLMNORSTU .,", min_size=1, max_size=30))
def test_reading_a_read_name_again_only_ever_takes_more_titles_off(text):
    once = parse_name(text).plain
    again = parse_name(" ".join(once)).plain

    assert len(again) <= len(once)
    assert set(again) <= set(once) | {"MUHAMMAD", "SITI", "ABDUL", "AHMAD"}
