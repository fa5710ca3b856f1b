"""Where a file that somebody asks for may stand, and how it gets there: whole or not at all.

Everything that Entas writes outside its own folder goes through here. What it writes holds people
or keys, so a target is an ordinary file or a free name in a folder that exists, never the file
that is being read, never anything inside the installation, never a device or a pipe.
"""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from entas.custody.errors import CannotWrite
from entas.refusals import Saying

# As in what is shown of a list: offices name files after persons.
_LONG_NUMBER = re.compile(r"\d{13,}")
_TRIES = 20
_ELSEWHERE = Saying("Pilih nama atau folder lain.")
_REASONS = {
    errno.ENOENT: Saying("foldernya tidak ada"),
    errno.ENOTDIR: Saying("bagian dari letaknya bukan folder"),
    errno.EACCES: Saying("tidak ada izin"),
    errno.EPERM: Saying("tidak ada izin"),
    errno.EROFS: Saying("medianya hanya dapat dibaca"),
    errno.ELOOP: Saying("tautannya berputar"),
    errno.ENAMETOOLONG: Saying("namanya terlalu panjang"),
}
# What is true of the disk and not of the place is said in the door's words.
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def shown_target(path: Path) -> str:
    """A file's name as a message may hold it."""
    return _LONG_NUMBER.sub(lambda found: "*" * (len(found[0]) - 2) + found[0][-2:], path.name)[
        :120
    ]


def target_of(path: Path, *, inputs: Iterable[Path] = ()) -> Path:
    """Where a file asked for would really stand, links followed.

    Args:
        path: as it was asked for.
        inputs: files that are being read and must not be written over.

    Raises:
        CannotWrite: nothing may be written there; the message says why.
    """
    if path.name in {"", ".", ".."}:
        raise CannotWrite(
            "Hasil tidak dapat ditulis ke '{path}': itu bukan nama berkas. {elsewhere}",
            path=str(path)[:120],
            elsewhere=_ELSEWHERE,
        )
    with _refused(path):
        found = _stat(path)
        # Its own words for a loop: resolve() would raise RuntimeError, realpath goes on.
        target = Path(os.path.realpath(path))
        folder = target.parent.stat()
    if not stat.S_ISDIR(folder.st_mode):
        raise _no(path, Saying("bagian dari letaknya bukan folder"))
    if _is_inside_home(target):
        raise _no(
            path, Saying("letaknya di dalam folder instalasi {home}", home=settings.ENTAS_HOME)
        )
    if found is not None:
        _check_standing(path, target, found, inputs)
    return target


def _check_standing(
    path: Path, target: Path, found: os.stat_result, inputs: Iterable[Path]
) -> None:
    """What already stands there is an ordinary file that may be replaced."""
    if stat.S_ISDIR(found.st_mode):
        raise _no(path, Saying("itu folder"))
    if not stat.S_ISREG(found.st_mode):
        raise _no(path, Saying("itu bukan berkas biasa (perangkat, pipa atau soket)"))
    if any(_is_same(found, other) for other in inputs):
        raise _no(path, Saying("itu berkas yang sedang dibaca"))
    if _is_same(found, Path(settings.ENTAS_KEY_FILE)):
        raise _no(path, Saying("itu berkas kunci"))
    # /dev/stdout leads to whatever file the shell made of it; replacing that loses the words
    # that are being written to it.
    if any(_is_same_as_stream(found, number) for number in (1, 2)):
        raise _no(path, Saying("itu keluaran perintah ini sendiri"))
    if not os.access(target, os.W_OK):
        raise _no(path, Saying("berkas itu dikunci terhadap penulisan"))


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_same(found: os.stat_result, other: Path) -> bool:
    """Whether it is the same file, also by a hard link or another way of writing its place."""
    with suppress(OSError):
        return os.path.samestat(found, other.stat())
    return False


def _is_same_as_stream(found: os.stat_result, number: int) -> bool:
    with suppress(OSError):
        return os.path.samestat(found, os.fstat(number))
    return False


