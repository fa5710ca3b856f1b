"""The pages about people who sign in: who sees them, and what they refuse."""

import datetime as dt
import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from entas.city import services
from entas.city.models import RecoveryRequest, Right, User
from entas.web.models import Draft


def as_(world, role, area="city"):
    return world.login(Client(), world.user(role, area))


@pytest.fixture
def chief(world):
    """An administrator of the whole city with a browser."""
    return as_(world, Right.Role.ADMINISTRATOR)


@pytest.fixture
def officer(world):
    return world.user(Right.Role.FRONT_OFFICE, "A1")


def text_of(answer):
    return html.unescape(answer.content.decode())


def ticket(client, address):
    found = re.search(r'name="form_ticket" value="([^"]+)"', text_of(client.get(address)))
    return found[1]


def tickets_of(client, address):
    """The tickets of a page by the address of their form."""
    parts = text_of(client.get(address)).split("<form ")
    found = {}
    for part in parts:
        action = re.search(r'action="([^"]+)"', part)
        number = re.search(r'name="form_ticket" value="([^"]+)"', part)
        if action and number:
            found[action[1]] = number[1]
    return found


def post(client, name, *numbers, page=None, **typed):
    address = reverse(name, args=numbers)
    if page:
        typed["form_ticket"] = tickets_of(client, page)[address]
    return client.post(address, typed)


def right(**other):
    typed = {"role": "back_office", "area": "1571101003", "agency": "", "valid_from": ""}
    return {**typed, "valid_to": "", "deputy_for": "", **other}


# --- reading ---------------------------------------------------------------------------------


def test_the_list_says_who_holds_which_right_where(chief):
    shown = text_of(chief.get(reverse("users") + "?peran=front_office&wilayah=1571101003"))

    assert "front_office@A1" in shown
    assert "petugas front office · Legok" in shown
    assert "front_office@B1" not in shown


def test_ended_rights_are_shown_on_demand(chief, officer):
    officer.rights.update(valid_to="2026-01-02")
    address = reverse("users") + "?peran=front_office&wilayah=1571101003"

    assert "front_office@A1" not in text_of(chief.get(address))
    shown = text_of(chief.get(address + "&hak=semua"))
    assert "front_office@A1" in shown
    assert "berakhir" in shown


def test_a_filter_is_a_chip_that_can_be_removed(chief):
    shown = text_of(chief.get(reverse("users") + "?peran=auditor&keadaan=aktif"))

    assert 'class="chip" href="?keadaan=aktif"' in shown


def test_a_list_that_is_empty_says_what_to_do(chief):
    shown = text_of(chief.get(reverse("users") + "?keadaan=tidak"))

    assert "Hapus salah satu saringan" in shown


def test_odd_filters_are_no_fault(chief):
    odd = "?peran=raja&wilayah=abc&opd=-1&page=zzz&sort=password&hak=x"
    assert chief.get(reverse("users") + odd).status_code == 200


