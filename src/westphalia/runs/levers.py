"""What would change the answer: the smallest single changes that move a forecast, or that open the zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD
from westphalia.analyses.levers import Kind, Scene, Wish, labelled, mean_levers, suffices
from westphalia.analyses.levers_search import search_levers
from westphalia.analyses.sampling import APART, Ties, sample
from westphalia.case.document import Document
from westphalia.case.inputs import build
from westphalia.case.packages import package_terms
from westphalia.case.schema import CaseFile
from westphalia.errors import CallError, suggest
from westphalia.labels import ACTOR, DRAW, ISSUE, LEVER, described
from westphalia.methods import load_all
from westphalia.methods.deals.doubt import doubt
from westphalia.methods.deals.values import commitment_costs, deal_inputs
from westphalia.registry import MethodSpec
from westphalia.runs.answers import forecasts
from westphalia.runs.deals import zone_levers
from westphalia.runs.engine import run, version
from westphalia.runs.study import Options, chosen_methods
from westphalia.runs.zones import laid_out
from westphalia.uncertain import FloatArray, UncertainInputs

PROVED_MONOTONE = ("median",)
"""Methods whose forecast is known to move one way with each stand: raising a weight or a position never
moves a weighted median away from where it points."""


def forecast_levers(
    document: Document,
    issue: str,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    method: str = DEFAULT_METHOD,
    by: str | None = None,
    costs: Mapping[Kind, float] | None = None,
    options: Options | None = None,
    draws: int = 1000,
    seed: int = 1,
    ties: Ties = APART,
    workers: int | None = None,
) -> xr.Dataset:
    """Return the smallest change of each actor's position, salience or capability that moves a forecast.

    Parameters
    ----------
    document: a checked case.
    issue: an issue on a scale; at_most, at_least: the forecast wished for there, one of the two.
    method: whose forecast; exact for the compromise mean, by search for all others.
    by: the actor whose own moves are told from persuasion of others.
    costs: of a move over the whole scale, from no salience to all, of as much capability as there is;
        1 each unless given. draws, seed, ties: of the inputs on which each lever is tried.

    Returns
    -------
    Dataset over `lever`, the cheapest first, as `analyses.levers.labelled` gives it, with
    `suffices_probability` of each, `holds_probability` (without any change), and a stamp.

    Raises
    ------
    CallError: an unknown issue, actor, method or option; no point or two; a point off the scale.
    """
    load_all()
    case, inputs = document.case, build(document.case)
    scene, wish = _wished(inputs, issue, at_most, at_least)
    _is_actor(case, by)
    wanted = options or {}
    spec = chosen_methods((method,), wanted)[0]
    if spec.forecast is None or spec.takes != "scaled":
        raise CallError(f"The method '{spec.id}' gives no forecast on a scale.", code="no-forecast")
    place = _Place(spec, wanted.get(spec.id) or {}, inputs, issue, wanted, workers)
    if spec.id == DEFAULT_METHOD:
        weighting = str(spec.checked(place.options)["weighting"])
        found = mean_levers(scene, wish, weighting)
    else:
        found = search_levers(scene, wish, place.moved, is_monotone=spec.id in PROVED_MONOTONE)
    kinds, actors = [one.kind for one in found], [one.actor for one in found]
    ends = np.array([one.to for one in found])
    here = np.array([scene.value_of(kind, actor) for kind, actor in zip(kinds, actors, strict=True)])
    told = place.moved(*scene.with_changes(kinds, actors, np.where(np.isnan(ends), here, ends)))
    listed = labelled(scene, found, told, issue, by=by, costs=costs)
    scaled = place.seen(sample(inputs, draws, seed, ties=ties)[0])
    known = suffices(listed, scaled, wish, place.forecast)
    asked = {"issue": issue, "at_least" if wish.is_at_least else "at_most": wish.point, "of": spec.id}
    return known.assign_attrs({**_stamp(document, draws, seed, ties), **asked, **({"by": by} if by else {})})


@dataclass(frozen=True)
class _Place:
    """The forecasts of a method on one issue, for changed stands there; others are seen where they count."""

    spec: MethodSpec
    options: Mapping[str, Any]
    inputs: UncertainInputs
    issue: str
    all_options: Options
    workers: int | None

    @cached_property
    def issues(self) -> tuple[str, ...] | None:
        """The issues that the forecast sees, tried by running the method; None stands for all."""
        return forecasts(self.spec, (self.issue,), self.inputs, self.all_options)[0].issues

    def seen(self, data: xr.Dataset) -> xr.Dataset:
        """Return the inputs on the issues that the forecast sees."""
        return data if self.issues is None else data.sel({ISSUE: list(self.issues)})

    def forecast(self, data: xr.Dataset) -> FloatArray:
        """Return the forecasts (draw) on the issue."""
        result = run(self.spec, data, options=self.options, workers=self.workers)[str(self.spec.forecast)]
        return np.asarray(result.sel({ISSUE: self.issue}).values)

    def moved(self, position: FloatArray, salience: FloatArray, capability: FloatArray) -> FloatArray:
        """Return the forecasts of changed stands (change, actor), each a draw to the method."""
        central = self.seen(self.inputs.central)
        held = np.flatnonzero(central["has_stand"].sel({ISSUE: self.issue}).values)
        at = central[ISSUE].values.tolist().index(self.issue)
        changed: dict[str, Any] = {}
        for name, stands in (("position", position), ("salience", salience), ("capability", capability)):
            values = np.repeat(central[name].transpose(ACTOR, ISSUE).values[None], len(stands), axis=0)
            values[:, held, at] = stands
            changed[name] = ((DRAW, ACTOR, ISSUE), values)
        return self.forecast(central.assign(changed).assign_coords({DRAW: np.arange(len(position))}))


def _wished(
    inputs: UncertainInputs, issue: str, at_most: float | None, at_least: float | None
) -> tuple[Scene, Wish]:
    issues = list(map(str, inputs.central[ISSUE].values))
    if issue not in issues:
        raise CallError(
            f"There is no issue '{issue}' on a scale.",
            code="unknown-issue",
            where=issue,
            hint=suggest(issue, issues),
        )
    if (at_most is None) == (at_least is None):
        raise CallError(
            "A lever needs one outcome to bring about.",
            code="bad-wish",
            hint="Give either the most or the least that the forecast may be.",
        )
    scene = Scene.of(inputs.central, issue)
    wish = Wish(float(at_most if at_least is None else at_least), at_least is not None)  # type: ignore[arg-type]
    if not scene.low <= wish.point <= scene.high:
        raise CallError(
            f"{wish.point:g} is not on the scale of '{issue}'.",
            code="off-scale",
            where=issue,
            hint=f"Allowed: {scene.low:g} to {scene.high:g}.",
        )
    return scene, wish


def _is_actor(case: CaseFile, name: str | None) -> None:
    if name is not None and name not in case.actor:
        raise CallError(
            f"There is no actor '{name}'.", code="unknown-actor", where=name, hint=suggest(name, case.actor)
        )


def _stamp(document: Document, draws: int, seed: int, ties: Ties) -> dict[str, Any]:
    case = {"case": document.case.id, "case_digest": document.digest}
    return {**case, "draws": draws, "seed": seed, **ties.stamp, "version": version()}


# --- the zone ----------------------------------------------------------------------------------------


def opening_levers(
    document: Document,
    *,
    by: str | None = None,
    draws: int = 500,
    seed: int = 1,
    ties: Ties = APART,
    time_limit: float = 60.0,
) -> xr.Dataset:
    """Return the smallest single changes that open the zone of agreement, with their doubt.

    The levers are those of `methods.deals.levers` at central values; each is then tried on draws: a
    no deal is lowered by as much, a position moved by as far, a commitment let go by as large a share.

    Returns
    -------
    Dataset over `lever` as of `methods.deals.levers`, with `suffices_probability` (NaN for a linkage,
    which is not tried), `holds_probability` (a zone without any change), `is_own` if `by` is given,
    and a stamp.

    Raises
    ------
    CallError: an unknown actor, or the case's packages cannot be judged.
    """
    case = document.case
    _is_actor(case, by)
    inputs = build(case)
    terms = package_terms(case, inputs.central, inputs.nominal)
    binding = commitment_costs(terms)
    found = zone_levers(deal_inputs(terms), inputs.central, binding, None, "linear", time_limit)
    drawn = sample(inputs, draws, seed, ties=ties)
    zones = _Zones(case, *drawn)
    held = zones.share(zones.scaled)
    each = [found.isel({LEVER: at}) for at in range(found.sizes[LEVER])]
    shares = [held if float(one["lever_size"]) == 0 else zones.after(one) for one in each]
    told = found.assign(suffices_probability=((LEVER,), np.array(shares)), holds_probability=held)
    if by is not None:
        told = told.assign(is_own=((LEVER,), told["lever_actor"].values == by))
    return described(told).assign_attrs({**_stamp(document, draws, seed, ties), **({"by": by} if by else {})})


@dataclass(frozen=True)
class _Zones:
    """Draws of a case in which a lever can be tried."""

    case: CaseFile
    scaled: xr.Dataset
    nominal: xr.Dataset

    def after(self, one: xr.Dataset) -> float:
        """Return the share of draws with a zone after a lever; NaN if it is not enough or cannot be tried."""
        actor, size = str(one["lever_actor"].values), float(one["lever_size"])
        if not bool(one["is_enough"]):
            return np.nan
        tries: dict[str, Callable[[], float]] = {
            "no_deal": lambda: self.share(self.scaled, lambda deal, _terms: _lowered(deal, actor, size)),
            "position": lambda: self.share(self._shifted(one)),
            "commitment": lambda: self._let_go(actor, str(one["lever_issue"].values), size),
        }
        return tries[str(one["lever_kind"].values)]()

    def share(
        self, scaled: xr.Dataset, change: Callable[[xr.Dataset, xr.Dataset], xr.Dataset] | None = None
    ) -> float:
        """Return the share of draws with a zone, with a change of the deal inputs or without."""
        hits = 0
        for terms in laid_out(self.case, scaled, self.nominal):
            deal = deal_inputs(terms)
            found = doubt(deal if change is None else change(deal, terms))
            hits += int(found["has_zone"].sum())
        return hits / scaled.sizes[DRAW]

    def _shifted(self, one: xr.Dataset) -> xr.Dataset:
        actor, issue = str(one["lever_actor"].values), str(one["lever_issue"].values)
        shift = float(one["lever_to"]) - float(one["lever_from"])
        position = self.scaled["position"]
        theirs = (position[ACTOR] == actor) & (position[ISSUE] == issue)
        moved = (position + shift).clip(self.scaled["scale_low"], self.scaled["scale_high"])
        return self.scaled.assign(position=moved.where(theirs, position).transpose(*position.dims))

    def _let_go(self, actor: str, issue: str, size: float) -> float:
        if " + " in issue:
            return np.nan

        def change(deal: xr.Dataset, terms: xr.Dataset) -> xr.Dataset:
            # What commitments take off is the difference to the same packages without them.
            free = deal_inputs(terms, commitments=False)["option_value"]
            value = deal["option_value"]
            theirs = (value[ACTOR] == actor) & (value[ISSUE] == issue)
            eased = value + size * (free - value)
            return deal.assign(option_value=eased.where(theirs, value).transpose(*value.dims))

        return self.share(self.scaled, change)


def _lowered(deal: xr.Dataset, actor: str, size: float) -> xr.Dataset:
    floor = deal["reservation"]
    return deal.assign(reservation=floor.where(floor[ACTOR] != actor, floor - size).transpose(*floor.dims))
