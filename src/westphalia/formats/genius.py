"""Genius: a negotiation template and one utility space a party, as XML files in a folder.

u(x) = Σ_k w_k · e_k(x_k) / max e_k on issues with named values; on issues of numbers e_k is a linear
function of the number, cut to 0 to 1. No deal is worth the reservation value, 0 if none is stated.

References
----------
lin2014
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from westphalia.errors import suggest
from westphalia.formats.genius_boxes import Box, is_box_profile, merge, read_boxes
from westphalia.formats.genius_values import bounds_of, kind_of, values_on
from westphalia.formats.raw import files_of, name_of, number_of, taken_for
from westphalia.formats.reports import Imported, ImportReport, Notes, refusal, shown
from westphalia.formats.tables import (
    MOST_OPTIONS,
    FloatArray,
    Issue,
    Profile,
    check_points,
    deal_inputs,
    discrete,
    gathered,
    grid,
    numeric,
)
from westphalia.formats.trees import Element, read_tree

POINTS = 11
_ROOTS = ("negotiation_template", "utility_space")


@dataclass(frozen=True)
class _File:
    path: Path
    root: Element

    @property
    def is_profile(self) -> bool:
        tags = {"weight", "ufun", "evaluator", "reservation", "discount_factor"}
        return self.root.tag == "utility_space" and any(
            one.tag in tags or "evaluation" in one.attributes for one in self.root.walk()
        )


def read_genius(
    source: str | Path | Sequence[str | Path], *, points: int = POINTS, lenient: bool = False
) -> Imported:
    """Read a domain and its profiles into deal inputs, one actor a profile.

    Parameters
    ----------
    source: the folder, or the files themselves.
    points: options of an issue of real numbers, evenly spaced.
    lenient: whether a name that a profile writes otherwise than the domain is taken for the nearest
        one, a missing value for 0, and a value stated twice as it is stated first; the report says so.

    Returns
    -------
    Deal inputs and the report. Profiles of boxes over at most two issues each become interactions;
    with larger boxes all issues are merged into one named ``package`` if that has few enough options.

    Raises
    ------
    FileError: a file cannot be read, is not what it should be, or does not fit the others.
    CallError: `points` is out of bounds.
    """
    check_points(points)
    notes = Notes()
    files = _files(source, notes)
    profiles = [file for file in files if file.is_profile]
    domain = _domain([file for file in files if not file.is_profile], profiles, notes)
    elements = _issues(domain.root)
    where = str(domain.path)
    issues = gathered((_issue(element, points, notes) for element in elements), where)
    reader = _Reader(issues, [one.get("index") or "" for one in elements], notes, lenient)
    parties = _parties(profiles)
    read = [reader.profile(party, file) for party, file in zip(parties, profiles, strict=True)]
    if reader.large:
        issues = merge(issues, read, reader.large, where, notes)
    name = domain.root.get("name") or next((one.get("name") for one in domain.root.named("objective")), None)
    used = tuple(dict.fromkeys(shown(str(file.path)) for file in (domain, *profiles)))
    report = ImportReport(
        "genius",
        name_of(name, where, Notes()) if name and name.strip() else domain.path.stem,
        used,
        tuple(notes.repaired),
        tuple(notes.not_carried),
    )
    return Imported(deal_inputs(issues, read, where), report)


# --- files ---------------------------------------------------------------------------------------


def _files(source: str | Path | Sequence[str | Path], notes: Notes) -> list[_File]:
    single = isinstance(source, str | Path)
    paths = files_of(Path(source), ".xml") if single else [Path(path) for path in source]  # type: ignore[arg-type, union-attr]
    where = str(source) if single else "files"
    read = [_File(path, read_tree(path, notes)) for path in paths]
    kept = [file for file in read if file.root.tag in _ROOTS]
    for file in read:
        if file.root.tag not in _ROOTS:
            notes.leave(f"{file.path.name} was not read: '{file.root.tag}' is no domain and no profile.")
    if not any(file.is_profile for file in kept):
        raise refusal(
            "There is no Genius profile.",
            where,
            "A profile is an XML file with the root 'utility_space' and weights.",
            "no-profile",
        )
    return kept


def _domain(templates: list[_File], profiles: list[_File], notes: Notes) -> _File:
    if len(templates) > 1:
        names = ", ".join(file.path.name for file in templates)
        raise refusal(
            f"There are {len(templates)} domains: {names}.",
            str(templates[0].path.parent),
            "Keep one domain a folder, or give the files.",
            "two-domains",
        )
    if templates:
        return templates[0]
    notes.repair(f"There is no domain file; {profiles[0].path.name} says what the issues are.")
    return profiles[0]


def _parties(profiles: list[_File]) -> list[str]:
    """Return the names of the parties: as we write them, else those of the files."""
    stated = [file.root.get("party") for file in profiles]
    names = [
        name_of(name or file.path.stem, str(file.path), Notes())
        for name, file in zip(stated, profiles, strict=True)
    ]
    if len(set(names)) < len(names):
        raise refusal(
            "Two profiles are of one party.", str(profiles[-1].path), "Name the files apart.", "same-party"
        )
    return names


# --- issues --------------------------------------------------------------------------------------


def _issues(root: Element) -> list[Element]:
    """Return the issues under the one objective; a template may wrap it in a utility space."""
    inner = root.named("utility_space")
    objectives = (inner[0] if len(inner) == 1 else root).named("objective")
    if len(objectives) != 1 or objectives[0].named("objective"):
        raise refusal(
            "The issues are not listed under one objective.",
            root.where,
            "Objectives within objectives are not read; list all issues under one.",
        )
    return objectives[0].named("issue")


def _issue(element: Element, points: int, notes: Notes) -> Issue:
    name = name_of(element.get("name"), element.where, notes)
    kind = kind_of(element)
    if kind == "discrete":
        return discrete(name, _labels(element, name, notes))
    low, high = bounds_of(element, name)
    if kind == "real":
        notes.leave(f"'{name}' has every number from {low:g} to {high:g}; {points} of them are options.")
        return numeric(name, grid(low, high, points, element.where))
    if low != int(low) or high != int(high) or low > high or high - low >= MOST_OPTIONS:
        raise refusal(
            f"The whole numbers of '{name}' go from {low:g} to {high:g}.",
            element.where,
            f"Give whole bounds with at most {MOST_OPTIONS:,} numbers between them.",
        )
    return numeric(name, [float(at) for at in range(int(low), int(high) + 1)])


def _labels(element: Element, name: str, notes: Notes) -> list[str]:
    items = element.named("item")
    labels = [name_of(item.get("value"), item.where, notes) for item in items]
    kept = list(dict.fromkeys(labels))
    if not kept:
        raise refusal(f"The issue '{name}' has no values.", element.where, "List them as <item value=…>.")
    if len(kept) < len(labels):
        notes.repair(f"'{name}' lists {len(labels) - len(kept)} of its values more than once.")
    return kept


# --- profiles ------------------------------------------------------------------------------------


class _Reader:
    """Reads profiles against the issues of a domain."""

    def __init__(self, issues: list[Issue], indices: list[str], notes: Notes, lenient: bool) -> None:
        self.issues = issues
        self.indices = indices
        self.notes = notes
        self.lenient = lenient
        self.large: dict[str, list[Box]] = {}

    def profile(self, party: str, file: _File) -> Profile:
        """Return the tables of one profile; boxes over more than two issues are kept in `large`."""
        root = file.root
        if (root.get("type") or "").strip().lower() == "uncertain":
            self.notes.leave(f"Genius shows its agents '{party}' in part only; all of it was read.")
        profile = Profile(party, [], self._reservation(root, party))
        if is_box_profile(root):
            large = read_boxes(root, self.issues, self._indices(root), profile, self.notes)
            if large:
                self.large[party] = large
            return profile
        elements = self._matched(root)
        weights = self._weights(root, elements, party)
        for issue, element, weight in zip(self.issues, elements, weights, strict=True):
            profile.values.append(self._values(issue, element, weight))
        return profile

    def _indices(self, root: Element) -> list[str]:
        """Return the index of each issue: as the profile numbers them, else as the domain does."""
        if not root.named("objective"):
            return [index.strip() for index in self.indices]
        return [(one.get("index") or "").strip() if one is not None else "" for one in self._matched(root)]

    def _values(self, issue: Issue, element: Element | None, weight: float) -> FloatArray:
        if element is None:
            return np.zeros(len(issue.labels))
        return values_on(issue, element, weight, self.notes, self.lenient)

    def _reservation(self, root: Element, party: str) -> float:
        discounts = [one for one in root.walk() if one.tag == "discount_factor"]
        for one in discounts:
            if number_of(one.get("value"), "discount factor", one.where) != 1.0:
                self.notes.leave(f"'{party}' discounts utility over time; that is not carried.")
        found = [one for one in root.walk() if one.tag == "reservation"]
        if not found:
            self.notes.leave(f"'{party}' states no reservation value; no deal counts 0, as in Genius.")
            return 0.0
        return number_of(found[0].get("value"), "reservation value", found[0].where)

    def _matched(self, root: Element) -> list[Element | None]:
        """Return the profile's issue for each of the domain's, matched by name."""
        stated: dict[str, Element] = {}
        for element in _issues(root):
            name = name_of(element.get("name"), element.where, self.notes)
            if name in stated:
                raise refusal(f"The profile has two issues '{name}'.", element.where, "Keep one.")
            stated[name] = element
        known = [issue.name for issue in self.issues]
        free = [name for name in known if name not in stated]
        names = set(known)
        unknown = [name for name in stated if name not in names]
        for name, meant in taken_for(unknown, free, lenient=self.lenient).items():
            if meant is None:
                message, where = f"The domain has no issue '{name}'.", stated[name].where
                raise refusal(message, where, suggest(name, known), "unknown-issue")
            self.notes.repair(f"The issue '{name}' was taken for '{meant}'.")
            free.remove(meant)
            stated[meant] = stated.pop(name)
        if free and not self.lenient:
            raise refusal(
                f"The profile says nothing of '{sorted(free)[0]}'.", root.where, "It must value every issue."
            )
        for name in sorted(free):
            self.notes.repair(f"A profile says nothing of '{name}'; its options count 0 there.")
        return [stated.get(issue.name) for issue in self.issues]

    def _weights(self, root: Element, elements: list[Element | None], party: str) -> list[float]:
        """Return the weight of each issue, found by the index that the profile gives it."""
        stated: dict[str, float] = {}
        for one in root.walk():
            if one.tag == "weight":
                index = (one.get("index") or "").strip()
                weight = number_of(one.get("value"), f"weight of issue {index}", one.where, 0.0)
                if stated.setdefault(index, weight) != weight:
                    raise refusal(f"The index {index} has two weights.", one.where, "Keep one.")
        weights = []
        for issue, element in zip(self.issues, elements, strict=True):
            index = (element.get("index") or "").strip() if element is not None else ""
            if element is not None and index not in stated:
                raise refusal(
                    f"The issue '{issue.name}' has no weight.",
                    element.where,
                    f'There must be a <weight index="{index}" value="…">.',
                )
            weights.append(stated.get(index, 0.0) if element is not None else 0.0)
        used = [(element.get("index") or "").strip() for element in elements if element is not None]
        if len(set(used)) < len(used):
            raise refusal("Two issues have one index.", root.where, "Weights are found by index.")
        for index in stated.keys() - set(used):
            self.notes.leave(f"A weight of '{party}' belongs to no issue (index {index}).")
        if abs(sum(weights) - 1.0) > 1e-6:
            self.notes.repair(
                f"The weights of '{party}' sum to {sum(weights):.6g}, not to 1; they were taken as they are."
            )
        return weights
