"""From exceptions to one clear line: what happened and what to do.

Faults nobody foresaw go to a log that holds no values, because values are people.
"""

import errno
import secrets
import sqlite3
import traceback
from datetime import UTC, datetime
from pathlib import Path

from entas.refusals import EntasRefusal, Saying, mark
from entas.sources.masking import mask_long_numbers

_DISK_FULL = mark(
    "Ruang disk penuh. Tidak ada yang setengah jadi; kosongkan ruang lalu jalankan perintah yang "
    "sama lagi."
)
# Parts of what the two databases say, in lower case, and what that means for the person.
_DATABASE_WORDS = (
    ("database or disk is full", _DISK_FULL),
    ("no space left on device", _DISK_FULL),
    ("could not extend file", _DISK_FULL),
    (
        "database is locked",
        mark(
            "Basis data terlalu lama dipakai perintah lain. Coba lagi setelah perintah itu selesai."
        ),
    ),
    (
        "readonly database",
        mark("Basis data tidak dapat ditulis. Periksa izin folder ENTAS_HOME."),
    ),
    (
        "read-only transaction",
        mark("Basis data tidak dapat ditulis. Periksa hak pengguna pada ENTAS_DATABASE_URL."),
    ),
    (
        "unable to open database file",
        mark("Berkas basis data tidak dapat dibuka. Periksa izin dan isi folder ENTAS_HOME."),
    ),
    (
        "file is not a database",
        mark("Berkas basis data rusak atau bukan milik Entas. Kembalikan dari cadangan."),
    ),
    (
        "malformed",
        mark("Berkas basis data rusak. Kembalikan dari cadangan."),
    ),
    (
        "disk i/o error",
        mark("Disk gagal membaca atau menulis basis data. Periksa disk lalu jalankan lagi."),
    ),
    (
        "password authentication failed",
        mark("PostgreSQL menolak pengguna atau sandi. Periksa ENTAS_DATABASE_URL."),
    ),
    (
        "permission denied",
        mark("Pengguna basis data tidak berhak. Periksa haknya di PostgreSQL."),
    ),
    (
        'role "',
        mark("PostgreSQL tidak mengenal pengguna itu. Periksa pengguna pada ENTAS_DATABASE_URL."),
    ),
    (
        'database "',
        mark("PostgreSQL tidak punya basis data itu. Periksa namanya pada ENTAS_DATABASE_URL."),
    ),
    (
        "resolve host",
        mark("Nama komputer PostgreSQL tidak dikenal. Periksa host pada ENTAS_DATABASE_URL."),
    ),
    (
        "translate host name",
        mark("Nama komputer PostgreSQL tidak dikenal. Periksa host pada ENTAS_DATABASE_URL."),
    ),
    (
        "too many connections",
        mark("PostgreSQL sudah melayani terlalu banyak sambungan. Coba lagi nanti."),
    ),
    (
        "no such table",
        mark("Basis data belum lengkap. Jalankan: entas init."),
    ),
    (
        "does not exist",
        mark(
            "Basis data belum dibuat atau belum lengkap. Periksa ENTAS_DATABASE_URL, lalu: "
            "entas init."
        ),
    ),
    (
        "connection",
        mark("PostgreSQL tidak dapat dihubungi. Periksa ENTAS_DATABASE_URL dan servernya."),
    ),
)


def _database_line(fault: Exception) -> Saying | None:
    said = str(fault).lower()
    for words, line in _DATABASE_WORDS:
        if words in said:
            return Saying(line)
    return None


