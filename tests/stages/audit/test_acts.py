"""The chain of acts: written with the act, and no change of it goes unseen."""

import pytest
from django.db import connection, transaction

from entas.audit.models import Act, ActHead
from entas.audit.queries import holds_anchor, verify
from entas.audit.services import actor_name, is_same_actor, record, user_number


@pytest.fixture
def chain(ground):
    """Five acts behind those of the installation; gives their positions."""
    return [record(ground, f"test.act{n}", detail={"n": n}).position for n in range(5)]


def test_a_fresh_chain_is_whole(chain):
    report = verify()

    assert report.is_whole
    assert report.acts.length == chain[-1]


@pytest.mark.parametrize(
    ("text", "number", "name"),
    [
        ("user:7:siti", 7, "siti"),
        ("user:7:siti:hanum", 7, "siti:hanum"),
        ("entas init", None, "entas init"),
        ("user:7", 7, "user:7"),
        ("user:siti", None, "user:siti"),
        ("job:7:siti", None, "job:7:siti"),
        ("user:²:siti", None, "user:²:siti"),
        ("", None, ""),
    ],
)
def test_a_text_of_the_chain_names_a_user_or_nobody(text, number, name):
    assert (user_number(text), actor_name(text)) == (number, name)


def test_whoever_was_renamed_is_still_the_same_actor(ground):
    assert is_same_actor(f"user:{ground.pk}:former.name", ground)
    assert not is_same_actor(f"user:{ground.pk}1:{ground.username}", ground)


def test_an_act_says_who_what_and_on_what(ground):
    act = record(ground, "sources.import", object_type="delivery", object_id=7, detail={"rows": 3})

    assert act.actor == f"user:{ground.pk}:ani"
    assert (act.object_type, act.object_id, act.detail) == ("delivery", "7", {"rows": 3})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "test.other"),
        ("actor", "user:99:siti"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("object_id", "8"),
        ("object_type", "person"),
        ("detail", '{"n": 77}'),
    ],
)
def test_an_edited_entry_is_found(chain, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_act SET {column} = %s WHERE position = %s", [value, chain[2]])

    report = verify()

    assert report.acts.broken_at == chain[2]
    assert report.acts.why == "isi entri diubah"


def test_an_edited_entry_with_its_hash_made_again_is_found_at_the_next(chain):
    entry = Act.objects.get(position=chain[2])
    entry.detail = {"n": 77}
    from entas.audit.models import entry_hash

    entry.hash = entry_hash(entry.prev_hash, entry.content())
    entry.save()

    assert verify().acts.broken_at == chain[3]


def test_a_deleted_entry_is_found(chain):
    Act.objects.filter(position=chain[1]).delete()

    report = verify()

    assert report.acts.broken_at == chain[1]
    assert "hilang" in report.acts.why


def test_two_entries_that_changed_places_are_found(chain):
    first, second = (Act.objects.get(position=chain[n]) for n in (1, 2))
    Act.objects.filter(pk=first.pk).update(position=-1)
    Act.objects.filter(pk=second.pk).update(position=chain[1])
    Act.objects.filter(pk=first.pk).update(position=chain[2])

    assert verify().acts.broken_at == chain[1]


def test_entries_cut_off_at_the_end_are_found(chain):
    Act.objects.filter(position__gt=chain[2]).delete()

    report = verify()

    assert report.acts.broken_at == chain[2] + 1
    assert "ujung" in report.acts.why


def test_a_cut_hidden_in_the_note_of_the_end_is_found(chain):
    Act.objects.filter(position__gt=chain[2]).delete()
    last = Act.objects.get(position=chain[2])
    # Whoever can write the database can write this row, but not its seal.
    ActHead.objects.update(length=last.position, hash=last.hash)

    assert verify().acts.why == "catatan ujung rantai diubah"


def test_a_chain_without_the_note_of_its_end_is_found(chain):
    ActHead.objects.all().delete()

    assert verify().acts.why == "catatan ujung rantai hilang"


def test_an_entry_put_in_at_the_end_without_the_key_is_found(chain):
    last = Act.objects.get(position=chain[-1])
    forged = Act(position=last.position + 1, at=last.at, actor="x", act="y", prev_hash=last.hash)
    from entas.audit.models import entry_hash

    forged.hash = entry_hash(last.hash, forged.content())
    forged.save()

    assert not verify().is_whole


def test_an_anchor_written_down_earlier_still_holds(chain):
    entry = Act.objects.get(position=chain[1])

    assert holds_anchor("acts", entry.position, entry.hash)
    assert not holds_anchor("acts", entry.position + 1, entry.hash)


@pytest.mark.parametrize("detail", [{"a": "1571810101900001"}, {"a": 1571810101900001}])
def test_an_act_that_would_name_a_nik_is_refused(ground, detail):
    with pytest.raises(ValueError, match="sixteen digits"):
        record(ground, "test.act", detail=detail)


def test_a_file_hash_is_no_nik(ground):
    record(ground, "test.act", detail={"sha256": "12345678" * 2 + "a" * 48})

    assert verify().is_whole


def test_an_act_taken_back_with_its_transaction_leaves_a_whole_chain(chain, ground):
    class TakenBackError(Exception):
        pass

    with pytest.raises(TakenBackError), transaction.atomic():
        record(ground, "test.taken_back")
        raise TakenBackError

    record(ground, "test.next")

    assert verify().is_whole
    assert not Act.objects.filter(act="test.taken_back").exists()


def test_an_act_outside_a_transaction_is_refused(transactional_db, ground):
    with pytest.raises(transaction.TransactionManagementError, match="in the transaction"):
        record(ground, "test.act")
