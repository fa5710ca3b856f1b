"""Showing a NIK or KK in full: with a purpose and a reason, once, and written down before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from entas import custody
from entas.audit.queries.entries import acts_since
from entas.audit.services import actor_text, look, record
from entas.city.models import Purpose, User
from entas.city.policies import check_may_at, scope_of
from entas.city.queries import check_purpose
from entas.registry import states
from entas.registry.errors import NoNumber, TooManyReveals
from entas.registry.models import Family, Person

REVEAL = "registry.reveal"
REFUSED = "registry.reveal.refused"
_HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks for a number, of what, and why."""

    by: User
    kind: str
    pk: int
    field: str
    purpose: Purpose
    reason: str
    where: str
    now: dt.datetime


def reveal_nik(
    *, person: Person, purpose: str, reason: str, where: str, by: User, now: dt.datetime
) -> str:
    """Give a person's NIK in full; the act and the look are written before it is given.

    Args:
        person: whose NIK.
        purpose: code of a purpose in force.
        reason: why exactly, in words; it stands in the chain of looks.
        where: the page that shows it.
        by: who will see it.
        now: the moment.

    Raises:
        entas.city.errors.NotAllowed, entas.city.errors.OutsideArea: ``by`` may not, here.
        entas.city.errors.OddPurpose: purpose or reason do not suffice.
        NoNumber: no NIK of this person is known.
        TooManyReveals: ``by`` saw too many numbers within an hour.
    """
    check_may_at(by, REVEAL, person.kelurahan)
    purpose_ = check_purpose(purpose, reason, on=localdate(now))
    if person.nik_sealed is None:
        raise NoNumber("NIK")
    asked = _Asked(by, "person", person.pk, "nik", purpose_, reason, where, now)
    _write_down(asked, [person.pk])
    context = Person.SEALED["nik_sealed"]
    return custody.unseal(bytes(person.nik_sealed), context=context).decode()


def reveal_kk(
    *, family: Family, purpose: str, reason: str, where: str, by: User, now: dt.datetime
) -> str:
    """Give a family's KK number in full; everybody on the card counts as looked at.

    The card may be seen by whoever may do so where one of its active members lives.

    Args:
        family: whose KK.
        purpose: code of a purpose in force.
        reason: why exactly, in words; it stands in the chain of looks.
        where: the page that shows it.
        by: who will see it.
        now: the moment.

    Raises:
        entas.city.errors.NotAllowed, entas.city.errors.OutsideArea: ``by`` may not, here.
        entas.city.errors.OddPurpose: purpose or reason do not suffice.
        NoNumber: no KK number of this family is known.
        TooManyReveals: ``by`` saw too many numbers within an hour.
    """
    members = list(
        Person.objects.filter(family=family, state=states.ACTIVE).values_list("pk", "kelurahan")
    )
    scope = scope_of(by, REVEAL)
    here = next((place for _, place in members if scope.covers(place)), None)
    check_may_at(by, REVEAL, here)
    purpose_ = check_purpose(purpose, reason, on=localdate(now))
    if family.kk_sealed is None:
        raise NoNumber("KK")
    asked = _Asked(by, "family", family.pk, "kk", purpose_, reason, where, now)
    _write_down(asked, [pk for pk, _ in members])
    context = Family.SEALED["kk_sealed"]
    return custody.unseal(bytes(family.kk_sealed), context=context).decode()


def _write_down(asked: _Asked, persons: Sequence[int]) -> None:
    try:
        with transaction.atomic():
            _record(asked, REVEAL)
            # Behind the act, which holds the chain: two that come at once are counted after
            # each other.
            _check_rate(asked)
            # On PostgreSQL in the same transaction. On SQLite the look stands even when the
            # act is taken back: nothing is ever shown without either.
            purpose = f"{asked.purpose.code}: {asked.reason}"
            look(asked.by, persons, purpose=purpose, where=asked.where)
    except TooManyReveals:
        with transaction.atomic():
            _record(asked, REFUSED)
        raise


def _record(asked: _Asked, act: str) -> None:
    detail: dict[str, object] = {"field": asked.field, "purpose": asked.purpose.code}
    if act == REFUSED:
        detail["limit"] = settings.ENTAS_REVEALS_AN_HOUR
    record(asked.by, act, object_type=asked.kind, object_id=asked.pk, detail=detail)


def _check_rate(asked: _Asked) -> None:
    limit = settings.ENTAS_REVEALS_AN_HOUR
    seen = acts_since(actor=actor_text(asked.by), act=REVEAL, since=asked.now - _HOUR)
    if seen > limit:
        raise TooManyReveals(limit)
