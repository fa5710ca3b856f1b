"""A human's word on a line: what it moves at once, what it outlives, and taking it back."""

import datetime as dt

import pytest

from entas.audit.models import Act
from entas.history import unpack
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson, NoSuchRow
from entas.registry.models import (
    Duplicate,
    Link,
    LinkedList,
    MergeDecision,
    Person,
    PersonKey,
    RegisterVersion,
    RegistryHistory,
    ReviewDecision,
)
from entas.registry.queries import review
from entas.registry.services import (
    decide_duplicate,
    decide_row,
    merge_persons,
    refute_duplicate,
    withdraw_decision,
)
from entas.registry.services.decisions import decided_merge
from journey.little_lists import Office, citizen, citizens, links_of, programme_row


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


@pytest.fixture
def town(office):
    """Thirty citizens and a programme's list about the first six of them."""
    register = office.send(citizens(30))
    listed = office.send([programme_row(row) for row in citizens(6)], "pbi")
    return register, listed


def person_of(delivery, row):
    return Link.objects.get(delivery=delivery, row=row, withdrawn=False).person_id


def link_of(delivery, row):
    return next((word, who) for line, word, who in links_of(delivery) if line == row)


def doubtful(delivery, row, candidate):
    """Let a line wait for a human's look."""
    Link.objects.filter(delivery=delivery, row=row).update(
        decision=states.REVIEW, person=None, candidate_id=candidate, probability=0.6, weight=0.6
    )


def test_a_yes_makes_a_doubtful_line_the_persons(office, town):
    register, listed = town
    ani = person_of(register, 2)
    doubtful(listed, 2, ani)

    decide_row(delivery=listed, row=2, person_id=ani, same=True, by=office.user)

    assert link_of(listed, 2) == (states.SURE, ani)


def test_a_no_takes_the_line_away_from_the_person(office, town):
    register, listed = town
    ani = person_of(register, 2)

    decide_row(delivery=listed, row=2, person_id=ani, same=False, by=office.user)

    assert link_of(listed, 2) == (states.NOT_FOUND, None)


def test_a_no_to_somebody_the_machine_did_not_mean_leaves_the_line_as_it_is(office, town):
    register, listed = town
    ani, budi = person_of(register, 2), person_of(register, 3)

    decide_row(delivery=listed, row=2, person_id=budi, same=False, by=office.user)

    assert link_of(listed, 2) == (states.SURE, ani)


def test_the_machines_weight_stays_beside_what_people_decided(office, town):
    register, listed = town
    before = Link.objects.get(delivery=listed, row=2)

    decide_row(delivery=listed, row=2, person_id=person_of(register, 9), same=True, by=office.user)

    after = Link.objects.get(delivery=listed, row=2)
    assert after.person_id == person_of(register, 9)
    assert (after.candidate_id, after.weight) == (before.candidate_id, before.weight)


def test_a_later_contrary_word_withdraws_the_earlier_one_and_deletes_nothing(office, town):
    register, listed = town
    ani = person_of(register, 2)
    yes = decide_row(delivery=listed, row=2, person_id=ani, same=True, by=office.user)

    decide_row(delivery=listed, row=2, person_id=ani, same=False, by=office.user)

    yes.refresh_from_db()
    assert yes.withdrawn
    assert ReviewDecision.objects.count() == 2
    assert link_of(listed, 2) == (states.NOT_FOUND, None)


def test_the_same_word_twice_is_said_once(office, town):
    register, listed = town
    words = {
        decide_row(
            delivery=listed, row=2, person_id=person_of(register, 2), same=True, by=office.user
        ).pk
        for _ in range(2)
    }

    assert len(words) == 1
    assert Act.objects.filter(act="registry.review").count() == 1


def test_several_noes_on_one_line_stand_beside_each_other(office, town):
    register, listed = town
    for row in (2, 3, 4):
        decide_row(
            delivery=listed, row=2, person_id=person_of(register, row), same=False, by=office.user
        )

    assert ReviewDecision.objects.filter(withdrawn=False).count() == 3


def test_what_the_person_owes_to_the_line_goes_and_comes_with_it(office):
    rows = citizens(30)
    rows[1]["NAMA_LGKP_IBU"] = ""
    register = office.send(rows)
    listed = office.send([rows[1] | {"NAMA_LGKP_IBU": "MARSINAH"}], "dtsen")
    ani = Person.objects.get(pk=person_of(register, 2))
    assert ani.mother_name == "MARSINAH"

    no = decide_row(delivery=listed, row=1, person_id=ani.pk, same=False, by=office.user)

    ani.refresh_from_db()
    assert (ani.mother_name, ani.origin_more) == ("", None)
    assert PersonKey.objects.get(person=ani).mother_sound == ""

    withdraw_decision(decision=no, by=office.user)

    ani.refresh_from_db()
    assert (ani.mother_name, ani.origin_more) == ("MARSINAH", {"mother_name": [listed.pk, 1]})
    assert PersonKey.objects.get(person=ani).mother_sound != ""


