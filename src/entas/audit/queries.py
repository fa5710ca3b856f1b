"""Reading the chains, above all to see whether they are whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from entas.audit.models import GENESIS, Act, ActHead, ChainEntry, ChainHead, Look, LookHead
from entas.audit.models import entry_hash as hash_of
from entas.audit.services import head_seal
from entas.refusals import mark


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


def _entries(model: type[ChainEntry]) -> Iterator[ChainEntry]:
    # By the key and not by the position: a row given another position shows up here.
    return model._base_manager.order_by("position", "pk").iterator(chunk_size=5_000)


def _first_break(model: type[ChainEntry]) -> tuple[int, str, int | None, str]:
    """Length and last hash of the unbroken part; where and why it breaks, if it does."""
    length, last = 0, GENESIS
    for entry in _entries(model):
        if entry.position != length + 1:
            return length, last, length + 1, mark("entri hilang atau nomornya diubah")
        if entry.prev_hash != last:
            return length, last, entry.position, mark("urutan diubah atau entri disisipkan")
        if entry.hash != hash_of(last, entry.content()):
            return length, last, entry.position, mark("isi entri diubah")
        length, last = entry.position, entry.hash
    return length, last, None, ""


def _end_fault(chain: str, head: ChainHead | None, length: int, last: str) -> str:
    """Why the end of a whole chain is not the end that was sealed; empty when it is."""
    if head is None:
        return "" if length == 0 else mark("catatan ujung rantai hilang")
    if head.length == 0 and length == 0:
        return ""
    if head.seal != head_seal(chain, head.length, head.hash):
        return mark("catatan ujung rantai diubah")
    if (head.length, head.hash) != (length, last):
        return mark("entri di ujung dihapus atau ditambahkan")
    return ""


def _report(chain: str, model: type[ChainEntry], head_model: type[ChainHead]) -> ChainReport:
    length, last, broken_at, why = _first_break(model)
    if broken_at is None:
        why = _end_fault(chain, head_model._base_manager.filter(pk=1).first(), length, last)
        broken_at = length + 1 if why else None
    return ChainReport(chain, length, last, broken_at, why)


def verify() -> AuditReport:
    """Walk both chains from their first entry and compare every hash.

    Raises:
        entas.custody.KeyMissing: the seal at the end cannot be checked without the keys.
    """
    return AuditReport(acts=_report("acts", Act, ActHead), looks=_report("looks", Look, LookHead))


def holds_anchor(chain: str, length: int, last_hash: str) -> bool:
    """Whether a chain still holds the end that was written down earlier.

    Args:
        chain: ``"acts"`` or ``"looks"``.
        length: how many entries it had then.
        last_hash: the hash of the last of them.
    """
    model: type[ChainEntry] = Act if chain == "acts" else Look
    return model._base_manager.filter(position=length, hash=last_hash).exists()
