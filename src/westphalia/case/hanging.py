"""What hangs on a part of a case: every place of the file that names it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from westphalia.case.checks.base import Report
from westphalia.case.checks.names import references
from westphalia.case.checks.partial import LISTS, whole
from westphalia.case.document import Document
from westphalia.case.text.nodes import Path

Kind = Literal["actors", "issues", "statements", "moves", "commitments", "events", "sources"]

_NAMED_BY: dict[Kind, tuple[str, ...]] = {
    "actors": ("actors", "voices"),
    "statements": ("statements", "breakable"),
    "commitments": ("breakable",),
}


@dataclass(frozen=True, slots=True)
class Hanging:
    """A place that names something: its section, the item there (an id or key), the path, the line."""

    section: str
    item: str
    path: Path
    line: int


def hanging_on(document: Document, kind: Kind, name: str) -> tuple[Hanging, ...]:
    """Return every place of the case that names the actor, issue, statement … of that id, itself left out.

    The order is that of the check. Takes time in proportion to the case.
    """
    return tuple(_hanging(document, kind, name))


def _hanging(document: Document, kind: Kind, name: str) -> Iterator[Hanging]:
    case, places = document.case, document.places
    kinds = _NAMED_BY.get(kind, (kind,))
    for path, named, as_kind, is_key in references(Report(whole(case, document.tree), places)):
        if named == name and as_kind in kinds:
            section, item = str(path[0]), _item(document, path)
            place = places.key_place(path) if is_key else places.value_place(places.nearest(path))
            yield Hanging(section, item, path, place.line)


def _item(document: Document, path: Path) -> str:
    """Return the id of the item of a list in which a path ends, or the key of a section."""
    if path[0] in LISTS and isinstance(path[1], int):
        return str(document.tree[path[0]][path[1]]["id"])
    return str(path[1]) if len(path) > 1 else ""
