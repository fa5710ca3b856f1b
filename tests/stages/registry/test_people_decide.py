"""What people decide about lines and persons, and taking it back."""

import datetime as dt

import pytest
from django.utils import timezone

from entas.city.errors import NeedsSecondPerson
from entas.registry import states
from entas.registry.errors import DecisionRefused, NoSuchPerson
from entas.registry.models import Duplicate, Link, Person, PersonKey, RegistryHistory
from entas.registry.services.decisions import (
    decide_row,
    merge_persons,
    refute_duplicate,
    split_persons,
)
from entas.registry.services.proposals import (
    accept_proposal,
    propose_correction,
    proposed_value,
    reject_proposal,
)
from entas.sources.models import Delivery, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(ground):
    return ground


@pytest.fixture
def chief(somebody):
    return somebody("kepala", "data_steward")


@pytest.fixture
def delivery(ground):
    source = Source.objects.get_or_create(code="pkh", defaults={"name": "PKH", "kind": "pkh"})[0]
    return Delivery.objects.create(
        source=source,
        file_name="a.csv",
        file_sha256="0" * 64,
        file_size=1,
        as_of=dt.date(2026, 1, 1),
        received_at=timezone.now(),
        state="accepted",
        rows=9,
    )


def person(name, **more):
    made = Person.objects.create(name=name, **more)
    PersonKey.objects.create(
        person=made, version=1, name_sound=name.upper(), birth=0, sex=-1, kelurahan=0, kel_group=0,
        rt=0, street=0, house=0, family_number=-1, role=0,
    )  # fmt: skip
    return made


def linked(delivery, row, who, decision=states.SURE):
    return Link.objects.create(
        delivery=delivery, row=row, decision=decision, person=who, candidate=who
    )


def test_a_merge_needs_a_reason(clerk):
    ani, budi = person("Ani"), person("Budi")

    with pytest.raises(DecisionRefused, match="alasan"):
        merge_persons(kept_id=ani.pk, absorbed_id=budi.pk, reason=" ", by=clerk)


def test_nobody_is_merged_with_himself(clerk):
    ani = person("Ani")

    with pytest.raises(DecisionRefused):
        merge_persons(kept_id=ani.pk, absorbed_id=ani.pk, reason="x", by=clerk)


def test_two_valid_niks_are_merged_only_on_purpose(clerk):
    ani, twin = person("Ani", nik_hash=1), person("Ani", nik_hash=2)

    with pytest.raises(DecisionRefused, match="NIK"):
        merge_persons(kept_id=ani.pk, absorbed_id=twin.pk, reason="sama", by=clerk)

    merge_persons(
        kept_id=ani.pk, absorbed_id=twin.pk, reason="sama", by=clerk, in_spite_of_niks=True
    )
    assert Person.objects.get(pk=twin.pk).state == states.MERGED


def test_a_merged_person_cannot_be_merged_again(clerk):
    ani, ani2, budi = person("Ani"), person("Ani"), person("Budi")
    merge_persons(kept_id=ani.pk, absorbed_id=ani2.pk, reason="sama", by=clerk)

    with pytest.raises(NoSuchPerson):
        merge_persons(kept_id=budi.pk, absorbed_id=ani2.pk, reason="sama", by=clerk)


def test_a_split_restores_every_line_and_state(clerk, delivery):
    ani, ani2 = person("Ani"), person("Ani")
    mine, other = linked(delivery, 1, ani), linked(delivery, 2, ani2)
    Duplicate.objects.create(first=ani, second=ani2, weight=9.0, probability=0.9)
    merge = merge_persons(kept_id=ani.pk, absorbed_id=ani2.pk, reason="sama", by=clerk)
    assert Link.objects.get(pk=other.pk).person_id == ani.pk

    split_persons(merge=merge, by=clerk)

    assert Link.objects.get(pk=mine.pk).person_id == ani.pk
    assert Link.objects.get(pk=other.pk).person_id == ani2.pk
    back = Person.objects.get(pk=ani2.pk)
    assert (back.state, back.merged_into_id) == (states.ACTIVE, None)
    assert Duplicate.objects.get().state == states.SUSPECTED


def test_a_merge_is_taken_back_once(clerk):
    merge = merge_persons(
        kept_id=person("Ani").pk, absorbed_id=person("Ani").pk, reason="sama", by=clerk
    )
    split_persons(merge=merge, by=clerk)

    with pytest.raises(DecisionRefused):
        split_persons(merge=merge, by=clerk)


def test_a_merge_leaves_its_trace_in_the_change_log(clerk):
    ani, ani2 = person("Ani"), person("Ani")

    merge = merge_persons(kept_id=ani.pk, absorbed_id=ani2.pk, reason="sama", by=clerk)

    log = RegistryHistory.objects.get(act_id=merge.act_id)
    assert (log.object_type, log.first_id) == ("person", ani2.pk)


def test_a_human_no_unlinks_a_line(clerk, delivery):
    ani = person("Ani")
    linked(delivery, 3, ani)

    decide_row(delivery=delivery, row=3, person_id=ani.pk, same=False, by=clerk)

    link = Link.objects.get(delivery=delivery, row=3)
    assert (link.decision, link.person_id) == (states.NOT_FOUND, None)


def test_a_later_yes_takes_the_place_of_an_earlier_yes(clerk, delivery):
    ani, budi = person("Ani"), person("Budi")
    linked(delivery, 4, None, states.REVIEW)
    first = decide_row(delivery=delivery, row=4, person_id=ani.pk, same=True, by=clerk)

    decide_row(delivery=delivery, row=4, person_id=budi.pk, same=True, by=clerk)

    first.refresh_from_db()
    assert first.withdrawn
    assert Link.objects.get(delivery=delivery, row=4).person_id == budi.pk


def test_a_refuted_pair_is_refuted_once(clerk):
    ani, budi = person("Ani"), person("Budi")
    Duplicate.objects.create(first=ani, second=budi, weight=1.0, probability=0.6)
    refute_duplicate(first_id=budi.pk, second_id=ani.pk, by=clerk)

    with pytest.raises(DecisionRefused):
        refute_duplicate(first_id=ani.pk, second_id=budi.pk, by=clerk)


def test_a_proposal_changes_nothing_until_somebody_else_accepts(clerk, chief):
    ani = person("Ani")
    proposal = propose_correction(
        person_id=ani.pk, field="mother_name", value="Citra", reason="akta", by=clerk
    )
    assert Person.objects.get(pk=ani.pk).mother_name == ""
    with pytest.raises(NeedsSecondPerson, match="petugas lain"):
        accept_proposal(proposal=proposal, by=clerk)

    accept_proposal(proposal=proposal, by=chief)

    changed = Person.objects.get(pk=ani.pk)
    assert changed.mother_name == "Citra"
    assert changed.origin_more["mother_name"] == ["usulan", proposal.pk]


def test_a_rejected_proposal_stays_readable(clerk, chief):
    ani = person("Ani")
    proposal = propose_correction(
        person_id=ani.pk, field="name", value="Anita", reason="KTP", by=clerk
    )

    reject_proposal(proposal=proposal, by=chief)

    assert Person.objects.get(pk=ani.pk).name == "Ani"
    assert proposed_value(proposal) == {"value": "Anita", "reason": "KTP", "before": "Ani"}


def test_a_proposal_of_an_impossible_date_is_refused(clerk):
    ani = person("Ani")

    with pytest.raises(DecisionRefused, match="tttt-bb-hh"):
        propose_correction(
            person_id=ani.pk, field="birth", value="31-31-1980", reason="x", by=clerk
        )
