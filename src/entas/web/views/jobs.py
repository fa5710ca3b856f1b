"""Long work: what I started, how far it is, and how it ended."""

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from entas.audit.services import actor_name
from entas.city.models import User
from entas.city.policies import may, may_see_job, may_steer
from entas.city.services import cancel_job, repeat_job, start_job
from entas.jobs.errors import UnknownKind
from entas.jobs.handlers import bare_handlers, known_handler, title_of
from entas.jobs.models import Job
from entas.jobs.queries import ahead_of, all_jobs, jobs_of, remaining_seconds
from entas.jobs.states import CANCELLED, DONE, FAILED, QUEUED, RUNNING
from entas.notices.queries import stuck_dispatches
from entas.web import drafts
from entas.web.frame import WebRequest, is_partial, page

_A_PAGE = 50
_MINUTE, _HOUR = 60, 3_600
_STATE_WORDS = {
    QUEUED: gettext_lazy("menunggu"),
    RUNNING: gettext_lazy("berjalan"),
    DONE: gettext_lazy("selesai"),
    FAILED: gettext_lazy("gagal"),
    CANCELLED: gettext_lazy("dibatalkan"),
}
_BADGES = {
    QUEUED: "badge-wait",
    RUNNING: "badge-wait",
    DONE: "badge-good",
    FAILED: "badge-late",
    CANCELLED: "badge-quiet",
}
# Names of numbers in results; a result has others only when a stage forgot to add them here.
_RESULT_WORDS = {
    "import_id": gettext_lazy("Nomor impor"),
    "rows": gettext_lazy("Baris"),
    "accepted": gettext_lazy("Baris diterima"),
    "problems": gettext_lazy("Masalah"),
    "already_imported": gettext_lazy("Sudah pernah diterima"),
    "persons": gettext_lazy("Warga dalam register"),
    "linked": gettext_lazy("Baris tertaut"),
    "review": gettext_lazy("Perlu ditinjau"),
    "new": gettext_lazy("Orang baru"),
    "duplicates": gettext_lazy("Dugaan ganda"),
    "links": gettext_lazy("Tautan ditarik"),
    "withdrawn": gettext_lazy("Warga ditarik"),
    "changed": gettext_lazy("Warga berubah"),
    "seconds": gettext_lazy("Detik"),
    "is_whole": gettext_lazy("Semua utuh"),
    "acts": gettext_lazy("Rantai tindakan"),
    "looks": gettext_lazy("Rantai penglihatan data"),
    "length": gettext_lazy("Entri"),
    "last_hash": gettext_lazy("Jangkar"),
    "broken_at": gettext_lazy("Rusak pada entri"),
    "why": gettext_lazy("Sebab"),
}


def badge(job: Job) -> SafeString:
    """The state of a job in a word and a colour."""
    return format_html('<span class="{}">{}</span>', _BADGES[job.state], _STATE_WORDS[job.state])


def remaining_words(seconds: float | None) -> str:
    """How long it will take, as exactly as it is known."""
    if seconds is None:
        return _("sisa waktu belum dapat diperkirakan")
    if seconds < _MINUTE:
        return _("sisa kurang dari satu menit")
    if seconds < _HOUR:
        minutes = round(seconds / _MINUTE)
        return ngettext("sisa sekitar %(n)s menit", "sisa sekitar %(n)s menit", minutes) % {
            "n": minutes
        }
    hours = round(seconds / _HOUR)
    return ngettext("sisa sekitar %(n)s jam", "sisa sekitar %(n)s jam", hours) % {"n": hours}


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """Narrowing the list; what is chosen stands in the address."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Keadaan"),
        choices=list(_STATE_WORDS.items()),
        empty_label=gettext_lazy("semua keadaan"),
    )


class JobTable(tables.Table):  # type: ignore[misc]  # ships no types
    """The list of jobs."""

    kind = tables.Column(verbose_name=gettext_lazy("Pekerjaan"))
    state = tables.Column(verbose_name=gettext_lazy("Keadaan"))
    queued_at = tables.DateTimeColumn(verbose_name=gettext_lazy("Diminta"), format="j M Y H.i")
    started_by = tables.Column(verbose_name=gettext_lazy("Oleh"))
    progress = tables.Column(
        verbose_name=gettext_lazy("Kemajuan"),
        orderable=False,
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )

    class Meta:
        template_name = "web/jobs/table.html"
        order_by = "-queued_at"

    def render_kind(self, record: Job) -> SafeString:
        """What it is, leading to its page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("job", args=[record.pk]), _(title_of(record.kind))
        )

    def render_state(self, record: Job) -> SafeString:
        """The state in a word and a colour."""
        return badge(record)

    def render_started_by(self, record: Job) -> str:
        """A user name."""
        return actor_name(record.started_by)

    def render_progress(self, record: Job) -> str:
        """Percent while it runs."""
        is_known = record.state == RUNNING and record.percent is not None
        return f"{record.percent} %" if is_known else ""


