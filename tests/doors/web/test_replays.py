"""Every form with a ticket is sent once, by the one whose form it is."""

import pytest

from doors.web.addresses import own_addresses, page_of
from doors.web.reading import read
from doors.web.visiting import Visitor, none, undone
from doors.web.world import EVERYTHING
from entas.city.models import Right
from entas.web.models import Draft

# What forms ask for that words at random do not satisfy.
SENSIBLE = {
    "birth": "14-10-1990",
    "birth_place": "KERINCI",
    "reason": "tertulis di akta kelahiran",
    "rt": "005",
    "to_kelurahan": "1571101002",
    "whole_family": "tidak",
}
CARRIED_OUT = {302, 303}


@pytest.fixture
def visitor(world):
    return Visitor(world, world.users[EVERYTHING])


def _ticketed(world, visitor):
    """Each kind of form with a ticket once, filled in so that some are carried out."""
    seen = set()
    for address in own_addresses(world, visitor.name, "GET"):
        answer = visitor.get(address.path)
        for form in read(answer.text, address.path).forms if answer.is_html else ():
            names = {field.name for field in form.fields}
            kind = (page_of(form.action), frozenset(names))
            if "form_ticket" in names and kind not in seen:
                seen.add(kind)
                yield form


def _sensibly(form):
    typed = {"name", "nik", "mother_name"} & set(form.filled())
    return {
        name: SENSIBLE.get(name, value)
        for name, value in form.filled().items()
        if name not in typed
    }


def test_no_form_is_carried_out_twice(world, visitor):
    twice, once = [], 0
    for form in _ticketed(world, visitor):
        with undone():
            first = visitor.client.post(form.action, _sensibly(form))
            second = visitor.client.post(form.action, _sensibly(form))
        if first.status_code in CARRIED_OUT:
            once += 1
            if second.status_code in CARRIED_OUT:
                twice.append(f"{form.action} -> {second.status_code}")

    none(twice)
    assert once, "no form was carried out at all: give SENSIBLE words for one"


def test_no_form_is_carried_out_with_the_ticket_of_another(world, visitor):
    other = Draft.objects.get(pk=world.numbers["draft.uuid"]["B1"])
    odd = []
    for form in _ticketed(world, visitor):
        for forged in (str(other.pk), "", "0", "x" * 36, "00000000-0000-0000-0000-000000000000"):
            with undone():
                typed = _sensibly(form) | {"form_ticket": forged}
                answer = visitor.client.post(form.action, typed)
            if answer.status_code in CARRIED_OUT or answer.status_code >= 500:
                odd.append(f"{form.action} with {forged!r} -> {answer.status_code}")

    none(odd)


def test_a_ticket_sent_twice_in_one_form_counts_as_the_last_one(world, visitor):
    for form in _ticketed(world, visitor):
        typed = _sensibly(form)
        with undone():
            both = typed | {"form_ticket": [typed["form_ticket"], "palsu"]}
            answer = visitor.client.post(form.action, both)

        assert answer.status_code not in CARRIED_OUT, form.action


def test_a_form_opened_by_one_cannot_be_sent_by_another(world, visitor):
    other = Visitor(world, world.user(Right.Role.DATA_STEWARD, "city"))
    odd = []
    for form in _ticketed(world, visitor):
        with undone():
            answer = other.client.post(form.action, _sensibly(form))
        if answer.status_code in CARRIED_OUT:
            odd.append(form.action)

    none(odd)
