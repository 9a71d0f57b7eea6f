"""What all checks of a case share: the report they write to, and a walk over the parts of a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydantic

from westphalia.case.checks.partial import LISTS, Part
from westphalia.case.text.nodes import Path, Places, dotted
from westphalia.errors import Finding, Severity
from westphalia.uncertain import Mixture, Normal, Value


class Report:
    """Collects the findings of a case, each with its place in the file."""

    def __init__(self, part: Part, places: Places) -> None:
        self.part = part
        self.case = part.case
        self.places = places
        self.findings: list[Finding] = []

    def error(self, code: str, message: str, path: Path, hint: str = "", *, at_key: bool = False) -> None:
        """Add an error at the value of a path, or at its key."""
        self._add("error", code, message, path, hint, at_key)

    def warn(self, code: str, message: str, path: Path, hint: str = "", *, at_key: bool = False) -> None:
        """Add a warning at the value of a path, or at its key."""
        self._add("warning", code, message, path, hint, at_key)

    def _add(self, severity: Severity, code: str, message: str, path: Path, hint: str, at_key: bool) -> None:
        found = self.places.nearest(path)
        place = self.places.key_place(found) if at_key else self.places.value_place(found)
        self.findings.append(Finding(severity, code, message, place, dotted(found), hint))


def parts_of(part: Part) -> Iterator[tuple[Path, pydantic.BaseModel]]:
    """Yield every model in a case with its path in the file, the outer ones first."""
    for section in LISTS:
        for path, item in part.each(section):
            yield from models_in(item, path)
    for section in ("stands", "capability", "no_deal", "stability", "agreement"):
        yield from models_in(getattr(part.case, section), (section,))


def models_in(value: Any, path: Path) -> Iterator[tuple[Path, pydantic.BaseModel]]:
    """Yield every model in a value with its path."""
    if isinstance(value, pydantic.BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from models_in(getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from models_in(item, (*path, key))
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            yield from models_in(item, (*path, at))


def bounds(value: Value) -> tuple[float, float]:
    """Return the least and the largest number that the file states for a value.

    A normal distribution is cut at the bounds of what it measures, so only its mean counts.
    """
    if isinstance(value, Normal):
        return value.mean, value.mean
    if isinstance(value, Mixture):
        pairs = [bounds(component) for component in value.components]
        return min(low for low, _ in pairs), max(high for _, high in pairs)
    return value.low, value.high


def spoken(low: float, high: float) -> str:
    """Return a range in words: ``30 to 60``, or one number."""
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
