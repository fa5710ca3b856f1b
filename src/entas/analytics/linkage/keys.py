"""The comparable columns of a register or of a list.

A ``KeyTable`` holds one row a person (or a list row) in fixed-width arrays; names are
numbers into a ``NameBook`` of distinct sound keys, so that each distinct pair of names
is compared once, however many people bear them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
MAX_TOKENS = 4
MISSING_NAME = -1


@lru_cache(maxsize=200_000)
def stable_hash(text: str) -> int:
    """A signed 64-bit number for a text, the same on every machine; 0 only for ""."""
    if not text:
        return 0
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
    return number or 1


@dataclass(slots=True)
class NameBook:
    """Distinct names as sound keys.

    Attributes:
        packed: the sound tokens of each name joined by one space, as stored with a person,
            and the names joined by line ends: one piece of memory for a whole city.
        tokens: (n, 4) hashes of the first four tokens, 0 where there is none.
        initials: (n, 4) first letter of each token as a code, 0 where there is none.
        short: (n, 4) whether the token is one letter only.
        size: number of tokens kept.
        full: hash of the tokens in sorted order (ANI BUDI equals BUDI ANI).
        solid: hash of ``joined`` (ABDUL RAHMAN equals ABDULRAHMAN).
        start, end: codes of the first and the last two letters of ``joined``.
        length: letters in ``joined``.
        bag: which letters ``joined`` holds, two bits a letter from A to Z: once, and twice
            or more. spare: letters the bag has no bit for.
    """

    packed: str
    tokens: Ints
    initials: NDArray[np.int8]
    short: NDArray[np.bool_]
    size: NDArray[np.int8]
    full: Ints
    solid: Ints
    start: NDArray[np.int16]
    end: NDArray[np.int16]
    length: NDArray[np.int16]
    bag: NDArray[np.uint64]
    spare: NDArray[np.int16]
    _texts: list[str] | None = field(default=None, repr=False)
    _joined: NDArray[np.object_] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.size)

    @property
    def texts(self) -> list[str]:
        """The names one by one, unpacked when first asked for."""
        if self._texts is None:
            self._texts = self.packed.split("\n") if len(self) else []
        return self._texts

    @property
    def joined(self) -> NDArray[np.object_]:
        """The names without spaces (object array of str), made when first asked for."""
        if self._joined is None:
            joined = np.empty(len(self), object)
            joined[:] = self.packed.replace(" ", "").split("\n") if len(self) else []
            self._joined = joined
        return self._joined


BOOK_ARRAYS = (
    "tokens",
    "initials",
    "short",
    "size",
    "full",
    "solid",
    "start",
    "end",
    "length",
    "bag",
    "spare",
)
_ALPHABET = 26
_BAGGED_AT_ONCE = 50_000


def _two_letters(letters: str) -> int:
    return (ord(letters[0]) << 7 | ord(letters[-1])) & 0x7FFF


def name_book(texts: Sequence[str]) -> NameBook:
    """The book of these distinct sound keys (``texts[i]`` gets number i)."""
    # Lists of lists would be walked by the garbage collector again and again.
    joined = ["".join(text.split()) for text in texts]
    solid = _hashes(joined)
    sizes = np.fromiter((len(text.split()) for text in texts), np.int64, len(texts))
    full = solid.copy()
    several = np.flatnonzero(sizes > 1)
    full[several] = _hashes([" ".join(sorted(texts[at].split())) for at in several.tolist()])
    tokens, initials, short = _token_columns(texts)
    length = np.fromiter(map(len, joined), np.int16, len(joined))
    bag = _bags(joined)
    return NameBook(
        packed="\n".join(texts),
        tokens=tokens,
        initials=initials,
        short=short,
        size=np.minimum(sizes, MAX_TOKENS).astype(np.int8),
        full=full,
        solid=solid,
        start=np.asarray([_two_letters(text[:2]) for text in joined], np.int16),
        end=np.asarray([_two_letters(text[-2:]) for text in joined], np.int16),
        length=length,
        bag=bag,
        spare=(length - np.bitwise_count(bag)).astype(np.int16),
    )


def _bags(joined: list[str]) -> NDArray[np.uint64]:
    bags = np.zeros(len(joined), np.uint64)
    for at in range(0, len(joined), _BAGGED_AT_ONCE):
        some = joined[at : at + _BAGGED_AT_ONCE]
        # Whatever is no plain letter falls outside A to Z and is spare.
        letter = np.frombuffer("".join(some).encode("ascii", "replace"), np.uint8).astype(int) - 65
        row = np.repeat(np.arange(len(some)), [len(text) for text in some])
        plain = (letter >= 0) & (letter < _ALPHABET)
        held = np.bincount(
            row[plain] * _ALPHABET + letter[plain], minlength=len(some) * _ALPHABET
        ).reshape(-1, _ALPHABET)
        for place in range(_ALPHABET):
            for times in (1, 2):
                bit = np.uint64(1 << (2 * place + times - 1))
                bags[at : at + len(some)][held[:, place] >= times] |= bit
    return bags


def _hashes(texts: list[str]) -> Ints:
    """``stable_hash`` of texts that are not empty, each seen once: nothing to remember."""
    plain = b"".join([blake2b(text.encode(), digest_size=8).digest() for text in texts])
    numbers = np.frombuffer(plain, ">i8").astype(np.int64)
    numbers[numbers == 0] = 1
    return numbers


def _token_columns(
    texts: Sequence[str],
) -> tuple[Ints, NDArray[np.int8], NDArray[np.bool_]]:
    """Hash, first letter and shortness of the first four tokens of each name; every
    distinct token is looked at once, for a city has few beside its names.
    """
    numbers: dict[str, int] = {"": 0}
    fill = [""] * MAX_TOKENS
    flat = [
        numbers.setdefault(token, len(numbers))
        for text in texts
        for token in (text.split() + fill)[:MAX_TOKENS]
    ]
    which = np.asarray(flat, np.int32).reshape(-1, MAX_TOKENS)
    hashes = np.asarray([stable_hash(token) for token in numbers], np.int64)
    first = np.asarray([ord(token[0]) & 0x7F if token else 0 for token in numbers], np.int8)
    short = np.asarray([len(token) == 1 for token in numbers], bool)
    return hashes[which], first[which], short[which]


def number_names(texts: Iterable[str]) -> tuple[NDArray[np.int32], NameBook]:
    """Number each text by its distinct value; empty texts become ``MISSING_NAME``."""
    numbers: dict[str, int] = {}
    column = [numbers.setdefault(text, len(numbers)) if text else MISSING_NAME for text in texts]
    return np.asarray(column, np.int32), name_book(list(numbers))


@dataclass(slots=True)
class KeyTable:
    """Comparable columns, one row a person; 0 (or -1 for names and sex) is "not known".

    Attributes:
        nik, kk: the sixteen digits as a number.
        name, mother: number in ``names`` / ``mothers``.
        birth: yyyymmdd; yyyy0000 where only the year (or an age) is known.
        sex: 0 male, 1 female, -1 unknown.
        kel: number of the kelurahan; ``kel_group`` its predecessor before a split.
        rt: number of the RT; street: hash of the street key; house: its number.
        family: number of the register family (KK at that date); -1 in lists.
        role: 1 head, 2 spouse, 3 child, 4 other, 0 unknown.
    """

    nik: Ints
    kk: Ints
    name: NDArray[np.int32]
    mother: NDArray[np.int32]
    birth: NDArray[np.int32]
    sex: NDArray[np.int8]
    kel: Ints
    kel_group: Ints
    rt: NDArray[np.int16]
    street: Ints
    house: NDArray[np.int32]
    family: NDArray[np.int32]
    role: NDArray[np.int8]
    names: NameBook
    mothers: NameBook
    _nik_digits: NDArray[np.uint64] | None = field(default=None, repr=False)
    _confirmed: NDArray[np.bool_] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.nik)

    def nik_digits(self) -> NDArray[np.uint64]:
        """The sixteen digits of each NIK, four bits a digit, made once."""
        if self._nik_digits is None:
            self._nik_digits = packed_digits(self.nik)
        return self._nik_digits

    def know_digits(self, packed: NDArray[np.uint64]) -> None:
        """Take over ``nik_digits`` that were kept with the rows."""
        self._nik_digits = packed

    def prepare(self) -> None:
        """Make what is made only once, before several threads ask for it."""
        self.nik_digits()
        self.confirmed()

    def confirmed(self) -> NDArray[np.bool_]:
        """Whether the NIK bears out the birth date (day plus 40 for women), made once."""
        if self._confirmed is None:
            told = self.nik // 10_000 % 10**6
            day, month, year = self.birth % 100, self.birth // 100 % 100, self.birth // 10_000 % 100
            man = day.astype(np.int64) * 10_000 + month * 100 + year
            self._confirmed = (self.birth % 10_000 > 0) & ((told == man) | (told == man + 400_000))
        return self._confirmed

    def take(self, rows: NDArray[Any]) -> "KeyTable":
        """The same table with only these rows, sharing the name books."""
        columns = {name: getattr(self, name)[rows] for name in COLUMNS}
        return KeyTable(**columns, names=self.names, mothers=self.mothers)


COLUMNS = {
    "nik": np.int64,
    "kk": np.int64,
    "name": np.int32,
    "mother": np.int32,
    "birth": np.int32,
    "sex": np.int8,
    "kel": np.int64,
    "kel_group": np.int64,
    "rt": np.int16,
    "street": np.int64,
    "house": np.int32,
    "family": np.int32,
    "role": np.int8,
}


def packed_digits(numbers: Ints) -> NDArray[np.uint64]:
    """Sixteen decimal digits of non-negative numbers, four bits a digit, the last digit
    lowest: two numbers differ in as many digits as their codes differ in groups of four
    bits.
    """
    out = np.zeros(len(numbers), np.uint64)
    # Eight digits fit in 32 bits, where division is several times faster.
    high, low = np.divmod(numbers, 10**8)
    for half, shift in ((low, 0), (high, 32)):
        rest = half.astype(np.uint32)
        for place in range(8):
            rest, digit = np.divmod(rest, np.uint32(10))
            out |= digit.astype(np.uint64) << np.uint64(shift + 4 * place)
    return out


def key_table(columns: dict[str, Any], *, names: NameBook, mothers: NameBook) -> KeyTable:
    """A table from plain columns (sequences or arrays); absent columns mean "not known"."""
    count = len(columns["name"])
    made = {}
    for name, kind in COLUMNS.items():
        if name in columns:
            made[name] = np.asarray(columns[name], dtype=kind)
        else:
            empty = -1 if name in ("sex", "family", "mother") else 0
            made[name] = np.full(count, empty, dtype=kind)
    return KeyTable(**made, names=names, mothers=mothers)


def extend_book(book: NameBook, texts: Sequence[str]) -> tuple[NDArray[np.int32], NameBook]:
    """Numbers of these sound keys in a book that is extended by those it lacks."""
    known = {text: number for number, text in enumerate(book.texts)}
    before = len(known)
    column = [known.setdefault(text, len(known)) if text else MISSING_NAME for text in texts]
    added = name_book(list(known)[before:])
    if not len(added):
        return np.asarray(column, np.int32), book
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(book, name), getattr(added, name)]) for name in BOOK_ARRAYS
    }
    packed = f"{book.packed}\n{added.packed}" if len(book) else added.packed
    return np.asarray(column, np.int32), NameBook(packed, **arrays)


def with_used_names(table: KeyTable) -> KeyTable:
    """The same rows with books that hold only the names they bear."""
    name, names = _used(table.name, table.names)
    mother, mothers = _used(table.mother, table.mothers)
    columns = {column: getattr(table, column) for column in COLUMNS}
    return KeyTable(**columns | {"name": name, "mother": mother}, names=names, mothers=mothers)


def _used(numbers: NDArray[np.int32], book: NameBook) -> tuple[NDArray[np.int32], NameBook]:
    held = np.zeros(len(book), bool)
    held[numbers[numbers >= 0]] = True
    if held.all():
        return numbers, book
    moved = np.r_[np.cumsum(held) - 1, MISSING_NAME].astype(np.int32)
    arrays: dict[str, Any] = {name: getattr(book, name)[held] for name in BOOK_ARRAYS}
    texts = [text for text, is_used in zip(book.texts, held.tolist(), strict=True) if is_used]
    return moved[numbers], NameBook("\n".join(texts), **arrays)


def _texts_of(numbers: NDArray[np.int32], book: NameBook) -> list[str]:
    return [book.texts[number] if number >= 0 else "" for number in numbers.tolist()]


def append_rows(table: KeyTable, added: KeyTable) -> KeyTable:
    """One table with the rows of both, names numbered in one book."""
    if not len(table):
        return added
    columns = {
        name: np.concatenate([getattr(table, name), getattr(added, name)]) for name in COLUMNS
    }
    at = len(table)
    columns["name"][at:], names = extend_book(table.names, _texts_of(added.name, added.names))
    columns["mother"][at:], mothers = extend_book(
        table.mothers, _texts_of(added.mother, added.mothers)
    )
    return KeyTable(**columns, names=names, mothers=mothers)
