"""What the official figures of the city measure: meaning, unit and how often they are published.

A catalogue of code and not a table: an indicator is added together with the page that shows it.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Indicator:
    """One quantity.

    Attributes:
        code: names it in tables and files; never changes.
        name: how people say it.
        definition: what is counted, in one or two sentences.
        unit: of its values.
        decimals: digits behind the comma that mean something.
        is_survey: comes from a sample, so that small differences mean nothing.
        least, most: values outside are a slip of the hand (``most`` is None where none is known).
    """

    code: str
    name: Words
    definition: Words
    unit: Words
    decimals: int = 0
    is_survey: bool = False
    least: int = 0
    most: int | None = None


_PERCENT, _PEOPLE, _FAMILIES = _("persen"), _("orang"), _("keluarga")
_RUPIAH, _INDEX = _("rupiah"), _("indeks")
_POOR: Final = _(
    "Penduduk yang pengeluaran per orang sebulan di bawah garis kemiskinan, menurut survei "
    "Susenas BPS bulan Maret."
)

_ALL: Final = (
    Indicator(
        "P0",
        _("Tingkat kemiskinan"),
        _(
            "Bagian penduduk yang pengeluarannya di bawah garis kemiskinan, menurut survei Susenas "
            "BPS. Untuk kota terbit setahun sekali (Maret); angka triwulanan tidak ada."
        ),
        _PERCENT,
        2,
        is_survey=True,
        most=100,
    ),
    Indicator("penduduk_miskin", _("Penduduk miskin"), _POOR, _("ribu orang"), 2, is_survey=True),
    Indicator(
        "garis_kemiskinan",
        _("Garis kemiskinan"),
        _("Pengeluaran per orang sebulan yang menjadi batas miskin menurut BPS."),
        _("rupiah per orang per bulan"),
    ),
    Indicator(
        "P1",
        _("Indeks kedalaman kemiskinan"),
        _("Rata-rata jarak pengeluaran penduduk miskin dari garis kemiskinan (P1)."),
        _INDEX,
        3,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "P2",
        _("Indeks keparahan kemiskinan"),
        _("Seperti P1, dengan bobot lebih besar bagi yang paling miskin (P2)."),
        _INDEX,
        3,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "miskin_ekstrem_persen",
        _("Tingkat kemiskinan ekstrem"),
        _("Bagian penduduk dengan pengeluaran di bawah garis kemiskinan ekstrem, menurut survei."),
        _PERCENT,
        2,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "miskin_ekstrem",
        _("Penduduk miskin ekstrem"),
        _("Perkiraan jumlah penduduk miskin ekstrem menurut survei, bukan daftar nama."),
        _("ribu orang"),
        2,
        is_survey=True,
    ),
    Indicator(
        "miskin_ekstrem_daftar",
        _("Keluarga dalam daftar miskin ekstrem"),
        _("Keluarga dalam daftar nama miskin ekstrem kota; lain dari hitungan survei."),
        _FAMILIES,
    ),
    Indicator(
        "miskin_ekstrem_keluar",
        _("Keluarga dicoret dari daftar miskin ekstrem"),
        _("Keluarga yang dinyatakan tidak layak lagi oleh musyawarah kelurahan."),
        _FAMILIES,
    ),
    Indicator(
        "gini",
        _("Rasio Gini"),
        _("Ketimpangan pengeluaran: 0 berarti sama rata, 1 berarti dikuasai satu orang."),
        _INDEX,
        3,
        is_survey=True,
        most=1,
    ),
    Indicator(
        "ipm",
        _("Indeks Pembangunan Manusia"),
        _("Gabungan umur harapan hidup, sekolah dan pengeluaran menurut BPS."),
        _INDEX,
        2,
        most=100,
    ),
    Indicator(
        "art_ruta_miskin",
        _("Anggota rumah tangga miskin"),
        _("Rata-rata jumlah orang dalam satu rumah tangga miskin."),
        _PEOPLE,
        2,
        is_survey=True,
        most=30,
    ),
    Indicator(
        "porsi_makanan_gk",
        _("Porsi makanan dalam garis kemiskinan"),
        _("Bagian garis kemiskinan yang dipakai untuk makanan."),
        _PERCENT,
        2,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "penduduk",
        _("Jumlah penduduk"),
        _(
            "Jumlah penduduk menurut penghitungnya. Dukcapil menghitung yang terdaftar, BPS "
            "memperkirakan yang tinggal: keduanya tidak boleh disambung dalam satu garis."
        ),
        _PEOPLE,
    ),
    Indicator(
        "pkh_kpm",
        _("Keluarga penerima PKH"),
        _("Keluarga Penerima Manfaat Program Keluarga Harapan pada satu tahap penyaluran."),
        _FAMILIES,
    ),
    Indicator("pkh_rupiah", _("Bantuan PKH"), _("Bantuan PKH yang disalurkan."), _RUPIAH),
    Indicator(
        "pkh_graduasi",
        _("Keluarga lulus PKH"),
        _("Keluarga yang keluar dari PKH karena dinilai mampu."),
        _FAMILIES,
    ),
    Indicator(
        "pkh_graduasi_persen",
        _("Bagian keluarga lulus PKH setahun"),
        _("Bagian keluarga penerima yang keluar dari PKH dalam setahun."),
        _PERCENT,
        most=100,
    ),
    Indicator(
        "pkh_dana_sharing",
        _("Dana pendamping PKH dari APBD"),
        _("Anggaran kota yang mendampingi PKH (dana sharing)."),
        _RUPIAH,
    ),
    Indicator(
        "logistik_bencana",
        _("Logistik bencana Dinas Sosial"),
        _("Anggaran kota untuk logistik bencana."),
        _RUPIAH,
    ),
    Indicator(
        "rastra_kpm",
        _("Keluarga penerima Rastra"),
        _("Keluarga penerima beras sejahtera."),
        _FAMILIES,
    ),
    Indicator("rastra_rupiah", _("Bantuan Rastra"), _("Nilai bantuan beras sejahtera."), _RUPIAH),
    Indicator(
        "bansos_lansia",
        _("Penerima bantuan lanjut usia"),
        _("Orang lanjut usia yang menerima bantuan sosial."),
        _PEOPLE,
    ),
    Indicator(
        "bansos_disabilitas",
        _("Penerima bantuan disabilitas"),
        _("Orang dengan disabilitas yang menerima bantuan sosial."),
        _PEOPLE,
    ),
    Indicator(
        "pbi_jk",
        _("Peserta PBI jaminan kesehatan"),
        _("Orang yang iuran jaminan kesehatannya dibayar negara (PBI-JK)."),
        _PEOPLE,
    ),
    Indicator(
        "pbi_jk_nonaktif",
        _("Peserta PBI dinonaktifkan"),
        _("Orang yang kepesertaan PBI-JK-nya dihentikan pada pemutakhiran."),
        _PEOPLE,
    ),
    Indicator(
        "pbi_jk_baru",
        _("Peserta PBI baru"),
        _("Orang yang ditambahkan ke PBI-JK pada pemutakhiran."),
        _PEOPLE,
    ),
)

INDICATORS: Final[dict[str, Indicator]] = {one.code: one for one in _ALL}
