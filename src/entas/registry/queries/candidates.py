"""One new person against the register: found by any fact, weighed like a row of a list."""

from dataclasses import dataclass

from entas.analytics.linkage.single import likely
from entas.city.queries import area_resolver
from entas.registry.keys import key_columns
from entas.registry.queries.ready import active, standing
from entas.sources.parsed import ParsedRow

# Asked for beyond the answer, for those whom the database does not show any more.
_SPARE = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered person and how likely the asked-for person is he or she."""

    person_id: int
    probability: float
    weight: float


def candidates(row: ParsedRow, *, most: int = 10) -> list[Candidate]:
    """Registered persons this row may be, most likely first.

    Args:
        row: what is known of the person; the same rules as for a row of a list.
        most: longest answer.

    Raises:
        entas.registry.errors.ModelUnreadable: the model in use is not of this version.
    """
    now = standing()
    if not len(now.register.persons):
        return []
    asked = key_columns([row], area_resolver().parent_group).table()
    found = likely(asked, now.register, now.model, most=most + _SPARE)
    ids = now.register.persons[[one.row for one in found]].tolist()
    shown = active(ids)
    told = [
        Candidate(pk, round(one.probability, 4), round(one.odds, 2))
        for pk, one in zip(ids, found, strict=True)
        if pk in shown
    ]
    return told[:most]
