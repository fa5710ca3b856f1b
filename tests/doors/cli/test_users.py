"""People who sign in, entered and managed at the server."""

import openpyxl
import pytest

from journey.little_lists import shared_installation

HEAD = "username,nama,surel,telepon,peran,wilayah,opd,berlaku_dari,berlaku_sampai\n"
OWN = "perahu-naga-Batanghari-3"


@pytest.fixture(scope="module")
def shared(request, tmp_path_factory):
    for installed in shared_installation(request, tmp_path_factory.mktemp("kota")):
        installed.json("init", "--demo")
        yield installed


@pytest.fixture
def city(shared):
    return shared


def user(city, name, *words):
    return city.json("city", "user", "add", name, "--name", name.title(), *words)


def rights_of(city, name, *words):
    users = city.json("city", "user", "list", *words)["users"]
    return next(one["rights"] for one in users if one["user"] == name)


def test_somebody_is_entered_with_a_right_and_a_password_shown_once(city):
    words = ("--role", "Petugas front office", "--area", "Kelurahan Legok")

    answer = user(city, "budi", *words)

    assert len(answer["password"]) == 19
    (right,) = rights_of(city, "budi")
    assert (right["role"], right["area"], right["state"]) == ("front_office", "Legok", "now")
    assert "sudah dipakai" in city.refusal("city", "user", "add", "budi", "--name", "x", *words)


def test_the_first_user_holds_both_offices(city):
    assert {one["role"] for one in rights_of(city, "ani")} == {"administrator", "data_steward"}


def test_rights_are_given_and_taken(city):
    user(city, "citra", "--role", "auditor")
    words = ("city", "user", "grant", "citra", "--role", "puskesos_coordinator", "--area", "Legok")
    number = city.json(*words)["right"]
    assert "sudah memegang" in city.refusal(*words)

    city.json("city", "user", "withdraw", str(number))

    assert [one["role"] for one in rights_of(city, "citra")] == ["auditor"]
    assert "withdrawn" in {one["state"] for one in rights_of(city, "citra", "--all")}
    assert "sudah dicabut" in city.refusal("city", "user", "withdraw", str(number))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("grant", "siapa", "--role", "auditor"), "belum terdaftar"),
        (("grant", "ani", "--role", "auditor"), "administrator lain"),
        (("grant", "dedi", "--role", "raja"), "tidak dikenal"),
        (("grant", "dedi", "--role", "auditor", "--area", "Atlantis"), "tidak dikenal"),
        (("grant", "dedi", "--role", "auditor", "--agency", "x"), "tidak dikenal"),
        (("grant", "dedi", "--role", "auditor", "--from", "2020-01-01"), "berlaku mundur"),
        (("grant", "dedi", "--role", "auditor", "--deputy-for", "ani"), "tanggal berakhir"),
        (("withdraw", "999999"), "tidak ada"),
        (("off", "ani"), "administrator lain"),
        (("recover", "siapa"), "belum terdaftar"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(city, words, says):
    if "dedi" not in {one["user"] for one in city.json("city", "user", "list")["users"]}:
        user(city, "dedi", "--role", "leader")

    assert says in city.refusal("city", "user", *words)


def test_who_is_no_administrator_manages_nobody(city):
    user(city, "eka", "--role", "data_steward")

    done = city.run("city", "user", "list", ENTAS_USER="eka")

    assert done.returncode == 1
    assert "tidak berhak" in done.stderr


def test_a_password_is_typed_and_never_shown(city):
    user(city, "fani", "--role", "leader")
    assert "12" in city.refusal("city", "user", "password", "fani", "--own", typed="pendek\n")

    done = city.run("city", "user", "password", "fani", "--own", typed=OWN + "\n")

    assert done.returncode == 0
    assert OWN not in done.stdout + done.stderr
    assert "Ajukan pemulihan" in city.refusal("city", "user", "password", "fani")


def test_who_is_switched_off_does_not_act(city):
    user(city, "gita", "--role", "administrator")
    city.json("city", "user", "off", "gita")
    assert city.run("city", "user", "list", ENTAS_USER="gita").returncode == 1

    city.json("city", "user", "on", "gita")

    assert city.run("city", "user", "list", ENTAS_USER="gita").returncode == 0


def test_at_the_server_one_administrator_makes_a_recovery_code(city):
    user(city, "hadi", "--role", "leader")

    answer = city.json("city", "user", "recover", "hadi", "--kind", "phone")

    assert answer["kind"] == "phone"
    assert len(answer["code"]) == 19
    assert city.json("audit", "verify")["is_whole"]


def test_a_sheet_is_checked_entered_and_its_passwords_written_once(city, tmp_path):
    sheet, out = tmp_path / "pengguna.csv", tmp_path / "sandi.xlsx"
    sheet.write_text(HEAD + "indah,Indah,,,front_office,Legok,,,\njoko,Joko,,,auditor,,,,\n")
    dry = city.json("city", "user", "import", sheet, "--dry-run")
    assert (dry["users"], dry["created"]) == (["indah", "joko"], False)

    city.json("city", "user", "import", sheet, "--out", out)

    rows = list(openpyxl.load_workbook(out).active.values)
    assert [row[0] for row in rows] == ["username", "indah", "joko"]
    assert out.stat().st_mode & 0o077 == 0
    assert "sudah dipakai" in city.refusal("city", "user", "import", sheet, "--dry-run")


def test_a_wrong_sheet_enters_nobody_and_writes_no_file(city, tmp_path):
    sheet, out = tmp_path / "pengguna.csv", tmp_path / "sandi.xlsx"
    sheet.write_text(HEAD + "kiki,Kiki,,,auditor,,,,\nlala,Lala,,,raja,,,,\n")

    line = city.refusal("city", "user", "import", sheet, "--out", out)

    assert "Baris 3, kolom peran" in line
    assert not out.exists()
    assert "kiki" not in {one["user"] for one in city.json("city", "user", "list")["users"]}


def test_nobody_is_entered_whose_password_could_not_be_written(city, tmp_path):
    sheet = tmp_path / "pengguna.csv"
    sheet.write_text(HEAD + "mira,Mira,,,auditor,,,,\n")

    city.refusal("city", "user", "import", sheet, "--out", tmp_path / "tidak-ada" / "sandi.xlsx")

    assert "mira" not in {one["user"] for one in city.json("city", "user", "list")["users"]}
