"""What a change does to a case: from a plain tree and a list of changes to the tree of another case.

The tree that goes in is left as it is. What comes out is checked like any case, so a change that
leaves a position off its scale or an issue without anybody is refused there.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from westphalia.case.scenarios import Change, Kind
from westphalia.case.setting import BACKING, SUPPOSED, set_value, supposed
from westphalia.case.trees import (
    Tree,
    capability_parts,
    has_parts,
    ids_of,
    keep,
    many,
    section_of,
    unknown,
    without,
)
from westphalia.errors import CallError, suggest
from westphalia.fields import parse_value
from westphalia.uncertain import Mixture, Normal, Point, Triangular, Uniform, Value

UNWRITTEN = ("sources", "events", "consultations", "statements")
"""Sections that are long, and that a change at most replaces as a whole."""


def changed_tree(tree: Tree, changes: Iterable[Change]) -> Tree:
    """Return the tree of the case with the changes made one after another, and without scenarios.

    Sections that no change writes into are those of the tree that goes in.

    Raises
    ------
    CallError: a change names what the case does not have; says which, with the nearest name.
    """
    made = {
        key: part if key in UNWRITTEN else copy.deepcopy(part)
        for key, part in tree.items()
        if key != "scenarios"
    }
    for change in changes:
        _MAKE[change.kind](made, change)
    return made


# --- actors --------------------------------------------------------------------------------------


def _remove(tree: Tree, change: Change) -> None:
    """Take an actor out of everything it takes part in; statements and events go on naming it."""
    actor = str(change.remove)
    if actor not in ids_of(tree, "actors"):
        raise unknown("actor", actor, ids_of(tree, "actors"))
    for section in ("stands", "capability", "no_deal"):
        section_of(tree, section).pop(actor, None)
    _leave_lists(tree, actor)
    _leave_agreement(tree, actor)
    tree["actors"] = [_without_tie(item, actor) for item in tree["actors"]]
    if actor in ((tree.get("stability") or {}).get("preferences") or {}):
        del tree["stability"]


def _leave_lists(tree: Tree, actor: str) -> None:
    """Drop the actor's wars, exchanges and moves, its part in commitments, and moves against it alone."""
    keep(tree, "wars", lambda war: actor not in many(war["between"]))
    keep(tree, "linkages", lambda link: actor not in (link["gives"]["actor"], link["gets"]["actor"]))
    keep(tree, "moves", lambda move: move["actor"] != actor)
    for section, field in (("commitments", "by"), ("commitments", "to"), ("moves", "against")):
        if tree.get(section):
            tree[section] = [without(item, field, actor) for item in tree[section]]
    gone = {item["id"] for item in tree.get("commitments") or [] if not many(item["by"])}
    keep(tree, "commitments", lambda item: item["id"] not in gone)
    for name in gone:
        if tree.get("statements"):
            tree["statements"] = [without(item, "breaks", name) for item in tree["statements"]]


def _leave_agreement(tree: Tree, actor: str) -> None:
    agreement = tree.get("agreement")
    if not agreement:
        return
    required = [name for name in many(agreement["required"]) if name != actor]
    if not required:
        raise CallError(
            f"Without '{actor}' nobody is left whose consent an agreement needs.",
            code="nobody-required",
            where=actor,
            hint="Keep one of the parties that the agreement requires.",
        )
    homes = agreement.get("ratifiers") or {}
    ratifiers = {
        party: [name for name in many(names) if name != actor]
        for party, names in homes.items()
        if party != actor
    }
    tree["agreement"] = {"required": required, **({"ratifiers": ratifiers} if ratifiers else {})}


def _without_tie(item: Tree, actor: str) -> Tree:
    """Return an actor that no longer ratifies for, or belongs to, the one that is gone; nor does that one."""
    is_own = item["id"] == actor
    ties = {"ratifies_for": is_own or item.get("ratifies_for") == actor, "part_of": is_own}
    kept = {key: part for key, part in item.items() if not ties.get(key)}
    return kept if is_own else without(kept, "part_of", actor)


def _add_actor(tree: Tree, change: Change) -> None:
    added = dict(change.add_actor or {})
    name = str(added.get("id", ""))
    if name in ids_of(tree, "actors"):
        raise CallError(
            f"There is already an actor '{name}'.", code="duplicate-id", where=name, hint="Use another id."
        )
    tree["actors"] = [*tree.get("actors", []), {"assumption": SUPPOSED, **added}]
    stands = change.stands or {}
    tree["stands"] = {
        **section_of(tree, "stands"),
        name: {issue: {"assumption": SUPPOSED, **stand} if isinstance(stand, dict) else stand
               for issue, stand in stands.items()},
    }  # fmt: skip
    given = change.capability
    section_of(tree, "capability")[name] = given if has_parts(given) else supposed(given)
    if change.no_deal is not None:
        section_of(tree, "no_deal")[name] = supposed(change.no_deal)


def _add_commitment(tree: Tree, change: Change) -> None:
    added = {"assumption": SUPPOSED, **(change.add_commitment or {})}
    tree["commitments"] = [*(tree.get("commitments") or []), added]


