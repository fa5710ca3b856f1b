"""A number in full: with a reason, written down, once; and nowhere else."""

import pytest

from doors.web.trail_cast import (
    HERE,
    KK,
    NIK,
    OTHER_NIK,
    THERE,
    WHY,
    browser_of,
    card,
    citizen,
    officer,
    plain_storage,
    text_of,
)
from entas.audit.models import Act, Look

HTMX = {"hx-request": "true"}


@pytest.fixture
def here(ground, settings):
    plain_storage(settings)
    return browser_of(officer("siti", "front_office"))


def nik_of(person):
    return f"/warga/{person.pk}/nik/"


def test_a_nik_is_shown_in_full_to_who_gives_a_reason(here):
    person = citizen()

    answer = here.post(nik_of(person), WHY)

    assert answer.status_code == 200
    assert NIK in text_of(answer)
    assert answer["Cache-Control"] == "no-store"


def test_htmx_gets_the_part_of_the_page_only(here):
    answer = here.post(nik_of(citizen()), WHY, headers=HTMX)

    assert NIK in text_of(answer)
    assert "<html" not in text_of(answer)


def test_the_act_and_the_look_say_who_why_and_which_number(here):
    person = citizen()

    here.post(nik_of(person), WHY)

    act = Act.objects.get(act="registry.reveal")
    assert (act.object_type, act.object_id) == ("person", str(person.pk))
    assert act.detail == {"field": "nik", "purpose": "layanan"}
    seen = Look.objects.get()
    assert (seen.person, seen.where) == (person.pk, "web reveal_nik")
    assert seen.purpose == "layanan: warga datang ke loket"


def test_asking_by_address_alone_shows_nothing(here):
    answer = here.get(nik_of(citizen()))

    assert answer.status_code == 405
    assert not Look.objects.exists()


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({"purpose": "layanan", "reason": "perlu"}, "paling sedikit 10"),
        ({"purpose": "layanan", "reason": "1234567890 !!"}, "paling sedikit 10"),
        ({"purpose": "", "reason": "warga datang ke loket"}, "Pilih tujuan"),
        ({"purpose": "iseng", "reason": "warga datang ke loket"}, "Pilih tujuan"),
        ({"purpose": "layanan", "reason": "warga datang " * 20}, "paling panjang"),
        ({}, "Pilih tujuan"),
    ],
)
def test_without_purpose_or_reason_nothing_is_shown_or_written(here, typed, word):
    answer = here.post(nik_of(citizen()), typed)

    assert answer.status_code == 422
    assert word in text_of(answer)
    assert NIK not in text_of(answer)
    assert not Act.objects.filter(act="registry.reveal").exists()
    assert not Look.objects.exists()


@pytest.mark.parametrize("number", [OTHER_NIK, "1571 8114 1090 0002", "157181.141090.0002"])
def test_a_reason_that_names_a_nik_is_refused_and_not_repeated(here, number):
    answer = here.post(nik_of(citizen()), WHY | {"reason": f"mencari warga dengan {number}"})

    assert answer.status_code == 422
    assert "tidak boleh memuat NIK" in text_of(answer)
    assert number not in text_of(answer)


def test_what_was_typed_stays_when_it_does_not_suffice(here):
    answer = here.post(nik_of(citizen()), WHY | {"purpose": ""}, headers=HTMX)

    assert 'value="warga datang ke loket"' in text_of(answer)
    assert "<details open" in text_of(answer)


def test_a_person_elsewhere_is_as_unknown_as_one_that_does_not_exist(here):
    elsewhere = citizen(kelurahan=THERE)

    there = here.post(nik_of(elsewhere), WHY)
    nobody = here.post("/warga/99999/nik/", WHY)

    assert there.status_code == nobody.status_code == 404
    assert not Look.objects.exists()


def test_who_may_only_look_may_not_reveal(ground, settings):
    plain_storage(settings)
    client = browser_of(officer("adi", "facilitator"))

    assert client.post(nik_of(citizen()), WHY).status_code == 403


def test_a_person_without_nik_has_none_to_show(here):
    person = citizen()
    person.nik_sealed = None
    person.save()

    answer = here.post(nik_of(person), WHY)

    assert answer.status_code == 422
    assert "belum tercatat" in text_of(answer)


def test_a_person_that_was_withdrawn_is_not_shown(here):
    person = citizen()
    person.state = "ditarik"
    person.save()

    assert here.post(nik_of(person), WHY).status_code == 404


def test_after_as_many_numbers_as_an_hour_allows_the_next_is_refused_and_noted(here, settings):
    settings.ENTAS_REVEALS_AN_HOUR = 2
    person = citizen()
    first = [here.post(nik_of(person), WHY).status_code for _ in range(2)]

    answer = here.post(nik_of(person), WHY, headers=HTMX)

    assert first == [200, 200]
    assert answer.status_code == 429
    assert "2 nomor dalam satu jam" in text_of(answer)
    assert NIK not in text_of(answer)
    assert Act.objects.filter(act="registry.reveal").count() == 2
    assert Act.objects.get(act="registry.reveal.refused").detail["limit"] == 2
    assert Look.objects.count() == 2


def test_the_hour_counts_for_each_officer_alone(here, settings):
    settings.ENTAS_REVEALS_AN_HOUR = 1
    person = citizen()
    here.post(nik_of(person), WHY)

    other = browser_of(officer("rina", "front_office"))

    assert other.post(nik_of(person), WHY).status_code == 200


def test_a_kk_is_shown_and_everybody_on_the_card_counts_as_seen(here):
    family = card()
    members = {citizen(family=family).pk, citizen("BUDI", OTHER_NIK, family=family).pk}

    answer = here.post(f"/keluarga/{family.pk}/kk/", WHY)

    assert KK in text_of(answer)
    assert set(Look.objects.values_list("person", flat=True)) == members
    assert Act.objects.get(act="registry.reveal").object_type == "family"


def test_a_card_is_reached_where_one_of_its_members_lives(here):
    family = card()
    citizen(family=family, kelurahan=THERE)

    assert here.post(f"/keluarga/{family.pk}/kk/", WHY).status_code == 404

    citizen("BUDI", OTHER_NIK, kelurahan=HERE, family=family)

    assert here.post(f"/keluarga/{family.pk}/kk/", WHY).status_code == 200


def test_a_card_without_members_is_nobodys(here):
    assert here.post(f"/keluarga/{card().pk}/kk/", WHY).status_code == 404


def test_a_form_of_another_page_is_refused(ground, settings):
    plain_storage(settings)
    client = browser_of(officer("siti", "front_office"))
    client.handler.enforce_csrf_checks = True

    answer = client.post(nik_of(citizen()), WHY)

    assert answer.status_code == 403
    assert NIK not in text_of(answer)
