"""Score methods on past decisions: run them proposal by proposal, then judge what they foretold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.backtest import Past, foretold, means_over_draws, per_issue, scores
from westphalia.analyses.backtest_law import fitted_law
from westphalia.analyses.forecasts import DEFAULT_METHOD
from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, ISSUE
from westphalia.methods import load_all
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.spatial.predictive import SPEC as PREDICTIVE
from westphalia.methods.spatial.predictive_law import Law
from westphalia.registry import MethodSpec, find, registered
from westphalia.runs.backtest_files import PastIssues
from westphalia.runs.engine import Progress

WHOLE = "all"
SPREAD = "spread"
"""The group that no column holds: thirds of issues by the weighted standard deviation of positions."""

MOST_KINDS = 30


@dataclass(frozen=True)
class Entrant:
    """A method with its options, under the name it is scored by."""

    name: str
    spec: MethodSpec
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Backtest:
    """What came of a back-test.

    `scores` is (method, group), `single` (method, issue); `skipped` says of each method how many
    issues it could not be run on and why; `notices` what was taken for granted of the files.
    """

    scores: xr.Dataset
    single: xr.Dataset
    skipped: dict[str, str]
    notices: tuple[str, ...]


def backtest(
    past: PastIssues,
    *,
    methods: tuple[str, ...] = (),
    by: tuple[str, ...] = (SPREAD,),
    folds: int = 10,
    seed: int = 1,
    progress: Progress | None = None,
) -> Backtest:
    """Score forecasting methods (`methods`, see `entrants`) on the issues whose outcome is known.

    Each proposal is a run of its own, with the actors that take a stand in it. The default method is
    always among them, because the others are measured by it. `by` names columns of issues.csv, or
    `spread`, by whose values scores are given besides.

    Raises
    ------
    CallError: an unknown method, column or option; fewer than two proposals with a known outcome; no
        issue that any method could be run on; folds out of bounds.
    """
    usable = usable_issues(past)
    proposals = past.proposal[usable]
    most = np.unique(proposals).size
    if not 2 <= folds <= 1000 or most < 2:
        raise CallError(
            f"{folds} folds of {most} proposals were asked for.",
            code="bad-folds",
            hint="From 2 to 1000 folds, and at least two proposals with known outcomes.",
        )
    inputs = past.inputs.isel({ISSUE: usable})
    judged = as_past(inputs, proposals)
    kinds = _kinds(past, usable, judged, by)
    points, skipped = _points(entrants(methods), inputs, proposals, progress)
    single = per_issue(judged, foretold(judged, points, folds, seed), inputs[ISSUE].values)
    return Backtest(scores(single, proposals, kinds), single, skipped, past.notices)


def fit(past: PastIssues) -> Law:
    """Return the law of the predictive forecast as fitted on all issues whose outcome is known."""
    usable = usable_issues(past)
    judged = as_past(past.inputs.isel({ISSUE: usable}), past.proposal[usable])
    return fitted_law(judged.position, judged.weight, judged.outcome, judged.groups)


def usable_issues(past: PastIssues) -> Array:
    """Return the places of issues with a known outcome on which somebody has weight."""
    weight = (past.inputs["salience"] * past.inputs["capability"]).sum(ACTOR).values
    return np.flatnonzero(np.isfinite(past.inputs["known_outcome"].values) & (weight > 0))


def as_past(inputs: xr.Dataset, proposals: Array) -> Past:
    """Return issues as arrays in shares of their scales."""
    low = inputs["scale_low"].values
    length = inputs["scale_high"].values - low
    weight = (inputs["salience"] * inputs["capability"]).transpose(ACTOR, ISSUE).values
    position = (inputs["position"].transpose(ACTOR, ISSUE).values - low) / length
    return Past(
        np.where(inputs["has_stand"].values, position, 0.0),
        weight,
        (inputs["known_outcome"].values - low) / length,
        np.unique(proposals, return_inverse=True)[1],
    )


def entrants(methods: tuple[str, ...]) -> tuple[Entrant, ...]:
    """Return what is scored, the default method first: those named, or all that forecast on scales.

    A name may carry options, such as ``challenge:reading=printed,settle=mean``.

    Raises
    ------
    CallError: there is no such method or option, or it forecasts no outcome on a scale.
    """
    load_all()
    able = [spec for spec in registered() if spec.takes == "scaled" and spec.forecast]
    named = methods or tuple(spec.id for spec in able)
    return tuple(_entrant(name, able) for name in dict.fromkeys([DEFAULT_METHOD, *named]))


def _entrant(name: str, able: list[MethodSpec]) -> Entrant:
    method, _, settings = name.partition(":")
    spec = find(method)
    if spec not in able:
        hint = suggest(spec.id, [one.id for one in able])
        message = f"The method '{spec.id}' forecasts no outcome on a scale."
        raise CallError(message, code="no-forecast", where=spec.id, hint=hint)
    options = {}
    for setting in filter(None, settings.split(",")):
        option, equals, value = setting.partition("=")
        if not equals:
            hint = "Write METHOD:NAME=VALUE, such as challenge:reading=printed."
            raise CallError(f"'{setting}' is no option.", code="bad-option", where=name, hint=hint)
        options[option] = value
    return Entrant(name if options else spec.id, spec, spec.checked(options))


def _points(
    scored: tuple[Entrant, ...], inputs: xr.Dataset, proposals: Array, progress: Progress | None
) -> tuple[dict[str, FloatArray | None], dict[str, str]]:
    """Return each method's forecast of each issue as a share of the scale, NaN where it has none.

    The predictive forecast has None: what is known of past decisions is in it, so that it must be
    fitted anew. Methods without any forecast are left out; why is told for each.
    """
    names = np.unique(proposals)
    points: dict[str, FloatArray | None] = {}
    skipped: dict[str, str] = {}
    for done, entrant in enumerate(scored, start=1):
        if entrant.spec is PREDICTIVE:
            points[entrant.name] = None
        else:
            found, reason = _over_proposals(entrant, inputs, proposals, names)
            lacking = int(np.isnan(found).sum())
            if lacking:
                skipped[entrant.name] = f"{lacking} of {found.size} issues have no forecast. {reason}"
            if lacking < found.size:
                points[entrant.name] = found
        if progress is not None:
            progress("methods", done, len(scored))
    return points, skipped


def _over_proposals(
    entrant: Entrant, inputs: xr.Dataset, proposals: Array, names: Array
) -> tuple[FloatArray, str]:
    """Return the forecasts of one method, and why there is none on the first proposal without one."""
    found = np.full(proposals.size, np.nan)
    reason = ""
    for name in names:
        at = np.flatnonzero(proposals == name)
        part = inputs.isel({ISSUE: at})
        part = part.isel({ACTOR: np.flatnonzero(part["has_stand"].any(ISSUE).values)})
        try:
            found[at] = _point(entrant, part)
        except CallError as error:
            reason = reason or f"{error.message} {error.hint}".strip()
    return found, reason or "The method settles nothing there."


def _point(entrant: Entrant, part: xr.Dataset) -> FloatArray:
    spec = entrant.spec
    missing = [name for name in spec.needed if name not in part]
    if missing:
        raise CallError(f"Past decisions hold no {', '.join(missing)}.", code="input-missing", where=spec.id)
    arrays = {name: part[name] for name in spec.inputs if name in part}
    result = spec.run(**arrays, **entrant.options)
    low = part["scale_low"].values
    unit: FloatArray = (means_over_draws(result[spec.forecast]) - low) / (part["scale_high"].values - low)
    return unit


def _kinds(past: PastIssues, usable: Array, judged: Past, by: tuple[str, ...]) -> dict[str, Array]:
    """Return a mask over issues for the whole and for each value of each column that is asked for."""
    kinds: dict[str, Array] = {WHOLE: np.ones(usable.size, dtype=bool)}
    for column in by:
        if column == SPREAD:
            values = _thirds(judged)
        elif column in past.columns:
            values = np.array(past.columns[column])[usable]
        else:
            hint = suggest(column, [SPREAD, *past.columns])
            raise CallError(f"There is no column '{column}'.", code="unknown-column", where=column, hint=hint)
        found = np.unique(values)
        if found.size > MOST_KINDS:
            message = f"The column '{column}' has {found.size} values."
            raise CallError(message, code="too-many-groups", where=column, hint=f"At most {MOST_KINDS}.")
        kinds |= {f"{column}: {value or 'none'}": values == value for value in found}
    return kinds


def _thirds(judged: Past) -> Array:
    """Return for each issue whether its positions are among the nearest, the middle or the widest third."""
    part = judged.weight / judged.weight.sum(axis=0)
    centre = (part * judged.position).sum(axis=0)
    spread = np.sqrt((part * (judged.position - centre) ** 2).sum(axis=0))
    place = np.searchsorted(np.quantile(spread, [1 / 3, 2 / 3]), spread)
    thirds: Array = np.array(["1 near", "2 middle", "3 wide"])[place]
    return thirds
