"""Acts that one person prepared and approved: somebody of another office looks at them weekly."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from entas.audit.models import Act
from entas.audit.services import is_same_actor
from entas.city.models import Area, SingleHanded
from entas.city.policies import scope_of
from entas.city.services import review_single_handed
from entas.refusals import EntasRefusal
from entas.web import drafts
from entas.web.act_words import act_words, actor_words, told
from entas.web.frame import WebRequest, page
from entas.web.looking import look
from entas.web.words import in_words

_ACT = "audit.review_single_handed"
_MOST = 50
_LONGEST_NOTE = 300


def _within(request: WebRequest) -> QuerySet[SingleHanded]:
    return SingleHanded.objects.filter(scope_of(request.actor, _ACT).filter("kelurahan"))


def single_handed(request: WebRequest) -> HttpResponse:
    """What waits to be looked at, week by week, the oldest first; and what was looked at."""
    is_done = request.GET.get("state") == "done"
    rows = _within(request)
    waiting = rows.filter(reviewed_at=None).order_by("at", "pk")
    done = rows.exclude(reviewed_at=None).order_by("-reviewed_at", "-pk")
    names = dict(Area.objects.values_list("number", "name"))
    lines = [
        {
            "row": row,
            "week": _monday(row),
            "words": act_words(row.act),
            "who": actor_words(row.actor)[0],
            "place": names.get(row.kelurahan or 0, ""),
            "is_own": is_same_actor(row.actor, request.actor),
            "reviewer": actor_words(row.reviewed_by)[0],
        }
        for row in (done if is_done else waiting)[:_MOST]
    ]
    known = {
        "section": "single_handed",
        "lines": lines,
        "is_done": is_done,
        "count": waiting.count(),
        "most": _MOST,
    }
    return render(request, "web/single_handed.html", known)


def _monday(row: SingleHanded) -> object:
    day = timezone.localdate(row.at)
    return day - timedelta(days=day.weekday())


def review(request: WebRequest, single_handed: int) -> HttpResponse:
    """One such act; the form says that it was looked at."""
    row = _within(request).filter(pk=single_handed).first()
    if row is None:
        raise Http404
    form, fault = f"single_handed:{row.pk}", ""
    if request.method == "POST":
        try:
            with drafts.spending(request, form):
                note = request.POST.get("note", "")[:_LONGEST_NOTE]
                review_single_handed(row=row, note=note, by=request.actor, now=timezone.now())
        except EntasRefusal as refusal:
            fault = in_words(refusal)
        else:
            messages.success(request, _("Tindakan ditandai sudah ditelaah."))
            return redirect("single_handed")
    act = Act.objects.filter(pk=row.act_id).first()
    if act is not None and act.object_type == "person" and act.object_id.isdecimal():
        look(request, [int(act.object_id)])
    known = {
        "section": "single_handed",
        "row": row,
        "line": told(act, request.actor) if act else None,
        "who": actor_words(row.actor)[0],
        "words": act_words(row.act),
        "reviewer": actor_words(row.reviewed_by)[0],
        "is_own": is_same_actor(row.actor, request.actor),
        "ticket": drafts.ticket(request, form) if row.reviewed_at is None else None,
        "fault": fault,
        "longest": _LONGEST_NOTE,
    }
    return render(request, "web/review_single_handed.html", known, status=422 if fault else 200)


urlpatterns = [
    page("jejak/tunggal/", single_handed, name="single_handed", act=_ACT),
    page(
        "jejak/tunggal/<single_handed:single_handed>/",
        review,
        name="review_single_handed",
        act=_ACT,
        methods=("GET", "POST"),
    ),
]
