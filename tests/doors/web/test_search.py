"""Searching and moving in the browser: one's own area, and nothing typed in any address."""

import datetime as dt
import re
from itertools import count

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from entas.audit.models import Look
from entas.city.models import Area, Right, User
from entas.city.services.rights import Wanted, write_right
from entas.registry.models import Person, TransferRequest
from entas.registry.queries.elsewhere import transfer_hint
from entas.web import questions
from entas.web.models import Draft, Question
from journey.little_lists import Office, citizen, nik

LEGOK, MURNI, CEMPAKA = 1571101003, 1571101002, 1571081002
HTMX = {"HTTP_HX_REQUEST": "true"}
_names = count()


@pytest.fixture(scope="module", autouse=True)
def files_for_browsers(django_db_setup):
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def town(ground, tmp_path):
    """People 1 to 30 live in Legok, 31 to 60 in Murni."""
    office = Office(tmp_path, ground)
    rows = [citizen(n, KODE_KEL=str(LEGOK if n <= 30 else MURNI)) for n in range(1, 61)]
    office.send(rows)
    return office


def browser(role=Right.Role.FRONT_OFFICE, area=LEGOK):
    user = User.objects.create(username=f"petugas{next(_names)}")
    place = Area.objects.get(number=area) if area else None
    write_right(user=user, by="test", wanted=Wanted(role, timezone.localdate(), area=place))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def legok(town):
    return browser()


def typed(client, text, **headers):
    """Send what was typed as a form does; gives the page and the address it stands at."""
    answer = client.post("/cari/", {"q": text}, **headers)
    if headers:
        return answer.content.decode(), answer.headers["HX-Replace-Url"]
    assert answer.status_code == 303
    address = answer.headers["Location"]
    return client.get(address).content.decode(), address


def text_of(number):
    return citizen(number)["NAMA_LGKP"], citizen(number)["TGL_LHR"]


def test_what_was_typed_stands_in_no_address(legok):
    for text in (citizen(5)["NIK"], citizen(5)["NAMA_LGKP"]):
        page, address = typed(legok, text)

        assert re.fullmatch(r"/cari/[0-9a-f-]{36}/", address)
        assert citizen(5)["NAMA_LGKP"] in page


@pytest.mark.parametrize("number", [5, 40, 4_000])
@pytest.mark.parametrize("spaced", [False, True])
def test_no_number_stands_in_a_page_whoever_it_belongs_to(legok, number, spaced):
    asked = citizen(number)["NIK"] if number < 300 else nik(number)
    text = f"{asked[:4]} {asked[4:8]} {asked[8:]}" if spaced else asked

    for page in (typed(legok, text)[0], typed(legok, text, **HTMX)[0]):
        plain = re.sub(r"[\s.]", "", page)
        assert asked not in plain
        assert asked[:-2] not in plain


def test_live_search_answers_in_one_request_with_the_part_alone(legok):
    page, address = typed(legok, citizen(5)["NAMA_LGKP"], **HTMX)

    assert citizen(5)["NAMA_LGKP"] in page
    assert "<html" not in page
    assert citizen(5)["NAMA_LGKP"] in legok.get(address).content.decode()


def test_nothing_typed_shows_what_can_be_typed(legok):
    assert "SITI AMINAH 1985" in legok.get("/cari/").content.decode()
    assert legok.post("/cari/", {"q": "  "}).headers["Location"] == "/cari/"
    assert "SITI AMINAH 1985" in legok.post("/cari/", {"q": ""}, **HTMX).content.decode()


def test_the_same_words_are_the_same_question(legok):
    addresses = {typed(legok, "SUKARDI")[1], typed(legok, "SUKARDI", **HTMX)[1]}

    assert len(addresses) == 1
    assert Question.objects.count() == 1
    assert b"SUKARDI" not in bytes(Question.objects.get().body_sealed)


