"""Official figures and targets as they are asked for: the newest, the series, the versions."""

import csv
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Final, TypeVar, cast

from entas.city.models import Area, OfficialFigure, StatementStatus, TargetVersion

Row = TypeVar("Row", OfficialFigure, TargetVersion)

CITY: Final = "15.71"
PROVINCE: Final = "15"
_RANK: Final = {
    StatementStatus.OFFICIAL: 0,
    StatementStatus.QUOTED: 1,
    StatementStatus.UNCONFIRMED: 2,
}


@lru_cache(maxsize=1)
def _shipped_names() -> dict[str, str]:
    path = files("entas.city") / "data" / "wilayah_angka.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["kode"]: row["nama"] for row in rows}


def place_names() -> dict[str, str]:
    """Code of a place -> its name, for every place a figure can speak of; the largest first."""
    names = dict(_shipped_names())
    for area in Area.objects.order_by("number"):
        level = "Kecamatan" if area.level == Area.Level.KECAMATAN else "Kelurahan"
        names[area.code_kemendagri] = f"{level} {area.name}"
    return names


def most_certain(figures: Iterable[OfficialFigure]) -> OfficialFigure | None:
    """The official one among figures of one period, else a quoted one; the latest entered."""
    ranked = sorted(figures, key=lambda one: (_RANK[StatementStatus(one.status)], -one.pk))
    return ranked[0] if ranked else None


def series(indicator: str, area_code: str) -> list[OfficialFigure]:
    """What stands of one indicator of one place, the oldest first.

    A period may come twice where sources contradict each other; nobody decided between them.
    """
    return list(
        OfficialFigure.objects.standing()
        .filter(indicator=indicator, area_code=area_code)
        .order_by("from_on", "to_on", "pk")
    )


def confirmed_series(figures: Iterable[OfficialFigure]) -> list[OfficialFigure]:
    """One figure a period and edition of a series, without what nobody confirmed."""
    periods: dict[tuple[object, str], list[OfficialFigure]] = {}
    for one in figures:
        if one.status != StatementStatus.UNCONFIRMED:
            periods.setdefault((one.from_on, one.edition), []).append(one)
    best = [most_certain(some) for some in periods.values()]
    return [one for one in best if one is not None]


def newest(figures: Iterable[OfficialFigure]) -> OfficialFigure | None:
    """The figure of the latest period that is official or quoted; None when there is none."""
    known = confirmed_series(figures)
    last = max((one.to_on for one in known), default=None)
    return most_certain(one for one in known if one.to_on == last)


def standing_targets(indicator: str, area_code: str) -> list[TargetVersion]:
    """Targets that no later statement replaced, by the year they are for."""
    return list(
        TargetVersion.objects.standing()
        .filter(indicator=indicator, area_code=area_code)
        .order_by("for_year", "pk")
    )


def target_ahead(figure: OfficialFigure) -> TargetVersion | None:
    """The target the city is now on the way to: of the nearest year not before the figure."""
    return next(
        (
            target
            for target in standing_targets(figure.indicator, figure.area_code)
            if target.for_year >= figure.to_on.year
        ),
        None,
    )


def versions(row: Row) -> list[Row]:
    """A figure or target with all it replaced and all that replaced it, the newest first."""
    first = row
    while first.supersedes is not None:
        first = cast("Row", first.supersedes)
    chain = [first]
    while (later := getattr(chain[-1], "superseded_by", None)) is not None:
        chain.append(later)
    return chain[::-1]
