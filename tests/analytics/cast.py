"""A little town of invented people: the named cast, and neighbours enough to count names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from hypothesis import settings

from entas.analytics.linkage.compare import Evidence, Housemates, compare
from entas.analytics.linkage.frequencies import frequencies
from entas.analytics.linkage.keys import KeyTable, key_table, number_names, stable_hash
from entas.analytics.linkage.link import Links, RegisterIndex, register_index
from entas.analytics.normalise.names import parse_name
from entas.analytics.normalise.places import parse_place

# Fixed examples: a test that fails here fails everywhere.
EXAMPLES = settings(derandomize=True, max_examples=60, deadline=None)
L, P = 0, 1
HEAD, SPOUSE, CHILD = 1, 2, 3
KEL_A, KEL_B, KEL_A_NEW = 1571021001, 1571021002, 1571021009
# KEL_A_NEW was split off KEL_A.
PREDECESSOR = {KEL_A_NEW: KEL_A}


def nik_of(birth: int, sex: int, serial: int) -> int:
    """A NIK of the reserved range: day plus 40 for women."""
    day = birth % 100 + (40 if sex == P else 0)
    return int(f"157181{day:02d}{birth // 100 % 100:02d}{birth // 10_000 % 100:02d}{serial:04d}")


@dataclass(frozen=True)
class Someone:
    """A person of the register, or a row of a list about one; empty is "not known"."""

    name: str = ""
    birth: int = 0
    sex: int = -1
    nik: int = 0
    kk: int = 0
    mother: str = ""
    kel: int = 0
    rt: int = 0
    address: str = ""
    family: int = -1
    role: int = 0

    def but(self, **changes) -> "Someone":
        """The same person with some fields written otherwise."""
        return replace(self, **changes)

    def on_a_list(self) -> "Someone":
        """The same person as a list tells of him or her: lists know no register family."""
        return self.but(family=-1, role=0)


def table(people: Sequence[Someone]) -> KeyTable:
    """Keys of these people, one row each."""
    name, names = number_names(" ".join(parse_name(one.name).sound) for one in people)
    mother, mothers = number_names(" ".join(parse_name(one.mother).sound) for one in people)
    places = [parse_place(one.address) for one in people]
    plain = {
        field: [getattr(one, field) for one in people]
        for field in ("nik", "kk", "birth", "sex", "kel", "rt", "family", "role")
    }
    plain |= {
        "name": name,
        "mother": mother,
        "kel_group": [PREDECESSOR.get(one.kel, one.kel) for one in people],
        "street": [stable_hash(place.street) for place in places],
        "house": [place.house for place in places],
    }
    return key_table(plain, names=names, mothers=mothers)


_FIRST = {
    L: "Agus Bambang Candra Dedi Eko Fajar Gunawan Hendra Irfan Joko Kurnia Lukman Mulyadi "
    "Nurdin Oki Purnomo Ridwan Slamet Taufik Usman Wahyu Yusuf Zainal Rahmat Hasan",
    P: "Aminah Bunga Cici Dewi Endang Fatimah Gita Halimah Indah Juwita Kartini Lestari Maryam "
    "Nurhayati Oktavia Puspita Ratna Sri Tuti Umi Wati Yuliana Zubaidah Rohana Sulastri",
}
_LAST = (
    "Saputra Hidayat Siregar Pratama Wijaya Nasution Santoso Lubis Setiawan Harahap Kurniawan "
    "Simanjuntak Firmansyah Tanjung Gunadi Sihombing Maulana Chaniago Syahputra Piliang Utama "
    "Koto Anggara Ginting Permana Sitorus Wibowo Manurung Nugroho Rangkuti"
)
_STREETS = "Melati Kenanga Cempaka Mawar Anggrek Dahlia Teratai Flamboyan"


def neighbours(families: int, *, seed: int = 5, first_family: int = 100) -> list[Someone]:
    """Families of four in two kelurahan: father, mother, and two children."""
    # Invented people need a seed, not a secret.
    random = Random(seed)  # noqa: S311
    people = []
    for number in range(first_family, first_family + families):
        home = {
            "kk": 1571810101200000 + number,
            "kel": random.choice((KEL_A, KEL_B)),
            "rt": random.randint(1, 30),
            "address": f"Jl. {random.choice(_STREETS.split())} No. {random.randint(1, 90)}",
            "family": number,
        }
        wife = f"{random.choice(_FIRST[P].split())} {random.choice(_LAST.split())}"
        for role, sex, years in (
            (HEAD, L, 1975),
            (SPOUSE, P, 1978),
            (CHILD, -1, 2003),
            (CHILD, -1, 2007),
        ):
            people.append(_neighbour(random, home, wife, role, sex, years))
    return people


def _neighbour(random: Random, home: dict, wife: str, role: int, sex: int, years: int) -> Someone:
    sex = random.choice((L, P)) if sex < 0 else sex
    birth = (years + random.randint(-12, 4)) * 10_000 + random.randint(1, 12) * 100
    birth += random.randint(1, 28)
    own_name = f"{random.choice(_FIRST[sex].split())} {random.choice(_LAST.split())}"
    grandmother = f"{random.choice(_FIRST[P].split())} {random.choice(_LAST.split())}"
    return Someone(
        name=wife if role == SPOUSE else own_name,
        birth=birth,
        sex=sex,
        nik=nik_of(birth, sex, random.randint(1, 9999)),
        mother=wife if role == CHILD else grandmother,
        role=role,
        **home,
    )


_HOME = {
    "kk": 1571810101100001,
    "kel": KEL_A,
    "rt": 7,
    "address": "Lrg. Durian No. 12",
    "family": 1,
}
BUDI = Someone(
    "Budi Prasetyo", 19800517, L, nik_of(19800517, L, 11), mother="Suminah", role=HEAD, **_HOME
)
ANI = Someone(
    "Ani Rosmawati", 19830928, P, nik_of(19830928, P, 12), mother="Kasiyem", role=SPOUSE, **_HOME
)
CITRA = Someone(
    "Citra Ayuningtyas",
    20060203,
    P,
    nik_of(20060203, P, 13),
    mother="Ani Rosmawati",
    role=CHILD,
    **_HOME,
)
# Twins: one date, one mother, one home, neighbouring numbers.
DANI = Someone(
    "Dani Prasetyo",
    20100811,
    L,
    nik_of(20100811, L, 14),
    mother="Ani Rosmawati",
    role=CHILD,
    **_HOME,
)
DINO = DANI.but(name="Dino Prasetyo", nik=nik_of(20100811, L, 15))
CAST = [BUDI, ANI, CITRA, DANI, DINO]


def town(*more: Someone, families: int = 350, same_person=None) -> RegisterIndex:
    """A register whose first rows are the cast, then ``more``, then neighbours."""
    return register_index(table([*CAST, *more, *neighbours(families)]), same_person=same_person)


def row_of(person: Someone) -> int:
    """Register row of one of the cast in ``town()``."""
    return CAST.index(person)


def pair(one: Someone, other: Someone) -> Evidence:
    """Evidence on a list row and a person, as if nobody else were registered."""
    left, right = table([one]), table([other])
    zero = np.zeros(1, np.int32)
    return compare(left, zero, right, zero, frequencies(right), Housemates(right))


def verdicts(links: Links) -> list[tuple[int, int, int]]:
    """(verdict, person, earlier) a row, for comparing two runs."""
    return list(
        zip(links.verdict.tolist(), links.person.tolist(), links.earlier.tolist(), strict=True)
    )
