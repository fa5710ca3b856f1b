"""Who did what and who looked at whom, told to those whose office it is."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from doors.web.trail_cast import (
    HERE,
    NIK,
    THERE,
    WHY,
    browser_of,
    citizen,
    officer,
    plain_storage,
    text_of,
)
from entas.audit.models import Act, Look
from entas.audit.services import look, record
from entas.city.models import SingleHanded, User
from entas.city.services import mark_single_handed
from entas.jobs.models import Job
from entas.web.drafts import FIELD


@pytest.fixture
def dpo(ground, settings):
    plain_storage(settings)
    return officer("dewi", "data_protection_officer", area=None)


@pytest.fixture
def client(dpo):
    return browser_of(dpo)


def shown(text):
    """Numbers of the acts or looks in the table, as they stand."""
    return [int(n) for n in re.findall(r'jejak/tindakan/(\d+)/">', text)]


# --- acts -----------------------------------------------------------------------------------


def test_acts_are_told_in_words_the_newest_first(client, ground):
    record(ground, "registry.reveal", object_type="person", object_id=3, detail={"field": "nik"})

    text = text_of(client.get("/jejak/"))

    assert "Membuka nomor lengkap" in text
    assert "warga 3" in text
    assert "isian: NIK" in text
    assert shown(text) == sorted(shown(text), reverse=True)
    assert shown(text)[0] == Act.objects.order_by("position").last().pk


def test_a_page_holds_fifty_acts_and_leads_to_the_older_ones(client, ground):
    last = [record(ground, "test.act") for _ in range(60)][-1].pk

    first = text_of(client.get("/jejak/?act="))
    older = re.search(r'href="(\?[^"]*before=\d+)"', first)[1].replace("&amp;", "&")
    second = text_of(client.get(f"/jejak/{older}"))

    assert shown(first) == list(range(last, last - 50, -1))
    assert shown(second)[0] == last - 50
    assert "Terbaru" in second


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("act=city.initialise", {"city.initialise"}),
        ("kind=person&number=3", {"registry.propose"}),
        ("since=2999-01-01", set()),
        ("until=2001-01-01", set()),
    ],
)
def test_filters_leave_what_they_say(client, ground, query, expected):
    record(ground, "registry.propose", object_type="person", object_id=3)

    numbers = shown(text_of(client.get(f"/jejak/?{query}")))

    assert set(Act.objects.filter(pk__in=numbers).values_list("act", flat=True)) == expected


def test_a_period_holds_its_first_and_its_last_day(client, ground):
    today = f"{timezone.localdate():%Y-%m-%d}"

    numbers = shown(text_of(client.get(f"/jejak/?since={today}&until={today}")))

    assert len(numbers) == Act.objects.count()


def test_an_actor_is_found_by_number(client, dpo, ground):
    record(dpo, "registry.propose", object_type="person", object_id=3)

    numbers = shown(text_of(client.get(f"/jejak/?by={dpo.pk}")))

    assert len(numbers) == 1


@pytest.mark.parametrize(
    "query",
    [
        "by=x",
        "by=99999",
        "since=kemarin",
        "since=0001-01-01",
        "until=0001-01-01",
        "until=9999-12-31",
        "act=x",
        "number=-1&kind=person",
        "before=x",
    ],
)
def test_odd_filters_are_said_to_be_odd_and_break_nothing(client, query):
    assert client.get(f"/jejak/?{query}").status_code == 200


def test_each_filter_can_be_taken_off(client):
    text = text_of(client.get("/jejak/?act=city.initialise&since=2020-01-01"))

    assert 'href="?since=2020-01-01"' in text
    assert 'href="?act=city.initialise"' in text


def test_an_empty_list_says_what_to_do(client):
    assert "Hapus salah satu saringan" in text_of(client.get("/jejak/?since=2999-01-01"))


def test_persons_that_acts_tell_of_count_as_seen(client, ground, dpo):
    record(ground, "registry.propose", object_type="person", object_id=3)

    client.get("/jejak/")

    seen = Look.objects.get()
    assert (seen.person, seen.where, seen.actor) == (3, "web acts", f"user:{dpo.pk}:dewi")


def test_one_act_shows_its_hashes_and_its_neighbours(client, ground):
    # PostgreSQL leaves gaps between numbers where something was rolled back.
    before = record(ground, "test.before")
    act = record(ground, "registry.propose", object_type="person", object_id=3)
    behind = record(ground, "test.next")

    text = text_of(client.get(f"/jejak/tindakan/{act.pk}/"))

    assert act.hash in text
    assert act.prev_hash in text
    assert f"/jejak/tindakan/{before.pk}/" in text
    assert f"/jejak/tindakan/{behind.pk}/" in text
    assert Look.objects.get().where == "web act"


def test_an_act_that_does_not_exist_is_not_found(client):
    assert client.get("/jejak/tindakan/99999/").status_code == 404


def test_the_list_of_acts_asks_little_of_the_database(
    client, ground, django_assert_max_num_queries
):
    for number in range(60):
        record(ground, "registry.propose", object_type="person", object_id=number + 1)
    client.get("/jejak/")

    with django_assert_max_num_queries(40):
        client.get("/jejak/?act=registry.propose&since=2020-01-01")


@pytest.mark.parametrize("address", ["/jejak/", "/jejak/penglihatan/", "/jejak/periksa/"])
@pytest.mark.parametrize(
    ("role", "area"), [("front_office", HERE), ("data_steward", None), ("leader", None)]
)
def test_the_trail_is_not_for_everybody(ground, settings, address, role, area):
    plain_storage(settings)
    client = browser_of(officer("siti", role, area))

    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/jejak/", "/jejak/penglihatan/"])
def test_whose_right_holds_in_one_kelurahan_only_sees_no_entry_of_the_city(
    ground, settings, address
):
    plain_storage(settings)
    look(ground, [7], purpose="aduan", where="web cari")
    client = browser_of(officer("eka", "auditor", area=HERE))

    text = text_of(client.get(address))

    assert "sebagian wilayah" in text
    assert shown(text) == []
    assert "/warga/7/dilihat/" not in text
    act = Act.objects.order_by("pk").first()
    assert client.get(f"/jejak/tindakan/{act.pk}/").status_code == 404


def test_the_number_in_the_first_line_of_a_file_leads_to_its_act(client, ground):
    position = record(ground, "registry.export").position

    assert len(shown(text_of(client.get(f"/jejak/?position={position}")))) == 1


# --- looks ----------------------------------------------------------------------------------


def test_looks_show_who_why_and_where_and_a_person_by_number_only(client, ground):
    person = citizen("CITRA DEWI")
    look(ground, [person.pk], purpose="layanan: warga datang", where="web cari")

    text = text_of(client.get("/jejak/penglihatan/"))

    assert "halaman pencarian" in text
    assert "warga datang" in text
    assert f"/warga/{person.pk}/dilihat/" in text
    assert "CITRA" not in text


def test_reading_looks_is_a_look_but_does_not_crowd_the_list(client, ground, dpo):
    look(ground, [7], purpose="aduan", where="web cari")

    client.get("/jejak/penglihatan/")
    second = text_of(client.get("/jejak/penglihatan/"))

    assert Look.objects.filter(where="web looks", person=7, actor__endswith=":dewi").count() == 2
    assert "halaman jejak penglihatan" not in second
    assert "halaman jejak penglihatan" in text_of(client.get("/jejak/penglihatan/?trail=on"))


def test_looks_of_one_officer_in_one_period(client, ground, dpo):
    look(ground, [7], purpose="aduan", where="web cari")
    look(dpo, [8], purpose="audit", where="web cari")

    text = text_of(client.get(f"/jejak/penglihatan/?by={ground.pk}&since=2020-01-01"))

    assert "/warga/7/dilihat/" in text
    assert "/warga/8/dilihat/" not in text


def test_the_page_of_a_person_says_who_looked(client, ground):
    person = citizen("CITRA DEWI")
    look(ground, [person.pk], purpose="layanan: warga datang", where="web reveal_nik")

    text = text_of(client.get(f"/warga/{person.pk}/dilihat/"))

    assert "CITRA DEWI" in text
    assert "ani" in text
    assert "NIK dibuka lengkap" in text
    assert NIK not in text
    assert Look.objects.filter(person=person.pk, where="web who_looked").count() == 1


def test_an_officer_of_the_area_may_not_read_who_looked(ground, settings):
    plain_storage(settings)
    client = browser_of(officer("siti", "front_office"))

    assert client.get(f"/warga/{citizen().pk}/dilihat/").status_code == 403


def test_whose_right_holds_elsewhere_sees_nobody_here(ground, settings):
    plain_storage(settings)
    client = browser_of(officer("eka", "auditor", area=THERE))

    assert client.get(f"/warga/{citizen().pk}/dilihat/").status_code == 404
    assert client.get("/warga/99999/dilihat/").status_code == 404


# --- whole or broken ------------------------------------------------------------------------


def test_a_verification_shows_both_ends_to_write_down(client, ground):
    look(ground, [7], purpose="aduan", where="web cari")
    end = Act.objects.order_by("position").last()

    answer = client.post("/jejak/periksa/", follow=True)

    text = text_of(answer)
    assert "Kedua jejak utuh" in text
    assert f"acts:{end.position}:{end.hash}" in text
    assert f"looks:1:{Look.objects.get().hash}" in text
    assert Act.objects.get(act="audit.verify").detail["is_whole"]


@pytest.mark.parametrize("table", ["audit_act", "audit_look"])
def test_a_broken_chain_is_named_with_its_first_broken_entry(client, ground, table):
    from django.db import connections

    from entas.audit.routing import looks_database

    look(ground, [7, 8, 9], purpose="aduan", where="web cari")
    database = connection if table == "audit_act" else connections[looks_database()]
    with database.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET actor = 'user:9:x' WHERE position = 2")

    text = text_of(client.post("/jejak/periksa/", follow=True))

    assert "rusak pada entri 2: isi entri diubah" in text


def test_a_long_chain_is_not_walked_while_somebody_waits(client, monkeypatch):
    monkeypatch.setattr("entas.web.views.audit._SHORT", 1)

    answer = client.post("/jejak/periksa/")

    job = Job.objects.get(kind="audit.verify")
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert not Act.objects.filter(act="audit.verify").exists()


def test_a_worker_leaves_the_same_act(ground, client, dpo):
    from entas.jobs.handlers import handler_of

    found = handler_of("audit.verify").function({}, dpo.pk, lambda *_: None)

    act = Act.objects.get(act="audit.verify")
    assert found["acts"]["last_hash"] == act.detail["acts"]["hash"]
    assert act.detail["acts"]["hash"] in text_of(client.get("/jejak/periksa/"))


# --- acts of one person alone ----------------------------------------------------------------


@pytest.fixture
def alone(ground, settings):
    """An act Siti did alone in this kelurahan, three weeks ago."""
    plain_storage(settings)
    siti = officer("siti", "supervisor")
    act = record(siti, "registry.proposal.diterima", object_type="person", object_id=3)
    row = mark_single_handed(act=act, kelurahan=HERE)
    row.at = timezone.now() - dt.timedelta(days=21)
    row.save()
    return row


def page_of(row):
    return reverse("review_single_handed", args=[row.pk])


def send(client, row, note="dokumen sudah dicocokkan"):
    text = text_of(client.get(page_of(row)))
    ticket = re.search(rf'name="{FIELD}" value="([^"]+)"', text)
    return client.post(page_of(row), {FIELD: ticket[1] if ticket else "", "note": note})


def test_another_officer_marks_it_as_reviewed(alone):
    client = browser_of(officer("rina", "supervisor"))
    assert "Menerima usulan koreksi" in text_of(client.get("/jejak/tunggal/"))

    send(client, alone)

    alone.refresh_from_db()
    assert alone.reviewed_by.endswith(":rina")
    assert alone.note == "dokumen sudah dicocokkan"
    assert Act.objects.get(act="audit.review_single_handed").object_id == str(alone.pk)
    assert "Menerima" not in text_of(client.get("/jejak/tunggal/"))
    assert "dokumen sudah" in text_of(client.get("/jejak/tunggal/?state=done"))


def test_who_did_it_is_offered_no_form(alone):
    text = text_of(browser_of(User.objects.get(username="siti")).get(page_of(alone)))

    assert "Tandai sudah ditelaah" not in text
    assert "petugas lain yang menelaahnya" in text


def test_what_was_reviewed_is_not_reviewed_again(alone):
    first, second = (
        browser_of(officer("rina", "supervisor")),
        browser_of(officer("tono", "supervisor")),
    )
    text = text_of(second.get(page_of(alone)))
    ticket = re.search(rf'name="{FIELD}" value="([^"]+)"', text)[1]
    send(first, alone)

    answer = second.post(page_of(alone), {FIELD: ticket, "note": "terlambat"})

    assert answer.status_code == 422
    assert "sudah ditelaah" in text_of(answer)
    alone.refresh_from_db()
    assert alone.reviewed_by.endswith(":rina")


def test_the_same_form_sent_twice_is_refused(alone):
    client = browser_of(officer("rina", "supervisor"))
    text = text_of(client.get(page_of(alone)))
    ticket = re.search(rf'name="{FIELD}" value="([^"]+)"', text)[1]
    client.post(page_of(alone), {FIELD: ticket, "note": "sekali"})

    assert client.post(page_of(alone), {FIELD: ticket, "note": "dua kali"}).status_code == 422
    assert SingleHanded.objects.get().note == "sekali"


def test_acts_of_another_area_are_not_listed_and_not_found(alone):
    client = browser_of(officer("eka", "supervisor", area=THERE))

    assert "Menerima" not in text_of(client.get("/jejak/tunggal/"))
    assert client.get(page_of(alone)).status_code == 404
    assert client.post(page_of(alone), {"note": "x"}).status_code == 404


def test_an_act_without_a_place_is_seen_by_who_may_in_the_whole_city(alone, dpo):
    alone.kelurahan = None
    alone.save()

    assert browser_of(dpo).get(page_of(alone)).status_code == 200
    assert browser_of(officer("rina", "supervisor")).get(page_of(alone)).status_code == 404


def test_a_person_somebody_did_it_about_counts_as_seen(alone, dpo):
    browser_of(dpo).get(page_of(alone))

    assert Look.objects.get().person == 3


# --- the forms that open numbers and lists ----------------------------------------------------


def test_no_page_of_the_trail_shows_a_nik(client, ground):
    person = citizen()
    steward = browser_of(officer("sari", "front_office"))
    steward.post(f"/warga/{person.pk}/nik/", WHY)

    for address in ("/jejak/", "/jejak/penglihatan/", f"/warga/{person.pk}/dilihat/"):
        assert NIK not in text_of(client.get(address))
