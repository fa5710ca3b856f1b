"""Corrections in the browser: typed once, told of others' changes, decided by a second person."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from doors.web.world import A1, citizens_of
from entas.city.models import Right
from entas.locks import run_lock
from entas.registry import states
from entas.registry.models import Person, Proposal
from entas.registry.services import propose_correction, propose_corrections
from entas.registry.services.proposals import answer_of, proposed_value
from entas.web.models import Draft
from journey.little_lists import nik

ROLE = Right.Role


@pytest.fixture
def person(world):
    return world.person("A1", 5)


@pytest.fixture
def officer(world):
    return world.user(ROLE.FRONT_OFFICE, "A1")


@pytest.fixture
def colleague(world):
    return world.user(ROLE.BACK_OFFICE, "A1")


@pytest.fixture
def coordinator(world):
    return world.user(ROLE.PUSKESOS_COORDINATOR, "A1")


def browser_of(world, user):
    return world.login(Client(), user)


def form_of(answer):
    """What the page's form would send back untouched."""
    html = answer.content.decode().split("form_ticket", 1)[-1].split("</form>")[0]
    html = 'name="form_ticket' + html
    hidden = dict(re.findall(r'name="(form_ticket|seen|nik_kept)" value="([^"]*)"', html))
    return {name: value.replace("&quot;", '"') for name, value in hidden.items()}


def opened(browser, person):
    answer = browser.get(reverse("correct", args=[person.pk]))
    assert answer.status_code == 200
    return form_of(answer)


def send(browser, person, form, **typed):
    return browser.post(reverse("correct", args=[person.pk]), {**form, "reason": "akta", **typed})


def errors(answer):
    return re.findall(r'class="field-error"[^>]*>([^<]*)<', answer.content.decode())


def made():
    return Proposal.objects.order_by("pk").last()


def number_of(person):
    return next(row["NIK"] for row in citizens_of(A1) if row["NAMA_LGKP"] == person.name)


# --- proposing --------------------------------------------------------------------------------


def test_the_form_shows_what_stands_beside_each_field_and_no_number(world, officer, person):
    html = browser_of(world, officer).get(reverse("correct", args=[person.pk])).content.decode()

    assert person.name in html
    assert person.mother_name in html
    assert "•" * 14 + number_of(person)[-2:] in html
    assert not re.search(r"\d{16}", html)


