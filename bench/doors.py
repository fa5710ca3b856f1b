"""Entas as its users meet it: the ``entas`` command, each process weighed."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Result, last_json, run


@dataclass
class Installation:
    """One installation folder and what each command on it cost.

    ``database`` is empty for SQLite, else an ENTAS_DATABASE_URL.
    """

    home: Path
    database: str = ""
    commands: list[Result] = field(default_factory=list)

    def run(self, *words: str) -> Result:
        """Run one command and return its JSON object with ``process``: what it cost.

        Raises:
            MeasurementFailed: it was refused or broke down; nothing of it is counted.
        """
        env = {"ENTAS_HOME": str(self.home), "ENTAS_DATABASE_URL": self.database}
        ended = run([sys.executable, "-m", "entas.cli", *words, "--json"], env=env)
        name = " ".join(words[:2])
        answer = {**last_json(ended, f"entas {name}"), "process": ended.cost()}
        self.commands.append({"command": name, **answer["process"]})
        return answer

    def take_in(self, entries: Iterable[dict[str, Any]], folder: Path) -> list[Result]:
        """Import these files of a city, in their order."""
        answers = []
        for entry in entries:
            words = ("--source", entry["source"], "--as-of", entry["as_of"])
            path = str(folder / entry["file"])
            answers.append(self.run("sources", "import", path, *words))
        return answers

    def total(self) -> Result:
        """All commands so far as one: seconds added, the largest peak."""
        return {
            "wall_s": round(sum(one["wall_s"] for one in self.commands), 2),
            "cpu_s": round(sum(one["cpu_s"] for one in self.commands), 2),
            "peak_mb": max(one["peak_mb"] for one in self.commands),
        }
