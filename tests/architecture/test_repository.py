"""What may not stand in the repository, and how large a part of it may grow."""

import ast
import re

import pytest
from tree import ENTAS, KOTACONTOH, ROOT, nodes, python_files, shown, tracked_files

LONGEST_FILE, LONGEST_FUNCTION = 500, 50
LARGEST_FILE_BYTES = 1_048_576

# Written in pieces, so that this file does not find itself.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(host)
        for host in (
            "pypi." + "org",
            "python" + "hosted.org",
            "npmjs." + "com",
            "npmjs." + "org",
            "deb.debian." + "org",
        )
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:wo" + r"rk|fa" + r"rm|ro" + r"ot)/")


def texts():
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content[:8_000]:
            yield path, content.decode("utf-8", "replace")


@pytest.mark.parametrize("pattern", [REGISTRY_HOSTS, MACHINE_PATHS], ids=["hosts", "paths"])
def test_no_registry_host_and_no_path_of_a_machine_is_named(pattern):
    guilty = [
        f"{shown(path)}:{number}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert guilty == []


def test_no_tracked_file_is_larger_than_a_megabyte():
    guilty = [shown(path) for path in tracked_files() if path.stat().st_size > LARGEST_FILE_BYTES]

    assert guilty == []


def test_no_installation_and_no_key_is_tracked():
    guilty = [shown(path) for path in tracked_files() if path.suffix in {".sqlite3", ".key", ".db"}]

    assert guilty == []


def test_files_keep_to_one_subject():
    guilty = [
        f"{shown(path)}: {lines} lines"
        for path in python_files(ENTAS, KOTACONTOH, ROOT / "tests")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    ]

    assert guilty == []


def test_functions_fit_on_a_screen():
    guilty = [
        f"{shown(path, node)} {node.name}"
        for path in python_files(ENTAS, KOTACONTOH)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef)
        if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]

    assert guilty == []


def test_star_imports_stand_nowhere():
    guilty = [
        shown(path, node)
        for path in python_files(ENTAS, KOTACONTOH)
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]

    assert guilty == []


def test_every_nik_in_the_repository_comes_from_the_reserved_range():
    # Province, kota, kecamatan, then day (plus 40 for women), month, year and a serial number.
    province = "(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
    day = r"(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])"
    nik = re.compile(rf"(?<![\d.]){province}\d{{4}}{day}(?:0[1-9]|1[0-2])\d{{6}}(?!\d)")
    guilty = [
        f"{shown(path)}:{number}"
        for path, text in texts()
        if path.suffix in {".py", ".md", ".csv", ".txt", ".json"}
        if not path.name.startswith("requirements")
        for number, line in enumerate(text.splitlines(), 1)
        for found in nik.findall(line)
        if not re.match(r"1571(8[1-9]|9[01])", found)
    ]

    assert guilty == []
