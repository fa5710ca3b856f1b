"""Recoveries of lost phones and passwords: one administrator asks, another approves."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from entas.audit.services import is_same_actor
from entas.city.models import RecoveryRequest
from entas.city.policies import others_who_may
from entas.city.queries import users_seen_by
from entas.city.services import approve_recovery, ask_recovery, close_recovery
from entas.notices.models import Notice
from entas.notices.services import notify
from entas.refusals import EntasRefusal
from entas.web import drafts
from entas.web.frame import WebRequest, page
from entas.web.user_forms import RecoveryForm
from entas.web.views.users import found_user, handed_over, user_page
from entas.web.words import in_words

_ACT = "city.recover_user"
_LATEST = 50


def recoveries(request: WebRequest) -> HttpResponse:
    """What waits for a second administrator, and what was decided lately."""
    rows = RecoveryRequest.objects.filter(user__in=users_seen_by(request.actor))
    rows = rows.select_related("user").order_by("-asked_at")
    now = timezone.now()
    waiting = [
        {
            "row": row,
            "is_mine": is_same_actor(row.asked_by, request.actor)
            or row.user_id == request.actor.pk,
        }
        for row in rows.waiting(now)[:_LATEST]
    ]
    context = {
        "section": "users",
        "waiting": waiting,
        "usable": rows.usable(now)[:_LATEST],
        "past": rows.exclude(used_at=None, closed_at=None)[:_LATEST],
    }
    return render(request, "web/recoveries.html", context)


def ask(request: WebRequest, user: int) -> HttpResponse:
    """Ask that somebody may come in again."""
    holder = found_user(request, user)
    form = RecoveryForm(request.POST)
    if form.is_valid():
        try:
            with drafts.spending(request, f"recovery:{holder.pk}"):
                ask_recovery(user=holder, by=request.actor, now=timezone.now(), **form.cleaned_data)
        except EntasRefusal as fault:
            form.add_error(None, in_words(fault))
        else:
            for other in others_who_may(request.actor, _ACT, None):
                if other.pk != holder.pk:
                    notify(
                        user=other,
                        kind=Notice.Kind.ACCOUNT,
                        words=gettext_noop("Pemulihan akun menunggu persetujuan Anda."),
                        by=request.actor,
                        page="recoveries",
                    )
            messages.success(request, _("Diajukan. Administrator lain yang menyetujui."))
            return redirect("recoveries")
    return user_page(request, holder, status=422, recovery=form)


def _found(request: WebRequest, number: int) -> RecoveryRequest:
    rows = RecoveryRequest.objects.filter(user__in=users_seen_by(request.actor))
    row = rows.select_related("user").filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def approve(request: WebRequest, recovery: int) -> HttpResponse:
    """Approve as the second administrator; the code is shown once."""
    row = _found(request, recovery)
    code = approve_recovery(recovery=row, by=request.actor, now=timezone.now())
    notify(
        user=row.user,
        kind=Notice.Kind.ACCOUNT,
        words=gettext_noop("Akun Anda dipulihkan oleh dua administrator."),
        by=request.actor,
    )
    return handed_over(request, row.user, code, kind="recovery")


def close(request: WebRequest, recovery: int) -> HttpResponse:
    """Refuse a request, or take its code back."""
    close_recovery(recovery=_found(request, recovery), by=request.actor, now=timezone.now())
    messages.success(request, _("Pemulihan ditutup."))
    return redirect("recoveries")


_POST = ("POST",)
urlpatterns = [
    page("pengguna/pemulihan/", recoveries, name="recoveries", act=_ACT),
    page("pengguna/<user:user>/pemulihan/", ask, name="ask_recovery", act=_ACT, methods=_POST),
    page(
        "pengguna/pemulihan/<recovery:recovery>/setujui/",
        approve,
        name="approve_recovery",
        act=_ACT,
        methods=_POST,
    ),
    page(
        "pengguna/pemulihan/<recovery:recovery>/tutup/",
        close,
        name="close_recovery",
        act=_ACT,
        methods=_POST,
    ),
]
