"""Proposing corrections of a person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from entas.audit.services import look
from entas.city.policies import scope_of
from entas.refusals import EntasRefusal
from entas.registry.errors import ChangedMeanwhile, NoSuchPerson, ValuesRefused
from entas.registry.models import Person
from entas.registry.queries.corrections import (
    Change,
    Present,
    changed_since,
    correctable_person,
    present,
)
from entas.registry.services import propose_corrections
from entas.web import drafts
from entas.web.correction import CorrectionForm, number_to_keep, rows
from entas.web.frame import WebRequest, page
from entas.web.story import users_behind
from entas.web.words import in_words

_UNREAD, _CONFLICT = 422, 409


def correct(request: WebRequest, person: int) -> HttpResponse:
    """Propose other values for a person, beside those that stand."""
    scope = scope_of(request.actor, "registry.propose")
    found = correctable_person(person, scope=scope)
    if found is None:
        return _gone(person, request)
    form_name = f"correction:{person}"
    if request.method == "POST":
        return _send(request, found, form_name)
    ticket = drafts.ticket(request, form_name)
    form = CorrectionForm(initial=dict(ticket.saved))
    # Whoever goes on with a draft is told at once what became different since.
    changes = changed_since(found, ticket.saved.get("seen", ""))
    return _form_page(request, found, form, ticket.saved, changes=changes)


def _gone(person: int, request: WebRequest) -> HttpResponse:
    """The person is not active in the area; who was filling in a form is told, not lost."""
    scope = scope_of(request.actor, "registry.propose")
    was = Person.objects.filter(pk=person).values_list("kelurahan", flat=True)
    if request.method == "POST" and any(map(scope.covers, was)):
        raise NoSuchPerson(person)
    raise Http404


def _send(request: WebRequest, found: Person, form_name: str) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _form_page(request, found, form, request.POST, status=_UNREAD)
    changes: Sequence[Change] = ()
    status = _UNREAD
    try:
        with drafts.spending(request, form_name):
            made = propose_corrections(
                person_id=found.pk,
                values=form.values(),
                reason=form.cleaned_data["reason"],
                evidence=form.cleaned_data["evidence"],
                seen=form.cleaned_data["seen"],
                by=request.actor,
            )
    except drafts.FormSentBefore:
        raise
    except ChangedMeanwhile as refusal:
        # The same type of thing each time: queries.corrections makes them.
        changes, status = [one for one in refusal.changes if isinstance(one, Change)], _CONFLICT
        form.add_error(None, in_words(refusal))
    except ValuesRefused as refusal:
        for field, saying in refusal.problems.items():
            form.add_error(field, in_words(saying))
    except EntasRefusal as refusal:
        form.add_error(None, in_words(refusal))
    else:
        _tell_sent(request, len(made))
        return redirect("person", found.pk)
    return _form_page(request, found, form, request.POST, changes=changes, status=status)


def _tell_sent(request: WebRequest, count: int) -> None:
    sent = ngettext(
        "%(count)s usulan koreksi dikirim. Petugas lain memutuskannya.",
        "%(count)s usulan koreksi dikirim. Petugas lain memutuskannya.",
        count,
    )
    messages.success(request, sent % {"count": count})


def _form_page(
    request: WebRequest,
    found: Person,
    form: CorrectionForm,
    typed: Mapping[str, Any],
    *,
    changes: Sequence[Change] = (),
    status: int = 200,
) -> HttpResponse:
    stands = present(found)
    look(request.actor, [found.pk], purpose="halaman koreksi", where="web koreksi")
    context = {
        "section": "registry",
        "person": found,
        "form": form,
        "rows": rows(form, stands, changes),
        "elsewhere": [one for one in changes if not one.field],
        "kept": number_to_keep(typed),
        "seen": stands.version,
        "ticket": drafts.ticket(request, f"correction:{found.pk}"),
        "users": users_behind(_actors(stands, changes)),
    }
    return render(request, "web/correct.html", context, status=status)


def _actors(stands: Present, changes: Iterable[Change]) -> Iterable[str]:
    for now in stands.fields.values():
        for _number, by, _at in now.waiting:
            yield by
    for change in changes:
        yield change.by


urlpatterns = [
    page(
        "warga/<person:person>/koreksi/",
        correct,
        name="correct",
        act="registry.propose",
        methods=("GET", "POST"),
    ),
]