def jobs(request: WebRequest) -> HttpResponse:
    """My work; everybody's for who may see it and asks for it."""
    may_all = may(request.actor, "jobs.read_all")
    shows_all = may_all and request.GET.get("whose") == "all"
    rows = all_jobs() if shows_all else jobs_of(request.actor.pk)
    chosen = JobFilter(request.GET, queryset=rows)
    table = JobTable(chosen.qs, exclude=() if shows_all else ("started_by",))
    tables.RequestConfig(request, paginate={"per_page": _A_PAGE, "silent": True}).configure(table)
    starts = [
        {
            "kind": one.kind,
            "words": _(one.title),
            "ticket": drafts.ticket(request, f"job:{one.kind}"),
        }
        for one in bare_handlers()
        if may(request.actor, one.act)
    ]
    shown: dict[str, Any] = {
        "section": "jobs",
        "table": table,
        "filter": chosen,
        "state_words": _STATE_WORDS.get(request.GET.get("state", "")),
        "may_all": may_all,
        "shows_all": shows_all,
        "starts": starts,
        "stuck": stuck_dispatches().count() if may_all else 0,
    }
    return render(request, "web/jobs/jobs.html", shown)


def _job_of(request: WebRequest, number: int) -> Job:
    job = Job.objects.filter(pk=number).first()
    if job is None or not may_see_job(request.actor, job):
        raise Http404
    return job


def _result_lines(result: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    lines: list[tuple[str, Any]] = []
    for key, value in result.items():
        words = f"{prefix}{_RESULT_WORDS.get(key, key)}"
        if isinstance(value, dict):
            lines += _result_lines(value, f"{words}: ")
        elif value not in {None, ""}:
            shown = (_("ya") if value else _("tidak")) if isinstance(value, bool) else value
            lines.append((words, shown))
    return lines


def job(request: WebRequest, number: int) -> HttpResponse:
    """One job: how far it is, who started it, how it ended."""
    found = _job_of(request, number)
    steers = may_steer(request.actor, found)
    shown = {
        "section": "jobs",
        "job": found,
        "title": _(title_of(found.kind)),
        "badge": badge(found),
        "who": actor_name(found.started_by),
        "remaining": remaining_words(remaining_seconds(found, now=timezone.now())),
        "is_waiting": found.state == QUEUED,
        "is_running": found.state == RUNNING,
        "ahead": ahead_of(found) if found.state == QUEUED else 0,
        "note": _(found.note) if found.note else "",
        "error": found.error.said(_),
        "result": _result_lines(found.result),
        "can_cancel": steers and found.can_cancel,
        "can_repeat": steers and found.can_repeat and _may_start(request.actor, found),
    }
    part = "web/jobs/progress.html" if is_partial(request) else "web/jobs/job.html"
    return render(request, part, shown)


def _may_start(actor: User, found: Job) -> bool:
    known = known_handler(found.kind)
    return known is not None and may(actor, known.act)


def start(request: WebRequest) -> HttpResponse:
    """Put work without further questions into the queue."""
    kind = request.POST.get("kind", "")
    if kind not in {one.kind for one in bare_handlers()}:
        raise UnknownKind(kind)
    with drafts.spending(request, f"job:{kind}"):
        begun = start_job(kind=kind, by=request.actor)
    messages.success(request, _("Pekerjaan masuk antrean. Anda diberi tahu bila selesai."))
    return redirect("job", begun.pk)


def cancel(request: WebRequest, number: int) -> HttpResponse:
    """Ask for its end."""
    found = _job_of(request, number)
    cancel_job(job=found, by=request.actor)
    messages.success(request, _("Permintaan pembatalan dicatat."))
    return redirect("job", found.pk)


def repeat(request: WebRequest, number: int) -> HttpResponse:
    """Try it again."""
    found = _job_of(request, number)
    repeat_job(job=found, by=request.actor)
    messages.success(request, _("Pekerjaan masuk antrean lagi."))
    return redirect("job", found.pk)


urlpatterns = [
    page("pekerjaan/", jobs, name="jobs", act="jobs.read_own"),
    page("pekerjaan/mulai/", start, name="job_start", act="jobs.read_own", methods=("POST",)),
    page("pekerjaan/<job:number>/", job, name="job", act="jobs.read_own"),
    page(
        "pekerjaan/<job:number>/batal/",
        cancel,
        name="job_cancel",
        act="jobs.read_own",
        methods=("POST",),
    ),
    page(
        "pekerjaan/<job:number>/ulang/",
        repeat,
        name="job_repeat",
        act="jobs.read_own",
        methods=("POST",),
    ),
]
