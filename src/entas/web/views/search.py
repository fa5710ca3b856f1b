"""Finding people of one's own area, and learning where somebody else is registered."""

import uuid
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from entas.audit.services import look
from entas.city.models import User
from entas.city.policies import Scope, may, scope_of
from entas.registry.queries.elsewhere import identity
from entas.registry.queries.finding import MOST_RESULTS, area_name, find
from entas.registry.queries.lines import PersonLine, person_lines
from entas.registry.queries.question import parse_question
from entas.sources.masking import as_dots, mask_long_numbers
from entas.web import questions
from entas.web.frame import WebRequest, is_partial, page
from entas.web.models import Question
from entas.web.words import in_words

_PURPOSE = "pencarian warga"
NIK_DIGITS = 16
# Longer than any year, date or RT somebody may type alone.
_LIKE_A_NUMBER = 9


@dataclass(slots=True)
class Answer:
    """What the page of results shows.

    Attributes:
        text: the words, to be typed on; "" for a number, which stands in no page.
        masked: what was typed where it is not shown: a number's last two digits.
        lines: persons of the area, best first.
        is_exact: what was typed names one person exactly.
        is_elsewhere: that person is registered, but not in the area; ``kelurahan`` names the
            place, "" where it is not known.
        may_request: a transfer may be asked for with the question.
        is_cut: more persons may fit than are shown.
        digits: how many digits were typed where a number of 16 was meant; 0 otherwise.
        refusal: why it is not said whether he or she is registered elsewhere.
    """

    question: Question
    text: str
    masked: str = ""
    lines: list[PersonLine] = field(default_factory=list)
    is_exact: bool = False
    is_elsewhere: bool = False
    kelurahan: str = ""
    may_request: bool = False
    is_cut: bool = False
    digits: int = 0
    refusal: str = ""


def search(request: WebRequest) -> HttpResponse:
    """The empty page with examples, and the place where questions are sent to."""
    if request.method != "POST":
        return render(request, "web/search.html", {"section": "registry"})
    text = request.POST.get("q", "").strip()[: questions.LONGEST]
    if not text:
        if is_partial(request):
            return render(request, "web/parts/search_examples.html")
        return redirect("search")
    question = questions.keep(request.actor, text)
    address = reverse("search_results", args=[question.pk])
    if not is_partial(request):
        # 303: the browser asks for the results by GET, and reloading sends nothing again.
        return HttpResponse(status=303, headers={"Location": address})
    shown = render(
        request, "web/parts/search_results.html", {"answer": _answer(request.actor, question, text)}
    )
    shown["HX-Replace-Url"] = address
    return shown


def search_results(request: WebRequest, number: uuid.UUID) -> HttpResponse:
    """The answer to a question that was sent before; only who sent it gets it."""
    question = questions.mine(request.actor, number)
    text = questions.text_of(question)
    answer = _answer(request.actor, question, text)
    return render(request, "web/search.html", {"section": "registry", "answer": answer})


def _answer(actor: User, question: Question, text: str) -> Answer:
    scope = scope_of(actor, "registry.search")
    found = [one.person for one in find(text, within=scope)]
    answer = Answer(question, text, lines=person_lines(found, on=timezone.localdate()))
    answer.is_cut = len(found) >= MOST_RESULTS
    answer.digits = _digits_of_a_number(text)
    if (masked := mask_long_numbers(text)) != text:
        answer.text, answer.masked = "", as_dots(masked)
    look(actor, [person.pk for person in found], purpose=_PURPOSE, where="web cari")
    if not scope.is_city:
        _look_elsewhere(actor, scope, text, answer)
    elif not found:
        answer.is_exact = bool(parse_question(text).number)
    return answer


def _digits_of_a_number(text: str) -> int:
    """How many digits a number of another length than a NIK has; 0 for words and short numbers."""
    bare = "".join(sign for sign in text if sign not in " .-")
    is_number = bare.isascii() and bare.isdecimal() and len(bare) >= _LIKE_A_NUMBER
    return len(bare) if is_number and len(bare) != NIK_DIGITS else 0


def _look_elsewhere(actor: User, scope: Scope, text: str, answer: Answer) -> None:
    if not may(actor, "registry.transfer_hint"):
        return
    named = identity(text, within=scope)
    if named is None or named.is_here:
        return
    answer.is_exact = True
    try:
        questions.check_elsewhere(actor, answer.question)
    except questions.TooManyElsewhere as refusal:
        answer.refusal = in_words(refusal)
        return
    questions.note_answer(answer.question, is_elsewhere=named.elsewhere is not None)
    if named.elsewhere is not None:
        person = named.elsewhere
        look(actor, [person.person_id], purpose=_PURPOSE, where="web cari luar wilayah")
        answer.is_elsewhere, answer.kelurahan = True, area_name(person.kelurahan)
        answer.may_request = may(actor, "registry.request_transfer")


urlpatterns = [
    page("cari/", search, name="search", act="registry.search", methods=("GET", "POST")),
    page("cari/<uuid:number>/", search_results, name="search_results", act="registry.search"),
]
