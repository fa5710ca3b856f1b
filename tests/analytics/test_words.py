"""Which words and names of a register a typed name may stand for, and what its slips cost."""

import numpy as np
import pytest

from entas.analytics.linkage.likeness import name_bits
from entas.analytics.linkage.words import (
    INITIAL,
    LEFT_OUT,
    RESPACED,
    SLIP,
    STRANGE_WORD,
    TURNED,
    Words,
)
from entas.analytics.normalise.names import parse_name

NAMES = [
    "SITI RAHMA",
    "RAHAYU",
    "BUDI SANTOSO",
    "BUDI S",
    "NURHAYATI",
    "AMINAH FATIMAH",
    "RAHMAWATI",
]
SOUNDS = [" ".join(parse_name(name).sound) for name in NAMES]


@pytest.fixture(scope="module")
def words():
    return Words(SOUNDS)


def typed(words, text):
    name = parse_name(text)
    return words.typed(name.sound, written=name.plain)


def bits(words, text, name):
    number = NAMES.index(name)
    return name_bits(typed(words, text), words.of_name[number].tolist(), words)


def best(words, text, most=1):
    asked = typed(words, text)
    return {NAMES[at] for at in words.best_names(asked, words.gains(asked), most=most)}


def test_a_register_without_names_knows_no_words():
    nothing = Words([])
    asked = nothing.typed(["BUDI"])

    assert len(nothing) == 0
    assert len(nothing.best_names(asked, nothing.gains(asked), most=5)) == 0


def test_a_word_unlike_all_others_stands_for_none_of_them(words):
    assert best(words, "QWERTY", most=10) == set()


@pytest.mark.parametrize(
    ("text", "name", "cost"),
    [
        ("SITI RAHMA", "SITI RAHMA", 0),
        ("SITTI RACHMA", "SITI RAHMA", 0),
        ("RAHMA SITI", "SITI RAHMA", TURNED),
        ("SITI RHAMA", "SITI RAHMA", SLIP),
        ("BUDI SANTSO", "BUDI SANTOSO", SLIP),
        ("RAHMA", "SITI RAHMA", LEFT_OUT),
        ("S RAHMA", "SITI RAHMA", INITIAL),
        ("BUDI SANTOSO", "BUDI S", INITIAL),
        ("NUR HAYATI", "NURHAYATI", RESPACED),
        ("BUDISANTOSO", "BUDI SANTOSO", RESPACED),
        ("SITI RAHMA DEWI", "SITI RAHMA", STRANGE_WORD),
    ],
)
def test_each_slip_has_its_price(words, text, name, cost):
    assert bits(words, text, name) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SITIRAHMA", "SITI RAHMA"),
        ("AMINAHFATIMAH", "AMINAH FATIMAH"),
        ("NUR HAYATI", "NURHAYATI"),
        ("RAHMAWATY", "RAHMAWATI"),
        ("SANTOS", "BUDI SANTOSO"),
        ("RAAYU", "RAHAYU"),
    ],
)
def test_the_name_that_was_meant_explains_most(words, text, name):
    assert best(words, text) == {name}


def test_an_initial_leads_among_names_that_hold_the_other_word():
    many = Words([f"{first} SANTUSU" for first in ("ANI", "BUDI", "CITRA", "DIAN")])
    asked = many.typed(["C", "SANTUSU"])

    assert many.best_names(asked, many.gains(asked), most=1).tolist() == [2]


def test_names_are_looked_at_only_among_those_asked_for(words):
    asked = typed(words, "SITI RAHMA")
    among = np.asarray([1, 3], np.int32)

    assert len(words.best_names(asked, words.gains(asked), most=9, among=among)) == 0
