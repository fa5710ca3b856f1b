"""PBI-JK: insured persons with card numbers, a tab-separated Latin-1 export."""

from pathlib import Path

import numpy as np

from kotacontoh.city import City
from kotacontoh.dates import day_first
from kotacontoh.draft import Draft, draft_of, repeat_some
from kotacontoh.files import write_csv
from kotacontoh.lists.delivery import Delivery
from kotacontoh.mistakes import spoil_draft
from kotacontoh.programmes import Programmes
from kotacontoh.rates import CONTENT, RATES
from kotacontoh.streams import Texts, texts


def deliver(city: City, programmes: Programmes, out: Path) -> Delivery:
    """Write pbi.csv and return its delivery."""
    chosen = programmes.pbi()
    rng = city.streams.numpy("pbi cards")
    draft = draft_of(city, "pbi", chosen.people)
    draft.extra = {"_planted": texts(chosen.planted.tolist())}
    draft = repeat_some(draft, CONTENT["pbi"]["double_row"].share, rng)
    # A double card is a second card: its number differs even where the person is the same.
    serial = rng.permutation(10_000_000)[: len(draft)]
    draft.extra["NOKA"] = texts([f"0003{number:09d}" for number in serial.tolist()])
    draft = spoil_draft(city, draft, RATES["pbi"])
    values = _columns(draft)
    path = out / "lists" / "pbi.csv"
    write_csv(path, list(values), list(values.values()), delimiter="\t", encoding="latin-1")
    return Delivery(
        "lists/pbi.csv",
        "pbi",
        "2026-05-01",
        "SK peserta PBI-JK (contoh)",
        "list",
        draft,
        draft.extra["_planted"].astype(bool),
    )


def _columns(draft: Draft) -> dict[str, Texts]:
    columns = draft.columns
    # Latin-1 signs beyond ASCII occur in such exports: N° before the house number.
    street = [
        text.replace("NO.", "N°") if row % 97 == 0 else text
        for row, text in enumerate(columns["street"])
    ]
    return {
        "NOKA": draft.extra["NOKA"],
        "NIK": columns["nik"],
        "NO KARTU KELUARGA": columns["kk"],
        "NAMA PESERTA": columns["name"],
        "SEX": columns["sex"],
        "TGLLAHIR": day_first(columns["birth"]),
        "ALAMAT": texts(street),
        "RT": columns["rt"],
        "RW": columns["rw"],
        "NMKEL": columns["kel"],
        "NMKEC": columns["kec"],
        "SEGMEN": np.full(len(draft), "PBI APBN", dtype=object),
    }
