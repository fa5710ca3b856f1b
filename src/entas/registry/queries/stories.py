"""The story of some persons, with the names of those who acted and of the lists."""

from collections.abc import Iterable, Sequence

from entas.city.models import User
from entas.city.queries import area_resolver
from entas.registry.queries.history import what_happened_to
from entas.registry.story import Told, story, user_number
from entas.sources.models import Delivery


def users_behind(actors: Iterable[str]) -> dict[int, User]:
    """The users that texts of the chain name, by number."""
    numbers = {user_number(actor) for actor in actors} - {0}
    return User.objects.only("username", "name").in_bulk(numbers) if numbers else {}


def story_of(person_ids: Sequence[int]) -> list[Told]:
    """What happened to these persons, in words, the newest first.

    The caller shows persons' data: it records the looks.

    Raises:
        entas.custody.SealBroken: the log cannot be opened with the keys at hand.
    """
    happenings = what_happened_to(person_ids)
    events = [event for several in happenings.values() for event in several]
    lists = {event.words["import_id"] for event in events if "import_id" in event.words}
    return story(
        happenings,
        users=users_behind(event.actor for event in events),
        deliveries=Delivery.objects.select_related("source").in_bulk(lists),
        areas=area_resolver(),
    )
