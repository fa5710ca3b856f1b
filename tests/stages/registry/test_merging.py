"""Two persons declared one, and everything as before when that is taken back."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entas import custody
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson
from entas.registry.models import (
    Duplicate,
    Link,
    Membership,
    MergeDecision,
    Person,
    PersonKey,
    RegisterVersion,
)
from entas.registry.queries import candidates, finding, review, summary
from entas.registry.services import (
    accept_proposal,
    decide_row,
    merge_persons,
    propose_correction,
    split_persons,
    undo_import,
)
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from journey.little_lists import AS_OF, Office, citizen, citizens, links_of, programme_row


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


def join(office, kept, absorbed, **more):
    how = {"reason": "KTP diperlihatkan", "in_spite_of_niks": True} | more
    return merge_persons(kept_id=kept, absorbed_id=absorbed, by=office.user, **how)


def people_of(delivery):
    return [person for *_, person in links_of(delivery)]


def everything():
    """All that a merge may touch, seals opened."""
    people = list(Person.objects.order_by("pk").values())
    for one in people:
        sealed = one.pop("nik_sealed")
        one["nik"] = custody.unseal(bytes(sealed), context="person.nik") if sealed else None
    kept = ("pk", "decision", "person_id", "candidate_id", "rival_id", "withdrawn")
    return {
        "people": people,
        "links": list(Link.objects.order_by("pk").values(*kept)),
        "memberships": list(Membership.objects.order_by("pk").values()),
        "pairs": list(Duplicate.objects.order_by("pk").values()),
        "keys": list(PersonKey.objects.order_by("pk").values()),
    }


@pytest.fixture
def town(office):
    """A register of ten in which some know little of themselves, two lists about them, and
    open suspicions between the first five."""
    rows = citizens(10)
    for place in (1, 4, 7):
        rows[place] |= {"NIK": "", "NAMA_LGKP_IBU": "", "TMPT_LHR": ""}
    rows[2] |= {"JENIS_KLMIN": ""}
    register = office.send(rows)
    office.send([rows[n] | {"NAMA_LGKP_IBU": f"IBU {n}"} for n in range(0, 10, 2)], "dtsen")
    office.send([programme_row(rows[n]) for n in (0, 2, 3, 5, 6)], "pbi")
    people = people_of(register)
    for one, other in ((0, 1), (1, 2), (0, 3), (3, 4)):
        Duplicate.objects.create(
            first_id=people[one], second_id=people[other], weight=3.0, probability=0.8
        )
    return people


def test_a_split_restores_every_field_line_membership_question_and_key(office, town):
    before = everything()

    merge = join(office, town[0], town[1])
    assert everything() != before
    split_persons(merge=merge, by=office.user)

    assert everything() == before


indexes = st.integers(0, 9)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pairs=st.lists(st.tuples(indexes, indexes), min_size=1, max_size=5),
    shuffled=st.randoms(use_true_random=False),
)
def test_merges_taken_back_in_any_order_that_is_allowed_leave_nothing_behind(
    office, town, pairs, shuffled
):
    before = everything()
    merges = []
    for kept, absorbed in pairs:
        try:
            merges.append(join(office, town[kept], town[absorbed]))
        except (DecisionRefused, NoSuchPerson):
            continue

    while merges:
        shuffled.shuffle(merges)
        for merge in list(merges):
            kept = Person.objects.get(pk=merge.kept_id)
            if kept.state == states.ACTIVE:
                split_persons(merge=merge, by=office.user)
                merges.remove(merge)

    assert everything() == before


def test_a_question_whose_place_was_taken_comes_home_when_the_place_is_free(office, town):
    before = everything()
    first = join(office, town[1], town[3])
    second = join(office, town[4], town[0])

    split_persons(merge=first, by=office.user)
    split_persons(merge=second, by=office.user)

    assert everything() == before


def test_the_kept_person_learns_what_only_the_absorbed_one_knew(office, town):
    ani, full = town[1], town[0]

    join(office, ani, full)

    kept = Person.objects.get(pk=ani)
    assert custody.unseal(bytes(kept.nik_sealed), context="person.nik") == (
        citizen(1)["NIK"].encode()
    )
    assert kept.birth_place == "JAMBI"
    assert kept.name == citizen(2)["NAMA_LGKP"]
    assert finding.find(citizen(1)["NIK"])[0].person.pk == ani
    assert kept.origin_more["nik"] == list(
        Link.objects.filter(person=ani, decision=states.FOUNDED)
        .order_by("row")
        .values_list("delivery_id", "row")[0]
    )


def test_who_is_asked_for_by_the_absorbed_ones_number_is_the_kept_one(office, town):
    join(office, town[1], town[0])

    row = citizen(1)
    asked = ParsedRow(nama=row["NAMA_LGKP"], nik=row["NIK"], nama_ibu=row["NAMA_LGKP_IBU"])
    found = [one.person_id for one in candidates.candidates(asked)]

    assert town[1] in found
    assert town[0] not in found


def test_lines_and_memberships_go_to_the_kept_person(office, town):
    lines = set(Link.objects.filter(person__in=town[:2]).values_list("pk", flat=True))
    stays = set(Membership.objects.filter(person__in=town[:2]).values_list("pk", flat=True))

    join(office, town[0], town[1])

    assert set(Link.objects.filter(person=town[0]).values_list("pk", flat=True)) == lines
    assert set(Membership.objects.filter(person=town[0]).values_list("pk", flat=True)) == stays
    assert summary.person_count() == 9


def test_two_lines_of_one_list_are_one_and_its_repetition_after_the_merge(office, town):
    pbi = Delivery.objects.get(source__code="pbi")

    merge = join(office, town[0], town[2])

    assert [(word, who) for _, word, who in links_of(pbi)][:2] == [
        (states.SURE, town[0]),
        (states.REPEATED, town[0]),
    ]
    split_persons(merge=merge, by=office.user)
    assert [word for _, word, _ in links_of(pbi)] == [states.SURE] * 5


def test_open_questions_about_the_absorbed_person_are_asked_about_the_kept_one(office, town):
    pbi = Delivery.objects.get(source__code="pbi")
    Link.objects.filter(delivery=pbi, row=3).update(
        decision=states.REVIEW, person=None, candidate_id=town[1]
    )

    join(office, town[0], town[1])

    pairs = {(one.first_id, one.second_id) for one in review.waiting_pairs()}
    assert pairs == {(town[0], town[2]), (town[0], town[3]), (town[3], town[4])}
    assert [one.candidate_id for one in review.waiting_rows()] == [town[0]]


def test_a_pair_people_judged_is_not_asked_again_through_a_merge(office, town):
    Duplicate.objects.create(
        first_id=town[0], second_id=town[2], weight=1, probability=0.5, state=states.REFUTED
    )

    merge = join(office, town[0], town[1])

    assert (town[0], town[2]) not in {
        (one.first_id, one.second_id) for one in review.waiting_pairs()
    }
    split_persons(merge=merge, by=office.user)
    assert (town[1], town[2]) in {(one.first_id, one.second_id) for one in review.waiting_pairs()}


def test_more_than_four_are_not_taken_for_one(office, town):
    for absorbed in town[1:3]:
        join(office, town[0], absorbed)
    join(office, town[5], town[6])

    with pytest.raises(DecisionRefused, match="lebih dari 4"):
        join(office, town[0], town[5])

    join(office, town[0], town[4])
    with pytest.raises(DecisionRefused, match="lebih dari 4"):
        join(office, town[0], town[7])


def test_different_numbers_are_merged_only_on_purpose(office, town):
    with pytest.raises(DecisionRefused, match="NIK sah yang berbeda"):
        join(office, town[0], town[2], in_spite_of_niks=False)

    assert not MergeDecision.objects.exists()


def test_a_missing_number_is_no_different_number(office, town):
    merge = join(office, town[0], town[1], in_spite_of_niks=False)

    assert merge.absorbed_id == town[1]


def test_who_is_merged_away_is_split_off_before_those_merged_into_him(office, town):
    inner = join(office, town[1], town[2])
    outer = join(office, town[0], town[1])

    with pytest.raises(DecisionRefused, match=f"sudah digabung ke warga {town[0]}"):
        split_persons(merge=inner, by=office.user)

    split_persons(merge=outer, by=office.user)
    split_persons(merge=inner, by=office.user)
    assert summary.person_count() == 10


def test_a_line_people_gave_to_somebody_else_after_the_merge_stays_there(office, town):
    pbi = Delivery.objects.get(source__code="pbi")
    merge = join(office, town[0], town[2])
    decide_row(delivery=pbi, row=2, person_id=town[9], same=True, by=office.user)

    split_persons(merge=merge, by=office.user)

    assert links_of(pbi)[1] == (2, states.SURE, town[9])


def test_a_correction_made_after_the_merge_survives_the_split(office, town, somebody):
    merge = join(office, town[1], town[0])
    proposal = propose_correction(
        person_id=town[1], field="birth_place", value="MUARO", reason="akta", by=office.user
    )
    chief = somebody("budi", "data_steward")
    accept_proposal(proposal=proposal, by=chief)

    split_persons(merge=merge, by=office.user)

    kept = Person.objects.get(pk=town[1])
    assert kept.birth_place == "MUARO"
    assert kept.origin_more == {"birth_place": ["usulan", proposal.pk]}
    assert (kept.nik_sealed, kept.nik_hash) == (None, None)


def test_a_person_whose_list_was_taken_back_while_merged_comes_back_withdrawn(office):
    ani = people_of(office.send(citizens(10)))[0]
    later = office.send([programme_row(citizen(49))], "pbi")
    (budi,) = people_of(later)
    merge = join(office, ani, budi)
    undo_import(import_id=later.pk, by=office.user, on=AS_OF)

    back = split_persons(merge=merge, by=office.user)

    assert back.state == states.WITHDRAWN
    assert Person.objects.get(pk=ani).state == states.ACTIVE


def test_merging_and_splitting_each_say_that_the_register_changed(office, town):
    version = RegisterVersion.objects.get().number

    merge = join(office, town[0], town[1])
    split_persons(merge=merge, by=office.user)

    assert RegisterVersion.objects.get().number == version + 2


def test_a_person_whom_a_human_opened_forgets_after_a_split_what_lines_never_told(office, town):
    Link.objects.filter(person=town[1]).update(withdrawn=True)
    Person.objects.filter(pk=town[1]).update(origin_delivery=None, origin_row=None)
    before = everything()
    merge = join(office, town[1], town[0])
    assert Person.objects.get(pk=town[1]).birth_place == "JAMBI"

    split_persons(merge=merge, by=office.user)

    assert everything() == before