def test_nobody_elses_question_is_answered(legok):
    _, address = typed(legok, citizen(5)["NIK"])

    assert browser().get(address).status_code == 404
    assert legok.get("/cari/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_question_is_forgotten_after_half_a_day(legok):
    _, address = typed(legok, "SUKARDI")
    Question.objects.update(asked_at=timezone.now() - dt.timedelta(hours=12, seconds=1))

    assert legok.get(address).status_code == 404
    questions.forget_old(now=timezone.now())
    assert Question.objects.get().body_sealed is None
    questions.forget_old(now=timezone.now() + dt.timedelta(days=2))
    assert not Question.objects.exists()


def test_people_of_another_area_are_neither_named_nor_counted(legok):
    for text in (citizen(40)["NAMA_LGKP"], citizen(40)["NAMA_LGKP"].split()[0]):
        page, _ = typed(legok, text)
        shown = set(re.findall(r'class="person-name"[^>]*>([^<]+)<', page))
        assert shown <= {citizen(n)["NAMA_LGKP"] for n in range(1, 31)}

    assert set(Look.objects.values_list("person", flat=True)) <= set(
        Person.objects.filter(kelurahan=LEGOK).values_list("pk", flat=True)
    )


def test_an_identity_elsewhere_says_the_kelurahan_alone(legok):
    name, born = text_of(40)
    for text in (citizen(40)["NIK"], citizen(40)["NO_KK"], f"{name} {born}"):
        page, address = typed(legok, text)

        assert transfer_hint(MURNI) in page
        assert f"{address}permohonan-pindah/" in page
        results = page[page.index('id="hasil"') :]
        told = re.sub(r'class="lines".*?</ol>', "", results, flags=re.DOTALL)
        for secret in (name, born[-4:], "tahun", "RT ", "/keluarga/", "/warga/"):
            assert secret not in re.sub(r"/cari/[0-9a-f-]{36}/", "", told)


def test_every_answer_about_another_area_is_a_look(legok):
    typed(legok, citizen(40)["NIK"])

    seen = Look.objects.get(where="web cari luar wilayah")
    assert seen.person == Person.objects.get(origin_row=40).pk
    assert legok.user.username in seen.actor


def test_every_person_shown_is_a_look(legok):
    page, _ = typed(legok, citizen(5)["NAMA_LGKP"].split()[0])

    shown = page.count('class="person-line"')
    assert shown > 1
    assert Look.objects.filter(where="web cari").count() == shown


def test_an_identity_in_ones_own_area_is_shown_and_no_more_is_said(legok):
    page, _ = typed(legok, f"{text_of(5)[0]} {text_of(5)[1]}")

    assert "ajukan permohonan pindah" not in page
    assert citizen(5)["NAMA_LGKP"] in page
    assert not Question.objects.exclude(answer="").exists()


def test_whoever_is_registered_nowhere_is_said_to_be(legok):
    page, _ = typed(legok, nik(4_000))

    assert "Tidak ada warga dengan identitas persis itu" in page


def test_an_office_without_that_right_learns_nothing_of_other_areas(town):
    page, _ = typed(browser(Right.Role.AGENCY_OFFICER), citizen(40)["NIK"])

    assert "Terdaftar di Kelurahan" not in page
    assert not Look.objects.exists()


def test_guessing_numbers_ends_for_the_day_and_the_refusal_tells_nothing(legok):
    _, known = typed(legok, citizen(40)["NIK"])
    now = timezone.now()
    for number in range(questions.MOST_ELSEWHERE):
        Question.objects.create(
            user=legok.user.pk, text_hash=number, answer="luar", asked_at=now, body_sealed=b""
        )

    registered, _ = typed(legok, citizen(41)["NIK"])
    unknown, _ = typed(legok, nik(4_000))

    for page in (registered, unknown):
        assert "terlalu sering" in page
        assert "Murni" not in page
    strip = re.compile(r"csrfmiddlewaretoken\" value=\"[^\"]+|••+\d\d|/cari/[0-9a-f-]{36}/")
    assert strip.sub("", registered) == strip.sub("", unknown)
    # What was answered before may be read again, and one's own area stays open.
    assert "Murni" in legok.get(known).content.decode()
    assert citizen(5)["NAMA_LGKP"] in typed(legok, citizen(5)["NIK"])[0]


def test_guessing_numbers_nobody_bears_ends_too(legok):
    now = timezone.now()
    for number in range(questions.MOST_NOWHERE):
        Question.objects.create(
            user=legok.user.pk, text_hash=number, answer="tidak", asked_at=now, body_sealed=b""
        )

    assert "terlalu sering" in typed(legok, citizen(40)["NIK"])[0]


def test_a_page_of_results_costs_few_questions(legok, django_assert_max_num_queries):
    _, address = typed(legok, citizen(5)["NAMA_LGKP"].split()[0])

    with django_assert_max_num_queries(25):
        legok.get(address)


@pytest.mark.parametrize("text", ["'", "<script>alert(1)</script>", "9" * 400, "%s", "٣" * 16])
def test_odd_words_are_answered(legok, text):
    page, _ = typed(legok, text)

    assert "<script>alert" not in page


def test_a_zero_byte_which_no_database_holds_is_refused(legok):
    assert legok.post("/cari/", {"q": "siti\x00"}).status_code == 400


def test_without_a_right_there_is_no_search(town):
    client = browser(Right.Role.LEADER, area=None)

    assert client.get("/cari/").status_code == 403
    assert client.post("/cari/", {"q": citizen(5)["NIK"]}).status_code == 403
    assert Client().get("/cari/").status_code == 302


# --- moving ---------------------------------------------------------------------------------

TOLD = {"to_kelurahan": str(LEGOK), "whole_family": "tidak", "rt": "5", "reason": "surat pindah"}


def ticket_in(page):
    return re.search(r'name="form_ticket" value="([^"]+)"', page).group(1)


def form_of(client, number=40):
    _, address = typed(client, citizen(number)["NIK"])
    return f"{address}permohonan-pindah/"


def send(client, address, **told):
    page = client.get(address).content.decode()
    return client.post(address, TOLD | {"form_ticket": ticket_in(page)} | told)


def test_a_request_goes_from_the_question_to_the_side_that_is_left(legok):
    answer = send(legok, form_of(legok))

    made = TransferRequest.objects.get()
    assert answer.headers["Location"] == f"/permohonan-pindah/{made.pk}/"
    assert (made.from_kelurahan, made.to_kelurahan) == (MURNI, LEGOK)
    assert made.person.origin_row == 40


def test_the_form_names_nobody(legok):
    page = legok.get(form_of(legok)).content.decode()

    person = Person.objects.get(origin_row=40)
    assert person.name not in page
    assert citizen(40)["NIK"] not in page
    assert f'"{person.pk}"' not in page
    assert "Murni" in page


def test_a_form_sent_twice_asks_once(legok):
    address = form_of(legok)
    page = legok.get(address).content.decode()
    told = TOLD | {"form_ticket": ticket_in(page)}

    legok.post(address, told)
    again = legok.post(address, told)

    assert again.status_code == 422
    assert TransferRequest.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(legok):
    answer = send(legok, form_of(legok), rt="0")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "RT ditulis" in page
    assert "surat pindah" in page


def test_nobody_asks_with_anothers_question_or_one_that_led_home(legok):
    address = form_of(legok)
    _, own = typed(legok, citizen(5)["NIK"])

    assert browser().get(address).status_code == 404
    assert browser().post(address, TOLD).status_code == 404
    assert legok.get(f"{own}permohonan-pindah/").status_code == 404


def test_a_person_is_not_asked_into_an_area_of_others(legok):
    answer = send(legok, form_of(legok), to_kelurahan=str(CEMPAKA))

    assert answer.status_code == 422
    assert not TransferRequest.objects.exists()


def test_the_asking_side_sees_the_person_only_after_the_agreement(legok):
    send(legok, form_of(legok))
    address = f"/permohonan-pindah/{TransferRequest.objects.get().pk}/"
    name = citizen(40)["NAMA_LGKP"]
    murni = browser(Right.Role.PUSKESOS_COORDINATOR, MURNI)

    for page in (legok.get(address), legok.get("/permohonan-pindah/")):
        assert name not in page.content.decode()
    theirs = murni.get(address).content.decode()
    assert name in theirs
    assert "surat pindah" in theirs
    told = {"form_ticket": ticket_in(theirs), "decision": "setuju"}
    assert murni.post(address, told).status_code == 302

    assert name in legok.get(address).content.decode()
    assert name not in murni.get(address).content.decode()
    assert name in typed(legok, citizen(40)["NIK"])[0]


def test_a_number_in_the_words_of_a_request_is_shown_to_nobody(legok):
    send(legok, form_of(legok), reason=f"KTP {nik(41)} dan {' '.join(nik(42))}")
    address = f"/permohonan-pindah/{TransferRequest.objects.get().pk}/"

    for client in (legok, browser(Right.Role.PUSKESOS_COORDINATOR, MURNI)):
        page = client.get(address).content.decode()
        assert "KTP ••" in page
        assert nik(41) not in page
        assert nik(42)[:8] not in page.replace(" ", "")


def test_an_outsider_meets_no_request(legok):
    send(legok, form_of(legok))
    number = TransferRequest.objects.get().pk
    outsider = browser(Right.Role.PUSKESOS_COORDINATOR, CEMPAKA)

    assert outsider.get(f"/permohonan-pindah/{number}/").status_code == 404
    assert outsider.get("/permohonan-pindah/999999/").status_code == 404
    assert (
        f"/permohonan-pindah/{number}/" not in outsider.get("/permohonan-pindah/").content.decode()
    )


def test_the_asking_side_does_not_decide(legok):
    send(legok, form_of(legok))
    there = browser(Right.Role.PUSKESOS_COORDINATOR, LEGOK)
    address = f"/permohonan-pindah/{TransferRequest.objects.get().pk}/"

    page, now = there.get(address).content.decode(), timezone.now()
    form = f"transfer-decision:{TransferRequest.objects.get().pk}"
    forged = Draft.objects.create(user=there.user.pk, form=form, began_at=now, saved_at=now)
    answer = there.post(address, {"form_ticket": str(forged.pk), "decision": "setuju"})

    assert "Setujui" not in page
    assert answer.status_code == 422
    assert Person.objects.get(origin_row=40).kelurahan == MURNI


def test_a_decision_nobody_offered_decides_nothing(legok):
    send(legok, form_of(legok))
    address = f"/permohonan-pindah/{TransferRequest.objects.get().pk}/"
    murni = browser(Right.Role.PUSKESOS_COORDINATOR, MURNI)
    told = {"form_ticket": ticket_in(murni.get(address).content.decode()), "reason": "tanpa surat"}

    assert murni.post(address, told).status_code == 400
    assert TransferRequest.objects.get().state == "diajukan"
    assert murni.post(address, told | {"decision": "tolak"}).status_code == 302
    assert TransferRequest.objects.get().state == "ditolak"


def test_who_asked_may_take_it_back(legok):
    send(legok, form_of(legok))
    address = f"/permohonan-pindah/{TransferRequest.objects.get().pk}/"
    page = legok.get(address).content.decode()

    legok.post(address, {"form_ticket": ticket_in(page), "decision": "batal"})

    assert TransferRequest.objects.get().state == "dibatalkan"


def test_somebody_of_ones_own_area_may_be_said_to_have_moved(legok):
    here = Person.objects.get(origin_row=5).pk
    there = Person.objects.get(origin_row=40).pk

    answer = send(legok, f"/warga/{here}/permohonan-pindah/", to_kelurahan=str(CEMPAKA))

    assert answer.status_code == 302
    assert TransferRequest.objects.get().to_kelurahan == CEMPAKA
    for number in (there, 999_999):
        assert legok.get(f"/warga/{number}/permohonan-pindah/").status_code == 404


def test_lists_of_requests_are_filtered_by_the_address_and_odd_filters_are_left_out(legok):
    send(legok, form_of(legok))

    assert "Murni" in legok.get("/permohonan-pindah/?arah=masuk&keadaan=diajukan").content.decode()
    empty = legok.get("/permohonan-pindah/?arah=keluar").content.decode()
    assert "Tidak ada permohonan pindah" in empty
    assert legok.get("/permohonan-pindah/?arah='&keadaan=x&halaman=-9").status_code == 200
