"""The kelurahan's list of poor heads: name, RT and a free address; NIK for three in five."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from pathlib import Path
from random import Random

from kotacontoh.city import City
from kotacontoh.dates import day_first
from kotacontoh.draft import Draft, draft_of, repeat_some
from kotacontoh.files import Sheet, write_sheet
from kotacontoh.lists.delivery import Delivery
from kotacontoh.mistakes import spoil_draft
from kotacontoh.programmes import Programmes
from kotacontoh.rates import CONTENT, RATES
from kotacontoh.streams import Texts, texts

AGE_COLUMN = 0.3  # rows where somebody wrote an age, off by up to two years (G)


def deliver(city: City, programmes: Programmes, out: Path) -> Delivery:
    """Write kelurahan.xlsx and return its delivery."""
    chosen = programmes.kelurahan()
    draft = draft_of(city, "kelurahan", chosen.people)
    draft.extra = {"_planted": texts(chosen.planted.tolist())}
    share = CONTENT["kelurahan"]["double_row"].share
    draft = repeat_some(draft, share, city.streams.numpy("kelurahan 2"))
    draft = spoil_draft(city, draft, RATES["kelurahan"])
    values = _columns(city, draft)
    sheet = Sheet(
        titles=(
            "DATA WARGA KURANG MAMPU USULAN RT",
            "Hasil musyawarah kelurahan 2026 (contoh)",
        ),
        total=((1, "Jumlah seluruhnya"), (2, len(draft))),
        name="Usulan",
    )
    write_sheet(out / "lists" / "kelurahan.xlsx", list(values), list(values.values()), sheet)
    return Delivery(
        "lists/kelurahan.xlsx",
        "kelurahan",
        "2026-06-10",
        "Berita acara musyawarah kelurahan 2026 (contoh)",
        "list",
        draft,
        draft.extra["_planted"].astype(bool),
    )


def _columns(city: City, draft: Draft) -> dict[str, Texts]:
    rnd = city.streams.plain("kelurahan addresses")
    columns = draft.columns
    rows = zip(columns["street"], columns["rt"], columns["kel"], strict=True)
    return {
        "NAMA KEPALA KELUARGA": columns["name"],
        "NIK": columns["nik"],
        "TGL/TAHUN LAHIR": day_first(columns["birth"]),
        "UMUR": _ages(city, draft),
        "ALAMAT": texts([free_address(street, rt, kel, rnd) for street, rt, kel in rows]),
        "RT": texts([rt.lstrip("0") for rt in columns["rt"]]),
        "KELURAHAN": columns["kel"],
        "KETERANGAN": _remarks(city, draft),
    }


def free_address(street: str, rt: str, kel: str, rnd: Random) -> str:
    """An address as one says it: lower case, other short forms, RT and kelurahan inside or not."""
    text = street
    if rnd.random() < 0.5:
        text = text.replace("LRG.", rnd.choice(("LR", "LORONG", "Lrg")))
        text = text.replace("JL.", rnd.choice(("JLN", "JALAN", "Jl")))
    if rnd.random() < 0.35:
        text = text.split(" NO.")[0]
    if rt and rnd.random() < 0.5:
        text += rnd.choice((" RT {}", " RT.{:02d}", " Rt {:03d}", " RT {}/RW -")).format(int(rt))
    if rnd.random() < 0.25:
        text += f" Kel. {kel.title()}"
    return text.title() if rnd.random() < 0.4 else text


def _ages(city: City, draft: Draft) -> Texts:
    rng = city.streams.numpy("kelurahan ages")
    age = city.members.age()[draft.person] + rng.integers(-2, 3, len(draft))
    shown = rng.random(len(draft)) < AGE_COLUMN
    return texts([int(a) if s else None for a, s in zip(age, shown, strict=True)])


def _remarks(city: City, draft: Draft) -> Texts:
    rng = city.streams.numpy("kelurahan remarks")
    said = (
        "",
        "",
        "",
        "janda",
        "buruh lepas",
        "lansia",
        "rumah bocor",
        "sakit",
        "usulan baru",
    )
    return texts(said)[rng.integers(0, len(said), len(draft))].astype(object)
