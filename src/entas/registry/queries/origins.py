"""Where the values of persons come from: a line of a delivered list, or a word of people."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entas.registry.models import Link, Person, Proposal
from entas.registry.states import PROPOSED_ORIGIN
from entas.sources.models import Delivery


@dataclass(frozen=True, slots=True)
class Origin:
    """What told one value.

    Attributes:
        list_name, as_of, import_id, row: the line of the list; empty for a word of people.
        is_taken_back: the list was withdrawn since.
        proposal_id, proposed_by, decided_by, decided_at: the correction; 0 and empty for a line.
        word: the mark of any other decision of people, "" otherwise.
    """

    list_name: str = ""
    as_of: dt.date | None = None
    import_id: int = 0
    row: int = 0
    is_taken_back: bool = False
    proposal_id: int = 0
    proposed_by: str = ""
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list that is (or was) a person's, and how sure that is.

    Attributes:
        decision: one of ``states.LINKED``.
        probability: of the machine, None where people or the list itself decided.
        is_by_people: somebody said that the line is this person's.
        is_withdrawn: the list was taken back.
    """

    list_name: str
    as_of: dt.date
    import_id: int
    row: int
    decision: str
    probability: float | None
    is_by_people: bool
    is_withdrawn: bool


@dataclass(slots=True)
class Origins:
    """The lists and corrections that some persons' values name, read at once."""

    deliveries: Mapping[int, Delivery]
    proposals: Mapping[int, Proposal]

    @classmethod
    def of(cls, persons: Iterable[Person], links: Iterable[Link] = ()) -> "Origins":
        """Read what these persons and lines name, in two questions."""
        wanted = {link.delivery_id for link in links}
        words: set[int] = set()
        for person in persons:
            if person.origin_delivery_id:
                wanted.add(person.origin_delivery_id)
            for told in (person.origin_more or {}).values():
                if told[0] == PROPOSED_ORIGIN:
                    words.add(int(told[1]))
                elif isinstance(told[0], int):
                    wanted.add(told[0])
        return cls(
            Delivery.objects.select_related("source").in_bulk(wanted),
            Proposal.objects.defer("body_sealed", "answer_sealed").in_bulk(words) if words else {},
        )

    def of_field(self, person: Person, field: str) -> Origin | None:
        """What told this field's value; None where nobody wrote it down."""
        told: Sequence[Any] = (person.origin_more or {}).get(
            field, (person.origin_delivery_id, person.origin_row)
        )
        if told[0] is None:
            return None
        if told[0] == PROPOSED_ORIGIN:
            return self._of_proposal(int(told[1]))
        if isinstance(told[0], int):
            return self._of_line(told[0], int(told[1] or 0))
        return Origin(word=str(told[0]))

    def _of_proposal(self, number: int) -> Origin:
        one = self.proposals.get(number)
        if one is None:
            return Origin(proposal_id=number)
        return Origin(
            proposal_id=number,
            proposed_by=one.by,
            decided_by=one.decided_by,
            decided_at=one.decided_at,
        )

    def _of_line(self, number: int, row: int) -> Origin | None:
        delivery = self.deliveries.get(number)
        if delivery is None:
            return None
        return Origin(
            list_name=delivery.source.name,
            as_of=delivery.as_of,
            import_id=number,
            row=row,
            is_taken_back=delivery.withdrawn_on is not None,
        )

    def line(self, link: Link, *, is_by_people: bool) -> Line:
        """A link as a line of its list."""
        delivery = self.deliveries[link.delivery_id]
        return Line(
            list_name=delivery.source.name,
            as_of=delivery.as_of,
            import_id=delivery.pk,
            row=link.row,
            decision=link.decision,
            probability=link.probability,
            is_by_people=is_by_people,
            is_withdrawn=link.withdrawn,
        )
