"""The environment, parsed once and refused when odd; the rest is Django's wiring.

Read from the environment: ``ENTAS_HOME`` (folder of one installation, default ``./entas-data``),
``ENTAS_DATABASE_URL`` (empty: SQLite in ENTAS_HOME; otherwise ``postgres://...``),
``ENTAS_KEY_FILE`` (default ``ENTAS_HOME/keys/entas.key``), ``ENTAS_HOSTS`` (names under which a
city's proxy passes browsers on, with https; empty: this machine only) and ``ENTAS_EMAIL_URL``
(``smtp://...``; empty: no mail is sent).
"""

import datetime as dt
import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from entas.refusals import EntasRefusal, Saying

# Seconds a thread keeps its connection; asked each time whether the server still knows it.
_CONNECTION = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
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
        raise OddSetting(
            "{name} memuat karakter kendali. Tulis ulang nilainya tanpa baris baru.", name=name
        )
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
        raise OddSetting("ENTAS_HOME={home} bukan folder. Pilih folder lain.", home=home)
    return home


def _key_file(home: Path) -> Path:
    given = _clean("ENTAS_KEY_FILE")
    path = Path(given).expanduser().absolute() if given else home / "keys" / "entas.key"
    if path.is_dir():
        raise OddSetting("ENTAS_KEY_FILE={path} adalah folder. Tulis nama berkas kunci.", path=path)
    return path


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        **_CONNECTION,
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


def _odd_url(why: Saying) -> OddSetting:
    # The value itself stays out of the message: it holds a password.
    return OddSetting(
        "ENTAS_DATABASE_URL tidak dapat dipakai: {why}. Bentuknya "
        "postgres://pengguna:sandi@host:5432/basisdata atau "
        "postgres://pengguna@/basisdata?host=/folder/soket; kosongkan untuk SQLite.",
        why=why,
    )


def _url_options(url: SplitResult) -> tuple[str, dict[str, str]]:
    """Socket folder (or "") and the connection options that stand behind the question mark."""
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    socket = options.pop("host", "")
    for name in options:
        if name not in {"sslmode", "sslrootcert", "connect_timeout"}:
            raise _odd_url(Saying("pilihan '{name}' tidak dikenal", name=name[:30]))
    _check_options(options)
    if socket and url.hostname:
        raise _odd_url(Saying("host tertulis dua kali"))
    if socket and not socket.startswith("/"):
        raise _odd_url(Saying("folder soket harus diawali /"))
    return socket, options


def _check_options(options: dict[str, str]) -> None:
    # The library would find these faults too, in English and when somebody is already waiting.
    wait = options.get("connect_timeout", "10")
    if not (wait.isascii() and wait.isdigit() and 0 < int(wait[:9]) <= _LONGEST_CONNECT):
        raise _odd_url(
            Saying(
                "connect_timeout harus bilangan detik dari 1 sampai {most}", most=_LONGEST_CONNECT
            )
        )
    if options.get("sslmode", "prefer") not in _SSL_MODES:
        raise _odd_url(Saying("sslmode salah satu dari {known}", known=", ".join(_SSL_MODES)))


def postgres_database(text: str) -> dict[str, Any]:
    """Django's connection settings for a ``postgres://`` address.

    Raises:
        OddSetting: the address is of another kind, lacks a part or has an unknown one.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as fault:
        raise _odd_url(Saying("alamat atau nomor porta salah tulis")) from fault
    if url.scheme not in {"postgres", "postgresql"}:
        raise _odd_url(Saying("jenis '{name}' tidak dikenal", name=url.scheme[:20]))
    socket, options = _url_options(url)
    name = unquote(url.path.removeprefix("/"))
    if not name or "/" in name:
        raise _odd_url(Saying("nama basis data tidak ada atau salah tulis"))
    if not socket and not url.hostname:
        raise _odd_url(Saying("host tidak ada"))
    return {
        **_CONNECTION,
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


def _web_secret(home: Path) -> str:
    """What cookies and forms are signed with: the file beside the keys, else one for this process.

    ``entas init`` makes the file. Losing it ends sessions and loses nothing else.
    """
    try:
        return (home / "keys" / "web.secret").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return secrets.token_urlsafe(50)


def _hosts() -> list[str]:
    """Names under which browsers may ask for this door; this machine's own when nothing is said.

    Raises:
        OddSetting: a name holds something no host name has.
    """
    names = [name.strip() for name in _clean("ENTAS_HOSTS").split(",") if name.strip()]
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]", name):
            raise OddSetting(
                "ENTAS_HOSTS memuat '{name}' yang bukan nama host. Tulis nama tanpa https:// "
                "dan tanpa porta, dipisah koma.",
                name=name[:60],
            )
    return [*names, "localhost", "127.0.0.1", "[::1]"]


def _odd_mail(why: Saying) -> OddSetting:
    # The value itself stays out of the message: it holds a password.
    return OddSetting(
        "ENTAS_EMAIL_URL tidak dapat dipakai: {why}. Bentuknya "
        "smtp://pengguna:sandi@host:587?from=entas@kota.example (STARTTLS), smtps://... (TLS), "
        "atau smtp://localhost:25?from=...&tls=none; kosongkan bila tidak mengirim surat.",
        why=why,
    )


def mail_server(text: str) -> dict[str, Any]:
    """Django's mail settings for an ``smtp://`` or ``smtps://`` address.

    Raises:
        OddSetting: the address is of another kind, lacks a part or has an unknown one.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as fault:
        raise _odd_mail(Saying("alamat atau nomor porta salah tulis")) from fault
    if url.scheme not in {"smtp", "smtps"}:
        raise _odd_mail(Saying("jenis '{name}' tidak dikenal", name=url.scheme[:20]))
    if not url.hostname or url.path.strip("/"):
        raise _odd_mail(Saying("host tidak ada atau salah tulis"))
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    sender, tls = options.pop("from", ""), options.pop("tls", "starttls")
    if options:
        name = next(iter(options))[:30]
        raise _odd_mail(Saying("pilihan '{name}' tidak dikenal", name=name))
    if not re.fullmatch(r"[^@\s<>]+@[A-Za-z0-9.-]+", sender):
        raise _odd_mail(Saying("from harus alamat surel pengirim"))
    if tls not in {"starttls", "none"} or (url.scheme == "smtps" and "tls=" in url.query):
        raise _odd_mail(Saying("tls salah satu dari starttls, none, dan hanya untuk smtp://"))
    if tls == "none" and url.password:
        raise _odd_mail(Saying("sandi tidak boleh dikirim tanpa TLS"))
    is_tls = url.scheme == "smtps"
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": port or (465 if is_tls else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": not is_tls and tls == "starttls",
        "DEFAULT_FROM_EMAIL": sender,
    }


