import numpy as np

from analytics.cast import CHILD, L, P, Someone, table
from entas.analytics.linkage.lean import leaning, strata
from entas.analytics.linkage.sexes import name_sexes, sexes_by_name

CHILDREN = [Someone(f"Anak {n}", 20100101 + n, L, role=CHILD) for n in range(50)]
ELDERS = [Someone(f"Tetua {n}", 19500101 + n, L) for n in range(50)]
PEOPLE = table([*CHILDREN, *ELDERS])
EVERY_CHILD = np.arange(50, dtype=np.int32)


def test_a_list_of_children_favours_children_and_disfavours_the_old():
    bits = leaning(strata(PEOPLE), EVERY_CHILD, np.ones(50))

    assert bits[:50].min() > 0
    assert bits[50:].max() < 0


def test_links_that_nobody_believes_in_lean_nowhere():
    bits = leaning(strata(PEOPLE), EVERY_CHILD, np.full(50, 0.4))

    assert np.allclose(bits, 0)


def test_a_short_list_leans_less_than_a_long_one():
    short = leaning(strata(PEOPLE), EVERY_CHILD[:2], np.ones(2))
    long = leaning(strata(PEOPLE), EVERY_CHILD, np.ones(50))

    assert 0 < short[0] < long[0]


def test_no_list_leans_more_than_five_bits():
    repeated = np.zeros(100_000, np.int32)

    bits = leaning(strata(PEOPLE), repeated, np.ones(100_000))

    assert np.abs(bits).max() <= 5


def test_a_list_of_everybody_leans_nowhere():
    bits = leaning(strata(PEOPLE), np.arange(100, dtype=np.int32), np.ones(100))

    assert np.allclose(bits, 0, atol=1e-5)


def sexes(register: list[Someone], *names: str, sex: int = -1) -> list[int]:
    rows = table([Someone(name, sex=sex) for name in names])
    return sexes_by_name(name_sexes(table(register)), rows).tolist()


WOMEN = [Someone(f"Aminah {chr(66 + n)}an", sex=P) for n in range(10)]
MEN = [Someone(f"Budi {chr(66 + n)}un", sex=L) for n in range(10)]


def test_a_name_that_all_women_bear_tells_the_sex():
    assert sexes([*WOMEN, *MEN], "Aminah Zubir", "Budi Zubir", "Zubir") == [P, L, -1]


def test_a_name_that_both_bear_tells_nothing():
    both = [one.but(name="Sri " + one.name) for one in [*WOMEN, *MEN]]

    assert sexes(both, "Sri Zubir") == [-1]


def test_a_name_that_few_bear_tells_nothing():
    assert sexes(WOMEN[:7], "Aminah Zubir") == [-1]


def test_a_sex_that_is_written_is_believed():
    assert sexes(WOMEN, "Aminah Zubir", sex=L) == [L]


def test_an_empty_register_tells_nothing():
    assert sexes([], "Aminah") == [-1]
