"""The commands that stay: real processes on a free port, killed and asked to end."""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

EVERYWHERE = "0.0.0.0"  # noqa: S104
_PATIENCE = 30
_DJANGO = (
    "import os, json; os.environ['DJANGO_SETTINGS_MODULE'] = 'entas.settings'\n"
    "import django; django.setup()\n"
    "from django.utils import timezone\n"
    "from pathlib import Path\n"
    "from entas.jobs.models import Job\n"
    "from entas.city.queries import acting_user\n"
    "from entas.city.services import start_job\n"
)
_JOB = (
    "job = Job.objects.order_by('pk').last()\n"
    "print(json.dumps([job.state, job.attempts, job.progress, job.process, job.result]))"
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def asked(installed, code):
    """What a few lines of Python beside the running processes print."""
    done = subprocess.run(
        [sys.executable, "-c", _DJANGO + code],
        env=installed.env,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout) if done.stdout else None


def until(true, what):
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


def stat_of(pid):
    """State and number of the parent of a process, and more."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pid):
    """Numbers of a process and of everything it started."""
    found, parents = {pid}, {}
    for entry in (path.name for path in Path("/proc").iterdir()):
        if entry.isdigit():
            with suppress(OSError):
                parents[int(entry)] = int(stat_of(entry)[1])
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def is_running(pid):
    with suppress(OSError):
        return stat_of(pid)[0] != "Z"
    return False


@contextmanager
def started(installed, *words):
    """A command that stays; whatever of it is left behind is killed."""
    process = subprocess.Popen(
        installed.command(*words),
        env=installed.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        # The others end with it, as another test proves.
        process.kill()
        process.communicate(timeout=15)


def get(port, path, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return answer.status, answer.headers, answer.read()


def is_open(port):
    try:
        return get(port, "/masuk/")[0] == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def test_serve_opens_the_door_and_leaves_nobody_behind(installed):
    port = free_port()
    with started(installed, "serve", "--port", port) as serve:
        until(lambda: is_open(port), "the door")
        page = get(port, "/masuk/")[2].decode()
        sheet = re.search(r'href="(/static/web/entas\.[0-9a-f]{12}\.css)"', page)[1]
        status, headers, body = get(port, sheet, **{"Accept-Encoding": "gzip"})
        members = family(serve.pid)

        serve.send_signal(signal.SIGINT)
        out, err = serve.communicate(timeout=_PATIENCE)

    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "max-age=315360000" in headers["Cache-Control"]
    assert b"--entas-navy" in gzip.decompress(body)
    assert (serve.returncode, err) == (0, "")
    assert f"Entas terbuka di http://127.0.0.1:{port}/" in out
    assert len(members) == 4
    until(lambda: not any(map(is_running, members)), "the end of everybody")


def test_work_of_a_killed_worker_is_picked_up_again_and_finished(installed, tmp_path):
    path = tmp_path / "besar.csv"
    rows = [f"157181410190{n % 9_999 + 1:04d},ANI {n},01-01-1990,LEGOK" for n in range(60_000)]
    path.write_text("NIK,NAMA,TANGGAL LAHIR,KELURAHAN\n" + "\n".join(rows), encoding="utf-8")
    with started(installed, "serve", "--port", free_port()) as serve:
        asked(
            installed,
            "from datetime import date\n"
            "from entas.sources.services import Arrival, start_import\n"
            f"arrival = Arrival(Path({str(path)!r}), 'umum', date(2026, 6, 1))\n"
            "start_import(arrival=arrival, by=acting_user(), now=timezone.localtime())",
        )
        lock = installed.home / "locks" / "import.lock"
        until(lambda: lock.exists() and '"pid"' in lock.read_text(), "the import")
        first = json.loads(lock.read_text())["pid"]
        assert first in family(serve.pid)
        os.kill(first, signal.SIGKILL)

        _, attempts, progress, second, result = until(
            lambda: (found := asked(installed, _JOB))[0] == "selesai" and found, "the end"
        )

    assert (attempts, progress > 0, result["rows"]) == (2, True, 60_000)
    assert second != first
    imports = installed.json("sources", "list")["imports"]
    assert [(one["import_id"], one["state"], one["rows"]) for one in imports] == [
        (1, "accepted", 60_000)
    ]


def test_children_end_when_the_one_that_keeps_them_is_killed(installed):
    port = free_port()
    with started(installed, "serve", "--port", port) as serve:
        until(lambda: is_open(port), "the door")
        members = family(serve.pid) - {serve.pid}

        serve.kill()

        until(lambda: not any(map(is_running, members)), "the end of the children")
    assert not is_open(port)


def test_a_worker_ends_at_once_when_it_is_asked_to(installed):
    with started(installed, "worker") as worker:
        assert "Pekerja siap" in worker.stdout.readline()
        worker.terminate()
        out, err = worker.communicate(timeout=5)

    assert (worker.returncode, out, err) == (0, "Pekerja berhenti.\n", "")


def test_a_place_that_is_odd_busy_or_open_to_others_is_refused_in_one_line(installed):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        places = {
            ("web", "--port", port): f"porta {port} sudah dipakai program lain. Pilih --port lain.",
            ("web", "--host", "entas.kota.example"): "bukan alamat IP",
            ("web", "--port", "0"): "bukan nomor porta (1 sampai 65535)",
            ("web", "--port", "70000"): "bukan nomor porta (1 sampai 65535)",
            ("web", "--host", EVERYWHERE): "Instalasi demo hanya melayani komputer ini",
            ("serve", "--host", EVERYWHERE): "Instalasi demo hanya melayani komputer ini",
        }

        said = {words: installed.refusal(*words) for words in places}

    assert [words for words, line in said.items() if places[words] not in line] == []


def test_a_real_installation_needs_a_name_before_others_reach_it(empty_home):
    empty_home.json("init")

    line = empty_home.refusal("web", "--host", EVERYWHERE, "--port", free_port())

    assert "padahal ENTAS_HOSTS kosong" in line


def test_the_process_that_forks_loads_nothing_with_threads_of_its_own():
    """What draws the charts would wait for its threads for ever in the fork."""
    program = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'entas.settings'\n"
        "from entas.cli import web; web.load_target(web.TARGET)\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "import threading, time; time.sleep(1)\n"
        "print('vl_convert' in sys.modules, threading.active_count())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["False", "1"]