@pytest.mark.parametrize("same", [True, False])
def test_withdrawing_a_word_gives_back_what_the_machine_said(office, town, same):
    register, listed = town
    ani = person_of(register, 2)
    doubtful(listed, 2, ani)
    word = decide_row(delivery=listed, row=2, person_id=ani, same=same, by=office.user)

    withdraw_decision(decision=word, by=office.user)

    assert link_of(listed, 2) == (states.REVIEW, None)
    assert ReviewDecision.objects.get().withdrawn


def test_withdrawing_the_last_of_several_words_leaves_the_others(office, town):
    register, listed = town
    ani, budi = person_of(register, 2), person_of(register, 3)
    decide_row(delivery=listed, row=2, person_id=ani, same=False, by=office.user)
    yes = decide_row(delivery=listed, row=2, person_id=budi, same=True, by=office.user)

    withdraw_decision(decision=yes, by=office.user)

    assert link_of(listed, 2) == (states.NOT_FOUND, None)


def test_a_word_is_withdrawn_once(office, town):
    register, listed = town
    word = decide_row(
        delivery=listed, row=2, person_id=person_of(register, 2), same=True, by=office.user
    )
    withdraw_decision(decision=word, by=office.user)

    with pytest.raises(DecisionRefused, match="tidak berlaku"):
        withdraw_decision(decision=word, by=office.user)


def test_a_second_line_of_a_list_given_to_one_person_is_a_repetition(office, town):
    register, listed = town
    ani = person_of(register, 2)

    decide_row(delivery=listed, row=5, person_id=ani, same=True, by=office.user)

    assert [link_of(listed, row) for row in (2, 5)] == [(states.SURE, ani), (states.REPEATED, ani)]


def test_the_repeated_line_becomes_the_found_one_when_the_first_is_taken_away(office, town):
    register, listed = town
    ani = person_of(register, 2)
    decide_row(delivery=listed, row=5, person_id=ani, same=True, by=office.user)

    decide_row(delivery=listed, row=2, person_id=ani, same=False, by=office.user)

    assert link_of(listed, 5) == (states.SURE, ani)


def test_a_line_that_opened_a_person_is_not_given_to_another_one(office, town):
    register, _ = town
    ani, budi = person_of(register, 2), person_of(register, 3)

    with pytest.raises(DecisionRefused, match=f"Warga {ani} dibuat dari baris 2"):
        decide_row(delivery=register, row=2, person_id=budi, same=True, by=office.user)
    with pytest.raises(DecisionRefused, match="gabungkan"):
        decide_row(delivery=register, row=2, person_id=ani, same=False, by=office.user)

    assert not ReviewDecision.objects.exists()


def test_a_line_that_opened_a_person_may_be_confirmed(office, town):
    register, _ = town
    ani = person_of(register, 2)

    decide_row(delivery=register, row=2, person_id=ani, same=True, by=office.user)

    assert link_of(register, 2) == (states.FOUNDED, ani)


def test_a_line_that_was_never_linked_and_a_person_who_is_not_active_are_refused(office, town):
    register, listed = town
    ani, budi = person_of(register, 2), person_of(register, 3)
    merge_persons(
        kept_id=ani, absorbed_id=budi, reason="KTP", by=office.user, in_spite_of_niks=True
    )

    with pytest.raises(NoSuchRow):
        decide_row(delivery=listed, row=99, person_id=ani, same=True, by=office.user)
    with pytest.raises(NoSuchPerson):
        decide_row(delivery=listed, row=4, person_id=budi, same=True, by=office.user)


def linked_anew(office, delivery):
    """Forget what the machine said of a list and let it be linked once more."""
    Link.objects.filter(delivery=delivery).update(withdrawn=True)
    LinkedList.objects.filter(delivery=delivery).update(withdrawn=True)
    office.link()


def test_words_stand_when_a_list_is_linked_anew(office, town):
    register, listed = town
    ani, dewi = person_of(register, 2), person_of(register, 9)
    decide_row(delivery=listed, row=2, person_id=ani, same=False, by=office.user)
    decide_row(delivery=listed, row=4, person_id=dewi, same=True, by=office.user)

    linked_anew(office, listed)

    assert link_of(listed, 2) == (states.NOT_FOUND, None)
    assert link_of(listed, 4) == (states.SURE, dewi)


def test_a_withdrawn_word_does_not_stand_when_a_list_is_linked_anew(office, town):
    register, listed = town
    ani = person_of(register, 2)
    word = decide_row(delivery=listed, row=2, person_id=ani, same=False, by=office.user)
    withdraw_decision(decision=word, by=office.user)

    linked_anew(office, listed)

    assert link_of(listed, 2) == (states.SURE, ani)


