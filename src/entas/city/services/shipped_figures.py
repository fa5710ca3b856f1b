"""Loading the official figures and targets that come with Entas."""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

from entas.city.models import OfficialFigure, TargetVersion

BY = "entas"


def _table(name: str) -> Iterator[dict[str, str]]:
    path = files("entas.city") / "data" / name
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _statement(row: dict[str, str], act_id: int, now: dt.datetime) -> dict[str, Any]:
    return {
        "shipped_key": row["kunci"],
        "indicator": row["indikator"],
        "area_code": row["wilayah"],
        "value": Decimal(row["nilai"]),
        "source": row["sumber"],
        "source_url": row["url"],
        "status": row["status"],
        "note": row["catatan"],
        "entered_by": BY,
        "entered_at": now,
        "act_id": act_id,
    }


def _figure(row: dict[str, str], act_id: int, now: dt.datetime) -> OfficialFigure:
    return OfficialFigure(
        **_statement(row, act_id, now),
        period=row["periode"],
        from_on=dt.date.fromisoformat(row["dari"]),
        to_on=dt.date.fromisoformat(row["sampai"]),
        unit=row["satuan"],
        edition=row["edisi"],
        published_on=_day(row["terbit"]),
    )


def _target(row: dict[str, str], act_id: int, now: dt.datetime) -> TargetVersion:
    return TargetVersion(
        **_statement(row, act_id, now),
        for_year=int(row["tahun"]),
        base_year=int(row["awal_tahun"]) if row["awal_tahun"] else None,
        base_value=Decimal(row["awal_nilai"]) if row["awal_nilai"] else None,
        said_by=row["dikatakan_oleh"],
        said_on=_day(row["dikatakan_pada"]),
    )


def load_figures(*, act_id: int, now: dt.datetime) -> int:
    """Add shipped figures and targets that are not there yet.

    What is there stays as it is, for people may have corrected it: a release that knows better
    ships a new line that names the old one in ``menggantikan``. Where people corrected the old one
    already, their word stands and the new line stands beside it.

    Returns:
        How many rows were added.
    """
    added = 0
    for model, name, make in (
        (OfficialFigure, "angka.csv", _figure),
        (TargetVersion, "target.csv", _target),
    ):
        known = dict(model._base_manager.exclude(shipped_key="").values_list("shipped_key", "pk"))
        replaced = set(
            model._base_manager.exclude(supersedes=None).values_list("supersedes", flat=True)
        )
        for row in _table(name):
            if row["kunci"] in known:
                continue
            made = make(row, act_id, now)
            old = known.get(row["menggantikan"])
            if old is not None and old not in replaced:
                made.supersedes = model._base_manager.get(pk=old)
            made.save(force_insert=True)
            known[row["kunci"]] = made.pk
            added += 1
    return added
