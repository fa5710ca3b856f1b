"""``python -m bench``: build cities, measure, keep the figures, write the page."""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import cases, machine, page, web
from bench.cities import DEVELOPMENT_SEEDS, City, city

RESULTS = machine.ROOT / "bench" / "results"
CASES = ("febrl", "quality", "duplicates", "speed", "import", "doors", "growth", "web")
GROWTH_SIZES = ("kecamatan", "city", "x2")


def main() -> int:
    """Parse the words, measure what was asked for; 1 when a case failed."""
    words = _words()
    machine.hold_to_cores()
    words.out.parent.mkdir(parents=True, exist_ok=True)
    kept = _kept(words)
    for seed in words.seeds:
        if seed in DEVELOPMENT_SEEDS:
            _say(f"seed {seed} is one of development: its figures prove nothing")
        _measure(words, seed, kept)
    page.write(kept, page.PAGE if words.page else words.out.with_suffix(".md"))
    failed = _failures(kept)
    for where in failed:
        _say(f"failed: {where}")
    return 1 if failed else 0


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", default="city", choices=("mini", "kecamatan", "city"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--quick", action="store_true", help="each measurement once, no growth")
    parser.add_argument("--times", type=int, default=3, help="repetitions of timed cases")
    parser.add_argument("--work", type=Path, default=machine.ROOT / "build" / "bench")
    parser.add_argument("--out", type=Path, help="the JSON file (default: bench/results/COMMIT)")
    parser.add_argument("--no-page", dest="page", action="store_false",
                        help="write the page beside the JSON, not into docs")  # fmt: skip
    words = parser.parse_args()
    words.times = 1 if words.quick else words.times
    if words.quick:
        words.only = [case for case in words.only if case != "growth"]
    words.out = words.out or RESULTS / f"{machine.commit()}.json"
    return words


def _kept(words: argparse.Namespace) -> dict[str, Any]:
    """The figures of this commit so far, so that a run may be continued case by case."""
    about = {
        "commit": machine.commit(),
        "size": words.size,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.described(),
        "versions": machine.versions(),
    }
    if words.out.exists():
        before = json.loads(words.out.read_text(encoding="utf-8"))
        if before["commit"] == about["commit"] and before["size"] == words.size:
            return {**before, **about}
    return {**about, "febrl": {}, "growth": {}, "seeds": {}}


def _measure(words: argparse.Namespace, seed: int, kept: dict[str, Any]) -> None:
    figures = kept["seeds"].setdefault(str(seed), {})
    first = seed == words.seeds[0]
    plan = _plan(words, city(words.size, seed, words.work), first=first)
    for name in words.only:
        for where, label, measure in plan.get(name, ()):
            _say(f"[{seed}] {label}")
            began = time.monotonic()
            target = kept if where == "kept" else figures
            target[label] = cases.guarded(measure)
            _say(f"[{seed}] {label}: {time.monotonic() - began:.0f} s")
            words.out.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


Step = tuple[str, str, Callable[[], Any]]


def _plan(words: argparse.Namespace, town: City, *, first: bool) -> dict[str, list[Step]]:
    """The steps of every case; what does not depend on the seed is measured with the first."""
    times = words.times
    plan: dict[str, list[Step]] = {
        "quality": [("seed", "quality", lambda: cases.quality(town, _say))],
        "duplicates": [
            (
                "seed",
                "duplicates",
                lambda: cases.duplicates(town, _say, times=1 if not first else times),
            )
        ],
    }
    if first:
        plan |= {
            "febrl": [("kept", "febrl", lambda: cases.febrl(_say))],
            "speed": [("seed", "speed", lambda: cases.speed(town, _say, times=times))],
            "import": [("seed", "import", lambda: cases.small_import(town, _say, times=times))],
            "doors": [
                ("seed", kind, lambda kind=kind: cases.whole_city(town, _say, database=kind))
                for kind in ("sqlite", "postgresql")
            ],
            "growth": [("kept", "growth", lambda: _growth(words, town.seed))],
            "web": [
                ("seed", f"web_{kind}", lambda kind=kind: web.web(town, _say, database=kind))
                for kind in ("sqlite", "postgresql")
            ],
        }
    return plan


def _growth(words: argparse.Namespace, seed: int) -> dict[str, Any]:
    """The whole way on SQLite and the linkage alone, at every size."""
    sizes = GROWTH_SIZES if words.size == "city" else GROWTH_SIZES[:1]
    found = {}
    for size in sizes:
        town = city(size, seed, words.work)
        found[size] = {
            "rows": sum(town.entry(source)["rows"] for source in town.delivered()),
            "doors": cases.guarded(lambda town=town: cases.files_to_links(town, _say)),
            "speed": cases.guarded(lambda town=town: cases.ours_alone(town, _say)),
        }
    return found


def _failures(kept: Any, where: str = "") -> list[str]:
    if not isinstance(kept, dict):
        return []
    if "failed" in kept:
        return [f"{where}: {kept['failed']}"]
    return [one for name, part in kept.items() for one in _failures(part, f"{where}/{name}")]


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
