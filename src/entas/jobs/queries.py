"""What long work is going on."""

import os

from django.db.models import QuerySet

from entas.jobs.models import Job
from entas.jobs.states import RUNNING


def running_jobs() -> QuerySet[Job]:
    """Jobs that have not ended, the newest first."""
    return Job.objects.filter(state=RUNNING).order_by("-started_at")


def is_alive(job: Job) -> bool:
    """Whether the process of a running job still exists on this machine.

    A job whose process was killed stays ``berjalan`` for ever; this tells the difference.
    """
    try:
        os.kill(job.process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
