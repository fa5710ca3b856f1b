"""What the official figures of the city measure: meaning, unit and how often they are published.

A catalogue of code and not a table: an indicator is added together with the page that shows it.
"""

from dataclasses import dataclass
from typing import Final

from entas.refusals import mark


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
    name: str
    definition: str
    unit: str
    decimals: int = 0
    is_survey: bool = False
    least: int = 0
    most: int | None = None


PERCENT, _PEOPLE, _FAMILIES = mark("persen"), mark("orang"), mark("keluarga")
RUPIAH, INDEX = mark("rupiah"), mark("indeks")
_POOR: Final = mark(
    "Penduduk yang pengeluaran per orang sebulan di bawah garis kemiskinan, menurut survei "
    "Susenas BPS bulan Maret."
)

_ALL: Final = (
    Indicator(
        "P0",
        mark("Tingkat kemiskinan"),
        mark(
            "Bagian penduduk yang pengeluarannya di bawah garis kemiskinan, menurut survei Susenas "
            "BPS. Untuk kota terbit setahun sekali (Maret); angka triwulanan tidak ada."
        ),
        PERCENT,
        2,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "penduduk_miskin", mark("Penduduk miskin"), _POOR, mark("ribu orang"), 2, is_survey=True
    ),
    Indicator(
        "garis_kemiskinan",
        mark("Garis kemiskinan"),
        mark("Pengeluaran per orang sebulan yang menjadi batas miskin menurut BPS."),
        mark("rupiah per orang per bulan"),
    ),
    Indicator(
        "P1",
        mark("Indeks kedalaman kemiskinan"),
        mark("Rata-rata jarak pengeluaran penduduk miskin dari garis kemiskinan (P1)."),
        INDEX,
        3,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "P2",
        mark("Indeks keparahan kemiskinan"),
        mark("Seperti P1, dengan bobot lebih besar bagi yang paling miskin (P2)."),
        INDEX,
        3,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "miskin_ekstrem_persen",
        mark("Tingkat kemiskinan ekstrem"),
        mark(
            "Bagian penduduk dengan pengeluaran di bawah garis kemiskinan ekstrem, menurut survei."
        ),
        PERCENT,
        2,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "miskin_ekstrem",
        mark("Penduduk miskin ekstrem"),
        mark("Perkiraan jumlah penduduk miskin ekstrem menurut survei, bukan daftar nama."),
        mark("ribu orang"),
        2,
        is_survey=True,
    ),
    Indicator(
        "miskin_ekstrem_daftar",
        mark("Keluarga dalam daftar miskin ekstrem"),
        mark("Keluarga dalam daftar nama miskin ekstrem kota; lain dari hitungan survei."),
        _FAMILIES,
    ),
    Indicator(
        "miskin_ekstrem_keluar",
        mark("Keluarga dicoret dari daftar miskin ekstrem"),
        mark("Keluarga yang dinyatakan tidak layak lagi oleh musyawarah kelurahan."),
        _FAMILIES,
    ),
    Indicator(
        "gini",
        mark("Rasio Gini"),
        mark("Ketimpangan pengeluaran: 0 berarti sama rata, 1 berarti dikuasai satu orang."),
        INDEX,
        3,
        is_survey=True,
        most=1,
    ),
    Indicator(
        "ipm",
        mark("Indeks Pembangunan Manusia"),
        mark("Gabungan umur harapan hidup, sekolah dan pengeluaran menurut BPS."),
        INDEX,
        2,
        most=100,
    ),
    Indicator(
        "art_ruta_miskin",
        mark("Anggota rumah tangga miskin"),
        mark("Rata-rata jumlah orang dalam satu rumah tangga miskin."),
        _PEOPLE,
        2,
        is_survey=True,
        most=30,
    ),
    Indicator(
        "porsi_makanan_gk",
        mark("Porsi makanan dalam garis kemiskinan"),
        mark("Bagian garis kemiskinan yang dipakai untuk makanan."),
        PERCENT,
        2,
        is_survey=True,
        most=100,
    ),
    Indicator(
        "penduduk",
        mark("Jumlah penduduk"),
        mark(
            "Jumlah penduduk menurut penghitungnya. Dukcapil menghitung yang terdaftar, BPS "
            "memperkirakan yang tinggal: keduanya tidak boleh disambung dalam satu garis."
        ),
        _PEOPLE,
    ),
    Indicator(
        "pkh_kpm",
        mark("Keluarga penerima PKH"),
        mark("Keluarga Penerima Manfaat Program Keluarga Harapan pada satu tahap penyaluran."),
        _FAMILIES,
    ),
    Indicator("pkh_rupiah", mark("Bantuan PKH"), mark("Bantuan PKH yang disalurkan."), RUPIAH),
    Indicator(
        "pkh_graduasi",
        mark("Keluarga lulus PKH"),
        mark("Keluarga yang keluar dari PKH karena dinilai mampu."),
        _FAMILIES,
    ),
    Indicator(
        "pkh_graduasi_persen",
        mark("Bagian keluarga lulus PKH setahun"),
        mark("Bagian keluarga penerima yang keluar dari PKH dalam setahun."),
        PERCENT,
        most=100,
    ),
    Indicator(
        "pkh_dana_sharing",
        mark("Dana pendamping PKH dari APBD"),
        mark("Anggaran kota yang mendampingi PKH (dana sharing)."),
        RUPIAH,
    ),
    Indicator(
        "logistik_bencana",
        mark("Logistik bencana Dinas Sosial"),
        mark("Anggaran kota untuk logistik bencana."),
        RUPIAH,
    ),
    Indicator(
        "rastra_kpm",
        mark("Keluarga penerima Rastra"),
        mark("Keluarga penerima beras sejahtera."),
        _FAMILIES,
    ),
    Indicator(
        "rastra_rupiah", mark("Bantuan Rastra"), mark("Nilai bantuan beras sejahtera."), RUPIAH
    ),
    Indicator(
        "bansos_lansia",
        mark("Penerima bantuan lanjut usia"),
        mark("Orang lanjut usia yang menerima bantuan sosial."),
        _PEOPLE,
    ),
    Indicator(
        "bansos_disabilitas",
        mark("Penerima bantuan disabilitas"),
        mark("Orang dengan disabilitas yang menerima bantuan sosial."),
        _PEOPLE,
    ),
    Indicator(
        "pbi_jk",
        mark("Peserta PBI jaminan kesehatan"),
        mark("Orang yang iuran jaminan kesehatannya dibayar negara (PBI-JK)."),
        _PEOPLE,
    ),
    Indicator(
        "pbi_jk_nonaktif",
        mark("Peserta PBI dinonaktifkan"),
        mark("Orang yang kepesertaan PBI-JK-nya dihentikan pada pemutakhiran."),
        _PEOPLE,
    ),
    Indicator(
        "pbi_jk_baru",
        mark("Peserta PBI baru"),
        mark("Orang yang ditambahkan ke PBI-JK pada pemutakhiran."),
        _PEOPLE,
    ),
)

INDICATORS: Final[dict[str, Indicator]] = {one.code: one for one in _ALL}
