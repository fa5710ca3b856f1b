"""A link weighed again: the same person, the same model, and the nearest rival."""

import pytest

from entas.registry import states
from entas.registry.errors import NoSuchImport, NoSuchRow
from entas.registry.models import Link, LinkedList, Person
from entas.registry.queries.links import explained, links_of
from entas.registry.wording import explanation_lines
from journey.little_lists import Office, citizen, citizens, programme_row


@pytest.fixture
def town(ground, tmp_path):
    office = Office(tmp_path, ground)
    office.send(citizens(300))
    return office


@pytest.fixture
def programme(town):
    return town.send([programme_row(citizen(n)) for n in range(10, 40)], "pbi")


def test_a_link_is_explained_by_its_person_and_its_lists_own_weights(programme):
    told = explained(programme.pk, 5)

    assert told.link.person.origin_row == 14
    assert told.best is not None
    assert told.people == 300
    kept = LinkedList.objects.get(delivery=programme)
    assert told.model.to_json() == kept.fitted


def test_a_founded_row_has_nothing_to_weigh(town):
    told = explained(Link.objects.first().delivery_id, 14)

    assert told.link.decision == states.FOUNDED
    assert (told.best, told.rival) == (None, None)
    assert any(
        f"Warga {told.link.person_id} didaftarkan" in line for line in explanation_lines(told)
    )


def test_a_row_that_nobody_resembles_is_explained_as_such(town):
    nobody = {**dict.fromkeys(citizen(1), ""), "NAMA_LGKP": "OEMAR BAKRIE"}
    delivery = town.send([programme_row(nobody)], "pbi")

    told = explained(delivery.pk, 1)

    assert told.link.decision == states.NOT_FOUND
    assert len(explanation_lines(told)) >= 2


def test_an_unknown_import_and_an_unknown_row_are_told_apart(programme):
    with pytest.raises(NoSuchImport, match="sources list"):
        explained(programme.pk + 1_000, 1)
    for row in (0, 31, 10**12):
        with pytest.raises(NoSuchRow, match="baris 1 = baris data pertama"):
            explained(programme.pk, row)


def test_a_list_that_was_not_linked_yet_explains_nothing(town):
    waiting = town.deliver([programme_row(citizen(5))], "pbi")

    with pytest.raises(NoSuchRow, match="registry link"):
        explained(waiting.pk, 1)


def test_a_candidate_who_is_gone_is_said_to_be_gone(programme):
    Person.objects.filter(origin_row=14).update(state=states.MERGED)

    told = explained(programme.pk, 5)

    assert told.best is None
    assert "tidak aktif" in " ".join(explanation_lines(told))


def test_no_line_holds_a_value_of_the_row_or_of_the_person(programme):
    text = "\n".join(explanation_lines(explained(programme.pk, 5)))

    for value in ("NIK", "NO_KK", "NAMA_LGKP", "TGL_LHR", "NAMA_LGKP_IBU", "ALAMAT"):
        assert citizen(14)[value] not in text


def test_links_come_in_the_order_of_the_list(programme):
    rows = list(links_of("pbi"))

    assert [row[1] for row in rows] == list(range(1, 31))
    known = Person.objects.in_bulk([row[2] for row in rows])
    assert [known[row[2]].origin_row for row in rows] == list(range(10, 40))
    assert {row[4] for row in rows} == {states.SURE}


def test_links_that_were_withdrawn_are_not_written(programme):
    Link.objects.filter(delivery=programme, row=5).update(withdrawn=True)

    assert [row[1] for row in links_of("pbi")] == [*range(1, 5), *range(6, 31)]