def test_several_fields_are_proposed_with_one_form(world, officer, person):
    browser = browser_of(world, officer)

    answer = send(
        browser, person, opened(browser, person),
        birth="31-12-1980", role="lain", evidence="KTP asli",
    )  # fmt: skip

    assert answer.status_code == 302
    proposals = Proposal.objects.filter(person=person, act_id=made().act_id).order_by("pk")
    assert [one.field for one in proposals] == ["birth", "role"]
    assert proposed_value(proposals[0])["value"] == "1980-12-31"
    assert proposed_value(proposals[0])["evidence"] == "KTP asli"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"birth": "31-02-1980"}, "tidak ada di kalender"),
        ({"birth": "kemarin"}, "hh-bb-tttt"),
        ({"birth": "01-01-2090"}, "setelah hari ini"),
        ({"rt": "seribu"}, "RT ditulis sebagai angka"),
        ({"nik": "12345"}, "NIK yang diusulkan tidak dapat dipakai"),
        ({"reason": " ", "name": "CITRA"}, "Tulis mengapa"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(
    world, officer, person, typed, why
):
    browser = browser_of(world, officer)
    before = Proposal.objects.count()

    answer = send(browser, person, opened(browser, person), birth_place="KERINCI", **typed)

    assert answer.status_code == 422
    assert any(why in one for one in errors(answer)), errors(answer)
    assert 'value="KERINCI"' in answer.content.decode()
    assert Proposal.objects.count() == before


def test_a_form_without_any_change_says_what_it_needs(world, officer, person):
    browser = browser_of(world, officer)

    answer = send(browser, person, opened(browser, person))

    assert answer.status_code == 422
    assert "Usulan perlu bidang" in answer.content.decode()


def test_a_typed_number_is_never_written_into_a_page_and_is_not_lost(world, officer, person):
    browser = browser_of(world, officer)
    new = number_of(person)[:-2] + "98"
    refused = send(browser, person, opened(browser, person), nik=new, reason="")
    assert not re.search(r"\d{16}", refused.content.decode())
    assert "•" * 14 + "98" in refused.content.decode()

    answer = send(browser, person, form_of(refused))

    assert answer.status_code == 302
    assert proposed_value(made())["value"] == new


def test_a_typed_number_can_be_dropped(world, officer, person):
    browser = browser_of(world, officer)
    refused = send(browser, person, opened(browser, person), nik="12345", rt="8")

    send(browser, person, form_of(refused), rt="8", nik_forget="1")

    assert made().field == "rt"


def test_a_forged_kept_number_is_no_number(world, officer, person):
    browser = browser_of(world, officer)

    answer = send(browser, person, opened(browser, person), nik_kept="AAAA!", rt="8")

    assert answer.status_code == 302
    assert made().field == "rt"


def test_what_is_typed_is_kept_and_offered_again(world, officer, person):
    browser = browser_of(world, officer)
    form = opened(browser, person)
    new = number_of(person)[:-2] + "98"
    typed = {**form, "name": "CITRA DEWI", "nik": new, "reason": "belum selesai"}
    assert browser.post(f"/konsep/{form['form_ticket']}/", typed).status_code == 204

    again = browser_of(world, officer).get(reverse("correct", args=[person.pk]))

    html = again.content.decode()
    assert 'value="CITRA DEWI"' in html
    assert "belum selesai" in html
    assert "•" * 14 + "98" in html
    assert new not in html
    assert form_of(again)["form_ticket"] == form["form_ticket"]


def test_the_same_form_is_sent_once(world, officer, person):
    browser = browser_of(world, officer)
    form = opened(browser, person)
    send(browser, person, form, rt="8")
    before = Proposal.objects.count()

    again = send(browser, person, form, rt="9")

    assert again.status_code == 422
    assert "sudah pernah dikirim" in again.content.decode()
    assert Proposal.objects.count() == before


def test_a_draft_of_another_person_cannot_be_sent(world, officer, colleague, person):
    form = opened(browser_of(world, colleague), person)

    answer = send(browser_of(world, officer), person, form, rt="8")

    assert answer.status_code == 422
    assert not Draft.objects.get(pk=form["form_ticket"]).is_sent


@pytest.mark.parametrize("at", ["elsewhere", "nowhere", "merged"])
def test_nobody_corrects_who_is_not_active_in_the_area(world, officer, at):
    number = {
        "elsewhere": world.person("B1", 5).pk,
        "nowhere": 999_999_999,
        "merged": Person.objects.get(state=states.MERGED).pk,
    }[at]

    assert browser_of(world, officer).get(reverse("correct", args=[number])).status_code == 404


def test_who_was_filling_in_a_form_is_told_that_the_person_was_withdrawn(world, officer, person):
    browser = browser_of(world, officer)
    form = opened(browser, person)
    Person.objects.filter(pk=person.pk).update(state=states.WITHDRAWN)

    answer = send(browser, person, form, rt="8")

    assert answer.status_code == 422
    assert "tidak aktif lagi" in answer.content.decode()


# --- two officers, one family -----------------------------------------------------------------


def test_the_second_officer_is_told_what_the_first_did_and_loses_nothing(
    world, officer, colleague, person
):
    first, second = browser_of(world, officer), browser_of(world, colleague)
    mine, theirs = opened(first, person), opened(second, person)
    assert send(first, person, mine, mother_name="ROHANI").status_code == 302

    told = send(second, person, theirs, mother_name="ROHAYA", birth_place="KERINCI")

    html = told.content.decode()
    assert told.status_code == 409
    assert f"diusulkan oleh {officer.get_full_name()}" in html
    assert 'value="ROHAYA"' in html
    assert 'value="KERINCI"' in html
    assert Proposal.objects.filter(person=person).count() == 1

    again = send(second, person, form_of(told), mother_name="ROHAYA", birth_place="KERINCI")

    assert again.status_code == 302
    assert Proposal.objects.filter(person=person, state=states.PROPOSED).count() == 3


def test_a_decision_made_meanwhile_stands_before_and_after_beside_its_field(
    world, officer, colleague, coordinator, person
):
    made_before = propose_correction(
        person_id=person.pk, field="birth_place", value="KERINCI", reason="x", by=colleague
    )
    browser = browser_of(world, officer)
    form = opened(browser, person)
    decide(browser_of(world, coordinator), made_before, act="accept")

    html = send(browser, person, form, birth_place="BUNGO").content.decode()

    assert f"Diubah oleh {coordinator.get_full_name()}" in html
    assert "<del>JAMBI</del> → <ins>KERINCI</ins>" in html


def test_what_a_relative_was_proposed_meanwhile_is_told_on_top(world, officer, colleague, person):
    relative = world.person("A1", 4)
    browser = browser_of(world, officer)
    form = opened(browser, person)
    propose_correction(person_id=relative.pk, field="name", value="CITRA", reason="x", by=colleague)

    answer = send(browser, person, form, rt="8")

    assert answer.status_code == 409
    assert f"{relative.name}: Koreksi Nama diusulkan" in answer.content.decode()


def test_a_draft_that_is_taken_up_again_tells_what_changed_since(world, officer, colleague, person):
    browser = browser_of(world, officer)
    form = opened(browser, person)
    browser.post(f"/konsep/{form['form_ticket']}/", {**form, "rt": "8", "reason": "x"})
    propose_correction(person_id=person.pk, field="rt", value="9", reason="x", by=colleague)

    html = browser.get(reverse("correct", args=[person.pk])).content.decode()

    assert f"diusulkan oleh {colleague.get_full_name()}" in html
    assert 'value="8"' in html


# --- the list ---------------------------------------------------------------------------------


def test_the_list_holds_what_waits_in_ones_area(world, officer):
    html = browser_of(world, officer).get(reverse("requests")).content.decode()

    ours = {one.person.name for one in Proposal.objects.filter(person__kelurahan=A1.number)}
    others = {one.person.name for one in Proposal.objects.exclude(person__kelurahan=A1.number)}
    assert all(name in html for name in ours)
    assert not any(name in html for name in others)
    assert f"{len(ours)} menunggu keputusan di wilayah Anda" in html
    assert "Cempaka Putih" not in html


def test_filters_narrow_the_list_and_can_be_taken_off(world, officer, colleague, person):
    propose_correction(person_id=person.pk, field="name", value="CITRA", reason="x", by=colleague)
    browser = browser_of(world, colleague)

    mine = browser.get(reverse("requests"), {"mine": "on", "kelurahan": A1.number})

    html = mine.content.decode()
    assert person.name in html
    assert html.count("<tr>") == 2
    assert "usulan saya" in html
    assert "mine=" not in re.search(r'href="\?([^"]*)">usulan saya', html)[1]


def test_a_kelurahan_of_others_is_no_filter(world, officer):
    elsewhere = world.person("B1").kelurahan

    answer = browser_of(world, officer).get(reverse("requests"), {"kelurahan": elsewhere})

    assert answer.status_code == 200
    assert world.person("B1", 1).name not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["sort=x", "sort=-body_sealed", "page=0", "page=x", "page=9999999", "state=x"]
)
def test_an_odd_address_of_the_list_is_answered(world, officer, query):
    answer = browser_of(world, officer).get(reverse("requests") + "?" + query)

    assert answer.status_code == 200


