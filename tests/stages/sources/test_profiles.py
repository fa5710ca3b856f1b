import pytest

from entas.sources.errors import NoHeader, UnknownProfile
from entas.sources.profiles import choose, field_of, profile_names, rows_of


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("NIK", "nik"),
        ("No. NIK", "nik"),
        ("NIK KTP", "nik"),
        ("Nomor Induk Kependudukan", "nik"),
        ("NIK (16 digit)", "nik"),
        ("NO KK", "kk"),
        ("NO_KK", "kk"),
        ("NOKK", "kk"),
        ("Nomor Kartu Keluarga", "kk"),
        ("NAMA_LGKP", "nama"),
        ("Nama Penerima", "nama"),
        ("TGL_LHR", "lahir"),
        ("Tgl. Lahir", "lahir"),
        ("Tempat/Tgl Lahir", "ttl"),
        ("JENIS_KLMIN", "sex"),
        ("L/P", "sex"),
        ("Jenis Kelamin (L/P)", "sex"),
        ("Nama Ibu Kandung", "nama_ibu"),
        ("RT/RW", "rtrw"),
        ("Desa/Kelurahan", "kelurahan"),
        ("kode_kelurahan_desa", "kode_kelurahan"),
        ("STAT_HBKEL", "hubungan"),
        ("Umur", "umur"),
        ("Date of Birth", "lahir"),
        ("No.", "nomor"),
    ],
)
def test_headers_of_many_offices_mean_the_same_field(header, field):
    found = field_of(header)

    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize("header", ["NIK Ibu", "Nama Ayah", "NIK Pendamping", "Nama Sekolah", ""])
def test_columns_about_somebody_else_are_not_taken(header):
    assert field_of(header) is None


def test_the_order_of_the_columns_does_not_matter():
    layout = choose(["RT", "Nama", "No KK", "NIK"])

    assert layout.fields == {"rt": 0, "nama": 1, "kk": 2, "nik": 3}


def test_the_head_of_the_family_is_the_person_only_where_nobody_else_is():
    headers = ["Nama Kepala Keluarga", "NIK"]

    assert choose(headers).fields["nama"] == 0
    assert choose([*headers, "Nama"]).fields["nama"] == 2


def test_unknown_columns_are_kept_under_names_of_their_own():
    layout = choose(["NIK", "Nama", "Catatan", "Catatan", "", "No"])

    assert layout.extras == ((2, "Catatan"), (3, "Catatan (2)"), (4, "kolom 5"))


@pytest.mark.parametrize("profile", [name for name in profile_names() if name != "umum"])
def test_the_form_of_a_profile_is_recognised_as_that_profile(profile):
    headers = [row["header"] for row in rows_of("template.csv") if row["profile"] == profile]

    assert choose(headers).profile == profile


def test_who_sends_the_list_decides_when_headers_leave_a_doubt():
    headers = ["NIK", "Nama", "id_lantai_terluas", "id_dinding_terluas", "konsumsi"]

    assert choose(headers).profile == "dtsen"
    assert choose(headers, source_kind="survei").profile == "survei"


def test_an_unknown_profile_is_refused_with_the_known_ones():
    with pytest.raises(UnknownProfile, match="dukcapil"):
        choose(["NIK", "Nama"], profile="tidak-ada")


def test_a_list_without_names_is_refused():
    with pytest.raises(NoHeader, match="kolom nama"):
        choose(["NIK", "No KK"])


def test_every_synonym_and_code_says_where_it_was_seen():
    for table in ("synonyms.csv", "prefixes.csv", "codes.csv"):
        assert {row["seen"] for row in rows_of(table)} <= {"S", "G", "K"}
