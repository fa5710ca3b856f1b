"""The synthetic cities the measurements run on, built once a seed."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import MeasurementFailed, run

# Development looks at the cities of seeds 7 and 1571; they prove nothing.
DEVELOPMENT_SEEDS = frozenset({7, 1571})
REGISTER = "dukcapil"


@dataclass(frozen=True)
class City:
    """One built city: its folder holds ``lists`` and ``truth``."""

    size: str
    seed: int
    folder: Path
    manifest: dict[str, Any]

    @property
    def work(self) -> Path:
        """Where measurements keep what they derive from this city."""
        return self.folder / "bench"

    def entry(self, source: str) -> dict[str, Any]:
        """The manifest entry of one list."""
        return next(one for one in self.manifest["files"] if one["source"] == source)

    def file(self, source: str) -> Path:
        """The delivered file of one list."""
        return self.folder / str(self.entry(source)["file"])

    def checked(self) -> list[str]:
        """Every list that is held against the register."""
        return [e["source"] for e in self.manifest["files"] if e["role"] in ("list", "check")]

    def delivered(self) -> list[str]:
        """The lists that enter the registry, the register first."""
        return [e["source"] for e in self.manifest["files"] if e["role"] in ("register", "list")]


def city(size: str, seed: int, under: Path) -> City:
    """The city of this size and seed, built now if it is not there.

    Raises:
        MeasurementFailed: the builder failed.
    """
    folder = under / f"{size}-{seed}"
    path = folder / "manifest.json"
    if not path.exists():
        words = ["build", "--size", size, "--seed", str(seed), "--out", str(folder)]
        ended = run([sys.executable, "-m", "kotacontoh", *words])
        if ended.code:
            raise MeasurementFailed(f"kotacontoh build: {ended.err[-600:]}")
    return City(size, seed, folder, json.loads(path.read_text(encoding="utf-8")))
