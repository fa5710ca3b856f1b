"""The environment, parsed once and refused when odd; the rest is Django's wiring.

Read from the environment: ``ENTAS_HOME`` (folder of one installation, default ``./entas-data``),
``ENTAS_DATABASE_URL`` (empty: SQLite in ENTAS_HOME; otherwise ``postgres://...``) and
``ENTAS_KEY_FILE`` (default ``ENTAS_HOME/keys/entas.key``).
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from entas.refusals import EntasRefusal

# Seconds a SQLite writer waits for another one; transactions are kept under a second.
_BUSY_SECONDS = 30
_LONGEST_CONNECT = 3_600
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    # With WAL a power cut can lose the last commits but never corrupt the file.
    "PRAGMA synchronous=NORMAL;"
    "PRAGMA cache_size=-32768;"
    # Sorting must not spill rows of people into the system's temporary folder.
    "PRAGMA temp_store=MEMORY;"
)


class OddSetting(EntasRefusal):
    """A variable of the environment holds something Entas cannot work with."""


def _clean(name: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value.isprintable():
        raise OddSetting(f"{name} memuat karakter kendali. Tulis ulang nilainya tanpa baris baru.")
    return value


def _home() -> Path:
    """The folder of this installation; it need not exist yet.

    Raises:
        OddSetting: the path leads to something that is not a folder.
    """
    try:
        home = Path(_clean("ENTAS_HOME") or "entas-data").expanduser().resolve()
        is_odd = home.exists() and not home.is_dir()
    except (OSError, RuntimeError) as fault:
        raise OddSetting("ENTAS_HOME tidak dapat dibaca. Pilih folder lain.") from fault
    if is_odd:
        raise OddSetting(f"ENTAS_HOME={home} bukan folder. Pilih folder lain.")
    return home


def _key_file(home: Path) -> Path:
    given = _clean("ENTAS_KEY_FILE")
    path = Path(given).expanduser().absolute() if given else home / "keys" / "entas.key"
    if path.is_dir():
        raise OddSetting(f"ENTAS_KEY_FILE={path} adalah folder. Tulis nama berkas kunci.")
    return path


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": _BUSY_SECONDS,
            # A transaction that reads first and writes later would otherwise fail at once
            # when another writer came between, whatever the timeout says.
            "transaction_mode": "IMMEDIATE",
            "init_command": _SQLITE_PRAGMAS,
        },
    }


def _odd_url(why: str) -> OddSetting:
    # The value itself stays out of the message: it holds a password.
    return OddSetting(
        f"ENTAS_DATABASE_URL tidak dapat dipakai: {why}. Bentuknya "
        "postgres://pengguna:sandi@host:5432/basisdata atau "
        "postgres://pengguna@/basisdata?host=/folder/soket; kosongkan untuk SQLite."
    )


def _url_options(url: SplitResult) -> tuple[str, dict[str, str]]:
    """Socket folder (or "") and the connection options that stand behind the question mark."""
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    socket = options.pop("host", "")
    for name in options:
        if name not in {"sslmode", "sslrootcert", "connect_timeout"}:
            raise _odd_url(f"pilihan '{name[:30]}' tidak dikenal")
    _check_options(options)
    if socket and url.hostname:
        raise _odd_url("host tertulis dua kali")
    if socket and not socket.startswith("/"):
        raise _odd_url("folder soket harus diawali /")
    return socket, options


def _check_options(options: dict[str, str]) -> None:
    # The library would find these faults too, in English and when somebody is already waiting.
    wait = options.get("connect_timeout", "10")
    if not (wait.isascii() and wait.isdigit() and 0 < int(wait[:9]) <= _LONGEST_CONNECT):
        raise _odd_url(f"connect_timeout harus bilangan detik dari 1 sampai {_LONGEST_CONNECT}")
    if options.get("sslmode", "prefer") not in _SSL_MODES:
        raise _odd_url(f"sslmode salah satu dari {', '.join(_SSL_MODES)}")


def postgres_database(text: str) -> dict[str, Any]:
    """Django's connection settings for a ``postgres://`` address.

    Raises:
        OddSetting: the address is of another kind, lacks a part or has an unknown one.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as fault:
        raise _odd_url("alamat atau nomor porta salah tulis") from fault
    if url.scheme not in {"postgres", "postgresql"}:
        raise _odd_url(f"jenis '{url.scheme[:20]}' tidak dikenal")
    socket, options = _url_options(url)
    name = unquote(url.path.removeprefix("/"))
    if not name or "/" in name:
        raise _odd_url("nama basis data tidak ada atau salah tulis")
    if not socket and not url.hostname:
        raise _odd_url("host tidak ada")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": socket or url.hostname,
        "PORT": str(port or ""),
        "OPTIONS": {"connect_timeout": "10", **options},
    }


def _databases(home: Path) -> dict[str, dict[str, Any]]:
    url = _clean("ENTAS_DATABASE_URL")
    if url:
        return {"default": postgres_database(url)}
    # Looks lie in a file of their own: SQLite has one writer, and looking at a person must
    # never wait for an import.
    return {"default": _sqlite(home / "entas.sqlite3"), "looks": _sqlite(home / "looks.sqlite3")}


ENTAS_HOME: Path = _home()
ENTAS_KEY_FILE: Path = _key_file(ENTAS_HOME)
DATABASES = _databases(ENTAS_HOME)
DATABASE_ROUTERS = ["entas.audit.routing.LooksApart"]

# Nothing signed outlives a process as long as there is no web door.
SECRET_KEY = secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "entas.urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "entas.audit",
    "entas.jobs",
    "entas.city",
    "entas.sources",
    "entas.registry",
]
MIDDLEWARE: list[str] = []
AUTH_USER_MODEL = "city.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "id"
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True
# Doors decide what is shown and logged; Django's own handlers would print SQL and values.
LOGGING_CONFIG = None
