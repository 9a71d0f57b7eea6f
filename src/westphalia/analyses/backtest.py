"""Back-tests: what forecasts are worth on issues whose outcome is known, never fitted on what is scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from westphalia.analyses.backtest_law import fitted_law, folds
from westphalia.analyses.forecasts import DEFAULT_METHOD
from westphalia.analyses.quantile_scores import LEVELS, middles
from westphalia.analyses.scores import crps, is_held, mae, rmse, skill, skill_interval
from westphalia.labels import DRAW, GROUP, ISSUE, LEVEL, METHOD, described
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.spatial.predictive_law import outcome_at, staged

SAMPLE = middles(200)
"""The shares at which a distribution is read; its CRPS is that of these equally likely outcomes."""

ENDS = np.array([[(1 - level) / 2, (1 + level) / 2] for level in LEVELS])


@dataclass(frozen=True)
class Past:
    """Issues with known outcomes, all lengths in shares of the scale.

    `position` and `weight` are (actor, issue), the weight 0 without a stand; `outcome` and `groups`
    are (issue), and issues of one group were settled together.
    """

    position: FloatArray
    weight: FloatArray
    outcome: FloatArray
    groups: Array


@dataclass(frozen=True)
class Foretold:
    """What a method foretold of each issue it could be run on, in shares of the scale; NaN elsewhere.

    `point` is (issue), `sample` (issue, draw), `ends` (level, end, issue).
    """

    point: FloatArray
    sample: FloatArray
    ends: FloatArray


def foretold(
    past: Past, points: Mapping[str, FloatArray | None], count: int, seed: int
) -> dict[str, Foretold]:
    """Return each method's forecasts, in shares of the scale, with a distribution around every point.

    A method's points (issue) get the errors they made in the other folds. None stands for the
    predictive law: it is refitted on the other folds, and its point is its median. `count` folds keep
    groups together.
    """
    parts = folds(past.groups, count, seed)
    return {
        method: _with_law(past, parts) if point is None else _with_errors(past, point, parts)
        for method, point in points.items()
    }


def _with_errors(past: Past, point: FloatArray, parts: list[Array]) -> Foretold:
    """Spread each point by the quantiles of the errors in the other folds, cut at the ends of the scale."""
    sample = np.full((point.size, SAMPLE.size), np.nan)
    ends = np.full((*ENDS.shape, point.size), np.nan)
    for part in parts:
        learnt = ~part & ~np.isnan(point)
        if not learnt.any():
            continue
        error = past.outcome[learnt] - point[learnt]
        sample[part] = (point[part, None] + np.quantile(error, SAMPLE)).clip(0, 1)
        ends[..., part] = (point[part] + np.quantile(error, ENDS)[..., None]).clip(0, 1)
    return Foretold(point, sample, ends)


def _with_law(past: Past, parts: list[Array]) -> Foretold:
    sample = np.empty((past.outcome.size, SAMPLE.size))
    ends = np.empty((*ENDS.shape, past.outcome.size))
    point = np.empty(past.outcome.size)
    shares = np.concatenate([SAMPLE, ENDS.ravel(), [0.5]])
    for part in parts:
        law = fitted_law(
            past.position[:, ~part], past.weight[:, ~part], past.outcome[~part], past.groups[~part]
        )
        stage = staged(past.position[None][..., part], past.weight[None][..., part])
        asked = np.broadcast_to(law.own_share(shares)[:, None], (1, shares.size, int(part.sum())))
        read = outcome_at(stage, law, asked)[0]
        sample[part] = read[: SAMPLE.size].T
        ends[..., part] = read[SAMPLE.size : -1].reshape(*ENDS.shape, -1)
        point[part] = read[-1]
    return Foretold(point, sample, ends)


def per_issue(past: Past, found: Mapping[str, Foretold], issues: Array) -> xr.Dataset:
    """Return what each method foretold of each issue and how it did, (method, issue), per cent of scale.

    `forecast`, `outcome_low` and so on are not here: a forecast is told by its error and its intervals.
    """
    methods = list(found)
    error = np.stack([past.outcome - found[method].point for method in methods])
    score = np.stack([crps(found[method].sample, past.outcome) for method in methods])
    ends = np.stack([found[method].ends for method in methods])
    held = is_held(ends[:, :, 0], ends[:, :, 1], past.outcome).astype(float)
    held[np.isnan(ends[:, :, 0])] = np.nan
    return described(
        xr.Dataset(
            {
                "error": ((METHOD, ISSUE), 100 * error),
                "crps": ((METHOD, ISSUE), 100 * score),
                "is_held": ((METHOD, LEVEL, ISSUE), held),
                "interval_width": ((METHOD, LEVEL, ISSUE), 100 * (ends[:, :, 1] - ends[:, :, 0])),
            },
            coords={METHOD: methods, LEVEL: list(LEVELS), ISSUE: issues},
        )
    )


def scores(single: xr.Dataset, groups: Array, kinds: Mapping[str, Array], seed: int = 0) -> xr.Dataset:
    """Return the scores of each method on each kind of issue, (method, group).

    `single` is the result of `per_issue`; `groups` (issue) are drawn as wholes by the bootstrap; `kinds`
    holds a mask over issues for each kind. A method is scored on the issues it was run on, and its
    skill on those that the default method was run on too; without any such issue a score is NaN.
    """
    rows = [
        [_scored(single.isel({METHOD: at}), _base(single), groups, kind, seed) for kind in kinds.values()]
        for at in range(single.sizes[METHOD])
    ]
    names = [name for name in rows[0][0] if name not in ("coverage", "interval_width")]
    data: dict[str, Any] = {
        name: ((METHOD, GROUP), np.array([[cell[name] for cell in row] for row in rows])) for name in names
    }
    for name in ("coverage", "interval_width"):
        data[name] = ((METHOD, GROUP, LEVEL), np.array([[cell[name] for cell in row] for row in rows]))
    coords = {METHOD: single[METHOD].values, GROUP: list(kinds), LEVEL: single[LEVEL].values}
    return described(xr.Dataset(data, coords=coords))


def _base(single: xr.Dataset) -> FloatArray:
    """Return the default method's CRPS of each issue, NaN where it was not run."""
    if DEFAULT_METHOD not in single[METHOD].values:
        return np.full(single.sizes[ISSUE], np.nan)
    values: FloatArray = single["crps"].sel({METHOD: DEFAULT_METHOD}).values
    return values


