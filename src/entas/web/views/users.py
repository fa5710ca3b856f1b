"""People who sign in: who holds which right where, and giving and taking rights."""

from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.city.errors import NotAllowed, OutsideArea, OwnAccount
from entas.city.models import Right, User
from entas.city.policies import check_may_manage, may
from entas.city.queries import right_with_state, rights_shown, users_seen_by
from entas.city.services import (
    enrol_user,
    grant_right,
    set_one_time_password,
    switch_off,
    switch_on,
    withdraw_right,
)
from entas.refusals import EntasRefusal
from entas.web import drafts
from entas.web.frame import WebRequest, page
from entas.web.user_forms import NewUserForm, RecoveryForm, RightForm, UserFilter
from entas.web.words import in_words

_A_PAGE = 50


class UserTable(tables.Table):  # type: ignore[misc]
    """One line a person."""

    name = tables.Column(gettext_lazy("Nama"), order_by=("name", "username"))
    username = tables.Column(gettext_lazy("Nama pengguna"))
    last_login = tables.Column(gettext_lazy("Terakhir masuk"))
    is_active = tables.Column(gettext_lazy("Keadaan"))

    class Meta:
        order_by = ("name",)


def users(request: WebRequest) -> HttpResponse:
    """Everybody in reach, with the rights of today, or also with those that ended."""
    actor = request.actor
    rights = Right.objects.select_related("area", "agency", "deputy_for").order_by("-valid_from")
    known = users_seen_by(actor).prefetch_related(Prefetch("rights", rights, to_attr="held"))
    narrowed = UserFilter(request.GET, queryset=known, actor=actor)
    table = UserTable(narrowed.qs, order_by=request.GET.get("sort") or "name")
    page_obj = Paginator(table.rows, _A_PAGE).get_page(request.GET.get("page"))
    today, with_ended = timezone.localdate(), narrowed.shows_ended
    lines = []
    for row in page_obj:
        held = [right_with_state(right, on=today) for right in row.record.held]
        shown = [one for one in held if with_ended or one.is_open]
        lines.append({"user": row.record, "rights": shown})
    context = {
        "section": "users",
        "narrowed": narrowed,
        "table": table,
        "lines": lines,
        "page_obj": page_obj,
        "may_add": may(actor, "city.add_user"),
        "may_recover": may(actor, "city.recover_user"),
    }
    return render(request, "web/users.html", context)


def found_user(request: WebRequest, number: int) -> User:
    """A user in reach of the actor.

    Raises:
        Http404: there is none, or somebody elsewhere.
    """
    user = users_seen_by(request.actor).filter(pk=number).first()
    if user is None:
        raise Http404
    return user


def _manages(actor: User, user: User, act: str) -> bool:
    """Whether to show the buttons of an act; the services ask again."""
    try:
        check_may_manage(actor, user, act)
    except (NotAllowed, OutsideArea, OwnAccount):
        return False
    return True


def user_page(request: WebRequest, user: User, *, status: int = 200, **forms: Any) -> HttpResponse:
    """One person with rights and what may be done; ``forms`` are those just typed into."""
    actor = request.actor
    with_ended = "semua" in request.GET
    grants = may(actor, "city.grant") and actor.pk != user.pk
    recovers = _manages(actor, user, "city.recover_user")
    context = {
        "section": "users",
        "shown": user,
        "rights": rights_shown(user, on=timezone.localdate(), with_ended=with_ended),
        "with_ended": with_ended,
        "may_grant": grants,
        "may_manage": _manages(actor, user, "city.manage_users"),
        "has_own_password": user.has_usable_password() and not user.must_change_password,
    }
    if grants:
        ticket = drafts.ticket(request, f"grant:{user.pk}")
        context |= {
            "grant_ticket": ticket,
            "grant_form": forms.get("grant") or RightForm(initial=dict(ticket.saved), actor=actor),
        }
    if recovers:
        ticket = drafts.ticket(request, f"recovery:{user.pk}")
        context |= {
            "recovery_ticket": ticket,
            "recovery_form": forms.get("recovery") or RecoveryForm(initial=dict(ticket.saved)),
            "waiting": user.recoveries.waiting(timezone.now()).first(),
        }
    return render(request, "web/user.html", context, status=status)


