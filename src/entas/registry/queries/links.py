"""Which line of which list is whose, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from entas.analytics.linkage.compare import Evidence
from entas.analytics.linkage.model import Model, model_from_json
from entas.city.queries import area_resolver
from entas.registry import states
from entas.registry.errors import NoSuchImport, NoSuchRow
from entas.registry.keys import key_columns
from entas.registry.models import Link, LinkedList
from entas.registry.queries import summary
from entas.registry.queries.ready import active, standing
from entas.registry.services.models import model_in_use
from entas.sources.models import Delivery
from entas.sources.parsed import ParsedRow
from entas.sources.queries import accepted_rows

LINK_HEADER = ("import_id", "baris", "id_warga", "id_calon", "keputusan", "bobot")
DUPLICATE_HEADER = ("id_warga_a", "id_warga_b", "bobot", "peluang")


def links_of(source_code: str) -> Iterator[tuple[object, ...]]:
    """Rows for ``LINK_HEADER`` of all lists of a source that were not withdrawn."""
    links = Link.objects.filter(delivery__source__code=source_code, withdrawn=False)
    columns = ("delivery_id", "row", "person_id", "candidate_id", "decision", "weight")
    for row in links.order_by("delivery_id", "row").values_list(*columns).iterator():
        yield tuple("" if value is None else value for value in row)


def duplicates() -> Iterator[tuple[object, ...]]:
    """Rows for ``DUPLICATE_HEADER``: pairs that wait for a human, most likely first."""
    pairs = summary.suspected().order_by("-weight", "first", "second")
    yield from pairs.values_list("first_id", "second_id", "weight", "probability").iterator()


@dataclass(frozen=True, slots=True)
class Explained:
    """A link and the evidence for it as it reads today.

    Attributes:
        best: evidence on the person the row is linked to, or the best candidate.
        rival: evidence on the nearest other person, if there is one.
        model: the weights as fitted to the list.
        people: size of the register.
    """

    link: Link
    best: Evidence | None
    rival: Evidence | None
    model: Model
    people: int


def explained(import_id: int, row: int) -> Explained:
    """Weigh a linked row again, against its person and the nearest rival.

    Raises:
        NoSuchImport: no list has this number.
        NoSuchRow: the row does not exist or was never linked.
    """
    delivery = Delivery.objects.filter(pk=import_id).first()
    if delivery is None:
        raise NoSuchImport(import_id)
    link = Link.objects.filter(delivery=delivery, row=row, withdrawn=False).first()
    parsed = _parsed(delivery, row) if link else None
    if link is None or parsed is None:
        raise NoSuchRow(import_id, row)
    model = _model_of(delivery)
    register = standing().register
    people = len(register.persons)
    best_id = link.person_id or link.candidate_id
    wanted = [pk for pk in (best_id, link.rival_id) if pk]
    if not wanted or link.decision == states.FOUNDED:
        return Explained(link, None, None, model, people)
    asked = key_columns([parsed], area_resolver().parent_group).table()
    row_of = register.rows_of(sorted(active(wanted)))
    found = register.evidence(asked, np.asarray(list(row_of.values()), np.int32))
    at_of = {pk: at for at, pk in enumerate(row_of)}
    return Explained(
        link,
        _one(found, at_of.get(best_id or 0)),
        _one(found, at_of.get(link.rival_id or 0)),
        model,
        people,
    )


def _parsed(delivery: Delivery, row: int) -> ParsedRow | None:
    for number, parsed in accepted_rows(delivery, after=row - 1):
        return parsed if number == row else None
    return None


def _one(found: Evidence, at: int | None) -> Evidence | None:
    return None if at is None else found.take(np.asarray([at]))


def _model_of(delivery: Delivery) -> Model:
    kept = LinkedList.objects.filter(delivery=delivery, withdrawn=False).order_by("-pk").first()
    return model_from_json(kept.fitted) if kept else model_in_use()
