"""PKH: a spreadsheet of payees, one a family, with components, titles above and a total below."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from pathlib import Path

import numpy as np

from kotacontoh.city import City
from kotacontoh.dates import day_first
from kotacontoh.draft import Draft, draft_of
from kotacontoh.files import Sheet, write_sheet
from kotacontoh.lists.delivery import Delivery
from kotacontoh.mistakes import spoil_draft
from kotacontoh.programmes import Programmes
from kotacontoh.rates import RATES
from kotacontoh.streams import Texts, texts

NUMERIC_NIK, SCIENTIFIC_NIK = (
    0.0018,
    0.0008,
)  # G; the office's own spreadsheet ate the last digit


def deliver(city: City, programmes: Programmes, out: Path) -> Delivery:
    """Write pkh.xlsx and return its delivery."""
    chosen = programmes.pkh()
    draft = spoil_draft(city, draft_of(city, "pkh", chosen.people), RATES["pkh"])
    nik = eaten_by_spreadsheet(city, draft)
    values = _columns(city, programmes, draft, nik)
    count = len(draft)
    sheet = Sheet(
        titles=(
            "DAFTAR KELUARGA PENERIMA MANFAAT PROGRAM KELUARGA HARAPAN",
            "KOTA JAMBI - TAHAP I TAHUN 2026",
            "Sumber: Dinas Sosial (data contoh, bukan orang sungguhan)",
        ),
        blank_after=frozenset(range(max(7, count // 9), count, max(7, count // 9))),
        total=((1, "JUMLAH"), (3, f"{count} KPM")),
        name="KPM",
    )
    write_sheet(out / "lists" / "pkh.xlsx", list(values), list(values.values()), sheet)
    return Delivery(
        "lists/pkh.xlsx",
        "pkh",
        "2026-03-31",
        "SK penetapan KPM PKH tahap I 2026 (contoh)",
        "list",
        draft,
        chosen.planted,
    )


def eaten_by_spreadsheet(city: City, draft: Draft) -> Texts:
    """NIK cells: mostly text; some became numbers and lost the last digit for ever."""
    rng = city.streams.numpy(f"cells {draft.list_code}")
    dice = rng.random(len(draft))
    cells = draft.columns["nik"].copy()
    whole = np.array([len(nik) == 16 for nik in cells])
    for row in np.flatnonzero(whole & (dice < NUMERIC_NIK + SCIENTIFIC_NIK)).tolist():
        nik = cells[row]
        as_number = dice[row] < NUMERIC_NIK
        cells[row] = float(nik[:15] + "0") if as_number else f"{nik[0]},{nik[1:6]}E+15"
        draft.errors[row].append("nik_numeric" if as_number else "nik_scientific")
    return cells


def _columns(city: City, programmes: Programmes, draft: Draft, nik: Texts) -> dict[str, Texts]:
    columns = draft.columns
    home = city.members.household[draft.person]
    counts = {name: texts(values[home].tolist()) for name, values in programmes.components.items()}
    return {
        "NAMA PENGURUS": columns["name"],
        "NIK": nik,
        "NO. KK": columns["kk"],
        "TEMPAT LAHIR": columns["birthplace"],
        "TGL LAHIR": day_first(columns["birth"], "/"),
        "NAMA IBU KANDUNG": columns["mother"],
        "ALAMAT": columns["street"],
        "RT": columns["rt"],
        "RW": columns["rw"],
        "KELURAHAN": columns["kel"],
        "KECAMATAN": columns["kec"],
        **counts,
        "STATUS": np.full(len(draft), "AKTIF", dtype=object),
    }