def one_user(request: WebRequest, user: int) -> HttpResponse:
    """One person."""
    return user_page(request, found_user(request, user))


def grant(request: WebRequest, user: int) -> HttpResponse:
    """Give a right."""
    holder = found_user(request, user)
    form = RightForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            with drafts.spending(request, f"grant:{holder.pk}"):
                grant_right(
                    user=holder, wanted=form.wanted(), by=request.actor, day=timezone.localdate()
                )
        except EntasRefusal as fault:
            form.add_error(None, in_words(fault))
        else:
            messages.success(request, _("Hak diberikan."))
            return redirect("user", holder.pk)
    return user_page(request, holder, status=422, grant=form)


def withdraw(request: WebRequest, right: int) -> HttpResponse:
    """Take a right back."""
    seen = users_seen_by(request.actor)
    row = Right.objects.filter(pk=right, user__in=seen).first()
    if row is None:
        raise Http404
    withdraw_right(right=row, by=request.actor, now=timezone.now())
    messages.success(request, _("Hak dicabut."))
    return redirect("user", row.user_id)


def switch(request: WebRequest, user: int) -> HttpResponse:
    """Let somebody in no more, or again."""
    holder = found_user(request, user)
    if request.POST.get("to") == "on":
        switch_on(user=holder, by=request.actor)
        messages.success(request, _("Pengguna diaktifkan lagi."))
    else:
        switch_off(user=holder, by=request.actor)
        messages.success(request, _("Pengguna dinonaktifkan; sesinya sudah berakhir."))
    return redirect("user", holder.pk)


def handed_over(request: WebRequest, user: User, secret: str, *, kind: str) -> HttpResponse:
    """Show once what has to be handed over; it is kept nowhere."""
    context = {"section": "users", "shown": user, "secret": secret, "kind": kind}
    return render(request, "web/handed_over.html", context)


def first_password(request: WebRequest, user: int) -> HttpResponse:
    """Make a new first password for somebody who never chose one."""
    holder = found_user(request, user)
    secret = set_one_time_password(user=holder, by=request.actor)
    return handed_over(request, holder, secret, kind="password")


def new_user(request: WebRequest) -> HttpResponse:
    """Enter somebody with a first right."""
    form = NewUserForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            with drafts.spending(request, "user"):
                entered, secret = enrol_user(
                    username=typed["username"],
                    name=typed["name"],
                    email=typed["email"],
                    phone=typed["phone"],
                    rights=[form.wanted()],
                    by=request.actor,
                    day=timezone.localdate(),
                )
        except EntasRefusal as fault:
            form.add_error(None, in_words(fault))
        else:
            return handed_over(request, entered, secret, kind="password")
    ticket = drafts.ticket(request, "user")
    if not form.is_bound:
        form = NewUserForm(initial=dict(ticket.saved), actor=request.actor)
    context = {"section": "users", "form": form, "ticket": ticket}
    status = 422 if request.method == "POST" else 200
    return render(request, "web/user_new.html", context, status=status)


_BOTH = ("GET", "POST")
_POST = ("POST",)
urlpatterns = [
    page("pengguna/", users, name="users", act="city.read_users"),
    page("pengguna/baru/", new_user, name="new_user", act="city.add_user", methods=_BOTH),
    page("pengguna/<user:user>/", one_user, name="user", act="city.read_users"),
    page("pengguna/<user:user>/hak/", grant, name="grant", act="city.grant", methods=_POST),
    page(
        "pengguna/<user:user>/keadaan/",
        switch,
        name="switch_user",
        act="city.manage_users",
        methods=_POST,
    ),
    page(
        "pengguna/<user:user>/sandi/",
        first_password,
        name="first_password",
        act="city.manage_users",
        methods=_POST,
    ),
    page(
        "pengguna/hak/<right:right>/cabut/",
        withdraw,
        name="withdraw_right",
        act="city.grant",
        methods=_POST,
    ),
]