def test_an_empty_list_says_what_to_do(world, officer):
    html = browser_of(world, officer).get(reverse("requests"), {"state": "ditolak"})

    assert "Hapus saringannya" in html.content.decode()


# --- deciding ---------------------------------------------------------------------------------


def decide(browser, proposal, **typed):
    address = reverse("proposal", args=[proposal.pk])
    form = form_of(browser.get(address))
    return browser.post(address, {**form, **typed})


@pytest.fixture
def waiting(officer, person):
    return propose_correction(
        person_id=person.pk, field="birth_place", value="KERINCI", reason="akta", by=officer
    )


def test_a_number_in_the_words_of_a_proposal_is_shown_to_nobody(
    world, coordinator, officer, person
):
    number = nik(77)
    (made,) = propose_corrections(
        person_id=person.pk,
        values={"birth_place": "KERINCI"},
        reason=f"KTP {number}",
        evidence=f"KK {number}",
        by=officer,
    )

    html = browser_of(world, coordinator).get(reverse("proposal", args=[made.pk])).content.decode()

    assert "KTP ••" in html
    assert "KK ••" in html
    assert number not in html


def test_before_and_after_stand_side_by_side(world, coordinator, waiting, officer):
    html = browser_of(world, coordinator).get(reverse("proposal", args=[waiting.pk]))

    for words in ("JAMBI", "KERINCI", "akta", officer.get_full_name(), "Terima", "Tolak"):
        assert words in html.content.decode()


