"""What Entas is, which version runs here, whose work stands in it, where its data comes from."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from entas.city.models import Right
from entas.web.frame import PUBLIC, WebRequest, page

Words = str | Promise
REPOSITORY_LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody else's work that stands in Entas."""

    name: str
    version: str
    licence: str
    used_for: Words


@dataclass(frozen=True, slots=True)
class Data:
    """Data that comes with Entas; ``files`` names what it stands in (tests compare)."""

    words: Words
    origin: str
    on: Words
    licence: Words
    files: tuple[str, ...]


SHIPPED_PARTS = (
    Part("Tabler", "1.6.1", "MIT", _("tampilan halaman")),
    Part("htmx", "2.0.11", "0BSD", _("memperbarui sebagian halaman")),
    Part("Inter", "4.001", "OFL-1.1", _("huruf di layar dan di grafik")),
    Part("axe-core", "4.14.1", "MPL-2.0", _("hanya untuk uji keterbacaan, tidak ikut dipasang")),
)
_FACTS = _("fakta; tiap angka menyebut sumbernya")
DATA = (
    Data(
        _("Kode dan nama kecamatan dan kelurahan (Kemendagri)"),
        "cahyadsn/wilayah b7ad440a, Kepmendagri 300.2.2-2138/2025",
        "2025",
        "MIT",
        ("kelurahan.csv", "kecamatan.csv"),
    ),
    Data(
        _("Kode BPS kelurahan"),
        "HDX COD-AB Indonesia (OCHA, BPS), JfrAziz/indonesia-district 8d3de3cf",
        "2020-04-01",
        "CC BY-IGO",
        ("kelurahan.csv",),
    ),
    Data(_("Kode pos"), "cahyadsn/wilayah_kodepos 4fa8c592", "2025", "MIT", ("kelurahan.csv",)),
    Data(
        _("Batas 68 kelurahan"),
        "cahyadsn/wilayah_boundaries 3c5a7960",
        "2025",
        "MIT",
        ("kelurahan_68_2025.geojson",),
    ),
    Data(
        _("Batas 62 kelurahan dan 11 kecamatan"),
        "HDX COD-AB Indonesia (OCHA, BPS), JfrAziz/indonesia-district 8d3de3cf",
        "2020",
        "CC BY-IGO",
        ("kelurahan_62_2019.geojson", "kecamatan_11.geojson"),
    ),
    Data(
        _("Masa berlaku pembagian kelurahan"),
        "Perda 13/2014, Kepmendagri 050-145/2022, 300.2.2-2138/2025",
        _("hari mulai tebakan"),
        _("fakta"),
        ("edisi.csv",),
    ),
    Data(
        _("Angka resmi dan target"),
        "BPS, Dukcapil, Pemerintah Kota Jambi, pemberitaan",
        _("2002 sampai 2026"),
        _FACTS,
        ("angka.csv", "target.csv", "wilayah_angka.csv"),
    ),
    Data(
        _("Ejaan lain nama wilayah dan daftar perangkat daerah"),
        "Entas",
        _("tebakan sampai kota mengirim daftarnya"),
        "Apache-2.0",
        ("alias.csv", "opd.csv"),
    ),
    Data(
        _("Tujuan membuka dan mengekspor data"),
        "Entas",
        _("dasar hukum belum diperiksa bagian hukum kota"),
        "Apache-2.0",
        ("purposes.csv",),
    ),
)


def _licence_of(name: str) -> str:
    known = metadata(name)
    said = next((known[key] for key in ("License-Expression", "License") if key in known), "")
    if said and len(said) < 60:  # noqa: PLR2004 - some packages put the whole text there
        return said
    kinds = [line.split(" :: ") for line in known.get_all("Classifier") or []]
    return next((kind[-1] for kind in kinds if kind[0] == "License"), "")


@lru_cache(maxsize=1)
def python_parts() -> list[Part]:
    """The Python packages Entas stands on, as installed here."""
    parts = []
    for line in requires("entas") or []:
        if "extra ==" in line:
            continue
        name = re.split(r"[\[=<>!~; ]", line, maxsplit=1)[0]
        try:
            parts.append(Part(name, version(name), _licence_of(name), ""))
        except PackageNotFoundError:
            continue
    return sorted(parts, key=lambda part: part.name.lower())


def _data_protection_offices() -> list[str]:
    """Where the data protection officer sits; never a person's own number."""
    rights = (
        Right.objects.on(timezone.localdate())
        .filter(role=Right.Role.DATA_PROTECTION_OFFICER, user__is_active=True)
        .select_related("agency")
    )
    return sorted({right.agency.name if right.agency else "" for right in rights})


def about(request: WebRequest) -> HttpResponse:
    """Version, licence, parts, sources and duties; open to everybody."""
    return render(
        request,
        "web/about.html",
        {
            "section": "about",
            "version": version("entas"),
            "shipped": SHIPPED_PARTS,
            "packages": python_parts(),
            "data": DATA,
            "offices": _data_protection_offices(),
        },
    )


urlpatterns = [page("tentang/", about, name="about", act=PUBLIC)]
