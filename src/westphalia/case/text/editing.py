"""Changes to the text of a case file that leave every other byte as it is.

A change is a splice: the text of the node concerned is replaced at its offsets. The new text is read
again and must hold exactly the values that were meant; only if a splice cannot do that is the file
written anew by ruamel's round-trip editor, which keeps comments and order but not every blank.
"""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from westphalia.case.text import emit
from westphalia.case.text.nodes import Node, Path, Places, dotted
from westphalia.case.text.reading import compose
from westphalia.errors import CallError, CaseError


class Splice(NamedTuple):
    """Replace the text between two offsets."""

    start: int
    end: int
    text: str


def set_values(places: Places, changes: Mapping[Path, Any]) -> Places:
    """Return the text, read again, with the value at each path set; missing keys are added at the end.

    Raises
    ------
    CallError: a path leads through a value that has no parts, or the change cannot be written.
    """
    for path, value in changes.items():
        _check_plain(path, value)
    tree = places.root.plain()
    put_all(tree, changes)
    try:
        splices = [splice for path, value in changes.items() for splice in _setting(places, path, value)]
        return _verified(_spliced(places.text, splices), tree, places)
    except _MismatchError:
        pass
    if len(changes) > 1:
        for path, value in changes.items():
            places = set_values(places, {path: value})
        return places
    return _by_round_trip(places, tree, lambda data: put_all(data, changes))


def remove_value(places: Places, path: Path) -> Places:
    """Return the text, read again, without the key or item at the path.

    Raises
    ------
    CallError: there is nothing at the path, or the change cannot be written.
    """
    parent, node = places.node(path[:-1]) if path else None, places.node(path)
    if parent is None or node is None:
        raise _nowhere(path)
    tree = places.root.plain()
    exact = places.nearest(path)
    cut(tree, exact)
    try:
        return _verified(_spliced(places.text, _removing(places, exact, parent)), tree, places)
    except _MismatchError:
        return _by_round_trip(places, tree, lambda data: cut(data, exact))


def remove_items(places: Places, path: Path, items: Collection[int]) -> Places:
    """Return the text, read again, without several items of the list at the path.

    Raises
    ------
    CallError: there is no such item, or the change cannot be written.
    """
    paths = [(*path, item) for item in sorted(set(items), reverse=True)]
    parent = places.node(path)
    if len(paths) > 1 and parent is not None:
        tree = places.root.plain()
        for each in paths:
            cut(tree, places.nearest(each))
        try:
            splices = [splice for each in paths for splice in _removing(places, places.nearest(each), parent)]
            return _verified(_spliced(places.text, splices), tree, places)
        except _MismatchError:
            pass
    for each in paths:
        places = remove_value(places, each)
    return places


def append_value(places: Places, path: Path, item: Any) -> Places:
    """Return the text, read again, with an item added to the end of the list at the path.

    Raises
    ------
    CallError: the value at the path is no list, or the change cannot be written.
    """
    node = places.node(path)
    if node is None or (node.kind == "scalar" and node.value is None):
        return set_values(places, {path: [item]})
    if node.kind != "seq":
        raise CallError(f"'{dotted(path)}' is not a list.", code="not-a-list", where=dotted(path))
    return set_values(places, {(*path, len(node.items)): item})


def _check_plain(path: Path, value: Any) -> None:
    try:
        _canonical(value)
    except (TypeError, ValueError, RecursionError):
        message = f"{type(value).__name__} is nothing that a case file can hold."
        hint = "Give numbers, texts, lists and mappings."
        raise CallError(message, code="not-plain", where=dotted(path), hint=hint) from None


# --- the tree that is meant ----------------------------------------------------------------------


def put_all(tree: Any, changes: Mapping[Path, Any]) -> None:
    """Set the value at each path of a plain tree, in place; CallError if a path leads nowhere."""
    for path, value in changes.items():
        _put(tree, path, value)


