"""Win set and core of each issue: what beats the status quo in a vote by weight, and what nothing beats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from westphalia.labels import ACTOR, DRAW, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray, Frame, Weighting, framed, weighted
from westphalia.methods.examples import SCALED
from westphalia.methods.power.quotas import Quota, Reach, Vetoes, check_quota, reaches, veto_holders
from westphalia.registry import MethodSpec, register

if TYPE_CHECKING:
    import xarray as xr


def _reach_from(extent: FloatArray, weight: FloatArray, holds: Array, quota: float, reach: str) -> FloatArray:
    """Return how far from the status quo (draw, issue) a vote leads; 0 where it leads nowhere.

    `extent` (draw, actor, issue) is how far each actor goes along on one side: twice the distance of
    its position, where its loss is that of the status quo again; 0 on the other side.
    """
    order = np.argsort(-extent, axis=1, kind="stable")
    sorted_extent = np.take_along_axis(extent, order, axis=1)
    together = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    enough = reaches(together, weight.sum(axis=1, keepdims=True), quota, reach)
    first = np.argmax(enough, axis=1)[:, None]
    farthest = np.take_along_axis(sorted_extent, first, axis=1)[:, 0]
    tolerated = np.where(holds, extent, np.inf).min(axis=1)
    return np.where(enough.any(axis=1), np.minimum(farthest, tolerated), 0.0)


def _win_ends(
    frame: Frame, weight: FloatArray, holds: Array, quota: float, reach: str
) -> tuple[FloatArray, FloatArray]:
    """Return the ends (draw, issue) of what beats the status quo, within the scale."""
    origin = frame["reversion"]
    offset = 2 * (frame["position"] - origin[:, None])
    up = _reach_from(np.maximum(offset, 0), weight, holds, quota, reach)
    down = _reach_from(np.maximum(-offset, 0), weight, holds, quota, reach)
    high = np.maximum(np.minimum(origin + up, frame["scale_high"]), origin)
    low = np.minimum(np.maximum(origin - down, frame["scale_low"]), origin)
    return low, high


def _core(
    position: FloatArray, weight: FloatArray, holds: Array, quota: float, reach: str
) -> tuple[FloatArray, FloatArray]:
    """Return the ends (draw, issue) of what nothing beats; low above high where that is nothing.

    A point is beaten from one side if the actors on that side reach the quota and hold all vetoes.
    """
    total = weight.sum(axis=1, keepdims=True)
    ends = []
    for sign in (1, -1):
        placed = sign * position
        beyond = placed[:, None, :] > placed[:, :, None]  # (draw, point, actor, issue)
        pulls = np.einsum("dkai,dai->dki", beyond, weight)
        has_vetoes = (beyond | ~holds).all(axis=2)
        stands = ~(reaches(pulls, total, quota, reach) & has_vetoes) & ((weight > 0) | holds)
        ends.append(sign * np.where(stands, placed, np.inf).min(axis=1))
    return ends[0], ends[1]


def win_set(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    is_required: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    reversion: xr.DataArray,
    has_reversion: xr.DataArray,
    *,
    quota: Quota = 0.5,
    reach: Reach = "more",
    vetoes: Vetoes = "none",
    weighting: Weighting = "capability-salience",
) -> xr.Dataset:
    """Return what beats the reversion point of each issue in a vote by weight, and the core.

    An actor votes for what is nearer to its position than the reversion point, whatever the form
    of its loss, and for nothing it is indifferent about. What beats the reversion point r is open:
    from `win_low` to `win_high` without the ends (unless an end of the scale) and without r. With a
    quota of half or more it lies on one side of r. The core is what no point beats; with a quota
    below half it can be empty.

    Parameters
    ----------
    position: (draw, actor, issue), scale points.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); actors without a stand do not vote.
    is_required: (actor); read with `vetoes="required"`.
    scale_low, scale_high: (issue), scale points.
    reversion: (draw, issue), scale points, read where `has_reversion` (issue).
    quota, reach, vetoes, weighting: see the sentence of each.

    Returns
    -------
    Dataset with `win_low`, `win_high` (draw, issue; both r where nothing beats it, NaN without
    reversion point), `beats_status_quo`, `core_low`, `core_high` (NaN without core), `has_core`
    (draw, issue), `is_pivotal` (draw, actor, issue) and `weight`. Time and memory grow with draws,
    issues and the square of actors.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue; a quota that
        nothing or everything reaches.

    References
    ----------
    black1948, tsebelis2002
    """
    check_quota(quota, reach)
    frame = framed(
        position=position,
        salience=salience,
        capability=capability,
        has_stand=has_stand,
        is_required=is_required,
        scale_low=scale_low,
        scale_high=scale_high,
        reversion=reversion,
        has_reversion=has_reversion,
    )
    weight, holds = weighted(frame, weighting), veto_holders(frame, vetoes)
    place = frame["position"]
    low, high = _win_ends(frame, weight, holds, quota, reach)
    core_low, core_high = _core(place, weight, holds, quota, reach)
    has_core = core_low <= core_high
    is_end = (place == core_low[:, None]) | (place == core_high[:, None])
    known = frame["has_reversion"]
    result = frame.labelled(
        win_low=((DRAW, ISSUE), np.where(known, low, np.nan)),
        win_high=((DRAW, ISSUE), np.where(known, high, np.nan)),
        beats_status_quo=((DRAW, ISSUE), known & (low < high)),
        core_low=((DRAW, ISSUE), np.where(has_core, core_low, np.nan)),
        core_high=((DRAW, ISSUE), np.where(has_core, core_high, np.nan)),
        has_core=((DRAW, ISSUE), has_core),
        is_pivotal=((DRAW, ACTOR, ISSUE), is_end & has_core[:, None] & ((weight > 0) | holds)),
        weight=((DRAW, ACTOR, ISSUE), weight),
    )
    return described(result, method=SPEC.id)


SPEC = register(
    MethodSpec(
        id="winset",
        title="Win set and core",
        question="What would beat the status quo in a vote by weight, and what would nothing beat?",
        family="power",
        run=win_set,
        outputs=(
            "win_low",
            "win_high",
            "beats_status_quo",
            "core_low",
            "core_high",
            "has_core",
            "is_pivotal",
            "weight",
        ),
        sources=("black1948", "tsebelis2002"),
        limits=(
            "Takes each issue alone and a vote with a quota as given: few conflicts are decided by one. "
            "It says what could pass, not what will be proposed."
        ),
        cost="Grows with draws, issues and the square of actors.",
        invariances=("translate", "scale", "capability-unit"),
        aliases=("win_set", "core", "median_core"),
        example=SCALED,
    )
)
