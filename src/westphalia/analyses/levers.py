"""Levers on a forecast: the smallest change of one actor's stand that brings a wished-for outcome.

Three things can be moved: where an actor stands, how much it cares, and how much it can do. Each
lever changes one of them, of one actor, on one issue, and leaves all else as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr

from westphalia.errors import CallError
from westphalia.labels import ACTOR, ISSUE, LEVER, described
from westphalia.uncertain import FloatArray

Kind = Literal["position", "salience", "capability"]
KINDS: tuple[Kind, ...] = ("position", "salience", "capability")

MOST_CAPABILITY = 10.0
"""A capability is moved to at most so many times what it is."""

Moved = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
"""From position, salience and capability (change, actor) on the issue to the forecasts (change)."""

_SLACK = 1e-9
"""Share of the scale by which a forecast may miss the point and still count as there."""


@dataclass(frozen=True)
class Wish:
    """A forecast wished for: at least `point`, or at most."""

    point: float
    is_at_least: bool

    def short(self, forecast: FloatArray) -> FloatArray:
        """Return how far the forecasts fall short of the wish; 0 or below where it is met."""
        return np.asarray(self.point - forecast if self.is_at_least else forecast - self.point)


@dataclass(frozen=True)
class Scene:
    """The stands on one issue: `position`, `salience`, `capability` (actor), and the ends of its scale.

    `actors` names those with a stand; nobody else is in the arrays.
    """

    actors: tuple[str, ...]
    position: FloatArray
    salience: FloatArray
    capability: FloatArray
    low: float
    high: float

    @classmethod
    def of(cls, data: xr.Dataset, issue: str) -> Scene:
        """Return the stands on an issue of inputs at central values (design §4)."""
        one = data.sel({ISSUE: issue})
        held = one["has_stand"].values.astype(bool)
        stand = {name: np.asarray(one[name].values, dtype=float)[held] for name in KINDS}
        ends = float(one["scale_low"]), float(one["scale_high"])
        names = tuple(map(str, one[ACTOR].values[held]))
        return cls(names, stand["position"], stand["salience"], stand["capability"], *ends)

    def range_of(self, kind: Kind, actor: int) -> tuple[float, float]:
        """Return between what ends a lever may move; nobody lets the last weight go."""
        if kind == "position":
            return self.low, self.high
        others = np.delete(self.salience * self.capability, actor).sum()
        here = self.value_of(kind, actor)
        return 0.0 if others > 0 else here, 1.0 if kind == "salience" else MOST_CAPABILITY * here

    def value_of(self, kind: Kind, actor: int) -> float:
        """Return where a lever stands."""
        return float(getattr(self, kind)[actor])

    def sized(self, kind: Kind, actor: int, to: float) -> float:
        """Return how far a change goes: in shares of the scale, in salience, or in times the capability."""
        here = self.value_of(kind, actor)
        if to == here:
            return 0.0
        unit = {"position": self.high - self.low, "salience": 1.0, "capability": here}[kind]
        return abs(to - here) / unit

    def with_changes(self, kinds: list[Kind], actors: list[int], to: FloatArray) -> tuple[FloatArray, ...]:
        """Return position, salience and capability (change, actor) after each change by itself."""
        changed = {name: np.repeat(getattr(self, name)[None], len(to), axis=0) for name in KINDS}
        for at, (kind, actor) in enumerate(zip(kinds, actors, strict=True)):
            changed[kind][at, actor] = to[at]
        return tuple(changed[name] for name in KINDS)


@dataclass(frozen=True)
class Found:
    """A lever: what is moved and to where, what the size cannot be less than, and what the search saw.

    `to` is NaN if no change in bounds is enough; `bound` is then infinite if that is proved.
    """

    kind: Kind
    actor: int
    to: float
    bound: float
    is_proved: bool
    is_one_way: bool


# --- closed form for the compromise mean -----------------------------------------------------------


def mean_levers(scene: Scene, wish: Wish, weighting: str = "capability-salience") -> list[Found]:
    """Return the levers on the compromise mean, exactly.

    With weights w and W = Σ w, a shift d of actor i moves the mean F by w_i·d/W, so the wish T needs
    d = W·(T − F)/w_i. A change δ of its weight moves the mean to (W·F + δ·x_i)/(W + δ), so it needs
    δ = W·(T − F)/(x_i − T), of the salience δ/capability and of the capability δ/salience.
    """
    parts: dict[Kind, FloatArray] = {
        "capability": scene.capability
        if weighting.startswith("capability")
        else np.ones_like(scene.salience),
        "salience": scene.salience if weighting.endswith("salience") else np.ones_like(scene.salience),
    }
    weight = parts["capability"] * parts["salience"]
    whole = weight.sum()
    if whole <= 0:
        raise CallError(
            "No actor with any weight takes a stand there.",
            code="input-missing",
            hint="Somebody needs a stand with a weight above 0.",
        )
    missing = whole * wish.point - float(weight @ scene.position)
    is_met = wish.short(np.array(float(weight @ scene.position) / whole)) <= 0
    found = []
    for actor in range(len(scene.actors)):
        shifts: dict[Kind, float] = {"position": _ratio(missing, float(weight[actor]))}
        others: tuple[tuple[Kind, Kind], ...] = (("salience", "capability"), ("capability", "salience"))
        for kind, other in others:
            counts = kind in weighting
            more = _ratio(missing, float(scene.position[actor] - wish.point))
            shifts[kind] = _ratio(more, float(parts[other][actor])) if counts else np.nan
        for kind, shift in shifts.items():
            found.append(_exact(scene, kind, actor, 0.0 if is_met else shift))
    return found


def _ratio(above: float, below: float) -> float:
    return above / below if below != 0 else np.nan


def _exact(scene: Scene, kind: Kind, actor: int, shift: float) -> Found:
    low, high = scene.range_of(kind, actor)
    to = scene.value_of(kind, actor) + shift
    room = _SLACK * (high - low)
    if not low - room <= to <= high + room:  # also where there is no such shift
        return Found(kind, actor, np.nan, np.inf, True, True)
    to = float(np.clip(to, low, high))
    return Found(kind, actor, to, scene.sized(kind, actor, to), True, True)


# --- what they are worth -----------------------------------------------------------------------------


def labelled(
    scene: Scene,
    found: list[Found],
    forecast: FloatArray,
    issue: str,
    *,
    by: str | None = None,
    costs: Mapping[Kind, float] | None = None,
) -> xr.Dataset:
    """Return the levers over `lever`, the cheapest first; those that are not enough come last.

    Parameters
    ----------
    scene, found: the stands and the levers on them.
    forecast: (lever), the forecast after each change.
    issue: the issue they are on.
    by: whose own levers are told from persuasion of others.
    costs: cost of a move over the whole scale, from no salience to all, or of as much capability as
        there is; 1 each unless given.
    """
    prices = {kind: (costs or {}).get(kind, 1.0) for kind in KINDS}
    sizes = np.array([scene.sized(one.kind, one.actor, one.to) for one in found])
    enough = ~np.isnan(sizes)
    cost = np.where(enough, sizes * [prices[one.kind] for one in found], np.inf)
    order = sorted(range(len(found)), key=lambda at: (cost[at], found[at].bound, at))

    def column(values: list[Any]) -> tuple[tuple[str], Any]:
        return (LEVER,), np.array([values[at] for at in order])

    variables = {
        "lever_kind": column([one.kind for one in found]),
        "lever_actor": column([scene.actors[one.actor] for one in found]),
        "lever_issue": column([issue] * len(found)),
        "lever_size": column(np.where(enough, sizes, np.inf).tolist()),
        "bound": column([one.bound for one in found]),
        "lever_cost": column(cost.tolist()),
        "lever_from": column([scene.value_of(one.kind, one.actor) for one in found]),
        "lever_to": column([one.to for one in found]),
        "lever_forecast": column(np.where(enough, forecast, np.nan).tolist()),
        "is_enough": column(enough.tolist()),
        "is_proved": column([one.is_proved for one in found]),
        "is_one_way": column([one.is_one_way for one in found]),
    }
    if by is not None:
        variables["is_own"] = column([scene.actors[one.actor] == by for one in found])
    return described(xr.Dataset(variables), method="levers")


def suffices(
    lever: xr.Dataset, draws: xr.Dataset, wish: Wish, forecast_of: Callable[[xr.Dataset], FloatArray]
) -> xr.Dataset:
    """Return the levers with the share of draws in which each is enough, and in which none is needed.

    In each draw the position or salience moves by as much as it does from its central value, cut at
    the ends; a capability is multiplied by the same factor.

    Parameters
    ----------
    lever: as `labelled` gives it, on one issue.
    draws: inputs with draws on that issue alone (design §4).
    wish: the outcome wished for.
    forecast_of: from such inputs to the forecasts (draw).
    """
    held = float((wish.short(forecast_of(draws)) <= 0).mean())
    shares = []
    for at in range(lever.sizes[LEVER]):
        one = lever.isel({LEVER: at})
        is_enough = bool(one["is_enough"])
        moved = forecast_of(_moved(draws, one)) if is_enough else np.array([])
        slack = _SLACK * float((draws["scale_high"] - draws["scale_low"]).max())
        shares.append(float((wish.short(moved) <= slack).mean()) if is_enough else np.nan)
    found = lever.assign(suffices_probability=((LEVER,), np.array(shares)), holds_probability=held)
    return described(found)


def _moved(draws: xr.Dataset, one: xr.Dataset) -> xr.Dataset:
    kind = str(one["lever_kind"].values)
    start, to = float(one["lever_from"]), float(one["lever_to"])
    value = draws[kind]
    if kind == "capability":
        changed = value * (to / start if start > 0 else 1.0)
    else:
        ends = (draws["scale_low"], draws["scale_high"]) if kind == "position" else (0.0, 1.0)
        changed = (value + (to - start)).clip(*ends)
    mine = draws[ACTOR] == str(one["lever_actor"].values)
    return draws.assign({kind: changed.where(mine, value).transpose(*value.dims)})
