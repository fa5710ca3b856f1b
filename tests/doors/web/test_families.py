"""The page of a family in the browser: what it shows, to whom, and that it counts as a look."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from doors.web.world import A1, citizens_of
from entas.audit.models import Look
from entas.city.models import Right
from entas.registry import states
from entas.registry.models import Person
from entas.registry.services import accept_proposal, merge_persons, propose_correction


@pytest.fixture
def officer(world):
    return world.user(Right.Role.FRONT_OFFICE, "A1")


@pytest.fixture
def browser(world, officer):
    return world.login(Client(), officer)


def family_page(browser, person, **query):
    return browser.get(reverse("family", args=[person.family_id]), query)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_members_stand_with_home_sources_and_story(world, browser):
    person = world.person("A1", 4)

    answer = family_page(browser, person)

    shown = text(answer)
    assert answer.status_code == 200
    for member in Person.objects.filter(family=person.family_id):
        assert member.name in shown
    assert A1.street in shown
    assert "baris" in shown
    assert "Pertama kali dicatat, dari baris" in shown


@pytest.mark.parametrize("place", ["skor", "bantuan", "kasus", "penyaluran"])
def test_what_is_not_built_says_so_in_its_place(world, browser, place):
    html = family_page(browser, world.person("A1", 4)).content.decode()

    section = html.split(f'id="{place}"')[1].split("</section>")[0]
    assert "Belum tersedia di versi ini." in section


def test_no_number_of_sixteen_digits_stands_anywhere_in_the_page(world, browser, officer):
    person = world.person("A1", 4)
    row = next(row for row in citizens_of(A1) if row["NAMA_LGKP"] == person.name)
    new = row["NIK"][:-2] + "99"
    made = propose_correction(
        person_id=person.pk, field="nik", value=new, reason=f"KTP {new}", by=officer
    )
    accept_proposal(proposal=made, by=world.user(Right.Role.DATA_STEWARD, "city"))

    html = family_page(browser, person).content.decode()

    assert not re.search(r"\d{16}", html)
    assert "•" * 14 + "99" in html
    assert "•" * 14 + row["NIK"][-2:] in html


def test_every_shown_person_is_looked_at_once(world, browser, officer):
    person = world.person("A1", 4)
    before = Look.objects.count()

    family_page(browser, person)

    looks = Look.objects.order_by("position")[before:]
    members = Person.objects.filter(family=person.family_id, state=states.ACTIVE)
    assert {one.person for one in looks} >= set(members.values_list("pk", flat=True))
    assert {one.purpose for one in looks} == {"halaman keluarga"}
    assert len({one.person for one in looks}) == len(looks)


def test_of_a_member_elsewhere_the_page_tells_the_kelurahan_alone(world, browser):
    person = world.person("A1")
    stranger = Person.objects.get(family=person.family_id, kelurahan__gt=0, role="lain")

    html = family_page(browser, person).content.decode()

    assert "Satu anggota terdaftar di kelurahan Cempaka Putih." in html
    assert stranger.name not in html
    assert f"warga-{stranger.pk}" not in html
    assert not Look.objects.filter(person=stranger.pk, purpose="halaman keluarga").exists()


@pytest.mark.parametrize("page", ["family", "person"])
def test_elsewhere_and_nowhere_are_answered_alike(world, browser, page):
    elsewhere = world.person("B1", 8)
    number = elsewhere.family_id if page == "family" else elsewhere.pk

    for asked in (number, 999_999_999):
        assert browser.get(reverse(page, args=[asked])).status_code == 404


def test_a_person_is_shown_within_the_family(world, browser):
    person = world.person("A1", 5)

    answer = browser.get(reverse("person", args=[person.pk]))

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('family', args=[person.family_id])}#warga-{person.pk}"


def test_a_merged_person_leads_to_who_lives_on(world, browser):
    gone = Person.objects.get(state=states.MERGED)

    answer = browser.get(reverse("person", args=[gone.pk]))

    assert answer["Location"].endswith(f"#warga-{gone.merged_into_id}")


def test_a_merged_person_who_lives_on_elsewhere_is_nowhere(world, browser):
    stays, gone = world.person("B1", 9), world.person("A1", 9)
    merge_persons(
        kept_id=stays.pk, absorbed_id=gone.pk, reason="x", by=world.ani, in_spite_of_niks=True
    )

    assert browser.get(reverse("person", args=[gone.pk])).status_code == 404


def test_a_withdrawn_person_can_be_read_and_the_page_says_it(world, browser):
    person = world.person("A1", 6)
    Person.objects.filter(pk=person.pk).update(state=states.WITHDRAWN)

    answer = browser.get(reverse("person", args=[person.pk]))

    assert answer.status_code == 200
    assert "Data warga ini sudah ditarik" in text(answer)
    assert "Usulkan koreksi" not in text(answer)


def test_a_person_without_a_family_has_a_page(world, browser):
    person = world.person("A1", 6)
    Person.objects.filter(pk=person.pk).update(family=None)

    answer = browser.get(reverse("person", args=[person.pk]))

    assert answer.status_code == 200
    assert person.name in text(answer)
    assert "belum tercatat dalam keluarga mana pun" in text(answer)


def test_a_correction_is_told_before_and_after_with_names(world, browser, officer):
    person = world.person("A1", 5)
    made = propose_correction(
        person_id=person.pk, field="birth_place", value="KERINCI", reason="akta", by=officer
    )
    assert "Yang menunggu keputusan" in text(family_page(browser, person))
    steward = world.user(Right.Role.DATA_STEWARD, "city")

    accept_proposal(proposal=made, by=steward)

    html = family_page(browser, person).content.decode()
    assert "<del>JAMBI</del> → <ins>KERINCI</ins>" in html
    assert f"diusulkan {officer.get_full_name()}" in text(family_page(browser, person))
    assert steward.get_full_name() in html


def test_a_reason_typed_with_a_number_is_masked_in_the_story(world, browser):
    kept, gone = world.person("A1", 5), world.person("A1", 6)
    row = citizens_of(A1)[0]
    merge_persons(
        kept_id=kept.pk,
        absorbed_id=gone.pk,
        reason=f"NIK {row['NIK']} sama",
        by=world.ani,
        in_spite_of_niks=True,
    )

    html = family_page(browser, kept).content.decode()

    assert "digabung ke orang ini" in html
    assert row["NIK"] not in html


def test_a_long_story_is_told_in_parts(world, browser, officer):
    person = world.person("A1", 5)
    for number in range(30):
        propose_correction(
            person_id=person.pk, field="name", value=f"NAMA {number}", reason="x", by=officer
        )

    first = family_page(browser, person).content.decode()
    more = family_page(browser, person, riwayat=60).content.decode()

    assert first.count("Koreksi diusulkan: Nama.") == 20
    assert "Lebih banyak" in first
    assert more.count("Koreksi diusulkan: Nama.") == 30


@pytest.mark.parametrize("asked", ["-1", "x", "99999999", "٣", ""])
def test_an_odd_length_of_the_story_is_the_usual_one(world, browser, asked):
    assert family_page(browser, world.person("A1", 4), riwayat=asked).status_code == 200


def test_who_may_only_look_is_offered_no_correction(world):
    person = world.person("A1", 4)
    auditor = world.login(Client(), world.user(Right.Role.AUDITOR, "city"))

    html = family_page(auditor, person).content.decode()

    assert person.name in html
    assert "koreksi/" not in html


def test_a_family_page_asks_at_most_forty_questions(world, browser):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    person = world.person("A1", 4)
    family_page(browser, person)
    asked = 0
    for alias in connections:
        with CaptureQueriesContext(connections[alias]) as queries:
            answer = family_page(browser, person)
        asked += len(queries)

    assert asked <= 40
    assert len(answer.content) < 300_000


def test_a_request_to_move_waits_beside_its_person(world, browser):
    from entas.registry.services import request_transfer

    person = world.person("A1", 5)
    request_transfer(
        person_id=person.pk,
        to_kelurahan=world.person("B1").kelurahan,
        whole_family=False,
        words={"reason": "sudah pindah rumah", "rt": "", "address": ""},
        by=world.user(Right.Role.FRONT_OFFICE, "B1"),
        on=dt.date(2026, 6, 10),
    )

    html = family_page(browser, person).content.decode()

    assert f"Permohonan pindah {person.name} ke kelurahan Cempaka Putih" in html
    assert "permohonan pindah menunggu" in html
