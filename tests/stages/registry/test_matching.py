"""Adu data: what is said of a row, and that saying it changes nothing."""

import datetime as dt

import pytest

from entas.audit.models import Act
from entas.history import HistoryRow
from entas.registry import states
from entas.registry.errors import EmptyRegister
from entas.registry.models import Link, Person, PersonKey, RegisterVersion, RegistryHistory
from entas.registry.queries import matching
from entas.sources.errors import BrokenFile, ListRefused
from entas.sources.models import Delivery
from journey.little_lists import Office, citizen, citizens, links_of, programme_row, write_csv

TODAY = dt.date(2026, 6, 2)


def id_of(row):
    return Person.objects.get(origin_row=row).pk


@pytest.fixture
def town(ground, tmp_path):
    office = Office(tmp_path, ground)
    office.send(citizens(300))
    return office


@pytest.fixture
def match(tmp_path):
    """Check rows; gives a dictionary a row."""

    def check(rows):
        path = write_csv(tmp_path / "cek.csv", rows)
        read = matching.read_list(path, profile="auto", on=TODAY)
        told = matching.check(read.rows).result
        return [dict(zip(matching.RESULT_COLUMNS, row, strict=True)) for row in told]

    return check


def test_nobody_can_be_checked_against_an_empty_register(ground, tmp_path, match):
    Office(tmp_path, ground)

    with pytest.raises(EmptyRegister, match="entas registry link"):
        match([programme_row(citizen(1))])


def test_a_list_without_a_usable_row_is_answered_all_the_same(town, match):
    rows = [{**programme_row(citizen(n)), "NAMA PESERTA": ""} for n in (1, 2)]

    assert [one["keputusan"] for one in match(rows)] == [states.UNUSABLE] * 2


def test_the_same_words_are_said_as_linking_the_list_would_say(town, match):
    rows = [programme_row(citizen(n)) for n in (5, 9, 5, 30, 77)]
    rows.append(programme_row(citizen(12, NIK="", NO_KK="", ALAMAT="")))

    told = match(rows)

    delivery = town.send(rows, "pbi")
    linked = [(word, person or "") for _, word, person in links_of(delivery)]
    assert [(one["keputusan"], one["id_warga"]) for one in told] == linked


def test_a_stranger_is_not_founded_by_being_asked_for(town, match):
    (told,) = match([programme_row(citizen(301))])

    assert told["keputusan"] == states.NOT_FOUND
    assert Person.objects.count() == 300


def test_asking_twice_says_the_same_and_writes_nothing(town, match):
    rows = [programme_row(citizen(n)) for n in (1, 2, 301)]
    tables = (Person, PersonKey, Link, RegistryHistory, Delivery, RegisterVersion, Act)
    before = [list(table.objects.order_by("pk").values()) for table in tables]

    first = match(rows)

    assert match(rows) == first
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert HistoryRow._meta.abstract


def test_the_order_of_a_list_does_not_decide_who_is_who(town, match):
    rows = [programme_row(citizen(n)) for n in range(3, 60, 4)]

    forwards = [one["id_warga"] for one in match(rows)]

    assert [one["id_warga"] for one in match(rows[::-1])] == forwards[::-1]


def test_a_list_of_one_row_is_weighed_too(town, match):
    (told,) = match([programme_row(citizen(14))])

    assert (told["baris"], told["keputusan"], told["id_warga"]) == (1, states.SURE, id_of(14))


def test_two_siblings_are_told_apart(ground, tmp_path, match):
    siblings = [
        citizen(301, NAMA_LGKP="HASAN BASRI", TGL_LHR="01-02-2001"),
        citizen(301, NIK="1571814103030009", NAMA_LGKP="HUSIN BASRI", TGL_LHR="01-03-2003"),
    ]
    Office(tmp_path, ground).send([*citizens(298), *siblings])

    told = match([programme_row(one) | {"NIK": ""} for one in siblings])

    assert [one["id_warga"] for one in told] == [id_of(299), id_of(300)]


