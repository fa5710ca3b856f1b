"""Requests to move somebody to another kelurahan: asking, following, deciding."""

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from entas.audit.services import actor_name, is_same_actor, look
from entas.city.models import Area, User
from entas.city.policies import may, scope_of
from entas.city.queries import area_resolver
from entas.refusals import EntasRefusal
from entas.registry import states
from entas.registry.models import Person, TransferRequest
from entas.registry.queries import transfers as queries
from entas.registry.queries.elsewhere import identity
from entas.registry.queries.finding import area_name
from entas.registry.queries.lines import PersonLine, person_lines
from entas.registry.services import (
    accept_transfer,
    refuse_transfer,
    request_transfer,
    withdraw_transfer,
)
from entas.web import drafts, questions
from entas.web.frame import WebRequest, page
from entas.web.words import in_words

_ROWS = 50
_ASK = "registry.request_transfer"
_PURPOSE = "permohonan pindah"
_KEPT_FILTERS = {"arah": (queries.INCOMING, queries.OUTGOING), "keadaan": states.TRANSFER_NEXT}


class _AskForm(forms.Form):
    """What is told about a move."""

    to_kelurahan = forms.TypedChoiceField(coerce=int)
    whole_family = forms.TypedChoiceField(
        coerce=lambda value: value == "ya", choices=[("ya", ""), ("tidak", "")]
    )
    rt = forms.CharField(max_length=6, required=False)
    address = forms.CharField(max_length=300, required=False)
    reason = forms.CharField(max_length=1_000)

    def __init__(self, areas: list[Area], *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["to_kelurahan"].choices = [  # type: ignore[attr-defined]
            (str(area.number), area.name) for area in areas
        ]


@dataclass(slots=True)
class _Asked:
    """Whose move the form asks for: only what the one who asks may know."""

    person_id: int
    kelurahan: str
    line: PersonLine | None
    areas: list[Area]
    form_name: str


def _areas(actor: User, *, within: bool) -> list[Area]:
    today = Area.objects.on(timezone.localdate()).kelurahan().order_by("name")
    return list(today.filter(scope_of(actor, _ASK).filter("number")) if within else today)


def transfer_request(request: WebRequest, number: uuid.UUID) -> HttpResponse:
    """Ask for somebody of another area, found by an exact identity: the number of the question
    stands for him or her, in the address and everywhere else.
    """
    question = questions.mine(request.actor, number)
    if question.answer != question.Answer.ELSEWHERE:
        raise Http404
    scope = scope_of(request.actor, "registry.search")
    named = identity(questions.text_of(question), within=scope)
    if named is None or named.elsewhere is None:
        raise Http404
    person = named.elsewhere
    asked = _Asked(
        person.person_id,
        area_name(person.kelurahan),
        None,
        _areas(request.actor, within=True),
        f"transfer:{question.pk}",
    )
    return _ask(request, asked)


def transfer_out(request: WebRequest, person: int) -> HttpResponse:
    """Say that somebody of one's own area lives elsewhere now."""
    found = Person.objects.filter(pk=person, state=states.ACTIVE).first()
    if found is None or not scope_of(request.actor, _ASK).covers(found.kelurahan):
        raise Http404
    look(request.actor, [found.pk], purpose=_PURPOSE, where="web permohonan pindah")
    line = person_lines([found], on=timezone.localdate())[0]
    areas = [a for a in _areas(request.actor, within=False) if a.number != found.kelurahan]
    asked = _Asked(found.pk, area_name(found.kelurahan), line, areas, f"transfer-out:{found.pk}")
    return _ask(request, asked)


def _ask(request: WebRequest, asked: _Asked) -> HttpResponse:
    refusal, status = "", 200
    ticket = drafts.ticket(request, asked.form_name)
    form = _AskForm(asked.areas, request.POST or None, initial=dict(ticket.saved))
    if request.method == "POST" and not form.is_valid():
        refusal, status = _("Isi kelurahan tujuan, siapa yang pindah, dan alasannya."), 422
    elif request.method == "POST":
        try:
            made = _sent(request, asked, form.cleaned_data)
        except EntasRefusal as fault:
            refusal, status = in_words(fault), 422
        else:
            messages.success(request, _("Permohonan pindah dikirim."))
            return redirect("transfer", made.pk)
        ticket = drafts.ticket(request, asked.form_name)
    shown = {"section": "registry", "asked": asked, "form": form, "ticket": ticket}
    return render(request, "web/transfer_form.html", shown | {"refusal": refusal}, status=status)


def _sent(request: WebRequest, asked: _Asked, told: dict[str, Any]) -> TransferRequest:
    with drafts.spending(request, asked.form_name):
        return request_transfer(
            person_id=asked.person_id,
            to_kelurahan=told["to_kelurahan"],
            whole_family=told["whole_family"],
            words={name: told[name] for name in ("reason", "rt", "address")},
            by=request.actor,
            on=timezone.localdate(),
        )


@dataclass(slots=True)
class _Row:
    """One request as its reader may see it; ``line`` is None for whom it names not."""

    transfer: TransferRequest
    origin: str
    goal: str
    line: PersonLine | None


def _rows(actor: User, found: list[TransferRequest]) -> list[_Row]:
    seen = [one.person for one in found if queries.may_see_person(actor, one)]
    look(actor, sorted({p.pk for p in seen}), purpose=_PURPOSE, where="web permohonan pindah")
    lines = {line.id: line for line in person_lines(seen, on=timezone.localdate())}
    places = area_resolver()
    return [
        _Row(
            one,
            places.name(one.from_kelurahan),
            places.name(one.to_kelurahan),
            lines.get(one.person_id),
        )
        for one in found
    ]


def transfers(request: WebRequest) -> HttpResponse:
    """The requests into and out of one's area."""
    chosen = {
        name: request.GET[name]
        for name, words in _KEPT_FILTERS.items()
        if request.GET.get(name) in words
    }
    found = queries.narrowed(
        queries.transfers_of(request.actor),
        request.actor,
        direction=chosen.get("arah", ""),
        state=chosen.get("keadaan", ""),
    )
    pages = Paginator(found, _ROWS)
    part = pages.get_page(request.GET.get("halaman"))
    shown = {
        "section": "transfers",
        "rows": _rows(request.actor, list(part.object_list)),
        "page": part,
        "chosen": chosen,
        "chips": [
            (chosen[name], urlencode({k: v for k, v in chosen.items() if k != name}))
            for name in chosen
        ],
        "kept": urlencode(chosen),
        "states": states.TRANSFER_CHOICES,
    }
    return render(request, "web/transfers.html", shown)


def transfer(request: WebRequest, transfer: int) -> HttpResponse:
    """One request: each side sees what concerns it; the side that is left decides."""
    found = get_object_or_404(queries.transfers_of(request.actor), pk=transfer)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            with drafts.spending(request, f"transfer-decision:{found.pk}"):
                _decide(request, found)
        except EntasRefusal as fault:
            refusal, status = in_words(fault), 422
        else:
            messages.success(request, _("Keputusan disimpan."))
            return redirect("transfers")
    is_open = found.state == states.ASKED
    may_decide = is_open and _decides(request.actor, found)
    may_withdraw = is_open and is_same_actor(found.by, request.actor)
    form = f"transfer-decision:{found.pk}"
    shown = {
        "section": "transfers",
        "row": _rows(request.actor, [found])[0],
        "words": queries.transfer_words(found),
        "answer": queries.transfer_answer(found),
        "asker": actor_name(found.by),
        "decider": actor_name(found.decided_by),
        "may_decide": may_decide,
        "may_withdraw": may_withdraw,
        "may_explain": is_open and not may_decide,
        "ticket": drafts.ticket(request, form) if may_decide or may_withdraw else None,
        "refusal": refusal,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "web/transfer.html", shown, status=status)


def _decides(actor: User, found: TransferRequest) -> bool:
    act = "registry.decide_transfer"
    return may(actor, act) and scope_of(actor, act).covers(found.from_kelurahan)


def _decide(request: WebRequest, found: TransferRequest) -> None:
    reason, by = request.POST.get("reason", ""), request.actor
    wanted = request.POST.get("decision", "")
    if wanted == "batal":
        withdraw_transfer(transfer=found, by=by)
    elif wanted == "setuju":
        accept_transfer(transfer=found, by=by, on=timezone.localdate(), reason=reason)
    elif wanted == "tolak":
        refuse_transfer(transfer=found, by=by, reason=reason)
    else:
        raise BadRequest


urlpatterns = [
    page("permohonan-pindah/", transfers, name="transfers", act=_ASK),
    page(
        "permohonan-pindah/<transfer:transfer>/",
        transfer,
        name="transfer",
        act=_ASK,
        methods=("GET", "POST"),
    ),
    page(
        "cari/<uuid:number>/permohonan-pindah/",
        transfer_request,
        name="transfer_request",
        act=_ASK,
        methods=("GET", "POST"),
    ),
    page(
        "warga/<person:person>/permohonan-pindah/",
        transfer_out,
        name="transfer_out",
        act=_ASK,
        methods=("GET", "POST"),
    ),
]
