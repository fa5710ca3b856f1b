"""Official figures and targets: kept as they were said, corrected by new rows, never changed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from entas.audit.models import Act
from entas.city import figures
from entas.city.errors import FigureCorrectedMeanwhile, FigureRefused, NotAllowed
from entas.city.indicators import INDICATORS
from entas.city.models import OfficialFigure, TargetVersion, User
from entas.city.services import (
    FigureFacts,
    TargetFacts,
    add_figure,
    add_target,
    load_reference_rows,
)

NOW = timezone.now()


def facts(**changes):
    known = {
        "indicator": "P0",
        "area_code": "15.71",
        "period": "Maret 2026",
        "from_on": dt.date(2026, 3, 1),
        "to_on": dt.date(2026, 3, 31),
        "value": Decimal("7.50"),
        "source": "Berita resmi statistik",
        "status": "official",
    }
    return FigureFacts(**(known | changes))


def aim(**changes):
    known = {
        "indicator": "P0",
        "area_code": "15.71",
        "for_year": 2031,
        "value": Decimal("6.00"),
        "said_by": "Wali Kota",
        "source": "RPJMD",
        "status": "official",
    }
    return TargetFacts(**(known | changes))


def add(ground, **changes):
    return add_figure(facts=facts(**changes), by=ground, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"indicator": "P9"}, "indicator"),
        ({"area_code": "99"}, "area_code"),
        ({"status": "yakin"}, "status"),
        ({"source": " "}, "source"),
        ({"value": Decimal("100.01")}, "value"),
        ({"value": Decimal(-1)}, "value"),
        ({"to_on": dt.date(2026, 2, 1)}, "to_on"),
        ({"from_on": dt.date(1900, 1, 1)}, "from_on"),
        ({"from_on": NOW.date() + dt.timedelta(2), "to_on": dt.date(2099, 1, 1)}, "from_on"),
        ({"period": ""}, "period"),
        ({"published_on": NOW.date() + dt.timedelta(2)}, "published_on"),
        ({"margin": Decimal(-1)}, "margin"),
    ],
)
def test_what_no_office_can_have_published_is_refused_at_its_field(ground, changes, field):
    before = Act.objects.count()

    with pytest.raises(FigureRefused) as refusal:
        add(ground, **changes)

    assert refusal.value.field == field
    assert Act.objects.count() == before


def test_what_was_published_this_morning_can_be_entered_while_it_is_yesterday_in_utc(ground):
    dawn = dt.datetime(2026, 4, 1, 20, 30, tzinfo=dt.UTC)
    morning = dt.date(2026, 4, 2)

    row = add_figure(facts=facts(published_on=morning), by=ground, now=dawn)
    target = add_target(facts=aim(said_on=morning), by=ground, now=dawn)

    assert (row.published_on, target.said_on) == (morning, morning)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"for_year": 1800}, "for_year"),
        ({"said_by": ""}, "said_by"),
        ({"said_on": NOW.date() + dt.timedelta(2)}, "said_on"),
        ({"base_year": 2020}, "base_value"),
        ({"base_year": 2031, "base_value": Decimal(8)}, "base_year"),
    ],
)
def test_a_target_nobody_can_have_said_is_refused_at_its_field(ground, changes, field):
    with pytest.raises(FigureRefused) as refusal:
        add_target(facts=aim(**changes), by=ground, now=NOW)

    assert refusal.value.field == field


def test_who_may_not_edit_figures_is_refused(ground):
    citra = User.objects.create(username="citra")

    with pytest.raises(NotAllowed):
        add_figure(facts=facts(), by=citra, now=NOW)
    with pytest.raises(NotAllowed):
        add_target(facts=aim(), by=citra, now=NOW)


def test_a_figure_is_written_down_with_who_and_when(ground):
    row = add(ground)

    act = Act.objects.get(pk=row.act_id)
    assert act.act == "city.add_figure"
    assert act.detail["value"] == "7.50"
    assert row.entered_by.endswith(":ani")


def test_a_correction_stands_and_the_old_figure_stays(ground):
    old = add(ground)

    new = add_figure(facts=facts(value=Decimal("7.48")), by=ground, now=NOW, supersedes=old)

    standing = figures.series("P0", "15.71")
    assert new in standing
    assert old not in standing
    assert OfficialFigure.objects.get(pk=old.pk).value == Decimal("7.50")
    assert figures.versions(old) == [new, old]
    assert Act.objects.get(pk=new.act_id).act == "city.correct_figure"


def test_the_second_of_two_corrections_is_told_of_the_first(ground):
    old = add(ground)
    add_figure(facts=facts(value=Decimal("7.48")), by=ground, now=NOW, supersedes=old)
    before = Act.objects.count()

    with pytest.raises(FigureCorrectedMeanwhile, match="sudah dikoreksi orang lain"):
        add_figure(facts=facts(value=Decimal("7.47")), by=ground, now=NOW, supersedes=old)

    assert Act.objects.count() == before


def test_a_correction_speaks_of_the_same_thing(ground):
    old = add(ground)

    with pytest.raises(FigureRefused, match="indikator dan wilayah yang sama"):
        add_figure(facts=facts(area_code="15"), by=ground, now=NOW, supersedes=old)


def test_the_database_itself_refuses_a_period_that_ends_before_it_begins(ground):
    row = add(ground)

    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialFigure.objects.filter(pk=row.pk).update(to_on=dt.date(2000, 1, 1))


def test_loading_again_adds_nothing(ground):
    before = OfficialFigure.objects.count(), TargetVersion.objects.count()

    load_reference_rows(by=ground)

    assert (OfficialFigure.objects.count(), TargetVersion.objects.count()) == before


def test_loading_again_leaves_a_correction_in_force(ground):
    shipped = OfficialFigure.objects.get(shipped_key="P0:15.71:2025-03")
    march = facts(period="Maret 2025", from_on=shipped.from_on, to_on=shipped.to_on)
    fixed = add_figure(facts=march, by=ground, now=NOW, supersedes=shipped)

    load_reference_rows(by=ground)

    assert figures.newest(figures.series("P0", "15.71")) == fixed


def test_every_shipped_figure_speaks_of_a_known_indicator_and_place(ground):
    names = figures.place_names()

    odd = [
        row.shipped_key
        for row in OfficialFigure.objects.exclude(shipped_key="")
        if row.indicator not in INDICATORS or row.area_code not in names or not row.source
    ]

    assert odd == []


def test_shipped_units_are_the_units_of_their_indicators(ground):
    odd = {
        (row.shipped_key, row.unit)
        for row in OfficialFigure.objects.exclude(shipped_key="")
        if row.unit != str(INDICATORS[row.indicator].unit)
    }

    assert odd == set()


def test_what_nobody_found_in_print_is_shipped_as_unconfirmed(ground):
    memory = OfficialFigure.objects.get(shipped_key="P0:15.71:2023-03")

    assert memory.status == "unconfirmed"
    assert "ingatan" in memory.source


def test_an_unconfirmed_figure_is_never_the_newest(ground):
    add(ground, status="unconfirmed")

    assert figures.newest(figures.series("P0", "15.71")).value == Decimal("7.69")


def test_the_official_one_of_two_figures_of_one_period_is_taken(ground):
    add(ground, status="quoted", value=Decimal("7.10"))
    official = add(ground, value=Decimal("7.30"))
    add(ground, status="quoted", value=Decimal("7.20"))

    assert figures.newest(figures.series("P0", "15.71")) == official


def test_both_targets_of_one_press_release_are_kept(ground):
    said = [row.value for row in figures.standing_targets("P0", "15.71") if row.for_year == 2023]

    assert Decimal("6.49") in said
    assert Decimal("6.40") in said
    assert Decimal("6.09") not in said


def test_the_target_ahead_is_the_next_one_not_yet_over(ground):
    newest = figures.newest(figures.series("P0", "15.71"))

    assert figures.target_ahead(newest).value == Decimal("6.70")


def test_a_replaced_target_is_no_aim_any_more(ground):
    old = figures.target_ahead(figures.newest(figures.series("P0", "15.71")))

    add_target(facts=aim(for_year=2030), by=ground, now=NOW, supersedes=old)

    ahead = figures.target_ahead(figures.newest(figures.series("P0", "15.71")))
    assert ahead.value == Decimal("6.00")
    assert figures.versions(ahead) == [ahead, old]
