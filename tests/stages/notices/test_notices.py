"""One channel for everybody: who is told what, and what was read."""

import pytest

from entas.city.models import Area, Right, User
from entas.notices.models import Dispatch, Notice
from entas.notices.queries import inbox, unread_count
from entas.notices.services import mark_all_read, mark_read, notify, notify_right_holders

LEGOK, MURNI = 1571101003, 1571101002


def tell(user, words="Ada kabar.", **more):
    return notify(user=user, kind="other", words=words, by="uji", **more)


def officer(name, role, number=None, **more):
    user = User.objects.create(username=name, **more)
    area = Area.objects.get(pk=number) if number else None
    Right.objects.create(
        user=user, role=role, area=area, valid_from="2026-01-01", granted_by="uji", act_id=0
    )
    return user


def test_a_sentence_with_a_hole_in_it_is_refused(ground):
    with pytest.raises(ValueError, match="lacks"):
        tell(ground, "Usulan {number} dijawab.", params={"nomor": 7})


def test_an_unknown_kind_is_refused(ground):
    with pytest.raises(ValueError, match="no kind"):
        notify(user=ground, kind="gosip", words="Ada kabar.", by="uji")


def test_a_parameter_that_is_no_word_and_no_number_is_refused(ground):
    with pytest.raises(TypeError, match="number"):
        tell(ground, "Usulan {number} dijawab.", params={"number": [7]})


def test_a_message_is_put_together_in_the_language_of_who_reads_it(ground):
    english = {
        "Usulan {number}: {state_words}": "Proposal {number}: {state_words}",
        "diterima": "yes",
    }
    notice = tell(
        ground,
        "Usulan {number}: {state_words}",
        params={"number": 7, "state_words": "diterima"},
    )

    assert notice.said(str) == "Usulan 7: diterima"
    assert notice.said(lambda text: english.get(text, text)) == "Proposal 7: yes"


def test_a_value_that_looks_like_a_place_stays_a_value(ground):
    notice = tell(ground, "Pesan {text}", params={"text": "{number}", "number": 5})

    assert notice.said(str) == "Pesan {number}"


def test_unread_messages_stand_first_and_are_counted(ground):
    old, new = tell(ground), tell(ground)
    read = tell(ground)
    mark_read(notice=read, user=ground)

    assert [notice.pk for notice in inbox(ground)] == [new.pk, old.pk, read.pk]
    assert unread_count(ground) == 2


def test_counting_ends_where_nobody_reads_on(ground):
    for _ in range(5):
        tell(ground)

    assert unread_count(ground, most=3) == 3


def test_nobody_reads_for_another(ground):
    citra = User.objects.create(username="citra")
    notice = tell(ground)

    assert not mark_read(notice=notice, user=citra)
    assert mark_all_read(user=citra) == 0
    assert unread_count(ground) == 1


def test_everything_is_marked_read_at_once(ground):
    tell(ground)
    tell(ground)

    assert mark_all_read(user=ground) == 2
    assert unread_count(ground) == 0


def test_everybody_who_may_there_is_told_and_nobody_else(ground):
    near = officer("dewi", Right.Role.SUPERVISOR, LEGOK)
    above = officer("eko", Right.Role.SUPERVISOR, LEGOK // 10_000)
    officer("fajar", Right.Role.SUPERVISOR, MURNI)
    officer("gita", Right.Role.FRONT_OFFICE, LEGOK)
    officer("hadi", Right.Role.SUPERVISOR, LEGOK, is_active=False)

    told = notify_right_holders(
        act="registry.decide_proposal",
        kelurahan=LEGOK,
        kind="proposal",
        words="Usulan {number} menunggu jawaban.",
        params={"number": 7},
        by=ground,
    )

    assert [notice.user for notice in told] == [near, above]


def test_who_caused_it_is_not_told(ground):
    dewi = officer("dewi", Right.Role.SUPERVISOR, LEGOK)

    told = notify_right_holders(
        act="registry.decide_proposal", kelurahan=LEGOK, kind="proposal", words="Ada.", by=dewi
    )

    assert dewi not in [notice.user for notice in told]


@pytest.mark.parametrize(
    ("known", "sends", "channels"),
    [
        ({}, True, []),
        ({"phone": "0811"}, False, ["outbox"]),
        ({"email": "a@b.example"}, False, []),
        ({"email": "a@b.example", "phone": "0811"}, True, ["email", "outbox"]),
    ],
    ids=["nothing", "telephone", "no mail server", "both"],
)
def test_a_message_goes_out_by_what_its_reader_gave(ground, settings, known, sends, channels):
    settings.ENTAS_SENDS_MAIL = sends
    citra = User.objects.create(username="citra", **known)

    notice = tell(citra)

    assert sorted(notice.dispatches.values_list("channel", flat=True)) == channels
    assert Notice.objects.count() == 1
    assert not Dispatch.objects.exclude(state="menunggu").exists()
