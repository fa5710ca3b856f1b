"""Mistakes in a row: each one changes a field of a draft as offices really do."""

# ruff: noqa: PLR2004 - shares and ages of an invented city; the ones that matter have names

from collections.abc import Callable, Mapping
from random import Random

import numpy as np

from kotacontoh import spoil
from kotacontoh.areas import kelurahan_by_code, spellings
from kotacontoh.city import City
from kotacontoh.draft import Draft
from kotacontoh.members import FEMALE
from kotacontoh.rates import Rate
from kotacontoh.streams import words

Mistake = Callable[["Desk", int], None]


class Desk:
    """The place where rows of one draft are spoilt."""

    def __init__(self, city: City, draft: Draft) -> None:
        self.city = city
        self.draft = draft
        self.rnd = city.streams.plain(f"mistakes {draft.list_code}")
        self.start = city.homes.start

    def read(self, field: str, row: int) -> str:
        """What the row says now."""
        return str(self.draft.columns[field][row])

    def write(self, field: str, row: int, value: str) -> None:
        """Replace what the row says."""
        self.draft.columns[field][row] = value

    def housemate(self, row: int) -> int:
        """Another person of the household, or the person itself when living alone."""
        person = int(self.draft.person[row])
        home = int(self.city.members.household[person])
        first, count = int(self.start[home]), int(self.city.homes.persons[home])
        if count == 1:
            return person
        other = first + self.rnd.randrange(count - 1)
        return other + 1 if other >= person else other

    def apply(self, mistake: str, row: int) -> None:
        """Make a mistake; it is written down only when it changed something."""
        field = FIELD_OF[mistake]
        before = self.read(field, row)
        MISTAKES[mistake](self, row)
        if self.read(field, row) != before:
            self.draft.errors[row].append(mistake)


def _text(field: str, change: Callable[[str, Random], str]) -> Mistake:
    def act(desk: Desk, row: int) -> None:
        value = desk.read(field, row)
        if value:
            desk.write(field, row, change(value, desk.rnd))

    return act


def _missing(field: str) -> Mistake:
    return lambda desk, row: desk.write(field, row, "")


def _title(desk: Desk, row: int) -> None:
    woman = desk.read("sex", row) == "P"
    desk.write("name", row, spoil.titled(desk.read("name", row), desk.rnd, woman=woman))


def _borrow_nik(desk: Desk, row: int) -> None:
    desk.write("nik", row, str(desk.city.nik[desk.housemate(row)]))


def _spouse_name(desk: Desk, row: int) -> None:
    spouse = int(desk.city.members.spouse[desk.draft.person[row]])
    if spouse >= 0:
        desk.write("name", row, str(desk.city.names.name[spouse]))


def _father_name(desk: Desk, row: int) -> None:
    father = int(desk.city.members.father[desk.draft.person[row]])
    if father >= 0:
        desk.write("name", row, str(desk.city.names.name[father]))


def _other_mother(desk: Desk, row: int) -> None:
    """The grandmother, an aunt or the stepmother: whoever brought the child."""
    mother = int(desk.city.members.mother[desk.draft.person[row]])
    if mother >= 0 and desk.rnd.random() < 0.6:
        desk.write("mother", row, str(desk.city.names.mother[mother]))
        return
    mate = desk.housemate(row)
    woman = desk.city.members.sex[mate] == FEMALE
    source = desk.city.names.name if woman else desk.city.names.mother
    desk.write("mother", row, str(source[mate]))


def _wrong_kk(desk: Desk, row: int) -> None:
    """An old card, a typing error, or the neighbour's."""
    kind = desk.rnd.random()
    if kind < 0.4:
        desk.write("kk", row, spoil.wrong_digit(desk.read("kk", row), desk.rnd))
    elif kind < 0.8:
        date = f"{desk.rnd.randint(1, 28):02d}{desk.rnd.randint(1, 12):02d}"
        year, serial = desk.rnd.randint(6, 22), desk.rnd.randint(1, 9)
        region = f"1571{desk.rnd.randint(81, 91)}"
        desk.write("kk", row, f"{region}{date}{year:02d}{serial:04d}")
    else:
        near = min(len(desk.city) - 1, int(desk.draft.person[row]) + desk.rnd.randint(4, 12))
        desk.write("kk", row, str(desk.city.kk[near]))