# --- blocs ---------------------------------------------------------------------------------------


def _shift(tree: Tree, change: Change) -> None:
    """Shift the positions of all members that have one on the issue; shifts of one position add up."""
    issue, by = str(change.on), float(change.by or 0.0)
    question = next((item for item in tree["issues"] if str(item["id"]) == issue), None)
    if question is None:
        raise unknown("issue", issue, ids_of(tree, "issues"))
    if question.get("kind") == "nominal":
        raise CallError(
            f"'{issue}' is nominal: its options have no distance to shift by.",
            code="shift-on-nominal",
            where=issue,
            hint="Set the positions of the members instead.",
        )
    for actor in _with_stand(tree, change.shift, issue):
        stand = tree["stands"][actor][issue]
        tree["stands"][actor] = {
            **tree["stands"][actor],
            issue: {**stand, "position": _shifted(stand["position"], by)},
        }


def _shifted(position: Any, by: float) -> Tree:
    """Return a position as written, with the shift beside its value."""
    parts = position if isinstance(position, dict) else {"value": position}
    beside = {key: parts[key] for key in BACKING if key in parts}
    rest = {key: part for key, part in parts.items() if key not in (*BACKING, "shift")}
    value = rest["value"] if set(rest) == {"value"} else rest
    return {"value": value, **beside, "shift": parts.get("shift", 0.0) + by}


def _scale(tree: Tree, change: Change) -> None:
    """Multiply the capability of all members, everywhere or on one issue."""
    factor = float(change.by or 0.0)
    if change.on is not None and change.on not in ids_of(tree, "issues"):
        raise unknown("issue", change.on, ids_of(tree, "issues"))
    held = section_of(tree, "capability")
    able = [actor for actor in members(tree, change.scale_capability) if actor in held]
    if not able:
        names = ", ".join(f"'{name}'" for name in change.scale_capability)
        raise CallError(f"{names}: nobody there has a capability.", code="no-capability", where=names)
    for actor in able:
        parts = capability_parts(held[actor])
        if change.on is None:
            held[actor] = _each_part(parts, lambda part: _multiplied(part, factor))
        else:
            own = parts.get("by_issue", {}).get(change.on, parts.get("overall"))
            by_issue = {**parts.get("by_issue", {}), change.on: _multiplied(own, factor)}
            held[actor] = {**parts, "by_issue": by_issue}


def _each_part(parts: Tree, change: Callable[[Any], Any]) -> Tree:
    made: Tree = {}
    if parts.get("overall") is not None:
        made["overall"] = change(parts["overall"])
    if parts.get("by_issue"):
        made["by_issue"] = {issue: change(part) for issue, part in parts["by_issue"].items()}
    return made


def _multiplied(quantity: Any, factor: float) -> Tree:
    """Return a quantity as written, its value multiplied; what backs it stays."""
    parts = quantity if isinstance(quantity, dict) else {"value": quantity}
    beside = {key: parts[key] for key in BACKING if key in parts}
    rest = {key: part for key, part in parts.items() if key not in BACKING}
    value = parse_value(rest["value"] if set(rest) == {"value"} else rest)
    return {"value": times(value, factor).plain(), **beside}


def times(value: Value, factor: float) -> Value:
    """Return a value multiplied by a factor above 0; its draws are those of the value, multiplied."""
    if isinstance(value, Point):
        return Point(value.value * factor)
    if isinstance(value, Uniform):
        return Uniform(value.low * factor, value.high * factor)
    if isinstance(value, Triangular):
        return Triangular(value.low * factor, value.mode * factor, value.high * factor)
    if isinstance(value, Mixture):
        return Mixture(tuple(times(part, factor) for part in value.components), value.weights)
    if isinstance(value, Normal):
        return Normal(value.mean * factor, value.sd * factor)
    raise TypeError(f"{type(value).__name__} is no value of a case file")


def members(tree: Tree, names: Iterable[str]) -> list[str]:
    """Return the actors named and all that are part of them, directly or through others, in file order.

    Raises
    ------
    CallError: a name is no actor's.
    """
    ids = ids_of(tree, "actors")
    for name in names:
        if name not in ids:
            raise unknown("actor", name, ids)
    found, grown = set(names), True
    while grown:
        more = {str(item["id"]) for item in tree["actors"] if found & set(many(item.get("part_of")))} - found
        found |= more
        grown = bool(more)
    return [name for name in ids if name in found]


def _with_stand(tree: Tree, names: tuple[str, ...], issue: str) -> list[str]:
    stands = tree.get("stands") or {}
    found = [actor for actor in members(tree, names) if issue in stands.get(actor, {})]
    if not found:
        raise CallError(
            f"Neither {', '.join(names)} nor a member has a stand on '{issue}'.",
            code="no-stand",
            where=f"{','.join(names)}:{issue}",
            hint=suggest("", [actor for actor in stands if issue in stands[actor]]),
        )
    return found


_MAKE: dict[Kind, Callable[[Tree, Change], None]] = {
    "set": set_value,
    "remove": _remove,
    "add_actor": _add_actor,
    "add_commitment": _add_commitment,
    "shift": _shift,
    "scale_capability": _scale,
}
