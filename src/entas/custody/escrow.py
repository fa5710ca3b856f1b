"""An escrow copy for two holders: either half alone says nothing, both together restore the keys.

The key file is split by XOR with as much randomness as it is long, which is the simplest secret
sharing there is and the only one that needs no belief in arithmetic: one half is pure chance.
"""

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from entas.custody.errors import EscrowMismatch, KeyExists, KeyFileOdd
from entas.custody.keyfile import (
    KeyFile,
    KeyStatus,
    key_path,
    load,
    parse_key_file,
    save,
    status_of,
    to_text,
    write_private,
)
from entas.custody.targets import complete_file, target_of
from entas.refusals import Saying

_KIND = "entas-escrow-1"


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _half(keys: KeyFile, half: str, share: bytes, digest: str) -> str:
    return json.dumps(
        {
            "kind": _KIND,
            "half": half,
            "key_id": keys.id,
            "version": keys.version,
            "digest": digest,
            "share": base64.b64encode(share).decode(),
        },
        indent=1,
    )


def _write_half(path: Path, text: str) -> None:
    try:
        with complete_file(path, may_replace=False) as stream:
            stream.write(text.encode())
            stream.flush()
            # A holder carries it away at once: it must be on the disk.
            os.fsync(stream.fileno())
    except FileExistsError as fault:
        raise KeyExists(path) from fault


def split_escrow(path_a: Path, path_b: Path) -> int:
    """Write two files, one for each holder, that only together restore the key file.

    Returns:
        The key version the copy holds. After a rotation a new copy is needed.

    Raises:
        KeyMissing: there is no key file.
        KeyExists: one of the two files is already there.
        EscrowMismatch: the two paths are the same.
        CannotWrite: nothing may be written at one of them.
    """
    target_a, target_b = target_of(path_a), target_of(path_b)
    if target_a == target_b:
        raise EscrowMismatch(
            Saying("kedua berkas bernama sama, padahal pemegangnya harus dua orang")
        )
    keys = load()
    keys = replace(keys, escrowed_version=keys.version)
    plain = to_text(keys).encode()
    noise = secrets.token_bytes(len(plain))
    digest = hashlib.sha256(plain).hexdigest()
    _write_half(target_a, _half(keys, "A", noise, digest))
    try:
        _write_half(target_b, _half(keys, "B", _xor(plain, noise), digest))
    except BaseException:
        # Half an escrow would look like a safe one.
        target_a.unlink(missing_ok=True)
        raise
    save(keys)
    return keys.version


def _read_half(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        half = json.loads(path.read_text(encoding="utf-8"))
        share = base64.b64decode(half["share"], validate=True)
        is_ours = half["kind"] == _KIND
    except (ValueError, KeyError, TypeError, binascii.Error) as fault:
        raise EscrowMismatch(Saying("{file} bukan berkas titipan Entas", file=path.name)) from fault
    if not is_ours:
        raise EscrowMismatch(Saying("{file} bukan berkas titipan Entas", file=path.name))
    return half, share


def restore(
    path_a: Path, path_b: Path, *, check: Callable[[KeyStatus], None] = lambda _: None
) -> int:
    """Put the key file back from the halves of both holders.

    Args:
        path_a: one half.
        path_b: the other.
        check: refuses keys that do not fit what they shall open, before anything is written.

    Returns:
        The newest key version that was restored.

    Raises:
        EscrowMismatch: the halves do not belong together.
        KeyExists: there is a key file; it is never written over.
    """
    (half_a, share_a), (half_b, share_b) = _read_half(path_a), _read_half(path_b)
    if half_a.get("half") == half_b.get("half"):
        raise EscrowMismatch(Saying("keduanya bagian yang sama"))
    if half_a.get("digest") != half_b.get("digest") or len(share_a) != len(share_b):
        raise EscrowMismatch(Saying("keduanya dari pembuatan yang berbeda"))
    plain = _xor(share_a, share_b)
    if hashlib.sha256(plain).hexdigest() != half_a["digest"]:
        raise EscrowMismatch(Saying("isinya berubah sejak dibuat"))
    try:
        keys = parse_key_file(key_path(), plain.decode())
    except (UnicodeDecodeError, KeyFileOdd) as fault:
        raise EscrowMismatch(Saying("hasil gabungannya bukan berkas kunci")) from fault
    check(status_of(keys))
    write_private(key_path(), to_text(keys), may_replace=False)
    return keys.version