def _stale_address(desk: Desk, row: int) -> None:
    """Where the family lived before: mostly another RT, often another kelurahan."""
    homes, ground = desk.city.homes, desk.city.ground
    home = int(desk.city.members.household[desk.draft.person[row]])
    near = desk.rnd.random() < 0.5
    other = home + desk.rnd.randint(-900, 900) if near else desk.rnd.randrange(len(homes))
    other = min(max(other, 0), len(homes) - 1)
    area = ground.kelurahan[int(homes.kelurahan[other])]
    desk.write("street", row, str(homes.street[other]))
    desk.write("rt", row, f"{int(homes.rt[other]):03d}")
    desk.write("rw", row, f"{int(homes.rw[other]):03d}")
    _write_area(desk, row, area.code)


def _write_area(desk: Desk, row: int, code: str) -> None:
    area = kelurahan_by_code(code)
    desk.write("kel", row, area.name.upper())
    desk.write("kec", row, area.kecamatan.upper())
    desk.write("code", row, area.code)


def _old_area(desk: Desk, row: int) -> None:
    """The kelurahan as it was before 2022: a new one's parent. Others keep their name."""
    area = kelurahan_by_code(desk.read("code", row))
    if area.parents:
        _write_area(desk, row, desk.rnd.choice(area.parents))
    else:
        desk.write("kel", row, desk.rnd.choice(spellings(area.name)).upper())


def _spelt_area(desk: Desk, row: int) -> None:
    name = kelurahan_by_code(desk.read("code", row)).name
    desk.write("kel", row, desk.rnd.choice(spellings(name)).upper())


def _wrong_area(desk: Desk, row: int) -> None:
    _write_area(desk, row, desk.rnd.choice(desk.city.ground.kelurahan).code)


def _wrong_rt(desk: Desk, row: int) -> None:
    rt = desk.read("rt", row)
    if rt:
        near = max(1, int(rt) + desk.rnd.choice((-2, -1, 1, 2, 10, -10)))
        desk.write("rt", row, f"{near:03d}")


def _other_sex(desk: Desk, row: int) -> None:
    desk.write("sex", row, "P" if desk.read("sex", row) == "L" else "L")


def _year_only(desk: Desk, row: int) -> None:
    desk.write("birth", row, desk.read("birth", row)[:4])


MISTAKES: Mapping[str, Mistake] = {
    "nik_missing": _missing("nik"),
    "nik_wrong_digit": _text("nik", spoil.wrong_digit),
    "nik_two_digits": _text("nik", lambda text, rnd: spoil.wrong_digit(text, rnd, 2)),
    "nik_swapped": _text("nik", spoil.swapped_digits),
    "nik_length": _text("nik", spoil.wrong_length),
    "nik_region": _text("nik", spoil.wrong_region),
    "nik_borrowed": _borrow_nik,
    "kk_missing": _missing("kk"),
    "kk_wrong": _wrong_kk,
    "name_typed": _text("name", spoil.typed),
    "name_heard": _text("name", spoil.heard),
    "name_shortened": _text("name", spoil.shortened),
    "name_called": _text("name", spoil.called),
    "name_titled": _title,
    "name_respaced": _text("name", spoil.respaced),
    "name_digits": _text("name", spoil.with_digits),
    "name_husband": _spouse_name,
    "name_wife": _spouse_name,
    "name_father": _father_name,
    "birth_missing": _missing("birth"),
    "birth_swapped": _text("birth", lambda iso, _: spoil.day_month_swapped(iso)),
    "birth_new_year": _text("birth", spoil.new_year),
    "birth_wrong": _text("birth", spoil.misdated),
    "birth_guessed": _text("birth", spoil.guessed_year),
    "birth_year_only": _year_only,
    "mother_missing": _missing("mother"),
    "mother_typed": _text("mother", spoil.typed),
    "mother_heard": _text("mother", spoil.heard),
    "mother_called": _text("mother", spoil.called),
    "mother_other": _other_mother,
    "address_stale": _stale_address,
    "area_old": _old_area,
    "area_spelt": _spelt_area,
    "area_wrong": _wrong_area,
    "rt_missing": _missing("rt"),
    "rt_wrong": _wrong_rt,
    "sex_wrong": _other_sex,
}
_FIELD_OF_GROUP = {"address": "street", "area": "kel"}
FIELD_OF = {name: _FIELD_OF_GROUP.get(name.split("_")[0], name.split("_")[0]) for name in MISTAKES}

