from dataclasses import replace

import numpy as np
import pytest

from analytics.cast import (
    ANI,
    BUDI,
    CAST,
    CITRA,
    DANI,
    DINO,
    KEL_A,
    KEL_B,
    L,
    P,
    Someone,
    neighbours,
    nik_of,
    row_of,
    table,
    town,
    verdicts,
)
from entas.analytics.linkage.link import Limits, Links, Verdict, link_list, register_index

NOBODY = -1
STRANGER = Someone(
    "Zulaiha Manaf", 19500101, P, nik_of(19500101, P, 77), mother="Rohaya", kel=KEL_B, rt=3
)


def a_list(*rows: Someone):
    return table([row.on_a_list() for row in rows])


def link(model, town, *rows: Someone) -> Links:
    return link_list(a_list(*rows), town, model)


def outcome(model, town, row: Someone) -> tuple[Verdict, int]:
    """Verdict and person of a list of this one row."""
    links = link(model, town, row)
    return Verdict(int(links.verdict[0])), int(links.person[0])


MISTAKES = {
    "nothing": ANI,
    "no NIK": BUDI.but(nik=0),
    "name mistyped, date swapped, no NIK": CITRA.but(
        name="Citra Ayuningtas", birth=20060302, nik=0
    ),
    "region of the NIK mistyped": ANI.but(nik=ANI.nik + 10**12),
    "a married woman with her husband's name": ANI.but(name=BUDI.name),
    "the father's NIK borrowed": CITRA.but(nik=BUDI.nik),
    "the NIK of a stranger": CITRA.but(nik=STRANGER.nik),
    "moved to another kelurahan with a new card": CITRA.but(
        kk=1571810101777777, kel=KEL_B, rt=4, address="Jl. Mawar No. 3"
    ),
    "only the year of birth": BUDI.but(birth=19800000, nik=0),
    "titles and another spelling": BUDI.but(name="H. Boedi Prasetio, S.E.", nik=0),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_person_is_found_in_spite_of_one_clerks_mistake(model, town, mistake):
    row = MISTAKES[mistake]
    owner = next(one for one in CAST if one.birth // 10_000 == row.birth // 10_000)

    assert outcome(model, town, row) == (Verdict.SURE, row_of(owner))


@pytest.mark.parametrize("twin", [DANI, DINO])
def test_a_twin_is_told_from_the_other_by_the_name(model, town, twin):
    links = link(model, town, twin.but(nik=0))

    assert (links.verdict[0], links.person[0]) == (Verdict.SURE, row_of(twin))
    assert links.rival[0] == row_of(DINO if twin is DANI else DANI)


def test_a_twin_whose_first_name_is_missing_is_never_linked_by_itself(model, town):
    verdict, _ = outcome(model, town, DANI.but(name="Prasetyo", nik=0))

    assert verdict != Verdict.SURE


def test_an_unregistered_person_with_an_unknown_number_is_not_found(model, town):
    assert outcome(model, town, STRANGER) == (Verdict.NOT_FOUND, NOBODY)


def test_an_unregistered_child_of_a_registered_family_is_not_taken_for_a_sibling(model, town):
    baby = CITRA.but(name="Eka Lestari", birth=20230101, nik=nik_of(20230101, P, 5))

    verdict, _ = outcome(model, town, baby)

    assert verdict == Verdict.NOT_FOUND


def test_a_namesake_of_another_age_and_place_is_not_found(model, town):
    namesake = BUDI.but(
        birth=19550302,
        nik=nik_of(19550302, L, 3),
        kk=0,
        mother="Ponirah",
        kel=KEL_B,
        rt=2,
        address="",
    )

    assert outcome(model, town, namesake)[0] == Verdict.NOT_FOUND


@pytest.mark.parametrize("row", [Someone(), ANI.but(name="")])
def test_a_row_without_a_name_is_not_linked(model, town, row):
    assert outcome(model, town, row) == (Verdict.NOT_FOUND, NOBODY)


def test_the_same_person_twice_on_a_list_is_told_the_second_time(model, town):
    links = link(model, town, ANI, BUDI, ANI.but(name="Ani Rosmawti", nik=0))

    assert links.verdict.tolist() == [Verdict.SURE, Verdict.SURE, Verdict.REPEATED]
    assert links.earlier.tolist() == [-1, -1, 0]
    assert links.person[2] == row_of(ANI)


def doubtful_list() -> list[Someone]:
    """Two hundred plain rows and two that fit a twin as well as the other."""
    plain = neighbours(60)[:198]
    return [*plain, DANI.but(name="Prasetyo", nik=0, sex=-1), DANI.but(name="D Prasetyo", nik=0)]


def test_a_doubtful_row_is_kept_for_a_human(model, town):
    links = link(model, town, *doubtful_list())

    assert Verdict.REVIEW in links.verdict[-2:]
    assert not np.any(links.verdict[-2:] == Verdict.SURE)


def test_people_are_asked_about_no_more_rows_than_they_can_look_at(model, town):
    rows = a_list(*doubtful_list())
    none_at_all = Limits(review_share=0.0, fewest_questions=0)

    links = link_list(rows, town, model, limits=none_at_all)

    assert not np.any(links.verdict == Verdict.REVIEW)


def test_what_nobody_has_time_for_is_linked_only_where_it_is_likely(model, town):
    rows = a_list(*(Someone(one.name, kel=one.kel, rt=one.rt) for one in neighbours(60)))

    links = link_list(rows, town, model, limits=Limits(review_share_without_nik=0.0))

    linked = links.verdict >= Verdict.SURE
    assert linked.any()
    assert (links.probability[linked] >= 0.75).all()
    assert (links.probability[~linked] < 0.95).any()


def test_a_whole_identity_of_its_own_is_never_linked_to_another_one(model, town):
    # The same name, mother, home and card; another birth date, and a NIK that bears it out.
    other = BUDI.but(birth=19850922, nik=nik_of(19850922, L, 44))

    links = link(model, town, other, BUDI.but(birth=19850922))

    assert links.contradicted.tolist() == [True, False]
    assert links.verdict[0] in {Verdict.REVIEW, Verdict.NOT_FOUND}
    assert links.verdict[1] == Verdict.SURE


HIDDEN = {
    "a spoilt beginning of the only word": Someone("Gstin", 19750315, L, kel=KEL_B, rt=9),
    "a name run together and another year": Someone(
        "Gustinhermawansyah", 19770315, L, kel=KEL_B, rt=9
    ),
}


@pytest.mark.parametrize("slip", HIDDEN)
def test_whom_two_slips_hide_from_every_key_is_looked_for_once_more(model, slip):
    whole = Someone("Gustin Hermawansyah", 19750315, L, kel=KEL_A, rt=3)
    registered = whole if "together" in slip else whole.but(name="Gustin")
    people = town(registered)

    links = link_list(a_list(HIDDEN[slip]), people, model)

    assert links.person.tolist() == [len(CAST)]


def test_a_stricter_limit_makes_fewer_links_sure(model, town):
    rows = a_list(*(Someone(one.name, kel=one.kel, rt=one.rt) for one in neighbours(60)))

    loose = link_list(rows, town, model, limits=Limits(sure=0.6, review_share_without_nik=1))
    strict = link_list(rows, town, model, limits=Limits(sure=0.999999, review_share_without_nik=1))

    assert (strict.verdict == Verdict.SURE).sum() < (loose.verdict == Verdict.SURE).sum()


def test_what_was_seen_is_told_for_the_best_candidate(model, town):
    links = link(model, town, ANI, STRANGER)

    seen = {name: levels.tolist() for name, levels in links.seen.items()}
    assert all(levels[1] == 0 for levels in seen.values())
    assert all(levels[0] > 0 for levels in seen.values())


def test_probabilities_and_verdicts_agree(model, town):
    links = link(model, town, *doubtful_list())
    limits = Limits()

    sure = links.verdict == Verdict.SURE
    assert np.all(links.probability[links.verdict == Verdict.REVIEW] >= limits.review)
    assert np.all(links.probability[links.verdict == Verdict.REVIEW] < limits.sure)
    assert np.all(links.person[sure] >= 0)
    assert np.all(links.person != links.rival, where=links.person >= 0)


def test_the_same_list_gives_the_same_answer(model, town):
    rows = doubtful_list()

    once, again = link(model, town, *rows), link(model, town, *rows)

    assert verdicts(once) == verdicts(again)
    assert once.odds.tolist() == again.odds.tolist()


def test_the_order_of_the_register_does_not_matter(model, town):
    order = np.random.default_rng(3).permutation(len(town.table))
    shuffled = register_index(town.table.take(order))
    rows = [*MISTAKES.values(), STRANGER, *neighbours(40)]

    straight, other = link(model, town, *rows), link(model, shuffled, *rows)

    assert other.verdict.tolist() == straight.verdict.tolist()
    mapped = np.where(other.person >= 0, order[other.person], NOBODY)
    assert mapped.tolist() == straight.person.tolist()


def test_the_order_of_the_list_matters_only_to_what_stands_twice(model, town):
    rows = [*CAST, STRANGER, *neighbours(40)]

    straight = link(model, town, *rows)
    backward = link(model, town, *rows[::-1])

    assert backward.person[::-1].tolist() == straight.person.tolist()
    assert backward.verdict[::-1].tolist() == straight.verdict.tolist()


def test_clear_rows_are_linked_alike_in_a_whole_list_and_in_its_halves(model, town):
    rows = [*CAST, STRANGER, *neighbours(120)]
    half = len(rows) // 2

    whole = link(model, town, *rows)
    first, second = link(model, town, *rows[:half]), link(model, town, *rows[half:])

    clear = (whole.probability > 0.99) | (whole.probability < 0.01)
    assert clear.mean() > 0.98
    halves = np.concatenate([first.person, second.person])
    assert halves[clear].tolist() == whole.person[clear].tolist()


def test_unregistered_company_takes_no_clear_link_away(model, town):
    alone = link(model, town, CITRA.but(nik=0))
    among_strangers = link(
        model, town, CITRA.but(nik=0), *[STRANGER.but(name=f"Zulaiha {n}") for n in "ABCDEFGH"]
    )

    assert alone.person[0] == among_strangers.person[0] == row_of(CITRA)
    assert among_strangers.verdict[0] == Verdict.SURE


def test_an_empty_list_has_an_empty_answer(model, town):
    links = link(model, town)

    assert len(links.verdict) == 0


def test_a_list_against_an_empty_register_finds_nobody(model):
    nobody = register_index(table([]))

    links = link(model, nobody, ANI, BUDI)

    assert links.verdict.tolist() == [Verdict.NOT_FOUND, Verdict.NOT_FOUND]


def test_two_registrations_of_one_person_are_linked_to_one_of_them(model):
    again = CITRA.but(nik=nik_of(20060203, P, 888), kk=1571810101888888, family=77)
    people = [*CAST, again, *neighbours(200)]
    same = np.arange(len(people))
    same[5] = row_of(CITRA)
    row = CITRA.but(nik=0, kk=0, kel=KEL_A)

    told = register_index(table(people), same_person=same)
    untold = register_index(table(people))

    assert outcome(model, told, row)[0] == Verdict.SURE
    assert outcome(model, untold, row)[0] != Verdict.SURE


def test_a_list_of_children_believes_in_the_child_of_two_namesakes(model, town):
    elder = CITRA.but(birth=19600505, nik=nik_of(19600505, P, 4), mother="Juminah", family=78)
    people = register_index(table([*CAST, elder, *neighbours(350)]))
    children = [one for one in neighbours(350) if one.birth > 20000101][:150]
    unclear = CITRA.but(birth=0, nik=0, mother="", kk=0, address="")

    alone = link(model, people, unclear)
    among_children = link(model, people, unclear, *children)

    assert among_children.person[0] == row_of(CITRA)
    assert among_children.probability[0] > alone.probability[0]


def test_the_fitted_model_is_handed_back_without_touching_the_given_one(model, town):
    before = replace(model).to_json()

    links = link(model, town, *doubtful_list())

    assert model.to_json() == before
    assert links.model.version == model.version
    assert links.model.coverage != model.coverage


def test_how_pairs_are_shared_among_threads_changes_no_verdict(model, town, monkeypatch):
    rows = [*doubtful_list(), STRANGER]
    whole = link(model, town, *rows)
    monkeypatch.setattr("entas.analytics.linkage.link._PAIRS_AT_ONCE", 50)

    parted = link(model, town, *rows)

    assert parted.verdict.tolist() == whole.verdict.tolist()
    assert parted.person.tolist() == whole.person.tolist()
