"""Sealing, opening and blind indexing of single values and of columns."""

import hmac
import os
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from entas.custody.errors import SealBroken
from entas.custody.keyfile import KeyFile, decode_key, key_path, load

_VERSION_BYTES = 2
_NONCE_BYTES = 12
_BODY_FROM = _VERSION_BYTES + _NONCE_BYTES


class _Ring:
    """The ciphers of one key file, made once."""

    def __init__(self, keys: KeyFile) -> None:
        path = key_path()
        self.ciphers = {
            int(version): AESGCM(decode_key(path, key)) for version, key in keys.sealing.items()
        }
        self.version = keys.version
        self.prefix = keys.version.to_bytes(_VERSION_BYTES, "big")
        self.index_key = decode_key(path, keys.index)


_rings: dict[int, tuple[KeyFile, _Ring]] = {}


def _ring() -> _Ring:
    keys = load()
    # The same KeyFile object comes back as long as the file was not replaced.
    held = _rings.get(id(keys))
    if held is None or held[0] is not keys:
        _rings.clear()
        held = _rings[id(keys)] = (keys, _Ring(keys))
    return held[1]


def seal(plain: bytes, *, context: str) -> bytes:
    """Encrypt with the newest key.

    Args:
        plain: what is secret.
        context: what it is, for instance ``"person.nik"``; the same text opens it again.

    Raises:
        KeyMissing: there is no key file.
    """
    ring = _ring()
    nonce = os.urandom(_NONCE_BYTES)
    body = ring.ciphers[ring.version].encrypt(nonce, plain, context.encode())
    return ring.prefix + nonce + body


def seal_many(values: Sequence[bytes | None], *, context: str) -> list[bytes | None]:
    """Encrypt a column; None stays None.

    Raises:
        KeyMissing: there is no key file.
    """
    ring = _ring()
    encrypt, prefix, about = ring.ciphers[ring.version].encrypt, ring.prefix, context.encode()
    # One request for all the randomness: asking the system a million times is half the cost.
    noise = memoryview(os.urandom(_NONCE_BYTES * len(values)))
    sealed: list[bytes | None] = []
    for place, plain in enumerate(values):
        if plain is None:
            sealed.append(None)
            continue
        nonce = bytes(noise[place * _NONCE_BYTES : (place + 1) * _NONCE_BYTES])
        sealed.append(prefix + nonce + encrypt(nonce, plain, about))
    return sealed


def key_version_of(sealed: bytes) -> int:
    """The key version a sealed value needs."""
    return int.from_bytes(sealed[:_VERSION_BYTES], "big")


def _opener(context: str) -> Callable[[bytes], bytes]:
    ring, about = _ring(), context.encode()

    def open_one(sealed: bytes) -> bytes:
        cipher = ring.ciphers.get(key_version_of(sealed))
        try:
            if cipher is None:
                raise SealBroken(context, key_version_of(sealed) if sealed else None)
            nonce = sealed[_VERSION_BYTES:_BODY_FROM]
            return cipher.decrypt(nonce, sealed[_BODY_FROM:], about)
        except (InvalidTag, ValueError) as fault:
            raise SealBroken(context, key_version_of(sealed)) from fault

    return open_one


def unseal(sealed: bytes, *, context: str) -> bytes:
    """Decrypt what was sealed with the same context.

    Raises:
        KeyMissing: there is no key file.
        SealBroken: altered, another context, or a key version that is not in the file.
    """
    return _opener(context)(bytes(sealed))


def unseal_many(values: Iterable[bytes | None], *, context: str) -> list[bytes | None]:
    """Decrypt a column; None stays None.

    Raises:
        KeyMissing: there is no key file.
        SealBroken: one of the values cannot be opened.
    """
    open_one = _opener(context)
    return [None if sealed is None else open_one(bytes(sealed)) for sealed in values]


@lru_cache(maxsize=64)
def _purpose_key(index_key: bytes, purpose: str) -> bytes:
    return hmac.digest(index_key, purpose.encode(), "sha256")


def _signed(key: bytes, value: str) -> int:
    return int.from_bytes(hmac.digest(key, value.encode(), "sha256")[:8], "big", signed=True)


def blind_index(value: str, *, purpose: str) -> int:
    """A number under which a secret can be found again without being stored.

    HMAC-SHA256 cut to a signed 64-bit integer. That any two values of a city meet has a chance of
    one in a hundred million; whoever finds a row by it still compares what was found.

    Args:
        value: the secret, already in its one spelling (for instance 16 digits).
        purpose: what is indexed; the same value has another number for another purpose.

    Raises:
        KeyMissing: there is no key file.
    """
    return _signed(_purpose_key(_ring().index_key, purpose), value)


def blind_index_many(values: Iterable[str | None], *, purpose: str) -> list[int | None]:
    """Blind indexes of a column; None stays None.

    Raises:
        KeyMissing: there is no key file.
    """
    key = _purpose_key(_ring().index_key, purpose)
    return [None if value is None else _signed(key, value) for value in values]
