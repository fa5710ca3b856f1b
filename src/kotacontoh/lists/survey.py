"""The calibration survey: sampled households with what they consume and what a visitor saw."""

from pathlib import Path

import numpy as np

from kotacontoh.attributes import EDUCATION, TRAITS
from kotacontoh.city import City
from kotacontoh.draft import Draft, draft_of
from kotacontoh.files import write_csv
from kotacontoh.homes import RESIDENT
from kotacontoh.lists.delivery import Delivery
from kotacontoh.mistakes import spoil_draft
from kotacontoh.rates import RATES
from kotacontoh.streams import Ints, Texts, texts

MEASUREMENT_SPREAD = 0.06  # in logs: diaries are kept by tired people (G)


def deliver(city: City, out: Path) -> Delivery:
    """Write survei.csv and return its delivery."""
    rng = city.streams.numpy("survey")
    resident = np.flatnonzero(city.homes.kind == RESIDENT)
    count = min(city.size.survey_households, len(resident))
    homes = np.sort(rng.choice(resident, size=count, replace=False))
    draft = spoil_draft(city, draft_of(city, "survei", city.homes.start[homes]), RATES["survei"])
    noise = np.exp(rng.normal(0, MEASUREMENT_SPREAD, count))
    spent = np.round(city.welfare.consumption[homes] * noise, -2).astype(int)
    values = _columns(city, draft, homes, spent, len(resident) / count)
    write_csv(out / "lists" / "survei.csv", list(values), list(values.values()))
    return Delivery(
        "lists/survei.csv",
        "survei",
        "2026-03-15",
        "Survei kalibrasi daerah 2026 (contoh)",
        "survey",
        draft,
    )


def _columns(city: City, draft: Draft, homes: Ints, spent: Ints, weight: float) -> dict[str, Texts]:
    facts, columns = city.attributes, draft.columns
    living = np.bincount(city.members.household[~city.members.dead], minlength=len(city.homes))
    head = draft.person
    return {
        "id_sampel": texts([f"S{number:05d}" for number in range(1, len(homes) + 1)]),
        "nik_krt": columns["nik"],
        "nama_krt": columns["name"],
        "kode_kelurahan": columns["code"],
        "nama_kelurahan": columns["kel"],
        "rt": columns["rt"],
        "penimbang": texts([f"{weight:.4f}"] * len(homes)),
        "jumlah_art": _numbers(living[homes]),
        "konsumsi_per_kapita_bulan": _numbers(spent),
        "pendidikan_krt": texts(EDUCATION)[facts.education[head]],
        "pekerjaan_krt": facts.occupation[head],
        "luas_lantai_bangunan": _numbers(facts.floor_m2[homes]),
        **{trait.name: _numbers(facts.home[trait.name][homes]) for trait in TRAITS},
    }


def _numbers(values: Ints) -> Texts:
    return texts(values.astype(str).tolist())
