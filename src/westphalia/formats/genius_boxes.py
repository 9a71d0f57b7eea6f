"""Genius profiles that are sums of boxes: u(x) = Σ utility of the boxes that hold x / maxutility."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from westphalia.formats.raw import is_number, number_of
from westphalia.formats.reports import Notes, refusal
from westphalia.formats.tables import MOST_OPTIONS, FloatArray, Issue, Profile, check_size, merged, packages
from westphalia.formats.trees import Element

FlagArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

MOST_BOXES = 10_000
_CHECKED = 100_000


@dataclass(frozen=True)
class Box:
    """Options (boolean, one array an issue bound) that a package must have for the utility."""

    utility: float
    holds: dict[int, FlagArray]


def is_box_profile(root: Element) -> bool:
    """Return whether a profile is a sum of boxes."""
    return any(one.tag == "ufun" for one in root.walk())


def read_boxes(
    root: Element, issues: list[Issue], indices: list[str], profile: Profile, notes: Notes
) -> list[Box]:
    """Put boxes over at most two issues into the profile; return the larger ones.

    Raises
    ------
    FileError: something other than plain sums of boxes is stated, or an issue has no numbers.
    """
    profile.values = [np.zeros(len(issue.labels)) for issue in issues]
    place = {index: at for at, index in enumerate(indices)}
    top = _largest(root)
    large = []
    ufuns = [one for one in root.walk() if one.tag == "ufun"]
    if sum(len(ufun.children) for ufun in ufuns) > MOST_BOXES:
        raise refusal("There are too many boxes.", root.where, f"At most {MOST_BOXES:,}.", "too-large")
    for ufun in ufuns:
        weight = _ufun_weight(ufun)
        for element in ufun.children:
            box = _box(element, issues, place, weight / top)
            if len(box.holds) > 2:
                large.append(box)
            else:
                _add(box, profile, issues, element.where)
    if not large:
        _check_top(profile, issues, notes)
    return large


def _largest(root: Element) -> float:
    holder = next((one for one in root.walk() if one.get("maxutility") is not None), None)
    if holder is None:
        return 1.0
    top = number_of(holder.get("maxutility"), "maxutility", holder.where)
    if top <= 0:
        raise refusal(f"The maxutility is {top:g}.", holder.where, "Utilities are divided by it.")
    return top


def _ufun_weight(ufun: Element) -> float:
    kind, sums = (ufun.get("type") or "PlainUfun").strip(), (ufun.get("aggregation") or "sum").strip()
    if kind.lower() != "plainufun" or sums.lower() != "sum":
        message = f"Utility functions of the kind '{kind}' with '{sums}' are not read."
        raise refusal(message, ufun.where, "Sums of boxes (PlainUfun) are.")
    return number_of(ufun.get("weight") or "1", "weight of the ufun", ufun.where, 0.0)


def _box(element: Element, issues: list[Issue], place: dict[str, int], scale: float) -> Box:
    if element.tag != "hyperrectangle" or len(element.named("includes")) != len(element.children):
        raise refusal(f"'{element.tag}' here is not read.", element.where, "Boxes of INCLUDES are.")
    utility = number_of(element.get("utility"), "utility of the box", element.where)
    weight = number_of(element.get("weight") or "1", "weight of the box", element.where)
    holds: dict[int, FlagArray] = {}
    for bound in element.children:
        index = (bound.get("index") or "").strip()
        if index not in place or not index:
            raise refusal(f"There is no issue with the index '{index}'.", bound.where)
        at = place[index]
        low, high = (number_of(bound.get(end), end, bound.where) for end in ("min", "max"))
        numbers = np.array(_numbers(issues[at], bound))
        inside = (numbers >= low) & (numbers <= high)
        holds[at] = holds[at] & inside if at in holds else inside
    bound_by = {at: inside for at, inside in holds.items() if not inside.all()}
    return Box(utility * weight * scale, bound_by)


def _numbers(issue: Issue, bound: Element) -> tuple[float, ...]:
    if not all(map(is_number, issue.labels)):
        message = f"A box bounds '{issue.name}', whose values are no numbers."
        raise refusal(message, bound.where, "Boxes are read on issues of numbers.")
    return issue.points


def _add(box: Box, profile: Profile, issues: list[Issue], where: str) -> None:
    bound = sorted(box.holds)
    if len(bound) == 2:
        pair = (bound[0], bound[1])
        if pair not in profile.pairs:
            check_size(issues, 1, where, linkages=len(profile.pairs) + 1)
            profile.pairs[pair] = np.zeros([len(issues[at].labels) for at in pair])
        profile.pairs[pair][np.ix_(box.holds[pair[0]], box.holds[pair[1]])] += box.utility
    else:
        at = bound[0] if bound else 0
        profile.values[at] += box.utility * (box.holds[at] if bound else 1.0)


def _check_top(profile: Profile, issues: list[Issue], notes: Notes) -> None:
    """Say where maxutility is not the largest utility, as far as all packages can be listed."""
    if packages(issues) > _CHECKED:
        notes.leave(f"Whether any package is worth more than 1 to '{profile.party}' was not checked.")
        return
    _say_top(profile.party, float(_on_packages(profile, [], issues).max()), notes)


def _say_top(party: str, top: float, notes: Notes) -> None:
    if abs(top - 1.0) > 1e-6:
        notes.repair(
            f"The best package is worth {top:.6g} to '{party}', not 1: maxutility is off; it was kept."
        )


def _on_packages(profile: Profile, large: list[Box], issues: list[Issue]) -> FloatArray:
    """Return the utility of every package, the last issue changing fastest."""
    shape = tuple(len(issue.labels) for issue in issues)
    utility = np.zeros(shape)

    def along(array: FloatArray, *axes: int) -> FloatArray:
        return array.reshape([count if at in axes else 1 for at, count in enumerate(shape)])

    for at, value in enumerate(profile.values):
        utility += along(value, at)
    for pair, table in profile.pairs.items():
        utility += along(table, *pair)
    for box in large:
        held: FloatArray = np.ones([1] * len(shape))
        for at, inside in box.holds.items():
            held = held * along(inside.astype(float), at)
        utility += box.utility * held
    return utility.reshape(-1)


def merge(
    issues: list[Issue], profiles: list[Profile], large: dict[str, list[Box]], where: str, notes: Notes
) -> list[Issue]:
    """Make all issues one, with a package an option, and put the utilities of packages into the profiles.

    Raises
    ------
    FileError: there are too many packages.
    """
    count = packages(issues)
    if count > MOST_OPTIONS or len(issues) > 32:
        raise refusal(
            f"Boxes tie more than two issues together, and there are {count:,} packages.",
            where,
            f"Such profiles are read up to {MOST_OPTIONS:,} packages.",
            "space-too-large",
        )
    notes.leave("Boxes tie more than two issues together; all issues were merged into one, 'package'.")
    for profile in profiles:
        utility = _on_packages(profile, large.get(profile.party, []), issues)
        if profile.party in large:
            _say_top(profile.party, float(utility.max()), notes)
        profile.values, profile.pairs = [utility], {}
    return [merged(issues)]
