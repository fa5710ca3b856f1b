"""How the small city is built: through the services of Entas, one step after the other."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from doors.web.quarters import A1, A2, B1, B2, citizens_of, first_rows
from doors.web.world import (
    AREAS,
    EVERYTHING,
    EVERYTHING_IN_ENGLISH,
    OFFICER_IN_ENGLISH,
    PASSWORD,
    World,
    user_name,
)
from journey.little_lists import programme_row


def _make_users(world: World) -> None:
    from django.contrib.auth.hashers import make_password

    from entas.city.models import Area, Right, User

    # One hash for all: making one takes longer than a page.
    password = make_password(PASSWORD)
    areas = Area.objects.in_bulk([number for number in AREAS.values() if number])
    today = dt.date(2026, 1, 1)

    def user(name: str, shown: str) -> Any:
        made = User.objects.create(username=name, name=shown, password=password)
        world.users.add(made)
        return made

    def right(holder: Any, role: str, area: Any) -> None:
        Right.objects.create(
            user=holder, role=role, area=area, valid_from=today, granted_by="uji", act_id=0
        )

    for role in Right.Role:
        for key, number in AREAS.items():
            place = areas[number] if number else None
            right(user(user_name(role, key), f"{role.label} {key}"), role, place)
    for name in (EVERYTHING, EVERYTHING_IN_ENGLISH):
        everything = user(name, "Segala Hak")
        for role in Right.Role:
            right(everything, role, None)
    right(user(OFFICER_IN_ENGLISH, "Front Office"), Right.Role.FRONT_OFFICE, areas[A1.number])
    english = (EVERYTHING_IN_ENGLISH, OFFICER_IN_ENGLISH)
    User.objects.filter(username__in=english).update(language=User.Language.ENGLISH)


def _settle_people(world: World) -> None:
    from entas.registry.services import merge_persons

    world.office.send(first_rows())
    listed = [*citizens_of(A1)[:5], *citizens_of(B1)[:5]]
    world.office.send([programme_row(row) for row in listed], "pbi")
    kept, absorbed = world.person("A1", -1), world.person("A1", -2)
    world.note("person", "A1-merged", absorbed.pk)
    merge_persons(
        kept_id=kept.pk,
        absorbed_id=absorbed.pk,
        reason="orang yang sama",
        by=world.ani,
        in_spite_of_niks=True,
    )
    world.note("family", "A1-mixed", world.person("A1").family_id)
    for key in ("A1", "A2", "B1", "B2"):
        # Of the second family: the first one of Legok is the mixed one.
        person = world.person(key, 5)
        world.note("person", key, person.pk)
        world.note("family", key, person.family_id)


def _propose(world: World) -> None:
    from entas.registry.services import propose_correction

    for key in ("A1", "B1"):
        people = world.people_of(key)
        proposer = world.user("front_office", key)
        for person, value in ((people[1], "SUNGAI PENUH"), (people[2], "MUARA BULIAN")):
            made = propose_correction(
                person_id=person.pk,
                field="birth_place",
                value=value,
                reason="akta kelahiran",
                by=proposer,
            )
        world.note("proposal", key, made.pk)


def _ask_for_transfers(world: World) -> None:
    """Out of each kelurahan into its neighbour, and one from Cempaka Putih into Legok."""
    from entas.registry.services import request_transfer

    asked = (
        ("A1", world.person("A1", 8), A2.number, world.user("front_office", "A1")),
        ("B1", world.person("B1", 8), B2.number, world.user("front_office", "B1")),
        ("A1-mixed", world.person("B1", 9), A1.number, world.user("front_office", "A1")),
    )
    for key, person, to, by in asked:
        made = request_transfer(
            person_id=person.pk,
            to_kelurahan=to,
            whole_family=False,
            words={"reason": "sudah tinggal di sana", "rt": "3", "address": "JL. BARU NO. 1"},
            by=by,
            on=dt.date(2026, 6, 4),
        )
        world.note("transfer", key, made.pk)


def _owners(world: World) -> dict[str, Any]:
    """Who has rows of their own: an officer of each kelurahan, and who may do everything."""
    officers = {key: world.user("front_office", key) for key in ("A1", "B1")}
    others = (EVERYTHING, EVERYTHING_IN_ENGLISH, OFFICER_IN_ENGLISH)
    return officers | {name: world.users[name] for name in others}


def _note_ground(world: World) -> None:
    from entas.audit.models import Act
    from entas.city.models import Agency, OfficialFigure

    agencies = Agency.objects.order_by("pk").values_list("pk", flat=True)
    figures = OfficialFigure.objects.order_by("pk").values_list("pk", flat=True)
    for at, quarter in enumerate((A1, B1)):
        officer = world.user("front_office", quarter.key)
        world.note("area", quarter.key, quarter.number)
        world.note("agency", quarter.key, agencies[at])
        world.note("figure", quarter.key, figures[at])
        world.note("user", quarter.key, officer.pk)
        world.note("right", quarter.key, officer.rights.get().pk)
        acts = Act.objects.filter(actor__startswith=f"user:{officer.pk}:").order_by("pk")
        world.note("act", quarter.key, acts.values_list("pk", flat=True)[0])


def _do_alone(world: World) -> None:
    """An act of each kelurahan that is listed for the weekly review."""
    from entas.audit.models import Act
    from entas.city.services import mark_single_handed

    for quarter in (A1, B1):
        act = Act.objects.get(pk=world.numbers["act"][quarter.key])
        made = mark_single_handed(act=act, kelurahan=quarter.number)
        world.note("single_handed", quarter.key, made.pk)


def _begin_work(world: World) -> None:
    """Work that waits, and a message about it."""
    from entas.jobs.services import enqueue
    from entas.notices.models import Notice
    from entas.notices.services import notify

    for key, owner in _owners(world).items():
        job = enqueue(kind="audit.verify", payload={}, by=owner)
        message = notify(
            user=owner,
            kind=Notice.Kind.JOB,
            words="Pekerjaan “{title_words}” (nomor {number}) selesai.",
            params={"title_words": "Menautkan daftar", "number": job.pk},
            page="job",
            number=job.pk,
            by="uji",
        )
        world.note("job", key, job.pk)
        world.note("notice", key, message.pk)


def _begin_drafts(world: World) -> None:
    from entas.web.models import Draft

    moment = dt.datetime(2026, 6, 3, 9, 0, tzinfo=dt.UTC)
    for key, owner in _owners(world).items():
        draft = Draft.objects.create(user=owner.pk, form="uji", began_at=moment, saved_at=moment)
        world.note("draft.uuid", key, draft.pk)


def _ask_questions(world: World) -> None:
    """Searches: for somebody of the own kelurahan, and for somebody who lives elsewhere."""
    from entas.web import questions

    sought = {"A1": B1, "B1": A1}
    for key, owner in _owners(world).items():
        elsewhere = citizens_of(sought.get(key, B1))[4]["NIK"]
        found = questions.keep(owner, elsewhere)
        questions.note_answer(found, is_elsewhere=True)
        for page in ("search_results", "transfer_request"):
            world.note(f"{page}.uuid", key, found.pk)


def _lose_phones(world: World) -> None:
    from entas.city.services import ask_recovery

    for key in ("A1", "B1"):
        made = ask_recovery(
            user=world.user("back_office", key),
            kind="phone",
            reason="dikenali oleh lurah",
            by=world.user("administrator", "city"),
            now=dt.datetime(2026, 6, 4, 9, 0, tzinfo=dt.UTC),
        )
        world.note("recovery", key, made.pk)


# What pages need in the city, a function each; a new kind of number gets its line here.
STEPS: tuple[Callable[[World], None], ...] = (
    _make_users,
    _settle_people,
    _propose,
    _ask_for_transfers,
    _note_ground,
    _do_alone,
    _begin_work,
    _begin_drafts,
    _ask_questions,
    _lose_phones,
)