def _scored(one: xr.Dataset, reference: FloatArray, groups: Array, kind: Array, seed: int) -> dict[str, Any]:
    error, score = one["error"].values, one["crps"].values
    used = kind & np.isfinite(score)
    if not used.any():
        none = np.full(one.sizes[LEVEL], np.nan)
        lacking = dict.fromkeys(("mae", "rmse", "crps", "skill", "skill_low", "skill_high"), np.nan)
        return {**lacking, "issues": 0, "proposals": 0, "coverage": none, "interval_width": none}
    both = used & np.isfinite(reference)
    saved, ends = np.nan, (np.nan, np.nan)
    if both.any():
        saved = skill(score[both], reference[both])
        ends = skill_interval(score[both], reference[both], groups[both], seed=seed)
    return {
        "mae": mae(error[used]),
        "rmse": rmse(error[used]),
        "crps": float(score[used].mean()),
        "skill": saved,
        "skill_low": ends[0],
        "skill_high": ends[1],
        "issues": int(used.sum()),
        "proposals": int(np.unique(groups[used]).size),
        "coverage": one["is_held"].values[:, used].mean(axis=1),
        "interval_width": one["interval_width"].values[:, used].mean(axis=1),
    }


def means_over_draws(forecast: xr.DataArray) -> FloatArray:
    """Return the mean of a forecast (draw, issue) over its draws, (issue)."""
    values: FloatArray = forecast.transpose(DRAW, ISSUE).values.mean(axis=0)
    return values