def test_a_word_about_a_person_merged_since_is_about_the_one_who_lives_on(office, town):
    register, listed = town
    ani, budi = person_of(register, 2), person_of(register, 9)
    decide_row(delivery=listed, row=4, person_id=budi, same=True, by=office.user)
    merge_persons(
        kept_id=ani, absorbed_id=budi, reason="KTP", by=office.user, in_spite_of_niks=True
    )

    linked_anew(office, listed)

    assert list(review.decisions_on(listed)) == [(4, ani, True)]
    assert {link_of(listed, row)[1] for row in (2, 4)} == {ani}


def test_a_word_is_in_the_chain_of_acts_and_in_the_change_log(office, town):
    register, listed = town
    ani = person_of(register, 2)
    version = RegisterVersion.objects.get().number

    word = decide_row(delivery=listed, row=2, person_id=ani, same=False, by=office.user)

    act = Act.objects.get(pk=word.act_id)
    assert (act.act, act.object_id) == ("registry.review", str(listed.pk))
    assert act.detail == {"row": 2, "person": ani, "same": False}
    assert RegistryHistory.objects.filter(act_id=act.pk, object_type="link").count() == 1
    assert RegisterVersion.objects.get().number == version + 1


@pytest.fixture
def suspected(office):
    """One citizen who stands twice in the civil register: the pair, and both persons."""
    office.send([*citizens(300), citizen(7)])
    pair = Duplicate.objects.get()
    return pair, pair.first_id, pair.second_id


def test_a_yes_to_a_pair_merges_it_into_the_older_number(office, suspected):
    pair, first, second = suspected

    decide_duplicate(pair=pair, same=True, by=office.user, reason="NIK sama")

    merged = Person.objects.get(pk=second)
    assert (merged.state, merged.merged_into_id) == (states.MERGED, first)
    assert Duplicate.objects.get().state == states.CONFIRMED
    assert decided_merge(pair).reason == "NIK sama"


def test_the_person_whom_more_lines_know_lives_on(office, suspected):
    pair, first, second = suspected
    listed = office.send([programme_row(citizen(n)) for n in (3, 4)], "pbi")
    decide_row(delivery=listed, row=1, person_id=second, same=True, by=office.user)

    decide_duplicate(pair=pair, same=True, by=office.user, reason="NIK sama")

    assert Person.objects.get(pk=first).merged_into_id == second


def test_the_decider_may_say_who_lives_on(office, suspected):
    pair, first, second = suspected

    decide_duplicate(pair=pair, same=True, by=office.user, reason="x", kept_id=second)

    assert Person.objects.get(pk=first).merged_into_id == second


def test_somebody_outside_the_pair_cannot_live_on_for_it(office, suspected):
    pair, first, _ = suspected

    with pytest.raises(DecisionRefused, match="bukan salah satu"):
        decide_duplicate(pair=pair, same=True, by=office.user, reason="x", kept_id=first + 1)


def test_a_refuted_pair_is_asked_no_more_and_never_comes_back(office, suspected):
    pair, *_ = suspected

    decide_duplicate(pair=pair, same=False, by=office.user, reason="dua orang, serumah")
    office.send([citizen(301)], as_of=dt.date(2026, 6, 2))

    assert Duplicate.objects.get().state == states.REFUTED
    assert review.waiting().pairs == 0


def test_why_a_pair_was_refuted_stands_in_the_sealed_log_and_not_in_the_open_chain(
    office, suspected
):
    pair, _, second = suspected

    decide_duplicate(pair=pair, same=False, by=office.user, reason="kata Ani sendiri")

    act = Act.objects.get(act="registry.refute")
    assert act.detail == {"other": second}
    (log,) = RegistryHistory.objects.filter(act_id=act.pk)
    assert unpack(log) == {
        "state": [states.SUSPECTED, states.REFUTED],
        "reason": [None, "kata Ani sendiri"],
    }


def test_a_pair_is_judged_once_and_needs_a_reason(office, suspected):
    pair, first, second = suspected
    with pytest.raises(DecisionRefused, match="alasan"):
        decide_duplicate(pair=pair, same=False, by=office.user, reason=" ")
    refute_duplicate(first_id=second, second_id=first, by=office.user)

    with pytest.raises(DecisionRefused, match="tidak sedang diduga"):
        decide_duplicate(pair=pair, same=True, by=office.user, reason="x")

    assert not MergeDecision.objects.exists()


def test_a_pair_whose_merge_is_refused_stays_suspected(office, suspected):
    pair, _, second = suspected
    Person.objects.filter(pk=second).update(nik_hash=1)

    with pytest.raises(DecisionRefused, match="NIK"):
        decide_duplicate(pair=pair, same=True, by=office.user, reason="x")

    assert Duplicate.objects.get().state == states.SUSPECTED
    assert not MergeDecision.objects.exists()
