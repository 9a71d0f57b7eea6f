"""The predictive forecast: not one outcome but how likely each is, by what past decisions did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from westphalia.labels import DRAW, ISSUE, QUANTILE, described
from westphalia.methods.arrays import Array, FloatArray, Frame, framed, weighted
from westphalia.methods.deals.utility import lengths, lies_on_scale, on_unit
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.predictive_law import load_law, outcome_at, staged, steepness
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""The quantiles that are told: the ends of the 90 %, 80 % and 50 % intervals, and the middle."""

BLOCK = 1000
"""Draws whose chances are spread evenly; a block is the same whatever part of it a run asks for."""

Seed = Annotated[int, Param("Same seed, same sampled outcomes.", "1", 0, 2**31 - 1)]


def predictive(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    *,
    seed: Seed = 1,
) -> xr.Dataset:
    """Return a possible outcome for each draw, and the quantiles of all that are possible.

    The outcomes of many draws together hold both doubts: that of the inputs and that of the model.

    Parameters
    ----------
    position: (draw, actor, issue), scale points, on the scale.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand do not count and are not read.
    scale_low, scale_high: (issue), ends of the scale.
    seed: see its sentence. What a draw gets depends on the seed, its label and the issue's place alone.

    Returns
    -------
    Dataset with `forecast` (draw, issue), one outcome drawn by the law; `forecast_quantile` (draw,
    quantile, issue) of the law, given the draw's inputs; `mean` (draw, issue), the compromise mean;
    `spread` (draw, issue), the standard deviation of the law's normal part before it is cut at the
    ends; all in scale points. Time and memory are linear in draws, actors and issues.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue; a position lies
        off its scale, or a scale does not end above its start.

    References
    ----------
    achen2006, gneiting2007, vovk2005
    """
    frame = framed(
        position=position,
        salience=salience,
        capability=capability,
        has_stand=has_stand,
        scale_low=scale_low,
        scale_high=scale_high,
    )
    weight, length, law = weighted(frame, "capability-salience"), lengths(frame), load_law()
    lies_on_scale(frame)
    unit = np.where(frame["has_stand"], np.clip(on_unit(frame), 0.0, 1.0), 0.0)
    stage, low = staged(unit, weight), frame["scale_low"]
    told = np.broadcast_to(np.reshape(SHARES, (-1, 1)), (frame.draws, len(SHARES), length.shape[1]))
    share = np.concatenate([_chances(frame, seed)[:, None], told], axis=1)
    outcome = low[:, None] + length[:, None] * outcome_at(stage, law, law.own_share(share))
    result = frame.labelled(
        forecast=((DRAW, ISSUE), outcome[:, 0]),
        forecast_quantile=((DRAW, QUANTILE, ISSUE), outcome[:, 1:]),
        mean=((DRAW, ISSUE), low + length * stage.centre),
        spread=((DRAW, ISSUE), length / steepness(stage, law)),
    )
    return described(result.assign_coords({QUANTILE: list(SHARES)}), method=SPEC.id)


def _chances(frame: Frame, seed: int) -> FloatArray:
    """Return the share below which each draw's outcome lies, (draw, issue), strictly inside 0 to 1.

    In every block of draws the shares are the middles of equal strata, shuffled for each issue.
    """
    labels = _numbers(frame)
    issues = frame["scale_low"].shape[1]
    strata = np.repeat((np.arange(BLOCK)[:, None] + 0.5) / BLOCK, issues, axis=1)
    found = np.empty((frame.draws, issues))
    for block in np.unique(labels // BLOCK):
        shuffled = np.random.default_rng([seed, int(block)]).permuted(strata, axis=0)
        of_block = labels // BLOCK == block
        found[of_block] = shuffled[labels[of_block] % BLOCK]
    return found


def _numbers(frame: Frame) -> Array:
    """Return the number of each draw, or its place where one lies below 0: a seed cannot."""
    numbers = frame.draw_numbers()
    return numbers if (numbers >= 0).all() else np.arange(frame.draws)


SPEC = register(
    MethodSpec(
        id="predictive",
        title="Predictive distribution",
        question="How likely is each outcome, judged by what came of past decisions?",
        family="spatial",
        run=predictive,
        outputs=("forecast", "forecast_quantile", "mean", "spread"),
        forecast="forecast",
        sources=("achen2006", "thomson2012", "arregui2022", "gneiting2007", "vovk2005"),
        limits=(
            "Its spread is that of decisions of the European Union; where a case is unlike them it may be "
            "too narrow or too wide. It knows no veto, no reversion point and no exchange across issues. "
            "Its single draws are possible outcomes: only many of them together are a forecast."
        ),
        cost="Linear in draws, actors and issues.",
        invariances=("translate", "scale", "capability-unit"),
        aliases=("predictive_distribution",),
        example=SCALED,
    )
)
