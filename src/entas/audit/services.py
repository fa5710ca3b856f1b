"""Writing the two chains. There is no act here that changes or removes an entry."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import router, transaction
from django.db.models import Model
from django.utils import timezone

from entas.audit.models import (
    Act,
    ActHead,
    ChainHead,
    Look,
    LookHead,
    canonical,
    entry_hash,
    head_seal,
)
from entas.audit.queries import AuditReport, verify
from entas.audit.queries.verifying import VERIFIED, Progress, no_progress
from entas.tables import bulk_insert

Head = TypeVar("Head", bound=ChainHead)

# Sixteen digits in a row can only be a NIK or KK, and those never enter a log.
_SECRET_NUMBER = re.compile(r"(?<!\w)\d{16}(?!\w)")


def actor_text(actor: object) -> str:
    """How an actor is named in the chains: ``user:7:siti`` for a user, the text itself otherwise.

    A user's number stays when the name changes, and the name tells the reader who it was.
    """
    if isinstance(actor, Model):
        return f"{actor._meta.model_name}:{actor.pk}:{actor}"[:160]
    return str(actor)[:160]


def user_number(text: str) -> int | None:
    """Number of the user whom :func:`actor_text` named so; None for what is no user."""
    kind, _, rest = text.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "user" and number.isascii() and number.isdigit() else None


def actor_name(text: str) -> str:
    """The name in it: ``siti`` of ``user:7:siti``; a text without one stays as it is."""
    name = text.split(":", 2)[2:]
    return name[0] if name and user_number(text) is not None else text


def is_same_actor(text: str, user: Model) -> bool:
    """Whether :func:`actor_text` named this user; the number decides, for names change."""
    return bool(user_number(text) == user.pk)


def _locked_head(model: type[Head]) -> Head:
    head, _ = model._base_manager.select_for_update().get_or_create(pk=1)
    return head


def _move_head(head: ChainHead, length: int, last_hash: str) -> None:
    # An end that somebody else wrote is never sealed anew: the next entry would hide the forgery.
    is_ours = head.is_sealed
    head.length, head.hash = length, last_hash
    if is_ours:
        head.seal = head_seal(head.CHAIN, length, last_hash)
    head.save()


def next_position() -> int:
    """Place the next act will take; nobody else writes an act until the transaction ends.

    For what must name its own act, as the first line of an exported file does.

    Raises:
        django.db.transaction.TransactionManagementError: no transaction is open.
    """
    return _locked_head(ActHead).length + 1


def record(
    actor: object,
    act: str,
    *,
    object_type: str = "",
    object_id: str | int = "",
    detail: dict[str, Any] | None = None,
) -> Act:
    """Write one act at the end of the chain of acts, inside the caller's transaction.

    Args:
        actor: a user, or a text for what is not one.
        act: stage and act, for instance ``"sources.import"``.
        object_type: what kind of thing was acted on.
        object_id: which one.
        detail: numbers, codes and file hashes that make the act understandable. Never names,
            NIK, KK or file names chosen by others.

    Returns:
        The entry; its ``id`` is what history rows point at.

    Raises:
        ValueError: ``detail`` holds a number of sixteen digits or what JSON cannot hold.
        django.db.transaction.TransactionManagementError: no transaction is open.
    """
    detail = detail or {}
    if _SECRET_NUMBER.search(canonical(detail)):
        raise ValueError(f"The detail of act {act!r} holds a number of sixteen digits.")
    database = router.db_for_write(Act)
    if not transaction.get_connection(database).in_atomic_block:
        raise transaction.TransactionManagementError(
            f"Act {act!r} must be recorded in the transaction of what it tells."
        )
    head = _locked_head(ActHead)
    entry = Act(
        position=head.length + 1,
        at=timezone.now(),
        actor=actor_text(actor),
        act=act,
        object_type=object_type,
        object_id=str(object_id),
        detail=detail,
        prev_hash=head.hash,
    )
    entry.hash = entry_hash(head.hash, entry.content())
    entry.save(force_insert=True)
    _move_head(head, entry.position, entry.hash)
    return entry


_LOOK_COLUMNS = ("position", "at", "actor", "person", "purpose", "where", "prev_hash", "hash")


def _look_rows(
    head: LookHead, now: dt.datetime, actor: str, persons: Sequence[int], about: tuple[str, str]
) -> list[tuple[Any, ...]]:
    purpose, where = about
    rows: list[tuple[Any, ...]] = []
    last = head.hash
    for position, person in enumerate(persons, start=head.length + 1):
        entry = Look(
            position=position, at=now, actor=actor, person=person, purpose=purpose, where=where
        )
        before, last = last, entry_hash(last, entry.content())
        rows.append((position, now, actor, person, purpose, where, before, last))
    return rows


def look(actor: object, person_ids: Iterable[int], *, purpose: str, where: str) -> int:
    """Write down that somebody saw the data of these persons.

    On SQLite the looks have a file of their own, so this never waits for an import, and it is
    written even when the transaction around it is taken back: what was seen was seen.

    Args:
        actor: a user, or a text for what is not one.
        person_ids: whose data was shown.
        purpose: why, in the words of the person who looked or of the command.
        where: the page or command that showed it.

    Returns:
        How many entries were written.

    Raises:
        ValueError: the purpose holds a number of sixteen digits.
    """
    persons = [int(person) for person in person_ids]
    if _SECRET_NUMBER.search(purpose):
        raise ValueError("The purpose of a look holds a number of sixteen digits.")
    if not persons:
        return 0
    with transaction.atomic(using=router.db_for_write(Look)):
        head = _locked_head(LookHead)
        about = (purpose[:200], where[:80])
        rows = _look_rows(head, timezone.now(), actor_text(actor), persons, about)
        bulk_insert(Look, _LOOK_COLUMNS, rows)
        _move_head(head, head.length + len(rows), rows[-1][-1])
    return len(rows)


def verify_chains(actor: object, *, progress: Progress = no_progress) -> tuple[AuditReport, Act]:
    """Walk both chains, and write down that it was done, by whom and where they end.

    The ends stand in the act itself: a chain of looks that is put back to an older copy no longer
    reaches what the chain of acts says of it.

    Args:
        actor: who asks.
        progress: called with (entries done, entries in all, "") about every 5,000 entries.

    Returns:
        What was found, and the act that tells it.

    Raises:
        entas.custody.KeyMissing: the seal at the end cannot be checked without the keys.
    """
    report = verify(progress=progress)
    detail: dict[str, Any] = {"is_whole": report.is_whole}
    for chain in report.chains:
        detail[chain.chain] = {
            "length": chain.length,
            "hash": chain.last_hash,
            "broken_at": chain.broken_at,
            "why": chain.why,
        }
    with transaction.atomic(using=router.db_for_write(Act)):
        return report, record(actor, VERIFIED, detail=detail)
