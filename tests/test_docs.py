"""The pages keep up with the code: links lead somewhere, and nothing public is left out."""

import argparse
import re
from pathlib import Path

import pytest

from entas.cli.main import build_parser
from entas.registry import states
from entas.registry.queries.matching import RESULT_COLUMNS
from entas.sources.profiles import profile_names, rows_of
from entas.sources.rules import REJECTING, RULES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# `make bench` writes this page; a fresh clone that never measured may lack it.
GENERATED = {ROOT / "docs" / "reference" / "benchmarks.md"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The places of a page that a link may lead to, named as forges name them."""
    headings = HEADING.findall(path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def leads_nowhere(source: Path, target: str) -> bool:
    file, _, place = target.partition("#")
    path = (source.parent / file).resolve() if file else source
    if path in GENERATED:
        return False
    return not path.exists() or bool(place and place not in anchors(path))


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Every command of the parser under its full words."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        return {parser.prog: parser}
    found: dict[str, argparse.ArgumentParser] = {}
    for child in groups[0].choices.values():
        found |= commands(child)
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(path):
    targets = LINK.findall(path.read_text(encoding="utf-8"))

    broken = [t for t in targets if "://" not in t and leads_nowhere(path, t)]

    assert broken == []


def test_every_command_stands_in_the_reference():
    text = page("docs/reference/commands.md")

    missing = [name for name in commands(build_parser()) if not re.search(rf"`{name}[ `]", text)]

    assert missing == []


def test_every_option_of_a_command_stands_in_the_reference():
    text = page("docs/reference/commands.md")
    options = {
        option
        for parser in commands(build_parser()).values()
        for option in parser._option_string_actions
        if option.startswith("--") and option != "--help"
    }

    missing = [option for option in sorted(options) if f"`{option}" not in text]

    assert missing == []


def test_every_verdict_and_result_column_stands_in_the_reference():
    text = page("docs/reference/commands.md")
    words = [*dict(states.DECISION_CHOICES), *RESULT_COLUMNS]

    missing = [word for word in words if f"| `{word}` |" not in text]

    assert missing == []


def test_every_rule_stands_among_the_problems_with_its_severity():
    lines = page("docs/reference/problems.md").splitlines()
    rows = {
        cells[1].strip(): cells[2].strip() for line in lines if len(cells := line.split("|")) > 3
    }
    expected = {
        code: rule.severity + (", rejecting" if code in REJECTING else "")
        for code, rule in RULES.items()
    }

    assert {code: rows.get(code) for code in expected} == expected


def test_every_header_that_is_understood_stands_among_the_profiles():
    text = page("docs/reference/profiles.md")
    headers = [row["header"] for row in rows_of("synonyms.csv")]

    missing = [header for header in headers if header.replace("|", "\\|") not in text]

    assert missing == []


def test_every_profile_stands_in_its_page():
    text = page("docs/reference/profiles.md")

    missing = [name for name in profile_names() if f"| `{name}` |" not in text]

    assert missing == []


def test_every_part_of_entas_stands_in_the_architecture():
    text = page("ARCHITECTURE.md")
    parts = [
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "src" / "entas").iterdir()
        if not path.name.startswith("__") and (path.is_dir() or path.suffix == ".py")
    ]

    missing = [
        part for part in parts if not re.search(rf"^ +.*\b{re.escape(part)}", text, re.MULTILINE)
    ]

    assert parts
    assert missing == []


def test_the_readme_names_the_two_commands():
    text = page("README.md")

    assert "make demo " in text
    assert "make test " in text


def test_every_test_that_the_architecture_names_exists():
    named = set(re.findall(r"`(test_[a-z_]+)`", page("ARCHITECTURE.md")))
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "architecture").glob("*.py")
    )

    assert named
    assert [name for name in sorted(named) if f"def {name}(" not in sources] == []


@pytest.mark.parametrize(
    "word",
    [
        "NIK", "KK", "kelurahan", "OPD", "adu data", "stranger", "housemate", "twin", "rival",
        "band", "careless class", "lean", "coverage", "rarity", "calibration",
        *dict(states.DECISION_CHOICES),
    ],
)  # fmt: skip
def test_the_glossary_explains_what_the_code_says(word):
    first_cells = [
        line.split("|")[1] for line in page("GLOSSARY.md").splitlines() if line.startswith("|")
    ]

    assert any(word in [part.strip() for part in cell.split(",")] for cell in first_cells)


def test_every_decision_has_a_number_of_its_own():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("0*.md")]

    assert sorted(numbers) == [f"{place:04d}" for place in range(1, len(numbers) + 1)]


def test_no_page_shows_a_whole_nik():
    shown = [
        path.name for path in PAGES if re.search(r"(?<!\d)\d{16}(?!\d)", path.read_text("utf-8"))
    ]

    assert shown == []
