"""Every address of the table is visited as every role of every area.

A new page is tested the moment it stands in the table: nothing here names a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import reverse

from doors.web.addresses import BOUND, Address, Page, addresses, examples_of, lines, pages
from doors.web.visiting import (
    LARGEST,
    MOST_QUERIES,
    Answer,
    Visitor,
    none,
    secret_numbers,
    settled,
)
from doors.web.world import AREAS, SEES, user_name
from entas.city.models import Right
from entas.city.policies import ALL_ACTS
from entas.web.frame import PUBLIC, SIGNED_IN

REVEAL = "registry.reveal"
GOOD_GET = frozenset({200, 302, 303})
# An empty form may be answered by its page with the faults beside the fields, or be refused.
GOOD_POST = GOOD_GET | {204, 400, 403, 409, 422}


@dataclass(frozen=True)
class Visit:
    """Who went where, and what came back."""

    visitor: Visitor
    address: Address
    method: str
    answer: Answer

    @property
    def shows_numbers(self) -> bool:
        """A number is shown to who said why, and never to who only opened a page."""
        return self.address.page.act == REVEAL and self.method == "POST"

    def __str__(self) -> str:
        return f"{self.visitor.name}: {self.method} {self.address.path} -> {self.answer.status}"


def _addresses_for(world, page: Page, visitor: Visitor) -> list[Address]:
    """Where this visitor goes on this page: everywhere, unless all answers must be alike."""
    found = addresses(world, page)
    if visitor.user is None:
        return found
    # Who may not is stopped before the numbers are read. Rows that lie in no kelurahan are the
    # same for officers of other areas: those of Legok and of Cempaka Putih open all of them.
    is_alike = visitor.area not in {"A1", "B1"} and not page.is_bound
    return found[:1] if is_alike or not page.may(visitor.user) else found


def _all_visits(visitor: Visitor, world) -> Iterator[Visit]:
    for page in pages():
        for address in _addresses_for(world, page, visitor):
            for method in page.methods:
                answer = getattr(visitor, method.lower())(address.path)
                yield Visit(visitor, address, method, answer)


@pytest.fixture(scope="module", params=[str(role) for role in Right.Role])
def role(request):
    """One role after the other: the tests of one share their visits."""
    return request.param


_visited: dict[str, list[Visit]] = {}


@pytest.fixture
def visits(world, role) -> list[Visit]:
    """All visits of the four users who hold the role."""
    if role not in _visited:
        _visited.clear()
        _visited[role] = [
            visit
            for area in AREAS
            for visit in _all_visits(Visitor(world, world.users[user_name(role, area)]), world)
        ]
    return _visited[role]


# --- the table itself ------------------------------------------------------------------------


def test_every_address_was_made_by_the_frame():
    strange = [str(line.pattern) for line in lines() if not hasattr(line.callback, "act")]

    none(strange, "Make these with entas.web.frame.page.")


def test_every_page_names_an_act_that_some_role_includes():
    known = {PUBLIC, SIGNED_IN, *ALL_ACTS}

    unknown = {page.name: page.act for page in pages() if page.act not in known}

    none(unknown)


def test_every_page_has_a_name_of_its_own():
    names = [page.name for page in pages()]

    assert sorted(names) == sorted(set(names))


def test_every_kind_of_number_in_an_address_has_examples(world):
    lacking = {
        f"{page.route} needs a number of a {kind}"
        for page in pages()
        for _, kind in page.kinds
        if not examples_of(world, page, kind)
    }

    none(lacking, "Give settling.py examples, one in Legok (A1) and one in Cempaka Putih (B1).")


# --- nobody in particular --------------------------------------------------------------------


def test_who_has_not_signed_in_is_led_to_the_sign_in_and_sees_public_pages_only(world):
    odd = []
    for visit in _all_visits(Visitor(world), world):
        answer = visit.answer
        if visit.address.page.is_public:
            is_right = answer.status in (GOOD_GET if visit.method == "GET" else GOOD_POST)
        else:
            is_right = answer.status == 302 and answer.location.startswith(reverse("sign_in"))
        if not is_right or visit.visitor.foreign_words(answer) or secret_numbers(answer):
            odd.append(str(visit))

    none(odd)


def test_an_unfinished_account_reaches_only_what_finishes_it(world):
    user = world.user(Right.Role.DATA_STEWARD, "city")
    user.must_change_password = True
    user.save()

    visits = [
        visit
        for visit in _all_visits(Visitor(world, user), world)
        if not visit.address.page.during_setup
    ]

    none(str(visit) for visit in visits if visit.answer.status != 302)
    assert {visit.answer.location for visit in visits} == {reverse("password")}


# --- every role of every area ----------------------------------------------------------------


def _expected(visit: Visit) -> frozenset[int]:
    page, visitor = visit.address.page, visit.visitor
    good = GOOD_GET if visit.method == "GET" else GOOD_POST
    if not page.may(visitor.user):
        return frozenset({403})
    if visit.address.is_special:
        return good | {404}
    if any(key not in SEES[visitor.area] for key in visit.address.bound_keys):
        return frozenset({404})
    if all(kind in BOUND for _, kind in page.kinds):
        return good
    # Rows that lie nowhere in the city belong to a person or an office: the page decides.
    return good | {403, 404, 409}


def test_a_page_opens_for_who_may_where_they_may_and_for_nobody_else(visits):
    odd = [
        f"{visit}, expected {sorted(_expected(visit))}"
        for visit in visits
        if visit.answer.status not in _expected(visit)
    ]

    none(odd)


def test_nothing_of_people_elsewhere_is_seen(visits):
    odd = [
        f"{visit} shows {words}"
        for visit in visits
        if (words := visit.visitor.foreign_words(visit.answer))
    ]

    none(odd)


def test_no_answer_holds_a_nik_or_kk(visits):
    odd = [
        f"{visit} has one in {places}"
        for visit in visits
        if (places := secret_numbers(visit.answer))
    ]

    none(odd)


def test_a_row_elsewhere_is_answered_like_a_row_that_is_nowhere(visits):
    by_place: dict[tuple[str, Page, str], dict[str, str]] = {}
    for visit in visits:
        address = visit.address
        if len(address.keys) == 1 and visit.answer.status == 404:
            body = settled(visit.answer.text.replace(address.path, "/~/"))
            key = (visit.visitor.name, address.page, visit.method)
            by_place.setdefault(key, {})[address.keys[0]] = body

    odd = [
        f"{name}: {method} {page.route}"
        for (name, page, method), bodies in by_place.items()
        if len(set(bodies.values())) > 1
    ]

    none(odd)


def test_no_page_is_heavy_or_asks_the_database_too_often(visits):
    heavy = [
        f"{visit}: {visit.answer.size} bytes, {visit.answer.queries} queries"
        for visit in visits
        if visit.answer.queries > MOST_QUERIES
        or (visit.answer.is_html and visit.answer.size > LARGEST)
    ]

    none(heavy)
