"""The register's keys as one sealed file, so that a list is checked in seconds.

The extract holds what linkage needs and nothing else: the rows, what was counted and
sorted of them, and their blocking keys in order. Every array is sealed for itself with
the installation's key, so that a list opens one blocking key after the other and memory
stays flat. The file names the register version it was made from; an older one is not used
but made anew. NIK and KK stand in it in plain digits only after opening, in memory.
"""

import io
import json
import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from entas import custody
from entas.analytics.linkage.blocking import Keyed
from entas.analytics.linkage.keys import BOOK_ARRAYS, COLUMNS, KeyTable, NameBook
from entas.analytics.linkage.register import (
    FreshBlocks,
    RegisterIndex,
    block_in_order,
    block_names,
    index_columns,
    kept_index,
)
from entas.analytics.normalise import NORMALISER_VERSION

_CONTEXT = "extract.register"
_FORMAT = 2
_PIECE_BYTES = 16 * 1024 * 1024
_BOOKS = ("names", "mothers")
# Where the table of contents begins and how long it is, at the very end of the file.
_TAIL = struct.Struct("<QQ")


class NotReadable(Exception):
    """The file is cut short, altered, or sealed with a key that is gone."""


def extract_path() -> Path:
    """Where the register's extract lies."""
    return Path(settings.ENTAS_HOME) / "extracts" / "register.sealed"


def write_extract(index: RegisterIndex, persons: NDArray[np.int64], stamp: str) -> None:
    """Seal and store a register's keys; takes the place of the old extract at once.

    Args:
        index: the rows and what was counted of them.
        persons: id_warga of each row.
        stamp: of the register these keys were read from.
    """
    path = extract_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    head = {"format": _FORMAT, "normaliser": NORMALISER_VERSION, "stamp": stamp}
    try:
        with draft.open("wb") as file:
            _write(file, head, _arrays(index, persons))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _arrays(index: RegisterIndex, persons: NDArray[np.int64]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Name and content of everything that is kept, one after the other."""
    yield "person", np.asarray(persons, np.int64)
    for name in COLUMNS:
        yield f"row.{name}", getattr(index.table, name)
    for label in _BOOKS:
        book: NameBook = getattr(index.table, label)
        yield f"{label}.packed", np.frombuffer(book.packed.encode(), np.uint8)
        for name in BOOK_ARRAYS:
            yield f"{label}.{name}", getattr(book, name)
    for name, array in index_columns(index).items():
        yield f"index.{name}", array
    for name in block_names():
        block = block_in_order(index.blocks, name)
        yield f"block.{name}.keys", block.keys
        yield f"block.{name}.rows", block.rows


def _write(
    file: io.BufferedWriter, head: dict[str, Any], arrays: Iterable[tuple[str, NDArray[Any]]]
) -> None:
    contents: dict[str, Any] = {}
    for name, array in arrays:
        plain = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        at, pieces = file.tell(), list[int]()
        for start in range(0, len(plain), _PIECE_BYTES):
            piece = plain[start : start + _PIECE_BYTES].tobytes()
            sealed = custody.seal(piece, context=f"{_CONTEXT}.{name}.{len(pieces)}")
            file.write(sealed)
            pieces.append(len(sealed))
        contents[name] = [array.dtype.str, list(array.shape), at, pieces]
    at = file.tell()
    sealed = custody.seal(json.dumps(head | {"arrays": contents}).encode(), context=_CONTEXT)
    file.write(sealed)
    file.write(_TAIL.pack(at, len(sealed)))


class _Opened:
    """An extract open for reading; the file stays the same even if a newer one replaces it."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        file.seek(-_TAIL.size, os.SEEK_END)
        at, size = _TAIL.unpack(file.read(_TAIL.size))
        file.seek(at)
        self.head: dict[str, Any] = json.loads(custody.unseal(file.read(size), context=_CONTEXT))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file and read its table of contents.

        Raises:
            FileNotFoundError: there is none.
            NotReadable: see there.
        """
        file = path.open("rb")
        try:
            return cls(file)
        except (OSError, struct.error, ValueError, custody.SealBroken) as fault:
            file.close()
            raise NotReadable from fault

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def names(self, beginning: str) -> list[str]:
        """Names of the arrays that begin like this, without the beginning."""
        held = self.head["arrays"]
        return [name.removeprefix(beginning) for name in held if name.startswith(beginning)]

    def array(self, name: str) -> NDArray[Any]:
        """One array, opened now.

        Raises:
            NotReadable: see there.
        """
        try:
            kind, shape, at, pieces = self.head["arrays"][name]
            self._file.seek(at)
            opened = [
                custody.unseal(self._file.read(size), context=f"{_CONTEXT}.{name}.{place}")
                for place, size in enumerate(pieces)
            ]
        except (OSError, KeyError, custody.SealBroken) as fault:
            raise NotReadable from fault
        plain = opened[0] if len(opened) == 1 else b"".join(opened)
        return np.frombuffer(plain, dtype=kind).reshape(shape)


class KeptBlocks:
    """Blocking keys opened one at a time, so that memory stays flat."""

    def __init__(self, opened: _Opened, table: KeyTable) -> None:
        self._opened = opened
        self._fresh = FreshBlocks(table)

    def keyed(self, name: str) -> Keyed:
        """Rows and values of one key, in order; made anew where they cannot be read."""
        try:
            keys, rows = (self._opened.array(f"block.{name}.{part}") for part in ("keys", "rows"))
        except NotReadable:
            return self._fresh.keyed(name)
        return Keyed(rows, keys, in_order=True)


@dataclass(frozen=True, slots=True)
class KeptRegister:
    """A register as it was when its keys were sealed.

    Attributes:
        index: every person stands alone in it: who is suspected to be one with whom is not
            kept.
        persons: id_warga of each row, rising.
        stamp: of the register it was made from.
    """

    index: RegisterIndex
    persons: NDArray[np.int64]
    stamp: str


def read_extract() -> KeptRegister | None:
    """The register as last sealed, by this normaliser and a key that is still there; None
    when there is none. Whether it is the register as it stands, the stamp tells.

    Raises:
        entas.custody.KeyMissing: there is no key file.
    """
    try:
        opened = _Opened.open(extract_path())
    except (FileNotFoundError, NotReadable):
        # Cut short, sealed with an older key or by an older version: it is only a copy.
        return None
    head = opened.head
    if (head.get("format"), head.get("normaliser")) != (_FORMAT, NORMALISER_VERSION):
        opened.close()
        return None
    try:
        return KeptRegister(_index(opened), opened.array("person"), str(head.get("stamp")))
    except NotReadable:
        opened.close()
        return None


def _index(opened: _Opened) -> RegisterIndex:
    columns = {name: opened.array(f"row.{name}") for name in COLUMNS}
    names, mothers = (_book(opened, label) for label in _BOOKS)
    table = KeyTable(**columns, names=names, mothers=mothers)
    kept = {name: opened.array(f"index.{name}") for name in opened.names("index.")}
    return kept_index(table, kept, KeptBlocks(opened, table))


def _book(opened: _Opened, label: str) -> NameBook:
    held: dict[str, Any] = {name: opened.array(f"{label}.{name}") for name in BOOK_ARRAYS}
    return NameBook(opened.array(f"{label}.packed").tobytes().decode(), **held)