def _is_inside_home(target: Path) -> bool:
    with suppress(OSError):
        home = Path(settings.ENTAS_HOME).stat()
        # By identity and not by name: a bind mount or another case of letters is the same folder.
        return any(_is_same(home, folder) for folder in target.parents)
    return False


def _no(path: Path, why: Saying) -> CannotWrite:
    return CannotWrite(
        "Berkas {file} tidak dapat ditulis: {why}. {elsewhere}",
        file=shown_target(path),
        why=why,
        elsewhere=_ELSEWHERE,
    )


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    """Whatever the system does not allow at this place is a refusal that names the place."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _OF_THE_DISK:
            raise
        why = _REASONS.get(fault.errno or 0, Saying("sistem menolaknya"))
        raise CannotWrite(
            "Berkas {file} tidak dapat ditulis di folder itu: {why}. Periksa folder dan haknya.",
            file=shown_target(path),
            why=why,
        ) from fault


@contextmanager
def complete_file(
    path: Path, *, inputs: Iterable[Path] = (), may_replace: bool = True
) -> Iterator[BinaryIO]:
    """A stream whose content appears at ``path`` when the block ends well, and not before.

    Until then it stands beside the target under a name of its own, for the owner's eyes only.
    What a killed command left there is taken away by the next one with the same target.

    Args:
        path: where the file shall stand.
        inputs: files that are being read and must not be written over.
        may_replace: write over an ordinary file that stands there already.

    Raises:
        CannotWrite: see :func:`target_of`.
        FileExistsError: the name is taken and ``may_replace`` is false.
    """
    inputs = tuple(inputs)
    target = target_of(path, inputs=inputs)
    with _refused(path):
        _sweep(target)
        draft, stream = _draft(target)
    try:
        yield stream
        stream.flush()
        # Long work lies between: the name may have become something else.
        if target_of(path, inputs=inputs) != target:
            raise _no(path, Saying("letaknya berubah selama ditulis"))
        _put(path, draft, target, may_replace=may_replace)
    finally:
        with suppress(OSError):
            draft.unlink()
        # Last, for the lock on it keeps others from sweeping the draft away.
        with suppress(OSError):
            stream.close()


def _put(path: Path, draft: Path, target: Path, *, may_replace: bool) -> None:
    if not may_replace:
        # A link fails when the name is taken, also by somebody who came a moment ago.
        os.link(draft, target)
        return
    with _refused(path):
        draft.replace(target)


def _drafts_begin(target: Path) -> str:
    # A hash: the name of the target may be as long as a name can be, or hold a NIK.
    return f".entas-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}-"


def _draft(target: Path) -> tuple[Path, BinaryIO]:
    """A new file beside the target, locked as long as its writer lives."""
    for _ in range(_TRIES):
        draft = target.with_name(f"{_drafts_begin(target)}{secrets.token_hex(8)}.sebagian")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        number = os.open(draft, flags, 0o600)
        stream = os.fdopen(number, "w+b")
        if _is_locked(number) and _still_stands(draft, number):
            return draft, stream
        # Somebody swept in the moment before the lock.
        stream.close()
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _is_locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A disk without locks: nobody can lock there, so nobody sweeps there either.
        return True
    return True


def _still_stands(draft: Path, number: int) -> bool:
    try:
        return os.path.samestat(draft.lstat(), os.fstat(number))
    except FileNotFoundError:
        return False


def _sweep(target: Path) -> None:
    """Take away drafts of this target whose writers are gone."""
    begin = _drafts_begin(target)
    with os.scandir(target.parent) as entries:
        left = [Path(entry.path) for entry in entries if entry.name.startswith(begin)]
    for draft in left:
        with suppress(OSError):
            _sweep_one(draft)


def _sweep_one(draft: Path) -> None:
    number = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(number)
        if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid():
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()
    finally:
        os.close(number)
