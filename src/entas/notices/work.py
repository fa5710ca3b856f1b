"""What workers do for this stage: bring messages out, and tell people that their work ended."""

from entas.jobs import handlers
from entas.jobs.models import Job
from entas.jobs.states import CANCELLED, DONE, FAILED
from entas.refusals import mark

_SECONDS_BETWEEN_SENDINGS = 5.0

_WORDS = {
    DONE: mark("Pekerjaan “{title_words}” (nomor {number}) selesai."),
    FAILED: mark("Pekerjaan “{title_words}” (nomor {number}) gagal. Buka untuk melihat sebabnya."),
    CANCELLED: mark("Pekerjaan “{title_words}” (nomor {number}) dibatalkan."),
}


def offer() -> None:
    """Register it all."""
    handlers.register_tick("notices.send", _send, every_seconds=_SECONDS_BETWEEN_SENDINGS)
    handlers.register_end("notices.tell", tell_of_end)


def _send() -> None:
    from entas.notices.services import send_waiting

    send_waiting()


def tell_of_end(job: Job) -> None:
    """Write to the person who started it how the work ended."""
    from entas.city.models import User
    from entas.notices.models import Notice
    from entas.notices.services import notify

    user = User.objects.filter(pk=job.user, is_active=True).first() if job.user else None
    if user is None:
        return
    notify(
        user=user,
        kind=Notice.Kind.JOB,
        words=_WORDS[job.state],
        params={"title_words": handlers.title_of(job.kind), "number": job.pk},
        page="job",
        number=job.pk,
        by="entas worker",
    )
