"""The small city is what the other tests take it for."""

import re

from doors.web.visiting import Answer, secret_numbers
from doors.web.world import A1, B1, MARKS, QUARTERS, SEES, citizens_of, first_rows
from entas.registry import states
from entas.registry.models import Person

A_NIK = "1571810101900001"


def test_everybody_who_was_listed_lives_in_the_city_once(world):
    assert Person.objects.filter(state=states.ACTIVE).count() == len(first_rows()) - 1
    assert {key: len(world.people_of(key)) for key in SEES["city"]} == {
        "A1": 20,
        "A2": 11,
        "B1": 21,
        "B2": 7,
    }


def test_one_family_has_a_member_in_another_kecamatan(world):
    mixed = Person.objects.filter(family=world.numbers["family"]["A1-mixed"])

    assert set(mixed.values_list("kelurahan", flat=True)) == {A1.number, B1.number}


def test_no_kelurahan_shares_a_mark_with_another():
    for quarter in QUARTERS:
        others = [row for other in QUARTERS if other is not quarter for row in citizens_of(other)]

        shared = [word for row in others for word in row.values() if MARKS[quarter.key].found(word)]

        assert shared == []


def test_each_persons_name_birthday_and_number_are_marks_of_the_kelurahan():
    for quarter in QUARTERS:
        for row in citizens_of(quarter)[:-1]:
            for column in ("NAMA_LGKP", "TGL_LHR", "NIK", "NO_KK", "ALAMAT", "NAMA_LGKP_IBU"):
                assert MARKS[quarter.key].found(row[column]), (quarter.key, column)


def test_every_number_is_from_the_reserved_range():
    for row in first_rows():
        assert re.fullmatch(r"1571(8[1-9]|9[01])\d{10}", row["NIK"])
        assert re.fullmatch(r"1571(8[1-9]|9[01])\d{10}", row["NO_KK"])


def test_there_is_a_user_of_every_role_in_every_kind_of_area(world):
    assert len(world.users) == 16 * 4 + 3


def test_a_fingerprint_with_sixteen_digits_is_no_number_of_a_person():
    fingerprint = Answer(200, f"<code>1c5b{A_NIK}9a</code>", 0, "", 0, "text/html")
    shown = Answer(200, f"<td>{A_NIK}</td>", 0, f"/warga/?nik_{A_NIK}", 0, "text/html")

    assert not secret_numbers(fingerprint)
    assert len(secret_numbers(shown)) == 4
