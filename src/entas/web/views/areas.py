"""Areas: kecamatan and kelurahan with their codes, editions, origins, and who lives there.

Everybody may know the areas. How many people are registered in one is shown to those alone who may
search there.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.city.models import Area, AreaEdition, User
from entas.city.policies import Scope, scope_of
from entas.registry.queries.places import PlaceCounts, place_counts
from entas.web import maps
from entas.web.drawing import Chart
from entas.web.frame import WebRequest, page

_SOURCES = {
    "68": gettext_lazy("batas dari cahyadsn/wilayah_boundaries 3c5a7960 (MIT), 2025"),
    "62": gettext_lazy("batas dari HDX COD-AB Indonesia, BPS 2020 (CC BY-IGO)"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; counts are None where this person may not know them."""

    area: Area
    persons: int | None = None
    families: int | None = None


def _edition(request: WebRequest) -> tuple[AreaEdition, list[AreaEdition]]:
    """The edition asked for, else the one in force; and all of them, the newest first."""
    editions = list(AreaEdition.objects.order_by("-valid_from"))
    asked = request.GET.get("edisi", "")
    chosen = next((one for one in editions if one.code == asked), None)
    if chosen is None and editions:
        chosen = editions[0]
    if chosen is None:
        raise Http404
    return chosen, editions


def _rows(areas: Collection[Area], scope: Scope, counts: PlaceCounts | None) -> list[Row]:
    return [
        Row(area, counts.persons_in([area.number]), counts.families_in([area.number]))
        if counts is not None and scope.covers(area.number)
        else Row(area)
        for area in areas
    ]


def _counts(scope: Scope) -> PlaceCounts | None:
    return None if scope.is_empty else place_counts(now=timezone.now())


def _map(edition: AreaEdition, rows: list[Row], own: Collection[int]) -> Chart:
    """Persons by kelurahan where they may be known, else where the actor's area lies."""
    known = {row.area.number: row.persons for row in rows if row.persons}
    source = _SOURCES.get(edition.code, "")
    table = [
        (row.area.name, row.area.parent.name if row.area.parent else "", row.persons)
        for row in rows
    ]
    columns = (_("Kelurahan"), _("Kecamatan"), _("Warga terdaftar"))
    if not known:
        return Chart(
            maps.marked(sorted(own), division=edition.code, height=maps.HEIGHT),
            _("Peta kelurahan; wilayah Anda berwarna tua") if own else _("Peta kelurahan"),
            _("Peta %(count)d kelurahan Kota Jambi.") % {"count": len(rows)},
            columns[:2],
            [row[:2] for row in table],
            source=source,
        )
    most = max(rows, key=lambda row: row.persons or 0)
    summary = _("Peta warga terdaftar menurut kelurahan; terbanyak di %(name)s.")
    hidden = _("di luar wilayah Anda")
    return Chart(
        maps.choropleth(
            known,
            division=edition.code,
            no_value=_("tidak ada warga") if len(known) == len(rows) else hidden,
        ),
        _("Warga terdaftar menurut kelurahan"),
        summary % {"name": most.area.name},
        columns,
        [row for row in table if row[2] is not None],
        source=source,
    )


def areas(request: WebRequest) -> HttpResponse:
    """All kelurahan of an edition as a map and a table."""
    edition, editions = _edition(request)
    scope = scope_of(request.actor, "registry.search")
    is_current = edition.valid_to is None
    counts = _counts(scope) if is_current else None
    kelurahan = (
        Area.objects.kelurahan()
        .on(edition.valid_from)
        .select_related("parent")
        .order_by("parent__number", "number")
    )
    rows = _rows(list(kelurahan), scope, counts)
    return render(
        request,
        "web/areas.html",
        {
            "section": "areas",
            "edition": edition,
            "editions": editions,
            "rows": rows,
            "counts": counts,
            "kecamatan": Area.objects.filter(level=Area.Level.KECAMATAN).order_by("number"),
            "map": _map(edition, rows, scope.kelurahan),
        },
    )


def _kelurahan_of(area: Area) -> QuerySet[Area]:
    today = timezone.localdate()
    if area.level == Area.Level.KECAMATAN:
        return Area.objects.filter(parent=area).on(today).order_by("number")
    return Area.objects.filter(pk=area.pk)


def _counted(actor: User, area: Area) -> tuple[PlaceCounts | None, int, int]:
    """Registered persons and families of an area, where this person may search all of it."""
    scope = scope_of(actor, "registry.search")
    numbers = list(_kelurahan_of(area).values_list("number", flat=True))
    if not numbers or not all(scope.covers(number) for number in numbers):
        return None, 0, 0
    counts = place_counts(now=timezone.now())
    return counts, counts.persons_in(numbers), counts.families_in(numbers)


def area(request: WebRequest, number: int) -> HttpResponse:
    """One kecamatan or kelurahan."""
    found = Area.objects.filter(pk=number).select_related("parent").first()
    if found is None:
        raise Http404
    is_kecamatan = found.level == Area.Level.KECAMATAN
    children = list(_kelurahan_of(found)) if is_kecamatan else []
    counts, persons, families = _counted(request.actor, found)
    place = Chart(
        maps.marked([found.number], division="kecamatan" if is_kecamatan else "68", height=260),
        _("Letak %(name)s") % {"name": found.name},
        _("Peta Kota Jambi dengan %(name)s berwarna biru tua.") % {"name": found.name},
        (),
        [],
        source=_SOURCES["62" if is_kecamatan else "68"],
    )
    return render(
        request,
        "web/area.html",
        {
            "section": "areas",
            "area": found,
            "children": children,
            "editions": AreaEdition.objects.order_by("valid_from"),
            "parts": found.successions_to.select_related("old").order_by("-share"),
            "given": found.successions_from.select_related("new").order_by("-share"),
            "aliases": found.aliases.order_by("name"),
            "counts": counts,
            "persons": persons,
            "families": families,
            "map": place,
        },
    )


urlpatterns = [
    page("wilayah/", areas, name="areas", act="city.read"),
    page("wilayah/<area:number>/", area, name="area", act="city.read"),
]