def test_a_name_that_many_bear_is_not_enough(ground, tmp_path, match):
    namesakes = [citizen(n, NAMA_LGKP="SITI AMINAH", NO_RT="001") for n in range(201, 300)]
    Office(tmp_path, ground).send([*citizens(200), *namesakes])

    (told,) = match([{"NAMA": "SITI AMINAH", "RT": "001", "KELURAHAN": "LEGOK"}])

    assert told["keputusan"] != states.SURE
    assert told["id_warga"] == ""


@pytest.mark.parametrize("word", ["meninggal", "pindah"])
def test_whoever_died_or_moved_is_told_so(town, match, word):
    Person.objects.filter(origin_row=14).update(alive=word)

    (told,) = match([programme_row(citizen(14))])

    assert (told["id_warga"], told["status_warga"]) == (id_of(14), word)


def test_the_earlier_row_is_counted_with_the_unusable_ones(town, match):
    rows = [programme_row(citizen(n)) for n in (3, 14, 14)]
    rows[0]["NAMA PESERTA"] = ""

    told = match(rows)

    assert [one["keputusan"] for one in told] == ["bermasalah", "cocok", "ganda"]
    assert "baris 2" in told[2]["alasan"]


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ListRefused):
        matching.read_list(tmp_path / "tidak-ada.csv", profile="auto", on=TODAY)


def lines_of(path):
    read = matching.read_list(path, profile="auto", on=TODAY)
    return read, list(read.lines(matching.check(read.rows).result))


def test_what_a_row_has_beyond_its_header_is_not_lost(town, tmp_path):
    path = tmp_path / "cek.csv"
    path.write_text("NAMA,RT\nANI SIREGAR,5,lebih,,\nBUDI,6,,\n")

    _, (header, first, second) = lines_of(path)

    assert header == ["NAMA", "RT", *matching.RESULT_COLUMNS]
    assert (first[:2], first[9:]) == (["ANI SIREGAR", "5"], ["lebih"])
    assert first[3] == states.UNUSABLE
    assert len(second) == len(header)


def test_an_earlier_result_is_checked_anew_and_holds_each_column_once(town, tmp_path):
    row = programme_row(citizen(14))
    told = dict.fromkeys(matching.RESULT_COLUMNS, "lama")
    path = write_csv(tmp_path / "cek.csv", [{**told, **row}])

    read, (header, line) = lines_of(path)

    assert read.replaces
    assert header == [*row, *matching.RESULT_COLUMNS]
    assert line[: len(row)] == list(row.values())
    assert "lama" not in line


def test_a_column_named_like_one_of_the_results_stays_and_the_result_stands_behind(town, tmp_path):
    row = {**programme_row(citizen(1)), "alasan": "x"}
    path = write_csv(tmp_path / "cek.csv", [row])

    read, (header, line) = lines_of(path)

    assert (read.replaces, read.doubled) == (False, ["alasan"])
    assert header == [*row, *matching.RESULT_COLUMNS]
    assert line[: len(row)] == list(row.values())


def test_everybody_a_result_speaks_of_is_named_once(town, tmp_path):
    rows = [programme_row(citizen(n)) for n in (2, 1, 2, 301)]
    path = write_csv(tmp_path / "cek.csv", rows)

    checked = matching.check(matching.read_list(path, profile="auto", on=TODAY).rows)

    said = {told[2] for told in checked.result if told[2] != ""}
    assert checked.persons.tolist() == sorted(said)
    assert len(said) == 2


def test_a_list_that_changes_while_it_is_checked_gives_no_result(town, tmp_path):
    path = write_csv(tmp_path / "cek.csv", [programme_row(citizen(1))])
    read = matching.read_list(path, profile="auto", on=TODAY)
    path.write_text(path.read_text().replace("LEGOK", "MURNI"))

    with pytest.raises(BrokenFile, match="berubah"):
        list(read.lines(matching.check(read.rows).result))


def test_a_list_longer_than_is_packed_at_once_is_told_as_a_short_one(town, tmp_path, monkeypatch):
    rows = [programme_row(citizen(n)) for n in (5, 9, 5, 30, 301, 77, 12, 9)]
    rows[3]["NAMA PESERTA"] = ""
    path = write_csv(tmp_path / "cek.csv", rows)
    _, whole = lines_of(path)

    monkeypatch.setattr(matching, "_ROWS_AT_ONCE", 2)

    assert lines_of(path)[1] == whole
