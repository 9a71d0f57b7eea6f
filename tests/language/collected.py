"""Every text that is shown to people, collected from modules, templates and the register of methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2.ext import babel_extract

from westphalia.methods import load_all
from westphalia.registry import registered

SOURCE = Path(__file__).parents[2] / "src" / "westphalia"
_MARKS = {"said": 1, "said_n": 2, "marked": 1, "_": 1}
_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}

Text = tuple[str, ...]
"""A text, or its singular and plural."""


def from_modules() -> Iterator[tuple[Text, str]]:
    """Yield the texts that modules mark, each with its place."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        telling = {"tell": slice(2, 3)} if "web" in path.parts else {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = f"{path.relative_to(SOURCE)}:{node.lineno}"
                if node.func.id in _MARKS:
                    texts = [_constant(one) for one in node.args[: _MARKS[node.func.id]]]
                elif node.func.id in telling:
                    texts = [_constant(one) for one in node.args[telling[node.func.id]]]
                else:
                    continue
                if texts and all(text for text in texts):
                    yield tuple(map(str, texts)), place


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def from_templates() -> Iterator[tuple[Text, str]]:
    """Yield the texts of templates, each with its place."""
    names = ("_", "gettext", "ngettext", "said", "said_n")
    for path in sorted([*SOURCE.glob("report/template/*.html"), *SOURCE.glob("web/templates/**/*.html")]):
        with path.open("rb") as stream:
            for line, _, found, _ in babel_extract(stream, names, [], _OPTIONS):
                texts = found if isinstance(found, tuple) else (found,)
                held = tuple(text for text in texts if text)
                if held:
                    yield held, f"{path.relative_to(SOURCE)}:{line}"


def from_methods() -> Iterator[tuple[Text, str]]:
    """Yield what methods say of themselves."""
    load_all()
    for spec in registered():
        for text in (spec.title, spec.question, spec.limits, *(one.param.sentence for one in spec.options)):
            yield (text,), f"method {spec.id}"


def every() -> dict[Text, str]:
    """Return all texts, each with one place where it stands."""
    found = [*from_modules(), *from_templates(), *from_methods()]
    return {text: place for text, place in reversed(found)}
