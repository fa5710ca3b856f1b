"""A programme's own list to be checked ("adu data"): every mistake there is, and strangers."""

from pathlib import Path

import numpy as np

from kotacontoh.city import City
from kotacontoh.dates import day_first, mixed
from kotacontoh.draft import Draft, draft_of, repeat_some
from kotacontoh.files import Sheet, write_csv, write_sheet
from kotacontoh.lists.delivery import Delivery
from kotacontoh.lists.pkh import eaten_by_spreadsheet
from kotacontoh.mistakes import spoil_draft
from kotacontoh.programmes import Chosen, Programmes
from kotacontoh.rates import CONTENT, RATES
from kotacontoh.streams import Texts, texts

TITLE_CASE = 0.3  # rows not written in capitals (G)


def deliver_sheet(city: City, programmes: Programmes, rows: int, out: Path) -> Delivery:
    """Write cek-60k.xlsx (its rows shrink and grow with the city) and return its delivery."""
    draft, planted = _draft(city, programmes.check(rows, "cek-60k"), "cek-60k")
    nik = eaten_by_spreadsheet(city, draft)
    rng = city.streams.numpy("cek-60k dates")
    dates = mixed(draft.columns["birth"], rng, cells=0.10, worded=0.01)
    values = _columns(draft, nik, dates)
    sheet = Sheet(titles=("DAFTAR PENERIMA BANTUAN", "Periode Juni 2026"), name="Penerima")
    write_sheet(out / "lists" / "cek-60k.xlsx", list(values), list(values.values()), sheet)
    return _delivery("lists/cek-60k.xlsx", "cek-60k", draft, planted)


def deliver_long(city: City, programmes: Programmes, rows: int, out: Path) -> Delivery:
    """Write cek-200k.csv and return its delivery."""
    draft, planted = _draft(city, programmes.check(rows, "cek-200k"), "cek-200k")
    values = _columns(draft, draft.columns["nik"], day_first(draft.columns["birth"]))
    write_csv(out / "lists" / "cek-200k.csv", list(values), list(values.values()))
    return _delivery("lists/cek-200k.csv", "cek-200k", draft, planted)


def _delivery(file: str, source: str, draft: Draft, planted: Texts) -> Delivery:
    basis = "Permintaan adu data OPD (contoh)"
    return Delivery(file, source, "2026-06-30", basis, "check", draft, planted.astype(bool))


def _draft(city: City, chosen: Chosen, name: str) -> tuple[Draft, Texts]:
    draft = draft_of(city, name, chosen.people)
    draft.what[city.outside()[chosen.people]] = "stranger"
    draft.extra = {"_planted": texts(chosen.planted.tolist())}
    share = CONTENT["cek"]["double_row"].share
    draft = repeat_some(draft, share, city.streams.numpy(f"{name} 2"))
    draft = spoil_draft(city, draft, RATES["cek"])
    return draft, draft.extra["_planted"]


def _columns(draft: Draft, nik: Texts, dates: Texts) -> dict[str, Texts]:
    columns = draft.columns
    lower = np.arange(len(draft)) % 10 < TITLE_CASE * 10
    name = [text.title() if low else text for text, low in zip(columns["name"], lower, strict=True)]
    return {
        "NIK": nik,
        "No KK": columns["kk"],
        "Nama Penerima": texts(name),
        "JK": columns["sex"],
        "Tempat Lahir": columns["birthplace"],
        "Tgl Lahir": dates,
        "Nama Ibu": columns["mother"],
        "Alamat": columns["street"],
        "RT": columns["rt"],
        "RW": columns["rw"],
        "Kelurahan": columns["kel"],
        "Kecamatan": columns["kec"],
    }