def _put(tree: Any, path: Path, value: Any) -> None:
    here = tree
    for at, step in enumerate(path[:-1]):
        key = _key(here, step, path)
        is_missing = isinstance(here, dict) and here.get(key) is None
        if is_missing:
            here[key] = [] if _begins_list(path[at + 1]) else {}
        here = here[key]
    key = _key(here, path[-1], path) if path else None
    if key is None:
        raise _nowhere(path)
    if isinstance(here, list) and key == len(here):
        here.append(copy.deepcopy(value))
    else:
        here[key] = copy.deepcopy(value)


def _begins_list(step: str | int) -> bool:
    return isinstance(step, int) and step == 0


def _key(here: Any, step: str | int, path: Path) -> Any:
    if isinstance(here, dict):
        return next((key for key in here if str(key) == str(step)), step)
    is_place = isinstance(here, list) and re.fullmatch(r"[0-9]{1,9}", str(step))
    if not is_place or int(step) > len(here):
        raise _nowhere(path)
    return int(step)


def cut(tree: Any, path: Path) -> None:
    """Take what is at a path out of a plain tree, in place."""
    here = tree
    for step in path[:-1]:
        here = here[_key(here, step, path)]
    del here[_key(here, path[-1], path)]


def _nowhere(path: Path) -> CallError:
    message = f"The case has no place '{dotted(path)}'."
    return CallError(message, code="no-such-place", where=dotted(path))


# --- splices -------------------------------------------------------------------------------------


class _MismatchError(Exception):
    """The splice does not give what was meant."""


def _spliced(text: str, splices: Sequence[Splice]) -> str:
    parts, reached = [], 0
    for splice in sorted(splices, key=lambda each: each.start):
        if splice.start < reached:
            raise _MismatchError
        parts += [text[reached : splice.start], splice.text]
        reached = splice.end
    return "".join([*parts, text[reached:]])


def _verified(text: str, tree: Any, places: Places) -> Places:
    try:
        read, findings = compose(text, places.file)
    except CaseError:
        raise _MismatchError from None
    if findings or _canonical(read.root.plain()) != _canonical(tree):
        raise _MismatchError
    return read


def _canonical(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False)


def _setting(places: Places, path: Path, value: Any) -> list[Splice]:
    node = places.node(path)
    if node is not None:
        return _replacing(places, path, node, value)
    parent_path = path[:-1]
    parent = places.node(parent_path)
    if parent is None or (parent.kind == "scalar" and parent.value is None):
        step = path[-1]
        return _setting(places, parent_path, [value] if _begins_list(step) else {step: value})
    if parent.kind == "scalar":
        raise _nowhere(path)
    return [_adding(places, parent, path[-1], value)]


def _replacing(places: Places, path: Path, node: Node, value: Any) -> list[Splice]:
    text, newline = places.text, newline_of(places.text)
    if node.kind == "scalar":
        is_text = isinstance(value, str)
        written = emit.scalar(value, node.style) if is_text else emit.flow(value)
        lead = " " if node.start == node.end and not text[: node.start].endswith(" ") else ""
        return [Splice(node.start, _content_end(text, node), lead + written)]
    if isinstance(value, dict) and _keeps_keys(node, value):
        changed = [key for key in value if not _has(node, key, value[key])]
        return [splice for key in changed for splice in _setting(places, (*path, key), value[key])]
    if node.style == "flow":
        return [Splice(node.start, node.end, emit.flow(value))]
    end = _content_end(text, node)
    if isinstance(value, dict | list) and value:
        return [Splice(node.start, end, emit.block(value, _column(text, node.start), newline))]
    return _to_one_line(places, path, node, end, emit.flow(value))


def _keeps_keys(node: Node, value: Mapping[Any, Any]) -> bool:
    """Return whether a mapping keeps its keys in their order, and at most gets more after them."""
    names = [str(key.value) for key in node.keys]
    return bool(names) and [str(key) for key in value][: len(names)] == names


def _has(node: Node, key: object, value: Any) -> bool:
    at = node.at(str(key))
    return at is not None and _canonical(node.items[at].plain()) == _canonical(value)


def _to_one_line(places: Places, path: Path, node: Node, end: int, written: str) -> list[Splice]:
    """Put a short value beside the key of a block, and take the block's lines away."""
    key = [key for _, _, key in places.walk(path)][-1]
    if key is None:
        return [Splice(node.start, end, written)]
    colon = places.text.index(":", key.end) + 1
    line_end = _line_end(places.text, colon)
    return [Splice(colon, colon, f" {written}"), Splice(line_end, end, "")]


