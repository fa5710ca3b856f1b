"""A row of cells becomes a row of fields, with everything that is wrong named on the way.

Speed matters here: a city has 600,000 rows of twenty cells. Values that come again (dates, areas,
sexes) are read once and remembered; nothing is looked up by name inside the loop.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from entas.sources import addresses, nik
from entas.sources.cells import Cell, cell_text, is_blank, strip_unseen
from entas.sources.dates import (
    Birth,
    Writing,
    is_month_first,
    parse_birth,
    split_place_and_date,
    year_alone,
    year_of_age,
)
from entas.sources.masking import mask_day, mask_number, mask_words
from entas.sources.nik import NumberRules
from entas.sources.parsed import Fault, ParsedRow
from entas.sources.profiles import Layout
from entas.sources.reading import ListTable
from entas.sources.values import Coded

LONGEST_NAME = 150
_CACHE_LIMIT = 60_000
_NO_NAME = frozenset({"NN", "N/A", "NA", "NULL", "NONE", "NIHIL", "KOSONG", "TIDAK ADA",
                      "TANPA NAMA", "BELUM ADA NAMA"})  # fmt: skip
_NO_WORD = frozenset({"", "-", "--", "0", "N/A", "NA", "NULL", "NONE", "NIHIL", "TIDAK ADA"})
_IDENTITY = ("nik", "kk", "nama", "lahir", "nama_ibu")
_MISSING = -1


class Resolver(Protocol):
    """Finds a kelurahan; see :class:`entas.city.resolver.AreaResolver`."""

    def kelurahan(
        self, name: str | None, kecamatan: str | None = None, code: str | None = None
    ) -> int | None:
        """Number of the kelurahan, or None."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a row is checked against: the day the list speaks about, and the installation."""

    as_of: date
    numbers: NumberRules
    areas: Resolver


