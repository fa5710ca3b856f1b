"""Reading a page like a browser does: its links, and its forms filled in by somebody patient."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

WORDS = "uji coba yang cukup panjang"
_MOST_CHOICES = 12


@dataclass
class Field:
    """One input: its name, its kind, what stands in it and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    def filled(self) -> str | None:
        """What a patient person would write; None when the browser would send nothing."""
        if self.kind in {"file", "submit", "button", "image", "reset", "password"}:
            return None
        if self.kind in {"select", "radio"}:
            return next((choice for choice in self.choices if choice), "")
        if self.value or self.kind == "hidden":
            return self.value
        return {
            "number": "1",
            "date": "2026-06-01",
            "email": "uji@example.org",
            "tel": "081200000000",
            "checkbox": "on",
        }.get(self.kind, WORDS)


@dataclass
class Form:
    """A form of a page."""

    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    is_htmx: bool = False

    def filled(self) -> dict[str, str]:
        """All fields filled in."""
        pairs = ((one.name, one.filled()) for one in self.fields if one.name)
        return {name: value for name, value in pairs if value is not None}

    def each_choice(self) -> list[dict[str, str]]:
        """The empty form, and every choice of each list on its own."""
        sent: list[dict[str, str]] = [{}]
        for one in self.fields:
            sent += [{one.name: choice} for choice in one.choices[:_MOST_CHOICES] if choice]
        return sent


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.links: list[tuple[str, bool]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._list: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in has:
            self.links.append((urljoin(self.base, has["href"]), False))
        if "hx-get" in has:
            self.links.append((urljoin(self.base, has["hx-get"]), True))
        if tag == "form":
            self._begin_form(has)
        elif tag in {"input", "textarea", "select", "button"}:
            self._add_field(tag, has)
        elif tag == "option" and self._list is not None:
            self._list.choices.append(has.get("value", ""))

    def _begin_form(self, has: dict[str, str]) -> None:
        is_htmx = "hx-post" in has
        self._form = Form(
            method="post" if is_htmx else has.get("method", "get").lower(),
            action=urljoin(self.base, has.get("hx-post") or has.get("action") or self.base),
            is_htmx=is_htmx,
        )
        self.forms.append(self._form)

    def _add_field(self, tag: str, has: dict[str, str]) -> None:
        kind = {"input": has.get("type", "text"), "button": "submit"}.get(tag, tag)
        one = Field(has.get("name", ""), kind, has.get("value", ""))
        if tag == "select":
            self._list = one
        if self._form is None:
            return
        if kind == "radio":
            same = next((f for f in self._form.fields if f.name == one.name), None)
            if same is not None:
                same.choices.append(one.value)
                return
            one.choices.append(one.value)
        self._form.fields.append(one)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._list = None


@dataclass(frozen=True)
class Reading:
    """What a page offers to click and to send.

    ``links`` are addresses of this door, each with whether htmx asks for it.
    """

    links: tuple[tuple[str, bool], ...]
    forms: tuple[Form, ...]


def read(html: str, path: str) -> Reading:
    """The links and forms of the page at this path."""
    reader = _Reader(path)
    reader.feed(html)
    own = [
        (address.partition("#")[0], is_htmx)
        for address, is_htmx in reader.links
        if address.startswith("/") and not address.startswith("/static/")
    ]
    return Reading(tuple(dict.fromkeys(own)), tuple(reader.forms))


def questions(form: Form) -> list[str]:
    """The addresses a search or filter form leads to, one for every choice."""
    bare = urlsplit(form.action).path
    return [f"{bare}?{urlencode(sent)}" if sent else bare for sent in form.each_choice()]