def _adding(places: Places, parent: Node, step: str | int, value: Any) -> Splice:
    text, newline = places.text, newline_of(places.text)
    is_map = parent.kind == "map"
    if parent.style == "flow":
        written = f"{emit.scalar(step)}: {emit.flow(value)}" if is_map else emit.flow(value)
        at = parent.items[-1].end if parent.items else parent.start + 1
        return Splice(at, at, f", {written}" if parent.items else written)
    indent = _column(text, parent.start)
    if is_map:
        written = emit.entry(step, value, indent, newline)
    else:
        written = "- " + _list_item(parent, value, indent + 2, newline)
    at = _line_end(text, _content_end(text, parent))
    return Splice(at, at, f"{newline}{' ' * indent}{written}")


def _list_item(parent: Node, value: Any, indent: int, newline: str) -> str:
    is_block = any(item.kind != "scalar" and item.style == "block" for item in parent.items)
    return emit.block(value, indent, newline) if is_block else emit.flow(value)


def _removing(places: Places, path: Path, parent: Node) -> list[Splice]:
    text = places.text
    at = parent.at(path[-1]) or 0
    if len(parent.items) == 1:
        empty: Any = {} if parent.kind == "map" else []
        return _replacing(places, path[:-1], parent, empty)
    starts = [key.start for key in parent.keys] or [item.start for item in parent.items]
    is_last = at == len(starts) - 1
    if parent.style == "flow":
        if is_last:
            return [Splice(parent.items[at - 1].end, parent.items[at].end, "")]
        return [Splice(starts[at], starts[at + 1], "")]
    start = starts[at] if parent.kind == "map" else text.rfind("-", 0, starts[at])
    line_start = text.rfind("\n", 0, start) + 1
    if text[line_start:start].strip(" "):
        return [Splice(starts[at], starts[at + 1], "")] if not is_last else []
    end = _line_end(text, _content_end(text, parent.items[at]))
    return [Splice(line_start, _after_newline(text, end), "")]


# --- where things end ----------------------------------------------------------------------------


def newline_of(text: str) -> str:
    """Return how the lines of the text end: the first line decides."""
    found = re.search(r"\r\n|\n|\r", text)
    return found.group() if found else "\n"


def _column(text: str, offset: int) -> int:
    return offset - max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) - 1


def _content_end(text: str, node: Node) -> int:
    """Return where the last word of a node ends: block texts run on to what follows them."""
    return node.start + len(text[node.start : node.end].rstrip())


def _line_end(text: str, offset: int) -> int:
    found = re.compile(r"\r\n|\n|\r").search(text, offset)
    return found.start() if found else len(text)


def _after_newline(text: str, offset: int) -> int:
    found = re.compile(r"\r\n|\n|\r").match(text, offset)
    return found.end() if found else offset


# --- round trip ----------------------------------------------------------------------------------


def _indents_lists(text: str, root: Node) -> bool:
    """Return whether the lists below the top-level keys begin further to the right than those."""
    lists = (item for item in root.items if item.kind == "seq" and item.style == "block")
    first = next(lists, None)
    return first is not None and _column(text, first.start) > _column(text, root.start)


def _by_round_trip(places: Places, tree: Any, change: Callable[[Any], None]) -> Places:
    """Return the text as ruamel's round-trip editor writes it, read again to hold the values meant."""
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 1_000_000
    editor.allow_unicode = True
    if _indents_lists(places.text, places.root):
        editor.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO(newline="")
    try:
        data = editor.load(places.text)
        change(data)
        editor.dump(data, out)
        newline = newline_of(places.text)
        text = re.sub(r"\r\n|\n|\r", newline, out.getvalue())
        return _verified(text, tree, places)
    except (YAMLError, ValueError, TypeError, KeyError, IndexError, AttributeError, _MismatchError):
        message = "This change cannot be written without disturbing the rest of the file."
        raise CallError(
            message, code="cannot-edit", where=places.file, hint="Edit the file by hand."
        ) from None
