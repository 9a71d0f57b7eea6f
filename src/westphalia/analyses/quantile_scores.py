"""Scores of a forecast of which only quantiles were kept: one for the middle of each of K equal slices.

The forecast is taken to be its K quantiles x_1 ≤ … ≤ x_K, all alike likely. Of that the scores are
exact. Against the distribution that the quantiles came from, each of its points is moved within its
slice by d on average, d at most the range over 2K, and the CRPS errs by less than d: below half a
per cent of the range for K = 100, and far less where the forecast is smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from westphalia.analyses.scores import crps, is_held
from westphalia.uncertain import FloatArray

SLICES = 100
"""How many quantiles are kept of a forecast."""

LEVELS = (0.5, 0.8, 0.9)
"""The central intervals that are told and graded: they should hold the outcome as often as they say."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How good a forecast was, in points of its scale.

    `error_median` and `error_mean` are absolute errors; `crps` is the continuous ranked probability
    score (0 is perfect; of a forecast without spread it is the absolute error); `inside` says for each
    of `LEVELS` whether the central interval held the outcome; `share_below` is the share of the
    forecast below the outcome, uniform on 0 to 1 over many issues if forecasts are calibrated.
    """

    error_median: float
    error_mean: float
    crps: float
    inside: tuple[bool, ...]
    share_below: float


def middles(slices: int = SLICES) -> FloatArray:
    """Return the shares at which quantiles are kept: the middle of each of `slices` equal slices."""
    shares: FloatArray = (np.arange(slices) + 0.5) / slices
    return shares


def scores(quantiles: Sequence[float], mean: float, outcome: float) -> Scores:
    """Return the scores of a forecast given by its quantiles at the `middles` of as many slices.

    `quantiles` rise and, like `mean` and `outcome`, are points of the issue's scale. Cost is linear.

    References
    ----------
    gneiting2007
    """
    held, came = np.asarray(quantiles, dtype=float), np.array([outcome])
    ends = [interval(held, level) for level in LEVELS]
    return Scores(
        error_median=abs(float(np.interp(0.5, middles(len(held)), held)) - outcome),
        error_mean=abs(mean - outcome),
        crps=float(crps(held[np.newaxis], came)[0]),
        inside=tuple(bool(is_held(np.array([low]), np.array([high]), came)[0]) for low, high in ends),
        share_below=float((held < outcome).mean() + (held == outcome).mean() / 2),
    )


def interval(quantiles: Sequence[float] | FloatArray, level: float) -> tuple[float, float]:
    """Return the central interval with a share `level` of the forecast, joined by straight lines."""
    low, high = np.interp([(1 - level) / 2, (1 + level) / 2], middles(len(quantiles)), quantiles)
    return float(low), float(high)
