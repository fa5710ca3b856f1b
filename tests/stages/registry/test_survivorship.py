"""What a linked row may tell of a person who is there already."""

import datetime as dt

import pytest

from entas import custody
from entas.history import unpack
from entas.registry.models import Person, PersonKey, RegistryHistory, Run
from entas.registry.queries.candidates import candidates
from entas.registry.services.survivorship import apply_run
from entas.sources.parsed import ParsedRow
from journey.little_lists import Office, citizen, citizens, links_of, programme_row

LATER = dt.date(2026, 6, 2)


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


def founded(office, **first):
    """A town whose first citizen is as told; gives that person's id."""
    delivery = office.send([citizen(1, **first), *citizens(30)[1:]])
    return links_of(delivery)[0][2]


def pupil(**other):
    row = citizen(1)
    return {
        "NISN": "0012345678",
        "NIK": row["NIK"],
        "Nama Siswa": row["NAMA_LGKP"],
        "Tanggal Lahir": row["TGL_LHR"],
        "Nama Ibu Kandung": row["NAMA_LGKP_IBU"],
        "Alamat": row["ALAMAT"],
        "RT": row["NO_RT"],
        "Kelurahan": "LEGOK",
    } | other


def test_a_missing_mother_is_filled_in_and_the_field_names_its_line(office):
    person_id = founded(office, NAMA_LGKP_IBU="")

    school = office.send([pupil()], "pip")

    person = Person.objects.get(pk=person_id)
    assert person.mother_name == citizen(1)["NAMA_LGKP_IBU"]
    assert person.origin_more == {"mother_name": [school.pk, 1]}


def test_a_field_that_was_filled_in_is_compared_from_then_on(office):
    person_id = founded(office, NAMA_LGKP_IBU="")

    office.send([pupil()], "pip")

    assert PersonKey.objects.get(pk=person_id).mother_sound != ""


def test_a_worse_source_replaces_nothing(office):
    person_id = founded(office)

    office.send([pupil(**{"Nama Ibu Kandung": "SITI R."})], "pip")

    person = Person.objects.get(pk=person_id)
    assert person.mother_name == citizen(1)["NAMA_LGKP_IBU"]
    assert person.origin_more is None


def test_a_better_source_replaces_what_a_worse_one_told(office):
    known = {**citizen(1), "NIK": citizen(1)["NIK"]}
    programme = office.send([*map(programme_row, citizens(30))], "pbi")
    person_id = links_of(programme)[0][2]
    assert Person.objects.get(pk=person_id).name == known["NAMA_LGKP"]

    register = office.send([citizen(1, NAMA_LGKP=f"{known['NAMA_LGKP']} PUTRI"), *citizens(30)[1:]])

    person = Person.objects.get(pk=person_id)
    assert links_of(register)[0][2] == person_id
    assert person.name == f"{known['NAMA_LGKP']} PUTRI"
    assert person.origin_more["name"] == [register.pk, 1]


def test_a_later_list_of_the_same_source_replaces_an_earlier_one(office):
    person_id = founded(office)

    later = office.send([citizen(1, TMPT_LHR="MUARO BULIAN"), *citizens(30)[1:]], as_of=LATER)

    person = Person.objects.get(pk=person_id)
    assert person.birth_place == "MUARO BULIAN"
    assert person.origin_more == {"birth_place": [later.pk, 1]}


def test_an_older_list_of_the_same_source_replaces_nothing(office):
    person_id = founded(office)

    office.send([citizen(1, TMPT_LHR="MUARO BULIAN")], as_of=dt.date(2025, 1, 1))

    assert Person.objects.get(pk=person_id).birth_place == "JAMBI"


def test_an_empty_cell_of_a_better_source_takes_nothing_away(office):
    programme = office.send([*map(programme_row, citizens(30))], "pbi")
    person_id = links_of(programme)[0][2]

    office.send([citizen(1, TGL_LHR=""), *citizens(30)[1:]])

    assert Person.objects.get(pk=person_id).birth_on == dt.date(1957, 2, 2)


def test_a_nik_once_known_is_never_replaced(office):
    person_id = founded(office)
    other = citizen(1)["NIK"][:-1] + "7"

    office.send([citizen(1, NIK=other), *citizens(30)[1:]], as_of=LATER)

    hashed = Person.objects.get(pk=person_id).nik_hash
    assert hashed == custody.blind_index(citizen(1)["NIK"], purpose="nik")


def test_a_missing_nik_is_filled_in_sealed_and_found_again(office):
    person_id = founded(office, NIK="")

    office.send([programme_row(citizen(1))], "pbi")

    person = Person.objects.get(pk=person_id)
    opened = custody.unseal(bytes(person.nik_sealed), context="person.nik").decode()
    assert opened == citizen(1)["NIK"]
    asked = ParsedRow(nik=opened, nama=person.name)
    assert candidates(asked)[0].person_id == person_id


def test_a_nik_that_somebody_else_bears_fills_no_gap(office):
    person_id = founded(office, NIK="")

    office.send([programme_row(citizen(1, NIK=citizen(20)["NIK"]))], "pbi")

    assert Person.objects.get(pk=person_id).nik_hash is None


def test_the_change_log_holds_the_value_before_and_after(office):
    person_id = founded(office)

    office.send([citizen(1, TMPT_LHR="MUARO BULIAN"), *citizens(30)[1:]], as_of=LATER)

    (entry,) = RegistryHistory.objects.filter(kind=RegistryHistory.Kind.CHANGED, first_id=person_id)
    assert unpack(entry)["birth_place"] == ["JAMBI", "MUARO BULIAN"]
    assert entry.act_id == Run.objects.latest("pk").act_id


def test_telling_it_twice_changes_nothing(office):
    founded(office, NAMA_LGKP_IBU="")
    office.send([pupil()], "pip")
    before = list(Person.objects.order_by("pk").values())
    logged = RegistryHistory.objects.count()

    assert apply_run(run=Run.objects.latest("pk")) == 0

    assert list(Person.objects.order_by("pk").values()) == before
    assert RegistryHistory.objects.count() == logged


def test_a_row_that_only_may_be_somebody_tells_nothing_of_her(office):
    person_id = founded(office, NAMA_LGKP_IBU="")
    unsure = pupil(NIK="", Alamat="", RT="", **{"Tanggal Lahir": "", "Nama Siswa": "ROHANI"})

    delivery = office.send([unsure], "pip")

    assert links_of(delivery)[0][1] != "cocok"
    assert Person.objects.get(pk=person_id).mother_name == ""
