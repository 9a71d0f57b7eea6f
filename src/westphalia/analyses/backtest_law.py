"""Fitting the law of the predictive forecast to past decisions, and making its intervals hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr

from westphalia.analyses.quantile_scores import LEVELS, middles
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.spatial.predictive_law import Law, Stage, share_below, staged, terms

POINTS = 100
"""Points of the scale at which a fit compares the law with what happened."""

RIDGE = 0.1
"""What a coefficient of camps and lean costs per square, in per cent of the scale."""

START = (7.0, 1.5, 0.5, -0.5)
LOWEST = 0.2
"""The least steepness a fit may give: flatter, and nearly all mass would lie at the ends."""

INNER_FOLDS = 5


def fitted_law(position: FloatArray, weight: FloatArray, outcome: FloatArray, groups: Array) -> Law:
    """Fit the law on past issues and calibrate its intervals on groups each fit has not seen.

    `position` and `weight` are (actor, issue), `outcome` and `groups` (issue); positions and outcomes
    are shares of the scale, and `groups` numbers the issues that were settled together. The
    coefficients make the mean CRPS least, with a ridge on `camps` and `lean`. Each level is then moved
    by `conformal_level`. Takes a few tenths of a second for some hundred issues.
    """
    stage = staged(position[None], weight[None])
    everywhere = np.ones(outcome.size, dtype=bool)
    law = _with(_coefficients(stage, outcome, everywhere), outcome.size, groups)
    depths = np.empty(outcome.size)
    for fold in folds(groups, INNER_FOLDS, seed=0):
        inner = _with(_coefficients(stage, outcome, ~fold), outcome.size, groups)
        depths[fold] = depth(stage, inner, outcome)[fold]
    meant = [conformal_level(depths, level) for level in LEVELS]
    return replace(law, told=(0.0, *LEVELS, 1.0), meant=(0.0, *meant, 1.0))


def conformal_level(depths: FloatArray, level: float) -> float:
    """Return the central share an interval must have so that it holds `level` of new outcomes.

    `depths` says for each past issue how wide the central interval had to be to hold its outcome, as a
    share. Of n of them and a new one, all exchangeable, the new one is no deeper than the ⌈(n + 1)
    level⌉-th with chance `level` or more.
    """
    rank = math.ceil((depths.size + 1) * level)
    return float(np.sort(depths)[rank - 1]) if rank <= depths.size else 1.0


def depth(stage: Stage, law: Law, outcome: FloatArray) -> FloatArray:
    """Return the share of the narrowest of the law's central intervals that holds the outcome, (issue)."""
    under, upto = share_below(stage, law, outcome[None])
    nearest: FloatArray = np.clip(0.5, under, upto)[0]
    return np.abs(2 * nearest - 1)


def folds(groups: Array, count: int, seed: int) -> list[Array]:
    """Return masks over issues that part them into folds, issues of one group always together."""
    names = np.unique(groups)
    dealt = np.random.default_rng(seed).permutation(names.size) % min(count, names.size)
    at = dealt[np.searchsorted(names, groups)]
    return [at == fold for fold in range(dealt.max() + 1)]


def _coefficients(stage: Stage, outcome: FloatArray, used: Array) -> FloatArray:
    points = middles(POINTS)
    matter = terms(stage, points)[:, 0, used]
    happened = points >= outcome[used, None]

    def loss(coefficients: FloatArray) -> tuple[float, FloatArray]:
        link = np.tensordot(coefficients, matter, 1)
        miss = ndtr(link) - happened
        density = np.exp(-(link**2) / 2) / math.sqrt(2 * math.pi)
        shrunk = np.array([0.0, 0.0, *coefficients[2:]])
        score = 100 * (miss**2).mean() + RIDGE * (shrunk**2).sum()
        down = 200 * np.tensordot(matter, miss * density, 2) / miss.size + 2 * RIDGE * shrunk
        return float(score), down

    bounds = [(LOWEST, None), (LOWEST, None), (0.0, None), (None, None)]
    found: FloatArray = minimize(loss, START, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def _with(coefficients: FloatArray, issues: int, groups: Array) -> Law:
    agreed, split, camps, lean = map(float, coefficients)
    even = (0.0, 1.0)
    return Law(agreed, split, camps, lean, even, even, issues, int(np.unique(groups).size))
