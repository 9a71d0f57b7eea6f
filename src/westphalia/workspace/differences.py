"""Where two versions of a case file differ, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from westphalia.case.document import CASE_FILE
from westphalia.case.text.nodes import Path, dotted
from westphalia.case.text.reading import compose, decode
from westphalia.workspace.edits import ABSENT, has_ids, is_divisible, is_same


class Difference(NamedTuple):
    """A value that differs; `path` names items of lists by their ids, None stands for what is not there."""

    path: str
    before: Any
    after: Any


def differences(old: bytes, new: bytes) -> tuple[Difference, ...]:
    """Return where the values of two versions differ, in the order of the older one; comments do not count.

    What only one of them has is told once, at its top. A value with its doubt is told as a whole.

    Raises
    ------
    CaseError: one of them is no YAML that can be read.
    """
    return tuple(_differences(_tree(old), _tree(new), ()))


def _tree(raw: bytes) -> Any:
    return compose(decode(raw, CASE_FILE), CASE_FILE)[0].root.plain()


def _differences(old: Any, new: Any, path: Path) -> Iterator[Difference]:
    if is_same(old, new):
        return
    before, after = _parts(old), _parts(new)
    if before is None or after is None or type(old) is not type(new):
        yield Difference(dotted(path), *(None if side is ABSENT else side for side in (old, new)))
        return
    for name in dict.fromkeys([*before, *after]):
        yield from _differences(before.get(name, ABSENT), after.get(name, ABSENT), (*path, name))


def _parts(side: Any) -> dict[Any, Any] | None:
    """Return the parts of a value by name, None if it is told as a whole."""
    if is_divisible(side):
        return dict(side)
    return {str(item["id"]): item for item in side} if has_ids(side) and side else None
