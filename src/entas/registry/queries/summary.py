"""Counts of the registry."""

from django.db.models import QuerySet

from entas.registry import states
from entas.registry.models import Duplicate, Person


def person_count() -> int:
    """Active persons."""
    return Person.objects.filter(state=states.ACTIVE).count()


def suspected() -> QuerySet[Duplicate]:
    """Pairs of active persons nobody has judged yet."""
    return Duplicate.objects.filter(
        state=states.SUSPECTED, first__state=states.ACTIVE, second__state=states.ACTIVE
    )


def suspected_count() -> int:
    """Pairs of persons that wait for a human to say whether they are one."""
    return suspected().count()