def test_who_proposed_sees_why_somebody_else_decides_and_may_take_it_back(world, officer, waiting):
    browser = browser_of(world, officer)
    html = browser.get(reverse("proposal", args=[waiting.pk])).content.decode()
    assert "Yang memutuskan adalah koordinator" in html
    assert ">Terima<" not in html

    assert decide(browser, waiting, act="withdraw").status_code == 302

    waiting.refresh_from_db()
    assert waiting.state == states.TAKEN_BACK


def test_a_coordinator_sees_that_own_proposals_wait_for_another(world, coordinator, person):
    own = propose_correction(
        person_id=person.pk, field="birth_place", value="KERINCI", reason="x", by=coordinator
    )
    browser = browser_of(world, coordinator)

    html = browser.get(reverse("proposal", args=[own.pk])).content.decode()
    refused = decide(browser, own, act="accept")

    assert "Anda pengusulnya." in html
    assert refused.status_code == 422
    assert Proposal.objects.get(pk=own.pk).state == states.PROPOSED


def test_a_refusal_needs_a_reason_that_the_proposer_reads(world, coordinator, officer, waiting):
    browser = browser_of(world, coordinator)
    refused = decide(browser, waiting, act="reject", reason=" ")
    assert refused.status_code == 422
    assert errors(refused) == ["Tulis alasan penolakan; pengusul akan membacanya."]

    assert decide(browser, waiting, act="reject", reason="akta tidak cocok").status_code == 302

    waiting.refresh_from_db()
    assert answer_of(waiting) == "akta tidak cocok"
    html = browser_of(world, officer).get(reverse("proposal", args=[waiting.pk]))
    assert "akta tidak cocok" in html.content.decode()


def test_a_decision_is_sent_once(world, coordinator, waiting):
    browser = browser_of(world, coordinator)
    address = reverse("proposal", args=[waiting.pk])
    form = form_of(browser.get(address)) | {"act": "accept", "reason": ""}
    assert browser.post(address, form).status_code == 302

    again = browser.post(address, form)

    assert again.status_code == 422
    assert "sudah pernah dikirim" in again.content.decode()


def test_the_second_of_two_deciders_is_told(world, coordinator, waiting):
    other = browser_of(world, world.user(ROLE.SUPERVISOR, "kecamatan-A"))
    address = reverse("proposal", args=[waiting.pk])
    form = form_of(other.get(address)) | {"act": "reject", "reason": "saya ragu"}
    decide(browser_of(world, coordinator), waiting, act="accept")

    answer = other.post(address, form)

    assert answer.status_code == 422
    html = answer.content.decode()
    assert f"Usulan nomor {waiting.pk} sudah diputuskan." in html
    assert coordinator.get_full_name() in html


def test_while_the_registry_is_busy_the_decision_is_kept_and_tried_again(
    world, coordinator, waiting, monkeypatch
):
    monkeypatch.setattr("entas.registry.services.runs._PATIENCE_SECONDS", 0.0)
    browser = browser_of(world, coordinator)
    with run_lock("registry"):
        busy = decide(browser, waiting, act="accept", reason="sudah diperiksa")
    html = busy.content.decode()
    assert busy.status_code == 409
    assert "Perintah lain sedang berjalan" in html
    assert "sudah diperiksa" in html

    again = browser.post(reverse("proposal", args=[waiting.pk]), {**form_of(busy), "act": "accept"})

    assert again.status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == states.ACCEPTED


def test_a_value_that_changed_since_it_was_proposed_is_pointed_out(world, coordinator, waiting):
    Person.objects.filter(pk=waiting.person_id).update(birth_place="BUNGO")

    html = browser_of(world, coordinator).get(reverse("proposal", args=[waiting.pk]))

    assert "sudah berubah sejak koreksi ini diusulkan" in html.content.decode()


def test_a_proposed_number_is_shown_masked(world, coordinator, officer, person):
    new = number_of(person)[:-2] + "97"
    one = propose_correction(person_id=person.pk, field="nik", value=new, reason="KTP", by=officer)

    html = browser_of(world, coordinator).get(reverse("proposal", args=[one.pk])).content.decode()

    assert "•" * 14 + "97" in html
    assert not re.search(r"\d{16}", html)


def test_after_one_field_of_a_form_the_next_one_is_shown(world, coordinator, officer, person):
    browser = browser_of(world, officer)
    send(browser, person, opened(browser, person), rt="8", birth_place="KERINCI")
    first, second = Proposal.objects.filter(act_id=made().act_id).order_by("pk")

    answer = decide(browser_of(world, coordinator), first, act="accept")

    assert answer["Location"] == reverse("proposal", args=[second.pk])
