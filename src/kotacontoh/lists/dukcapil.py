"""The civil register: every resident it knows, some who left or died, some registered twice."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from pathlib import Path

import numpy as np

from kotacontoh import spoil
from kotacontoh.attributes import EDUCATION
from kotacontoh.city import City
from kotacontoh.dates import day_first
from kotacontoh.draft import Draft, draft_of
from kotacontoh.files import write_csv
from kotacontoh.lists.delivery import Delivery
from kotacontoh.mistakes import Desk, spoil_draft
from kotacontoh.rates import CONTENT, RATES
from kotacontoh.streams import Generator, Ints, texts, words

HEADER = words(
    "NIK NO_KK NAMA_LGKP JENIS_KLMIN TMPT_LHR TGL_LHR AGAMA STAT_HBKEL STATUS_KAWIN PENDIDIKAN "
    "PEKERJAAN NAMA_LGKP_IBU ALAMAT NO_RT NO_RW KODE_KEL NAMA_KEL NAMA_KEC"
)
RELATION = (
    "",
    "KEPALA KELUARGA",
    "ISTRI",
    "ANAK",
    "MENANTU",
    "CUCU",
    "ORANG TUA",
    "PEMBANTU",
    "FAMILI LAIN",
)
MARITAL = ("", "BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
MISSED_BABIES = 0.22  # of the children under two (G): births are registered late

# How a second registration differs (G): a new NIK, a mistyped one, or the same one.
NEW_NIK, TYPED_NIK = 0.5, 0.3
SECOND_CHANGES = {
    "name_typed": 0.3,
    "name_heard": 0.3,
    "name_shortened": 0.15,
    "birth_wrong": 0.22,
    "birth_swapped": 0.06,
    "birth_new_year": 0.06,
    "mother_heard": 0.25,
    "mother_typed": 0.2,
    "mother_missing": 0.08,
    "address_stale": 0.6,
    "kk_wrong": 0.8,
}


def deliver(city: City, out: Path) -> Delivery:
    """Write dukcapil.csv and return its delivery."""
    rng = city.streams.numpy("dukcapil people")
    draft = spoil_draft(city, draft_of(city, "dukcapil", _registered(city, rng)), RATES["dukcapil"])
    draft = _with_second_registrations(city, draft, rng)
    _write(city, draft, out / "lists" / "dukcapil.csv")
    return Delivery(
        "lists/dukcapil.csv",
        "dukcapil",
        "2026-01-31",
        "Perjanjian kerja sama pemanfaatan data kependudukan (contoh)",
        "register",
        draft,
    )


def _registered(city: City, rng: Generator) -> Ints:
    """People in the register, in the order of area and family."""
    share = CONTENT["dukcapil"]
    baby = city.members.age() < 2
    babies = float((baby & city.living()).sum()) * MISSED_BABIES
    others = float((~baby & city.living()).sum())
    missed = max(0.002, (share["uncovered"].share * city.size.persons - babies) / others)
    covered = rng.random(len(city)) >= np.where(baby, MISSED_BABIES, missed)
    known = np.flatnonzero(city.living() & covered)
    total = len(known) / (1 - share["moved_out"].share - share["dead"].share)
    gone, dead = (
        rng.choice(np.flatnonzero(pool), round(total * share[name].share), replace=False)
        for name, pool in (("moved_out", city.moved()), ("dead", city.members.dead))
    )
    return np.sort(np.concatenate([known, gone, dead]))


def _with_second_registrations(city: City, draft: Draft, rng: Generator) -> Draft:
    """Insert second rows of some people, half of them near the first."""
    count = max(2, round(len(draft) * CONTENT["dukcapil"]["duplicates"].share))
    again = np.sort(rng.choice(len(draft), size=count, replace=False))
    second = draft_of(city, "dukcapil second", draft.person[again])
    second.what[:] = "duplicate_in_list"
    _change(city, second)
    near = again + rng.integers(1, 60, count)
    place = np.where(rng.random(count) < 0.5, near, rng.integers(0, len(draft), count)) + 0.5
    order = np.argsort(np.concatenate([np.arange(len(draft)), place]), kind="stable")
    return _stacked(draft, second).reordered(order)


def _stacked(first: Draft, second: Draft) -> Draft:
    return Draft(
        first.list_code,
        np.concatenate([first.person, second.person]),
        {name: texts([*column, *second.columns[name]]) for name, column in first.columns.items()},
        first.errors + second.errors,
        texts([*first.what, *second.what]),
        np.concatenate([first.careless, second.careless]),
    )


def _change(city: City, second: Draft) -> None:
    desk, taken = Desk(city, second), set(city.nik)
    for row in range(len(second)):
        kind = desk.rnd.random()
        nik = desk.read("nik", row)
        if kind < NEW_NIK:
            nik = _fresh_nik(nik, desk, taken)
        elif kind < NEW_NIK + TYPED_NIK:
            while nik in taken:
                nik = spoil.wrong_digit(str(city.nik[second.person[row]]), desk.rnd)
        if nik != desk.read("nik", row):
            second.errors[row].append("nik_second")
        taken.add(nik)
        desk.write("nik", row, nik)
        for mistake, share in SECOND_CHANGES.items():
            if desk.rnd.random() < share:
                desk.apply(mistake, row)


def _fresh_nik(nik: str, desk: Desk, taken: set[str]) -> str:
    """The next free serial in another kecamatan, as a second registration would get it."""
    stem = spoil.wrong_region(nik, desk.rnd)[:12]
    serial = 1
    while f"{stem}{serial:04d}" in taken:
        serial += 1
    return f"{stem}{serial:04d}"


def _write(city: City, draft: Draft, path: Path) -> None:
    columns, facts = draft.columns, city.attributes
    person = draft.person
    values = {
        "NIK": columns["nik"],
        "NO_KK": columns["kk"],
        "NAMA_LGKP": columns["name"],
        "JENIS_KLMIN": texts(
            ["LAKI-LAKI" if sex == "L" else "PEREMPUAN" for sex in columns["sex"]]
        ),
        "TMPT_LHR": columns["birthplace"],
        "TGL_LHR": day_first(columns["birth"]),
        "AGAMA": facts.religion[person],
        "STAT_HBKEL": texts(RELATION)[city.members.card_role[person]],
        "STATUS_KAWIN": texts(MARITAL)[facts.marital[person]],
        "PENDIDIKAN": texts(EDUCATION)[facts.education[person]],
        "PEKERJAAN": facts.occupation[person],
        "NAMA_LGKP_IBU": columns["mother"],
        "ALAMAT": columns["street"],
        "NO_RT": columns["rt"],
        "NO_RW": columns["rw"],
        "KODE_KEL": texts([code.replace(".", "") for code in columns["code"]]),
        "NAMA_KEL": columns["kel"],
        "NAMA_KEC": columns["kec"],
    }
    write_csv(path, HEADER, [values[name] for name in HEADER])
