"""The source tree as the architecture tests see it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENTAS = ROOT / "src" / "entas"
KOTACONTOH = ROOT / "src" / "kotacontoh"


def python_files(*folders: Path) -> list[Path]:
    """Python files below the folders, without what Django wrote."""
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts
    ]


@lru_cache(maxsize=2_000)
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def nodes(path: Path) -> Iterator[ast.AST]:
    """All nodes of a file."""
    return ast.walk(parsed(path))


def shown(path: Path, node: ast.AST | None = None) -> str:
    """Where something stands, for the message of a failed test."""
    line = f":{getattr(node, 'lineno', '?')}" if node is not None else ""
    return f"{path.relative_to(ROOT)}{line}"


def is_hidden(path: Path) -> bool:
    """Whether a file lies in a folder of tools (caches, the environment)."""
    return any(part.startswith(".") for part in path.relative_to(ROOT).parts[:-1])


def tracked_files() -> list[Path]:
    """Files of the repository as git knows them; all files where there is no git."""
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if path.is_file() and not is_hidden(path)]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=ROOT, capture_output=True, check=True
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]
