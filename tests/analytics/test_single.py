"""One row against a register kept ready: the right person leads, however little is known."""

import numpy as np
import pytest

from analytics.cast import ANI, BUDI, CAST, DANI, DINO, KEL_A, KEL_B, Someone, row_of, table
from analytics.cast import town as build_town
from entas.analytics.linkage.link import link_list, register_index
from entas.analytics.linkage.single import ReadyRegister, likely

FIRST_ID = 100
SAME_NAME = Someone("RUDI IRAWAN", 19850317, mother="SITI AMINAH", kel=KEL_A, rt=7)
NEARLY = SAME_NAME.but(name="RUSDI IRAWAN", birth=19700101, mother="RATNA", rt=9)
ELSEWHERE = SAME_NAME.but(birth=19700101, mother="RATNA", kel=KEL_B)


@pytest.fixture(scope="module")
def ready(town):
    return ReadyRegister(town, np.arange(len(town.table), dtype=np.int64) + FIRST_ID)


@pytest.fixture
def namesakes():
    index = register_index(table([NEARLY, ELSEWHERE, SAME_NAME]))
    return ReadyRegister(index, np.arange(3, dtype=np.int64))


def leader(person, register, model):
    found = likely(table([person]), register, model)
    return found[0].row if found else None


def test_a_row_that_says_nothing_speaks_of_nobody(ready, model):
    assert likely(table([Someone()]), ready, model) == []


def test_a_number_without_a_name_still_finds_its_bearer(ready, model):
    assert leader(Someone(nik=BUDI.nik), ready, model) == row_of(BUDI)


@pytest.mark.parametrize("person", [BUDI, ANI, DANI, DINO], ids=lambda person: person.name)
def test_the_leader_is_the_one_a_list_would_be_linked_to(person, ready, town, model):
    row = table([person.on_a_list()])

    assert leader(person.on_a_list(), ready, model) == link_list(row, town, model).person[0]


@pytest.mark.parametrize(
    "written",
    ["RUDI IRAWAN", "RUDY IRAWN", "IRAWAN RUDI", "RUDIIRAWAN", "R. IRAWAN", "rudi irawan, S.Pd"],
)
@pytest.mark.parametrize(
    "known",
    [
        {"kel": KEL_A, "rt": 7},
        {"mother": "SITI AMINAH", "birth": 19850000},
        {"birth": 19850317},
        {"kel": KEL_A, "birth": 19850000},
    ],
    ids="+".join,
)
def test_a_name_and_one_or_two_facts_are_enough(written, known, namesakes, model):
    assert leader(Someone(written, **known), namesakes, model) == 2


def test_a_rarer_name_does_not_go_before_the_one_that_was_asked_for(namesakes, model):
    found = likely(table([Someone("RUDI IRAWAN")]), namesakes, model)

    assert found[-1].row == 0


def test_of_two_entries_for_one_person_the_better_fitting_leads(model):
    poor = SAME_NAME.but(mother="", rt=0, birth=19850000)
    people = len(build_town(poor, SAME_NAME).table)
    one, other = len(CAST), len(CAST) + 1
    same = np.arange(people)
    same[other] = one
    index = build_town(poor, SAME_NAME, same_person=same)

    assert leader(SAME_NAME, ReadyRegister(index, np.arange(people)), model) == other


def test_the_answer_is_no_longer_than_asked_for_and_likeliest_first(ready, model):
    found = likely(table([ANI.on_a_list().but(nik=0, birth=0)]), ready, model, most=3)

    assert len(found) == 3
    assert [one.odds for one in found] == sorted((one.odds for one in found), reverse=True)


def test_however_many_share_a_date_the_right_one_is_compared(model):
    crowd = [Someone(f"{chr(65 + at % 26)}{chr(65 + at // 26)}LIA", 20000101) for at in range(400)]
    right = Someone("WAHYU SANTOSO", 20000101)
    index = register_index(table([*crowd, right]))

    assert leader(right, ReadyRegister(index, np.arange(401)), model) == 400


def test_rows_of_persons_who_are_not_in_the_register_are_left_out(ready):
    assert ready.rows_of([FIRST_ID + 3, 1, 10**9]) == {FIRST_ID + 3: 3}