ENTAS_HOME: Path = _home()
ENTAS_KEY_FILE: Path = _key_file(ENTAS_HOME)
DATABASES = _databases(ENTAS_HOME)
DATABASE_ROUTERS = ["entas.audit.routing.LooksApart"]

SECRET_KEY = _web_secret(ENTAS_HOME)
DEBUG = False
ALLOWED_HOSTS = _hosts()
ROOT_URLCONF = "entas.urls"
WSGI_APPLICATION = "entas.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "axes",
    "entas.audit",
    "entas.jobs",
    "entas.city",
    "entas.notices",
    "entas.sources",
    "entas.registry",
    "entas.web",
]
MIDDLEWARE = [
    "entas.web.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "entas.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "entas.web.middleware.Session",
    "entas.web.middleware.Door",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "entas.web.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "entas.web.templatetags.entas"],
        },
    }
]

# --- who signs in -------------------------------------------------------------------------
AUTH_USER_MODEL = "city.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# Ten wrong passwords lock an account for a quarter of an hour, from wherever they come.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "entas.web.views.session.counted_name"
AXES_RESET_ON_SUCCESS = True
# Trying on while it is locked neither tells whether a password is right nor locks it for longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "entas.web.views.session.locked"
# Failed tries are kept with what was typed, but never with anything that lets somebody in.
AXES_SENSITIVE_PARAMETERS = ["username", "code", "new_password1", "new_password2", "next"]
# Who signed in when stands in the chain of acts and in the list of sessions.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it is the account that is locked, not an office's address
LOGIN_URL = "sign_in"

# A working day; and half an hour without a click.
SESSION_COOKIE_AGE = 12 * 3_600
ENTAS_IDLE_SECONDS = 1_800
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# Behind the city's proxy everything is https; on localhost there is no certificate.
_IS_PUBLIC = bool(_clean("ENTAS_HOSTS"))
SESSION_COOKIE_SECURE = _IS_PUBLIC
CSRF_COOKIE_SECURE = _IS_PUBLIC
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS] if _IS_PUBLIC else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_PUBLIC else None
SECURE_HSTS_SECONDS = 31_536_000 if _IS_PUBLIC else 0
SECURE_REFERRER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "entas.web.views.errors.forged"

# --- messages that leave the house ----------------------------------------------------------
ENTAS_SENDS_MAIL = bool(_clean("ENTAS_EMAIL_URL"))
# Where people sign in, for the end of a mail; not known without a proxy of the city.
ENTAS_ADDRESS = f"https://{ALLOWED_HOSTS[0]}" if _IS_PUBLIC else ""
EMAIL_TIMEOUT = 15
if ENTAS_SENDS_MAIL:
    globals().update(mail_server(_clean("ENTAS_EMAIL_URL")))

# --- what is sent to browsers ---------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ENTAS_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Whole NIK and KK numbers one person may open within an hour, and rows of one exported list.
ENTAS_REVEALS_AN_HOUR = 30
ENTAS_EXPORT_ROWS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
FORMAT_MODULE_PATH = ["entas.locale"]
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
# Doors decide what is shown and logged; Django's own handlers would print SQL and values.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {name: {"handlers": ["nowhere"], "propagate": False} for name in ("django", "axes")},
}
