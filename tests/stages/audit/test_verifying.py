"""Both chains: whatever is changed, taken out, put in, swapped or cut off is named."""

import pytest
from django.db import connections, router, transaction

from entas.audit.models import Act, ActHead, Look, LookHead, entry_hash
from entas.audit.queries import verify
from entas.audit.queries import verifying as rooms
from entas.audit.services import look, next_position, record, verify_chains


class Chain:
    """One of the two chains, with what a hand in the database can do to it."""

    def __init__(self, model, head, write):
        self.model, self.head, self.write = model, head, write

    def report(self):
        return getattr(verify(), self.head.CHAIN)

    def at(self, position):
        return self.model.objects.get(position=position)

    def run(self, statement, values=()):
        with connections[router.db_for_write(self.model)].cursor() as cursor:
            cursor.execute(statement.replace("TABLE", self.model._meta.db_table), values)

    def move(self, position, to):
        self.model.objects.filter(position=position).update(position=to)


@pytest.fixture(params=["acts", "looks"])
def chain(ground, request):
    """A chain with six entries more than it had; ``places`` names them."""
    if request.param == "acts":
        chain = Chain(Act, ActHead, lambda: record(ground, "test.act", detail={"n": 1}))
    else:
        chain = Chain(Look, LookHead, lambda: look(ground, [5], purpose="x", where="y"))
    for _ in range(6):
        chain.write()
    last = chain.model.objects.order_by("position").last().position
    chain.places = list(range(last - 5, last + 1))
    return chain


def forged(entry, position, prev_hash):
    """The entry again at another place, with a hash that fits: who can write can hash."""
    values = {
        field.name: getattr(entry, field.name)
        for field in entry._meta.concrete_fields
        if field.name != "id"
    }
    copy = type(entry)(**values | {"position": position, "prev_hash": prev_hash})
    copy.hash = entry_hash(prev_hash, copy.content())
    return copy


def test_a_chain_nobody_touched_is_whole(chain):
    assert chain.report().is_whole
    assert chain.report().length == chain.places[-1]


def test_an_edited_entry_is_the_first_broken_one(chain):
    chain.run("UPDATE TABLE SET actor = 'user:9:x' WHERE position = %s", [chain.places[2]])

    assert (chain.report().broken_at, chain.report().why) == (chain.places[2], "isi entri diubah")


def test_a_moment_moved_by_a_second_is_seen(chain):
    entry = chain.at(chain.places[2])
    entry.at = entry.at.replace(microsecond=(entry.at.microsecond + 1) % 1_000_000)
    entry.save()

    assert chain.report().broken_at == chain.places[2]


def test_a_deleted_entry_is_named_by_its_empty_place(chain):
    chain.at(chain.places[3]).delete()

    assert chain.report().broken_at == chain.places[3]
    assert "hilang" in chain.report().why


def test_a_deleted_entry_is_found_when_the_rest_closes_up(chain):
    chain.at(chain.places[3]).delete()
    for place in chain.places[4:]:
        chain.move(place, place - 1)

    assert chain.report().broken_at == chain.places[3]


def test_an_entry_put_in_between_is_found(chain):
    for place in reversed(chain.places[3:]):
        chain.move(place, place + 1)
    before = chain.at(chain.places[2])
    forged(before, chain.places[3], before.hash).save()

    # The one that was put in fits by its own hash; the one behind it names another before it.
    assert chain.report().broken_at == chain.places[3] + 1


def test_two_entries_that_changed_places_are_found(chain):
    first, second = chain.places[1:3]
    chain.move(first, -1)
    chain.move(second, first)
    chain.move(-1, second)

    assert chain.report().broken_at == first


def test_entries_cut_off_at_the_end_are_found(chain):
    chain.model.objects.filter(position__gt=chain.places[3]).delete()

    assert chain.report().broken_at == chain.places[4]
    assert "ujung" in chain.report().why


def test_a_cut_that_also_moves_the_note_of_the_end_is_found(chain):
    last = chain.at(chain.places[3])
    chain.model.objects.filter(position__gt=last.position).delete()
    chain.head.objects.update(length=last.position, hash=last.hash)

    assert chain.report().why == "catatan ujung rantai diubah"


def test_such_a_cut_stays_found_when_others_go_on_writing(chain):
    last = chain.at(chain.places[3])
    chain.model.objects.filter(position__gt=last.position).delete()
    chain.head.objects.update(length=last.position, hash=last.hash)

    chain.write()
    chain.write()

    assert chain.report().why == "catatan ujung rantai diubah"


