"""The arrow of imports of the design (§2), and the sizes a reader can hold in mind."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "westphalia"
FILES = sorted(SOURCE.rglob("*.py"))

GROUND = {"errors", "labels", "uncertain"}
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "uncertain": set(),
    "labels": set(),
    "compiled": set(),
    "files": set(),
    "language": set(),
    "fields": {"errors", "uncertain"},
    "check": {"errors", "labels"},
    "logic": {"errors"},
    "registry": {"errors"},
    "dossier": {"errors", "fields", "files", "uncertain"},
    "case": {"errors", "labels", "fields", "files", "uncertain", "logic", "dossier"},
    "methods": {"errors", "labels", "check", "compiled", "logic", "registry"},
    "catalog": {"errors", "labels"},
    "formats": {"errors", "labels", "fields", "files", "logic", "dossier"},
    "analyses": {"errors", "labels", "check", "uncertain", "logic", "registry", "methods", "catalog"},
    "charts": {"errors", "labels", "language"},
    "testing": {*GROUND, "fields", "dossier", "case"},
}
ALLOWED["runs"] = {*ALLOWED["analyses"], "fields", "files", "dossier", "case", "analyses"}
ALLOWED["report"] = {*ALLOWED["runs"], "runs", "charts", "language"}
ALLOWED["workspace"] = {*ALLOWED["report"], "report", "formats"}
ALLOWED["web"] = {*ALLOWED["workspace"], "workspace"}
FACES = {"api", "cli", "__init__", "__main__"}

MOST_LINES = 400
MOST_BODY = 40


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    parts = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        parts |= {name.split(".")[1] for name in names if name.startswith("westphalia.")}
    return parts


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(path)
    if part in FACES:
        return
    wrong = imported(path) - ALLOWED[part] - {part}
    assert not wrong, f"{path.name} ({part}) must not import {sorted(wrong)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            if body:
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1
                assert length <= MOST_BODY, f"{node.name} has {length} lines"


def test_the_table_of_the_design_is_the_one_tested() -> None:
    design = (SOURCE.parent.parent / "docs" / "design.md").read_text(encoding="utf-8")
    for part in ("dossier", "case", "methods", "catalog", "formats", "charts"):
        row = next(line for line in design.splitlines() if line.startswith(f"| `{part}` |"))
        listed = {name.strip() for name in row.split("|")[2].split(",")} - {part}
        assert listed == ALLOWED[part]
