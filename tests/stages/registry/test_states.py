"""The states of the registry and the ways between them are data; these are its promises."""

import pytest

from entas.registry import states

TABLES = {
    "RUN": (states.RUN_CHOICES, states.RUN_NEXT),
    "PERSON": (states.PERSON_CHOICES, states.PERSON_NEXT),
    "DUPLICATE": (states.DUPLICATE_CHOICES, states.DUPLICATE_NEXT),
    "TRANSFER": (states.TRANSFER_CHOICES, states.TRANSFER_NEXT),
    "PROPOSAL": (states.PROPOSAL_CHOICES, states.PROPOSAL_NEXT),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_has_a_word_and_its_ways(name):
    choices, ways = TABLES[name]

    assert set(dict(choices)) == set(ways)
    assert {state for ends in ways.values() for state in ends} <= set(ways)


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached_from_the_first_one(name):
    choices, ways = TABLES[name]
    reached, rest = set(), [choices[0][0]]
    while rest:
        state = rest.pop()
        if state not in reached:
            reached.add(state)
            rest += ways[state]

    assert reached == set(ways)


def test_what_people_decided_of_persons_can_be_taken_back():
    assert states.ACTIVE in states.PERSON_NEXT[states.MERGED]
    assert states.SUSPECTED in states.DUPLICATE_NEXT[states.CONFIRMED]


def test_the_words_scripts_read_never_change():
    assert (states.SURE, states.REVIEW, states.NOT_FOUND) == ("cocok", "tinjau", "tidak_ditemukan")
    assert (states.REPEATED, states.UNUSABLE) == ("ganda", "bermasalah")
    assert (states.LIVING, states.DEAD, states.MOVED) == ("hidup", "meninggal", "pindah")
