"""``entas web``: the web door, served by one process with several threads."""

import argparse
import errno
import hashlib
import ipaddress
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from entas.cli.frame import say, tell, whole_number
from entas.cli.processes import add_parent, end_with_parent
from entas.refusals import EntasRefusal, Saying, mark

TARGET = "entas.wsgi:application"
# Measured with twenty sessions on two cores: see decision 0019.
THREADS = 4
_IDLE_SECONDS = 600
_SECONDS_TO_END = 10
_HIGHEST_PORT = 65_535
ODD_PLACE = mark("alamat {address} porta {port} tidak diterima sistem. Periksa --host dan --port.")
_PLACE_WORDS = {
    errno.EADDRINUSE: mark("porta {port} sudah dipakai program lain. Pilih --port lain."),
    errno.EACCES: mark("porta {port} hanya untuk pengelola sistem. Pilih --port dari 1024."),
    errno.EADDRNOTAVAIL: mark("alamat {address} bukan milik komputer ini. Periksa --host."),
}


class CannotListen(EntasRefusal):
    """The web door cannot be opened there."""


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add ``web``."""
    parser = subparsers.add_parser("web", help="buka pintu web, sampai dihentikan")
    add_place(parser)
    add_parent(parser)
    parser.set_defaults(run=run)


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where to listen."""
    parser.add_argument("--host", default="127.0.0.1", metavar="ALAMAT", help="bawaan: 127.0.0.1")
    parser.add_argument(
        "--port", default=8000, type=whole_number, metavar="PORTA", help="bawaan: 8000"
    )


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    except ValueError as fault:
        raise CannotListen(
            "--host '{host}' bukan alamat IP. Tulis misalnya 127.0.0.1 (komputer ini saja) atau "
            "0.0.0.0.",
            host=host[:60],
        ) from fault


def check_place(host: str, port: int) -> tuple[str, int]:
    """The address to listen on, once it is known to be allowed and free.

    Raises:
        CannotListen: others could reach invented people or an unprotected door, or the port is
            odd, busy or not ours to take.
    """
    address = _address_of(host)
    if not 0 < port <= _HIGHEST_PORT:
        raise CannotListen(
            "--port {port} bukan nomor porta (1 sampai {most}).", port=port, most=_HIGHEST_PORT
        )
    if not address.is_loopback:
        _check_may_be_reached(str(address))
    _check_free(str(address), port)
    return str(address), port


def _check_may_be_reached(address: str) -> None:
    from django.conf import settings

    from entas.city.queries import is_demo

    if is_demo():
        raise CannotListen(
            "Instalasi demo hanya melayani komputer ini; {address} dapat dijangkau orang lain. "
            "Hapus --host.",
            address=address,
        )
    if not settings.ENTAS_ADDRESS:
        raise CannotListen(
            "{address} dapat dijangkau komputer lain, padahal ENTAS_HOSTS kosong. Isi ENTAS_HOSTS "
            "dengan nama di belakang proksi https kota, atau hapus --host.",
            address=address,
        )


def _check_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections of a server that just ended still linger.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as fault:
            line = _PLACE_WORDS.get(fault.errno or 0, ODD_PLACE)
            raise CannotListen(
                "Porta tidak dapat dibuka: {why}",
                why=Saying(line, port=port, address=address),
            ) from fault


# --- files for browsers ----------------------------------------------------------------------


def _static_stamp() -> str:
    """A short hash over version, names, sizes and times of all files for browsers."""
    from importlib.metadata import version

    from django.contrib.staticfiles.finders import get_finders

    lines = [version("entas")]
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            lines.append(f"{name} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]


def gather_static() -> bool:
    """Gather the files for browsers when they changed: named by content, packed beforehand.

    Returns:
        Whether anything was done.
    """
    from django.conf import settings
    from django.core.management import call_command

    from entas.tables import run_lock

    root = Path(settings.STATIC_ROOT)
    stamp, mark = _static_stamp(), root / "stamp.txt"
    with run_lock("static", wait_seconds=60):
        with suppress(OSError):
            if mark.read_text(encoding="ascii") == stamp:
                return False
        call_command("collectstatic", interactive=False, verbosity=0, clear=root.exists())
        mark.write_text(stamp, encoding="ascii")
    return True


# --- serving ---------------------------------------------------------------------------------


def _warm_up() -> None:
    """Read the register into memory, so that the first person who searches need not wait."""
    from django.db import connections

    from entas import faults
    from entas.registry.queries.ready import warm

    try:
        warm()
    except (EntasRefusal, OSError) as fault:
        tell(f"Register belum dapat dibaca: {faults.known_line(fault)}")
    finally:
        connections.close_all()


def load_target(target: str) -> Callable[..., Any]:
    """The application behind ``module:name``."""
    from django.utils.module_loading import import_string

    application: Callable[..., Any] = import_string(target.replace(":", "."))
    return application


def load(target: str, *, parent: int) -> Callable[..., Any]:
    """What the serving process runs first; it ends with the process that started it."""
    application = load_target(target)
    end_with_parent(parent)
    threading.Thread(target=_warm_up, daemon=True, name="register").start()
    return application


def _serve(address: str, port: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    server = Server(
        TARGET,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        # The register lies in memory once; threads share it.
        workers=1,
        blocking_threads=THREADS,
        # A thread that ends takes its connection to the database along.
        blocking_threads_idle_timeout=_IDLE_SECONDS,
        respawn_failed_workers=True,
        workers_kill_timeout=_SECONDS_TO_END,
        websockets=False,
        # Its log would hold tracebacks and addresses of people's computers.
        log_enabled=False,
    )
    server.serve(target_loader=partial(load, parent=os.getpid()))


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Serve until the process is asked to end."""
    from django.db import connections
    from django.urls import get_resolver

    address, port = check_place(args.host, args.port)
    gather_static()
    # Faults of a page that cannot be imported belong to this process and its one line.
    load_target(TARGET)
    get_resolver().url_patterns  # noqa: B018
    if args.with_parent:
        end_with_parent(args.with_parent)
    # The serving process is a fork; it opens its own.
    connections.close_all()
    shown = f"[{address}]" if ":" in address else address
    say(f"Entas terbuka di http://{shown}:{port}/  Hentikan dengan Ctrl-C.")
    _serve(address, port)
    say("Pintu web ditutup.")
    return {"address": f"http://{shown}:{port}/"}
