"""The tree of a YAML text with the place of everything in it, and the plain values it stands for."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from westphalia.errors import Place

Path = tuple[str | int, ...]
"""Keys and places in lists that lead from the top of the tree to a part of it."""

_NO_KEYS: Mapping[str, int] = MappingProxyType({})


def step_name(step: object) -> str:
    """Return the name of a key: a number is one key however it is written (1, 1.0, '1')."""
    return str(int(step)) if isinstance(step, float) and step.is_integer() else str(step)


@dataclass(slots=True)
class Node:
    """A scalar, mapping or sequence of the text between the offsets `start` and `end`.

    `value` is the plain value of a scalar; `keys` (mappings only) and `items` hold the parts in
    order, `index` the place of each key among them; `style` is the quotation mark or block sign of a
    scalar, ``flow`` or ``block`` otherwise.
    """

    kind: Literal["scalar", "map", "seq"]
    start: int
    end: int
    style: str = ""
    value: Any = None
    keys: Sequence[Node] = ()
    items: Sequence[Node] = ()
    index: Mapping[str, int] = field(default_factory=lambda: _NO_KEYS)

    def plain(self) -> Any:
        """Return the plain Python value: dict, list, str, int, float, bool or None."""
        if self.kind == "map":
            return {key.value: item.plain() for key, item in zip(self.keys, self.items, strict=True)}
        return [item.plain() for item in self.items] if self.kind == "seq" else self.value

    def at(self, step: str | int) -> int | None:
        """Return where among the items the step leads, or None."""
        if self.kind == "map":
            return self.index.get(step_name(step))
        if self.kind == "seq" and re.fullmatch(r"[0-9]{1,9}", str(step)) and int(step) < len(self.items):
            return int(step)
        return None


@dataclass(frozen=True)
class Places:
    """Where everything in the case file stands.

    A path leads from the top of the tree: ``("stands", "usa", "territory", "position")``; items of
    lists are counted from 0.
    """

    file: str
    text: str
    root: Node

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text))]

    def at_offset(self, offset: int) -> Place:
        """Return line and column, from 1, of an offset in the text."""
        line = bisect.bisect_right(self._line_starts, offset)
        return Place(self.file, line, offset - self._line_starts[line - 1] + 1)

    def walk(self, path: Sequence[str | int]) -> Iterator[tuple[str | int, Node, Node | None]]:
        """Yield each step of the path that the tree has, with the node it leads to and its key.

        Steps that the tree does not have are passed over, so that the location of an error of
        pydantic, which names validators as well, leads to the nearest part of the file.
        """
        node = self.root
        for step in path:
            at = node.at(step)
            if at is None:
                continue
            key = node.keys[at] if node.kind == "map" else None
            node = node.items[at]
            yield (key.value if key is not None else at), node, key

    def node(self, path: Sequence[str | int]) -> Node | None:
        """Return the node at the path, or None if the file has none there."""
        node = self.root
        for step in path:
            at = node.at(step)
            if at is None:
                return None
            node = node.items[at]
        return node

    def nearest(self, path: Sequence[str | int]) -> Path:
        """Return the part of the path that the file has."""
        return tuple(step for step, _, _ in self.walk(path))

    def key_place(self, path: Sequence[str | int]) -> Place:
        """Return where the key of the path stands, or the nearest part that is there."""
        last = [self.root.start]
        for _, node, key in self.walk(path):
            last.append(key.start if key is not None else node.start)
        return self.at_offset(last[-1])

    def value_place(self, path: Sequence[str | int]) -> Place:
        """Return where the value at the path stands; of a block of lines, its key."""
        offset = self.root.start
        for _, node, key in self.walk(path):
            is_block = node.style == "block" and key is not None
            offset = key.start if is_block and key is not None else node.start
        return self.at_offset(offset)


def dotted(path: Sequence[str | int]) -> str:
    """Return the path as messages write it: ``stands.usa.territory``."""
    return ".".join(map(str, path))
