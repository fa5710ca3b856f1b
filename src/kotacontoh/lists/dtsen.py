"""The social registry extract: persons of listed families with housing, assets and decile."""

from pathlib import Path

import numpy as np

from kotacontoh.attributes import TRAITS
from kotacontoh.city import City
from kotacontoh.draft import Draft, draft_of, repeat_some
from kotacontoh.files import write_csv
from kotacontoh.lists.delivery import Delivery
from kotacontoh.mistakes import spoil_draft
from kotacontoh.programmes import Programmes
from kotacontoh.rates import CONTENT, RATES
from kotacontoh.streams import Ints, Texts, texts

# DTSEN school codes by our education index (domain.md 3.3, 'level').
LEVEL = (23, 3, 3, 8, 13, 18, 18, 19, 21, 22)
# Health workers flag only some of the dead (G).
FLAGGED_DEAD = 0.3


def deliver(city: City, programmes: Programmes, out: Path) -> Delivery:
    """Write dtsen.csv (``;``, UTF-8 with byte order mark) and return its delivery."""
    draft = draft_of(city, "dtsen", programmes.dtsen())
    draft.extra = _facts(city, programmes, draft.person)
    draft = repeat_some(draft, CONTENT["dtsen"]["double_row"].share, city.streams.numpy("dtsen 2"))
    draft = spoil_draft(city, draft, RATES["dtsen"])
    values = {**_identity(draft), **draft.extra}
    path = out / "lists" / "dtsen.csv"
    write_csv(path, list(values), list(values.values()), delimiter=";", encoding="utf-8-sig")
    return Delivery(
        "lists/dtsen.csv",
        "dtsen",
        "2026-02-20",
        "Inpres 4/2025; berita acara serah terima DTSEN (contoh)",
        "list",
        draft,
    )


def _identity(draft: Draft) -> dict[str, Texts]:
    columns = draft.columns
    return {
        "cut_off": _same(draft, "2026-T1"),
        "nik": columns["nik"],
        "no_kk": columns["kk"],
        "nama": columns["name"],
        "jenis_kelamin": texts(["1" if sex == "L" else "2" for sex in columns["sex"]]),
        "tempat_lahir": columns["birthplace"],
        "tanggal_lahir": columns["birth"],
        "nama_ibu_kandung": columns["mother"],
        "alamat": columns["street"],
        "rt": columns["rt"],
        "rw": columns["rw"],
        "kode_kelurahan": columns["code"],
        "nama_kelurahan": columns["kel"],
        "kode_kecamatan": texts([code[:8] for code in columns["code"]]),
        "nama_kecamatan": columns["kec"],
    }


def _same(draft: Draft, value: str) -> Texts:
    return np.full(len(draft), value, dtype=object)


def _facts(city: City, programmes: Programmes, people: Ints) -> dict[str, Texts]:
    """Columns nobody mistypes here: codes of the family and of the person."""
    home = city.members.household[people]
    facts = city.attributes
    family = np.bincount(np.unique(city.members.family, return_inverse=True)[1])
    family_size = family[np.unique(city.members.family, return_inverse=True)[1]]
    numbers = {
        "id_hub_kepala_keluarga": city.members.card_role[people],
        "id_status_perkawinan": facts.marital[people],
        "id_jenjang_pendidikan": np.array(LEVEL)[facts.education[people]],
        "id_partisipasi_sekolah": _school_code(city, people),
        "id_disabilitas": facts.disability[people],
        "jumlah_anggota_keluarga": family_size[people],
        "desil_nasional": programmes.decile[home],
        "luas_lantai_bangunan": facts.floor_m2[home],
        **{trait.name: facts.home[trait.name][home] for trait in TRAITS},
    }
    columns = {name: texts(column.astype(str).tolist()) for name, column in numbers.items()}
    columns["pekerjaan_utama"] = facts.occupation[people]
    columns["status_dtsen"] = _status(city, people)
    return columns


def _school_code(city: City, people: Ints) -> Ints:
    """1 never, 2 attending, 3 no longer."""
    facts = city.attributes
    attending = facts.grade[people] > 0
    return np.where(attending, 2, np.where(facts.education[people] == 0, 1, 3))


def _status(city: City, people: Ints) -> Texts:
    rng = city.streams.numpy("dtsen status")
    flagged = city.members.dead[people] & (rng.random(len(people)) < FLAGGED_DEAD)
    return texts(np.where(flagged, "DTSEN AKTIF ASESMEN MENINGGAL", "DTSEN AKTIF").tolist())