def test_the_list_does_not_ask_more_for_more_users(chief, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        chief.get(reverse("users"))


def test_an_administrator_of_a_kecamatan_sees_the_people_of_it(world):
    camat = as_(world, Right.Role.ADMINISTRATOR, "kecamatan-A")

    shown = text_of(camat.get(reverse("users") + "?peran=front_office"))

    assert "front_office@A1" in shown
    assert "front_office@B1" not in shown
    elsewhere = world.user(Right.Role.FRONT_OFFICE, "B1")
    assert camat.get(reverse("user", args=[elsewhere.pk])).status_code == 404


def test_whom_a_deputy_stands_in_for_is_chosen_among_people_in_reach(world, officer):
    camat = as_(world, Right.Role.ADMINISTRATOR, "kecamatan-A")

    offered = text_of(camat.get(reverse("user", args=[officer.pk]))).split('name="deputy_for"')[1]

    assert "leader@A1" in offered
    assert "leader@B1" not in offered


def test_an_auditor_reads_and_changes_nothing(world, officer):
    auditor = as_(world, Right.Role.AUDITOR)

    page = text_of(auditor.get(reverse("user", args=[officer.pk])))

    assert "petugas front office" in page
    for word in ("Beri hak", "Cabut", "Nonaktifkan", "Ajukan pemulihan"):
        assert word not in page
    for name in ("grant", "switch_user", "first_password", "ask_recovery"):
        assert auditor.post(reverse(name, args=[officer.pk])).status_code == 403
    held = officer.rights.get()
    assert auditor.post(reverse("withdraw_right", args=[held.pk])).status_code == 403


@pytest.mark.parametrize("role", ["front_office", "data_steward", "leader"])
def test_who_reads_no_users_sees_no_page_of_them(world, officer, role):
    client = as_(world, role)

    for address in (reverse("users"), reverse("user", args=[officer.pk]), reverse("recoveries")):
        assert client.get(address).status_code == 403


# --- rights ----------------------------------------------------------------------------------


def test_a_right_is_given_once_however_often_the_form_is_sent(chief, officer):
    page = reverse("user", args=[officer.pk])
    number = tickets_of(chief, page)[reverse("grant", args=[officer.pk])]
    typed = right(form_ticket=number)

    first = chief.post(reverse("grant", args=[officer.pk]), typed)
    second = chief.post(reverse("grant", args=[officer.pk]), typed)

    assert (first.status_code, second.status_code) == (302, 422)
    assert officer.rights.filter(role="back_office").count() == 1


def test_a_refused_right_keeps_what_was_typed(chief, officer):
    page = reverse("user", args=[officer.pk])

    answer = post(chief, "grant", officer.pk, page=page, **right(deputy_for=str(officer.pk)))

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "pengganti harus punya tanggal berakhir" in shown
    assert '<option value="back_office" selected' in shown
    assert not officer.rights.filter(role="back_office").exists()


def test_a_right_of_tomorrow_opens_no_page_today(world, chief):
    user = User.objects.create(username="besok")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    post(
        chief,
        "grant",
        user.pk,
        page=reverse("user", args=[user.pk]),
        **right(role="auditor", area="kota", valid_from=tomorrow.isoformat()),
    )
    assert user.rights.count() == 1

    client = world.login(Client(), user)

    assert client.get(reverse("users")).status_code == 403


def test_an_ended_or_withdrawn_right_opens_no_page(world, chief):
    auditor = world.user(Right.Role.AUDITOR, "city")
    client = world.login(Client(), auditor)
    assert client.get(reverse("users")).status_code == 200

    answer = post(chief, "withdraw_right", auditor.rights.get().pk)

    assert answer.status_code == 302
    assert client.get(reverse("users")).status_code == 403


def test_nobody_gives_or_takes_rights_of_the_own_account(world, chief):
    me = world.user(Right.Role.ADMINISTRATOR, "city")
    page = text_of(chief.get(reverse("user", args=[me.pk])))
    assert "Beri hak" not in page

    given = chief.post(reverse("grant", args=[me.pk]), right())
    taken = post(chief, "withdraw_right", me.rights.get().pk)

    assert (given.status_code, taken.status_code) == (422, 422)
    assert me.rights.count() == 1


def test_a_deputy_is_shown_as_such(world, chief, officer):
    deputy = world.user(Right.Role.LEADER, "A1")
    later = (timezone.localdate() + dt.timedelta(days=9)).isoformat()

    post(
        chief,
        "grant",
        deputy.pk,
        page=reverse("user", args=[deputy.pk]),
        **right(role="front_office", deputy_for=str(officer.pk), valid_to=later),
    )

    shown = text_of(chief.get(reverse("user", args=[deputy.pk])))
    assert f"pengganti {officer.get_full_name()}" in shown


# --- accounts --------------------------------------------------------------------------------


def test_a_new_user_gets_a_password_that_is_shown_once(chief):
    address = reverse("new_user")
    typed = right(username="siti.rahma", name="Siti Rahma", email="", phone="")

    answer = chief.post(address, typed | {"form_ticket": ticket(chief, address)})

    secret = re.search(r'class="secret">([^<]+)<', text_of(answer))[1]
    user = User.objects.get(username="siti.rahma")
    assert user.check_password(secret)
    assert user.must_change_password
    assert secret not in text_of(chief.get(reverse("user", args=[user.pk])))
    assert Draft.objects.filter(body_sealed__isnull=False, form="user").count() == 0


def test_a_name_that_is_taken_is_told_and_the_rest_stays(chief, officer):
    address = reverse("new_user")
    typed = right(username=officer.username, name="Orang Lain", email="", phone="")

    answer = chief.post(address, typed | {"form_ticket": ticket(chief, address)})

    assert answer.status_code == 422
    assert "sudah dipakai" in text_of(answer)
    assert 'value="Orang Lain"' in text_of(answer)


def test_somebody_is_switched_off_and_on(chief, officer):
    post(chief, "switch_user", officer.pk, to="off")
    assert not User.objects.get(pk=officer.pk).is_active

    post(chief, "switch_user", officer.pk, to="on")
    assert User.objects.get(pk=officer.pk).is_active


def test_nobody_alone_makes_a_password_for_who_chose_one(chief, officer):
    answer = post(chief, "first_password", officer.pk)

    assert answer.status_code == 422
    assert "Ajukan pemulihan" in text_of(answer)


# --- recovery --------------------------------------------------------------------------------


def ask(client, user):
    return post(
        client,
        "ask_recovery",
        user.pk,
        page=reverse("user", args=[user.pk]),
        kind="both",
        reason="datang sendiri",
    )


def test_one_administrator_asks_and_another_approves(world, chief, officer):
    ani = world.login(Client(), world.ani)
    assert ask(chief, officer)["Location"] == reverse("recoveries")
    row = RecoveryRequest.objects.latest("pk")
    assert "Administrator lain yang menyetujui" in text_of(chief.get(reverse("recoveries")))

    alone = post(chief, "approve_recovery", row.pk)
    assert alone.status_code == 422
    assert "tidak boleh menyetujuinya" in text_of(alone)
    answer = post(ani, "approve_recovery", row.pk)

    code = re.search(r'class="secret">([^<]+)<', text_of(answer))[1]
    assert services.usable_recovery(user=officer, code=code, now=timezone.now()) == row
    assert code not in text_of(ani.get(reverse("recoveries")))


def test_who_waits_for_recovery_does_not_approve_it(world, chief):
    other = world.login(Client(), world.ani)
    ask(chief, world.ani)

    answer = post(other, "approve_recovery", RecoveryRequest.objects.latest("pk").pk)

    assert answer.status_code == 422


def test_the_other_administrators_are_told(world, chief, officer):
    ask(chief, officer)

    assert world.ani.notices.filter(page="recoveries").count() == 1


def test_a_closed_request_is_not_approved(world, chief, officer):
    ask(chief, officer)
    row = RecoveryRequest.objects.latest("pk")
    post(chief, "close_recovery", row.pk)

    answer = post(world.login(Client(), world.ani), "approve_recovery", row.pk)

    assert answer.status_code == 422


# --- a sheet ---------------------------------------------------------------------------------

HEAD = "username,nama,surel,telepon,peran,wilayah,opd,berlaku_dari,berlaku_sampai\n"


def send(client, text, name="pengguna.csv"):
    return client.post(reverse("user_sheet"), {"sheet": SimpleUploadedFile(name, text.encode())})


def test_a_sheet_is_looked_at_first_and_then_entered(chief):
    before = User.objects.count()
    shown = text_of(send(chief, HEAD + "budi,Budi,,,front_office,Legok,,,\n"))
    assert "1 orang akan didaftarkan" in shown
    assert User.objects.count() == before

    number = re.search(r'name="form_ticket" value="([^"]+)"', shown)[1]
    answer = chief.post(reverse("user_sheet"), {"enter": "1", "form_ticket": number})

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    (_, (username, name, secret)) = book.get_sheet_by_index(0).to_python()
    assert (username, name) == ("budi", "Budi")
    assert User.objects.get(username="budi").check_password(secret)
    again = chief.post(reverse("user_sheet"), {"enter": "1", "form_ticket": number})
    assert again.status_code == 422


def test_wrong_rows_are_told_and_nobody_is_entered(chief):
    before = User.objects.count()

    answer = send(chief, HEAD + "budi,Budi,,,raja,Legok,,,\nciti,,,,auditor,Atlantis,,,\n")

    shown = text_of(answer)
    assert answer.status_code == 422
    assert "Baris 2, kolom peran" in shown
    assert "Baris 3, kolom nama" in shown
    assert "Baris 3, kolom wilayah" in shown
    assert User.objects.count() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "nik,nama\n1,Budi\n"), ("a.xlsx", "PK\x03\x04 rusak"), ("a.csv", "x" * 1_000_001)],
)
def test_what_is_no_sheet_is_told_beside_the_field(chief, name, content):
    answer = send(chief, content, name)

    assert answer.status_code == 422
    assert 'class="field-error"' in text_of(answer)


def test_the_blank_sheet_can_be_filled_in_and_sent_back(chief):
    content = chief.post(reverse("user_sheet_blank")).content
    upload = SimpleUploadedFile("pengguna-baru.xlsx", content)

    shown = text_of(chief.post(reverse("user_sheet"), {"sheet": upload}))

    assert "siti.rahma" in shown
    assert "1 orang akan didaftarkan" in shown


def test_entering_without_looking_first_enters_nobody(chief):
    answer = chief.post(reverse("user_sheet"), {"enter": "1", "form_ticket": ""})

    assert answer.status_code == 422
