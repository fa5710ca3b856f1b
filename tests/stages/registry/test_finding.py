"""What a clerk types finds the person she means."""

import pytest

from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.models import Person
from entas.registry.queries.finding import find
from entas.registry.queries.question import Question, parse_question
from journey.little_lists import Office, citizen, citizens


@pytest.fixture
def town(ground, tmp_path):
    office = Office(tmp_path, ground)
    office.send(citizens(300))
    return office


def first(text):
    found = find(text)
    return found[0].person.origin_row if found else None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("1571 8141 0190 0001", Question("1571814101900001", "", 0, 0, 0)),
        ("1571.8141.0190.0001", Question("1571814101900001", "", 0, 0, 0)),
        ("ANI 01-02-1990", Question("", "ANI ", 19900201, 1990, 0)),
        ("ANI 1990-02-01", Question("", "ANI ", 19900201, 1990, 0)),
        ("ANI 1990 RT 05", Question("", "ANI", 0, 1990, 5)),
        ("ANI rt.05/02 17 Agustus 1990", Question("", "ANI", 19900817, 1990, 5)),
        ("ANI RW 3 1/2/1990", Question("", "ANI", 19900201, 1990, 0)),
        ("AN1 12", Question("", "AN1", 0, 0, 0)),
        ("", Question("", "", 0, 0, 0)),
    ],
)
def test_what_was_typed_is_taken_apart(text, question):
    read = parse_question(text)

    assert (read.number, read.name.strip(), read.birth, read.year, read.rt) == (
        question.number,
        question.name.strip(),
        question.birth,
        question.year,
        question.rt,
    )


def test_a_number_of_fifteen_digits_is_no_number():
    assert parse_question("157181410190001").number == ""


def test_sixteen_digits_find_the_bearer_of_a_nik(town):
    assert [one.person.origin_row for one in find(citizen(14)["NIK"])] == [14]


def test_sixteen_digits_find_everybody_on_a_card(town):
    found = {one.person.origin_row for one in find(citizen(14)["NO_KK"])}

    assert found == {12, 13, 14, 15}


@pytest.mark.parametrize("turn", [lambda name: name, str.lower, str.title])
def test_a_name_is_found_in_any_case(town, turn):
    assert first(turn(citizen(14)["NAMA_LGKP"])) == 14


@pytest.mark.parametrize("number", [3, 14, 77, 128, 299])
def test_a_name_is_found_with_one_letter_lost_or_doubled(town, number):
    name = citizen(number)["NAMA_LGKP"]
    for text in (name[:3] + name[4:], name[:4] + name[3:], name[:-1]):
        assert number in [one.person.origin_row for one in find(text)[:10]], text


@pytest.mark.parametrize("number", [3, 14, 77])
def test_a_name_is_found_with_its_words_turned_round(town, number):
    turned = " ".join(reversed(citizen(number)["NAMA_LGKP"].split()))

    assert number in [one.person.origin_row for one in find(turned)[:10]]


def test_a_birth_date_decides_among_namesakes(ground, tmp_path):
    Office(tmp_path, ground).send([citizen(n, NAMA_LGKP="SITI AMINAH") for n in range(1, 80)])

    for number in (7, 40, 79):
        assert first(f"SITI AMINAH {citizen(number)['TGL_LHR']}") == number


def test_an_rt_goes_before_among_namesakes(ground, tmp_path):
    rows = [citizen(1, NAMA_LGKP="SITI AMINAH"), citizen(41, NAMA_LGKP="SITI AMINAH")]
    Office(tmp_path, ground).send([*rows, *citizens(60)[41:]])

    assert first("SITI AMINAH RT 6") == 2
    assert first("SITI AMINAH RT 1") == 1


@pytest.fixture
def namesakes(ground, tmp_path):
    rows = [citizen(n, NAMA_LGKP=name) for n, name in enumerate(NAMESAKES, 1)]
    Office(tmp_path, ground).send([*rows, *citizens(60)[41:]])


NAMESAKES = [
    "MUHAMMAD RIZKI PRATAMA",
    "NURHAYATI",
    "DEWI SARTIKA",
    "MONICA LESTARI",
    "SITI RAHMA",
    "RAHMA LEGOK",
]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("rizki pratama", 1),
        ("PRATAMA M. RIZKI", 1),
        ("MUHAMMAD RIZQY P", 1),
        ("MHD RIZKIPRATAMA", 1),
        ("NUR HAYATI", 2),
        ("Hj. Noerhajati, S.Pd", 2),
        ("DEWISARTIKA", 3),
        ("D SARTIKA", 3),
        ("DWEI SARTIKAA", 3),
        ("M. LESTARI", 4),
        ("SITI RAHMA RT 1", 5),
        ("SITI RHMA KEL. BAGAN PETE", 5),
        ("RAHMA LEGOK", 6),
        ("LEGOK RAHMA", 6),
    ],
)
def test_a_name_is_found_as_clerks_type_it(namesakes, text, number):
    assert first(text) == number


def test_a_kelurahan_behind_the_name_goes_before_among_namesakes(ground, tmp_path):
    elsewhere = str(area_resolver().kelurahan("SULANJANA"))
    here = citizen(1, NAMA_LGKP="SITI RAHMA")
    there = citizen(41, NAMA_LGKP="SITI RAHMA", KODE_KEL=elsewhere)
    Office(tmp_path, ground).send([here, there, *citizens(60)[41:]])

    assert first("SITI RAHMA SULANJANA") == 2


def test_a_birth_date_leads_to_a_name_with_a_slip_in_every_word(town):
    name, born = citizen(14)["NAMA_LGKP"], citizen(14)["TGL_LHR"]
    spoilt = " ".join(word[1] + word[0] + word[2:] for word in name.split())

    assert first(f"{spoilt} {born}") == 14


def test_the_best_come_first_and_at_most_twenty(town):
    likeness = [one.likeness for one in find("SITI SUKARDI")]

    assert len(likeness) <= 20
    assert likeness == sorted(likeness, reverse=True)


@pytest.mark.parametrize("text", ["", " ", "'", "%", "_", "=1+1", "\x00", "\u202e", "9" * 400])
def test_odd_texts_find_nobody_and_break_nothing(town, text):
    assert find(text) == []


def test_a_very_long_text_is_answered(town):
    assert len(find("SUKARDI " * 1_000)) <= 20


def test_whoever_is_merged_away_is_not_found(town):
    Person.objects.filter(origin_row=14).update(state=states.MERGED)

    assert find(citizen(14)["NIK"]) == []
    assert 14 not in [one.person.origin_row for one in find(citizen(14)["NAMA_LGKP"])]


def test_a_number_reads_as_many_persons_as_bear_it(town):
    assert find(citizen(301)["NIK"]) == []
