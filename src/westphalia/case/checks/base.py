"""What all checks of a case share: the report they write to, and a walk over the parts of a case."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, get_args

import pydantic

from westphalia.case.checks.partial import LISTS, Part
from westphalia.case.text.nodes import Path, Places, dotted
from westphalia.errors import Finding, Severity
from westphalia.uncertain import Mixture, Normal, Value

_KEYED = ("stands", "capability", "no_deal", "stability", "agreement")


class Report:
    """Collects the findings of a case, each with its place in the file."""

    def __init__(self, part: Part, places: Places) -> None:
        self.part = part
        self.case = part.case
        self.places = places
        self.findings: list[Finding] = []

    @cached_property
    def models(self) -> list[tuple[Path, pydantic.BaseModel]]:
        """Every model in the case with its path in the file, the outer ones first."""
        listed = [pair for section in LISTS for pair in self.part.each(section)]
        keyed = [((name,), getattr(self.case, name)) for name in _KEYED]
        return [pair for path, item in (*listed, *keyed) for pair in models_in(item, path)]

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


def models_in(value: Any, path: Path) -> list[tuple[Path, pydantic.BaseModel]]:
    """Return every model in a value with its path, the outer ones first."""
    found: list[tuple[Path, pydantic.BaseModel]] = []
    _gather(value, path, found)
    return found


def _gather(value: Any, path: Path, found: list[tuple[Path, pydantic.BaseModel]]) -> None:
    if isinstance(value, pydantic.BaseModel):
        found.append((path, value))
        for name in _holding(type(value)):
            part = getattr(value, name)
            if part is not None:
                _gather(part, (*path, name), found)
    elif isinstance(value, dict):
        for key, item in value.items():
            _gather(item, (*path, key), found)
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            _gather(item, (*path, at), found)


@lru_cache
def _holding(kind: type[pydantic.BaseModel]) -> tuple[str, ...]:
    """Return the fields of a model that can hold models, so that no walk looks into texts and numbers."""
    return tuple(name for name, field in kind.model_fields.items() if _can_hold(field.annotation))


def _can_hold(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return True
    return annotation is Any or any(_can_hold(part) for part in get_args(annotation))


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