class _Remembered(dict[Any, Any]):
    """Answers of a function by its argument, forgotten together when they become many."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, asked: Any) -> Any:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        answer = self[asked] = self._answer(asked)
        return answer


def _remembered_births(on: date, writing: Writing) -> _Remembered:
    return _Remembered(lambda key: parse_birth(key[0], on=on, is_child=key[1], writing=writing))


class RowChecker:
    """Reads the rows of one list; made once a list.

    Args:
        layout: which column means what.
        context: see :class:`Context`.
        is_formula: whether the cell at (line of the file, column from 0) was computed.
        is_1904: whether bare numbers in columns of dates count days from 1904.
    """

    def __init__(
        self,
        layout: Layout,
        context: Context,
        *,
        is_formula: Callable[[int, int], bool] | None = None,
        is_1904: bool = False,
    ) -> None:
        self._layout, self._context, self._is_formula = layout, context, is_formula
        self._width = len(layout.headers)
        self._column = {field: layout.fields.get(field, _MISSING) for field in _FIELDS}
        self._is_pupil = layout.profile == "pip"
        on = context.as_of
        self._births = {
            field: _remembered_births(
                on, Writing(is_month_first(layout.header(field)), is_1904=is_1904)
            )
            for field in ("lahir", "ttl")
        }
        self._coded = Coded(layout.profile)
        self._sexes = _Remembered(self._coded.sex)
        self._relations = _Remembered(self._coded.relation)
        self._states = _Remembered(self._coded.status)
        self._rts = _Remembered(addresses.parse_rt)
        self._rws = _Remembered(addresses.parse_rw)
        self._words = _Remembered(_word)
        self._faults: list[Fault] = []

    def check(self, cells: Sequence[Cell], line: int = 0) -> tuple[ParsedRow | None, list[Fault]]:
        """The row's fields, or None when it cannot be used, and what is wrong with it.

        Args:
            cells: as the reader gives them; missing cells at the end are blank.
            line: line in the file, needed to tell formulas.
        """
        self._faults = faults = []
        width = self._width
        if len(cells) > width and not all(map(is_blank, cells[width:])):
            faults.append(Fault("B3", f"kolom {width + 1}", ""))
            return None, faults
        # One blank more: a field the list lacks is read from position -1.
        row = [*cells[:width], *[None] * (max(width - len(cells), 0) + 1)]
        if self._is_formula is not None:
            self._set_formulas_aside(row, line)
        name = self._name(row)
        return (self._fields(name, row) if name else None), faults

    def _fault(self, code: str, field: str, shown: str) -> None:
        self._faults.append(Fault(code, self._layout.header(field), shown))

    def _set_formulas_aside(self, row: list[Cell], line: int) -> None:
        for field in _IDENTITY:
            column = self._column[field]
            if column >= 0 and self._is_formula and self._is_formula(line, column):
                self._fault("X1", field, "")
                if field in {"nik", "kk"}:
                    row[column] = None

    def _name(self, row: Sequence[Cell]) -> str:
        name = self._text(row, "nama")
        if len(name) > LONGEST_NAME:
            self._fault("B4", "nama", "")
            return ""
        if not name or name.upper() in _NO_NAME or not any(map(str.isalpha, name)):
            self._fault("B1", "nama", "")
            return ""
        return name

    def _text(self, row: Sequence[Cell], field: str) -> str:
        """A cell of free words, with a remark when unseen characters were in it."""
        cell = row[self._column[field]]
        if cell is None:
            return ""
        text = cell_text(cell)
        if isinstance(cell, str) and not cell.isprintable() and strip_unseen(cell) != cell:
            self._fault("T1", field, "")
        return text

    def _fields(self, name: str, row: Sequence[Cell]) -> ParsedRow | None:
        column = self._column
        sex = self._sex(row)
        relation = self._relations[row[column["hubungan"]]]
        place, birth = self._birth(row, is_child=self._is_pupil or relation == "anak")
        mother = self._text(row, "nama_ibu")
        address = self._text(row, "alamat")
        rt, rw = self._neighbourhood(row, address)
        area, kelurahan, kecamatan = self._area(row, address)
        parsed = ParsedRow(
            name,
            self._nik(row, birth.day, sex),
            self._kk(row),
            place or None,
            birth.day,
            birth.year if birth.day is None else None,
            sex,
            None if mother.upper() in _NO_WORD else mother,
            None if address.upper() in _NO_WORD else address,
            rt,
            rw,
            area,
            kelurahan,
            kecamatan,
            relation,
            self._states[row[column["status"]]],
            self._extras(row),
        )
        return self._usable(parsed)

    def _usable(self, row: ParsedRow) -> ParsedRow | None:
        if (
            row.nik or row.kk or row.lahir or row.lahir_tahun or row.nama_ibu
            or row.alamat or row.rt or row.kelurahan
        ):  # fmt: skip
            return row
        self._fault("B2", "nama", "")
        return None

    def _nik(self, row: Sequence[Cell], born: date | None, sex: str | None) -> str | None:
        column = self._column["nik"]
        if column == _MISSING:
            return None
        number = self._context.numbers.check_nik(row[column])
        digits = number.digits
        if digits is None:
            self._fault(number.code, "nik", mask_number(number.shown))
            return None
        if warning := self._context.numbers.region(digits[:6])[1]:
            self._fault(warning, "nik", mask_number(digits))
        if not nik.agrees(digits, lahir=born, sex=sex):
            self._fault("N10", "nik", mask_number(digits))
        return digits

    def _kk(self, row: Sequence[Cell]) -> str | None:
        column = self._column["kk"]
        if column == _MISSING:
            return None
        number = self._context.numbers.check_kk(row[column])
        if number.code and number.code != "N14":
            self._fault("K" + number.code[1:], "kk", mask_number(number.shown))
        return number.digits

    def _sex(self, row: Sequence[Cell]) -> str | None:
        cell = row[self._column["sex"]]
        sex: str | None = self._sexes[cell]
        if sex is None and self._words[cell]:
            self._fault("S1", "sex", mask_words(cell_text(cell)))
        return sex

    def _birth(self, row: Sequence[Cell], *, is_child: bool) -> tuple[str, Birth]:
        """Place and date of birth; an age or a year where the list has no more."""
        column = self._column
        cell, field = row[column["lahir"]], "lahir"
        place = self._words[row[column["tempat_lahir"]]]
        if column["ttl"] != _MISSING and is_blank(cell):
            place_too, cell = split_place_and_date(row[column["ttl"]])
            place, field = place or place_too, "ttl"
        birth: Birth = self._births[field][cell, is_child]
        if birth.code:
            self._fault(birth.code, field, mask_day(cell_text(cell)))
        if birth.day is None and birth.year is None:
            return place, self._age(row)
        return place, birth

    def _age(self, row: Sequence[Cell]) -> Birth:
        on = self._context.as_of
        for field, read in (("tahun_lahir", year_alone), ("umur", year_of_age)):
            cell = row[self._column[field]]
            if not self._words[cell]:
                continue
            year = read(cell, on=on)
            if year is not None:
                return Birth(year=year)
            self._fault("D4", field, mask_day(cell_text(cell)))
        return Birth()

    def _neighbourhood(self, row: Sequence[Cell], address: str) -> tuple[int | None, int | None]:
        column = self._column
        field = "rt" if column["rt"] != _MISSING else "rtrw"
        cell = row[column[field]]
        place, is_read = self._rts[cell]
        if not is_read:
            self._fault("A1", field, mask_words(cell_text(cell)))
        rw, is_rw_read = self._rws[row[column["rw"]]]
        if not is_rw_read:
            self._fault("A1", "rw", mask_words(cell_text(row[column["rw"]])))
        if place.rt is None and address:
            place = addresses.find_rt(address)
        return place.rt, (rw or place.rw)

    def _area(self, row: Sequence[Cell], address: str) -> tuple[int | None, str | None, str | None]:
        """Number of the kelurahan, and the words for kelurahan and kecamatan as written."""
        column, words = self._column, self._words
        name = words[row[column["kelurahan"]]] or None
        kecamatan = words[row[column["kecamatan"]]] or None
        code = words[row[column["kode_kelurahan"]]] or None
        if name is None and code is None:
            name = addresses.find_kelurahan(address) or None if address else None
            found = self._context.areas.kelurahan(name, kecamatan, None) if name else None
            return found, name, kecamatan
        found = self._context.areas.kelurahan(name, kecamatan, code)
        if found is None:
            field = "kelurahan" if name else "kode_kelurahan"
            self._fault("A2", field, mask_words(name or code or ""))
        return found, name, kecamatan

    def _extras(self, row: Sequence[Cell]) -> dict[str, str]:
        words = self._words
        extras = {
            header: text for column, header in self._layout.extras if (text := words[row[column]])
        }
        for field, read in (("hubungan", self._relations), ("status", self._states)):
            column = self._column[field]
            if column != _MISSING and read[row[column]] is None and words[row[column]]:
                extras[self._layout.headers[column]] = words[row[column]]
        return extras


_FIELDS = (
    "nik", "kk", "nama", "tempat_lahir", "lahir", "ttl", "umur", "tahun_lahir", "sex", "nama_ibu",
    "alamat", "rt", "rw", "rtrw", "kelurahan", "kecamatan", "kode_kelurahan", "hubungan", "status",
)  # fmt: skip


def _word(cell: Cell) -> str:
    """A cell as text; a dash or "tidak ada" is nothing. A nought is a value in other columns."""
    text = cell_text(cell)
    return "" if text.upper() in _NO_WORD - {"0"} else text


class CheckedRow(NamedTuple):
    """A row of a delivered list and what was made of it.

    ``baris`` counts rows of the list from 1, ``line`` lines of the file; ``row`` is None when the
    row cannot be used.
    """

    baris: int
    line: int
    cells: Sequence[Cell]
    row: ParsedRow | None
    faults: list[Fault]


def checked_rows(table: ListTable, layout: Layout, context: Context) -> Iterator[CheckedRow]:
    """Every row of a list, read and checked, in the order of the file; streamed."""
    checker = RowChecker(layout, context, is_formula=table.is_formula, is_1904=table.is_1904)
    for baris, (line, cells) in enumerate(table.rows(), start=1):
        row, faults = checker.check(cells, line)
        yield CheckedRow(baris, line, cells, row, faults)
