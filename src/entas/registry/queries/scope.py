"""Whether persons lie within an actor's area."""

from collections.abc import Collection

from entas.city.errors import OutsideArea
from entas.city.models import User
from entas.city.policies import check_may, scope_of
from entas.registry.models import Person


def check_may_look(actor: User, persons: Collection[int]) -> None:
    """Let pass who may look at every one of these persons.

    Raises:
        entas.city.errors.NotAllowed: the actor may look at nobody.
        entas.city.errors.OutsideArea: one of them is registered outside the actor's area.
    """
    check_may(actor, "registry.look")
    scope = scope_of(actor, "registry.look")
    places = Person.objects.filter(pk__in=persons).values_list("kelurahan", flat=True)
    if not scope.is_city and (not persons or not all(map(scope.covers, places))):
        raise OutsideArea("registry.look")