def test_a_cut_is_named_by_the_hole_it_left_when_others_go_on_writing(chain):
    chain.model.objects.filter(position__gt=chain.places[3]).delete()

    chain.write()

    assert chain.report().broken_at == chain.places[4]


def test_an_entry_put_behind_the_end_is_named(chain):
    last = chain.at(chain.places[-1])
    forged(last, last.position + 1, last.hash).save()

    assert chain.report().broken_at == last.position + 1


def test_a_chain_that_was_written_anew_from_one_entry_on_is_found(chain):
    entry = chain.at(chain.places[2])
    entry.actor, before = "user:9:x", entry.prev_hash
    for place in chain.places[2:]:
        other = entry if place == entry.position else chain.at(place)
        other.prev_hash = before
        other.hash = before = entry_hash(before, other.content())
        other.save()

    # Every hash fits; the sealed end does not.
    assert chain.report().broken_at == chain.places[-1] + 1


def test_a_missing_note_of_the_end_is_found(chain):
    chain.head.objects.all().delete()

    assert chain.report().why == "catatan ujung rantai hilang"


def test_an_emptied_chain_is_found(chain):
    chain.model.objects.all().delete()

    assert chain.report().broken_at == 1


def test_a_chain_of_acts_emptied_with_its_end_is_found(ground):
    Act.objects.all().delete()
    ActHead.objects.all().delete()

    assert verify().acts.broken_at == 1


def test_what_cannot_be_read_any_more_is_named_and_stops_nothing(chain):
    odd = "'infinity'" if connections["default"].vendor == "postgresql" else "'kemarin'"
    chain.run(f"UPDATE TABLE SET at = {odd} WHERE position = %s", [chain.places[4]])

    assert chain.report().broken_at == chain.places[4]


def test_a_long_chain_is_read_in_pieces_and_its_break_found_in_any(chain, monkeypatch):
    monkeypatch.setattr(rooms, "_PIECE", 2)
    told = []

    verify(progress=lambda *now: told.append(now[0]))
    chain.run("UPDATE TABLE SET actor = 'user:9:x' WHERE position = %s", [chain.places[4]])

    assert chain.report().broken_at == chain.places[4]
    assert told[-1] <= chain.places[-1]


def test_what_is_written_while_the_chain_is_walked_breaks_nothing(chain, monkeypatch):
    monkeypatch.setattr(rooms, "_PIECE", 2)

    report = verify(progress=lambda *now: now[0] < 60 and chain.write())

    assert report.is_whole


def test_what_is_written_between_the_walk_and_the_end_breaks_nothing(chain, monkeypatch):
    walk = rooms._walk

    def walk_and_write(*args):
        report = walk(*args)
        if report.chain == chain.head.CHAIN:
            chain.write()
        return report

    monkeypatch.setattr(rooms, "_walk", walk_and_write)

    assert verify().is_whole


def test_an_older_copy_of_the_looks_is_found_by_what_the_acts_say(ground):
    look(ground, [1, 2, 3], purpose="x", where="y")
    older = LookHead.objects.values().get()
    look(ground, [4], purpose="x", where="y")
    verify_chains(ground)

    Look.objects.filter(position__gt=3).delete()
    LookHead.objects.update(**{k: older[k] for k in ("length", "hash", "seal")})

    report = verify().looks
    assert report.broken_at == 4
    assert "dicatat pada jejak tindakan" in report.why


def test_a_verification_is_an_act_that_holds_both_ends(ground):
    look(ground, [1], purpose="x", where="y")

    report, act = verify_chains(ground)

    assert act.act == "audit.verify"
    assert act.detail["looks"]["hash"] == report.looks.last_hash
    assert act.detail["acts"]["length"] == act.position - 1
    assert verify().is_whole


def test_a_broken_chain_is_written_down_as_broken(ground):
    look(ground, [1, 2], purpose="x", where="y")
    Look.objects.filter(position=1).update(person=9)

    _, act = verify_chains(ground)

    assert not act.detail["is_whole"]
    assert act.detail["looks"]["broken_at"] == 1


def test_the_place_of_the_next_act_is_the_one_it_gets(ground):
    with transaction.atomic():
        place = next_position()
        assert record(ground, "test.act").position == place
