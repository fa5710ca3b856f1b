"""The key file: JSON, readable by its owner only, replaced in one step, never written over."""

import base64
import binascii
import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from entas.custody.errors import KeyExists, KeyFileOdd, KeyMissing
from entas.refusals import Saying

_FORMAT = 1
_KEY_BYTES = 32
# The version travels in two bytes of every sealed value.
_LAST_VERSION = 0xFFFF


@dataclass(frozen=True)
class KeyFile:
    """The keys of one installation.

    ``sealing`` holds a base64 key a version; new values are sealed with the highest. ``index``
    is the key of the blind indexes; it stays the same for life, because an index made with
    another key would no longer find anybody.
    """

    id: str
    index: str
    sealing: dict[str, str]
    escrowed_version: int = 0
    format: int = field(default=_FORMAT)

    @property
    def version(self) -> int:
        """The version new values are sealed with."""
        return max(int(version) for version in self.sealing)


@dataclass(frozen=True)
class KeyStatus:
    """What may be shown about the keys: no key material."""

    path: str
    key_id: str
    version: int
    versions: tuple[int, ...]
    escrowed_version: int

    @property
    def is_rotating(self) -> bool:
        """A rotation was begun and old values are still waiting for the new key."""
        return len(self.versions) > 1

    @property
    def is_escrowed(self) -> bool:
        """The two holders can restore everything that is sealed today."""
        return self.escrowed_version == self.version


def key_path() -> Path:
    """Where the key file of this installation should stand."""
    return Path(settings.ENTAS_KEY_FILE)


def _fresh_key() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def decode_key(path: Path, text: str) -> bytes:
    """The 32 bytes behind a base64 text of the key file.

    Raises:
        KeyFileOdd: it is not base64 of 32 bytes.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise KeyFileOdd(path, Saying("isinya rusak; kembalikan dari salinan")) from fault
    if len(key) != _KEY_BYTES:
        raise KeyFileOdd(path, Saying("panjang kuncinya salah; kembalikan dari salinan"))
    return key


def parse_key_file(path: Path, text: str) -> KeyFile:
    """Read the JSON of a key file.

    Raises:
        KeyFileOdd: it is not a key file of this format.
    """
    try:
        keys = KeyFile(**json.loads(text))
        is_whole = (
            keys.format == _FORMAT
            and bool(keys.id)
            and bool(keys.sealing)
            and all(1 <= int(version) <= _LAST_VERSION for version in keys.sealing)
        )
    except (ValueError, TypeError, AttributeError) as fault:
        raise KeyFileOdd(path, Saying("isinya bukan berkas kunci Entas")) from fault
    if not is_whole:
        raise KeyFileOdd(path, Saying("bentuknya tidak dikenal versi Entas ini"))
    for key in (keys.index, *keys.sealing.values()):
        decode_key(path, key)
    return keys


def to_text(keys: KeyFile) -> str:
    """The JSON that stands in the file."""
    return json.dumps(asdict(keys), indent=1, sort_keys=True) + "\n"


@lru_cache(maxsize=4)
def _parsed(path: Path, _inode: int, _changed_ns: int, mode: int) -> KeyFile:
    if mode & 0o077:
        raise KeyFileOdd(
            path, Saying("pengguna lain dapat membacanya; jalankan: chmod 600 {path}", path=path)
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise KeyFileOdd(path, Saying("isinya bukan berkas kunci Entas")) from fault
    return parse_key_file(path, text)


def load() -> KeyFile:
    """The keys as they stand in the file now (read again only when the file was replaced).

    Raises:
        KeyMissing: there is no key file.
        KeyFileOdd: it cannot be read, others can read it, or it is damaged.
    """
    path = key_path()
    try:
        # Looking at the file each time is what lets a long command notice a rotation.
        stat = path.stat()
        return _parsed(path, stat.st_ino, stat.st_mtime_ns, stat.st_mode)
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise KeyMissing(path) from fault
    except PermissionError as fault:
        raise KeyFileOdd(
            path, Saying("tidak ada izin membacanya; jalankan sebagai pemiliknya")
        ) from fault


def write_private(path: Path, text: str, *, may_replace: bool) -> None:
    """Write a file that only its owner can read: whole or not at all, also when killed.

    Raises:
        KeyExists: the file is there and ``may_replace`` is false.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if may_replace:
            draft.replace(path)
        else:
            # A link fails when the name is taken: two commands cannot both make a key.
            os.link(draft, path)
    except FileExistsError as fault:
        raise KeyExists(path) from fault
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


def create_key_file() -> str:
    """Make new keys for a new installation.

    Returns:
        The id of the key file, to be kept beside the data it belongs to.

    Raises:
        KeyExists: there is a key file already.
    """
    # The letter in front: one in 1,800 ids has no other, and sixteen digits would be taken for
    # a NIK and refused by the chain of acts.
    keys = KeyFile(id=f"k{secrets.token_hex(8)}", index=_fresh_key(), sealing={"1": _fresh_key()})
    write_private(key_path(), to_text(keys), may_replace=False)
    return keys.id


def save(keys: KeyFile) -> None:
    """Replace the key file by ``keys`` in one step."""
    write_private(key_path(), to_text(keys), may_replace=True)


def key_id() -> str:
    """The id of the key file, which says which installation it belongs to."""
    return load().id


def status_of(keys: KeyFile) -> KeyStatus:
    """What may be shown of these keys, as those of this installation."""
    versions = tuple(sorted(int(version) for version in keys.sealing))
    return KeyStatus(str(key_path()), keys.id, keys.version, versions, keys.escrowed_version)


def status() -> KeyStatus:
    """What stands in the key file, without the keys."""
    return status_of(load())


def add_key_version() -> int:
    """Begin a rotation: from now on everything is sealed with a new key.

    Does nothing when a rotation is already under way, so that a killed one can go on.

    Returns:
        The version that new values are sealed with.

    Raises:
        KeyFileOdd: the versions are used up.
    """
    keys = load()
    if len(keys.sealing) > 1:
        return keys.version
    if keys.version >= _LAST_VERSION:
        raise KeyFileOdd(key_path(), Saying("nomor versi kunci sudah habis"))
    save(replace(keys, sealing={**keys.sealing, str(keys.version + 1): _fresh_key()}))
    return keys.version + 1


def drop_old_versions() -> None:
    """End a rotation: only the newest key stays. Call it when nothing old is sealed any more."""
    keys = load()
    newest = str(keys.version)
    save(replace(keys, sealing={newest: keys.sealing[newest]}))
