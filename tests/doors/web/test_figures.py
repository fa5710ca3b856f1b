"""Official figures in the browser: with source and date, and corrected in plain sight."""

from decimal import Decimal

import pytest

from doors.web.signed_in import browser_of, ticket_in, user_with
from entas.city.models import OfficialFigure, TargetVersion

pytestmark = pytest.mark.usefixtures("static_files")


@pytest.fixture
def secretary(ground):
    return browser_of(user_with("tkpk_secretariat"))


@pytest.fixture
def reader(ground):
    return browser_of(user_with("facilitator"))


def shipped(key):
    return OfficialFigure.objects.get(shipped_key=key)


def typed(browser, address="/angka/baru/", **changes):
    known = {
        "form_ticket": ticket_in(browser.get(address)),
        "indicator": "P0",
        "area_code": "15.71",
        "period": "Maret 2026",
        "from_on": "2026-03-01",
        "to_on": "2026-03-31",
        "value": "7,50",
        "status": "official",
        "source": "Berita resmi statistik",
    }
    return known | changes


def test_the_page_shows_the_newest_rate_with_its_target_and_certainty(reader):
    page = reader.get("/angka/").content.decode()

    assert "7,69%" in page
    assert "Target 2030: 6,70%" in page
    assert "0,99 poin di atas target" in page
    assert "kutipan" in page


def test_every_target_that_was_said_stands_there_also_the_replaced_one(reader):
    page = reader.get("/angka/").content.decode()

    assert [value in page for value in ("6,49%", "6,40%", "6,09%", "6,89%", "6,70%")] == [True] * 5
    assert "diganti" in page


def test_filters_narrow_the_table_and_can_be_taken_off(reader):
    answer = reader.get("/angka/?indikator=P0&wilayah=15")

    rows = answer.context["table"].data.data
    assert {row.area_code for row in rows} == {"15"}
    assert [chip["address"] for chip in answer.context["chips"]] == [
        "?wilayah=15",
        "?indikator=P0",
    ]


@pytest.mark.parametrize("query", ["?indikator=P9", "?wilayah='--", "?page=9999", "?sort=zzz"])
def test_an_odd_filter_is_no_fault(reader, query):
    assert reader.get(f"/angka/{query}").status_code == 200


def test_an_empty_table_says_why(reader):
    page = reader.get("/angka/?indikator=gini&wilayah=15.05").content.decode()

    assert "Tidak ada angka dengan saringan ini" in page


def test_fifty_rows_stand_on_a_page(reader):
    answer = reader.get("/angka/")

    assert len(list(answer.context["table"].paginated_rows)) == 50


def test_the_page_asks_few_questions_and_is_small(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        answer = reader.get("/angka/")

    assert len(answer.content) < 300_000


def test_a_figure_names_the_other_figure_of_its_period(reader):
    page = reader.get(f"/angka/{shipped('P0:15.71:2022-03').pk}/").content.decode()

    assert "Angka lain untuk periode yang sama" in page
    assert "8,33%" in page


def test_an_unconfirmed_figure_says_so(reader):
    page = reader.get(f"/angka/{shipped('P0:15.71:2023-03').pk}/").content.decode()

    assert "belum dikonfirmasi" in page


def test_a_figure_that_does_not_exist_is_not_found(reader, secretary):
    assert reader.get("/angka/999999/").status_code == 404
    assert secretary.get("/angka/999999/koreksi/").status_code == 404


def test_readers_see_no_button_and_no_form(reader):
    assert "/angka/baru/" not in reader.get("/angka/").content.decode()
    assert reader.get("/angka/baru/").status_code == 403
    assert reader.get("/angka/target/").status_code == 403
    assert reader.get(f"/angka/{shipped('P0:15.71:2025-03').pk}/koreksi/").status_code == 403


def test_a_figure_typed_with_a_comma_is_kept(secretary):
    answer = secretary.post("/angka/baru/", typed(secretary))

    row = OfficialFigure.objects.get(period="Maret 2026")
    assert row.value == Decimal("7.50")
    assert answer["Location"] == f"/angka/{row.pk}/"


def test_an_impossible_value_stands_beside_its_field_and_nothing_is_lost(secretary):
    answer = secretary.post("/angka/baru/", typed(secretary, value="750", note="dari rapat"))

    assert answer.status_code == 422
    assert "tidak mungkin" in str(answer.context["form"].errors["value"])
    page = answer.content.decode()
    assert "dari rapat" in page
    assert 'aria-describedby="id_value_helptext id_value_error"' in page
    assert 'id="id_value_error"' in page
    assert not OfficialFigure.objects.filter(period="Maret 2026").exists()


def test_the_same_form_sent_twice_is_refused(secretary):
    form = typed(secretary)
    secretary.post("/angka/baru/", form)

    answer = secretary.post("/angka/baru/", form)

    assert answer.status_code == 422
    assert OfficialFigure.objects.filter(period="Maret 2026").count() == 1


def test_a_correction_keeps_the_old_figure_and_links_to_the_new(secretary):
    old = shipped("P0:15.71:2025-03")
    address = f"/angka/{old.pk}/koreksi/"
    changes = {"period": old.period, "from_on": old.from_on, "to_on": old.to_on, "value": "7,68"}

    secretary.post(address, typed(secretary, address, **changes))

    new = OfficialFigure.objects.get(supersedes=old)
    page = secretary.get(f"/angka/{old.pk}/").content.decode()
    assert "sudah dikoreksi" in page
    assert f"/angka/{new.pk}/" in page
    assert "7,68%" in secretary.get("/angka/").content.decode()


def test_the_second_of_two_officers_is_told_and_what_was_typed_stays(ground, secretary):
    old = shipped("P0:15.71:2025-03")
    address = f"/angka/{old.pk}/koreksi/"
    changes = {"period": old.period, "from_on": old.from_on, "to_on": old.to_on}
    other = browser_of(user_with("administrator"))
    late = typed(other, address, **changes, value="7,60", note="versi saya")
    secretary.post(address, typed(secretary, address, **changes, value="7,68"))

    answer = other.post(address, late)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "sudah dikoreksi orang lain" in page
    assert "versi saya" in page


def test_the_form_of_a_correction_begins_with_the_old_values(secretary):
    page = secretary.get(f"/angka/{shipped('P0:15.71:2025-03').pk}/koreksi/").content.decode()

    assert 'value="7,69"' in page
    assert 'value="2025-03-01"' in page


def test_a_target_can_replace_another(secretary):
    old = TargetVersion.objects.get(shipped_key="P0:15.71:2030")
    form = {
        "form_ticket": ticket_in(secretary.get("/angka/target/")),
        "indicator": "P0",
        "area_code": "15.71",
        "for_year": "2030",
        "value": "6,50",
        "said_by": "Wali Kota",
        "status": "official",
        "source": "RPJMD baru",
        "replaces": str(old.pk),
    }

    answer = secretary.post("/angka/target/", form)

    assert answer["Location"] == "/angka/"
    assert TargetVersion.objects.get(supersedes=old).value == Decimal("6.50")
    assert "Target 2030: 6,50%" in secretary.get("/angka/").content.decode()


@pytest.mark.parametrize("chosen", ["999999", "abc"])
def test_a_target_that_is_not_offered_cannot_be_replaced(secretary, chosen):
    form = {"form_ticket": ticket_in(secretary.get("/angka/target/")), "replaces": chosen}

    answer = secretary.post("/angka/target/", form)

    assert "replaces" in answer.context["form"].errors
