"""The real ground: kelurahan in two editions, spellings offices use, streets, RT."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from kotacontoh.sizes import Size
from kotacontoh.streams import Floats, Generator, Ints, Texts, texts, words

PERSONS_PER_RT = 370  # about 1,650 RT in the city (G)

# Spellings that occur side by side in public sources (kota-jambi.md 1); the last ones are guesses.
SPELLINGS = {
    "Simpang III Sipin": ("Simpang Tiga Sipin", "Simpang 3 Sipin", "Sp. III Sipin"),
    "Simpang IV Sipin": ("Simpang Empat Sipin", "Simpang 4 Sipin", "Sp. IV Sipin"),
    "Sijenjang": ("Sijinjang",),
    "Payo Selincah": ("Payo Silincah", "Payoselincah"),
    "Sulanjana": ("Sulan Jana",),
    "Thehok": ("The Hok", "Tehok"),
    "Suka Karya": ("Sukakarya",),
    "Telanaipura": ("Telanai Pura",),
    "Paal Lima": ("Paal V", "Pal Lima", "Paal 5", "Pall V"),
    "Paal Merah": ("Pal Merah", "Pall Merah"),
    "Kenali Asam Bawah": ("Kenali Assam Bawah", "Kenaliasam Bawah"),
    "Kenali Asam Atas": ("Kenali Assam Atas",),
    "Kenali Asam": ("Kenali Assam",),
    "Rawa Sari": ("Rawasari",),
    "Mayang Mangurai": ("Mayang Mengurai",),
    "Talang Gulo": ("Talanggulo",),
    "Kota Baru": ("Kotabaru",),
    "Wijaya Pura": ("Wijayapura",),
    "Pematang Sulur": ("Pematangsulur",),
    "Bagan Pete": ("Baganpete",),
}

_ALLEYS = words(
    "Melati Mawar Anggrek Kenanga Cempaka Dahlia Teratai Flamboyan Rambutan Durian Duku Manggis "
    "Setia Damai Bakti Karya Makmur Sejahtera Rukun Harapan Sepakat Sentosa Mandiri Amanah Ikhlas "
    "Kelapa Pinang Jati Meranti Bulian Sawo Nangka Pandan Siguntang Pattimura Siliwangi Sriwijaya "
    "Masjid Mushola Langgar Sekolah Lapangan Pasar Sumur Rawa Tangsi Kampung Pisang Kurnia"
)
_ESTATES = (
    "Bougenville", "Griya Mayang", "Kembar Lestari", "Villa Kenali", "Pinang Merah Indah",
    "Aurduri Permai", "Bumi Citra", "Puri Masurai", "Mendalo Asri", "Beringin Indah",
    "Citra Raya Mulia", "Griya Sejahtera",
)  # fmt: skip


def data_text(name: str) -> str:
    """A data file of the package as text; see data/SOURCES.md for origin and licence."""
    return files("kotacontoh").joinpath("data", name).read_text(encoding="utf-8")


@cache
def data_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV data file of the package."""
    return tuple(csv.DictReader(data_text(name).splitlines()))


@dataclass(frozen=True)
class Kelurahan:
    """One of the 68 kelurahan of today, with what its residents' old papers say."""

    code: str
    name: str
    kecamatan: str
    weight: int
    is_new: bool
    parents: tuple[str, ...]

    @property
    def pair(self) -> int:
        """The kecamatan digits of a synthetic NIK: real number plus 80, so no NIK is a person's."""
        return int(self.code[6:8]) + 80


@cache
def all_kelurahan() -> tuple[Kelurahan, ...]:
    """The 68 kelurahan valid in 2025."""
    rows = data_rows("kelurahan_kota_jambi.csv")
    by_bps = {row["kode_bps_2020"]: row["kode_kemendagri"] for row in rows if row["kode_bps_2020"]}
    return tuple(_kelurahan(row, by_bps) for row in rows if row["ada_2025"] == "1")


def _kelurahan(row: dict[str, str], by_bps: dict[str, str]) -> Kelurahan:
    parents = [part.split(":")[0] for part in row["induk_bps_2020"].split("|") if part]
    return Kelurahan(
        code=row["kode_kemendagri"],
        name=row["nama"],
        kecamatan=row["nama_kec"],
        weight=int(row["penduduk_68_tebakan"]),
        is_new=row["ada_2018"] == "0",
        parents=tuple(by_bps[code] for code in parents),
    )


@dataclass(frozen=True)
class Ground:
    """The kelurahan of one city size, in code order, with their RT and streets."""

    kelurahan: tuple[Kelurahan, ...]
    rt_count: Ints
    streets: tuple[tuple[str, ...], ...]

    def shares(self) -> Floats:
        """Expected share of the population by kelurahan."""
        weight = np.array([area.weight for area in self.kelurahan], dtype=float)
        return np.asarray(weight / weight.sum(), dtype=float)

    def codes(self) -> Texts:
        """Dotted Kemendagri codes."""
        return texts([area.code for area in self.kelurahan])

    def pairs(self) -> Ints:
        """Kecamatan digits for NIK and KK numbers."""
        return np.array([area.pair for area in self.kelurahan], dtype=np.int64)

    def parent(self, index: int) -> Kelurahan:
        """The kelurahan an old paper names: the parent of a new one, else itself."""
        area = self.kelurahan[index]
        return kelurahan_by_code(area.parents[0]) if area.parents else area


def kelurahan_by_code(code: str) -> Kelurahan:
    """The kelurahan with that dotted code."""
    return next(area for area in all_kelurahan() if area.code == code)


def spellings(name: str) -> tuple[str, ...]:
    """Other ways offices write this area's name; its own squeezed form when none is known."""
    return SPELLINGS.get(name, (name.replace(" ", ""),))


def ground_for(size: Size, rng: Generator) -> Ground:
    """Pick the kelurahan of a size and lay out RT and streets."""
    chosen = tuple(area for area in all_kelurahan() if area.code.startswith(size.areas))
    total = sum(area.weight for area in chosen)
    people = np.array([area.weight for area in chosen]) * size.persons / total
    rt_count = np.maximum(1, np.round(people / PERSONS_PER_RT)).astype(np.int64)
    return Ground(chosen, rt_count, tuple(_streets(rng) for _ in chosen))


def _streets(rng: Generator) -> tuple[str, ...]:
    """Street texts of one kelurahan: main streets, alleys off them, an estate or two."""
    main = [row["nama_jalan"].upper() for row in data_rows("jalan.csv")]
    roads = [str(road) for road in rng.choice(main, size=5, replace=False)]
    alleys = [str(name).upper() for name in rng.choice(_ALLEYS, size=18, replace=False)]
    estates = [str(name).upper() for name in rng.choice(_ESTATES, size=2, replace=False)]
    named = [f"LRG. {name}" for name in alleys[:10]]
    off_road = [f"{roads[i % 5]} LRG. {name}" for i, name in enumerate(alleys[10:])]
    return (*roads, *named, *off_road, *(f"PERUM {name}" for name in estates))
