"""How good forecasts were: errors, the score of whole distributions, intervals, and the doubt in these."""

from __future__ import annotations

import numpy as np

from westphalia.methods.arrays import Array, FloatArray

ROUNDS = 2000
"""How often a bootstrap draws the groups again."""

ROUNDING = 1e-9
"""How far beyond an interval's end an outcome still counts as held, per point of its size."""


def mae(error: FloatArray) -> float:
    """Return the mean absolute error of forecasts; `error` is outcome minus forecast, (issue)."""
    return float(np.abs(error).mean())


def rmse(error: FloatArray) -> float:
    """Return the root of the mean squared error; `error` is outcome minus forecast, (issue)."""
    return float(np.sqrt(np.square(error).mean()))


def crps(sample: FloatArray, outcome: FloatArray) -> FloatArray:
    """Return the continuous ranked probability score of each issue, (issue), in the outcome's unit.

    `sample` is (issue, draw): equally likely outcomes, in any order. The score is the mean distance of
    the sample from the outcome less half the mean distance within the sample; 0 is perfect, and of
    a sample of one it is the absolute error. Cost is that of sorting the draws.

    References
    ----------
    gneiting2007
    """
    placed = np.sort(sample, axis=1)
    draws = placed.shape[1]
    rank = 2 * np.arange(draws) - draws + 1
    within = (rank * placed).sum(axis=1) / draws**2
    score: FloatArray = np.abs(placed - outcome[:, None]).mean(axis=1) - within
    return score


def is_held(low: FloatArray, high: FloatArray, outcome: FloatArray) -> Array:
    """Return for each issue whether the interval, its ends included, holds the outcome."""
    slack = ROUNDING * (1 + np.abs(outcome))
    return (low - slack <= outcome) & (outcome <= high + slack)


def skill(score: FloatArray, reference: FloatArray) -> float:
    """Return which share of the reference's mean score is saved; below 0 the reference is better."""
    return 1.0 - float(score.mean() / reference.mean())


def skill_interval(
    score: FloatArray, reference: FloatArray, groups: Array, *, level: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Return the ends of the bootstrap interval of `skill`.

    Issues that were settled together are not independent: whole groups are drawn, with replacement,
    and the quantiles of the skill over `ROUNDS` such draws are given.
    """
    _, member = np.unique(groups, return_inverse=True)
    ours, theirs = (np.bincount(member, weights=values) for values in (score, reference))
    drawn = np.random.default_rng(seed).integers(ours.size, size=(ROUNDS, ours.size))
    skills = 1 - ours[drawn].sum(axis=1) / theirs[drawn].sum(axis=1)
    low, high = np.quantile(skills, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
