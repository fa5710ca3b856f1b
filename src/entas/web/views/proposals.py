"""Corrections that wait: the list of one's area, and deciding one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_filters
import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entas.audit.services import actor_text, look
from entas.city.errors import NeedsSecondPerson, NotAllowed, OutsideArea
from entas.city.models import Area
from entas.city.policies import check_second_person
from entas.locks import Busy
from entas.refusals import EntasRefusal
from entas.registry import states
from entas.registry.models import Person, Proposal
from entas.registry.queries.corrections import (
    Present,
    is_own,
    present,
    proposals_for,
    reach_of,
    siblings,
)
from entas.registry.queries.members import age_on, dotted
from entas.registry.queries.review import living
from entas.registry.services import accept_proposal, reject_proposal, withdraw_proposal
from entas.registry.services.proposals import answer_of, proposed_value
from entas.web import drafts
from entas.web.frame import WebRequest, page
from entas.web.story import users_behind, value_words
from entas.web.words import in_words

_A_PAGE = 50
_UNREAD, _CONFLICT = 422, 409
_DONE_WORDS = {
    "accept": gettext_lazy("Usulan diterima dan datanya sudah diubah."),
    "reject": gettext_lazy("Usulan ditolak; alasannya disampaikan kepada pengusul."),
    "withdraw": gettext_lazy("Usulan Anda dicabut."),
}


# --- the list ---------------------------------------------------------------------------------


class ProposalFilter(django_filters.FilterSet):  # type: ignore[misc]  # ships no types
    """Narrowing the list; what is chosen stands in the address."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Keadaan"),
        choices=lambda: [
            (one, value_words("proposal", one)) for one, _label in states.PROPOSAL_CHOICES
        ],
        empty_label=gettext_lazy("semua keadaan"),
    )
    kelurahan = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Kelurahan"),
        field_name="place",
        queryset=lambda request: _places(request),  # noqa: PLW0108 - stands further down
        method="at_place",
        empty_label=gettext_lazy("semua kelurahan"),
    )
    mine = django_filters.BooleanFilter(
        label=gettext_lazy("Usulan saya"), method="by_me", widget=forms.CheckboxInput
    )

    def at_place(self, rows: QuerySet[Proposal], _name: str, area: Area) -> QuerySet[Proposal]:
        """Only about persons of this kelurahan."""
        return rows.filter(Q(place=area.number))

    def by_me(self, rows: QuerySet[Proposal], _name: str, value: bool) -> QuerySet[Proposal]:  # noqa: FBT001
        """Only what the reader proposed."""
        return rows.filter(by=actor_text(self.request.actor)) if value else rows


def _places(request: HttpRequest | None) -> QuerySet[Area]:
    """The kelurahan the reader may propose or decide in."""
    areas = Area.objects.kelurahan().alias(place=F("number")).order_by("name")
    actor = getattr(request, "actor", None)
    return areas.filter(reach_of(actor)) if actor is not None else areas.none()


class ProposalTable(tables.Table):  # type: ignore[misc]  # ships no types
    """The list of proposals; a row leads to its page."""

    person = tables.Column(verbose_name=gettext_lazy("Warga"), order_by="person__name")
    field = tables.Column(verbose_name=gettext_lazy("Isian"))
    place = tables.Column(verbose_name=gettext_lazy("Kelurahan"))
    by = tables.Column(verbose_name=gettext_lazy("Pengusul"))
    at = tables.DateTimeColumn(verbose_name=gettext_lazy("Diusulkan"))
    state = tables.Column(verbose_name=gettext_lazy("Keadaan"))


def requests(request: WebRequest) -> HttpResponse:
    """The proposals of the reader's area, narrowed as the address says."""
    everything = proposals_for(request.actor)
    asked = request.GET.copy()
    if "state" not in asked:
        asked["state"] = states.PROPOSED
    narrowed = ProposalFilter(asked, queryset=everything, request=request)
    rows = narrowed.qs.select_related("person").defer("body_sealed", "answer_sealed")
    table = ProposalTable(rows, order_by="-at")
    tables.RequestConfig(request, paginate={"per_page": _A_PAGE}).configure(table)
    shown = [row.record for row in table.page.object_list]
    look(request.actor, sorted({one.person_id for one in shown}), purpose="daftar usulan",
         where="web usulan")  # fmt: skip
    context = {
        "section": "requests",
        "table": table,
        "filter": narrowed,
        "proposals": shown,
        "places": _names(shown),
        "users": users_behind(one.by for one in shown),
        "chips": _chips(asked, narrowed),
        "query": _without(asked, "page"),
        "sort": _without(asked, "page", "sort"),
        "waiting": everything.filter(state=states.PROPOSED).count(),
    }
    return render(request, "web/requests.html", context)


