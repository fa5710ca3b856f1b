"""The register's keys as one sealed file, so that a list is checked in seconds.

The extract holds what linkage needs and nothing else, sealed as a whole with the
installation's key. It names the register version it was made from; an older one is not
used but made anew. NIK and KK stand in it in plain digits only after opening, in memory.
"""

import io
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from entas import custody
from entas.analytics.linkage.keys import BOOK_ARRAYS, COLUMNS, KeyTable, NameBook
from entas.analytics.normalise import NORMALISER_VERSION

_CONTEXT = "extract.register"
_FORMAT = 1
_PART_BYTES = 16 * 1024 * 1024


def extract_path() -> Path:
    """Where the register's extract lies."""
    return Path(settings.ENTAS_HOME) / "extracts" / "register.sealed"


def write_extract(table: KeyTable, persons: Any, stamp: str) -> None:
    """Seal and store the register's keys; takes the place of the old extract at once.

    Args:
        persons: id_warga of each row (int64).
        stamp: of the register these keys were read from.
    """
    arrays: dict[str, Any] = {name: getattr(table, name) for name in COLUMNS}
    arrays["person"] = np.asarray(persons, np.int64)
    for label, book in (("names", table.names), ("mothers", table.mothers)):
        arrays |= {f"{label}.{name}": getattr(book, name) for name in BOOK_ARRAYS}
    head = {
        "format": _FORMAT,
        "normaliser": NORMALISER_VERSION,
        "stamp": stamp,
        "arrays": [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()],
    }
    parts = [json.dumps(head).encode()]
    parts += [np.ascontiguousarray(array).tobytes() for array in arrays.values()]
    parts += [
        zlib.compress("\n".join(book.texts).encode(), 1) for book in (table.names, table.mothers)
    ]
    _write_sealed(extract_path(), parts)


def _write_sealed(path: Path, parts: list[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            for number, part in enumerate(parts):
                pieces = [part[at : at + _PART_BYTES] for at in range(0, len(part), _PART_BYTES)]
                file.write(struct.pack("<I", max(len(pieces), 1)))
                for place, piece in enumerate(pieces or [b""]):
                    sealed = custody.seal(piece, context=f"{_CONTEXT}.{number}.{place}")
                    file.write(struct.pack("<Q", len(sealed)))
                    file.write(sealed)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read_part(file: io.BufferedReader, number: int) -> bytes:
    (pieces,) = struct.unpack("<I", file.read(4))
    out = []
    for place in range(pieces):
        (size,) = struct.unpack("<Q", file.read(8))
        out.append(custody.unseal(file.read(size), context=f"{_CONTEXT}.{number}.{place}"))
    return out[0] if pieces == 1 else b"".join(out)


def read_extract(stamp: str) -> tuple[KeyTable, Any] | None:
    """The register's keys and the id_warga of each row; None when there is no extract of
    this register version made by this normaliser.

    Raises:
        entas.custody.KeyMissing: there is no key file.
    """
    path = extract_path()
    try:
        with path.open("rb") as file:
            return _read(file, stamp)
    except (FileNotFoundError, struct.error, custody.SealBroken, json.JSONDecodeError):
        # Cut short, sealed with an older key or by an older version: it is only a copy.
        return None


def _read(file: io.BufferedReader, stamp: str) -> tuple[KeyTable, Any] | None:
    head = json.loads(_read_part(file, 0))
    wanted = (_FORMAT, NORMALISER_VERSION, stamp)
    if (head["format"], head["normaliser"], head.get("stamp")) != wanted:
        return None
    arrays = {}
    for number, (name, kind, shape) in enumerate(head["arrays"], 1):
        arrays[name] = np.frombuffer(_read_part(file, number), dtype=kind).reshape(shape)
    at = len(head["arrays"]) + 1
    books = {
        label: _book(arrays, label, zlib.decompress(_read_part(file, at + place)).decode())
        for place, label in enumerate(("names", "mothers"))
    }
    columns = {name: arrays[name] for name in COLUMNS}
    return KeyTable(**columns, names=books["names"], mothers=books["mothers"]), arrays["person"]


def _book(arrays: dict[str, Any], label: str, texts: str) -> NameBook:
    lines = texts.split("\n") if texts else []
    joined = np.empty(len(lines), object)
    joined[:] = [line.replace(" ", "") for line in lines]
    held = {name: arrays[f"{label}.{name}"] for name in BOOK_ARRAYS}
    return NameBook(texts=lines, joined=joined, **held)
