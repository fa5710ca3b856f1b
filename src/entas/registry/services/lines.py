"""The words that stand beside the lines of a list when people have had their say."""

from entas.history import bulk_update_with_history
from entas.registry import states
from entas.registry.models import Link, RegistryHistory


def renumber(*, delivery_id: int, person_id: int, act_id: int) -> None:
    """Let a person stand once in a list as found, and on every further line as repeated."""
    links = Link.objects.filter(delivery=delivery_id, person=person_id, withdrawn=False)
    found = links.filter(decision__in=states.LINKED).order_by("row")
    words = list(found.values_list("pk", "decision"))
    is_there = any(word == states.FOUNDED for _, word in words)
    changed: list[tuple[int, str]] = []
    for pk, word in words:
        if word == states.FOUNDED:
            continue
        changed.append((pk, states.REPEATED if is_there else states.SURE))
        is_there = True
    bulk_update_with_history(Link, ("decision",), changed, history=RegistryHistory, act_id=act_id)
