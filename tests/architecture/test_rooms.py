"""Every line stands in the room it belongs to."""

import ast
from pathlib import Path

from tree import ENTAS, nodes, parsed, python_files, shown

STAGES = [path for path in ENTAS.iterdir() if (path / "apps.py").exists()]


def called(node: ast.AST) -> str:
    """Name of what a call calls: the last word of ``a.b.c()``."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "attr", getattr(function, "id", ""))


def calls(path, *names: str) -> list[str]:
    return [
        shown(path, node)
        for node in nodes(path)
        if isinstance(node, ast.Call) and called(node) in names
    ]


def service_files():
    return [
        path
        for stage in STAGES
        for path in python_files(stage)
        if path.stem == "services" or "services" in path.parts
    ]


def test_only_the_bulk_writer_writes_in_bulk():
    bulk = {"bulk_create", "bulk_update", "executemany", "copy"}
    guilty = [
        shown(path, node)
        for path in python_files(ENTAS)
        if path.name != "tables.py"
        for node in nodes(path)
        if isinstance(node, ast.Call) and called(node) in bulk
        # Methods of querysets and cursors; the functions of the bulk writer stand alone or
        # behind the name of its module.
        if isinstance(node.func, ast.Attribute) and has_database_behind(node.func.value)
    ]

    assert guilty == []


def has_database_behind(owner: ast.expr) -> bool:
    """Whether something is asked that may be a queryset or cursor, and not ``tables``."""
    words = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(owner)}
    return bool(words & {"objects", "_base_manager", "cursor", "connection"})


def test_there_are_no_signals_between_stages():
    words = {"receiver", "post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed"}
    guilty = [
        shown(path, node)
        for path in python_files(ENTAS)
        for node in nodes(path)
        if (isinstance(node, ast.Name) and node.id in words)
        or (isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals"))
    ]

    assert guilty == []


def test_models_keep_no_logic_in_save():
    guilty = [
        shown(path, node)
        for path in python_files(ENTAS)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
        if path.stem == "models" or "models" in path.parts
    ]

    assert guilty == []


def exported_by(package: Path) -> set[str]:
    """Names that the ``services`` package of a stage offers to others."""
    init = package / "__init__.py"
    if not init.exists():
        # ruff refuses a folder that is no package (INP001); here it offers nothing.
        return set()
    return {
        alias.asname or alias.name
        for node in parsed(init).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def acts(path: Path) -> list[ast.FunctionDef]:
    """Functions of a services file that others may call."""
    functions = [
        node
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    if path.parent.name != "services":
        return functions
    # In a package with an act a file, the acts are those the package offers.
    offered = exported_by(path.parent)
    return [node for node in functions if node.name in offered]


def test_services_are_called_by_keyword():
    guilty = [
        f"{shown(path, node)} {node.name}"
        for path in service_files()
        # The chains are the exception: "who did what" reads best in that order.
        if path.parent.name != "audit"
        for node in acts(path)
        if (node.args.args or node.args.posonlyargs) and node.name != "no_progress"
    ]

    assert guilty == []


def test_public_services_say_what_they_do():
    guilty = [
        f"{shown(path, node)} {node.name}"
        for path in service_files()
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]

    assert guilty == []


def test_broad_excepts_stand_only_in_the_outermost_frame_of_a_door():
    def is_broad(handler: ast.ExceptHandler) -> bool:
        caught = handler.type
        names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
        is_everything = any(
            name is None or getattr(name, "id", "") in {"Exception", "BaseException"}
            for name in names
        )
        # Cleaning up and raising again hides nothing.
        raises_again = any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(handler))
        return is_everything and not raises_again

    guilty = [
        shown(path, node)
        for path in python_files(ENTAS)
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    ]

    # The door of commands, and the frame of each piece of work that a worker does.
    frames = ["src/entas/cli/main.py", "src/entas/cli/worker.py"]
    assert [place.split(":")[0] for place in guilty] == frames


def test_queries_change_nothing():
    writing = ("create", "update_or_create", "get_or_create", "save", "delete", "bulk_insert")
    guilty = [
        place
        for stage in STAGES
        for path in python_files(stage)
        if path.stem == "queries" or "queries" in path.parts
        for place in calls(path, *writing)
    ]

    assert guilty == []


def test_the_day_is_a_parameter():
    # Audit, jobs and notices read the clock, and so do the lock, the doors, who may come in, and
    # the log of faults.
    clocks = {"audit", "jobs", "notices", "cli", "web"}
    guilty = [
        shown(path, node)
        for path in python_files(ENTAS)
        if path.relative_to(ENTAS).parts[0] not in clocks
        if path.stem not in {"faults", "locks", "policies"}
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"now", "today", "utcnow", "localdate"}
    ]

    assert guilty == []
