"""A small city for the tests of the web door, built through the services of Entas.

Four kelurahan of two kecamatan: Legok and Murni in Danau Sipin, Cempaka Putih and Payo Lebar in
Jelutung. People of different kelurahan share no word of a name, no street, no RT, no birthday:
whoever reads a word of another kelurahan on a page knows that the page said too much.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from journey.little_lists import DUKCAPIL, Office, programme_row

PASSWORD = "sandi-uji-Jambi-1571"
BORN_BEFORE = 30


@dataclass(frozen=True)
class Quarter:
    """A kelurahan with the words that only its people have."""

    key: str
    number: int
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    mothers: tuple[str, ...]
    street: str
    first_rt: int
    parents_born: int
    families: int

    @property
    def kecamatan(self) -> int:
        return self.number // 10_000

    @property
    def name(self) -> str:
        return NAMES[self.key]


NAMES = {"A1": "Legok", "A2": "Murni", "B1": "Cempaka Putih", "B2": "Payo Lebar"}

A1 = Quarter(
    key="A1",
    number=1571101003,
    first_names=(
        *("ARWANI", "BUDIARTI", "CAKRADINATA", "DARMAYANTI", "ENDRAWAN", "FARIDAWATI"),
        *("GUNADARMA", "HERLINAWATI", "IRWANSYAH", "JULIARTI", "KUSNADI", "LILISWATI"),
        *("MARWOTO", "NINGRUMSARI", "OKTAVIANDI", "PUJIASTUTI", "RAHMANTO", "SUGIYARTI"),
        *("TARMIDZI", "UMMIATUN", "WARDOYO", "YANUARTI"),
    ),
    last_names=("SILALAHI", "MANURUNG", "PANGGABEAN", "SIMANJUNTAK", "HUTABARAT", "TAMPUBOLON"),
    mothers=("KASMIRAH", "SARIPAH", "TUKIYEM", "WAGIRAH", "PONIRAH", "DALIYEM"),
    street="KENCANAWUNGU",
    first_rt=1,
    parents_born=1961,
    families=6,
)
A2 = Quarter(
    key="A2",
    number=1571101002,
    first_names=(
        *("ABIMANYU", "BESTARIWATI", "DHARMAWANGSA", "ELVIANTI", "FIRMANSYAH", "GALUHWATI"),
        *("HASANUDDIN", "INDRAYANTI", "JATMIKO", "KOMALASARI", "LUKMANTO", "MEGAWATI"),
    ),
    last_names=("RANGKUTI", "POHAN", "BATUBARA"),
    mothers=("JUMINTEN", "RUKMINI", "SUPARTI"),
    street="TRIBUANATUNGGA",
    first_rt=21,
    parents_born=1965,
    families=3,
)
B1 = Quarter(
    key="B1",
    number=1571081002,
    first_names=(
        *("ZULFADHLI", "YUSNIDAR", "XAVERIUS", "WIDYANINGRUM", "VIRGIAWAN", "TRISNAWATI"),
        *("SYAHPUTRA", "RATNADEWI", "QOMARUDDIN", "PERMATASARI", "OBRIANTO", "NOVERIANTI"),
        *("MAULANSYAH", "LEGIYANTI", "KRISNAMURTI", "JAMILATUN", "ISKANDARSYAH", "HALIMATUSA"),
        *("GHOZALI", "FATMAWATI", "EFFENDIANTO", "DESMAWARNI"),
    ),
    last_names=("KORNELIUS", "BERUTUSARI", "GURUSINGA", "TARIGANTA", "SEMBIRINGO", "PERANGINAN"),
    mothers=("ROSMALINA", "HAJARIAH", "ZUBAIDAH", "MARHAMAH", "NURSIAH", "CHADIJAH"),
    street="PURNAWARMAN",
    first_rt=61,
    parents_born=1971,
    families=6,
)
B2 = Quarter(
    key="B2",
    number=1571081005,
    first_names=(
        *("AGUSTIAWAN", "BERLIANTI", "CHANDRADIMUKA", "DWIASTUTI", "ERLANGGANA", "FEBRIYANTI"),
        *("GUSTIANDA", "HENDRIYANI"),
    ),
    last_names=("SOEWARNO", "DJOJOHADI"),
    mothers=("MISTINAH", "SUWARSIH"),
    street="SANGGRAMAWIJAYA",
    first_rt=81,
    parents_born=1975,
    families=2,
)
QUARTERS = (A1, A2, B1, B2)


def _citizen(quarter: Quarter, number: int, family: int, place: int, round_: int) -> dict[str, str]:
    """The civil register's row of one person; ``place`` 0 is the head of the family."""
    at = QUARTERS.index(quarter)
    is_man = place % 2 == 0
    born = dt.date(
        quarter.parents_born + number % 4 + (BORN_BEFORE if place > 1 else 0),
        1 + (number + 3 * at) % 12,
        1 + (number * 5 + at) % 28,
    )
    day = born.day if is_man else born.day + 40
    first = quarter.first_names[number % len(quarter.first_names)]
    last = quarter.last_names[family % len(quarter.last_names)]
    if round_:
        last = f"{last} {quarter.last_names[(family + round_) % len(quarter.last_names)]}"
    serial = at * 2_000 + round_ * 200 + number + 1
    return {
        "NIK": f"157181{day:02d}{born:%m%y}{serial:04d}",
        "NO_KK": f"157182{1 + at:02d}0110{at * 2_000 + round_ * 200 + family + 1:04d}",
        "NAMA_LGKP": f"{first} {last}",
        "JENIS_KLMIN": "LAKI-LAKI" if is_man else "PEREMPUAN",
        "TMPT_LHR": "JAMBI",
        "TGL_LHR": f"{born:%d-%m-%Y}",
        "STAT_HBKEL": ("KEPALA KELUARGA", "ISTRI", "ANAK", "ANAK")[place],
        "NAMA_LGKP_IBU": quarter.mothers[(family + place // 2) % len(quarter.mothers)],
        "ALAMAT": f"JL. {quarter.street} NO. {family + 11 + round_ * 20}",
        "NO_RT": f"{quarter.first_rt + family % 9:03d}",
        "KODE_KEL": str(quarter.number),
    }


def citizens_of(quarter: Quarter, round_: int = 0) -> list[dict[str, str]]:
    """The families of a kelurahan, of four and of three; each round brings other people."""
    rows, numbers = [], count()
    for family in range(quarter.families):
        rows += [
            _citizen(quarter, next(numbers), family, place, round_)
            for place in range(4 - family % 2)
        ]
    return rows


def _mixed() -> list[dict[str, str]]:
    """Somebody of Cempaka Putih who still stands on the card of the first family of Legok."""
    stranger = citizens_of(B1)[-1] | {"NO_KK": citizens_of(A1)[0]["NO_KK"], "STAT_HBKEL": "FAMILI"}
    return [*citizens_of(B1)[:-1], stranger]


def first_rows() -> list[dict[str, str]]:
    """Everybody of the small city."""
    return [*citizens_of(A1), *citizens_of(A2), *_mixed(), *citizens_of(B2)]


# --- what must not be seen from elsewhere ----------------------------------------------------

_MONTHS = (
    ("Januari", "January"),
    ("Februari", "February"),
    ("Maret", "March"),
    ("April", "April"),
    ("Mei", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("Agustus", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Desember", "December"),
)


def _days_written(born: dt.date) -> Iterator[str]:
    yield from (f"{born:%Y-%m-%d}", f"{born:%d-%m-%Y}", f"{born:%d/%m/%Y}", f"{born:%d.%m.%Y}")
    for month in {name for pair in (_MONTHS[born.month - 1],) for name in (*pair, pair[0][:3])}:
        yield from (f"{born.day} {month} {born.year}", f"{month} {born.day}, {born.year}")


def marks_of(quarter: Quarter) -> re.Pattern[str]:
    """Finds every word, number and date that only people of this kelurahan have."""
    rows = [row for row in first_rows() if row["KODE_KEL"] == str(quarter.number)]
    words = {*quarter.first_names, *quarter.last_names, *quarter.mothers, quarter.street}
    own_cards = {row["NO_KK"] for row in citizens_of(quarter)}
    numbers = {row["NIK"] for row in rows} | own_cards
    days = {
        written
        for row in rows
        for written in _days_written(dt.datetime.strptime(row["TGL_LHR"], "%d-%m-%Y").date())  # noqa: DTZ007
    }
    rts = "|".join(str(quarter.first_rt + step) for step in range(9))
    parts = [rf"\b(?:{'|'.join(sorted(words))})\b"]
    parts += [rf"(?<!\d)(?:{'|'.join(map(re.escape, sorted(numbers | days)))})(?!\d)"]
    if quarter.first_rt > 20:  # smaller ones are everybody's numbers
        parts += [rf"\bRT[ .:]{{0,2}}0*(?:{rts})\b"]
    return re.compile("|".join(parts), re.IGNORECASE)


MARKS = {quarter.key: marks_of(quarter) for quarter in QUARTERS}

# --- who signs in ----------------------------------------------------------------------------

AREAS: dict[str, int | None] = {
    "city": None,
    "kecamatan-A": A1.kecamatan,
    "A1": A1.number,
    "B1": B1.number,
}
SEES = {
    "city": ("A1", "A2", "B1", "B2"),
    "kecamatan-A": ("A1", "A2"),
    "A1": ("A1",),
    "B1": ("B1",),
}


def user_name(role: str, area: str) -> str:
    """How the user who holds this role there is called: ``front_office@A1``."""
    return f"{role}@{area}"


# Holds every role in the whole city; the second one reads English.
EVERYTHING = "semua.hak"
EVERYTHING_IN_ENGLISH = "every.right"


@dataclass
class World:
    """The small city as it stands in the database of the test."""

    ani: Any
    office: Office
    users: dict[str, Any] = field(default_factory=dict)
    # Numbers of one kind that lie in a kelurahan: numbers["person"]["A1"].
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)

    def user(self, role: str, area: str = "A1") -> Any:
        """Who holds this role in this area: ``city``, ``kecamatan-A``, ``A1`` or ``B1``."""
        return self.users[user_name(str(role), area)]

    def login(self, client: Any, user: Any) -> Any:
        """Sign a user in without the form; gives the client."""
        # A new object: what one remembers of its rights must not outlive a change.
        fresh = type(user).objects.get(pk=user.pk)
        client.force_login(fresh, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def people_of(self, key: str) -> list[Any]:
        """The active persons of a kelurahan, as they were listed."""
        from entas.registry import states
        from entas.registry.models import Person

        number = next(quarter.number for quarter in QUARTERS if quarter.key == key)
        return list(Person.objects.filter(kelurahan=number, state=states.ACTIVE).order_by("pk"))

    def everybody(self) -> list[int]:
        """Numbers of all persons who ever were in the city."""
        from entas.registry.models import Person

        return list(Person.objects.order_by("pk").values_list("pk", flat=True))

    def person(self, key: str, at: int = 0) -> Any:
        """One active person of a kelurahan."""
        return self.people_of(key)[at]

    def examples(self, kind: str) -> dict[str, Any]:
        """Numbers of one kind for addresses: ``own`` of Legok, ``other`` of Cempaka Putih,
        ``missing`` of nobody.

        Raises:
            KeyError: nobody said yet what examples of this kind are.
        """
        found = self.numbers[kind]
        return {"own": found["A1"], "other": found["B1"], "missing": MISSING[kind]}

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of numbers for which there are examples."""
        return frozenset(self.numbers)


MISSING: dict[str, Any] = dict.fromkeys(
    (
        *("person", "family", "area", "agency", "user", "right", "job", "notice", "proposal"),
        *("transfer", "act", "figure", "single_handed", "recovery"),
    ),
    999_999_999,
)
MISSING["uuid"] = "00000000-0000-4000-8000-000000000000"


def _make_users(world: World) -> None:
    from django.contrib.auth.hashers import make_password

    from entas.city.models import Area, Right, User

    # One hash for all: making one takes longer than a page.
    password = make_password(PASSWORD)
    areas = Area.objects.in_bulk([number for number in AREAS.values() if number])
    today = dt.date(2026, 1, 1)

    def user(name: str, shown: str) -> Any:
        world.users[name] = User.objects.create(username=name, name=shown, password=password)
        return world.users[name]

    def right(holder: Any, role: str, area: Any) -> None:
        Right.objects.create(
            user=holder, role=role, area=area, valid_from=today, granted_by="uji", act_id=0
        )

    for role in Right.Role:
        for key, number in AREAS.items():
            place = areas[number] if number else None
            right(user(user_name(role, key), f"{role.label} {key}"), role, place)
    for name, language in ((EVERYTHING, "id"), (EVERYTHING_IN_ENGLISH, "en")):
        everything = user(name, "Segala Hak")
        User.objects.filter(pk=everything.pk).update(language=language)
        for role in Right.Role:
            right(everything, role, None)


def _settle_people(world: World) -> None:
    from entas.registry.services import merge_persons

    world.office.send(first_rows())
    listed = [*citizens_of(A1)[:5], *citizens_of(B1)[:5]]
    world.office.send([programme_row(row) for row in listed], "pbi")
    kept, absorbed = world.person("A1", -1), world.person("A1", -2)
    merge_persons(
        kept_id=kept.pk,
        absorbed_id=absorbed.pk,
        reason="orang yang sama",
        by=world.ani,
        in_spite_of_niks=True,
    )
    for key in ("A1", "A2", "B1", "B2"):
        person = world.person(key)
        _note(world, "person", key, person.pk)
        _note(world, "family", key, person.family_id)


def _note(world: World, kind: str, key: str, number: Any) -> None:
    world.numbers.setdefault(kind, {})[key] = number


def _propose(world: World) -> None:
    from entas.registry.services import propose_correction

    for key in ("A1", "B1"):
        people = world.people_of(key)
        proposer = world.user("front_office", key)
        for person, field_, value in (
            (people[1], "birth_place", "SUNGAI PENUH"),
            (people[2], "birth_place", "MUARA BULIAN"),
        ):
            made = propose_correction(
                person_id=person.pk, field=field_, value=value, reason="akta kelahiran", by=proposer
            )
        _note(world, "proposal", key, made.pk)


def _note_ground(world: World) -> None:
    from entas.audit.models import Act
    from entas.city.models import Agency

    agencies = list(Agency.objects.order_by("pk").values_list("pk", flat=True)[:2])
    for at, key in enumerate(("A1", "B1")):
        quarter = next(one for one in QUARTERS if one.key == key)
        officer = world.user("front_office", key)
        _note(world, "area", key, quarter.number)
        _note(world, "agency", key, agencies[at])
        _note(world, "user", key, officer.pk)
        _note(world, "right", key, officer.rights.get().pk)
        acts = Act.objects.filter(actor__startswith=f"user:{officer.pk}:")
        _note(world, "act", key, acts.order_by("pk").values_list("pk", flat=True).first())


def _begin_drafts(world: World) -> None:
    from entas.web.models import Draft

    moment = dt.datetime(2026, 6, 3, 9, 0, tzinfo=dt.UTC)
    for key in ("A1", "B1"):
        mine = Draft.objects.create(
            user=world.user("front_office", key).pk, form="uji", began_at=moment, saved_at=moment
        )
        _note(world, "uuid", key, mine.pk)


def _begin_work(world: World) -> None:
    from entas.jobs.services import enqueue
    from entas.notices.models import Notice
    from entas.notices.services import notify

    for key in ("A1", "B1"):
        officer = world.user("front_office", key)
        job = enqueue(kind="audit.verify", payload={}, by=officer)
        notice = notify(
            user=officer,
            kind=Notice.Kind.JOB,
            words="Pekerjaan “{title_words}” (nomor {number}) selesai.",
            params={"title_words": "Menautkan daftar", "number": job.pk},
            page="job",
            number=job.pk,
            by="uji",
        )
        _note(world, "job", key, job.pk)
        _note(world, "notice", key, notice.pk)


# What later pages need in the city, a function each; a new kind of number gets its line here.
STEPS: tuple[Callable[[World], None], ...] = (
    _make_users,
    _settle_people,
    _propose,
    _note_ground,
    _begin_drafts,
    _begin_work,
)


def build_world(folder: Path, ani: Any, steps: Iterable[Callable[[World], None]] = STEPS) -> World:
    """Build the city in an installation that has its areas and nobody in them.

    Args:
        folder: where the lists are written.
        ani: the first user of the installation.
        steps: what is done, in this order.
    """
    world = World(ani=ani, office=Office(folder, ani))
    for step in steps:
        step(world)
    return world


__all__ = [
    "A1",
    "A2",
    "AREAS",
    "B1",
    "B2",
    "DUKCAPIL",
    "EVERYTHING",
    "EVERYTHING_IN_ENGLISH",
    "MARKS",
    "PASSWORD",
    "QUARTERS",
    "SEES",
    "World",
    "build_world",
    "citizens_of",
    "first_rows",
    "user_name",
]
