"""Official figures and targets, entered or corrected by hand. Nothing is overwritten: a correction
is a new row that names the one it replaces.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from entas.audit.models import Act
from entas.audit.services import actor_text, record
from entas.city.errors import FigureCorrectedMeanwhile, FigureRefused
from entas.city.figures import place_names
from entas.city.indicators import INDICATORS
from entas.city.models import OfficialFigure, StatementStatus, TargetVersion, User
from entas.city.policies import check_may
from entas.refusals import Saying

_EARLIEST_YEAR, _LATEST_YEAR = 1950, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFacts:
    """What is known of one published figure; the fields of :class:`OfficialFigure`."""

    indicator: str
    area_code: str
    period: str
    from_on: dt.date
    to_on: dt.date
    value: Decimal
    source: str
    status: str
    source_url: str = ""
    published_on: dt.date | None = None
    edition: str = ""
    margin: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """What is known of one target; the fields of :class:`TargetVersion`."""

    indicator: str
    area_code: str
    for_year: int
    value: Decimal
    said_by: str
    source: str
    status: str
    source_url: str = ""
    said_on: dt.date | None = None
    base_year: int | None = None
    base_value: Decimal | None = None
    note: str = ""


def _check_statement(facts: FigureFacts | TargetFacts) -> None:
    """Raise FigureRefused where no office can have published it so."""
    indicator = INDICATORS.get(facts.indicator)
    if indicator is None:
        raise FigureRefused(Saying("Pilih indikator dari daftar."), "indicator")
    if facts.area_code not in place_names():
        raise FigureRefused(Saying("Pilih wilayah dari daftar."), "area_code")
    if facts.status not in StatementStatus.values:
        raise FigureRefused(Saying("Pilih tingkat kepastian dari daftar."), "status")
    if not facts.source.strip():
        raise FigureRefused(
            Saying("Tulis dari mana angka ini: terbitan, halaman, tanggal."), "source"
        )
    is_below = facts.value < indicator.least
    if is_below or (indicator.most is not None and facts.value > indicator.most):
        line = Saying(
            "Nilai {value} tidak mungkin untuk {name}. Periksa satuannya: {unit}.",
            value=str(facts.value).replace(".", ","),
            name=Saying(indicator.name),
            unit=Saying(indicator.unit),
        )
        raise FigureRefused(line, "value")


def _check_period(facts: FigureFacts, today: dt.date) -> None:
    if facts.to_on < facts.from_on:
        raise FigureRefused(
            Saying("Periode berakhir sebelum mulai. Periksa kedua tanggal."), "to_on"
        )
    if not _EARLIEST_YEAR <= facts.from_on.year <= facts.to_on.year <= _LATEST_YEAR:
        raise FigureRefused(Saying("Tahun periode di luar jangkauan."), "from_on")
    if facts.from_on > today:
        raise FigureRefused(
            Saying("Periode ini belum mulai. Rencana dan sasaran dicatat sebagai target."),
            "from_on",
        )
    if not facts.period.strip():
        raise FigureRefused(Saying("Tulis periodenya seperti di terbitan: Maret 2025."), "period")
    if facts.published_on is not None and facts.published_on > today:
        raise FigureRefused(Saying("Tanggal terbit masih di masa depan."), "published_on")
    if facts.margin is not None and facts.margin < 0:
        raise FigureRefused(Saying("Galat sampel tidak bisa kurang dari nol."), "margin")


def _check_same(old: OfficialFigure | TargetVersion, facts: FigureFacts | TargetFacts) -> None:
    if (old.indicator, old.area_code) != (facts.indicator, facts.area_code):
        raise FigureRefused(
            Saying(
                "Koreksi harus tentang indikator dan wilayah yang sama. Selain itu, catat angka "
                "baru."
            ),
            "indicator",
        )


def _record(act: str, facts: FigureFacts | TargetFacts, *, by: User, replaced: int | None) -> Act:
    return record(
        by,
        act,
        object_type="figure" if isinstance(facts, FigureFacts) else "target",
        object_id=replaced or "",
        detail={
            "indicator": facts.indicator,
            "area": facts.area_code,
            "value": str(facts.value),
            "status": facts.status,
        },
    )


@transaction.atomic
def add_figure(
    *,
    facts: FigureFacts,
    by: User,
    now: dt.datetime,
    supersedes: OfficialFigure | None = None,
) -> OfficialFigure:
    """Enter a published figure, or correct one that stands.

    Args:
        facts: what was published, where and when.
        by: who enters it.
        now: when it is entered.
        supersedes: the figure that this one corrects; it stays readable.

    Raises:
        NotAllowed: ``by`` may not edit figures.
        FigureRefused: no office can have published it so; says which field to mend.
        FigureCorrectedMeanwhile: ``supersedes`` was corrected by somebody else.
    """
    check_may(by, "city.edit_figures")
    _check_statement(facts)
    _check_period(facts, localdate(now))
    if supersedes is not None:
        _check_same(supersedes, facts)
    act = _record(
        "city.correct_figure" if supersedes else "city.add_figure",
        facts,
        by=by,
        replaced=supersedes.pk if supersedes else None,
    )
    row = OfficialFigure(
        **asdict(facts),
        unit=INDICATORS[facts.indicator].unit,
        entered_by=actor_text(by),
        entered_at=now,
        act_id=act.pk,
        supersedes=supersedes,
    )
    _write(row)
    return row


@transaction.atomic
def add_target(
    *, facts: TargetFacts, by: User, now: dt.datetime, supersedes: TargetVersion | None = None
) -> TargetVersion:
    """Write down a target as somebody said it, or that it replaced an earlier one.

    Raises:
        NotAllowed: ``by`` may not edit figures.
        FigureRefused: it cannot have been said so; says which field to mend.
        FigureCorrectedMeanwhile: ``supersedes`` was replaced already.
    """
    check_may(by, "city.edit_figures")
    _check_statement(facts)
    _check_target(facts, localdate(now))
    if supersedes is not None:
        _check_same(supersedes, facts)
    act = _record("city.add_target", facts, by=by, replaced=supersedes.pk if supersedes else None)
    row = TargetVersion(
        **asdict(facts),
        entered_by=actor_text(by),
        entered_at=now,
        act_id=act.pk,
        supersedes=supersedes,
    )
    _write(row)
    return row


def _check_target(facts: TargetFacts, today: dt.date) -> None:
    if not _EARLIEST_YEAR <= facts.for_year <= _LATEST_YEAR:
        raise FigureRefused(Saying("Tahun target di luar jangkauan."), "for_year")
    if not facts.said_by.strip():
        raise FigureRefused(Saying("Tulis siapa yang menyatakan target ini."), "said_by")
    if facts.said_on is not None and facts.said_on > today:
        raise FigureRefused(Saying("Tanggal pernyataan masih di masa depan."), "said_on")
    if (facts.base_year is None) != (facts.base_value is None):
        raise FigureRefused(
            Saying("Isi tahun dan nilai awal keduanya, atau kosongkan."), "base_value"
        )
    if facts.base_year is not None and facts.base_year >= facts.for_year:
        raise FigureRefused(Saying("Tahun awal harus sebelum tahun target."), "base_year")


def _write(row: OfficialFigure | TargetVersion) -> None:
    """Save a row; the database decides between two corrections of the same one."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise FigureCorrectedMeanwhile from fault
