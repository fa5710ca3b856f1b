"""Somebody goes through everything the web door offers: pages, links, filters, forms, files."""

from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from doors.web.addresses import BOUND, Page, page_of, pages, rows_in
from doors.web.reading import Form, questions, read
from doors.web.visiting import Answer, Visitor
from doors.web.world import A1, B1, World, citizens_of

# A list offers the same filters again under each of its links; one row looks like the next.
_MOST_OF_A_LIST, _MOST_ROWS = 12, 3


def _most_of(page: Page) -> int:
    """How often a page is opened with other rows or other filters."""
    is_alike = page.kinds or page.act == "city.read"
    return _MOST_ROWS if is_alike else _MOST_OF_A_LIST


@dataclass
class Exploration:
    """What was found: each question asked (an address, or a form with what was typed)."""

    answers: dict[str, Answer] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[str, Answer]]:
        return iter(self.answers.items())


class Explorer:
    """Walks on links from page to page and sends every form once; each form is undone."""

    def __init__(self, world: World, visitor: Visitor) -> None:
        self.world, self.visitor = world, visitor
        self.found = Exploration()
        self._waiting: list[tuple[str, bool]] = []
        self._seen_of_page: Tally[str] = Tally()
        self._sent: set[tuple[Page | None, str]] = set()

    def explore(self) -> Exploration:
        """Begin at every page without numbers; gives all that was answered."""
        self._waiting = [
            (f"/{page.route}", False)
            for page in pages()
            if not page.kinds and "GET" in page.methods
        ]
        while self._waiting:
            self._open(*self._waiting.pop(0))
        return self.found

    def _open(self, address: str, is_htmx: bool) -> None:  # noqa: FBT001
        key = f"GET {address}{' (bagian)' if is_htmx else ''}"
        page = page_of(address)
        if key in self.found.answers or page is None:
            return
        self._seen_of_page[page.name] += 1
        if self._seen_of_page[page.name] > _most_of(page):
            return
        headers = {"HX-Request": "true"} if is_htmx else {}
        answer = self.visitor.get(address, **headers)
        self.found.answers[key] = answer
        self._follow(answer, address)

    def _follow(self, answer: Answer, address: str) -> None:
        if not answer.is_html or answer.status != 200:
            return
        offered = read(answer.text, address)
        self._waiting += offered.links
        for form in offered.forms:
            if form.method == "get":
                self._waiting += [(one, False) for one in questions(form)]
            else:
                self._send(form)

    def _send(self, form: Form) -> None:
        headers = {"HX-Request": "true"} if form.is_htmx else {}
        for typed in self._fillings(form):
            shown = {k: v for k, v in typed.items() if k not in _TICKETS}
            key = f"POST {form.action} {shown}"
            # One form of a kind: a list has the same form on each of its lines.
            kind = (
                page_of(form.action),
                ",".join(f"{k}={v}" for k, v in shown.items()),
            )
            if kind in self._sent:
                continue
            self._sent.add(kind)
            answer, page_behind = self.visitor.send(form.action, typed, **headers)
            self.found.answers[key] = answer
            if page_behind is not None:
                self.found.answers[f"{key} and then"] = page_behind
                # Rows of the registry stay; what the form made is gone.
                links = read(page_behind.text, "/").links
                self._waiting += [
                    one for one in links if BOUND & {kind for kind, _ in rows_in(one[0])}
                ]

    def _fillings(self, form: Form) -> list[dict[str, Any]]:
        typed = form.filled()
        if "q" not in typed:
            return [typed]
        return [typed | {"q": words} for words in self._searches()]

    def _searches(self) -> list[str]:
        """What somebody types into a search field: people here and elsewhere, in every way."""
        asked = []
        for quarter in (A1, B1):
            row = citizens_of(quarter)[4]
            asked += [row["NIK"], row["NO_KK"], row["NAMA_LGKP"], row["NAMA_LGKP"].split()[0]]
            asked.append(f"{row['NAMA_LGKP']} {row['TGL_LHR']} RT {row['NO_RT']}")
        return [*asked, "", "JL"]


# Differ each time a page is opened.
_TICKETS = frozenset({"csrfmiddlewaretoken", "form_ticket", "next", "seen"})
