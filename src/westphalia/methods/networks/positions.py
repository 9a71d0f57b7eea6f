"""Networks from positions: who stands near whom on the issues they share, and how polarised each issue is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from westphalia.labels import ACTOR, DRAW, ISSUE, OTHER, described
from westphalia.methods.arrays import FloatArray, Frame, Weighting, framed, weighted
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

_CELLS = 4_000_000
"""Most cells of pairs and draws held at a time."""

Counting = Annotated[
    Literal["equal", "salience"],
    Param("Whether every shared issue counts 1, or the product of both saliences."),
]
Normalisation = Annotated[
    Literal["none", "shared"],
    Param("Divide by nothing, or by how much the two share, so that ties lie between 0 and 1."),
]
Identity = Annotated[
    float, Param("Exponent α of Esteban and Ray: how much a large group counts.", "1", 0.0, 1.6)
]
Alike = Annotated[
    float, Param("Distance up to which actors feel as one group, as share of the scale.", "1", 0.0, 0.5)
]


def position_network(
    position: xr.DataArray,
    salience: xr.DataArray,
    has_stand: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    *,
    counting: Counting = "equal",
    normalisation: Normalisation = "shared",
) -> xr.Dataset:
    """Return who agrees and who disagrees with whom by position, as mean over the draws.

    Over the issues j on which both have a stand, with d_ih,j = |x_ij − x_hj| as share of the scale and
    w = 1 or s_ij s_hj: congruence = Σ_j w (1 − d), conflict = Σ_j w d, overlap = Σ_j w; ``shared``
    divides the first two by the overlap. It is the network of `one_mode` for actors who each say their
    position once.

    Parameters
    ----------
    position, salience: (draw, actor, issue), scale points, and 0 to 1.
    has_stand: (actor, issue).
    scale_low, scale_high: (issue), the ends of the scales.
    counting, normalisation: see the sentence of each.

    Returns
    -------
    Dataset with `congruence`, `conflict`, `subtract`, `overlap` (actor, other_actor), symmetric, 0 with
    itself. Time grows with draws × issues × actors²; memory does not grow with draws.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN.
    """
    frame = framed(
        position=position,
        salience=salience,
        has_stand=has_stand,
        scale_low=scale_low,
        scale_high=scale_high,
    )
    far, shared = _pairs(frame, counting)
    near = shared - far
    if normalisation == "shared":
        near, far = (
            np.divide(ties, shared, out=np.zeros_like(ties), where=shared > 0) for ties in (near, far)
        )
    pair = (ACTOR, OTHER)
    ties = {"congruence": near, "conflict": far, "subtract": near - far, "overlap": shared}
    result = frame.labelled(**{name: (pair, array) for name, array in ties.items()})
    return described(result.assign_coords({OTHER: frame.labels[ACTOR].values}))


def esteban_ray(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    *,
    identity: Identity = 1.0,
    alike: Alike = 0.05,
    weighting: Weighting = "capability-salience",
) -> xr.Dataset:
    """Return how polarised the actors are on each issue (Esteban and Ray 1994).

    P = 2^(1+α) Σ_i Σ_h π_i Π_i^α π_h |y_i − y_h|, with π the shares of weight, y the positions as share
    of the scale, and Π_i the share of all whose position is within `alike` of y_i. With `alike` 0, groups
    are those at the very same point and Σ is Esteban and Ray's Σ_g Σ_f π_g^(1+α) π_f |y_g − y_f|. P is 1
    for two equal groups at the ends and 0 where all stand alike.

    Parameters
    ----------
    position, salience, capability: (draw, actor, issue).
    has_stand: (actor, issue).
    scale_low, scale_high: (issue).
    identity, alike, weighting: see the sentence of each; α of at most 1.6 is what their axioms allow.

    Returns
    -------
    Dataset with `polarisation` (draw, issue). Time grows with draws × issues × actors².

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; nobody has weight on an issue.

    References
    ----------
    esteban_ray1994
    """
    frame = framed(
        position=position,
        salience=salience,
        capability=capability,
        has_stand=has_stand,
        scale_low=scale_low,
        scale_high=scale_high,
    )
    weight = weighted(frame, weighting)
    share = weight / weight.sum(axis=1, keepdims=True)
    at = _as_share(frame)
    found = np.zeros((frame.draws, at.shape[2]))
    for actor in range(at.shape[1]):
        gap = np.abs(at - at[:, actor, None])
        group = np.where(gap <= alike + 1e-12, share, 0.0).sum(axis=1)
        found += share[:, actor] * group**identity * (share * gap).sum(axis=1)
    return described(frame.labelled(polarisation=((DRAW, ISSUE), 2 ** (1 + identity) * found)))


def _as_share(frame: Frame) -> FloatArray:
    """Return positions (draw, actor, issue) as share of their scale; 0 on a scale without length."""
    low, length = frame["scale_low"][:, None], (frame["scale_high"] - frame["scale_low"])[:, None]
    share = np.divide(
        frame["position"] - low, length, out=np.zeros(frame["position"].shape), where=length > 0
    )
    return np.clip(np.where(frame["has_stand"], share, 0.0), 0.0, 1.0)


def _pairs(frame: Frame, counting: str) -> tuple[FloatArray, FloatArray]:
    """Return conflict and overlap (actor, other), not normalised, as mean over draws."""
    at, stands = _as_share(frame), frame["has_stand"]
    count = at.shape[1]
    far, shared = np.zeros((count, count)), np.zeros((count, count))
    size = max(1, _CELLS // count**2)
    for issue in range(at.shape[2]):
        there = np.outer(stands[:, issue], stands[:, issue]) & ~np.eye(count, dtype=bool)
        for start in range(0, frame.draws, size):
            part = slice(start, start + size)
            here, cares = at[part, :, issue], frame["salience"][part, :, issue]
            weight = cares[:, :, None] * cares[:, None, :] if counting == "salience" else np.ones((1, 1, 1))
            gap = np.abs(here[:, :, None] - here[:, None, :])
            far += np.where(there, (weight * gap).sum(axis=0), 0.0)
            shared += np.where(there, np.broadcast_to(weight, gap.shape).sum(axis=0), 0.0)
    return far / frame.draws, shared / frame.draws
