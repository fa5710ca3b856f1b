"""The chain of looks: who looked at whom, and who looked at this person."""

from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from entas.audit.models import Look, canonical
from entas.audit.queries.entries import MOST_COUNTED, chain_lengths, counted, looks, page_of
from entas.city.policies import scope_of
from entas.registry.models import Person
from entas.web import exports
from entas.web.act_words import PURPOSES, actor_words, place_words
from entas.web.frame import WebRequest, page
from entas.web.looking import look
from entas.web.navigation import TRAIL, menu_of
from entas.web.trail_filters import (
    LookFilters,
    TrailFilters,
    asked,
    chips,
    is_city_wide,
    newest_query,
    older_address,
    place_asked,
)

# Looks that reading the chains leaves; shown only on demand, else a reader sees mostly himself.
_TRAIL = ("web looks", "web acts", "web act", "web who_looked", "web ekspor jejak-penglihatan")


def _line(entry: Look) -> dict[str, object]:
    who, user = actor_words(entry.actor)
    code, colon, reason = entry.purpose.partition(": ")
    return {
        "entry": entry,
        "who": who,
        "user": user,
        "where": place_words(entry.where),
        "code": code if colon else "",
        "reason": reason if colon else str(PURPOSES.get(entry.purpose, entry.purpose)),
    }


def look_list(request: WebRequest) -> HttpResponse:
    """Looks at anybody, the newest first; persons by their number only."""
    form = LookFilters(request.GET)
    wanted = asked(form)
    without = () if form.cleaned_data.get("trail") else _TRAIL
    is_open = is_city_wide(request, "audit.read_looks")
    rows = looks(**wanted, without=without) if is_open else Look.objects.none()
    shown = page_of(rows, before=place_asked(request.GET))
    known = {
        "section": "audit",
        "tabs": menu_of(request.actor, TRAIL),
        "form": form,
        "chips": chips(form, request.GET),
        "lines": [_line(entry) for entry in shown.entries],
        "older": older_address(request.GET, shown.older),
        "is_first": place_asked(request.GET) is None,
        "newest": newest_query(request.GET),
        "count": counted(rows) if wanted or not is_open else chain_lengths()[1],
        "is_open": is_open,
        "most_counted": MOST_COUNTED,
        "is_narrowed": bool(wanted),
        "export": exports.offer(request, "audit.export", "export_looks"),
    }
    answer = render(request, "web/looks.html", known)
    # Behind the reading, or this page would begin with itself.
    look(request, [entry.person for entry in shown.entries])
    return answer


def export_looks(request: WebRequest) -> HttpResponse:
    """Take along the looks that the filters leave."""
    is_open = all(is_city_wide(request, act) for act in ("audit.export", "audit.read_looks"))
    form = LookFilters(request.GET)
    wanted = asked(form)
    without = () if form.cleaned_data.get("trail") else _TRAIL

    def lines() -> Iterable[exports.Line]:
        rows = looks(**wanted, without=without) if is_open else Look.objects.none()
        for entry in rows[: settings.ENTAS_EXPORT_ROWS + 1]:
            cells = (
                entry.position, entry.at, actor_words(entry.actor)[0], entry.person,
                entry.purpose, place_words(entry.where), canonical(entry.content()),
                entry.prev_hash, entry.hash,
            )  # fmt: skip
            yield exports.Line(cells, (entry.person,))

    plan = exports.Plan(
        act="audit.export",
        name="jejak-penglihatan",
        title=_("Jejak penglihatan"),
        back=reverse("looks"),
        columns=(
            "nomor", "waktu", "pelaku", "id_warga", "tujuan", "halaman", "isi",
            "sidik_sebelumnya", "sidik",
        ),
        lines=lines,
        section="audit",
    )  # fmt: skip
    return exports.answer(request, plan)


def who_looked(request: WebRequest, person: int) -> HttpResponse:
    """Who looked at this person, when, why and where."""
    row = Person.objects.filter(pk=person).first()
    if row is None or not scope_of(request.actor, "audit.read_looks").covers(row.kelurahan):
        raise Http404
    form = TrailFilters(request.GET)
    rows = looks(**asked(form), person=person)
    shown = page_of(rows, before=place_asked(request.GET))
    known = {
        "section": "audit",
        "tabs": menu_of(request.actor, TRAIL),
        "person": row,
        "form": form,
        "chips": chips(form, request.GET),
        "lines": [_line(entry) for entry in shown.entries],
        "older": older_address(request.GET, shown.older),
        "is_first": place_asked(request.GET) is None,
        "newest": newest_query(request.GET),
        "count": counted(rows),
        "most_counted": MOST_COUNTED,
    }
    answer = render(request, "web/who_looked.html", known)
    look(request, [person])
    return answer


urlpatterns = [
    page("jejak/penglihatan/", look_list, name="looks", act="audit.read_looks"),
    page(
        "jejak/penglihatan/ekspor/", export_looks, name="export_looks", act="audit.export",
        methods=("GET", "POST"),
    ),
    page("warga/<person:person>/dilihat/", who_looked, name="who_looked", act="audit.read_looks"),
]  # fmt: skip
