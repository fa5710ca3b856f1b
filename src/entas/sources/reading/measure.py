"""The XML parts of a workbook while they stream by: refused when built to harm, sheets measured.

Every byte passes a real XML parser, so that what is measured is what any reader must see. Asking
it about every cell would double the cost. In XML without comments a "<" begins markup and stands
nowhere else: windows of usual cells are measured by one quick pattern, all others tag by tag.
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from entas.sources.errors import DangerousFile

# The reader holds the bounding box of a sheet in memory, 32 bytes a cell (measured).
MAX_BOX = 30_000_000
# No honest tag comes near. The parser reads a tag again from its start with every piece that does
# not end it; a sheet hands it whole tags, and only the memory counts.
MAX_TAG = 1_000_000
_MAX_REST = 24_000_000
# Parts of a workbook nest some ten deep. The parser keeps every open tag in memory.
MAX_DEPTH = 1_000
_HEAD = 4_096
_LETTERS = 26
_LONGEST_ROW = 7

# What spreadsheets write: reference first, short attributes behind it, perhaps a formula inside.
_USUAL_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"(?: [a-z]{1,2}="\w*")*+(/?)>(<f[\s>/])?'
)
_USUAL_ROW = re.compile(rb'<row r="([1-9]\d{0,6})"[\s/>]')
_PREFIXED = re.compile(rb":(?:c|row|f)[\s/>]")
_FORMULA = re.compile(rb"<f[\s>/]")
_REFERENCE = re.compile(r"([A-Z]{1,3})0*([1-9]\d{0,6})", re.ASCII)


@dataclass(slots=True)
class SheetFacts:
    """What the scan learnt of one sheet: its bounding box and where formulas stand ("C7")."""

    rows: int = 0
    columns: int = 0
    formulas: set[str] = field(default_factory=set)


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(65 + rest) + letters
    return letters


class PartScan:
    """Takes the bytes of one XML part in pieces.

    ``feed`` and ``close`` raise DangerousFile for entities, endless tags and bottomless nesting,
    and expat.ExpatError for what is no XML.
    """

    def __init__(self) -> None:
        # Other encodings hide from a reader of bytes what the parser sees.
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartDoctypeDeclHandler = _refuse_entities
        self._fed = 0
        # Tags opened and not closed, estimated: those that close themselves count as open.
        self._balance = 0
        self._depth = 0
        self._is_strange = False

    def feed(self, chunk: bytes) -> None:
        """Pass the next piece through the parser."""
        self._weigh(chunk)
        self._parse(chunk, is_watched=self._is_strange)

    def close(self) -> None:
        """The last piece has come."""
        self._parser.Parse(b"", True)  # noqa: FBT003 -- it takes no names

    def _weigh(self, chunk: bytes, closed: int = 0) -> None:
        self._balance += chunk.count(b"<") - 2 * chunk.count(b"</") - closed
        if self._balance > MAX_DEPTH:
            self._is_strange = True

    def _parse(self, chunk: bytes, *, is_watched: bool) -> None:
        parser = self._parser
        parser.StartElementHandler = self._begin if is_watched else None
        parser.EndElementHandler = self._end if is_watched else None
        self._fed += len(chunk)
        parser.Parse(chunk)
        if self._fed - parser.CurrentByteIndex > MAX_TAG + len(chunk):
            raise _endless_tag()

    def _begin(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        if self._is_strange:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise DangerousFile(
                    "Bagian XML berkas XLSX bersarang terlalu dalam. Ditolak; minta pengirim "
                    "menyimpan ulang dari Excel."
                )

    def _end(self, name: str) -> None:  # noqa: ARG002
        if self._is_strange:
            self._depth -= 1


class SheetScan(PartScan):
    """The same for a sheet, widening its facts.

    ``feed`` also raises DangerousFile when the sheet spans more than a reader can hold.
    """

    def __init__(self, facts: SheetFacts) -> None:
        super().__init__()
        self._facts = facts
        self._rest = b""
        # Where a reader stands: a cell that does not say its place follows the last one.
        self._row = self._column = 0
        self._cell = (0, 0)
        self._is_inside = False
        self._is_begun = False

    def feed(self, chunk: bytes) -> None:
        """Measure everything up to the last tag, which may go on in the next piece."""
        if not self._is_begun:
            # The head of a sheet is in nobody's usual dress, and short.
            self._measure(chunk[:_HEAD])
            self._is_begun = True
            chunk = chunk[_HEAD:]
        self._measure(chunk)

    def _measure(self, chunk: bytes) -> None:
        window = self._rest + chunk
        end = max(window.rfind(b"<"), 0)
        window, self._rest = window[:end], window[end:]
        if len(self._rest) > _MAX_REST:
            raise _endless_tag()
        # Inside comments and the like a "<" is no tag: from there on only the parser knows.
        if b"<!" in window or (self._is_begun and b"<?" in window):
            self._is_strange = True
        is_usual = self._is_begun and not self._is_strange and self._take_usual(window)
        if not is_usual:
            self._weigh(window)
        self._parse(window, is_watched=not is_usual)
        self._check_box()

    def close(self) -> None:
        """The last piece has come."""
        self._parse(self._rest, is_watched=True)
        super().close()

    def _check_box(self) -> None:
        facts = self._facts
        if facts.rows * facts.columns > MAX_BOX:
            raise DangerousFile(
                "Lembar membentang {rows} baris x {columns} kolom; paling banyak "
                "{most} sel. Hapus sel jauh yang tersesat, atau kirim sebagai CSV.",
                rows=facts.rows,
                columns=facts.columns,
                most=MAX_BOX,
            )

    def _take_usual(self, window: bytes) -> bool:
        """Measure a window of usual cells and rows; False when it holds any other."""
        cells = _USUAL_CELL.findall(window)
        rows = _USUAL_ROW.findall(window)
        if (
            len(cells) != window.count(b"<c")
            or len(rows) != window.count(b"<row")
            or _has_prefix(window)
        ):
            return False
        inside = [cell for cell in cells if cell[3]] if b"<f" in window else []
        if len(inside) != len(_FORMULA.findall(window)):
            return False
        self._facts.formulas.update(f"{c[0].decode()}{c[1].decode()}" for c in inside)
        # Cells that are closed at once (a border, a colour) hold no value and cost nothing.
        filled = [cell for cell in cells if not cell[2]]
        self._weigh(window, len(cells) - len(filled))
        if filled:
            self._widen(
                max(map(int, {cell[1] for cell in filled})),
                max(column_number(letters.decode()) for letters in {cell[0] for cell in filled}),
            )
        self._row = max(self._row, *map(int, rows), 0)
        if cells:
            self._go_to(window, *cells[-1][:3])
        elif b"</row" in window:
            self._column = 0
        return True

    def _go_to(self, window: bytes, letters: bytes, row: bytes, slash: bytes) -> None:
        """Stand at the last cell of a window, or behind it."""
        self._cell = (int(row), column_number(letters.decode()))
        last = window.rfind(b"<c ")
        self._column = 0 if window.rfind(b"</row") > last else self._cell[1]
        self._is_inside = not slash and window.rfind(b"</c>") < last

    def _widen(self, row: int, column: int) -> None:
        facts = self._facts
        facts.rows, facts.columns = max(facts.rows, row), max(facts.columns, column)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        super()._begin(name, attributes)
        name = name.rpartition(":")[2]
        if name == "c":
            self._begin_cell(attributes.get("r", ""))
        elif self._is_inside:
            # Only what holds something is kept by a reader.
            self._widen(max(self._cell[0], self._row), max(self._cell[1], self._column))
            if name == "f":
                self._facts.formulas.add(f"{column_letters(self._cell[1])}{self._cell[0]}")
        elif name == "row":
            number = attributes.get("r", "")
            # Readers differ about odd numbers: rows ascend, so take whatever reaches farther.
            self._row = max(self._row + 1, _row_number(number))

    def _begin_cell(self, reference: str) -> None:
        self._is_inside = True
        place = _REFERENCE.fullmatch(reference.upper())
        self._column += 1
        self._cell = (max(self._row, 1), self._column)
        if place:
            self._cell = (int(place[2]), column_number(place[1]))
            self._column = max(self._cell[1], self._column)

    def _end(self, name: str) -> None:
        super()._end(name)
        name = name.rpartition(":")[2]
        if name == "c":
            self._is_inside = False
        elif name == "row":
            self._column = 0


def _has_prefix(window: bytes) -> bool:
    """Whether a cell, row or formula may stand here under a prefix ("x:c")."""
    # Looking for letters is quicker than asking the pattern about every colon.
    may = b":c" in window or b":f" in window or b":row" in window
    return may and bool(_PREFIXED.search(window))


def _row_number(text: str) -> int:
    bare = text.lstrip("0")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= _LONGEST_ROW else 0


def _endless_tag() -> DangerousFile:
    return DangerousFile(
        "Bagian XML berkas XLSX memuat isi sepanjang lebih dari {most} huruf. Ditolak; "
        "kirim sebagai CSV.",
        most=MAX_TAG,
    )


def _refuse_entities(*_: object) -> None:
    raise DangerousFile("Berkas XLSX memuat entitas XML, yang tidak pernah dibuat Excel. Ditolak.")
