"""The people of the small city and the words that only people of one kelurahan have.

Four kelurahan of two kecamatan: Legok and Murni in Danau Sipin, Cempaka Putih and Payo Lebar in
Jelutung. People of different kelurahan share no word of a name, no street, no RT, no birthday:
whoever reads a word of another kelurahan on a page knows that the page said too much.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

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


_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Marks:
    """Every word, number and date that only people of one kelurahan have.

    ``years`` stand in each of the ``dates``: without one of them no date is looked for.
    """

    words: frozenset[str]
    numbers: tuple[str, ...]
    years: tuple[str, ...]
    dates: tuple[str, ...]
    rt: re.Pattern[str]

    def found(self, text: str) -> list[str]:
        """The marks that stand in a text, in small letters."""
        text = text.casefold()
        found = self.words.intersection(_WORD.findall(text))
        found |= {number for number in self.numbers if number in text}
        if any(year in text for year in self.years):
            found |= {date for date in self.dates if _stands_alone(date, text)}
        found |= {match.group() for match in self.rt.finditer(text)}
        return sorted(found)


def _stands_alone(date: str, text: str) -> bool:
    """Whether a date stands there and is not the end of another: 1-5-1971 in 11-5-1971."""
    at = text.find(date)
    while at >= 0:
        around = text[max(0, at - 1) : at] + text[at + len(date) : at + len(date) + 1]
        if not any(letter.isdigit() for letter in around):
            return True
        at = text.find(date, at + 1)
    return False


def _marks_of(quarter: Quarter) -> Marks:
    rows = [row for row in first_rows() if row["KODE_KEL"] == str(quarter.number)]
    words = {*quarter.first_names, *quarter.last_names, *quarter.mothers, quarter.street}
    born = [dt.datetime.strptime(row["TGL_LHR"], "%d-%m-%Y").date() for row in rows]  # noqa: DTZ007
    # Numbers below 21 are the RT of other places too.
    rts = (
        [str(quarter.first_rt + step) for step in range(9)] if quarter.first_rt > 20 else ["never"]
    )
    return Marks(
        words=frozenset(map(str.casefold, words)),
        numbers=tuple(
            sorted({row["NIK"] for row in rows} | {row["NO_KK"] for row in citizens_of(quarter)})
        ),
        years=tuple(sorted({str(day.year) for day in born})),
        dates=tuple(sorted({way.casefold() for day in born for way in _days_written(day)})),
        rt=re.compile(rf"\brt[ .:]{{0,2}}0*(?:{'|'.join(rts) or 'never'})\b"),
    )


MARKS = {quarter.key: _marks_of(quarter) for quarter in QUARTERS}
