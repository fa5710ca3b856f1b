"""Whether the chains are whole, or which entry is the first that is not as it was written.

Others go on writing while a long chain is walked, so it is read in pieces, and its end is looked
up after the walk: what came meanwhile is walked too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.db import DataError
from django.db.models import QuerySet

from entas.audit.models import GENESIS, Act, ActHead, ChainEntry, ChainHead, Look, LookHead
from entas.audit.models import entry_hash as hash_of
from entas.refusals import mark

# The act that a verification leaves, with the ends of both chains in its detail.
VERIFIED = "audit.verify"
# Called with how many entries are done, how many there are, and a note.
Progress = Callable[[int, int, str], None]

_PIECE = 5_000
# What a database gives for a column that something else than Entas wrote into.
_UNREADABLE = (ValueError, TypeError, AttributeError, DataError)


def no_progress(done: int, total: int, note: str = "") -> None:
    """For callers that do not want to watch."""


@dataclass(frozen=True)
class ChainReport:
    """What was found in one chain.

    ``broken_at`` is the place of the first entry that is not as it was written (None when all
    are), ``why`` says what is wrong with it, in Indonesian. ``length`` and ``last_hash`` are the
    anchor to keep on paper: a chain that was restored from an older copy no longer reaches it.
    """

    chain: str
    length: int
    last_hash: str
    broken_at: int | None = None
    why: str = ""

    @property
    def is_whole(self) -> bool:
        """Nothing was changed, taken out, put in, reordered or cut off."""
        return self.broken_at is None

    @property
    def anchor(self) -> str:
        """The end in the form that ``entas audit verify --anchor`` takes."""
        return f"{self.chain}:{self.length}:{self.last_hash}"

    def broken(self, at: int, why: str) -> "ChainReport":
        """The same chain, whole up to this place only."""
        return replace(self, broken_at=at, why=why)


@dataclass(frozen=True)
class AuditReport:
    """What was found in both chains."""

    acts: ChainReport
    looks: ChainReport

    @property
    def is_whole(self) -> bool:
        """Both chains are as they were written."""
        return self.acts.is_whole and self.looks.is_whole

    @property
    def chains(self) -> tuple[ChainReport, ChainReport]:
        """Both reports, acts first."""
        return (self.acts, self.looks)


def _entries(model: type[ChainEntry], after: int | None) -> Iterator[ChainEntry | None]:
    """Entries behind a place in the order of their places; None is one that cannot be read."""
    while True:
        rows = model._base_manager.order_by("position")
        if after is not None:
            rows = rows.filter(position__gt=after)
        try:
            piece: list[ChainEntry | None] = list(rows[:_PIECE])
        except _UNREADABLE:
            piece = _one_by_one(model, list(rows.values_list("pk", flat=True)[:_PIECE]))
        yield from piece
        if len(piece) < _PIECE or piece[-1] is None:
            return
        after = piece[-1].position


def _one_by_one(model: type[ChainEntry], keys: list[int]) -> list[ChainEntry | None]:
    """The entries of a piece up to the first that cannot be read."""
    entries: list[ChainEntry | None] = []
    for key in keys:
        try:
            entries.append(model._base_manager.get(pk=key))
        except _UNREADABLE:
            return [*entries, None]
    return entries


def _fault_of(entry: ChainEntry | None, length: int, last: str) -> str:
    """Why an entry is not the next of an unbroken chain; empty when it is."""
    if entry is None:
        return mark("isi entri tidak terbaca lagi")
    if entry.position != length + 1:
        return mark("entri hilang atau nomornya diubah")
    if entry.prev_hash != last:
        return mark("urutan diubah atau entri disisipkan")
    try:
        is_same = entry.hash == hash_of(last, entry.content())
    except _UNREADABLE:
        is_same = False
    return "" if is_same else mark("isi entri diubah")


def _walk(
    model: type[ChainEntry], report: ChainReport, total: int, progress: Progress
) -> ChainReport:
    """The chain from where a report ends; broken at the first fault, if there is one."""
    length, last = report.length, report.last_hash
    for entry in _entries(model, length or None):
        why = _fault_of(entry, length, last)
        if why or entry is None:
            return ChainReport(report.chain, length, last, length + 1, why)
        length, last = entry.position, entry.hash
        if length % _PIECE == 0:
            progress(length, max(total, length), "")
    return ChainReport(report.chain, length, last)


def _with_end(
    report: ChainReport, model: type[ChainEntry], head: ChainHead | None, progress: Progress
) -> ChainReport:
    """A walked chain compared with the note of its end."""
    if head is None:
        why = mark("catatan ujung rantai hilang")
        return report.broken(report.length + 1, why) if report.length else report
    if not head.is_sealed:
        return report.broken(report.length + 1, mark("catatan ujung rantai diubah"))
    if head.length > report.length:
        # Written since the walk came to the end.
        report = _walk(model, report, head.length, progress)
        if not report.is_whole:
            return report
    same = model._base_manager.filter(position=head.length, hash=head.hash)
    is_end = head.length <= report.length and (head.length == 0 or same.exists())
    # An entry behind the sealed end can only be one that somebody put in: entries and their end
    # are written in one transaction, and the end was read after the entries.
    newest = type(head)._base_manager.values_list("length", flat=True).filter(pk=1).first() or 0
    if not is_end or report.length > newest:
        at = min(report.length, newest) + 1
        return report.broken(at, mark("entri di ujung dihapus atau ditambahkan"))
    return report


def _report(
    model: type[ChainEntry], head_model: type[ChainHead], progress: Progress
) -> ChainReport:
    total = head_model._base_manager.filter(pk=1).values_list("length", flat=True).first() or 0
    report = _walk(model, ChainReport(head_model.CHAIN, 0, GENESIS), total, progress)
    if not report.is_whole:
        return report
    head = head_model._base_manager.filter(pk=1).first()
    return _with_end(report, model, head, progress)


def verify(*, progress: Progress = no_progress) -> AuditReport:
    """Walk both chains from their first entry and compare every hash.

    Args:
        progress: called with (entries done, entries in all, "") about every 5,000 entries.

    Raises:
        entas.custody.KeyMissing: the seal at the end cannot be checked without the keys.
    """
    acts = _report(Act, ActHead, progress)
    if acts.is_whole and acts.length == 0:
        # Making an installation is an act: no installation has an empty chain.
        acts = acts.broken(1, mark("rantai kosong; seluruh entrinya dihapus"))
    looks = _report(Look, LookHead, progress)
    return AuditReport(acts, _held_by_acts(looks) if looks.is_whole else looks)


def _held_by_acts(looks: ChainReport) -> ChainReport:
    """The chain of looks compared with what earlier verifications wrote down of it in acts.

    A seal cannot tell an older copy of the file of looks from the newest; the acts can.
    """
    for detail in verifications().values_list("detail", flat=True):
        told = detail.get("looks") if isinstance(detail, dict) else None
        if not isinstance(told, dict) or not detail.get("is_whole") or not told.get("length"):
            continue
        if not holds_anchor("looks", told["length"], str(told.get("hash"))):
            why = mark("rantai tidak lagi memuat ujung yang dicatat pada jejak tindakan")
            return looks.broken(min(told["length"], looks.length + 1), why)
    return looks


def verifications() -> QuerySet[Act]:
    """The acts of verification, the newest first."""
    return Act.objects.filter(act=VERIFIED).order_by("-position")


def holds_anchor(chain: str, length: int, last_hash: str) -> bool:
    """Whether a chain still holds the end that was written down earlier.

    Args:
        chain: ``"acts"`` or ``"looks"``.
        length: how many entries it had then.
        last_hash: the hash of the last of them.
    """
    model: type[ChainEntry] = Act if chain == "acts" else Look
    return model._base_manager.filter(position=length, hash=last_hash).exists()