# What the operating system refuses, the first that fits; {place} is the file, with a blank
# before it.
_SYSTEM_WORDS: tuple[tuple[frozenset[int], str], ...] = (
    (frozenset({errno.ENOSPC, errno.EDQUOT}), _DISK_FULL),
    (
        frozenset({errno.EACCES, errno.EPERM, errno.EROFS}),
        mark(
            "Tidak ada izin untuk membaca atau menulis{place}. Periksa izin berkas dan foldernya."
        ),
    ),
    (
        frozenset({errno.ENOENT}),
        mark("Berkas atau folder{place} tidak ada. Periksa letak dan ejaannya."),
    ),
    (
        frozenset({errno.EISDIR}),
        mark("Yang ditulis{place} adalah folder, bukan berkas. Tulis nama berkasnya."),
    ),
    (
        frozenset({errno.ENOTDIR}),
        mark("Bagian dari letak{place} bukan folder. Periksa letaknya."),
    ),
    (
        frozenset({errno.EFBIG}),
        mark("Berkas{place} melampaui ukuran terbesar yang diizinkan sistem. Periksa ulimit -f."),
    ),
    (
        frozenset({errno.ELOOP}),
        mark("Tautan{place} berputar dan tidak berujung pada berkas. Periksa tautannya."),
    ),
    (
        frozenset({errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE}),
        mark("Disk gagal membaca atau menulis{place}. Periksa disk lalu jalankan lagi."),
    ),
    (
        frozenset({errno.EMFILE, errno.ENFILE}),
        mark("Terlalu banyak berkas terbuka. Tutup program lain lalu jalankan lagi."),
    ),
    (
        frozenset({errno.ENAMETOOLONG}),
        mark("Nama berkas terlalu panjang. Pakai nama yang lebih pendek."),
    ),
)


def _system_line(fault: OSError) -> Saying | None:
    # Offices name files after persons.
    place = f" {mask_long_numbers(fault.filename)}" if isinstance(fault.filename, str) else ""
    for numbers, line in _SYSTEM_WORDS:
        if fault.errno in numbers:
            return Saying(line, place=place)
    return None


def known(fault: BaseException) -> Saying | None:
    """The words for a fault that is an answer; None when nobody foresaw it."""
    if isinstance(fault, EntasRefusal):
        return fault.saying
    if isinstance(fault, OSError):
        return _system_line(fault)
    if isinstance(fault, MemoryError):
        return Saying(
            "Memori tidak cukup. Tutup program lain, atau bagi berkasnya menjadi beberapa bagian."
        )
    if isinstance(fault, sqlite3.Error) or _is_database_error(fault):
        return _database_line(fault) if isinstance(fault, Exception) else None
    return None


def known_line(fault: BaseException) -> str | None:
    """The words of :func:`known` in Indonesian."""
    words = known(fault)
    return None if words is None else str(words)


def _is_database_error(fault: BaseException) -> bool:
    # By name: importing Django or psycopg here would slow down every command.
    names = {f"{kind.__module__}.{kind.__name__}" for kind in type(fault).__mro__}
    return bool(names & {"django.db.utils.Error", "psycopg.Error"})


def _frames(fault: BaseException) -> list[str]:
    """Where it happened: files, lines and functions of the whole chain of causes, no values."""
    lines: list[str] = []
    seen: BaseException | None = fault
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or seen.__context__
    return lines


def note(fault: BaseException, home: Path | None) -> tuple[str, Saying]:
    """Keep where an unforeseen fault happened, without what it was about.

    Args:
        fault: the exception; its message is not written, for it may quote a row of a list.
        home: folder of the installation, None when there is none yet.

    Returns:
        The code it was noted under, and words for where the log is.
    """
    code = secrets.token_hex(4)
    now = datetime.now(UTC)
    place = Saying("tidak dapat disimpan")
    if home is not None and home.is_dir():
        log = home / "logs" / f"galat-{now:%Y-%m}.log"
        try:
            log.parent.mkdir(mode=0o700, exist_ok=True)
            with log.open("a", encoding="utf-8") as file:
                file.write("\n".join([f"{now.isoformat()} [{code}]", *_frames(fault)]) + "\n\n")
            place = Saying("ada di {log}", log=log)
        except OSError:
            place = Saying("tidak dapat disimpan")
    return code, place


def unforeseen(fault: BaseException, home: Path | None) -> Saying:
    """What to show of an unforeseen fault that :func:`note` keeps: its code, where the log is."""
    code, place = note(fault, home)
    return Saying(
        "Galat tak terduga [{code}] ({kind}). Keadaan sebelumnya tetap berlaku. "
        "Catatannya (tanpa data pribadi) {place}; sampaikan kodenya kepada pengelola Entas.",
        code=code,
        kind=type(fault).__name__,
        place=place,
    )


def write_log(fault: BaseException, home: Path | None) -> str:
    """What :func:`unforeseen` has to show, in Indonesian."""
    return str(unforeseen(fault, home))
