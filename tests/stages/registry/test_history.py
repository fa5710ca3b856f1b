"""What happened to a person, and what waits for a human."""

import pytest

from entas.registry import states
from entas.registry.models import Link, Person, RegistryHistory, Run
from entas.registry.queries import review
from entas.registry.queries.history import what_happened
from entas.registry.services import (
    decide_row,
    merge_persons,
    split_persons,
    undo_import,
    withdraw_decision,
)
from journey.little_lists import AS_OF, Office, citizen, citizens, links_of, programme_row


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


def people_of(delivery):
    return [person for *_, person in links_of(delivery)]


def acts_on(person):
    return [(one.act, one.thing) for one in what_happened(person)]


def test_the_story_of_a_person_begins_with_the_line_that_opened_him(office):
    delivery = office.send(citizens(5))
    person = people_of(delivery)[2]

    opened, line = what_happened(person)

    assert (opened.act, opened.thing, opened.words) == ("registry.link", "person", {"new": True})
    assert line.words == {
        "import_id": delivery.pk,
        "row": 3,
        "decision": states.FOUNDED,
        "withdrawn": False,
    }
    assert "ani" in opened.actor


def test_a_change_is_told_with_the_value_before_and_after(office):
    rows = citizens(5)
    rows[1]["NAMA_LGKP_IBU"] = ""
    person = people_of(office.send(rows))[1]

    office.send([rows[1] | {"NAMA_LGKP_IBU": "MARSINAH"}], "dtsen")

    changes = [one.changes for one in what_happened(person) if one.changes]
    assert changes[0]["mother_name"] == ("", "MARSINAH")


def test_numbers_are_masked_until_they_are_asked_for(office):
    rows = citizens(5)
    rows[1]["NIK"] = ""
    person = people_of(office.send(rows))[1]
    office.send([citizen(2)], "dtsen")

    def told(**how):
        return next(one.changes["nik"] for one in what_happened(person, **how) if one.changes)

    assert told() == (None, "*" * 14 + citizen(2)["NIK"][-2:])
    assert told(reveal=True) == (None, citizen(2)["NIK"])
    assert "nik_hash" not in str(what_happened(person))


def test_every_act_on_a_person_is_told_in_the_order_in_which_it_was_done(office):
    register = people_of(office.send(citizens(5)))
    listed = office.send([programme_row(row) for row in citizens(3)], "pbi")
    ani, budi = register[:2]
    word = decide_row(delivery=listed, row=1, person_id=ani, same=False, by=office.user)
    withdraw_decision(decision=word, by=office.user)
    merge = merge_persons(
        kept_id=budi, absorbed_id=ani, reason="KTP", by=office.user, in_spite_of_niks=True
    )
    split_persons(merge=merge, by=office.user)
    undo_import(import_id=listed.pk, by=office.user, on=AS_OF)

    acts = [act for act, _ in acts_on(ani)]

    order = list(dict.fromkeys(acts))
    assert order == [
        "registry.link",
        "registry.review",
        "registry.review.withdrawn",
        "registry.merge",
        "registry.split",
    ]
    assert ("registry.merge", "merge") in acts_on(budi)
    (line,) = [one for one in what_happened(ani) if one.words.get("import_id") == listed.pk][:1]
    assert line.words["withdrawn"]


def test_a_persons_story_holds_nothing_of_the_neighbours(office):
    register = people_of(office.send(citizens(5)))
    merge_persons(
        kept_id=register[0],
        absorbed_id=register[1],
        reason="KTP",
        by=office.user,
        in_spite_of_niks=True,
    )

    assert acts_on(register[3]) == [("registry.link", "person"), ("registry.link", "link")]


def test_what_a_run_is_still_staging_is_not_told(office):
    person = people_of(office.send(citizens(5)))[0]
    before = what_happened(person)
    log = RegistryHistory.objects.filter(object_type="person").first()
    run = Run.objects.create(
        kind="link", act_id=999, by="cli", started_at=before[0].at, state=states.STAGING
    )
    RegistryHistory.objects.create(
        object_type="person", first_id=person, last_id=person, act_id=run.act_id, kind=log.kind
    )

    assert what_happened(person) == before


@pytest.fixture
def doubts(office):
    """Five lines that wait, with probabilities of the machine's own."""
    register = people_of(office.send(citizens(10)))
    listed = office.send([programme_row(row) for row in citizens(5)], "pbi")
    for row, chance in enumerate((0.9, 0.55, 0.1, 0.4, 0.7), 1):
        Link.objects.filter(delivery=listed, row=row).update(
            decision=states.REVIEW, person=None, candidate_id=register[row - 1], probability=chance
        )
    return register, listed


def test_the_most_doubtful_line_is_asked_first(doubts):
    assert [one.row for one in review.waiting_rows()] == [2, 4, 5, 1, 3]
    assert [one.row for one in review.waiting_rows(most=2)] == [2, 4]


def test_questions_are_counted_and_narrowed_by_source(doubts):
    assert review.waiting() == review.Waiting(rows=5, pairs=0)
    assert review.waiting(source_code="pkh").rows == 0
    assert len(review.waiting_rows(source_code="pbi")) == 5


def test_a_decided_line_waits_no_more(office, doubts):
    register, listed = doubts

    decide_row(delivery=listed, row=2, person_id=register[1], same=True, by=office.user)

    assert 2 not in [one.row for one in review.waiting_rows()]


def test_nobody_is_asked_about_a_person_who_is_not_active(doubts):
    register, _ = doubts
    Person.objects.filter(pk=register[1]).update(state=states.WITHDRAWN)

    assert [one.row for one in review.waiting_rows()] == [4, 5, 1, 3]


def test_asking_what_waits_costs_one_question_to_the_database(doubts, django_assert_num_queries):
    with django_assert_num_queries(1):
        review.waiting_rows()
    with django_assert_num_queries(1):
        review.waiting_pairs()
