"""The packages of a case's deals in words: what picks each, where it settles every issue, who gains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr

from westphalia.charts.deals import NamedPackage, Spot
from westphalia.charts.words import listed, number
from westphalia.labels import ACTOR, BEST_FOR, ISSUE, OPTION, RULE, SOLUTION
from westphalia.language import marked, said
from westphalia.methods.deals.space import space_of
from westphalia.report.values import actor_name, nearest_meaning, scale_of
from westphalia.runs.deals import Deals

RULES = {
    "nash": marked("Nash"),
    "kalai_smorodinsky": marked("Kalai–Smorodinsky"),
    "egalitarian": marked("egalitarian"),
    "leximin": marked("leximin"),
    "utilitarian": marked("utilitarian"),
}
"""The bargaining solutions by the names of the field."""

EXPECTED = marked("expected package")
REVERTED = marked("what holds without agreement")

Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def parties(deals: Deals) -> tuple[str, ...]:
    """Return the ids of the parties without whose acceptance no package is a deal."""
    inputs = deals.inputs
    return tuple(str(actor) for actor in inputs[ACTOR].values[inputs["is_party"].values])


def names_of(deals: Deals, language: str) -> dict[str, str]:
    """Return the names of the actors whose no deal is known, by id, the parties first."""
    known = deals.inputs[ACTOR].values[np.isfinite(deals.inputs["reservation"].values)]
    first = parties(deals)
    others = [str(actor) for actor in known if actor not in first]
    return {actor: actor_name(actor, deals.document.case, language) for actor in (*first, *others)}


def questions(deals: Deals, language: str) -> dict[str, str]:
    """Return what each issue asks, by id, in the order of the case."""
    return {issue.id: issue.question.into(language) for issue in deals.document.case.issues}


def option_words(deals: Deals, issue: str, place: int, language: str, *, short: bool = False) -> str:
    """Return what an option means: its point on the scale, and where that lies among the stated points."""
    asked = deals.document.case.issue[issue]
    at = deals.inputs.sel({ISSUE: issue}).isel({OPTION: place})
    label = str(at["option_label"].values)
    meaning = {str(key): text.into(language) for key, text in asked.scale.items()}
    if asked.kind == "nominal":
        return meaning.get(label, label)
    point, scale = float(at["option_point"].values), scale_of(asked, language)
    stated = dict(scale.points)
    if asked.kind == "ordered" and point in stated:
        return stated[point]
    shown = number(point, scale.length)
    if point in stated and short:
        return f"{shown}: {stated[point]}"
    if point in stated:
        return said("{point}, at “{meaning}”", point=shown, meaning=stated[point])
    if short:
        nearest = min(scale.points, key=lambda one: abs(one[0] - point))
        return said("{point}: nearest {meaning}", point=shown, meaning=nearest[1])
    return f"{shown}, {nearest_meaning(point, scale)}"


def option_brief(deals: Deals, issue: str, place: int, language: str) -> str:
    """Return an option in few letters: its point on the scale, or its meaning if it has none."""
    asked = deals.document.case.issue[issue]
    if asked.kind != "continuous":
        return option_words(deals, issue, int(place), language, short=True)
    low, high = asked.ends
    return number(float(deals.inputs["option_point"].sel({ISSUE: issue}).values[place]), high - low)


def package_words(deals: Deals, package: Iterable[int], language: str) -> tuple[tuple[str, str], ...]:
    """Return question and option in words for each issue of a package (issue; places of options)."""
    asked = questions(deals, language)
    found = zip(asked.items(), package, strict=True)
    return tuple((text, option_words(deals, issue, int(place), language)) for (issue, text), place in found)


def efficient_spread(deals: Deals, language: str) -> dict[str, str]:
    """Return, by question, from where to where the efficient packages of the zone go on the issue."""
    package = deals.frontier["package"]
    told = {}
    for issue, question in questions(deals, language).items():
        found = np.unique(package.sel({ISSUE: issue}).values)
        ends = [option_brief(deals, issue, int(place), language) for place in found]
        is_nominal = deals.document.case.issue[issue].kind == "nominal"
        told[question] = f" ({_spread(ends, is_nominal)})" if ends else ""
    return told


def _spread(ends: Sequence[str], is_nominal: bool) -> str:
    if len(ends) == 1:
        return said("in every efficient package")
    if is_nominal:
        return said("efficient packages: {options}", options=listed(ends))
    return said("efficient packages: {low} to {high}", low=ends[0], high=ends[-1])


def alike(deals: Deals) -> dict[tuple[str, ...], Places]:
    """Return the packages that the solutions pick (tie, issue), by the rules that pick the same ones."""
    if not bool(deals.solutions["has_zone"]):
        return {}
    found: dict[bytes, tuple[list[str], Places]] = {}
    for rule in map(str, deals.solutions[RULE].values):
        picked = deals.solutions["package"].sel({RULE: rule}).transpose(SOLUTION, ISSUE).values
        picked = picked[(picked >= 0).all(axis=1)]
        if len(picked):
            key = np.unique(picked, axis=0).tobytes()
            found.setdefault(key, ([], picked))[0].append(rule)
    return {tuple(rules): places for rules, places in found.values()}


def rule_names(rules: Iterable[str]) -> str:
    """Return the names of the rules as a list."""
    return listed(said(RULES[rule]) for rule in rules)


def solved_packages(deals: Deals, language: str) -> tuple[NamedPackage, ...]:
    """Return the solutions' packages, those that several rules pick once."""
    return tuple(
        _named(deals, rules[0], _capital(rule_names(rules)), places, language)
        for rules, places in alike(deals).items()
    )


