"""PIP: pupils by school with NISN and mother; the NIK is often not known to the school."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from pathlib import Path

import numpy as np

from kotacontoh.areas import data_rows
from kotacontoh.city import City
from kotacontoh.dates import as_cell
from kotacontoh.draft import Draft, draft_of, repeat_some
from kotacontoh.files import Sheet, write_sheet
from kotacontoh.lists.delivery import Delivery
from kotacontoh.mistakes import spoil_draft
from kotacontoh.programmes import Programmes
from kotacontoh.rates import CONTENT, RATES
from kotacontoh.streams import Ints, Texts, texts

AMOUNT = {"SD": 450_000, "SMP": 750_000, "SMA": 1_800_000}
SCHOOL_ELSEWHERE = 0.2  # pupils who cross into another kelurahan (G)


def deliver(city: City, programmes: Programmes, out: Path) -> Delivery:
    """Write pip.xlsx and return its delivery."""
    draft = draft_of(city, "pip", programmes.pip())
    draft.extra = _schooling(city, draft.person)
    draft = draft.reordered(np.lexsort((draft.extra["_class"], draft.extra["NAMA SEKOLAH"])))
    draft = repeat_some(draft, CONTENT["pip"]["double_row"].share, city.streams.numpy("pip 2"))
    draft = spoil_draft(city, draft, RATES["pip"])
    values = _columns(draft)
    sheet = Sheet(titles=("DATA SISWA PENERIMA PIP KOTA JAMBI TAHUN 2026",), name="Siswa")
    write_sheet(out / "lists" / "pip.xlsx", list(values), list(values.values()), sheet)
    return Delivery(
        "lists/pip.xlsx",
        "pip",
        "2026-04-15",
        "SK nominasi PIP 2026 (contoh)",
        "list",
        draft,
    )


def _schooling(city: City, people: Ints) -> dict[str, Texts]:
    """School, class and NISN of each pupil; the school lies mostly in the own kelurahan."""
    rng = city.streams.numpy("schools")
    grade = city.attributes.grade[people]
    stage = np.where(grade <= 6, "SD", np.where(grade <= 9, "SMP", "SMA"))
    area = city.homes.kelurahan[city.members.household[people]]
    away = rng.random(len(people)) < SCHOOL_ELSEWHERE
    area = np.where(away, rng.integers(0, len(city.ground.kelurahan), len(people)), area)
    number = rng.integers(0, 3, len(people))
    high = [row["nama"] for row in data_rows("sekolah_sma.csv")]
    names = [
        _school(str(s), city.ground.kelurahan[a].name, int(a), int(n), high)
        for s, a, n in zip(stage, area, number, strict=True)
    ]
    serial = rng.permutation(10_000_000)[: len(people)]
    years = [city.birth[p][1:4] for p in people.tolist()]
    return {
        "NISN": texts([f"{y}{n:07d}" for y, n in zip(years, serial, strict=True)]),
        "NAMA SEKOLAH": texts(names),
        "JENJANG": texts(stage.tolist()),
        "KELAS": texts(grade.tolist()),
        "NOMINAL": texts([AMOUNT[s] for s in stage]),
        "_class": texts(grade.tolist()),
    }


def _school(stage: str, area: str, index: int, number: int, high: list[str]) -> str:
    """Real names of high schools; the smaller schools are numbered by kelurahan (made up)."""
    if stage == "SMA":
        return high[(index * 3 + number) % len(high)]
    base = {"SD": 3, "SMP": 1}[stage]
    if number == 2:
        return f"{'MIS' if stage == 'SD' else 'MTSS'} {area.upper()}"
    return f"{stage}N {index * base + number + 1} KOTA JAMBI"


def _columns(draft: Draft) -> dict[str, Texts]:
    columns, extra = draft.columns, draft.extra
    dates = texts([as_cell(iso) for iso in columns["birth"]])
    return {
        "NISN": extra["NISN"],
        "NIK SISWA": columns["nik"],
        "NAMA PESERTA DIDIK": columns["name"],
        "L/P": columns["sex"],
        "TANGGAL LAHIR": dates,
        "NAMA IBU KANDUNG": columns["mother"],
        "NAMA SEKOLAH": extra["NAMA SEKOLAH"],
        "JENJANG": extra["JENJANG"],
        "KELAS": extra["KELAS"],
        "ALAMAT SISWA": texts(_free_addresses(columns)),
        "KELURAHAN": columns["kel"],
        "NOMINAL": extra["NOMINAL"],
    }


def _free_addresses(columns: dict[str, Texts]) -> list[str]:
    """Street with the RT inside the text, when the parents gave one."""
    rows = zip(columns["street"], columns["rt"], strict=True)
    return [f"{street} RT {int(rt)}" if rt else street for street, rt in rows]
