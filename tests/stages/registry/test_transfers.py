"""Requests to move somebody: asked in one kelurahan, decided by another person in the other."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from entas.audit.models import Act
from entas.city.errors import NeedsSecondPerson, NotAllowed, OutsideArea
from entas.city.models import Area, Right, SingleHanded, User
from entas.city.policies import Scope
from entas.city.services.rights import Wanted, write_right
from entas.notices.models import Notice
from entas.registry import states
from entas.registry.errors import NoSuchPerson, TransferRefused
from entas.registry.models import (
    Family,
    FamilyStay,
    HouseholdStay,
    Membership,
    Person,
    TransferRequest,
)
from entas.registry.queries import transfers as queries
from entas.registry.queries.finding import find
from entas.registry.queries.history import what_happened
from entas.registry.services import (
    accept_transfer,
    refuse_transfer,
    request_transfer,
    undo_import,
    withdraw_transfer,
)
from entas.sources.models import Delivery
from journey.little_lists import Office, citizen, citizens

LEGOK, MURNI, CEMPAKA = 1571101003, 1571101002, 1571081002
DAY = dt.date(2026, 6, 10)
WORDS = {"reason": "sudah tinggal di sini", "rt": "7", "address": "JL. MELATI NO. 3"}
COORDINATOR, FRONT = Right.Role.PUSKESOS_COORDINATOR, Right.Role.FRONT_OFFICE


def within(kelurahan):
    return Scope(is_city=False, kelurahan=frozenset({kelurahan}), agencies=frozenset())


def officer(name, role, area):
    user = User.objects.create(username=name)
    wanted = Wanted(role, timezone.localdate(), area=Area.objects.get(number=area))
    write_right(user=user, by="test", wanted=wanted)
    return user


@pytest.fixture
def office(ground, tmp_path):
    """Everybody lives in Legok; people 4 to 7 are one family."""
    found = Office(tmp_path, ground)
    found.send(citizens(12))
    return found


@pytest.fixture
def citra(ground):
    return officer("citra", COORDINATOR, LEGOK)


@pytest.fixture
def dedi(ground):
    return officer("dedi", FRONT, MURNI)


def person(row):
    return Person.objects.get(origin_row=row, state=states.ACTIVE)


def ask(by, row=5, to=MURNI, *, whole_family=False, on=DAY, **words):
    return request_transfer(
        person_id=person(row).pk,
        to_kelurahan=to,
        whole_family=whole_family,
        words=WORDS | words,
        by=by,
        on=on,
    )


def test_nothing_changes_before_the_other_side_agrees(office, dedi):
    made = ask(dedi)

    assert (made.state, made.from_kelurahan, made.to_kelurahan) == ("diajukan", LEGOK, MURNI)
    assert person(5).kelurahan == LEGOK
    assert b"tinggal" not in bytes(made.body_sealed)
    assert Act.objects.get(act="registry.request_transfer").detail == {
        "from": LEGOK,
        "to": MURNI,
        "whole_family": False,
    }


def test_an_agreed_transfer_moves_the_person_and_search_finds_them_there_at_once(
    office, citra, dedi
):
    find(citizen(5)["NAMA_LGKP"])

    accept_transfer(transfer=ask(dedi), by=citra, on=DAY)

    moved = person(5)
    assert (moved.kelurahan, moved.rt) == (MURNI, 7)
    for text in (citizen(5)["NAMA_LGKP"], citizen(5)["NIK"]):
        assert [one.person.pk for one in find(text, within=within(MURNI))] == [moved.pk]
        assert moved.pk not in [one.person.pk for one in find(text, within=within(LEGOK))]


def test_one_person_who_moves_leaves_the_family_of_the_card(office, citra, dedi):
    before, others = person(5).family_id, set(Person.objects.values_list("pk", flat=True))

    accept_transfer(transfer=ask(dedi), by=citra, on=DAY)

    moved = person(5)
    assert moved.family_id != before
    assert Family.objects.get(pk=moved.family_id).kk_hash is None
    old, new = Membership.objects.filter(person=moved).order_by("from_on")
    assert (old.family_id, old.to_on) == (before, DAY)
    assert (new.family_id, new.from_on, new.to_on) == (moved.family_id, DAY, None)
    stay = FamilyStay.objects.get(family=moved.family_id)
    home = HouseholdStay.objects.get(household=stay.household_id).dwelling
    assert (home.kelurahan, home.rt, home.address) == (MURNI, 7, "JL. MELATI NO. 3")
    stayed = Person.objects.filter(pk__in=others).exclude(pk=moved.pk)
    assert set(stayed.values_list("kelurahan", flat=True)) == {LEGOK}


def test_a_whole_family_keeps_its_card_and_moves_house(office, citra, dedi):
    family = person(5).family_id
    members = set(Person.objects.filter(family=family).values_list("pk", flat=True))
    (old,) = FamilyStay.objects.filter(family=family)

    accept_transfer(transfer=ask(dedi, whole_family=True), by=citra, on=DAY)

    moved = Person.objects.filter(pk__in=members)
    assert len(members) == 4
    assert set(moved.values_list("family", "kelurahan", "rt")) == {(family, MURNI, 7)}
    old.refresh_from_db()
    assert old.to_on == DAY
    new = FamilyStay.objects.get(family=family, to_on=None)
    assert HouseholdStay.objects.get(household=new.household_id).dwelling.kelurahan == MURNI
    assert not HouseholdStay.objects.filter(household=old.household_id, to_on=None).exists()
    assert not Membership.objects.filter(person__in=members).exclude(to_on=None).exists()


def test_family_members_registered_elsewhere_stay_where_they_are(office, citra, dedi):
    Person.objects.filter(origin_row=6).update(kelurahan=CEMPAKA)

    accept_transfer(transfer=ask(dedi, whole_family=True), by=citra, on=DAY)

    assert person(6).kelurahan == CEMPAKA
    assert person(4).family_id == person(5).family_id != person(6).family_id
    assert {person(4).kelurahan, person(5).kelurahan} == {MURNI}


def test_no_later_list_moves_the_person_back(office, citra, dedi):
    accept_transfer(transfer=ask(dedi), by=citra, on=DAY)

    family = person(5).family_id

    office.send(citizens(12), "dukcapil", as_of=dt.date(2026, 6, 2))
    assert (person(5).kelurahan, person(5).rt) == (MURNI, 7)

    # Now the later list opens the person: even so it does not say where the person lives.
    undo_import(import_id=Delivery.objects.earliest("pk").pk, by=office.user, on=DAY)
    assert Person.objects.filter(state=states.ACTIVE).count() == 12
    now = Person.objects.get(pk=find(citizen(5)["NIK"])[0].person.pk)
    assert (now.kelurahan, now.rt, now.family_id) == (MURNI, 7, family)


def test_the_story_of_the_person_tells_of_the_move(office, citra, dedi):
    accept_transfer(transfer=ask(dedi), by=citra, on=DAY)

    told = [one for one in what_happened(person(5).pk) if one.act == "registry.transfer.disetujui"]
    assert told[0].changes["kelurahan"] == (LEGOK, MURNI)
    assert "citra" in told[0].actor


def test_only_an_officer_of_one_of_the_two_areas_asks(office):
    stranger = officer("eka", FRONT, CEMPAKA)
    nobody = User.objects.create(username="fitri")

    with pytest.raises(OutsideArea):
        ask(stranger)
    with pytest.raises(NotAllowed):
        ask(nobody)
    assert not TransferRequest.objects.exists()


def test_the_side_that_is_left_may_ask_and_another_of_it_decides(office, citra):
    front = officer("gita", FRONT, LEGOK)

    accept_transfer(transfer=ask(front), by=citra, on=DAY)

    assert person(5).kelurahan == MURNI


def test_only_the_side_that_is_left_decides(office, dedi):
    there = officer("hadi", COORDINATOR, MURNI)
    made = ask(dedi)

    for decide in (
        lambda: accept_transfer(transfer=made, by=there, on=DAY),
        lambda: refuse_transfer(transfer=made, by=there, reason="x"),
    ):
        with pytest.raises(OutsideArea):
            decide()
    with pytest.raises(NotAllowed):
        accept_transfer(transfer=made, by=dedi, on=DAY)
    assert person(5).kelurahan == LEGOK


def test_who_asks_does_not_decide_where_another_can(office, citra):
    officer("indah", COORDINATOR, LEGOK)
    made = ask(citra)

    with pytest.raises(NeedsSecondPerson):
        accept_transfer(transfer=made, by=citra, on=DAY)
    assert person(5).kelurahan == LEGOK


def test_where_nobody_else_can_the_decision_is_marked_single_handed(office, citra):
    made = ask(citra)

    accept_transfer(transfer=made, by=citra, on=DAY)

    made.refresh_from_db()
    marked = SingleHanded.objects.get()
    assert made.single_handed
    assert not Notice.objects.filter(words__contains="disetujui").exists()
    assert (marked.kelurahan, marked.act) == (LEGOK, "registry.transfer.disetujui")


def test_a_person_has_one_open_request(office, citra, dedi):
    made = ask(dedi)

    with pytest.raises(TransferRefused, match="sudah ada"):
        ask(dedi)
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferRequest.objects.create(
            person=made.person, to_kelurahan=1, whole_family=False, body_sealed=b"x", by="x",
            at=made.at, act_id=1,
        )  # fmt: skip

    refuse_transfer(transfer=made, by=citra, reason="belum ada surat")
    assert ask(dedi).state == states.ASKED


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_refusal_needs_a_reason_and_is_sealed(office, citra, dedi, reason):
    made = ask(dedi)

    with pytest.raises(TransferRefused, match="alasan penolakan"):
        refuse_transfer(transfer=made, by=citra, reason=reason)
    done = refuse_transfer(transfer=made, by=citra, reason="belum ada surat")

    assert b"surat" not in bytes(done.answer_sealed)
    assert queries.transfer_answer(TransferRequest.objects.get()) == "belum ada surat"
    assert person(5).kelurahan == LEGOK


def test_a_request_is_decided_once(office, citra, dedi):
    made = ask(dedi)
    accept_transfer(transfer=made, by=citra, on=DAY)

    for again in (
        lambda: accept_transfer(transfer=made, by=citra, on=DAY),
        lambda: refuse_transfer(transfer=made, by=citra, reason="x"),
        lambda: withdraw_transfer(transfer=made, by=dedi),
    ):
        with pytest.raises(TransferRefused, match="sudah diputuskan"):
            again()


def test_only_who_asked_takes_it_back(office, dedi):
    made = ask(dedi)

    with pytest.raises(TransferRefused, match="pengajunya"):
        withdraw_transfer(transfer=made, by=officer("joko", FRONT, MURNI))
    assert withdraw_transfer(transfer=made, by=dedi).state == states.CALLED_OFF


def test_whoever_was_moved_meanwhile_is_not_moved_by_an_old_request(office, citra, dedi):
    made = ask(dedi)
    Person.objects.filter(pk=made.person_id).update(kelurahan=CEMPAKA)

    with pytest.raises(TransferRefused, match="kelurahan lain"):
        accept_transfer(transfer=made, by=citra, on=DAY)
    assert TransferRequest.objects.get().state == states.ASKED


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"reason": " "}, "alasan"),
        ({"rt": "0"}, "RT"),
        ({"rt": "1000"}, "RT"),
        ({"rt": "²"}, "RT"),
        ({"rt": "-5"}, "RT"),
        ({"address": "x" * 301}, "terlalu panjang"),
        ({"reason": "x\x00"}, "tak terlihat"),
    ],
)
def test_odd_words_are_refused(office, dedi, words, why):
    with pytest.raises(TransferRefused, match=why):
        ask(dedi, **words)


def test_a_place_that_is_none_or_the_same_is_refused(office, citra, dedi):
    city = User.objects.get(username="ani")

    with pytest.raises(TransferRefused, match="tidak ada"):
        ask(city, to=1571999999)
    with pytest.raises(TransferRefused, match="sudah terdaftar"):
        ask(citra, to=LEGOK)
    Person.objects.filter(origin_row=5).update(state=states.WITHDRAWN)
    gone = Person.objects.get(origin_row=5)
    with pytest.raises(NoSuchPerson):
        request_transfer(
            person_id=gone.pk, to_kelurahan=MURNI, whole_family=False, words=WORDS, by=dedi, on=DAY
        )


def test_each_side_sees_the_request_and_nobody_else_does(office, citra, dedi):
    made = ask(dedi)
    stranger = officer("eka", COORDINATOR, CEMPAKA)

    assert list(queries.transfers_of(citra)) == list(queries.transfers_of(dedi)) == [made]
    assert list(queries.transfers_of(stranger)) == []
    assert queries.may_see_person(citra, made)
    assert not queries.may_see_person(dedi, made)


def test_the_person_changes_sides_with_the_agreement(office, citra, dedi):
    made = ask(dedi)
    accept_transfer(transfer=made, by=citra, on=DAY)
    now = TransferRequest.objects.get()

    assert queries.may_see_person(dedi, now)
    assert not queries.may_see_person(citra, now)


def test_requests_are_narrowed_by_direction_and_state(office, citra, dedi):
    made = ask(dedi)
    every = queries.transfers_of(citra)

    def narrowed(direction, state):
        return list(queries.narrowed(every, citra, direction=direction, state=state))

    assert narrowed("keluar", "") == narrowed("", "diajukan") == narrowed("apa", "apa") == [made]
    assert narrowed("masuk", "") == narrowed("", "ditolak") == []
