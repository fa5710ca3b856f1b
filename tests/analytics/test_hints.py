"""What stands beside a typed name decides among namesakes, and what is not known says little."""

import numpy as np
import pytest

from analytics.cast import KEL_A, KEL_B, Someone, table
from entas.analytics.linkage.frequencies import frequencies
from entas.analytics.linkage.hints import Hints, hint_bits, hinted
from entas.analytics.linkage.nearby import Nearby

BORN = 19900512


def costs(hints, *people):
    return hint_bits(hints, table(people), np.arange(len(people), dtype=np.int32)).tolist()


def test_nothing_typed_beside_a_name_costs_nobody_anything():
    assert costs(Hints(), Someone("ANI"), Someone("ANI", BORN, rt=3)) == [0, 0]


@pytest.mark.parametrize(
    ("hints", "nearer", "farther"),
    [
        (Hints(BORN, 1990), 19900512, 0),
        (Hints(BORN, 1990), 0, 19901205),
        (Hints(BORN, 1990), 19901205, 19850101),
        (Hints(BORN, 1990), 19910512, 19850101),
        (Hints(BORN, 1990), 19900000, 19910512),
        (Hints(BORN, 1990), 19900101, 19900303),
        (Hints(0, 1990), 19900303, 19910303),
        (Hints(0, 1990), 19910303, 19950303),
    ],
)
def test_the_nearer_a_birth_the_less_it_costs(hints, nearer, farther):
    one, other = costs(hints, Someone("ANI", nearer), Someone("ANI", farther))

    assert one < other


def test_another_rt_costs_more_than_an_unknown_one():
    same, unknown, other = costs(
        Hints(rt=3), *(Someone("ANI", kel=KEL_A, rt=rt) for rt in (3, 0, 4))
    )

    assert same == 0 < unknown < other


def test_another_kelurahan_costs_more_than_an_unknown_one():
    same, unknown, other = costs(
        Hints(group=KEL_A), *(Someone("ANI", kel=kel) for kel in (KEL_A, 0, KEL_B))
    )

    assert same == 0 < unknown < other


PEOPLE = [
    Someone("ANI", 19900512, kel=KEL_A, rt=3),
    Someone("BUDI", 19901205, kel=KEL_A, rt=4),
    Someone("CITRA", 19910512, kel=KEL_B, rt=3),
    Someone("DIAN", 19500101, kel=KEL_B, rt=3),
    Someone("ENDANG", 19900101),
]


@pytest.mark.parametrize(
    ("hints", "rows"),
    [
        (Hints(BORN, 1990), [0, 1, 2, 4]),
        (Hints(rt=3, group=KEL_B), [2, 3]),
        (Hints(year=1990, rt=3), [0]),
        (Hints(year=1990, group=KEL_A), [0, 1]),
        (Hints(rt=3), []),
        (Hints(year=1990), []),
    ],
)
def test_hints_alone_point_only_to_a_few(hints, rows):
    register = table(PEOPLE)

    assert sorted(hinted(hints, Nearby(register, frequencies(register))).tolist()) == rows
