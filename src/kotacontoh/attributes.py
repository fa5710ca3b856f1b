"""What a visitor sees: housing, assets, schooling, work, disability. Codes are those of DTSEN."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from dataclasses import dataclass

import numpy as np

from kotacontoh.homes import Homes
from kotacontoh.members import FEMALE, HEAD, MALE, PARENT, SPOUSE, Members
from kotacontoh.streams import Bools, Floats, Generator, Ints, Streams, Texts, texts
from kotacontoh.welfare import Welfare


@dataclass(frozen=True)
class Trait:
    """A household attribute: loading on welfare and (code, share) from poorest to richest."""

    name: str
    loading: float
    shares: tuple[tuple[int, float], ...]
    source: str = "G"


def _yes(name: str, loading: float, share: float) -> Trait:
    return Trait(name, loading, ((2, 1 - share), (1, share)))


# Water: province 2018-2020 (kota-jambi.md 6), shifted to the piped city (G). All else G.
TRAITS = (
    Trait(
        "id_status_penguasaan_bangunan",
        0.35,
        ((3, 0.12), (2, 0.14), (4, 0.03), (1, 0.71)),
    ),
    Trait(
        "id_lantai_terluas",
        0.70,
        ((8, 0.012), (5, 0.115), (6, 0.20), (4, 0.07), (2, 0.543), (1, 0.06)),
    ),
    Trait("id_dinding_terluas", 0.62, ((4, 0.006), (6, 0.004), (3, 0.19), (1, 0.80))),
    Trait(
        "id_atap_terluas",
        0.40,
        ((7, 0.004), (4, 0.03), (3, 0.73), (2, 0.18), (1, 0.056)),
    ),
    Trait(
        "id_sumber_airminum",
        0.45,
        (
            (10, 0.03),
            (9, 0.02),
            (6, 0.08),
            (5, 0.2),
            (4, 0.12),
            (3, 0.2),
            (2, 0.27),
            (1, 0.08),
        ),
        "province 2020 + G",
    ),
    Trait("id_sumberpenerangan", 0.30, ((4, 0.002), (3, 0.004), (2, 0.044), (1, 0.95))),
    Trait(
        "id_dayapenerangan",
        0.72,
        ((1, 0.24), (2, 0.42), (3, 0.22), (4, 0.08), (5, 0.04)),
    ),
    Trait(
        "id_bb_utama",
        0.60,
        ((10, 0.025), (7, 0.005), (4, 0.84), (2, 0.05), (3, 0.07), (1, 0.01)),
    ),
    Trait(
        "id_fasilitas_bab",
        0.55,
        ((6, 0.012), (4, 0.01), (3, 0.012), (2, 0.034), (1, 0.932)),
        "sanitation 93.2 % of 2021",
    ),
    Trait("id_jenis_kloset", 0.45, ((4, 0.03), (3, 0.01), (2, 0.02), (1, 0.94))),
    Trait("id_pembuangan_tinja", 0.50, ((3, 0.05), (4, 0.06), (2, 0.02), (1, 0.87))),
    _yes("aset_bergerak_tabung_gas", 0.65, 0.12),
    _yes("aset_bergerak_lemari_es", 0.60, 0.74),
    _yes("aset_bergerak_ac", 0.72, 0.24),
    _yes("aset_bergerak_pemanas_air", 0.55, 0.03),
    _yes("aset_bergerak_telepon_rumah", 0.45, 0.02),
    _yes("aset_bergerak_tv_datar", 0.58, 0.52),
    _yes("aset_bergerak_emas_perhiasan", 0.60, 0.30),
    _yes("aset_bergerak_komputer_laptop_tablet", 0.66, 0.31),
    _yes("aset_bergerak_sepeda_motor", 0.45, 0.88),
    _yes("aset_bergerak_sepeda", 0.20, 0.22),
    _yes("aset_bergerak_mobil", 0.74, 0.19),
    _yes("aset_bergerak_perahu", -0.10, 0.01),
    _yes("aset_bergerak_smartphone", 0.45, 0.94),
    _yes("lahan_tempat_lain", 0.42, 0.17),
    _yes("rumah_tempat_lain", 0.45, 0.08),
)

# City, Dukcapil December 2024 (marginal.csv), all residents; the young are still in school.
EDUCATION = (
    "TIDAK/BELUM SEKOLAH",
    "BELUM TAMAT SD/SEDERAJAT",
    "TAMAT SD/SEDERAJAT",
    "SLTP/SEDERAJAT",
    "SLTA/SEDERAJAT",
    "DIPLOMA I/II",
    "AKADEMI/DIPLOMA III/S. MUDA",
    "DIPLOMA IV/STRATA I",
    "STRATA II",
    "STRATA III",
)
ADULT_EDUCATION = (0.02, 0.03, 0.14, 0.17, 0.455, 0.011, 0.033, 0.127, 0.013, 0.001)

OCCUPATION_MALE = (
    ("BURUH HARIAN LEPAS", 0.2),
    ("SOPIR", 0.05),
    ("NELAYAN/PERIKANAN", 0.02),
    ("PETANI/PEKEBUN", 0.06),
    ("TUKANG BATU", 0.03),
    ("PEDAGANG", 0.1),
    ("WIRASWASTA", 0.3),
    ("KARYAWAN SWASTA", 0.15),
    ("KARYAWAN HONORER", 0.02),
    ("TENTARA NASIONAL INDONESIA", 0.01),
    ("KEPOLISIAN RI", 0.01),
    ("PEGAWAI NEGERI SIPIL", 0.04),
    ("KARYAWAN BUMN", 0.01),
)
OCCUPATION_FEMALE = (
    ("MENGURUS RUMAH TANGGA", 0.6),
    ("BURUH HARIAN LEPAS", 0.06),
    ("PEDAGANG", 0.09),
    ("WIRASWASTA", 0.07),
    ("KARYAWAN SWASTA", 0.09),
    ("KARYAWAN HONORER", 0.02),
    ("GURU", 0.03),
    ("PEGAWAI NEGERI SIPIL", 0.04),
)
RELIGION = {
    "tionghoa": (
        ("BUDHA", 0.62),
        ("KATHOLIK", 0.15),
        ("KRISTEN", 0.15),
        ("KHONGHUCU", 0.05),
        ("ISLAM", 0.03),
    ),
    "batak": (("KRISTEN", 0.72), ("KATHOLIK", 0.1), ("ISLAM", 0.18)),
}

# Functional difficulty by age (G), and the share of it that is severe.
DISABLED_YOUNG, DISABLED_OLD, SEVERE = 0.012, 0.09, 0.22


@dataclass
class Attributes:
    """``home`` by trait name per household; the rest per person. ``grade`` 0 = not at school."""

    home: dict[str, Ints]
    floor_m2: Ints
    education: Ints
    occupation: Texts
    religion: Texts
    marital: Ints
    grade: Ints
    disability: Ints
    pregnant: Bools
    birthplace: Texts


def build_attributes(
    homes: Homes, members: Members, ethnic: Texts, welfare: Welfare, streams: Streams
) -> Attributes:
    """Draw every attribute so that its city share is exact and it leans on visible welfare."""
    rng = streams.numpy("attributes")
    home = {trait.name: graded(trait, welfare.visible, rng) for trait in TRAITS}
    area = np.exp(3.95 + 0.32 * welfare.visible + rng.normal(0, 0.38, len(homes)))
    visible = welfare.visible[members.household]
    age = members.age()
    education, grade = _schooling(age, visible, rng)
    marital = _marital(members, age, rng)
    disability = _disability(age, rng)
    fertile = (members.sex == FEMALE) & (members.spouse >= 0) & (age > 18) & (age < 43)
    pregnant = fertile & (rng.random(len(age)) < 0.06)
    return Attributes(
        home,
        area.clip(9, 400).astype(np.int64),
        education,
        _occupation(members, age, grade, visible, rng),
        _religion(ethnic, rng),
        marital,
        grade,
        disability,
        pregnant,
        _birthplace(len(age), rng),
    )


def graded(trait: Trait, visible: Floats, rng: Generator) -> Ints:
    """Codes of one trait: rank a noisy welfare score and cut it at the shares."""
    noise = (1 - trait.loading**2) ** 0.5 * rng.normal(size=len(visible))
    return _cut(trait.loading * visible + noise, trait.shares)


def _cut(score: Floats, shares: tuple[tuple[int, float], ...]) -> Ints:
    codes, weight = zip(*shares, strict=True)
    borders = np.round(np.cumsum(weight) / sum(weight) * len(score)).astype(int)
    place = np.empty(len(score), dtype=np.int64)
    place[np.argsort(score, kind="stable")] = np.arange(len(score))
    return np.array(codes, dtype=np.int64)[np.searchsorted(borders, place, side="right")]


def _schooling(age: Floats, visible: Floats, rng: Generator) -> tuple[Ints, Ints]:
    """Highest education (index into EDUCATION) and present grade 1..12, 13 = university."""
    decay = np.where(age > 50, -0.7, 0.0)
    score = 0.55 * visible + decay + 0.8 * rng.normal(size=len(age))
    education = np.zeros(len(age), dtype=np.int64)
    adult = age >= 19
    shares = tuple(enumerate(ADULT_EDUCATION))
    education[adult] = _cut(score[adult], shares)
    started = np.floor(age - 5.5).astype(np.int64)
    stays = rng.random(len(age)) < np.where(started <= 6, 0.985, np.where(started <= 9, 0.95, 0.85))
    grade = np.where((started >= 1) & (started <= 12) & stays, started, 0)
    grade[(age >= 18.5) & (age < 22) & (score > 0.9)] = 13
    education[~adult] = np.digitize(started[~adult], [1, 7, 10, 13])
    return education, grade


def _marital(members: Members, age: Floats, rng: Generator) -> Ints:
    """1 never, 2 married, 3 divorced, 4 widowed."""
    out = np.where(members.spouse >= 0, 2, 1)
    alone = (members.spouse < 0) & (age > 30) & np.isin(members.role, [HEAD, PARENT])
    widowed = rng.random(len(age)) < np.clip((age - 25) / 50, 0.2, 0.95)
    out[alone] = np.where(widowed[alone], 4, 3)
    return out


def _disability(age: Floats, rng: Generator) -> Ints:
    """0 none, 1 some, 2 severe."""
    any_kind = rng.random(len(age)) < np.where(age >= 65, DISABLED_OLD, DISABLED_YOUNG)
    return np.where(any_kind, np.where(rng.random(len(age)) < SEVERE, 2, 1), 0)


def _occupation(
    members: Members, age: Floats, grade: Ints, visible: Floats, rng: Generator
) -> Texts:
    out = np.full(len(age), "BELUM/TIDAK BEKERJA", dtype=object)
    out[grade > 0] = "PELAJAR/MAHASISWA"
    working = (age >= 19) & (grade == 0)
    for sex, options in ((MALE, OCCUPATION_MALE), (FEMALE, OCCUPATION_FEMALE)):
        index = np.flatnonzero(working & (members.sex == sex))
        score = 0.6 * visible[index] + 0.8 * rng.normal(size=len(index))
        names = texts([name for name, _ in options])
        shares = tuple((i, share) for i, (_, share) in enumerate(options))
        out[index] = names[_cut(score, shares)] if len(index) else out[index]
    idle = working & (members.role != SPOUSE) & (rng.random(len(age)) < 0.1)
    out[idle] = "BELUM/TIDAK BEKERJA"
    out[(age > 60) & (rng.random(len(age)) < 0.12) & (visible > 0.3)] = "PENSIUNAN"
    return out


def _religion(ethnic: Texts, rng: Generator) -> Texts:
    out = np.full(len(ethnic), "ISLAM", dtype=object)
    for group, options in RELIGION.items():
        index = np.flatnonzero(ethnic == group)
        names, share = zip(*options, strict=True)
        out[index] = texts(names)[rng.choice(len(names), size=len(index), p=share)]
    return out


def _birthplace(count: int, rng: Generator) -> Texts:
    places = (
        "JAMBI",
        "MUARO JAMBI",
        "PALEMBANG",
        "PADANG",
        "KERINCI",
        "MEDAN",
        "KUALA TUNGKAL",
        "MUARA BUNGO",
        "SAROLANGUN",
        "JAKARTA",
        "SEMARANG",
        "MUARA TEBO",
        "BANGKO",
    )
    share = np.array([0.62, 0.06, 0.05, 0.05, 0.04, 0.03, 0.03, 0.03, 0.02, 0.03, 0.01, 0.02, 0.01])
    return texts(places)[rng.choice(len(places), size=count, p=share / share.sum())]
