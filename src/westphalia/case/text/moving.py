"""Moving an item of a list within the text of a case file, its comments with it."""

from __future__ import annotations

import functools
import itertools

from westphalia.case.text.nodes import Node, Path, Places, dotted
from westphalia.case.text.reading import compose
from westphalia.errors import CallError, CaseError


def moved_item(places: Places, path: Path, item: int, to: int) -> Places:
    """Return the text, read again, with an item of the list at the path put at another place of it.

    The lines of the item move as they are, with the comments right above it; all other lines stay.

    Raises
    ------
    CallError: there is no such item or place, or its lines hold more than the item.
    """
    node = places.node(path)
    if node is None or node.kind != "seq" or not {item, to} <= set(range(len(node.items))):
        raise CallError(f"'{dotted(path)}' has no such place.", code="no-such-place", where=dotted(path))
    order = [*range(len(node.items))]
    order.insert(to, order.pop(item))
    blocks = _blocks(places.text, node)
    text = blocks[0] + "".join(blocks[1 + at] for at in order) + blocks[-1]
    meant = places.root.plain()
    held = functools.reduce(lambda tree, step: tree[step], path, meant)
    held[:] = [held[at] for at in order]
    try:
        read, _ = compose(text, places.file)
    except CaseError:
        read = places
    if order != sorted(order) and read.root.plain() != meant:
        message = "The items cannot be moved without disturbing the rest of the file."
        raise CallError(message, code="cannot-edit", where=dotted(path), hint="Edit the file as text.")
    return read


def _blocks(text: str, node: Node) -> list[str]:
    """Return the text before the list, that of each item with its line ends, and that after it."""
    starts = [_first_line(text, each.start) for each in node.items]
    last = node.items[-1]
    end = text.find("\n", last.start + len(text[last.start : last.end].rstrip()))
    if end < 0:
        text, end = text + "\n", len(text)
    edges = [0, *starts, end + 1, len(text)]
    return [text[one:other] for one, other in itertools.pairwise(edges)]


def _first_line(text: str, offset: int) -> int:
    """Return where the line of an item begins, or the comments that stand right above it."""
    start = text.rfind("\n", 0, offset) + 1
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip(" ").startswith("#"):
            break
        start = above
    return start
