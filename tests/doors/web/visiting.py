"""Visiting pages as somebody: what was answered, and what of it must not be there."""

import contextlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.test import Client

from doors.web.world import MARKS, SEES, World
from entas.city import policies

LARGEST = 300_000
MOST_QUERIES = 40

# Sixteen digits in a row, and a NIK or KK that somebody spaced out. Not among hexadecimal: one in
# a hundred SHA-256 fingerprints in hexadecimal has sixteen digits side by side.
LONG_NUMBER = re.compile(r"(?<![0-9a-f])\d{16}(?![0-9a-f])")
SPACED_NUMBER = re.compile(
    r"(?<![0-9a-f])15[ .-]?71[ .-]?(?:8[ .-]?[1-9]|9[ .-]?[01])(?:[ .-]?\d){10}(?![0-9a-f])"
)

# Tokens of forms and sealed values.
_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{32,}")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\b")
_BOOKKEEPING = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")


def none(odd: Iterable[str], advice: str = "") -> None:
    """Nothing odd was found; else all of it is told, a line each."""
    told = sorted(map(str, odd))
    assert not told, "\n".join([f"{len(told)} found. {advice}", *told[:60]])


def settled(text: str) -> str:
    """The text without what differs each time: tokens, numbers of forms, the clock."""
    for pattern in (_TOKEN, _UUID, _CLOCK):
        text = pattern.sub("~", text)
    return text


@dataclass(frozen=True)
class Answer:
    """What came back: ``text`` is all of it in words, also of a workbook."""

    status: int
    text: str
    size: int
    location: str
    queries: int
    content_type: str

    @property
    def is_html(self) -> bool:
        return self.content_type.startswith("text/html")


def _words_of(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            # When a workbook was made stands in a part of its own.
            parts = [name for name in book.namelist() if name != "docProps/core.xml"]
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in parts)
    return content.decode("utf-8", "replace")


class Counter:
    """Counts the statements that a page sends to all databases."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        # Tests nest transactions that stand alone elsewhere; their marks are no questions.
        if not sql.startswith(_BOOKKEEPING):
            self.count += 1
        return execute(sql, params, many, context)


@contextlib.contextmanager
def counted() -> Iterator[Counter]:
    """Counts the statements sent to every database meanwhile."""
    counter = Counter()
    with contextlib.ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(counter))
        yield counter


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever is written meanwhile is taken back, in every database."""
    with contextlib.ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(transaction.set_rollback, rollback=True, using=alias)
        yield


class Visitor:
    """Somebody with a browser. What visits write is kept, what forms write is taken back."""

    def __init__(self, world: World, user: Any = None) -> None:
        self.client = Client(raise_request_exception=True)
        self.user = user
        self.name = user.username if user else "tanpa masuk"
        if user is not None:
            world.login(self.client, user)
        self.cookies = dict(self.client.cookies)

    @property
    def area(self) -> str:
        return self.name.partition("@")[2]

    @property
    def sees(self) -> tuple[str, ...]:
        """The kelurahan whose people this visitor may see; none when no right shows people."""
        if self.user is None or not policies.may(self.user, "registry.look"):
            return ()
        return SEES[self.area]

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self._answer("get", path, {}, headers)

    def ask(self, path: str, question: dict[str, str]) -> Answer:
        """Open a page with a question behind its address."""
        return self._answer("get", path, question, {})

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Send a form; what it changed is taken back, and so is the end of a session."""
        with undone():
            answer = self._answer("post", path, data or {}, headers)
        self._keep_cookies()
        return answer

    def send(self, path: str, data: dict[str, Any], **headers: str) -> tuple[Answer, Answer | None]:
        """Send a form and open the page it leads to, before what it changed is taken back."""
        with undone():
            answer = self._answer("post", path, data, headers)
            behind = self.get(answer.location) if answer.location.startswith("/") else None
        self._keep_cookies()
        return answer, behind

    def _keep_cookies(self) -> None:
        self.client.cookies.clear()
        self.client.cookies.update(self.cookies)

    def _answer(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Answer:
        with counted() as counter:
            response = getattr(self.client, method)(path, data, headers=headers)
            content = response.getvalue() if response.streaming else response.content
        return Answer(
            status=response.status_code,
            text=_words_of(content),
            size=len(content),
            location=response.headers.get("Location", ""),
            queries=counter.count,
            content_type=response.headers.get("Content-Type", ""),
        )

    def foreign_words(self, answer: Answer) -> list[str]:
        """Words, numbers and birthdays of people this visitor must not see."""
        text = answer.text + "\n" + answer.location
        return [
            f"{key}: {word}"
            for key, marks in MARKS.items()
            if key not in self.sees
            for word in marks.found(text)
        ]


def secret_numbers(answer: Answer) -> list[str]:
    """Where a NIK or KK stands in plain form, named by what lies around it."""
    places = {"Location": answer.location, "page": answer.text}
    found = []
    for place, text in places.items():
        for pattern in (LONG_NUMBER, SPACED_NUMBER):
            if match := pattern.search(text):
                before = text[max(0, match.start() - 60) : match.start()]
                found.append(f"{place} behind {before!r}")
    return found