# What a careless clerk does to one row, most usual first; the register never lacks a NIK.
RUIN = words(
    "name_called name_typed name_heard name_shortened birth_wrong birth_new_year nik_missing "
    "nik_two_digits nik_borrowed kk_wrong kk_missing mother_missing mother_called mother_other "
    "rt_wrong rt_missing area_wrong address_stale birth_guessed name_digits"
)
FROM_MEMORY = words(
    "name_called nik_missing kk_missing birth_guessed mother_missing rt_wrong area_spelt"
)
RUIN_REGISTER = words(
    "name_typed name_heard name_shortened birth_wrong birth_new_year mother_called mother_missing "
    "address_stale kk_wrong sex_wrong"
)
# Fields a list does not carry: nobody can spoil them there.
NOT_WRITTEN = {"pbi": ("mother",), "pip": ("kk",), "kelurahan": ("kk", "mother")}
MEMORY_SHARE = 0.3  # of ruined rows (G)
CARELESS_CLERKS = 0.1  # a tenth of the clerks ruin most of the ruined rows (G)


def spoil_draft(city: City, draft: Draft, rates: Mapping[str, Rate]) -> Draft:
    """Apply every rate of a list's table to the draft, then the careless clerks."""
    rng = city.streams.numpy(f"rates {draft.list_code}")
    desk = Desk(city, draft)
    for name, rate in rates.items():
        # Drawn for every rate in turn, so that one changed rate leaves the others' rows alone.
        hit = np.flatnonzero(rng.random(len(draft)) < rate.share)
        if name == "careless":
            continue
        for row in hit.tolist():
            desk.apply(name, row)
    if "careless" in rates:
        _ruin_rows(desk, rates["careless"].share, rng)
    return draft


def _ruin_rows(desk: Desk, share: float, rng: np.random.Generator) -> None:
    draft = desk.draft
    ruined = rng.random(len(draft)) < share * _clerk_weight(len(draft), rng)
    menu = RUIN_REGISTER if draft.list_code == "dukcapil" else RUIN
    absent = NOT_WRITTEN.get(draft.list_code, ())
    few_of, from_memory = (
        [name for name in names if FIELD_OF[name] not in absent] for names in (menu, FROM_MEMORY)
    )
    for row in np.flatnonzero(ruined).tolist():
        draft.careless[row] = True
        memory = draft.list_code != "dukcapil" and desk.rnd.random() < MEMORY_SHARE
        few = desk.rnd.sample(few_of, desk.rnd.randint(4, 7))
        for mistake in from_memory if memory else few:
            desk.apply(mistake, row)


def _clerk_weight(rows: int, rng: np.random.Generator) -> np.ndarray:
    """How careless the clerk of each row is, 1 on average; a clerk types a run of rows."""
    run = max(20, rows // 120)
    clerks = rows // run + 1
    weight = np.where(rng.random(clerks) < CARELESS_CLERKS, 7.0, 1 / 3)
    weight = weight[np.arange(rows) // run]
    return weight / weight.mean() if rows else weight
