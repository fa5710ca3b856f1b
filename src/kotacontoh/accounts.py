"""One account a role in the demo, so that a new user can walk through every door.

They are made with the product's own commands, like an administrator would.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kotacontoh.tour import Product, Say

# Of invented people on a machine that answers to itself alone.
PASSWORD = "coba-entas-2026"  # noqa: S105
_OWN, _NEXT, _DISTRICT, _CITY = "kelurahan", "kelurahan lain", "kecamatan", "kota"


@dataclass(frozen=True)
class Account:
    """Who signs in: a name, an office, where it is held and for which agency."""

    username: str
    name: str
    role: str
    where: str
    agency: str = ""


ACCOUNTS = (
    Account("fasilitator", "Fitri (fasilitator)", "facilitator", _OWN),
    Account("front", "Farida (petugas front office)", "front_office", _OWN),
    Account("front2", "Hasan (front office kelurahan lain)", "front_office", _NEXT),
    Account("back", "Budi (petugas back office)", "back_office", _OWN),
    Account("koordinator", "Kartini (koordinator Puskesos)", "puskesos_coordinator", _OWN),
    Account("supervisor", "Suryadi (supervisor kecamatan)", "supervisor", _DISTRICT),
    Account("manajer", "Maimunah (manajer SLRT)", "slrt_manager", _CITY, "dinsos"),
    Account("rujukan", "Rahmat (petugas rujukan OPD)", "opd_handler", _CITY, "dinkes"),
    Account("operator", "Oktavia (operator SIKS-NG)", "data_operator", _CITY, "dinsos"),
    Account("pembaca", "Putri (pembaca TKPK)", "tkpk_viewer", _CITY, "bappeda"),
    Account("tkpk", "Taufik (sekretariat TKPK)", "tkpk_secretariat", _CITY, "bappeda"),
    Account("opd", "Olga (petugas OPD)", "agency_officer", _CITY, "disdik"),
    Account("data", "Dewi (penanggung jawab data)", "data_steward", _CITY, "dinsos"),
    Account("pelindung", "Pandu (pejabat pelindungan data)", "data_protection_officer", _CITY),
    Account("auditor", "Aulia (auditor)", "auditor", _CITY),
    Account("pimpinan", "Diana (pimpinan)", "leader", _CITY),
    Account("admin", "Agus (administrator)", "administrator", _CITY, "diskominfo"),
)


def open_accounts(product: Product, folder: Path, say: Say) -> list[tuple[Account, str]]:
    """Make the accounts that are not there yet; gives each with the place its right holds in.

    Raises:
        TourStopped: the product refused one of them.
    """
    say("7. Membuka satu akun demo untuk tiap peran.")
    listed = product.run("city", "user", "list")["users"]
    known = {line["user"] for line in listed}
    areas = {area["number"]: area for area in product.run("city", "areas")["areas"]}
    places = _places(folder, areas)
    opened = []
    for account in ACCOUNTS:
        area = places[account.where]
        if account.username not in known:
            _open(product, account, area)
        opened.append((account, areas[area]["name"] if area else "seluruh kota"))
    _propose(product)
    return opened


def _places(folder: Path, areas: dict[int, Any]) -> dict[str, int]:
    """The two kelurahan with most people, the kecamatan of the first, and the city (0)."""
    counts: Counter[int] = Counter()
    with (folder / "truth" / "persons.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            counts[int(row["kelurahan"].replace(".", ""))] += 1
    (own, _), (other, _) = counts.most_common(2)
    return {_OWN: own, _NEXT: other, _DISTRICT: areas[own]["parent"], _CITY: 0}


def _open(product: Product, account: Account, area: int) -> None:
    words = ["city", "user", "add", account.username, "--name", account.name]
    words += ["--role", account.role]
    words += ["--area", str(area)] if area else []
    words += ["--agency", account.agency] if account.agency else []
    product.run(*words)
    product.run("city", "user", "password", account.username, "--own", typed=PASSWORD + "\n")


def _propose(product: Product) -> None:
    """Two corrections that wait for the coordinator, so that the first page has something on it."""
    if product.run("registry", "proposals")["proposals"]:
        return
    found = product.run("registry", "find", "SITI", acting="koordinator")["results"]
    for person in found[:2]:
        words = ("registry", "propose", str(person["id_warga"]), "--field", "birth_place")
        reason = ("--reason", "tertulis di akta kelahiran")
        product.run(*words, *reason, typed="MUARA BULIAN\n", acting="front")


def table(opened: list[tuple[Account, str]]) -> list[str]:
    """The accounts as lines for a terminal."""
    lines = [f"   {'akun':<12} {'peran':<26} wilayah"]
    lines += [f"   {one.username:<12} {one.role:<26} {place}" for one, place in opened]
    return lines
