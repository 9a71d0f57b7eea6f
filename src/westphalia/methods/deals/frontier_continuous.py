"""Bargaining solutions over continuous issues, exactly, by the side of those over packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from westphalia.labels import ACTOR, DRAW, ISSUE, RULE, described
from westphalia.methods.arrays import Array, Frame, framed
from westphalia.methods.deals.frontier_convex import CLOSE, Optimum, Sides, best_sum, ideals, leximin
from westphalia.methods.deals.utility import (
    Loss,
    knows_no_deal,
    lengths,
    parties,
    power_of,
    reservations,
    shares,
    utilities,
)
from westphalia.methods.spatial.nash_kernels import SETTLED, TOLERANCE, bargain_all

if TYPE_CHECKING:
    import xarray as xr

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian")


def continuous_solutions(
    position: xr.DataArray,
    salience: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    has_stand: xr.DataArray,
    is_required: xr.DataArray,
    reversion: xr.DataArray,
    has_reversion: xr.DataArray,
    no_deal: xr.DataArray,
    has_no_deal: xr.DataArray,
    *,
    loss: Loss = "linear",
) -> xr.Dataset:
    """Return the bargaining solutions where every point of every scale can be agreed on.

    Gains are concave there, so that lotteries add nothing for quadratic or linear loss. Kalai and
    Smorodinsky's solution makes the smallest gain, as a share of the largest the party can have
    with the others content, largest, the egalitarian one the smallest gain in utility, both with
    leximin; the utilitarian one the sum of gains in utility; Nash's the product of gains.

    Parameters
    ----------
    position, salience: (draw, actor, issue); scale_low, scale_high: (issue); has_stand: (actor,
        issue); is_required: (actor); reversion: (draw, issue), has_reversion: (issue); no_deal:
        (draw, actor), has_no_deal: (actor). All as in `nash_bargaining`.
    loss: linear or quadratic.

    Returns
    -------
    Dataset with `forecast` (draw, rule, issue), NaN where nothing is settled, `gain` (draw, rule,
    actor), `has_zone` (draw; some outcome leaves no party worse), `bound` (draw, rule; what the rule
    cannot exceed), `residual` (draw, rule; how far the solution stays below it) and `converged`
    (draw, rule). About a tenth of a second a draw for linear loss, a second for quadratic.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; what no deal is worth to a party is unknown.

    References
    ----------
    nash1950, kalai_smorodinsky1975, kalai1977
    """
    frame = framed(
        position=position,
        salience=salience,
        scale_low=scale_low,
        scale_high=scale_high,
        has_stand=has_stand,
        is_required=is_required,
        reversion=reversion,
        has_reversion=has_reversion,
        no_deal=no_deal,
        has_no_deal=has_no_deal,
    )
    needed = parties(frame)
    knows_no_deal(frame, needed)
    power = power_of(loss)
    solved = [_solve(_sides(frame, needed, power, draw)) for draw in range(frame.draws)]
    return _labelled(frame, solved, power)


def _sides(frame: Frame, needed: Array, power: int, draw: int) -> Sides:
    """Return the parties of one draw; who cares about nothing has a no deal of 0 and binds nobody."""
    unit = (frame["position"][draw] - frame["scale_low"][0]) / lengths(frame)[0]
    share = shares(frame)[draw][needed]
    floor = reservations(frame, power)[draw][needed]
    floor = np.where((share > 0).any(axis=1), floor, 0.0)
    return Sides(unit[needed], share, floor, power)


def _solve(sides: Sides) -> dict[str, Optimum]:
    """Return the solutions by rule; none if every outcome leaves some party worse."""
    best = best_sum(sides)
    top = ideals(sides)
    if best is None or top is None:
        return {}
    unit = np.where(top[0] > CLOSE, top[0], 1.0)
    levelled = leximin(sides, unit), leximin(sides, np.ones(len(unit)))
    found = {"utilitarian": best, "nash": _nash(sides, best)}
    for rule, level in zip(("kalai_smorodinsky", "egalitarian"), levelled, strict=True):
        if level is not None:
            found[rule] = level._replace(is_met=level.is_met and (top[1] or rule == "egalitarian"))
    return found


def _nash(sides: Sides, start: Optimum) -> Optimum:
    """Return Nash's solution; value and bound are the sum of the logarithms of gains."""
    n, issues = sides.position.shape
    outcome, ended, left = np.empty((1, issues)), np.empty(1), np.empty(1)
    position, share = np.ascontiguousarray(sides.position[None]), np.ascontiguousarray(sides.share[None])
    even = np.full((1, n), 1.0 / n)
    bargain_all(position, share, sides.reservation[None], even, sides.power == 1, outcome, ended, left)
    if ended[0] != SETTLED:
        # Only a gain of zero is to be had for some party: the product is 0 everywhere.
        return Optimum(start.y, -np.inf, -np.inf, start.is_met)
    value = float(np.log(np.maximum(sides.gains(outcome[0]), 1e-300)).sum())
    return Optimum(outcome[0], value, value + n * float(left[0]), bool(left[0] <= TOLERANCE))


def _labelled(frame: Frame, solved: list[dict[str, Optimum]], power: int) -> xr.Dataset:
    draws, issues = frame.draws, frame["scale_low"].shape[1]
    outcome = np.full((draws, len(RULES), issues), np.nan)
    bound, residual = np.full((draws, len(RULES)), np.nan), np.full((draws, len(RULES)), np.nan)
    converged = np.ones((draws, len(RULES)), dtype=bool)
    for draw, found in enumerate(solved):
        for at, rule in enumerate(RULES):
            if rule in found:
                best = found[rule]
                outcome[draw, at], bound[draw, at] = best.y, best.bound
                residual[draw, at] = max(best.bound - best.value, 0.0) if np.isfinite(best.bound) else 0.0
                converged[draw, at] = best.is_met
    forecast = frame["scale_low"][:, None] + lengths(frame)[:, None] * outcome
    floor = reservations(frame, power)
    gain = np.stack([utilities(forecast[:, at], frame, power) - floor for at in range(len(RULES))], axis=1)
    result = frame.labelled(
        forecast=((DRAW, RULE, ISSUE), forecast),
        gain=((DRAW, RULE, ACTOR), gain),
        has_zone=((DRAW,), np.array([bool(found) for found in solved])),
        bound=((DRAW, RULE), bound),
        residual=((DRAW, RULE), residual),
        converged=((DRAW, RULE), converged),
    )
    return described(result.assign_coords({RULE: list(RULES)}), method="continuous_solutions")
