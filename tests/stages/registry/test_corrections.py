"""Corrections by area: several fields at once, by whom, and what others did meanwhile."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from entas.audit.models import Act
from entas.city.errors import NeedsSecondPerson, NotAllowed, OutsideArea
from entas.city.models import SingleHanded
from entas.locks import run_lock
from entas.notices.models import Notice
from entas.registry import states
from entas.registry.errors import (
    ChangedMeanwhile,
    DecisionRefused,
    NotYourProposal,
    ValuesRefused,
)
from entas.registry.models import Person, PersonKey, Proposal
from entas.registry.queries.corrections import changed_since, present, proposals_for, siblings
from entas.registry.queries.history import what_happened
from entas.registry.services import (
    accept_proposal,
    merge_persons,
    propose_corrections,
    reject_proposal,
    undo_import,
    withdraw_proposal,
)
from entas.registry.services.proposals import answer_of, proposed_value
from entas.registry.services.survivorship import FIELDS
from entas.tables import Busy
from journey.little_lists import Office, citizen, citizens, links_of, nik

LEGOK, MURNI = 1571101003, 1571101002


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


@pytest.fixture
def people(office):
    return [person for *_, person in links_of(office.send(citizens(6)))]


@pytest.fixture
def desk(somebody):
    return somebody("desi", "front_office", area=LEGOK)


@pytest.fixture
def coordinator(somebody):
    return somebody("kartini", "puskesos_coordinator", area=LEGOK)


def propose(person, by, **values):
    more = {name: values.pop(name) for name in ("seen", "evidence") if name in values}
    return propose_corrections(person_id=person, values=values, reason="akta", by=by, **more)


def version(person):
    return present(Person.objects.select_related("family").get(pk=person)).version


# --- what and where ---------------------------------------------------------------------------


def test_whatever_lists_tell_of_a_person_can_be_corrected():
    assert set(FIELDS) <= set(states.CORRECTABLE)


def test_fields_of_one_form_share_their_act(people, desk):
    made = propose(people[0], desk, name="CITRA", birth="1980-12-31", rt="7", mother_name=" ")

    assert [one.field for one in made] == ["name", "birth", "rt"]
    assert len({one.act_id for one in made}) == 1
    assert Act.objects.get(pk=made[0].act_id).detail == {"field": "name,birth,rt"}
    assert siblings(made[1]) == [made[0], made[2]]


def test_all_values_that_cannot_stand_are_told_at_once_and_nothing_is_proposed(people, desk):
    with pytest.raises(ValuesRefused) as refused:
        propose(people[0], desk, name="CITRA", sex="X", rt="0", role="paman", birth="1980-02-30")

    assert set(refused.value.problems) == {"sex", "rt", "role", "birth"}
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("day", ["2090-01-01", "1850-01-01"])
def test_nobody_is_born_in_the_future_or_120_years_ago(people, desk, day):
    with pytest.raises(ValuesRefused, match="Tanggal lahir setelah hari ini"):
        propose(people[0], desk, birth=day)

    assert not Act.objects.filter(act="registry.propose").exists()


def test_a_child_may_be_born_today_by_the_clock_of_the_city(people, desk):
    today = timezone.localdate().isoformat()

    (made,) = propose(people[0], desk, birth=today)

    assert made.field == "birth"


def test_a_form_that_changes_nothing_is_refused(people, desk):
    seen = version(people[0])

    with pytest.raises(ValuesRefused, match="sudah tercatat"):
        propose(people[0], desk, name=Person.objects.get(pk=people[0]).name, seen=seen)
    with pytest.raises(ValuesRefused, match="sudah tercatat"):
        propose(people[0], desk, nik=citizen(1)["NIK"], seen=seen)


def test_who_serves_another_kelurahan_proposes_nothing_here(people, somebody):
    with pytest.raises(OutsideArea):
        propose(people[0], somebody("mira", "front_office", area=MURNI), name="CITRA")


def test_who_serves_another_kelurahan_decides_nothing_here(people, desk, somebody):
    (made,) = propose(people[0], desk, name="CITRA")
    other = somebody("mira", "puskesos_coordinator", area=MURNI)

    for decide in (accept_proposal, reject_proposal):
        with pytest.raises(OutsideArea):
            decide(proposal=made, by=other)
        with pytest.raises(NotAllowed):
            decide(proposal=made, by=desk)


def test_proposals_are_decided_where_the_person_lives_now(people, desk, coordinator, somebody):
    (made,) = propose(people[0], desk, name="CITRA")
    Person.objects.filter(pk=people[0]).update(kelurahan=MURNI)

    with pytest.raises(OutsideArea):
        accept_proposal(proposal=made, by=coordinator)

    accept_proposal(proposal=made, by=somebody("mira", "puskesos_coordinator", area=MURNI))


def test_the_list_holds_the_proposals_of_ones_area(people, desk, somebody):
    here, there = propose(people[0], desk, name="CITRA")[0], None
    Person.objects.filter(pk=people[1]).update(kelurahan=MURNI)
    mira = somebody("mira", "front_office", area=MURNI)
    (there,) = propose(people[1], mira, name="CITRA")

    assert list(proposals_for(desk)) == [here]
    assert list(proposals_for(mira)) == [there]
    assert list(proposals_for(somebody("budi", "data_steward"))) == [there, here]
    assert not proposals_for(somebody("lea", "leader")).exists()


def test_who_was_merged_twice_is_corrected_where_the_last_one_lives(people, desk, somebody):
    chief = somebody("budi", "data_steward")
    (made,) = propose(people[0], desk, name="CITRA")
    for absorbed, kept in ((0, 1), (1, 2), (2, 3)):
        merge_persons(
            kept_id=people[kept],
            absorbed_id=people[absorbed],
            reason="x",
            by=chief,
            in_spite_of_niks=True,
        )
    Person.objects.filter(pk=people[3]).update(kelurahan=MURNI)

    assert not proposals_for(desk).exists()
    assert list(proposals_for(somebody("mira", "front_office", area=MURNI))) == [made]


def test_a_proposal_for_somebody_merged_into_an_unknown_place_is_the_citys(people, desk, somebody):
    chief = somebody("budi", "data_steward")
    (made,) = propose(people[0], desk, name="CITRA")
    merge_persons(
        kept_id=people[1], absorbed_id=people[0], reason="x", by=chief, in_spite_of_niks=True
    )
    Person.objects.filter(pk=people[1]).update(kelurahan=None)

    assert not proposals_for(desk).exists()
    assert list(proposals_for(chief)) == [made]


# --- who decides ------------------------------------------------------------------------------


def test_who_proposed_does_not_decide_where_a_colleague_may(people, coordinator, somebody):
    somebody("kemal", "supervisor", area=157110)
    (made,) = propose(people[0], coordinator, name="CITRA")

    for decide in (accept_proposal, reject_proposal):
        with pytest.raises(NeedsSecondPerson):
            decide(proposal=made, by=coordinator)

    assert Proposal.objects.get().state == states.PROPOSED


def test_where_nobody_else_may_the_decision_is_marked_for_review(people, coordinator):
    (made,) = propose(people[0], coordinator, name="CITRA")

    accept_proposal(proposal=made, by=coordinator)

    (marked,) = SingleHanded.objects.all()
    assert marked.act == "registry.proposal.diterima"
    assert (marked.kelurahan, marked.reviewed_by) == (LEGOK, "")
    assert Act.objects.get(pk=marked.act_id).detail["proposal"] == made.pk


def test_a_decision_between_two_people_is_not_marked(people, desk, coordinator):
    accept_proposal(proposal=propose(people[0], desk, name="CITRA")[0], by=coordinator)

    assert not SingleHanded.objects.exists()


def test_the_reason_of_a_refusal_lies_sealed_and_reaches_who_proposed(people, desk, coordinator):
    (made,) = propose(people[0], desk, name="CITRA", evidence="KTP asli")

    reject_proposal(proposal=made, by=coordinator, reason="akta atas nama orang lain")

    made.refresh_from_db()
    assert answer_of(made) == "akta atas nama orang lain"
    assert b"akta" not in bytes(made.answer_sealed)
    assert proposed_value(made)["evidence"] == "KTP asli"
    (told,) = Notice.objects.filter(user=desk)
    assert (told.page, told.number) == ("proposal", made.pk)
    assert "ditolak" in told.words


def test_ones_own_proposal_can_be_taken_back_until_it_is_decided(people, desk, coordinator):
    (made,) = propose(people[0], desk, name="CITRA")

    withdraw_proposal(proposal=made, by=desk)

    made.refresh_from_db()
    assert made.state == states.TAKEN_BACK
    with pytest.raises(DecisionRefused, match="sudah diputuskan"):
        accept_proposal(proposal=made, by=coordinator)
    assert not Notice.objects.filter(user=desk).exists()


def test_nobody_takes_back_what_another_proposed(people, desk, coordinator):
    (made,) = propose(people[0], desk, name="CITRA")

    with pytest.raises(NotYourProposal, match="oleh pengusulnya"):
        withdraw_proposal(proposal=made, by=coordinator)


def test_the_story_tells_of_proposals_that_changed_nothing(people, desk, coordinator):
    reject_proposal(proposal=propose(people[0], desk, name="CITRA")[0], by=coordinator)

    told = [one for one in what_happened(people[0]) if one.thing == "proposal"]

    assert [one.act for one in told] == ["registry.propose", "registry.proposal.ditolak"]
    assert told[1].words["field"] == "name"


# --- role and RT ------------------------------------------------------------------------------


def test_a_corrected_rt_and_role_reach_the_keys_and_no_list_takes_them(
    office, people, desk, coordinator
):
    for made in propose(people[0], desk, rt="9", role="pasangan"):
        accept_proposal(proposal=made, by=coordinator)
    key = PersonKey.objects.get(person=people[0])
    assert (key.rt, key.role) == (9, 2)
    other = office.send([citizen(1, NO_RT="002")], "dtsen")

    first = Person.objects.get(pk=people[0]).origin_delivery_id
    undo_import(import_id=first, by=office.user, on=dt.date(2026, 7, 1))

    person = Person.objects.get(pk=people[0])
    assert person.origin_delivery_id == other.pk
    assert (person.rt, person.role) == (9, "pasangan")


# --- two at once ------------------------------------------------------------------------------


def test_a_value_that_changed_meanwhile_is_told_with_who_and_when(people, desk, coordinator):
    seen = version(people[0])
    (made,) = propose(people[0], desk, name="CITRA")
    accept_proposal(proposal=made, by=coordinator)

    with pytest.raises(ChangedMeanwhile) as refused:
        propose(people[0], desk, mother_name="ROHANI", seen=seen)

    value, decided = refused.value.changes
    assert (value.field, value.kind, value.after) == ("name", "value", "CITRA")
    assert "kartini" in value.by
    assert value.at
    assert (decided.field, decided.kind) == ("name", states.ACCEPTED)
    assert Proposal.objects.count() == 1


def test_a_list_that_changed_a_value_meanwhile_is_told(office, desk):
    rows = citizens(4)
    rows[0]["NAMA_LGKP_IBU"] = ""
    person = links_of(office.send(rows))[0][2]
    seen = version(person)
    office.send([citizen(1)], "dtsen")

    (change,) = changed_since(Person.objects.get(pk=person), seen)

    assert (change.field, change.before) == ("mother_name", "")
    assert change.after == citizen(1)["NAMA_LGKP_IBU"]


def test_a_number_that_changed_meanwhile_is_told_masked(people, desk, coordinator):
    seen = version(people[0])
    accept_proposal(proposal=propose(people[0], desk, nik=nik(77))[0], by=coordinator)

    changes = changed_since(Person.objects.get(pk=people[0]), seen)

    assert changes[0].after == "*" * 14 + "77"
    assert nik(77) not in str(changes) + seen + version(people[0])


def test_what_was_proposed_for_a_relative_meanwhile_is_told_too(people, desk, coordinator):
    seen = version(people[0])
    propose(people[1], coordinator, name="CITRA")

    (change,) = changed_since(Person.objects.get(pk=people[0]), seen)

    assert (change.field, change.about, change.kind) == ("", "name", states.PROPOSED)
    assert change.who == Person.objects.get(pk=people[1]).name


def test_nothing_is_told_of_a_relative_who_lives_elsewhere(people, desk, somebody):
    Person.objects.filter(pk=people[1]).update(kelurahan=MURNI)
    seen = version(people[0])
    propose(people[1], somebody("murni", "front_office", area=MURNI), name="CITRA")

    assert changed_since(Person.objects.get(pk=people[0]), seen) == []
    assert version(people[0]) == seen


def test_a_forged_version_tells_nothing_of_a_relative_who_lives_elsewhere(people, somebody):
    Person.objects.filter(pk=people[1]).update(kelurahan=MURNI)
    propose(people[1], somebody("murni", "front_office", area=MURNI), name="CITRA")
    forged = json.dumps({**json.loads(version(people[0])), "keluarga": []})

    assert changed_since(Person.objects.get(pk=people[0]), forged) == []


def test_sent_again_on_the_new_state_it_is_proposed(people, desk, coordinator):
    propose(people[0], coordinator, name="CITRA")

    (made,) = propose(people[0], desk, name="CITRAWATI", seen=version(people[0]))

    assert proposed_value(made)["value"] == "CITRAWATI"


ODD_VERSIONS = [
    "",
    "[]",
    "{",
    "{}",
    "null",
    "x" * 20_000,
    "[" * 9_000,
    '{"keluarga": [1]}',
    '{"keluarga": 5}',
    '{"keluarga": null}',
    '{"keluarga": [[[1], 2]]}',
    '{"keluarga": [{"a": 1}]}',
]


@pytest.mark.parametrize("seen", ODD_VERSIONS)
def test_a_version_that_cannot_be_read_says_nothing(people, seen):
    assert changed_since(Person.objects.get(pk=people[0]), seen) == []


def test_while_another_command_is_at_work_nothing_is_decided(
    people, desk, coordinator, monkeypatch
):
    (made,) = propose(people[0], desk, name="CITRA")
    monkeypatch.setattr("entas.registry.services.runs._PATIENCE_SECONDS", 0.0)

    with run_lock("registry"), pytest.raises(Busy):
        accept_proposal(proposal=made, by=coordinator)

    made.refresh_from_db()
    assert made.state == states.PROPOSED