def _names(shown: Iterable[Any]) -> dict[int, str]:
    numbers = {one.place for one in shown if one.place}
    return dict(Area.objects.filter(pk__in=numbers).values_list("number", "name"))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, and the address without it."""

    words: str
    without: str


def _chips(asked: QueryDict, narrowed: ProposalFilter) -> list[Chip]:
    cleaned = narrowed.form.cleaned_data if narrowed.form.is_valid() else {}
    chips = []
    if state := cleaned.get("state"):
        words = value_words("proposal", state)
        # An empty state means all; none at all means those that wait.
        chips.append(Chip(words, _without(asked, "state", "page", state="")))
    if area := cleaned.get("kelurahan"):
        chips.append(Chip(area.name, _without(asked, "kelurahan", "page")))
    if cleaned.get("mine"):
        chips.append(Chip(_("usulan saya"), _without(asked, "mine", "page")))
    return chips


def _without(asked: QueryDict, *names: str, **instead: str) -> str:
    rest = asked.copy()
    for name in names:
        rest.pop(name, None)
    for name, value in instead.items():
        rest[name] = value
    return rest.urlencode()


# --- one of them ------------------------------------------------------------------------------


class AnswerForm(forms.Form):
    """What is decided, and why."""

    act = forms.ChoiceField(choices=[(one, one) for one in _DONE_WORDS])
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 2, "class": "form-control"}),
    )

    def clean(self) -> dict[str, Any]:
        """Who refuses says why."""
        cleaned = super().clean() or {}
        if cleaned.get("act") == "reject" and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Tulis alasan penolakan; pengusul akan membacanya."))
        return cleaned


def proposal(request: WebRequest, proposal: int) -> HttpResponse:
    """One proposal: before and after, why, and what may be done with it."""
    found = proposals_for(request.actor).filter(pk=proposal).first()
    if found is None:
        raise Http404
    form_name = f"decision:{proposal}"
    if request.method == "POST":
        return _decide(request, found, form_name)
    ticket = drafts.ticket(request, form_name)
    form = AnswerForm(initial={"reason": ticket.saved.get("reason", "")})
    return _one_page(request, found, form)


def _decide(request: WebRequest, found: Proposal, form_name: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _one_page(request, found, form, status=_UNREAD)
    act, reason = form.cleaned_data["act"], form.cleaned_data["reason"]
    services = {"accept": accept_proposal, "reject": reject_proposal, "withdraw": withdraw_proposal}
    try:
        with drafts.spending(request, form_name):
            services[act](proposal=found, by=request.actor, reason=reason)
    except drafts.FormSentBefore:
        raise
    except Busy as refusal:
        form.add_error(None, in_words(refusal))
        form.add_error(None, _("Tidak ada yang hilang: tekan tombolnya sekali lagi nanti."))
        return _one_page(request, found, form, status=_CONFLICT)
    except EntasRefusal as refusal:
        form.add_error(None, in_words(refusal))
        found.refresh_from_db()
        return _one_page(request, found, form, status=_UNREAD)
    messages.success(request, str(_DONE_WORDS[act]))
    open_ones = [one for one in siblings(found) if one.state == states.PROPOSED]
    # What was proposed in one form is decided one after the other.
    return redirect("proposal", open_ones[0].pk) if open_ones else redirect("requests")


def _one_page(
    request: WebRequest, found: Proposal, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    person = Person.objects.select_related("family").get(pk=living(found.person_id))
    stands = present(person)
    body, others = proposed_value(found), siblings(found)
    look(request.actor, [person.pk], purpose="halaman usulan", where="web usulan")
    value = dotted(body["value"]) if found.field == "nik" else body["value"]
    context = {
        "section": "requests",
        "proposal": found,
        "person": person,
        "age": age_on(person, timezone.localdate()),
        "place": _place_name(person),
        "nik": stands.fields["nik"].shown,
        "now": stands.fields[found.field].shown,
        "value": value,
        "body": body,
        "is_stale": _is_stale(found, body, stands),
        "answer": answer_of(found),
        "others": others,
        "users": users_behind([found.by, found.decided_by, *(one.by for one in others)]),
        "form": form,
        "ticket": drafts.ticket(request, f"decision:{found.pk}"),
        **_possible(request, found, person),
    }
    return render(request, "web/proposal.html", context, status=status)


def _place_name(person: Person) -> str:
    area = Area.objects.filter(pk=person.kelurahan or 0).first()
    return area.name if area else ""


def _is_stale(found: Proposal, body: dict[str, str], stands: Present) -> bool:
    """Whether another value stands there than when the correction was proposed."""
    if found.state != states.PROPOSED or "before" not in body:
        return False
    return body["before"] != stands.fields[found.field].plain


def _possible(request: WebRequest, found: Proposal, person: Person) -> dict[str, Any]:
    """Which acts the page offers, and why not the others."""
    is_open, own = found.state == states.PROPOSED, is_own(found, request.actor)
    why, is_alone = "", False
    try:
        is_alone = check_second_person(
            request.actor,
            "registry.decide_proposal",
            prepared_by=found.by,
            kelurahan=person.kelurahan,
        )
    except NeedsSecondPerson as refusal:
        why = _("Anda pengusulnya.") + " " + in_words(refusal)
    except (NotAllowed, OutsideArea):
        why = _("Yang memutuskan adalah koordinator atau penanggung jawab data wilayah ini.")
    return {
        "is_open": is_open,
        "is_own": own,
        "may_decide": is_open and not why,
        "is_alone": is_alone,
        "why_not": why,
    }


urlpatterns = [
    page("usulan/", requests, name="requests", act="registry.propose"),
    page(
        "usulan/<proposal:proposal>/",
        proposal,
        name="proposal",
        act="registry.propose",
        methods=("GET", "POST"),
    ),
]
