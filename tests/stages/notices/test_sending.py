"""What leaves the house says that something waits, and nothing else."""

import datetime as dt
import json
import smtplib
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from entas.city.models import User
from entas.notices.models import Dispatch
from entas.notices.queries import stuck_dispatches
from entas.notices.services import notify, send_waiting
from entas.settings import OddSetting, mail_server

SECRET = "1571814101900001"


class Unwilling(BaseEmailBackend):
    """A mail server that accepts nothing."""

    def send_messages(self, _messages):
        raise smtplib.SMTPRecipientsRefused({"citra@kota.example": (550, b"citra unknown")})


@pytest.fixture
def citra(ground, settings, tmp_path):
    settings.ENTAS_SENDS_MAIL = True
    settings.ENTAS_ADDRESS = "https://entas.kota.example"
    settings.DEFAULT_FROM_EMAIL = "entas@kota.example"
    settings.ENTAS_HOME = tmp_path
    return User.objects.create(
        username="citra", name="Citra Lestari", email="citra@kota.example", phone="0811222333"
    )


def told(user):
    return notify(user=user, kind="proposal", words=f"Usulan untuk {SECRET} menunggu.", by="uji")


def lines(home: Path) -> list[dict[str, object]]:
    files = sorted((home / "outbox").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_mail_names_the_kind_and_the_place_to_sign_in_and_nobody(citra):
    notice = told(citra)

    assert send_waiting() == {"sent": 2, "failed": 0}
    sent = mail.outbox[0]
    assert (sent.to, sent.subject) == (["citra@kota.example"], "Ada pesan di Entas")
    assert f"https://entas.kota.example/pesan/{notice.pk}/" in sent.body
    assert "Usulan perbaikan data" in sent.body
    assert SECRET not in sent.body
    assert "Citra" not in sent.body


def test_a_gateway_finds_one_line_a_message(citra, tmp_path):
    notice = told(citra)
    told(citra)

    send_waiting()

    first, second = lines(tmp_path)
    assert set(first) == {"id", "at", "phone", "text"}
    assert (first["id"], first["phone"]) == (notice.pk, "0811222333")
    assert SECRET not in first["text"]
    assert second["id"] > first["id"]


def test_the_file_of_the_day_is_its_owners_alone(citra, tmp_path):
    told(citra)

    send_waiting()

    file = tmp_path / "outbox" / f"{timezone.localdate():%Y-%m-%d}.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_is_sent_twice(citra):
    told(citra)
    send_waiting()

    assert send_waiting() == {"sent": 0, "failed": 0}
    assert len(mail.outbox) == 1


def test_what_another_worker_is_sending_is_left_to_it(citra):
    told(citra)
    Dispatch.objects.update(due_at=timezone.now() + dt.timedelta(minutes=5))

    assert send_waiting() == {"sent": 0, "failed": 0}


def test_a_failure_is_tried_again_later_and_can_be_seen(citra, settings):
    settings.EMAIL_BACKEND = f"{Unwilling.__module__}.Unwilling"
    notice = told(citra)

    assert send_waiting() == {"sent": 1, "failed": 1}
    failed = notice.dispatches.get(channel="email")
    assert (failed.state, failed.tries, failed.error) == ("menunggu", 1, "SMTPRecipientsRefused")
    assert failed.due_at > timezone.now()
    assert list(stuck_dispatches()) == [failed]


def test_after_eight_failures_it_is_given_up(citra, settings):
    settings.EMAIL_BACKEND = f"{Unwilling.__module__}.Unwilling"
    notice = told(citra)
    for _ in range(10):
        send_waiting()
        Dispatch.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))

    failed = notice.dispatches.get(channel="email")
    assert (failed.state, failed.tries) == ("gagal", 8)


def test_a_folder_that_cannot_be_written_is_a_failure_and_no_fault(citra, tmp_path):
    (tmp_path / "outbox").write_text("bukan folder")
    notice = told(citra)

    assert send_waiting()["failed"] == 1
    assert notice.dispatches.get(channel="outbox").error == "FileExistsError"


# --- the address of the mail server -----------------------------------------------------------


def test_the_usual_address_speaks_starttls():
    server = mail_server("smtp://entas:rahasia%21@surat.kota.example?from=entas@kota.example")

    assert (server["EMAIL_HOST"], server["EMAIL_PORT"]) == ("surat.kota.example", 587)
    assert (server["EMAIL_HOST_USER"], server["EMAIL_HOST_PASSWORD"]) == ("entas", "rahasia!")
    assert (server["EMAIL_USE_TLS"], server["EMAIL_USE_SSL"]) == (True, False)


def test_smtps_speaks_tls_from_the_beginning():
    server = mail_server("smtps://surat.kota.example?from=entas@kota.example")

    assert (server["EMAIL_PORT"], server["EMAIL_USE_TLS"], server["EMAIL_USE_SSL"]) == (
        465,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://surat.kota.example?from=a@b.example", "jenis 'http' tidak dikenal"),
        ("smtp://?from=a@b.example", "host tidak ada"),
        ("smtp://surat.kota.example:x?from=a@b.example", "nomor porta salah tulis"),
        ("smtp://surat.kota.example", "from harus alamat"),
        ("smtp://surat.kota.example?from=bukan", "from harus alamat"),
        ("smtp://surat.kota.example?from=a@b.example&warna=biru", "pilihan 'warna'"),
        ("smtp://surat.kota.example?from=a@b.example&tls=mungkin", "tls salah satu"),
        ("smtps://surat.kota.example?from=a@b.example&tls=none", "tls salah satu"),
        ("smtp://u:rahasia@surat.kota.example?from=a@b.example&tls=none", "tanpa TLS"),
    ],
)
def test_an_odd_address_is_refused_and_its_password_not_shown(address, why):
    with pytest.raises(OddSetting, match=why) as refused:
        mail_server(address)

    assert "rahasia" not in str(refused.value)
