"""The part of a case that the schema accepts, so that the checks can go on where it refused the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pydantic

from westphalia.case.schema import CaseFile
from westphalia.case.text.nodes import Path, step_name

LISTS = (
    "sources",
    "actors",
    "issues",
    "wars",
    "commitments",
    "linkages",
    "moves",
    "events",
    "consultations",
    "statements",
    "scenarios",
)
_DEPTH = {**dict.fromkeys(LISTS, 2), "stands": 3, "capability": 2, "no_deal": 2}
_STAND_INS: dict[str, Any] = {
    "westphalia": 1,
    "id": "case",
    "title": "case",
    "question": "case",
    "date": "2000",
    "actors": [],
    "issues": [],
}


@dataclass(frozen=True)
class Part:
    """What could be read of a case, and where in the file its items stood.

    `tree` is the plain tree of the whole file; `origin` gives, for each list of the case, the place
    in the file's list of each item that is left.
    """

    case: CaseFile
    tree: dict[str, Any]
    origin: dict[str, list[int]]
    is_whole: bool

    def each(self, section: str) -> Iterator[tuple[Path, Any]]:
        """Yield the path in the file and the model of each item of a list of the case."""
        for index, item in zip(self.origin[section], getattr(self.case, section), strict=True):
            yield (section, index), item

    def ids(self, section: str) -> list[str]:
        """Return the ids that the file gives in a list, also of items that the schema refused."""
        items = self.tree.get(section)
        given = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        return [str(item["id"]) for item in given if "id" in item]


def whole(case: CaseFile, tree: dict[str, Any]) -> Part:
    """Return a case that the schema accepts, as its own whole part."""
    origin = {section: list(range(len(getattr(case, section)))) for section in LISTS}
    return Part(case, tree, origin, is_whole=True)


def valid_part(tree: dict[str, Any], error: pydantic.ValidationError) -> Part | None:
    """Return what is left of a case without the items that the schema refused, or None."""
    cut = {_item(detail["loc"]) for detail in error.errors(include_url=False)}
    kept = {key: _without(item, (step_name(key),), cut) for key, item in tree.items() if (key,) not in cut}
    try:
        case = CaseFile.model_validate({**_STAND_INS, **kept})
    except pydantic.ValidationError:
        return None
    origin = {section: _kept_indices(tree.get(section), section, cut) for section in LISTS}
    if any(len(origin[section]) != len(getattr(case, section)) for section in LISTS):
        return None
    return Part(case, tree, origin, is_whole=False)


def _item(loc: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the path of the smallest item that can be left out for an error at `loc`."""
    steps = [step_name(step) for step in loc if step != "[key]"]
    return tuple(steps[: _DEPTH.get(steps[0], 1)]) if steps else ()


def _without(value: Any, path: tuple[str, ...], cut: set[tuple[str, ...]]) -> Any:
    if len(path) >= max(_DEPTH.values()):
        return value
    if isinstance(value, dict):
        names = {key: (*path, step_name(key)) for key in value}
        return {key: _without(value[key], names[key], cut) for key in value if names[key] not in cut}
    if isinstance(value, list):
        return [item for at, item in enumerate(value) if (*path, str(at)) not in cut]
    return value


def _kept_indices(items: object, section: str, cut: set[tuple[str, ...]]) -> list[int]:
    if not isinstance(items, list) or (section,) in cut:
        return []
    return [at for at in range(len(items)) if (section, str(at)) not in cut]
