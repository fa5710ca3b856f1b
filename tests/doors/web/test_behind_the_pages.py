"""What pages lead to: filters, drop-downs, parts of pages, forms, files that are downloaded.

For each role an officer of Legok and one of Cempaka Putih click everything and send every form.
"""

import re

import pytest

from doors.web.addresses import BOUND, page_of, rows_in
from doors.web.exploring import Explorer
from doors.web.growing import grow_elsewhere, padded
from doors.web.reading import read
from doors.web.visiting import (
    LARGEST,
    MOST_QUERIES,
    Visitor,
    none,
    secret_numbers,
    settled,
    undone,
)
from doors.web.world import SEES, user_name
from entas.city.models import Right
from entas.city.policies import ACTS_OF_ROLE


def _one_of_each() -> list[str]:
    """A role for each bundle of acts: roles with the same acts see the same."""
    bundles = {ACTS_OF_ROLE[role]: str(role) for role in reversed(Right.Role)}
    return sorted(bundles.values())


ROLES = _one_of_each()


def _explore(world, user):
    with undone():
        return Explorer(world, Visitor(world, user)).explore()


def _odd(world, visitor, question, answer):
    """Everything about an answer that must not be."""
    odd = [f"{question} shows {word}" for word in _beyond(visitor, question, answer)]
    odd += [f"{question} leads to {link}" for link in _links_elsewhere(world, visitor, answer)]
    if not _may_show_numbers(question):
        odd += [f"{question} has a NIK in {place}" for place in secret_numbers(answer)]
    if answer.status >= 500:
        odd.append(f"{question} -> {answer.status}")
    if answer.queries > MOST_QUERIES and question.startswith("GET"):
        odd.append(f"{question} needs {answer.queries} queries")
    if answer.is_html and answer.size > LARGEST:
        odd.append(f"{question} weighs {answer.size} bytes")
    return odd


def _may_show_numbers(question):
    """A number is shown to who says why: by a form, on the page for that."""
    return question.startswith("POST") and page_of(question.split()[1]).act == "registry.reveal"


def _beyond(visitor, question, answer):
    """Foreign words of an answer that were not typed into the question itself."""
    return [
        word
        for word in visitor.foreign_words(answer)
        if word.partition(": ")[2].casefold() not in question.casefold()
    ]


def _links_elsewhere(world, visitor, answer):
    """Links to rows of kelurahan the visitor does not see."""
    if not answer.is_html:
        return []
    foreign = {
        (kind, number)
        for kind in BOUND & world.kinds
        for key, number in world.numbers[kind].items()
        if "-" not in key and key not in SEES[visitor.area]
    }
    links = read(answer.text, "/").links
    return [link for link, _ in links if foreign.intersection(rows_in(link))]


@pytest.mark.parametrize("role", ROLES)
def test_nothing_an_officer_can_click_or_send_shows_people_elsewhere(world, role):
    visitor = Visitor(world, world.users[user_name(role, "B1")])

    none(
        odd
        for question, answer in Explorer(world, visitor).explore()
        for odd in _odd(world, visitor, question, answer)
    )


_ROW_NUMBER = re.compile(r"(?<=/)\d{1,12}(?=/)|(?<=<dt>Nomor</dt><dd>)\d{1,12}(?=</dd>)")


def _compared(answer):
    """What two answers must have in common: all but numbers of rows that a form just made."""
    text = _ROW_NUMBER.sub("~", settled(answer.text))
    return answer.status, _ROW_NUMBER.sub("~", settled(answer.location)), text


@pytest.mark.parametrize("role", ROLES)
def test_people_moving_elsewhere_change_no_byte_of_any_answer(world, role):
    officer = world.users[user_name(role, "A1")]
    with undone():
        padded(world)
        before = _explore(world, officer)

    grow_elsewhere(world)
    after = _explore(world, officer)

    none(set(before.answers) ^ set(after.answers), "Offered only before or only after.")
    none(
        f"{question}: {_first_difference(_compared(answer), _compared(after.answers[question]))}"
        for question, answer in before
        if _compared(answer) != _compared(after.answers[question])
    )
    visitor = Visitor(world, officer)
    none(odd for question, answer in before for odd in _odd(world, visitor, question, answer))


def _first_difference(one, two):
    left, right = " | ".join(map(str, one)), " | ".join(map(str, two))
    at = next(
        (place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
        min(len(left), len(right)),
    )
    return f"{left[max(0, at - 60) : at + 60]!r} became {right[max(0, at - 60) : at + 60]!r}"


def test_the_same_growth_does_change_what_the_whole_city_sees(world):
    steward = world.user(Right.Role.DATA_STEWARD, "city")
    with undone():
        padded(world)
        before = _explore(world, steward)

    grow_elsewhere(world)
    after = _explore(world, steward)

    assert {q: _compared(a) for q, a in before} != {q: _compared(a) for q, a in after}
