import pytest

from kotacontoh.grade import (
    Owners,
    TrueRow,
    grade_duplicates,
    grade_links,
    grade_match,
    read_table,
)


def true(*people):
    """A list whose rows are these people, one after the other."""
    return [
        TrueRow(i, person, "ok", careless=False, errors=())
        for i, person in enumerate(people, start=1)
    ]


def link(baris, keputusan, id_warga="", id_calon=""):
    return {"baris": baris, "keputusan": keputusan, "id_warga": id_warga, "id_calon": id_calon}


REGISTER = Owners({"W1": 1, "W2": 2, "W3": 3, "W3b": 3})


def test_rows_that_founded_a_person_say_who_owns_the_id():
    owners = Owners().after(true(7, 8), [link(1, "baru", "A"), link(2, "cocok", "A")])

    assert owners.person_of == {"A": 7}


def test_a_link_to_the_right_person_is_right_and_to_another_is_wrong():
    grade = grade_links(true(1, 2), [link(1, "cocok", "W1"), link(2, "cocok", "W1")], REGISTER)

    assert (grade.right, grade.wrong) == (1, 1)
    assert (grade.precision, grade.recall) == (0.5, 0.5)


def test_either_entry_of_a_person_registered_twice_is_right():
    grade = grade_links(true(3), [link(1, "cocok", "W3b")], REGISTER)

    assert grade.f1 == 1.0


def test_a_stranger_who_is_not_found_costs_nothing():
    grade = grade_links(true(1, 99), [link(1, "cocok", "W1"), link(2, "baru", "N")], REGISTER)

    assert (grade.findable, grade.lost, grade.f1) == (1, 0, 1.0)


def test_a_stranger_linked_to_somebody_is_a_wrong_link():
    grade = grade_links(true(99), [link(1, "cocok", "W1")], REGISTER)

    assert (grade.wrong, grade.precision) == (1, 0.0)


def test_founding_a_person_whom_the_register_knows_is_a_loss():
    grade = grade_links(true(1), [link(1, "baru", "N")], REGISTER)

    assert (grade.lost, grade.recall) == (1, 0.0)


def test_a_row_without_any_result_is_a_loss():
    assert grade_links(true(1), [], REGISTER).lost == 1


def test_review_rows_count_as_unsettled_but_seen():
    links = [link(1, "tinjau", id_calon="W1"), link(2, "tidak_ditemukan")]

    grade = grade_links(true(1, 2), links, REGISTER)

    assert (grade.review, grade.review_right, grade.review_share) == (1, 1, 0.5)
    assert grade.errors_in_review == 0.5


def test_the_second_row_of_a_person_in_a_checked_list_should_be_called_double():
    verdicts = [link(1, "cocok", "W1"), link(2, "ganda", "W1"), link(3, "ganda", "W2")]

    grade = grade_match(true(1, 1, 2), verdicts, REGISTER)

    assert (grade.doubles, grade.doubles_found, grade.doubles_wrong) == (1, 1, 1)
    assert grade.right == 3


def test_suspected_pairs_are_graded_by_who_owns_both_ids():
    grade = grade_duplicates(2, [("W3b", "W3"), ("W1", "W2"), ("W3", "W3b")], REGISTER)

    assert (grade.suspected, grade.right) == (2, 1)
    assert (grade.precision, grade.recall) == (0.5, 0.5)


def test_an_empty_result_is_precise_and_finds_nothing():
    grade = grade_duplicates(4, [], REGISTER)

    assert (grade.precision, grade.recall, grade.f1) == (1.0, 0.0, 0.0)


def test_a_spreadsheet_without_verdicts_is_refused(mini):
    with pytest.raises(ValueError, match="tidak memuat kolom 'keputusan'"):
        read_table(mini / "lists" / "pkh.xlsx")
