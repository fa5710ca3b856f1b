"""Pages ask the database as often for many rows as for few."""

import pytest

from doors.web.addresses import own_addresses
from doors.web.visiting import Visitor, none, undone
from doors.web.world import EVERYTHING, QUARTERS, World, citizens_of
from entas.city.models import Right, User


def _more_of_everything(world: World) -> None:
    """Twice as many people, proposals, looks, acts and users."""
    from entas.audit.services import look
    from entas.registry.services import propose_correction

    already = set(world.everybody())
    world.office.send([row for quarter in QUARTERS for row in citizens_of(quarter, round_=1)])
    officer = world.user(Right.Role.FRONT_OFFICE, "A1")
    newcomers = [number for number in world.everybody() if number not in already]
    for number in newcomers[:6]:
        propose_correction(
            person_id=number, field="birth_place", value="JAMBI", reason="akta", by=officer
        )
    look(officer, [number for number in newcomers for _ in range(3)], purpose="uji", where="uji")
    for number in range(30):
        user = User.objects.create(username=f"banyak.{number}", name=f"Banyak {number}")
        Right.objects.create(
            user=user,
            role=Right.Role.LEADER,
            valid_from="2026-01-01",
            granted_by="uji",
            act_id=0,
        )


def _queries(world: World) -> dict[str, int]:
    visitor = Visitor(world, world.users[EVERYTHING])
    asked = {}
    for address in own_addresses(world, EVERYTHING, "GET"):
        # Once to fill what is kept between requests.
        visitor.get(address.path)
        asked[address.path] = visitor.get(address.path).queries
    return asked


def test_no_page_asks_more_often_because_there_are_more_rows(world):
    with undone():
        before = _queries(world)
    _more_of_everything(world)

    after = _queries(world)

    grown = {path: (before[path], count) for path, count in after.items() if count > before[path]}
    none(
        (f"{path}: {few} queries, then {many}" for path, (few, many) in grown.items()),
        "Queries before and after there were twice as many rows.",
    )


@pytest.mark.parametrize("quarter", QUARTERS, ids=lambda quarter: quarter.key)
def test_a_second_round_of_people_shares_no_number_with_the_first(quarter):
    first, second = citizens_of(quarter), citizens_of(quarter, round_=1)

    assert not {row["NIK"] for row in first} & {row["NIK"] for row in second}
    assert not {row["NO_KK"] for row in first} & {row["NO_KK"] for row in second}
