"""Corrections: proposed by one, decided by another, written by the registry alone."""

import pytest

from entas import custody
from entas.audit.models import Act
from entas.city.models import Right, User
from entas.city.services import grant_right
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson
from entas.registry.models import Person, Proposal
from entas.registry.queries import finding
from entas.registry.queries.history import what_happened
from entas.registry.services import (
    accept_proposal,
    merge_persons,
    propose_correction,
    reject_proposal,
)
from journey.little_lists import Office, citizen, citizens, links_of, nik


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


@pytest.fixture
def people(office):
    return [person for *_, person in links_of(office.send(citizens(6)))]


@pytest.fixture
def chief(ground):
    budi = User.objects.create(username="budi")
    grant_right(user=budi, role=Right.Role.DATA_STEWARD, by=ground)
    return budi


def propose(office, person, field, value, reason="akta kelahiran"):
    return propose_correction(
        person_id=person, field=field, value=value, reason=reason, by=office.user
    )


def test_an_accepted_name_can_be_found_at_once(office, people, chief):
    proposal = propose(office, people[0], "name", "CITRA DEWI")

    accept_proposal(proposal=proposal, by=chief)

    assert Person.objects.get(pk=people[0]).name == "CITRA DEWI"
    assert finding.find("citra dewi")[0].person.pk == people[0]


def test_an_accepted_number_is_sealed_and_searched_by_its_keyed_hash(office, people, chief):
    accept_proposal(proposal=propose(office, people[0], "nik", nik(77)), by=chief)

    person = Person.objects.get(pk=people[0])
    assert custody.unseal(bytes(person.nik_sealed), context="person.nik") == nik(77).encode()
    assert finding.find(nik(77))[0].person.pk == people[0]


def test_a_number_somebody_else_bears_is_not_accepted(office, people, chief):
    proposal = propose(office, people[0], "nik", citizen(2)["NIK"])

    with pytest.raises(DecisionRefused, match=f"sudah dimiliki warga {people[1]}"):
        accept_proposal(proposal=proposal, by=chief)

    assert Proposal.objects.get().state == states.PROPOSED


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("nik", "157181010190000", "N1|16"),
        ("nik", nik(0), "tidak dapat dipakai"),
        ("nik", "1571 8101 0190 0001", "tanpa spasi"),
        ("birth", "31-12-1980", "tttt-bb-hh"),
        ("birth", "1980-02-30", "tttt-bb-hh"),
        ("sex", "X", "L atau P"),
        ("alive", "entah", "hidup, meninggal atau pindah"),
        ("name", "CITRA\x00", "tak terlihat"),
        ("name", "C" * 201, "terlalu panjang"),
        ("name", "  ", "nilai dan alasan"),
        ("merged_into", "1", "Usulan perlu bidang"),
    ],
)
def test_a_value_that_cannot_stand_there_is_refused_and_not_repeated(
    office, people, field, value, why
):
    with pytest.raises(DecisionRefused, match=why) as refusal:
        propose(office, people[0], field, value)

    assert value.strip() == "" or field == "merged_into" or value not in str(refusal.value)
    assert not Proposal.objects.exists()


def test_a_proposal_needs_a_reason_and_a_person(office, people):
    with pytest.raises(DecisionRefused, match="alasan"):
        propose(office, people[0], "name", "CITRA", reason=" ")
    with pytest.raises(NoSuchPerson):
        propose(office, 999_999, "name", "CITRA")


def test_what_is_proposed_of_a_person_lies_sealed(office, people):
    propose(office, people[0], "name", "CITRA DEWI", reason="kata Budi")

    body = bytes(Proposal.objects.get().body_sealed)
    assert b"CITRA" not in body
    assert b"Budi" not in body
    assert Act.objects.get(act="registry.propose").detail == {"field": "name"}


def test_a_correction_of_a_person_merged_since_reaches_the_one_who_lives_on(office, people, chief):
    proposal = propose(office, people[1], "mother_name", "CITRA")
    merge_persons(
        kept_id=people[0], absorbed_id=people[1], reason="x", by=chief, in_spite_of_niks=True
    )

    assert accept_proposal(proposal=proposal, by=chief).pk == people[0]

    assert Person.objects.get(pk=people[0]).mother_name == "CITRA"


def test_no_later_list_overrules_what_people_decided(office, people, chief):
    proposal = propose(office, people[0], "mother_name", "CITRA")
    accept_proposal(proposal=proposal, by=chief)

    office.send([citizen(1, NAMA_LGKP_IBU="ROHANI")], "dukcapil")

    assert Person.objects.get(pk=people[0]).mother_name == "CITRA"


@pytest.mark.parametrize("decide", [accept_proposal, reject_proposal])
def test_a_proposal_is_decided_once(office, people, chief, decide):
    proposal = propose(office, people[0], "mother_name", "CITRA")
    decide(proposal=proposal, by=chief)

    for again in (accept_proposal, reject_proposal):
        with pytest.raises(DecisionRefused, match="sudah diputuskan"):
            again(proposal=proposal, by=chief)


def test_the_history_of_the_person_tells_what_stood_there_before(office, people, chief):
    accept_proposal(proposal=propose(office, people[0], "mother_name", "CITRA"), by=chief)

    changed = next(one for one in what_happened(people[0]) if one.changes)
    assert changed.act == "registry.proposal.diterima"
    assert changed.changes["mother_name"] == (citizen(1)["NAMA_LGKP_IBU"], "CITRA")
    assert "budi" in changed.actor
