"""The sealed copy of the keys: used while it is fresh, made anew when it is not."""

import numpy as np
import pytest

from entas.analytics.linkage.register import (
    FreshBlocks,
    block_names,
    index_columns,
    register_index,
)
from entas.registry import extract
from entas.registry.queries import register
from entas.registry.services import runs
from entas.registry.services.decisions import merge_persons
from entas.registry.services.proposals import accept_proposal, propose_correction
from journey.little_lists import Office, citizen, citizens


@pytest.fixture
def office(ground, tmp_path):
    return Office(tmp_path, ground)


@pytest.fixture
def town(office):
    office.send(citizens(30))
    return office


def kept():
    """The extract, if it is the register's as it stands."""
    held = extract.read_extract()
    return held if held and held.stamp == runs.register_stamp() else None


def keys(held):
    return held.index.table, held.persons


def first_ten():
    index, persons = register.index()
    return register_index(index.table.take(np.arange(10))), persons[:10]


def assert_same_keys(one, other):
    (table, persons), (other_table, other_persons) = one, other
    assert np.array_equal(persons, other_persons)
    for column in extract.COLUMNS:
        if column not in {"name", "mother"}:
            assert np.array_equal(getattr(table, column), getattr(other_table, column)), column
    for numbers, book in (("name", "names"), ("mother", "mothers")):
        assert texts(table, numbers, book) == texts(other_table, numbers, book)


def texts(table, numbers, book):
    held = getattr(table, book).texts
    return [held[at] if at >= 0 else "" for at in getattr(table, numbers).tolist()]


def test_linking_leaves_a_fresh_extract_that_says_what_the_database_says(town):
    assert kept() is not None

    assert_same_keys(keys(kept()), register._read())


def test_a_fresh_extract_is_used(town):
    extract.write_extract(*first_ten(), runs.register_stamp())

    assert len(register.index()[1]) == 10


def told():
    """The register as linking and checking get it."""
    index, persons = register.index()
    return index.table, persons


def merge_two(by):
    one, other = kept().persons[2:4].tolist()
    merge_persons(kept_id=one, absorbed_id=other, reason="sama", by=by, in_spite_of_niks=True)


def test_what_people_decide_is_read_into_an_older_extract(town, ground):
    before = kept().stamp

    merge_two(ground)

    assert_same_keys(told(), register._read())
    assert len(told()[1]) == 29
    assert extract.read_extract().stamp == before


def test_patching_counts_as_reading_everything_anew_does(town, ground, somebody):
    budi = somebody("budi", "data_steward")
    proposal = propose_correction(
        person_id=int(kept().persons[4]),
        field="name",
        value="Zulfikar Baru",
        reason="akta",
        by=ground,
    )
    accept_proposal(proposal=proposal, by=budi)
    patched, _ = register.index()
    extract.extract_path().unlink()

    anew, _ = register.index()

    rows = [patched.table, anew.table]
    assert texts(rows[0], "name", "names") == texts(rows[1], "name", "names")
    for name in ("full", "token"):
        bits = [getattr(one.rarity.name, name)[one.table.name] for one in (patched, anew)]
        assert np.array_equal(*bits), name
    assert len(patched.table.names) == len(anew.table.names)


def test_when_much_changed_everything_is_read_anew(town, ground, monkeypatch):
    monkeypatch.setattr(runs, "MOST_PATCHED", 0)

    merge_two(ground)

    assert_same_keys(told(), register._read())
    assert kept() is not None


def test_an_extract_from_before_a_backup_was_put_back_is_made_anew(town):
    version, _, logged = runs.register_stamp().split(":")
    extract.write_extract(*first_ten(), f"{version}:{'0' * 64}:{logged}")

    assert len(register.index()[1]) == 30
    assert len(kept().persons) == 30


def test_an_extract_of_another_register_is_not_used(town):
    extract.write_extract(*register.index(), "7:0")

    assert kept() is None


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.3, 0.7, 0.999])
def test_an_extract_cut_short_is_made_anew(town, share):
    path = extract.extract_path()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert kept() is None
    assert len(register.index()[1]) == 30


@pytest.mark.parametrize("place", [5, 12, 40, 400, -5])
def test_an_extract_with_one_byte_changed_is_made_anew(town, place):
    path = extract.extract_path()
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(bytes(content))

    assert len(register.index()[1]) == 30


def test_an_extract_is_gone_without_harm(town):
    extract.extract_path().unlink()

    assert len(register.index()[1]) == 30
    assert extract.extract_path().exists()


def test_the_extract_shows_neither_numbers_nor_names(town):
    content = extract.extract_path().read_bytes()

    person = citizen(4)
    assert person["NIK"].encode() not in content
    assert int(person["NIK"]).to_bytes(8, "little") not in content
    assert b"SUKARDI" not in content


def test_only_the_owner_may_open_the_folder_of_extracts(town):
    assert extract.extract_path().parent.stat().st_mode & 0o077 == 0


def test_nothing_but_the_extract_lies_in_its_folder(town):
    assert [path.name for path in extract.extract_path().parent.iterdir()] == ["register.sealed"]


def test_arrays_of_an_extract_cannot_change_places(town):
    path = extract.extract_path()
    content = bytearray(path.read_bytes())
    held = extract._Opened.open(path).head["arrays"]
    (_, _, sex, sizes), (_, _, role, others) = held["row.sex"], held["row.role"]
    assert sizes == others
    one, other = content[sex : sex + sizes[0]], content[role : role + sizes[0]]
    content[sex : sex + sizes[0]], content[role : role + sizes[0]] = other, one

    path.write_bytes(bytes(content))

    assert kept() is None


def pairs_of(keyed):
    return sorted(zip(keyed.keys.tolist(), keyed.rows.tolist(), strict=True))


@pytest.mark.parametrize("name", block_names())
def test_a_kept_blocking_key_holds_what_the_rows_say_in_rising_order(town, name):
    index = kept().index

    held = index.blocks.keyed(name)

    assert held.in_order
    assert (np.diff(held.keys) >= 0).all()
    assert pairs_of(held) == pairs_of(FreshBlocks(index.table).keyed(name))


def test_a_blocking_key_that_was_altered_is_made_anew(town):
    path = extract.extract_path()
    content = bytearray(path.read_bytes())
    _, _, at, _ = extract._Opened.open(path).head["arrays"]["block.nik.keys"]
    content[at + 20] ^= 0xFF
    path.write_bytes(bytes(content))

    index = kept().index

    assert not index.blocks.keyed("nik").in_order
    assert len(index.blocks.keyed("nik").rows) == 30


def test_what_was_counted_is_kept_as_counting_it_again_would_say(town):
    index = kept().index

    again = index_columns(register_index(index.table))

    for name, column in index_columns(index).items():
        assert np.array_equal(column, again[name]), name


def test_a_new_list_is_in_the_extract_at_once(town):
    town.send([citizen(40)])

    assert len(kept().persons) == 31
    assert_same_keys(keys(kept()), register._read())


def test_a_value_that_was_filled_in_is_told_at_once(office):
    office.send([citizen(1, NAMA_LGKP_IBU=""), *citizens(30)[1:]])
    pupil = {
        "NISN": "0012345678",
        "NIK": citizen(1)["NIK"],
        "Nama Siswa": citizen(1)["NAMA_LGKP"],
        "Tanggal Lahir": citizen(1)["TGL_LHR"],
        "Nama Ibu Kandung": citizen(1)["NAMA_LGKP_IBU"],
    }

    office.send([pupil], "pip")

    assert texts(told()[0], "mother", "mothers")[0] != ""
    assert_same_keys(told(), register._read())
