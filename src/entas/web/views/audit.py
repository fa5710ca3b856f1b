"""The chain of acts: who did what, one act, and whether both chains are whole."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from entas.audit.models import Act, canonical
from entas.audit.queries import ChainReport
from entas.audit.queries.entries import (
    MOST_COUNTED,
    acts,
    chain_lengths,
    counted,
    neighbours,
    page_of,
)
from entas.audit.queries.verifying import VERIFIED, verifications
from entas.audit.services import verify_chains
from entas.city.services import start_job
from entas.web import exports
from entas.web.act_words import act_words, actor_words, told
from entas.web.frame import WebRequest, page
from entas.web.looking import look
from entas.web.navigation import TRAIL, menu_of
from entas.web.trail_filters import (
    ActFilters,
    asked,
    chips,
    is_city_wide,
    newest_query,
    older_address,
    place_asked,
)
from entas.web.words import in_words

# Walked in a second or two; longer chains are work for a worker.
_SHORT = 60_000


def _persons(entries: Iterable[Act]) -> list[int]:
    return [
        int(entry.object_id)
        for entry in entries
        if entry.object_type == "person" and entry.object_id.isdecimal()
    ]


def act_list(request: WebRequest) -> HttpResponse:
    """Acts, the newest first."""
    form = ActFilters(request.GET)
    is_open = is_city_wide(request, "audit.read_acts")
    rows = acts(**asked(form)) if is_open else Act.objects.none()
    shown = page_of(rows, before=place_asked(request.GET))
    look(request, _persons(shown.entries))
    is_narrowed = bool(asked(form))
    known = {
        "section": "audit",
        "tabs": menu_of(request.actor, TRAIL),
        "form": form,
        "chips": chips(form, request.GET),
        "lines": [told(entry, request.actor) for entry in shown.entries],
        "older": older_address(request.GET, shown.older),
        "is_first": place_asked(request.GET) is None,
        "newest": newest_query(request.GET),
        "count": counted(rows) if is_narrowed or not is_open else chain_lengths()[0],
        "is_open": is_open,
        "most_counted": MOST_COUNTED,
        "is_narrowed": is_narrowed,
        "export": exports.offer(request, "audit.export", "export_acts"),
    }
    return render(request, "web/acts.html", known)


def export_acts(request: WebRequest) -> HttpResponse:
    """Take along the acts that the filters leave."""
    is_open = all(is_city_wide(request, act) for act in ("audit.export", "audit.read_acts"))
    rows = acts(**asked(ActFilters(request.GET))) if is_open else Act.objects.none()

    def lines() -> Iterable[exports.Line]:
        for entry in rows[: settings.ENTAS_EXPORT_ROWS + 1]:
            told_ = told(entry, request.actor)
            numbers = "; ".join(f"{label}: {value}" for label, value in told_.numbers)
            cells = (
                entry.position, entry.at, told_.who, entry.act, told_.words, told_.about,
                numbers, canonical(entry.content()), entry.prev_hash, entry.hash,
            )  # fmt: skip
            yield exports.Line(cells, tuple(_persons([entry])))

    plan = exports.Plan(
        act="audit.export",
        name="jejak-tindakan",
        title=_("Jejak tindakan"),
        back=reverse("acts"),
        columns=(
            "nomor", "waktu", "pelaku", "kode", "tindakan", "tentang", "keterangan", "isi",
            "sidik_sebelumnya", "sidik",
        ),
        lines=lines,
        section="audit",
    )  # fmt: skip
    return exports.answer(request, plan)


def act_page(request: WebRequest, act: int) -> HttpResponse:
    """One act with its hashes and the acts around it."""
    entry = Act.objects.filter(pk=act).first()
    if entry is None or not is_city_wide(request, "audit.read_acts"):
        raise Http404
    before, behind = neighbours(entry)
    look(request, _persons([entry]))
    known = {
        "section": "audit",
        "tabs": menu_of(request.actor, TRAIL),
        "line": told(entry, request.actor),
        "before": before,
        "behind": behind,
    }
    return render(request, "web/act.html", known)


def verify(request: WebRequest) -> HttpResponse:
    """What the last verifications found; the form starts another one."""
    lengths = chain_lengths()
    is_short = sum(lengths) <= _SHORT
    if request.method == "POST":
        if is_short:
            report, _act = verify_chains(request.actor)
            if report.is_whole:
                messages.success(request, _("Kedua jejak utuh."))
            return redirect("verify")
        job = start_job(kind=VERIFIED, by=request.actor)
        messages.success(request, _("Jejak ini panjang; pemeriksaan berjalan sebagai pekerjaan."))
        return redirect("job", job.pk)
    known = {
        "section": "audit",
        "tabs": menu_of(request.actor, TRAIL),
        "lengths": lengths,
        "is_short": is_short,
        "results": [_result(entry) for entry in verifications()[:10]],
    }
    return render(request, "web/verify.html", known)


def _result(entry: Act) -> dict[str, Any]:
    """A verification that was written down: when, by whom, and both ends."""
    reports = []
    for chain, words in (("acts", _("Jejak tindakan")), ("looks", _("Jejak penglihatan"))):
        detail = entry.detail.get(chain) or {}
        report = ChainReport(
            chain,
            detail.get("length") or 0,
            detail.get("hash") or "",
            detail.get("broken_at"),
            in_words(detail.get("why") or ""),
        )
        reports.append({"words": words, "report": report})
    return {
        "at": entry.at,
        "who": actor_words(entry.actor)[0],
        "position": entry.position,
        "is_whole": bool(entry.detail.get("is_whole")),
        "chains": reports,
        "words": act_words(entry.act),
    }


urlpatterns = [
    page("jejak/", act_list, name="acts", act="audit.read_acts"),
    page(
        "jejak/ekspor/", export_acts, name="export_acts", act="audit.export",
        methods=("GET", "POST"),
    ),
    page("jejak/tindakan/<act:act>/", act_page, name="act", act="audit.read_acts"),
    page("jejak/periksa/", verify, name="verify", act="audit.verify", methods=("GET", "POST")),
]  # fmt: skip
