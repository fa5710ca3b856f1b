"""Areas for everybody, counts of people for those alone who may search there."""

import datetime as dt

import pytest
from django.utils import timezone

from doors.web.signed_in import BULURAN, SIPIN, browser_of, user_with
from entas.registry.models import Family, Person, RegisterVersion
from entas.registry.queries import places

pytestmark = pytest.mark.usefixtures("static_files")


@pytest.fixture(autouse=True)
def _counted_anew():
    places.forget_counts()
    yield
    places.forget_counts()


@pytest.fixture
def people(ground):
    """Three persons of two families in Sipin, two of one in Buluran."""
    families = [Family.objects.create() for _ in range(3)]
    for place, family in ((SIPIN, 0), (SIPIN, 0), (SIPIN, 1), (BULURAN, 2), (BULURAN, 2)):
        Person.objects.create(name="CITRA", kelurahan=place, family=families[family])
    Person.objects.create(name="WAFAT", kelurahan=SIPIN, alive="meninggal")
    Person.objects.create(name="GABUNG", kelurahan=SIPIN, state="digabung")
    return families


def counts_on(answer):
    return {row.area.number: row.persons for row in answer.context["rows"] if row.persons}


def test_an_officer_sees_the_count_of_the_own_kelurahan_alone(ground, people):
    browser = browser_of(user_with("front_office", area=SIPIN))

    answer = browser.get("/wilayah/")

    assert counts_on(answer) == {SIPIN: 3}
    assert "di luar wilayah Anda" in answer.content.decode()


def test_the_city_sees_all_counts(ground, people):
    answer = browser_of(user_with("data_steward")).get("/wilayah/")

    assert counts_on(answer) == {SIPIN: 3, BULURAN: 2}


@pytest.mark.parametrize("role", ["leader", "tkpk_viewer", "administrator", None])
def test_who_may_not_search_sees_areas_and_no_counts(ground, people, role):
    answer = browser_of(user_with(role)).get("/wilayah/")

    assert answer.status_code == 200
    assert answer.context["counts"] is None
    assert counts_on(answer) == {}


def test_another_kelurahan_is_shown_without_its_counts(ground, people):
    browser = browser_of(user_with("front_office", area=SIPIN))

    own, other = browser.get(f"/wilayah/{SIPIN}/"), browser.get(f"/wilayah/{BULURAN}/")

    assert (own.context["persons"], own.context["families"]) == (3, 2)
    assert other.status_code == 200
    assert other.context["counts"] is None
    assert "di luar kewenangan Anda" in other.content.decode()


def test_a_kecamatan_is_counted_for_those_alone_who_may_search_all_of_it(ground, people):
    one = browser_of(user_with("front_office", area=SIPIN))
    all_of_it = browser_of(user_with("supervisor", area=157101))

    assert one.get("/wilayah/157101/").context["counts"] is None
    assert all_of_it.get("/wilayah/157101/").context["persons"] == 5


@pytest.mark.parametrize("number", [0, 1, 1571999999, 999999999999])
def test_an_area_that_does_not_exist_is_not_found(ground, number):
    assert browser_of(user_with()).get(f"/wilayah/{number}/").status_code == 404


@pytest.mark.parametrize(("query", "count"), [("", 68), ("?edisi=62", 62), ("?edisi=68", 68)])
def test_each_edition_lists_its_kelurahan(ground, query, count):
    answer = browser_of(user_with()).get(f"/wilayah/{query}")

    assert len(answer.context["rows"]) == count


def test_an_edition_nobody_knows_is_the_one_in_force(ground):
    answer = browser_of(user_with()).get("/wilayah/?edisi=<script>")

    assert answer.context["edition"].code == "68"


def test_an_edition_that_is_over_shows_no_counts_of_today(ground, people):
    answer = browser_of(user_with("data_steward")).get("/wilayah/?edisi=62")

    assert answer.context["counts"] is None
    assert "pembagian yang berlaku sekarang" in answer.content.decode()


def test_a_new_kelurahan_says_what_it_was_cut_from(ground):
    page = browser_of(user_with()).get("/wilayah/1571011012/").content.decode()

    assert "66% wilayahnya dari Penyengat Rendah" in page
    assert "belum ditemukan" in page  # its BPS code


def test_an_area_shows_its_other_spellings_and_which_are_guessed(ground):
    page = browser_of(user_with()).get("/wilayah/1571031001/").content.decode()

    assert "Sijinjang" in page
    assert "tebakan" in page


def test_codes_are_written_without_points_between_thousands(ground):
    page = browser_of(user_with()).get(f"/wilayah/{SIPIN}/").content.decode()

    assert "15.71.01.1001" in page
    assert "1571050002" in page
    assert "/wilayah/157101/" in page


def test_the_list_asks_the_database_few_questions(ground, people, django_assert_max_num_queries):
    browser = browser_of(user_with("data_steward"))

    with django_assert_max_num_queries(40):
        answer = browser.get("/wilayah/")

    assert len(answer.content) < 300_000


def test_counts_are_kept_while_they_are_fresh(ground, people):
    now = timezone.now()
    first = places.place_counts(now=now)
    Person.objects.create(name="BARU", kelurahan=SIPIN)
    RegisterVersion.objects.create(number=7)

    assert places.place_counts(now=now + dt.timedelta(minutes=9)) is first


def test_old_counts_are_made_anew_once_the_register_changed(ground, people):
    now = timezone.now()
    later = now + dt.timedelta(minutes=11)
    first = places.place_counts(now=now)

    assert places.place_counts(now=later) is first

    Person.objects.create(name="BARU", kelurahan=SIPIN)
    RegisterVersion.objects.create(number=7)

    second = places.place_counts(now=later)
    assert second.persons[SIPIN] == 4
    assert second.as_of == later


def test_who_did_not_sign_in_sees_no_area(ground, client):
    answer = client.get("/wilayah/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/masuk/")


# --- agencies -----------------------------------------------------------------------------------


def test_an_agency_names_its_people_to_who_may_read_users_only(ground):
    handler = user_with("agency_officer", agency="dinsos")
    number = handler.rights.get().agency_id

    seen = browser_of(user_with("auditor")).get(f"/perangkat-daerah/{number}/")
    unseen = browser_of(user_with("leader")).get(f"/perangkat-daerah/{number}/")

    assert handler.name in seen.content.decode()
    assert handler.name not in unseen.content.decode()


def test_a_right_that_ended_is_not_listed(ground):
    handler = user_with("agency_officer", agency="dinsos")
    number = handler.rights.get().agency_id
    handler.rights.update(withdrawn_at=timezone.now())

    page = browser_of(user_with("auditor")).get(f"/perangkat-daerah/{number}/")

    assert handler.name not in page.content.decode()


def test_an_agency_that_does_not_exist_is_not_found(ground):
    browser = browser_of(user_with("auditor"))

    assert browser.get("/perangkat-daerah/999999/").status_code == 404


def test_the_list_of_agencies_says_that_names_are_guesses(ground):
    page = browser_of(user_with()).get("/perangkat-daerah/").content.decode()

    assert "Dinas Sosial" in page
    assert "tebakan" in page
