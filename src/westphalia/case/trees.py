"""A case as a plain tree: its parts by name, however the file writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from westphalia.errors import CallError, suggest

Tree = dict[str, Any]


def copied(part: Any) -> Any:
    """Return a part of a plain tree whose mappings and lists are its own."""
    if isinstance(part, dict):
        return {key: copied(item) for key, item in part.items()}
    return [copied(item) for item in part] if isinstance(part, list) else part


def ids_of(tree: Tree, section: str) -> list[str]:
    """Return the ids of a list of the case, in the order of the file."""
    return [str(item["id"]) for item in tree.get(section) or []]


def section_of(tree: Tree, name: str) -> Tree:
    """Return a section of the tree, put there if it is missing."""
    if not tree.get(name):
        tree[name] = {}
    held: Tree = tree[name]
    return held


def stands_of(tree: Tree, actor: str) -> Tree:
    """Return the stands of an actor, put there if they are missing."""
    stands = section_of(tree, "stands")
    stands.setdefault(actor, {})
    held: Tree = stands[actor]
    return held


def has_parts(capability: Any) -> bool:
    """Return whether a capability is written as {overall, by_issue}."""
    return isinstance(capability, dict) and bool(capability) and set(capability) <= {"overall", "by_issue"}


def capability_parts(capability: Any) -> Tree:
    """Return a capability as {overall, by_issue}, however it is written."""
    if has_parts(capability):
        return dict(capability)
    return {} if capability is None else {"overall": capability}


def many(names: Any) -> list[str]:
    """Return names as a list, whether the file gives one, several or none."""
    return [str(names)] if isinstance(names, str | int) else [str(name) for name in names or []]


def without(item: Tree, field: str, name: str) -> Tree:
    """Return an item whose field no longer names `name`."""
    if name not in many(item.get(field)):
        return item
    return {**item, field: [one for one in many(item[field]) if one != name]}


def keep(tree: Tree, section: str, is_kept: Callable[[Tree], bool]) -> None:
    """Keep those items of a list of the case for which `is_kept` holds."""
    if tree.get(section):
        tree[section] = [item for item in tree[section] if is_kept(item)]


def unknown(what: str, name: str, known: Iterable[str]) -> CallError:
    """Return the error for a name that the case does not have, with the nearest."""
    code = f"unknown-{what.split()[0]}"
    return CallError(f"There is no {what} '{name}'.", code=code, where=name, hint=suggest(name, known))
