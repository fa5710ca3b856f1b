"""Little lists for tests of the registry: written as an office would, taken in and linked."""

import csv
import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

AS_OF = dt.date(2026, 6, 1)
NOW = dt.datetime(2026, 6, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))

DUKCAPIL = (
    "NIK",
    "NO_KK",
    "NAMA_LGKP",
    "JENIS_KLMIN",
    "TMPT_LHR",
    "TGL_LHR",
    "STAT_HBKEL",
    "NAMA_LGKP_IBU",
    "ALAMAT",
    "NO_RT",
    "KODE_KEL",
)
_FIRST_NAMES = [
    "SUKARDI",
    "ROHANI",
    "DEDI",
    "ZURAIDA",
    "MAHMUD",
    "FITRI",
    "YUSUF",
    "HALIMAH",
    "BAMBANG",
    "KARTINI",
    "GUNAWAN",
    "LESTARI",
    "ILYAS",
    "NURJANAH",
    "TEGUH",
    "WINARTI",
]
_LAST_NAMES = [
    "SIREGAR",
    "NASUTION",
    "PRATAMA",
    "SIAHAAN",
    "WIJAYA",
    "KUSUMA",
    "TANJUNG",
    "HARAHAP",
    "LUBIS",
    "GINTING",
    "HIDAYAT",
    "PERMANA",
    "SAPUTRA",
    "MARPAUNG",
    "DAULAY",
    "BATUBARA",
    "ROZALI",
    "FIRDAUS",
    "ZULKIFLI",
]
_CARDS_OF = 4


def nik(number: int) -> str:
    """A reserved NIK of a man born on 14 October 1990, one for each number."""
    return f"157181141090{number:04d}"


def card(number: int) -> str:
    """A reserved KK number."""
    return f"157182010110{number:04d}"


def citizen(number: int, **other: str) -> dict[str, str]:
    """A row of the civil register, a different person for each number up to 300."""
    first = _FIRST_NAMES[number % len(_FIRST_NAMES)]
    last = _LAST_NAMES[(number // len(_FIRST_NAMES) + number) % len(_LAST_NAMES)]
    born = dt.date(1950 + number * 7 % 55, 1 + number % 12, 1 + number % 27)
    is_man = number % 2 == 0
    day = born.day if is_man else born.day + 40
    row = {
        "NIK": f"157181{day:02d}{born:%m%y}{number:04d}",
        "NO_KK": card(number // _CARDS_OF + 1),
        "NAMA_LGKP": f"{first} {last}",
        "JENIS_KLMIN": "LAKI-LAKI" if is_man else "PEREMPUAN",
        "TMPT_LHR": "JAMBI",
        "TGL_LHR": f"{born:%d-%m-%Y}",
        "STAT_HBKEL": "KEPALA KELUARGA" if number % _CARDS_OF == 0 else "ANAK",
        "NAMA_LGKP_IBU": f"SITI {_FIRST_NAMES[number // _CARDS_OF % 16]}",
        "ALAMAT": f"JL. MERDEKA NO. {number // _CARDS_OF + 1}",
        "NO_RT": f"{1 + number // 8:03d}",
        "KODE_KEL": "1571101003",
    }
    return row | other


def programme_row(row: Mapping[str, str]) -> dict[str, str]:
    """The same person as a programme's list (PBI) would have her."""
    return {
        "NOKA": row["NIK"][-4:] or "1",
        "NIK": row["NIK"],
        "NO KARTU KELUARGA": row["NO_KK"],
        "NAMA PESERTA": row["NAMA_LGKP"],
        "TGLLAHIR": row["TGL_LHR"],
        "ALAMAT": row["ALAMAT"],
        "RT": row["NO_RT"],
        "NMKEL": "LEGOK",
    }


def citizens(count: int) -> list[dict[str, str]]:
    """The first so many persons of the little town."""
    return [citizen(number) for number in range(1, count + 1)]


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], headers: Sequence[str] = ()) -> Path:
    """Write a list as CSV; the headers are those of its first row unless given."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(headers or rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def forget_copies() -> None:
    """What the last test left beside the database, which was rolled back: its copies."""
    from django.conf import settings

    from entas.registry.queries import ready

    shutil.rmtree(Path(settings.ENTAS_HOME) / "extracts", ignore_errors=True)
    ready._kept.clear()


class Office:
    """An office that delivers lists and has them linked, inside the test's own process."""

    def __init__(self, folder: Path, user: Any) -> None:
        forget_copies()
        self.folder, self.user, self.sent = folder, user, 0

    def deliver(
        self, rows: Iterable[Mapping[str, str]], source: str = "dukcapil", as_of: dt.date = AS_OF
    ) -> Any:
        """Import a list; gives the delivery."""
        from entas.sources.services import Arrival, import_list

        self.sent += 1
        path = write_csv(self.folder / f"daftar-{self.sent}.csv", rows)
        return import_list(arrival=Arrival(path, source, as_of), by=self.user, now=NOW).delivery

    def link(self) -> dict[str, Any]:
        """Link whatever waits."""
        from entas.registry.services.linking import link_lists

        return link_lists(by=self.user)

    def send(self, rows: Iterable[Mapping[str, str]], source: str = "dukcapil", **more: Any) -> Any:
        """Import a list and link it; gives the delivery."""
        delivery = self.deliver(rows, source, **more)
        self.link()
        return delivery


def links_of(delivery: Any) -> list[tuple[int, str, int | None]]:
    """(baris, decision, person) of every row of a list."""
    from entas.registry.models import Link

    found = Link.objects.filter(delivery=delivery, withdrawn=False).order_by("row")
    return list(found.values_list("row", "decision", "person_id"))


def shared_installation(request: Any, folder: Path) -> Iterator[Any]:
    """An empty installation for a whole module, of the kind ``empty_home`` gives a test."""
    plugins = request.config.pluginmanager.get_plugins()
    common = next(plugin for plugin in plugins if hasattr(plugin, "_fresh_database"))
    for url in common._fresh_database():
        env = {k: v for k, v in os.environ.items() if not k.startswith(("ENTAS_", "DJANGO_"))}
        home = folder / "entas-data"
        env |= {"ENTAS_HOME": str(home), "ENTAS_DATABASE_URL": url, "ENTAS_USER": "ani"}
        yield common.Installed(home, env)
