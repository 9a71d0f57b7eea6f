"""The weighted median: the position that no other beats in a vote by weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from westphalia.labels import ACTOR, DRAW, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray, Weighting, framed, weighted
from westphalia.methods.examples import SCALED
from westphalia.registry import MethodSpec, register

if TYPE_CHECKING:
    import xarray as xr

TIE = 1e-9
"""Weights within this share of one another count as equal, so that the order of a sum decides nothing."""


def _middle(position: FloatArray, weight: FloatArray) -> tuple[FloatArray, Array]:
    """Return the lowest position at which half the weight is reached, and whether it is just reached.

    Axes (draw, actor, issue); a tie means that the next position up with any weight would do as well.
    """
    order = np.argsort(position, axis=1, kind="stable")
    placed = np.take_along_axis(position, order, axis=1)
    reached = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    half = reached[:, -1:, :] / 2
    at = np.argmax(reached >= half * (1 - TIE), axis=1)[:, None, :]
    median = np.take_along_axis(placed, at, axis=1)
    up_to = np.where(position <= median, weight, 0.0).sum(axis=1, keepdims=True)
    return median[:, 0, :], (up_to <= half * (1 + TIE))[:, 0, :]


def weighted_median(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    *,
    weighting: Weighting = "capability-salience",
) -> xr.Dataset:
    """Return the weighted median position on each issue.

    Where exactly half the weight lies on either side, every point between the two middle positions
    is a median; the lower position is given and `is_tie` is true.

    Parameters
    ----------
    position: (draw, actor, issue), scale points.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand do not count and are not read.
    weighting: what makes an actor count.

    Returns
    -------
    Dataset with `forecast` (draw, issue) in scale points, `is_tie` (draw, issue) and `weight` (draw,
    actor, issue). Time is that of sorting the actors once per draw and issue.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue.

    References
    ----------
    black1948
    """
    frame = framed(position=position, salience=salience, capability=capability, has_stand=has_stand)
    weight = weighted(frame, weighting)
    forecast, is_tie = _middle(frame["position"], weight)
    result = frame.labelled(
        forecast=((DRAW, ISSUE), forecast),
        is_tie=((DRAW, ISSUE), is_tie),
        weight=((DRAW, ACTOR, ISSUE), weight),
    )
    return described(result, method=SPEC.id)


SPEC = register(
    MethodSpec(
        id="median",
        title="Weighted median",
        question="Which position would no other beat if the actors voted with their weight?",
        family="spatial",
        run=weighted_median,
        outputs=("forecast", "is_tie", "weight"),
        forecast="forecast",
        sources=("black1948",),
        limits=(
            "Holds for a vote on one issue by simple majority of weight. It jumps from one position to "
            "another when weights change a little; where two camps face one another it names one of "
            "them. On past decisions of the European Union it did no better than the middle of the scale."
        ),
        cost="A sort of the actors per draw and issue.",
        invariances=("translate", "scale", "capability-unit"),
        aliases=("weighted_median", "median_voter"),
        example=SCALED,
    )
)
