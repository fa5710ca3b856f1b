"""Loading areas, agencies, purposes and official figures from the files that come with Entas."""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files

from django.db import transaction

from entas.audit.services import record
from entas.city.models import Agency, Area, AreaAlias, AreaEdition, AreaSuccession, Purpose
from entas.city.queries import forget_areas
from entas.city.resolver import place_key
from entas.city.services.shipped_figures import load_figures

_GUESS = "tebakan"


def _table(name: str) -> Iterator[dict[str, str]]:
    path = files("entas.city") / "data" / name
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


def _number(code: str) -> int:
    return int(code.replace(".", ""))


def _load_editions() -> dict[str, AreaEdition]:
    editions = {}
    for row in _table("edisi.csv"):
        editions[row["kode"]], _ = AreaEdition.objects.update_or_create(
            code=row["kode"],
            defaults={
                "name": row["nama"],
                "valid_from": dt.date.fromisoformat(row["berlaku_dari"]),
                "valid_to": dt.date.fromisoformat(end) if (end := row["berlaku_sampai"]) else None,
                "kelurahan_count": int(row["jumlah_kelurahan"]),
                "source": row["sumber"],
                "is_guess": _GUESS in row["status"],
            },
        )
    return editions


def _load_kecamatan(since: dt.date) -> None:
    for row in _table("kecamatan.csv"):
        Area.objects.update_or_create(
            number=_number(row["kode_kemendagri"]),
            defaults={
                "level": Area.Level.KECAMATAN,
                "name": row["nama"],
                "code_kemendagri": row["kode_kemendagri"],
                "code_bps": row["kode_bps"],
                "valid_from": since,
            },
        )


def _load_kelurahan(old: AreaEdition, new: AreaEdition) -> None:
    for row in _table("kelurahan.csv"):
        Area.objects.update_or_create(
            number=_number(row["kode_kemendagri"]),
            defaults={
                "level": Area.Level.KELURAHAN,
                "name": row["nama"],
                "code_kemendagri": row["kode_kemendagri"],
                "code_bps": row["kode_bps_2020"],
                "name_bps": row["nama_bps"],
                "post_code": row["kodepos"],
                "parent_id": _number(row["kode_kec"]),
                "valid_from": old.valid_from if row["ada_2018"] == "1" else new.valid_from,
                "valid_to": None if row["ada_2025"] == "1" else old.valid_to,
            },
        )


def _load_successions() -> None:
    """Which older kelurahan a newer one was cut from; the file names the old ones by BPS code."""
    by_bps = dict(Area.objects.kelurahan().values_list("code_bps", "number"))
    for row in _table("kelurahan.csv"):
        for part in filter(None, row["induk_bps_2020"].split("|")):
            code, share = part.split(":")
            AreaSuccession.objects.update_or_create(
                old_id=by_bps[code],
                new_id=_number(row["kode_kemendagri"]),
                defaults={
                    "share": Decimal(share),
                    "source": "bagian luas poligon, data/SOURCES.md",
                },
            )


def _load_aliases() -> None:
    for row in _table("alias.csv"):
        AreaAlias.objects.update_or_create(
            name_normalised=place_key(row["alias"]),
            defaults={
                "area_id": _number(row["kode_kemendagri"]),
                "name": row["alias"],
                "source": row["sumber"],
                "is_guess": row["status"] == _GUESS,
            },
        )


def _load_agencies() -> None:
    for row in _table("opd.csv"):
        Agency.objects.update_or_create(
            code=row["kode"],
            defaults={
                "name": row["nama"],
                "short_name": row["singkatan"],
                "source": f"{row['sumber']} ({row['status']})",
            },
        )


def _load_purposes() -> None:
    for row in _table("purposes.csv"):
        Purpose.objects.update_or_create(
            code=row["kode"],
            valid_from=dt.date.fromisoformat(row["berlaku_dari"]),
            defaults={
                "name": row["nama"],
                "description": row["keterangan"],
                "valid_to": dt.date.fromisoformat(end) if (end := row["berlaku_sampai"]) else None,
                "basis": row["dasar"],
            },
        )


@transaction.atomic
def load_reference_rows(*, by: object) -> int:
    """Make areas, their names, agencies and purposes agree with the shipped files, and add
    official figures and targets that are not there yet.

    Nothing is removed: rows that stand on an area of an older release keep it.

    Returns:
        How many areas there are afterwards.
    """
    editions = _load_editions()
    _load_kecamatan(editions["62"].valid_from)
    _load_kelurahan(editions["62"], editions["68"])
    _load_successions()
    _load_aliases()
    _load_agencies()
    _load_purposes()
    count = Area.objects.count()
    act = record(by, "city.load_reference_rows", detail={"areas": count})
    load_figures(act_id=act.pk, now=act.at)
    forget_areas()
    return count
