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
        texts: the sound tokens joined by one space, as stored with a person.
        joined: the same without spaces (object array of str).
        tokens: (n, 4) hashes of the first four tokens, 0 where there is none.
        initials: (n, 4) first letter of each token as a code, 0 where there is none.
        short: (n, 4) whether the token is one letter only.
        size: number of tokens kept.
        full: hash of the tokens in sorted order (ANI BUDI equals BUDI ANI).
        solid: hash of ``joined`` (ABDUL RAHMAN equals ABDULRAHMAN).
        start, end: codes of the first and the last two letters of ``joined``.
        length: letters in ``joined``.
    """

    texts: list[str]
    joined: NDArray[np.object_]
    tokens: Ints
    initials: NDArray[np.int8]
    short: NDArray[np.bool_]
    size: NDArray[np.int8]
    full: Ints
    solid: Ints
    start: NDArray[np.int16]
    end: NDArray[np.int16]
    length: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.texts)


BOOK_ARRAYS = ("tokens", "initials", "short", "size", "full", "solid", "start", "end", "length")


def _two_letters(letters: str) -> int:
    return (ord(letters[0]) << 7 | ord(letters[-1])) & 0x7FFF


def name_book(texts: Sequence[str]) -> NameBook:
    """The book of these distinct sound keys (``texts[i]`` gets number i)."""
    count = len(texts)
    token_hash: dict[str, int] = {}
    tokens = np.zeros((count, MAX_TOKENS), np.int64)
    initials = np.zeros((count, MAX_TOKENS), np.int8)
    short = np.zeros((count, MAX_TOKENS), bool)
    joined = np.empty(count, object)
    full = np.zeros(count, np.int64)
    solid = np.zeros(count, np.int64)
    start, end, length = (np.zeros(count, np.int16) for _ in range(3))
    size = np.zeros(count, np.int8)
    for i, text in enumerate(texts):
        parts = text.split()
        joined[i] = "".join(parts)
        solid[i] = stable_hash(joined[i])
        full[i] = solid[i] if len(parts) == 1 else stable_hash(" ".join(sorted(parts)))
        start[i] = _two_letters(joined[i][:2])
        end[i] = _two_letters(joined[i][-2:])
        length[i] = len(joined[i])
        size[i] = min(len(parts), MAX_TOKENS)
        for place, token in enumerate(parts[:MAX_TOKENS]):
            number = token_hash.get(token)
            if number is None:
                number = token_hash[token] = stable_hash(token)
            tokens[i, place] = number
            initials[i, place] = ord(token[0]) & 0x7F
            short[i, place] = len(token) == 1
    return NameBook(
        list(texts), joined, tokens, initials, short, size, full, solid, start, end, length
    )


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
    _nik_digits: NDArray[np.uint8] | None = field(default=None, repr=False)
    _confirmed: NDArray[np.bool_] | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.nik)

    def nik_digits(self) -> NDArray[np.uint8]:
        """(n, 16) digits of the NIK, made once; zeros where there is none."""
        if self._nik_digits is None:
            self._nik_digits = digits(self.nik, 16)
        return self._nik_digits

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


def digits(numbers: Ints, width: int) -> NDArray[np.uint8]:
    """Decimal digits of non-negative numbers, most significant first."""
    out = np.empty((len(numbers), width), np.uint8)
    rest = numbers.copy()
    for place in range(width - 1, -1, -1):
        rest, out[:, place] = np.divmod(rest, 10)
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
    arrays = {
        name: np.concatenate([getattr(book, name), getattr(added, name)])
        for name in ("joined", *BOOK_ARRAYS)
    }
    return np.asarray(column, np.int32), NameBook(texts=book.texts + added.texts, **arrays)


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