def expected_package(deals: Deals, language: str) -> NamedPackage:
    """Return the package nearest to the compromise mean."""
    return _named(deals, "expected", _capital(said(EXPECTED)), deals.expected.values[None], language)


def reverted_package(deals: Deals, language: str) -> NamedPackage:
    """Return the package nearest to what holds without agreement."""
    return _named(deals, "reverted", _capital(said(REVERTED)), deals.reverted.values[None], language)


def best_packages(deals: Deals) -> dict[str, tuple[Places, Mapping[str, float]]]:
    """Return each party's best acceptable package (issue) and what every actor gains from it."""
    found: dict[str, tuple[Places, Mapping[str, float]]] = {}
    for party in map(str, deals.zone[BEST_FOR].values):
        own = deals.zone.sel({BEST_FOR: party})
        found[party] = (own["package"].values, gains_by_actor(own["slack"]))
    return found


def gains_by_actor(gain: xr.DataArray) -> dict[str, float]:
    """Return values (actor) as numbers by id."""
    return dict(zip(map(str, gain[ACTOR].values), map(float, gain.values), strict=True))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(deals: Deals, kind: str, name: str, places: Places, language: str) -> NamedPackage:
    space = space_of(deals.inputs)
    spots = {}
    for at, issue in enumerate(map(str, deals.inputs[ISSUE].values)):
        low, high = _span(deals, issue, places[:, at])
        spots[issue] = Spot(
            words=option_words(deals, issue, int(places[0, at]), language, short=True),
            at=_span(deals, issue, places[:1, at])[0],
            low=low,
            high=high,
        )
    gain = space.slack(places[:1])[0]
    return NamedPackage(kind, name, spots, dict(zip(map(str, space.parties), gain.tolist(), strict=True)))


def _span(deals: Deals, issue: str, places: Places) -> tuple[float, float]:
    """Return the least and largest place of options from 0 to 1: along the scale, or by rank if nominal."""
    points = deals.inputs["option_point"].sel({ISSUE: issue}).values
    points = points[np.isfinite(points)]
    length = float(np.ptp(points)) or 1.0
    share = (points[places] - points.min()) / length
    return float(share.min()), float(share.max())
