"""Where a family lives from a day on; what was before stays readable with its last day."""

from collections.abc import Sequence
from datetime import date

from django.db import models

from entas.history import record_change
from entas.registry.models import (
    Dwelling,
    Family,
    FamilyStay,
    Household,
    HouseholdStay,
    Membership,
    Person,
    RegistryHistory,
)

# Kelurahan, RT (None when unknown) and written address.
Home = tuple[int, int | None, str]


def move_family(*, family_id: int, home: Home, on: date, act_id: int) -> None:
    """Let a whole family live in a new dwelling, in a household of its own.

    Args:
        family_id: its card and its members stay as they are.
        home: where.
        on: the first day there; the last one of the household before.
        act_id: which act the log names.
    """
    stays = FamilyStay.objects.filter(family=family_id, to_on=None)
    for stay in stays.order_by("pk"):
        _end(stay, on, act_id)
        if not FamilyStay.objects.filter(household=stay.household_id, to_on=None).exists():
            for old in HouseholdStay.objects.filter(household=stay.household_id, to_on=None):
                _end(old, on, act_id)
    _settle(family_id, home, on, act_id)


def leave_family(*, members: Sequence[Person], home: Home, on: date, act_id: int) -> None:
    """Let some members found a family without a card, until a list brings their new card.

    Args:
        members: their ``family_id`` is set and not saved.
        home: where they live.
        on: the first day there.
        act_id: which act the log names.
    """
    family = Family.objects.create()
    _log_new(family, act_id)
    for member in members:
        for old in Membership.objects.filter(person=member, to_on=None).order_by("pk"):
            _end(old, on, act_id)
        member.family_id = family.pk
        if len(members) == 1:
            # Alone nobody is a child or a wife of the card; the next list says it.
            member.role = ""
        made = Membership.objects.create(person=member, family=family, role=member.role, from_on=on)
        _log_new(made, act_id)
    _settle(family.pk, home, on, act_id)


def _settle(family_id: int, home: Home, on: date, act_id: int) -> None:
    kelurahan, rt, address = home
    dwelling = Dwelling.objects.create(kelurahan=kelurahan, rt=rt, address=address)
    household = Household.objects.create()
    lives = HouseholdStay.objects.create(household=household, dwelling=dwelling, from_on=on)
    belongs = FamilyStay.objects.create(family_id=family_id, household=household, from_on=on)
    for row in (dwelling, household, lives, belongs):
        _log_new(row, act_id)


def _end(stay: FamilyStay | HouseholdStay | Membership, on: date, act_id: int) -> None:
    stay.to_on = on
    stay.save(update_fields=["to_on"])
    record_change(stay, {"to_on": None}, history=RegistryHistory, act_id=act_id)


def _log_new(row: models.Model, act_id: int) -> None:
    record_change(row, {}, history=RegistryHistory, act_id=act_id)
