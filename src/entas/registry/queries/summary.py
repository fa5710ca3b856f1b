"""Counts of the registry."""

from entas.registry import states
from entas.registry.models import Duplicate, Person


def person_count() -> int:
    """Active persons."""
    return Person.objects.filter(state=states.ACTIVE).count()


def suspected_count() -> int:
    """Pairs of persons that wait for a human to say whether they are one."""
    return Duplicate.objects.filter(state=states.SUSPECTED).count()
