"""What two years leave behind besides lists: users of every kelurahan, looks, corrections."""

import csv
import datetime as dt
import json
from pathlib import Path
from random import Random
from typing import Any

import django

SEED = 2027
# Two years of 230 working days, a hundred officers, seventeen looks a day.
LOOKS, LOOKS_AT_ONCE = 780_000, 500
CORRECTIONS, DECIDED = 2_000, 200
SESSIONS, QUESTIONS = 20, 200
PASSWORD = "sandi-contoh-untuk-ukuran"  # noqa: S105 - of invented people
_FIELDS = ("birth_place", "mother_name")


def fill() -> dict[str, Any]:
    """Write looks and corrections through the services; returns how many."""
    django.setup()
    from entas.audit.services import look
    from entas.city.models import User
    from entas.registry import states
    from entas.registry.models import Person

    rnd = Random(SEED)  # noqa: S311 - a story, no secret
    steward = User.objects.order_by("pk").first()
    officers = _officers(steward)
    people = list(
        Person.objects.filter(state=states.ACTIVE, kelurahan__isnull=False)
        .order_by("pk")
        .values_list("pk", "kelurahan")
    )
    ids = [pk for pk, _ in people]
    for _ in range(LOOKS // LOOKS_AT_ONCE):
        look(rnd.choice(officers), rnd.sample(ids, LOOKS_AT_ONCE), purpose="halaman keluarga",
             where="web keluarga")  # fmt: skip
    corrections = _correct(rnd, people, officers, steward)
    return {"looks": LOOKS, "corrections": corrections, "officers": len(officers)}


def _officers(steward: Any) -> list[Any]:
    """A front officer and a coordinator in every kelurahan."""
    from django.contrib.auth.hashers import make_password

    from entas.city.models import Area, Right, User
    from entas.city.services import Wanted, grant_right

    # One hash for all of them: argon2 is slow by design.
    password, officers = make_password(PASSWORD), []
    for area in Area.objects.kelurahan().filter(valid_to=None).order_by("number"):
        for role in (Right.Role.FRONT_OFFICE, Right.Role.PUSKESOS_COORDINATOR):
            user = User.objects.create(username=f"{role}.{area.number}", password=password)
            first = dt.date(2026, 1, 1)
            wanted = Wanted(role, first, area)
            grant_right(user=user, wanted=wanted, by=steward, day=first)
            officers.append(user)
    return officers


def _correct(rnd: Random, people: list[tuple[int, int]], officers: list[Any], steward: Any) -> int:
    """Corrections proposed in every kelurahan; a part of them decided."""
    from entas.registry.services import accept_proposal, propose_correction

    by_place = {int(user.username.split(".")[1]): user for user in officers}
    done = 0
    for pk, kelurahan in rnd.sample(people, CORRECTIONS):
        if kelurahan not in by_place:
            continue
        proposal = propose_correction(
            person_id=pk,
            field=rnd.choice(_FIELDS),
            value="JAMBI",
            reason="dibacakan dari kartu keluarga",
            by=by_place[kelurahan],
        )
        done += 1
        if done <= DECIDED:
            accept_proposal(proposal=proposal, by=steward)
    return done


def sessions(*, city: str) -> dict[str, Any]:
    """Who sits at the browsers, and what they type: names of their own kelurahan."""
    django.setup()
    from entas.city.models import User

    rnd = Random(SEED)  # noqa: S311 - a sample, no secret
    names: dict[str, list[str]] = {}
    with (Path(city) / "truth" / "persons.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            names.setdefault(row["kelurahan"].replace(".", ""), []).append(_asked(row, rnd))
    users = User.objects.filter(username__startswith="front_office.").order_by("pk")
    known = [user for user in users if user.username.split(".")[1] in names]
    # A small town has fewer officers than sessions: some sit at two browsers.
    chosen = (known * SESSIONS)[:SESSIONS] if len(known) < SESSIONS else rnd.sample(known, SESSIONS)
    people = []
    for user in chosen:
        theirs = names[user.username.split(".")[1]]
        questions = rnd.sample(theirs, min(QUESTIONS, len(theirs)))
        people.append({"username": user.username, "password": PASSWORD, "questions": questions})
    path = Path(city) / "story" / "sessions.json"
    path.write_text(json.dumps(people), encoding="utf-8")
    return {"sessions": len(people), "file": str(path)}


def _asked(row: dict[str, str], rnd: Random) -> str:
    """A third by number, a third by name and year, a third by name alone."""
    kinds = (row["nik"], f"{row['name']} {row['dob'][:4]}", row["name"])
    return rnd.choice([one for one in kinds if one])
