"""GeniusWeb: a domain and one linear additive profile a party, as JSON files in a folder.

u(x) = Σ_k w_k · e_k(x_k), weights summing to 1, e_k between 0 and 1. No deal is worth what the
reservation bid, a package, is worth; 0 if none is stated. Numbers are taken as decimal fractions, as
GeniusWeb does, so that a profile that was written is read back to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from westphalia.errors import nearest, suggest
from westphalia.formats.jsons import Node, read_json
from westphalia.formats.raw import decimal_of, files_of, label_of, name_of, number_of, taken_for
from westphalia.formats.reports import Imported, ImportReport, Notes, refusal, shown
from westphalia.formats.tables import (
    MOST_OPTIONS,
    Issue,
    Profile,
    check_points,
    deal_inputs,
    discrete,
    gathered,
    numeric,
)

POINTS = 11
_PROFILE = "LinearAdditiveUtilitySpace"
_DISCRETE = ("discreteutils", "DiscreteValueSetUtilities")
_NUMBER = ("numberutils", "NumberValueSetUtilities")


def read_geniusweb(
    source: str | Path | Sequence[str | Path], *, points: int = POINTS, lenient: bool = False
) -> Imported:
    """Read a domain and its profiles into deal inputs, one actor a profile.

    Parameters
    ----------
    source: the folder, or the files themselves; ``…specials.json`` is left out.
    points: options of an issue of numbers that has more steps than that, evenly spaced.
    lenient: whether a name that a profile writes otherwise than the domain is taken for the nearest
        one, and a missing value for 0; the report says so.

    Raises
    ------
    FileError: a file cannot be read, is not what it should be, or does not fit the others.
    CallError: `points` is out of bounds.
    """
    check_points(points)
    notes = Notes()
    domain, profiles = _files(source, notes)
    entries = domain.at("issuesValues").entries(notes)
    issues = gathered((_issue(name, node, points, notes) for name, node in entries), domain.where)
    reader = _Reader(issues, notes, lenient)
    parties = _parties(profiles)
    read = [reader.profile(party, node) for party, node in zip(parties, profiles, strict=True)]
    stated = domain.get("name")
    name = name_of(stated.value, stated.where, Notes()) if stated is not None else Path(domain.file).stem
    used = tuple(dict.fromkeys(shown(node.file) for node in (domain, *profiles)))
    report = ImportReport("geniusweb", name, used, tuple(notes.repaired), tuple(notes.not_carried))
    return Imported(deal_inputs(issues, read, domain.where), report)


# --- files ---------------------------------------------------------------------------------------


def _files(source: str | Path | Sequence[str | Path], notes: Notes) -> tuple[Node, list[Node]]:
    """Return the domain and the profiles, each without its wrapping key."""
    single = isinstance(source, str | Path)
    paths = files_of(Path(source), ".json") if single else [Path(path) for path in source]  # type: ignore[arg-type, union-attr]
    domains, profiles = [], []
    for path in paths:
        if path.name.lower().endswith("specials.json"):
            notes.leave(f"{path.name} was not read: it holds no preferences.")
            continue
        node = read_json(path)
        profile = node.get(_PROFILE)
        if profile is not None:
            profiles.append(profile)
        elif node.get("issuesValues") is not None:
            domains.append(node)
        else:
            kind = next(iter(node.value), "nothing") if isinstance(node.value, dict) else "a list"
            notes.leave(f"{path.name} was not read: '{kind!s:.60}' is no domain and no linear profile.")
    where = str(source) if single else "files"
    return _domain(domains, profiles, where, notes), profiles


def _domain(domains: list[Node], profiles: list[Node], where: str, notes: Notes) -> Node:
    if not profiles:
        hint = f"A profile is a JSON file with the one key '{_PROFILE}'."
        raise refusal("There is no GeniusWeb profile.", where, hint, "no-profile")
    if len(domains) > 1:
        names = ", ".join(Path(node.file).name for node in domains)
        hint = "Keep one domain a folder, or give the files."
        raise refusal(f"There are {len(domains)} domains: {names}.", where, hint, "two-domains")
    if domains:
        return domains[0]
    first = profiles[0]
    notes.repair(f"There is no domain file; {Path(first.file).name} says what the issues are.")
    return first.at("domain")


def _parties(profiles: list[Node]) -> list[str]:
    """Return the names of the parties: as stated, else those of the files."""
    stated = [node.get("name") for node in profiles]
    names = [name_of(one.value, one.where, Notes()) if one is not None else "" for one in stated]
    if "" in names or len(set(names)) < len(names):
        names = [name_of(Path(node.file).stem, node.file, Notes()) for node in profiles]
    if len(set(names)) < len(names):
        raise refusal("Two profiles are of one party.", profiles[-1].file, "Name them apart.", "same-party")
    return names


# --- issues --------------------------------------------------------------------------------------


def _issue(name: str, node: Node, points: int, notes: Notes) -> Issue:
    values, span = node.get("values"), node.get("range")
    if values is not None:
        labels = [name_of(one.value, one.where, notes) for one in values.items()]
        kept = list(dict.fromkeys(labels))
        if not kept:
            raise refusal(f"The issue '{name}' has no values.", values.where, "List its values.")
        if len(kept) < len(labels):
            notes.repair(f"'{name}' lists {len(labels) - len(kept)} of its values more than once.")
        return discrete(name, kept)
    if span is None:
        raise refusal(
            f"The issue '{name}' has neither values nor a range.", node.where, 'Give {"values": […]}.'
        )
    ends = ("low", "high", "step")
    given = [one.value for one in span.items()] if isinstance(span.value, list) else map(span.plain, ends)
    stated = dict(zip(ends, given, strict=False))
    low, high, step = (decimal_of(stated.get(end), end, span.where) for end in ends)
    if low > high or step <= 0:
        hint = "low ≤ high, step above 0."
        raise refusal(f"The range from {low} to {high} by {step} is empty.", span.where, hint)
    return numeric(name, [float(low + step * at) for at in _steps(name, (high - low) / step, points, notes)])


def _steps(name: str, ratio: Decimal, points: int, notes: Notes) -> list[int]:
    """Return the steps that are options: all if they are few, else evenly spaced ones."""
    last = int(ratio)
    if last < min(MOST_OPTIONS, 100):
        return list(range(last + 1))
    notes.leave(f"'{name}' has {last + 1:,} numbers; {points} of them are options.")
    return sorted({last * at // (points - 1) for at in range(points)})


# --- profiles ------------------------------------------------------------------------------------


class _Reader:
    """Reads profiles against the issues of a domain."""

    def __init__(self, issues: list[Issue], notes: Notes, lenient: bool) -> None:
        self.issues = issues
        self.notes = notes
        self.lenient = lenient

    def profile(self, party: str, node: Node) -> Profile:
        """Return the tables of one profile."""
        names = [issue.name for issue in self.issues]
        utilities = self._matched(node.at("issueUtilities"), names, "issue")
        stated = self._matched(node.at("issueWeights"), names, "weight")
        weights = [
            decimal_of(one.value, f"weight of '{name}'", one.where, 0.0) if one is not None else Decimal(0)
            for name, one in zip(names, stated, strict=True)
        ]
        total = sum(weights, Decimal(0))
        if abs(total - 1) > Decimal("1e-6"):
            self.notes.repair(
                f"The weights of '{party}' sum to {float(total):.6g}, not to 1; they were taken as they are."
            )
        values = [
            np.array([float(weight * share) for share in self._shares(issue, one)])
            for issue, one, weight in zip(self.issues, utilities, weights, strict=True)
        ]
        return Profile(party, values, self._reservation(node, party, utilities, weights))

    def _matched(self, node: Node, names: Sequence[str], what: str) -> list[Node | None]:
        """Return the entry for each name; unknown and missing ones are refused or, leniently, mended."""
        stated: dict[str, Node] = {}
        for name, one in node.entries(self.notes):
            if name in stated:
                raise refusal(f"'{name}' stands twice.", one.where, "Keep one.", "two-values")
            stated[name] = one
        free = [name for name in names if name not in stated]
        known = set(names)
        unknown = [name for name in stated if name not in known]
        for name, meant in taken_for(unknown, free, lenient=self.lenient).items():
            if meant is None:
                message = f"The domain has no {what} '{name}'."
                raise refusal(message, stated[name].where, suggest(name, names), f"unknown-{what}")
            self.notes.repair(f"The {what} '{name}' was taken for '{meant}'.")
            free.remove(meant)
            stated[meant] = stated.pop(name)
        if free and not self.lenient:
            message = f"There is no entry for '{free[0]}'."
            raise refusal(
                message, node.where, "The profile must value all that the domain has.", "missing-value"
            )
        for name in free:
            self.notes.repair(f"A profile does not value '{name}'; it counts 0.")
        return [stated.get(name) for name in names]

    def _shares(self, issue: Issue, node: Node | None) -> list[Decimal]:
        """Return e_k of each option."""
        if node is None:
            return [Decimal(0)] * len(issue.labels)
        listed = next((one for key in _DISCRETE if (one := node.get(key)) is not None), None)
        if listed is not None and not issue.is_numeric:
            entries = self._matched(listed.at("valueUtilities"), issue.labels, "value")
            return [self._share(one) if one is not None else Decimal(0) for one in entries]
        line = next((one for key in _NUMBER if (one := node.get(key)) is not None), None)
        if line is None or not issue.is_numeric:
            kind = _NUMBER[0] if issue.is_numeric else _DISCRETE[0]
            raise refusal(f"The utilities of '{issue.name}' are not stated.", node.where, f"Give '{kind}'.")
        return [_between(line, point) for point in issue.points]

    def _share(self, node: Node) -> Decimal:
        share = decimal_of(node.value, "utility", node.where, 0.0)
        if share > 1:
            raise refusal(f"The utility is {share}.", node.where, "It must lie between 0 and 1.")
        return share

    def _reservation(
        self, node: Node, party: str, utilities: list[Node | None], weights: list[Decimal]
    ) -> float:
        """Return what the reservation bid is worth."""
        bid = node.get("reservationBid")
        if bid is None or bid.value is None:
            self.notes.leave(f"'{party}' states no reservation bid; no deal counts 0.")
            return 0.0
        chosen = self._matched(bid.at("issuevalues"), [issue.name for issue in self.issues], "issue")
        worth = 0.0
        for issue, one, utility, weight in zip(self.issues, chosen, utilities, weights, strict=True):
            if one is not None:
                worth += float(weight * self._worth(issue, one, utility))
        return worth

    def _worth(self, issue: Issue, chosen: Node, utility: Node | None) -> Decimal:
        if issue.is_numeric:
            point = number_of(chosen.value, f"number of '{issue.name}'", chosen.where)
            line = next((one for key in _NUMBER if utility and (one := utility.get(key)) is not None), None)
            return _between(line, point) if line is not None else Decimal(0)
        value = label_of(float(chosen.value)) if isinstance(chosen.value, Decimal) else chosen.value
        label = name_of(value, chosen.where, self.notes)
        if label not in issue.labels:
            meant = nearest(label, issue.labels) if self.lenient else None
            if meant is None:
                message = f"'{issue.name}' has no value '{label}'."
                raise refusal(message, chosen.where, suggest(label, issue.labels), "unknown-value")
            self.notes.repair(f"'{label}' of '{issue.name}' was taken for '{meant}'.")
            label = meant
        return self._shares(issue, utility)[issue.labels.index(label)]


def _between(line: Node, point: float) -> Decimal:
    """Return the utility of a number on the line from low to high."""
    ends: list[Any] = []
    for end in ("low", "high"):
        ends.append(decimal_of(line.plain(f"{end}Value"), f"{end}Value", line.where))
        ends.append(decimal_of(line.plain(f"{end}Utility"), f"{end}Utility", line.where, 0.0))
    low, at_low, high, at_high = ends
    if high <= low or max(at_low, at_high) > 1:
        raise refusal(
            "The line of utilities is wrong.",
            line.where,
            "lowValue below highValue, utilities between 0 and 1.",
        )
    part = min(max((Decimal(repr(point)) - low) / (high - low), Decimal(0)), Decimal(1))
    return Decimal(at_low + (at_high - at_low) * part)
