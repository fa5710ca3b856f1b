"""Lists that are taken along: with a purpose, a first line that says so, and no whole number."""

import csv
import hashlib
import io

import openpyxl
import pytest
from django.test import RequestFactory
from django.urls import reverse

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
from entas.audit.queries import verify
from entas.audit.services import look, record
from entas.city.errors import NotAllowed
from entas.city.policies import scope_of
from entas.registry.models import Person
from entas.web import exports

ADDRESS = "/jejak/ekspor/"


@pytest.fixture
def dpo(ground, settings):
    plain_storage(settings)
    return officer("dewi", "data_protection_officer", area=None)


@pytest.fixture
def client(dpo):
    return browser_of(dpo)


def sheet(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def lines(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def persons_plan(request, act="registry.export"):
    """How a list page of persons would hand out its rows."""
    people = Person.objects.filter(scope_of(request.actor, act).filter("kelurahan")).order_by("pk")
    return exports.Plan(
        act=act,
        name="warga",
        title="Warga",
        back="/",
        columns=("id_warga", "nama"),
        lines=lambda: [exports.Line((one.pk, one.name), (one.pk,)) for one in people],
        section="registry",
    )


def asked_by(user, **typed):
    request = RequestFactory().post("/warga/ekspor/", WHY | typed)
    request.actor = user
    return request


@pytest.mark.parametrize(("kind", "read"), [(".xlsx", sheet), (".csv", lines)])
def test_the_first_line_says_who_when_why_and_which_act(client, kind, read):
    answer = client.post(ADDRESS, WHY | {"kind": kind})

    act = Act.objects.get(act="audit.export")
    mark, header, *rows = read(answer)
    assert mark[0].startswith("Diekspor dari Entas oleh Dewi (dewi) pada 2")
    assert mark[0].endswith(
        f" WIB, tujuan layanan: warga datang ke loket, nomor {act.position}, "
        f"{len(rows)} baris; hanya untuk tujuan itu"
    )
    assert header[0] == "nomor"
    assert len(rows) == act.detail["rows"] == act.position - 1


@pytest.mark.parametrize("kind", [".xlsx", ".csv"])
def test_the_act_knows_the_file_by_its_hash(client, kind):
    answer = client.post(ADDRESS, WHY | {"kind": kind})

    detail = Act.objects.get(act="audit.export").detail
    assert detail["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert detail["purpose"] == "layanan"
    assert detail["columns"][0] == "nomor"
    assert verify().is_whole


def test_the_file_comes_as_one_to_keep_under_its_name(client):
    answer = client.post(ADDRESS, WHY | {"kind": ".csv"})

    position = Act.objects.get(act="audit.export").position
    name = f'attachment; filename="entas-jejak-tindakan-{position}.csv"'
    assert answer["Content-Disposition"] == name
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Cache-Control"] == "no-store"


def test_without_a_reason_there_is_no_file_and_what_was_typed_stays(client):
    answer = client.post(ADDRESS + "?act=city.grant", WHY | {"reason": "pendek", "kind": ".csv"})

    assert answer.status_code == 422
    assert "paling sedikit 10" in text_of(answer)
    assert 'value="pendek"' in text_of(answer)
    assert "?act=city.grant" in text_of(answer)
    assert not Act.objects.filter(act="audit.export").exists()


def test_asking_by_address_gives_the_form_and_no_file(client):
    answer = client.get(ADDRESS)

    assert answer.status_code == 200
    assert "Unduh berkas" in text_of(answer)
    assert not Act.objects.filter(act="audit.export").exists()


def test_the_filters_of_the_list_hold_in_the_file(client):
    answer = client.post(ADDRESS + "?act=city.initialise", WHY | {"kind": ".csv"})

    assert [row[3] for row in lines(answer)[2:]] == ["city.initialise"]


def test_a_list_that_is_too_long_is_refused_and_not_cut_off(client, settings):
    settings.ENTAS_EXPORT_ROWS = 3

    answer = client.post(ADDRESS, WHY)

    assert answer.status_code == 422
    assert "lebih dari 3 baris" in text_of(answer)
    assert not Act.objects.filter(act="audit.export").exists()


def test_who_may_not_export_gets_neither_form_nor_file(ground, settings):
    plain_storage(settings)
    client = browser_of(officer("siti", "front_office"))

    assert client.get(ADDRESS).status_code == client.post(ADDRESS, WHY).status_code == 403


def test_who_may_export_in_one_kelurahan_only_does_not_get_the_chain(ground, settings):
    plain_storage(settings)
    client = browser_of(officer("eka", "data_protection_officer", area=HERE))

    assert lines(client.post(ADDRESS, WHY | {"kind": ".csv"}))[2:] == []


def test_every_person_in_the_file_was_looked_at(dpo):
    supervisor = officer("sari", "supervisor")
    people = [citizen().pk, citizen("BUDI").pk]

    exports.answer(asked_by(supervisor), persons_plan(asked_by(supervisor)))

    seen = Look.objects.order_by("position").values_list("person", "where", "purpose")
    assert list(seen) == [
        (pk, "web ekspor warga", "layanan: warga datang ke loket") for pk in people
    ]


def test_rows_of_another_area_do_not_come_along(dpo):
    supervisor = officer("sari", "supervisor")
    mine, theirs = citizen("CITRA"), citizen("TETANGGA", kelurahan=THERE)
    request = asked_by(supervisor, kind=".csv", kelurahan=str(THERE), person=str(theirs.pk))

    answer = exports.answer(request, persons_plan(request))

    assert [row[0] for row in lines(answer)[2:]] == [str(mine.pk)]


def test_who_has_no_right_to_export_persons_is_refused_whatever_the_page_offers(dpo):
    request = asked_by(officer("adi", "facilitator"))

    with pytest.raises(NotAllowed):
        exports.answer(request, persons_plan(request))


@pytest.mark.parametrize("name", ["=1+1", "+62", "-2+3", "@SUM(A1)", '=HYPERLINK("x")'])
def test_a_text_that_looks_like_a_formula_stays_a_text(dpo, name):
    supervisor = officer("sari", "supervisor")
    citizen(name + "x")

    as_sheet = exports.answer(asked_by(supervisor), persons_plan(asked_by(supervisor)))
    as_csv = asked_by(supervisor, kind=".csv")
    in_csv = lines(exports.answer(as_csv, persons_plan(as_csv)))[2][1]

    cell = openpyxl.load_workbook(io.BytesIO(as_sheet.content)).active.cell(3, 2)
    assert (cell.data_type, cell.value) == ("s", name + "x")
    assert in_csv.startswith("'")


def test_a_reason_that_looks_like_a_formula_stays_inside_its_line(client):
    answer = client.post(ADDRESS, WHY | {"reason": '=cmd warga;=1+1 datang"', "kind": ".csv"})

    first = answer.content.decode("utf-8-sig").splitlines()[0]
    assert first.startswith('"Diekspor')
    assert ";'=1+1" in first


def test_a_whole_number_that_slipped_into_a_list_goes_out_masked(dpo):
    supervisor = officer("sari", "supervisor")
    citizen(f"CITRA {NIK}")

    request = asked_by(supervisor, kind=".csv")
    answer = exports.answer(request, persons_plan(request))

    assert NIK not in text_of(answer)
    assert "**************01" in text_of(answer)


def test_a_number_kept_as_a_number_is_masked_too(dpo):
    supervisor = officer("sari", "supervisor")
    request = asked_by(supervisor, kind=".csv")
    plan = exports.Plan(
        "registry.export", "x", "X", "/", ("n",), lambda: [exports.Line((int(NIK),))], "registry"
    )

    assert NIK not in text_of(exports.answer(request, plan))


def test_the_list_of_looks_goes_out_with_its_persons_looked_at(client, ground):
    look(ground, [7, 7, 9], purpose="aduan", where="web search")

    answer = client.post(reverse("export_looks"), WHY | {"kind": ".csv"})

    assert [row[3] for row in lines(answer)[2:]] == ["9", "7", "7"]
    mine = Look.objects.filter(where="web ekspor jejak-penglihatan")
    assert sorted(mine.values_list("person", flat=True)) == [7, 9]


def test_persons_that_acts_tell_of_count_as_seen(client, ground):
    record(ground, "registry.reveal", object_type="person", object_id=42)

    client.post(ADDRESS, WHY)

    assert Look.objects.get(where="web ekspor jejak-tindakan").person == 42


def test_times_in_the_file_are_those_of_clocks_in_the_city(client):
    answer = client.post(ADDRESS + "?act=city.initialise", WHY | {"kind": ".csv"})

    from django.utils.timezone import localtime

    at = localtime(Act.objects.get(act="city.initialise").at)
    assert lines(answer)[2][1] == f"{at:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize("page", ["export_acts", "export_looks"])
def test_every_row_of_a_chain_can_be_checked_without_entas(client, ground, page):
    look(ground, [7, 8], purpose="aduan = penting, -5 @kantor", where="web cari")

    _, header, *rows = sheet(client.post(reverse(page), WHY))

    entries = [dict(zip(header, row, strict=True)) for row in rows]
    assert len(entries) > 1
    for entry in entries:
        told = entry["sidik_sebelumnya"] + entry["isi"]
        assert hashlib.sha256(told.encode()).hexdigest() == entry["sidik"]
    newer, older = entries[0], entries[1]
    assert newer["sidik_sebelumnya"] == older["sidik"]
