"""Taking a delivered list in: examine, keep, read, check, and show it by one flip at the end."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import Error, transaction
from django.utils.timezone import localdate

from entas.audit.services import record
from entas.city.models import User
from entas.city.policies import check_may
from entas.jobs.services import Progress, no_progress, running
from entas.sources.checking import checked_rows
from entas.sources.errors import BrokenFile, OddDay
from entas.sources.masking import mask_long_numbers
from entas.sources.models import DeliveredFile, Delivery, Problem, RowBlock, Source
from entas.sources.profiles import AUTO, Layout, choose
from entas.sources.queries import reading_context, source_of
from entas.sources.reading import FileFacts, ListTable, examine, open_table
from entas.sources.services.intake import Counts, Rejects, keep_file, keep_rows
from entas.sources.states import ACCEPTED, RECEIVING
from entas.sources.unchanged import Standing, standing
from entas.tables import run_lock

EARLIEST_DAY = date(2000, 1, 1)
_WAIT_SECONDS = 10.0
# Blocks and pieces are some 100 kB: a transaction of this many stays under a second.
_DELETED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a list.

    ``rejects_file``: path of the rejected rows, "" when there are none, None when it could not be
    written.
    """

    delivery: Delivery
    is_already_imported: bool
    rejects_file: str | None

    def as_dict(self) -> dict[str, object]:
        """The words of the command line."""
        return {
            "import_id": self.delivery.pk,
            "rows": self.delivery.rows,
            "accepted": self.delivery.accepted,
            "problems": self.delivery.problems,
            "already_imported": self.is_already_imported,
            "rejects_file": self.rejects_file,
        }


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file on the desk, and what is said about it.

    Args:
        path: the delivered file.
        source: code of a source.
        as_of: the day the list speaks about.
        profile: a profile's name, or ``auto``.
        sender: office or person that sent it, as text.
        legal_basis: decree or agreement that allows the city to hold it.
        rejects: where rejected rows go; None: beside the file.
    """

    path: Path
    source: str
    as_of: date
    profile: str = AUTO
    sender: str = ""
    legal_basis: str = ""
    rejects: Path | None = None


def import_list(
    *, arrival: Arrival, by: User, now: datetime, watch: Progress = no_progress
) -> ImportResult:
    """Take in one file.

    The same file for the same source and day is recognised and changes nothing. Whatever stops
    this act, the same call again ends as an undisturbed one would.

    Args:
        arrival: the file and what is said about it.
        by: who does it.
        now: the moment of receipt, aware.
        watch: told of rows done.

    Raises:
        ListRefused: the file, source, profile or day cannot be accepted; nothing was kept.
        Busy: another import is running.
        entas.city.errors.NotAllowed: ``by`` may not.
        CannotWrite: ``arrival.rejects`` cannot be written; nothing was kept.
    """
    check_may(by, "sources.import")
    source = source_of(arrival.source)
    _check_day(arrival.as_of, localdate(now))
    with exclusive(wait_seconds=_WAIT_SECONDS):
        # Before the file is looked at: it is read several times, and must be one file.
        untouched = standing(arrival.path)
        facts = examine(arrival.path)
        before = _standing(source, facts, arrival.as_of)
        if before is not None and before.state == ACCEPTED:
            return ImportResult(
                before, is_already_imported=True, rejects_file=_old_file(before, arrival)
            )
        table = open_table(facts)
        layout = choose(table.headers, profile=arrival.profile, source_kind=source.kind)
        if before is not None:
            _empty(before)
        delivery = _begin(before or _new(source, facts, arrival), arrival, facts, layout, now)
        with (
            _nothing_half_done(delivery),
            running(kind="sources.import", by=by, watch=watch) as progress,
        ):
            result = _take_in(delivery, arrival, Opened(table, layout, untouched), progress)
            _accept(result, by)
        return result


@contextmanager
def exclusive(*, wait_seconds: float) -> Iterator[None]:
    """The right to change deliveries; an import holds it from its beginning to its end.

    Raises:
        Busy: an import or another act on a delivery is running.
    """
    with run_lock("import", wait_seconds=wait_seconds):
        yield


@contextmanager
def _nothing_half_done(delivery: Delivery) -> Iterator[None]:
    """Whatever stops the block, except a kill, leaves no trace of the delivery."""
    try:
        yield
    except BaseException:
        # A database that is full or gone cannot be cleaned; the next import does it then.
        with suppress(Error):
            # A fault after the flip changes nothing any more: the list is there.
            if Delivery.objects.filter(pk=delivery.pk, state=RECEIVING).exists():
                _empty(delivery)
                delivery.delete()
        raise


def _check_day(as_of: date, today: date) -> None:
    if as_of > today:
        raise OddDay(
            "Tanggal data {day} di masa depan (hari ini {today}). Periksa --as-of.",
            day=as_of,
            today=today,
        )
    if as_of < EARLIEST_DAY:
        raise OddDay(
            "Tanggal data {day} sebelum {earliest}. Periksa --as-of.",
            day=as_of,
            earliest=EARLIEST_DAY,
        )


def _standing(source: Source, facts: FileFacts, as_of: date) -> Delivery | None:
    same = Delivery.objects.standing().filter(source=source, as_of=as_of)
    return same.select_related("source").filter(file_sha256=facts.sha256).first()


def _old_file(delivery: Delivery, arrival: Arrival) -> str | None:
    """Where the rejected rows of the first time still lie."""
    old = delivery.run.get("rejects_file", "")
    if not old or Path(old).exists():
        return None if old is None else str(old)
    # The table knows the place with long numbers masked; the folder knows its name.
    likely = (arrival.rejects or arrival.path).absolute()
    for folder in (likely.parent, Path(old).parent):
        with suppress(OSError):
            for found in sorted(folder.iterdir()):
                if _place_to_keep(found) == old:
                    return str(found)
    return None


def _place_to_keep(path: Path) -> str:
    """A path with long numbers masked, each name for itself: folders are named after days."""
    return str(Path(*(mask_long_numbers(part) for part in path.parts)))


def _empty(delivery: Delivery) -> None:
    """Take away the invisible remains of an import that did not end."""
    for model in (Problem, RowBlock, DeliveredFile):
        size = _DELETED_AT_ONCE * (100 if model is Problem else 1)
        rows = model._base_manager.filter(delivery=delivery).order_by("pk")
        while keys := list(rows.values_list("pk", flat=True)[:size]):
            with transaction.atomic():
                model._base_manager.filter(pk__in=keys).delete()


def _new(source: Source, facts: FileFacts, arrival: Arrival) -> Delivery:
    return Delivery(source=source, file_sha256=facts.sha256, as_of=arrival.as_of, state=RECEIVING)


@transaction.atomic
def _begin(
    delivery: Delivery, arrival: Arrival, facts: FileFacts, layout: Layout, now: datetime
) -> Delivery:
    delivery.file_name = mask_long_numbers(facts.path.name)[:255]
    delivery.file_size = facts.size
    delivery.sender = mask_long_numbers(arrival.sender)[:120]
    delivery.legal_basis = mask_long_numbers(arrival.legal_basis)[:250]
    delivery.received_at = now
    delivery.profile, delivery.encoding = layout.profile, facts.encoding
    delivery.layout = {
        "headers": [mask_long_numbers(text)[:80] for text in layout.headers],
        "fields": layout.fields,
    }
    delivery.save()
    return delivery


@dataclass(frozen=True, slots=True)
class Opened:
    """A list ready to be read: its table, its layout, and the file as it stood before."""

    table: ListTable
    layout: Layout
    untouched: Standing


def _take_in(
    delivery: Delivery, arrival: Arrival, opened: Opened, progress: Progress
) -> ImportResult:
    """Keep the file and its rows, still invisible."""
    table, counts = opened.table, Counts()
    rejects = Rejects(table, arrival.rejects)
    with rejects:
        kept = keep_file(delivery, table.facts.path)
        rows = checked_rows(table, opened.layout, reading_context(arrival.as_of))
        keep_rows(delivery, rows, opened.layout, counts, rejects, progress)
        opened.untouched.check()
        if kept != table.facts.sha256:
            raise BrokenFile("Isi berkas berubah saat dibaca. Jalankan lagi.")
    delivery.rows, delivery.accepted = counts.rows, counts.accepted
    delivery.problems = counts.problems
    place = rejects.written and _place_to_keep(Path(rejects.written))
    delivery.run = {"rules": dict(counts.by_rule), "rejects_file": place}
    return ImportResult(delivery, is_already_imported=False, rejects_file=rejects.written)


@transaction.atomic
def _accept(result: ImportResult, by: User) -> None:
    """The flip: from here on the list is there."""
    delivery = result.delivery
    delivery.state = ACCEPTED
    delivery.save(update_fields=["state", "rows", "accepted", "problems", "run"])
    record(
        by,
        "sources.import",
        object_type="delivery",
        object_id=delivery.pk,
        detail={
            "source": delivery.source.code,
            "sha256": delivery.file_sha256,
            "as_of": delivery.as_of.isoformat(),
            "rows": delivery.rows,
            "accepted": delivery.accepted,
            "problems": delivery.problems,
        },
    )
