"""Setting one value of a case by the name its unknown has: usa.territory.position, territory.reversion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from westphalia.case.scenarios import Change
from westphalia.case.trees import Tree, capability_parts, has_parts, ids_of, section_of, stands_of, unknown
from westphalia.errors import CallError, suggest

BACKING = ("evidence", "assumption", "note")
SUPPOSED = "supposed in a what-if"
"""What backs a value that a change sets: no statement says it."""


def set_value(tree: Tree, change: Change) -> None:
    """Set one value, named as its unknown is: usa.territory.position, usa.capability, territory.reversion."""
    steps = str(change.set).removeprefix("stands.").split(".")
    setter = _setter(tree, steps)
    if setter is None:
        raise _no_place(tree, steps, str(change.set))
    setter(tree, steps, change.to)


_Setter = Callable[[Tree, list[str], Any], None]


def _setter(tree: Tree, steps: list[str]) -> _Setter | None:
    first, last = steps[0], steps[-1]
    if first in ids_of(tree, "actors"):
        return _actor_setter(tree, steps)
    for section, fields in (("issues", ("reversion",)), ("commitments", ("strength",)), ("wars", _WAR)):
        if first in ids_of(tree, section) and last in fields and len(steps) == (3 if last == "cost" else 2):
            return _item_setter(section)
    return None


_WAR = ("win_chance", "cost")


def _actor_setter(tree: Tree, steps: list[str]) -> _Setter | None:
    if len(steps) == 2 and steps[1] in ("capability", "no_deal"):
        return _set_overall
    is_on_issue = len(steps) in (2, 3) and steps[1] in ids_of(tree, "issues")
    if not is_on_issue:
        return None
    if len(steps) == 2:
        return _set_stand
    return {"position": _set_measure, "salience": _set_measure, "capability": _set_on_issue}.get(steps[2])


def _set_overall(tree: Tree, steps: list[str], value: Any) -> None:
    actor, section = steps
    held = section_of(tree, section)
    if section == "capability" and has_parts(held.get(actor)):
        held[actor] = {**held[actor], "overall": supposed(value)}
    else:
        held[actor] = supposed(value)


def _set_on_issue(tree: Tree, steps: list[str], value: Any) -> None:
    actor, issue, _ = steps
    held = section_of(tree, "capability")
    parts = capability_parts(held.get(actor))
    held[actor] = {**parts, "by_issue": {**parts.get("by_issue", {}), issue: supposed(value)}}


def _set_stand(tree: Tree, steps: list[str], value: Any) -> None:
    actor, issue = steps
    backed = {"assumption": SUPPOSED, **value} if isinstance(value, dict) else value
    stands_of(tree, actor)[issue] = backed


def _set_measure(tree: Tree, steps: list[str], value: Any) -> None:
    actor, issue, measure = steps
    stands = stands_of(tree, actor)
    if issue not in stands:
        raise CallError(
            f"'{actor}' has no stand on '{issue}', so its {measure} there cannot be set.",
            code="no-stand",
            where=".".join(steps),
            hint=f"Set the whole stand: {actor}.{issue}={{position: …, salience: …}}.",
        )
    stands[issue] = {**stands[issue], measure: supposed(value)}


def _item_setter(section: str) -> _Setter:
    def setter(tree: Tree, steps: list[str], value: Any) -> None:
        at = ids_of(tree, section).index(steps[0])
        item = tree[section][at]
        if steps[-1] != "cost":
            tree[section][at] = {**item, steps[-1]: supposed(value)}
            return
        costs = dict(item.get("costs") or {})
        if steps[1] not in costs:
            raise unknown("side of the war", steps[1], costs)
        tree[section][at] = {**item, "costs": {**costs, steps[1]: supposed(value)}}

    return setter


def supposed(value: Any) -> Any:
    """Return the value with the supposition as its backing, unless it names one of its own."""
    if isinstance(value, dict) and any(key in value for key in BACKING):
        return value
    inner = value["value"] if isinstance(value, dict) and set(value) == {"value"} else value
    return {"value": inner, "assumption": SUPPOSED}


def _no_place(tree: Tree, steps: list[str], path: str) -> CallError:
    """Return the error for a path that names no value, with the nearest name at the first wrong step."""
    forms = (
        "Write ACTOR.ISSUE.position (or salience, capability), ACTOR.capability, ACTOR.no_deal "
        "or ISSUE.reversion."
    )
    actors, issues = ids_of(tree, "actors"), ids_of(tree, "issues")
    known = [*actors, *issues, *ids_of(tree, "commitments"), *ids_of(tree, "wars")]
    wrong, valid = steps[0], known
    if steps[0] in actors and len(steps) > 1:
        wrong, valid = steps[1], [*issues, "capability", "no_deal"]
        if len(steps) > 2 and steps[1] in issues:
            wrong, valid = steps[2], ["position", "salience", "capability"]
    elif steps[0] in known:
        wrong, valid = steps[-1], ["reversion", "strength", *_WAR]
    hint = suggest(wrong, valid) if wrong not in valid else forms
    return CallError(
        f"'{path}' names no value of the case: '{wrong}'.", code="no-such-value", where=path, hint=hint
    )
