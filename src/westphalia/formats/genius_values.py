"""What a Genius profile says of one issue: evaluations of named values, or a function of the number."""

from __future__ import annotations

import numpy as np

from westphalia.errors import suggest
from westphalia.formats.raw import is_number, name_of, number_of, taken_for
from westphalia.formats.reports import Notes, refusal
from westphalia.formats.tables import FloatArray, Issue
from westphalia.formats.trees import Element


def kind_of(element: Element) -> str:
    """Return discrete, integer or real."""
    kind = element.get("type")
    if kind is None or kind.strip().lower() == "issue":
        kind = element.get("vtype") or element.get("etype")
    if kind is None:
        kind = "discrete" if element.named("item") else "integer"
    kind = kind.strip().lower()
    if kind not in {"discrete", "integer", "real"}:
        hint = suggest(kind, ("discrete", "integer", "real"))
        raise refusal(f"Issues of the type '{kind}' are not read.", element.where, hint)
    return kind


def bounds_of(element: Element, name: str) -> tuple[float, float]:
    """Return the bounds of an issue of numbers, of the issue or of its range."""
    holder = next((one for one in (element, *element.named("range")) if one.get("lowerbound")), element)
    return (
        number_of(holder.get("lowerbound"), f"lower bound of '{name}'", holder.where),
        number_of(holder.get("upperbound"), f"upper bound of '{name}'", holder.where),
    )


def values_on(issue: Issue, element: Element, weight: float, notes: Notes, lenient: bool) -> FloatArray:
    """Return what each option adds (option): the weight times its share of the largest evaluation.

    Raises
    ------
    FileError: a value is unknown, missing, stated twice, below 0 or no number, or bounds differ.
    """
    kind = kind_of(element)
    if (kind != "discrete") != issue.is_numeric:
        raise refusal(
            f"'{issue.name}' is {kind} here, but not in the domain.", element.where, "Types must agree."
        )
    if element.named("item"):
        evaluation = _listed(issue, element, notes, lenient)
        largest = float(evaluation.max())
        # Equal in sum, but free of rounding: so a domain that was written is read back to the bit.
        if largest == weight:
            return evaluation
        return weight * evaluation / largest if largest > 0 else np.zeros_like(evaluation)
    if kind == "discrete":
        raise refusal(f"The profile values no option of '{issue.name}'.", element.where, "List its items.")
    return weight * _function(issue, element, kind)


def _listed(issue: Issue, element: Element, notes: Notes, lenient: bool) -> FloatArray:
    """Return the evaluation of each option, matched by name and not by place."""
    numbers = dict(zip(issue.points, issue.labels, strict=True)) if issue.is_numeric else {}
    stated: dict[str, float] = {}
    wheres: dict[str, str] = {}
    for item in element.named("item"):
        label = _key(name_of(item.get("value"), item.where, notes), numbers)
        given = item.get("evaluation")
        if given is None and lenient:
            notes.repair(f"'{label}' of '{issue.name}' has no evaluation; it counts 0.")
            given = "0"
        value = number_of(given, f"evaluation of '{label}' of '{issue.name}'", item.where, 0.0)
        if label in stated:
            _twice(label, issue, item, stated[label] == value, notes, lenient)
        stated.setdefault(label, value)
        wheres.setdefault(label, item.where)
    free = [label for label in issue.labels if label not in stated]
    known = set(issue.labels)
    unknown = [label for label in stated if label not in known]
    for label, meant in taken_for(unknown, free, lenient=lenient).items():
        if meant is None:
            hint = suggest(label, issue.labels)
            message = f"'{issue.name}' has no value '{label}' in the domain."
            raise refusal(message, wheres[label], hint, "unknown-value")
        notes.repair(f"'{label}' of '{issue.name}' was taken for '{meant}'.")
        free.remove(meant)
        stated[meant] = stated.pop(label)
    if free and not lenient:
        raise refusal(
            f"The profile does not value '{free[0]}' of '{issue.name}'.",
            element.where,
            "Every value of the domain needs an evaluation.",
            "missing-value",
        )
    for label in free:
        notes.repair(f"A profile does not value '{label}' of '{issue.name}'; it counts 0.")
    return np.array([stated.get(label, 0.0) for label in issue.labels])


def _key(label: str, numbers: dict[float, str]) -> str:
    """Return the label of a number as the domain writes it."""
    return numbers.get(float(label), label) if numbers and is_number(label) else label


def _twice(label: str, issue: Issue, item: Element, is_same: bool, notes: Notes, lenient: bool) -> None:
    if not is_same and not lenient:
        message = f"'{label}' of '{issue.name}' has two evaluations."
        raise refusal(message, item.where, "Keep one.", "two-values")
    notes.repair(f"'{label}' of '{issue.name}' is valued more than once; the first counts.")


def _function(issue: Issue, element: Element, kind: str) -> FloatArray:
    """Return the function of the number, between 0 and 1."""
    low, high = issue.points[0], issue.points[-1]
    has_bounds = any(one.get("lowerbound") for one in (element, *element.named("range")))
    if has_bounds and bounds_of(element, issue.name) != (low, high):
        message = f"The bounds of '{issue.name}' are not those of the domain, {low:g} to {high:g}."
        raise refusal(message, element.where, "Domain and profile must agree.")
    found = element.named("evaluator")
    if len(found) != 1:
        message = f"The profile has {len(found)} evaluators for '{issue.name}'."
        raise refusal(message, element.where, "It must have one <evaluator …>.")
    points, evaluator = np.array(issue.points), found[0]
    if kind == "integer" and evaluator.get("slope") is not None:
        slope, offset = (_parameter(evaluator, name) for name in ("slope", "offset"))
        return np.clip(offset + slope * (points - low), 0.0, 1.0)
    return np.clip(_shape(points, evaluator), 0.0, 1.0)


def _shape(points: FloatArray, evaluator: Element) -> FloatArray:
    shape = (evaluator.get("ftype") or "").strip().lower()
    if shape == "linear":
        return _parameter(evaluator, "parameter0") + _parameter(evaluator, "parameter1") * points
    if shape == "constant":
        return np.full_like(points, _parameter(evaluator, "parameter0"))
    if shape == "triangular":
        left, right, top = (_parameter(evaluator, f"parameter{at}") for at in range(3))
        if not left < top < right:
            raise refusal("The top of a triangle does not lie between its ends.", evaluator.where)
        return np.minimum((points - left) / (top - left), (right - points) / (right - top))
    hint = suggest(shape, ("linear", "constant", "triangular"))
    raise refusal(f"Evaluators of the kind '{shape}' are not read.", evaluator.where, hint)


def _parameter(evaluator: Element, name: str) -> float:
    return number_of(evaluator.get(name), f"{name} of the evaluator", evaluator.where)
