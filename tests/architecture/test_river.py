"""The river flows one way, in imports, in foreign keys and in packages."""

import ast
import tomllib

from django.apps import apps
from tree import ENTAS, KOTACONTOH, ROOT, nodes, python_files, shown


def layers() -> dict[str, int]:
    """Each folder or file of Entas with its floor, 0 on top; doors share one."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = contracts["contracts"][0]["layers"]
    return {name.strip(): floor for floor, names in enumerate(floors) for name in names.split("|")}


def imported_by(path) -> set[str]:
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_foreign_keys_point_upstream():
    order = layers()
    downstream = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False) and field.related_model
        if model._meta.app_label in order and field.related_model._meta.app_label in order
        if order[field.related_model._meta.app_label] < order[model._meta.app_label]
    ]

    assert downstream == []


def test_the_chains_of_audit_hold_no_foreign_keys():
    pointing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_app_config("audit").get_models()
        for field in model._meta.get_fields()
        if field.is_relation
    ]

    assert pointing == []


def test_every_folder_of_entas_has_its_place_in_the_layers():
    children = {
        path.stem
        for path in ENTAS.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert children - {"__init__"} == set(layers())


def test_the_synthetic_city_does_not_import_entas():
    guilty = [shown(path) for path in python_files(KOTACONTOH) if "entas" in imported_by(path)]

    assert guilty == []


def test_entas_does_not_know_the_synthetic_city():
    guilty = [
        shown(path)
        for path in python_files(ENTAS)
        if "kotacontoh" in path.read_text(encoding="utf-8")
    ]

    assert guilty == []


def test_analytics_import_no_django_and_read_no_clock():
    guilty = []
    for path in python_files(ENTAS / "analytics"):
        if "django" in imported_by(path):
            guilty.append(shown(path))
        guilty += [
            shown(path, node)
            for node in nodes(path)
            if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"}
        ]

    assert guilty == []
