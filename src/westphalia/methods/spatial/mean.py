"""The compromise mean: where the weight of all positions balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from westphalia.labels import ACTOR, DRAW, ISSUE, described
from westphalia.methods.arrays import FloatArray, Weighting, framed, weighted
from westphalia.methods.examples import SCALED
from westphalia.registry import MethodSpec, register

if TYPE_CHECKING:
    import xarray as xr


def _balance(position: FloatArray, weight: FloatArray) -> FloatArray:
    """O = sum_i w_i x_i / sum_i w_i for each draw and issue; axes (draw, actor, issue)."""
    outcome: FloatArray = (weight * position).sum(axis=1) / weight.sum(axis=1)
    return outcome


def compromise_mean(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    *,
    weighting: Weighting = "capability-salience",
) -> xr.Dataset:
    """Return the weighted mean of positions on each issue.

    Parameters
    ----------
    position: (draw, actor, issue), scale points.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand do not count and are not read.
    weighting: what makes an actor count.

    Returns
    -------
    Dataset with `forecast` (draw, issue) in scale points and `weight` (draw, actor, issue). Time and
    memory are linear in draws, actors and issues.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue.

    References
    ----------
    vandenbos1991, achen2006
    """
    frame = framed(position=position, salience=salience, capability=capability, has_stand=has_stand)
    weight = weighted(frame, weighting)
    result = frame.labelled(
        forecast=((DRAW, ISSUE), _balance(frame["position"], weight)),
        weight=((DRAW, ACTOR, ISSUE), weight),
    )
    return described(result, method=SPEC.id)


SPEC = register(
    MethodSpec(
        id="mean",
        title="Compromise mean",
        question="Where does each issue end if everybody gives way in proportion to the others' weight?",
        family="spatial",
        run=compromise_mean,
        outputs=("forecast", "weight"),
        forecast="forecast",
        sources=("vandenbos1991", "achen2006", "thomson2006"),
        limits=(
            "Never leaves the span of the positions, knows no veto, no reversion point and no exchange "
            "across issues; misses outcomes at the ends of a scale. On past decisions half the "
            "outcomes lie within 18 % of the scale around it, a tenth farther than 50 %."
        ),
        cost="Linear in draws, actors and issues.",
        invariances=("translate", "scale", "capability-unit", "reflect"),
        aliases=("compromise", "compromise_mean", "weighted_mean"),
        example=SCALED,
    )
)
