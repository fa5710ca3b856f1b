"""What waits for somebody: the kinds of work that the first page asks for.

Each kind of work adds one function to ``KINDS``. It gives no line where nothing waits, and counts
only what lies within the actor's area.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Min, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from entas.audit.services import actor_text
from entas.city.models import SingleHanded, User
from entas.city.policies import may, scope_of
from entas.jobs import states as job_states
from entas.jobs.queries import jobs_of
from entas.notices.queries import unread_count
from entas.registry import states
from entas.registry.models import TransferRequest
from entas.registry.queries.corrections import proposals_for

# A correction is to be answered within 3 x 24 hours (UU 27/2022, article 30).
_ANSWER_DAYS: Final = 3
_REVIEW_DAYS: Final = 7
_FAILED_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of work that waits.

    Attributes:
        words: what waits, in words that follow the number.
        count: how many.
        address: the page where it is done; empty where that page does not stand yet.
        oldest: since when the oldest waits.
        is_late: it waits longer than it may.
    """

    words: str | Promise
    count: int
    address: str
    oldest: dt.date | None = None
    is_late: bool = False


Kind = Callable[[User, dt.date], Iterator[Line]]


def address_of(page: str, query: str = "") -> str:
    """The address of a page by its name, or nothing where it does not stand yet."""
    with suppress(NoReverseMatch):
        return reverse(page) + query
    return ""


def _since(
    rows: QuerySet[Any], words: str, address: str, day: dt.date, most_days: int
) -> Iterator[Line]:
    """How many rows wait since when, by their ``at``; late after so many days."""
    found = rows.aggregate(count=Count("pk"), first=Min("at"))
    if found["count"]:
        oldest = timezone.localdate(found["first"])
        yield Line(words, found["count"], address, oldest, (day - oldest).days > most_days)


def proposals_to_decide(actor: User, day: dt.date) -> Iterator[Line]:
    """Corrections of others that this person may decide."""
    scope = scope_of(actor, "registry.decide_proposal")
    if scope.is_empty:
        return
    waiting = proposals_for(actor).filter(scope.filter("place"), state=states.PROPOSED)
    others = waiting.exclude(by=actor_text(actor)).order_by()
    words = _("usulan koreksi menunggu keputusan Anda")
    yield from _since(others, words, address_of("requests"), day, _ANSWER_DAYS)


def transfers_to_decide(actor: User, day: dt.date) -> Iterator[Line]:
    """Requests of others to move somebody out of this person's area."""
    scope = scope_of(actor, "registry.decide_transfer")
    if scope.is_empty:
        return
    asked = TransferRequest.objects.filter(scope.filter("from_kelurahan"), state=states.ASKED)
    others = asked.exclude(by=actor_text(actor))
    words = _("permohonan pindah menunggu keputusan Anda")
    address = address_of("transfers", f"?keadaan={states.ASKED}")
    yield from _since(others, words, address, day, _ANSWER_DAYS)


def jobs_of_mine(actor: User, day: dt.date) -> Iterator[Line]:
    """Long work this person began that still runs, or failed lately."""
    mine = jobs_of(actor.pk).order_by()
    unfinished = mine.filter(state__in=(job_states.QUEUED, job_states.RUNNING))
    if count := unfinished.count():
        yield Line(_("pekerjaan Anda antre atau berjalan"), count, address_of("jobs"))
    lately = day - dt.timedelta(days=_FAILED_DAYS)
    if failed := mine.filter(state=job_states.FAILED, finished_at__date__gte=lately).count():
        words = _("pekerjaan Anda gagal dalam seminggu ini")
        yield Line(words, failed, address_of("jobs"), is_late=True)


def single_handed_to_review(actor: User, day: dt.date) -> Iterator[Line]:
    """Acts that one person prepared and approved, for somebody else to look at every week."""
    scope = scope_of(actor, "audit.review_single_handed")
    if scope.is_empty:
        return
    open_acts = SingleHanded.objects.filter(scope.filter("kelurahan"), reviewed_at=None)
    open_acts = open_acts.exclude(actor=actor_text(actor))
    words = _("tindakan oleh satu orang menunggu diperiksa")
    yield from _since(open_acts, words, address_of("single_handed"), day, _REVIEW_DAYS)


def unread_notices(actor: User, _day: dt.date) -> Iterator[Line]:
    """Messages that were not read: answers that came back, ends of long work."""
    if count := unread_count(actor):
        yield Line(_("pesan belum dibaca"), count, address_of("notices"))


KINDS: tuple[Kind, ...] = (
    proposals_to_decide,
    transfers_to_decide,
    jobs_of_mine,
    single_handed_to_review,
    unread_notices,
)


def waiting_for(actor: User, day: dt.date) -> list[Line]:
    """All that waits for somebody, what is late first, then the oldest."""
    lines = [line for kind in KINDS for line in kind(actor, day)]
    return sorted(lines, key=lambda line: (not line.is_late, line.oldest or day))


def first_steps(actor: User) -> list[Line]:
    """Where to begin when nothing waits: pages this person may use (their count means nothing)."""
    steps = (
        ("registry.search", "search", _("Cari warga atau keluarga")),
        ("sources.import", "imports", _("Masukkan daftar baru")),
        ("city.manage_users", "users", _("Kelola pengguna dan hak")),
        ("audit.read_acts", "acts", _("Periksa jejak tindakan")),
        ("city.edit_figures", "figure_add", _("Catat angka resmi yang baru terbit")),
        ("city.read", "figures", _("Baca angka resmi kota")),
        ("city.read", "areas", _("Lihat wilayah dan petanya")),
    )
    lines = [Line(words, 0, address_of(page)) for act, page, words in steps if may(actor, act)]
    return [line for line in lines if line.address]
