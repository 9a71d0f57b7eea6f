"""The backbone of utility: what a package is worth to each actor, against no deal (design §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from westphalia.errors import CallError
from westphalia.labels import ACTOR, DRAW, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray, Frame, framed
from westphalia.registry import Param

if TYPE_CHECKING:
    import xarray as xr

Loss = Annotated[
    Literal["linear", "quadratic"],
    Param("How an actor's loss grows with the distance of the outcome from its position."),
]

INDIFFERENT = 1e-12
"""A loss against no deal up to this is rounding, and counts as indifference."""


def package_utility(
    outcome: xr.DataArray,
    position: xr.DataArray,
    salience: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    has_stand: xr.DataArray,
    *,
    loss: Loss = "linear",
) -> xr.DataArray:
    """Return u_i(x) = 1 − Σ_k v_ik (|x_k − p_ik| / R_k)^a of an outcome on all issues.

    v_ik is the share of issue k in i's salience over the issues on which it has a stand. An actor
    without any stand, or with salience 0 on all, loses nothing: its utility is 1.

    Parameters
    ----------
    outcome: (draw, issue), scale points.
    position: (draw, actor, issue), scale points.
    salience: (draw, actor, issue), 0 to 1.
    scale_low, scale_high: (issue), scale points, low below high.
    has_stand: (actor, issue).
    loss: linear (a = 1) or quadratic (a = 2).

    Returns
    -------
    Utility (draw, actor), at most 1. Time is linear in draws, actors and issues.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; a scale has no length.
    """
    frame = framed(
        outcome=outcome,
        position=position,
        salience=salience,
        scale_low=scale_low,
        scale_high=scale_high,
        has_stand=has_stand,
    )
    result = frame.labelled(utility=((DRAW, ACTOR), utilities(frame["outcome"], frame, power_of(loss))))
    return described(result)["utility"]


def reservation(
    position: xr.DataArray,
    salience: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    has_stand: xr.DataArray,
    reversion: xr.DataArray,
    has_reversion: xr.DataArray,
    no_deal: xr.DataArray,
    has_no_deal: xr.DataArray,
    *,
    loss: Loss = "linear",
) -> xr.DataArray:
    """Return d_i, the utility of no deal: as stated, else that of the reversion points.

    Parameters
    ----------
    reversion: (draw, issue), scale points, read where `has_reversion` (issue).
    no_deal: (draw, actor), at most 1, read where `has_no_deal` (actor).
    position, salience, scale_low, scale_high, has_stand, loss: as for `package_utility`.

    Returns
    -------
    Utility (draw, actor); NaN where it is not stated and an issue the actor cares about has no
    reversion point. Time is linear in draws, actors and issues.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; a scale has no length.
    """
    frame = framed(
        position=position,
        salience=salience,
        scale_low=scale_low,
        scale_high=scale_high,
        has_stand=has_stand,
        reversion=reversion,
        has_reversion=has_reversion,
        no_deal=no_deal,
        has_no_deal=has_no_deal,
    )
    result = frame.labelled(reservation=((DRAW, ACTOR), reservations(frame, power_of(loss))))
    return described(result)["reservation"]


def acceptance(
    outcome: xr.DataArray,
    position: xr.DataArray,
    salience: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    has_stand: xr.DataArray,
    reversion: xr.DataArray,
    has_reversion: xr.DataArray,
    no_deal: xr.DataArray,
    has_no_deal: xr.DataArray,
    is_required: xr.DataArray,
    *,
    loss: Loss = "linear",
) -> xr.Dataset:
    """Say who prefers an outcome on all issues to no deal.

    Parameters
    ----------
    outcome: (draw, issue), scale points.
    is_required: (actor); the actors whose consent an agreement needs, all if none is marked.
    position … has_no_deal, loss: as for `reservation`.

    Returns
    -------
    Dataset with `utility`, `reservation`, `gain` and `is_accepted` (draw, actor) and `is_settled`
    (draw): every required actor accepts, u_i(x) ≥ d_i. Actors whose consent is not needed are given
    too; where their no deal is not known, reservation and gain are NaN and `is_accepted` is false.
    Time is linear in draws, actors and issues.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; a scale has no length; the no deal of a
        required actor is neither stated nor follows from reversion points (code ``input-missing``).
    """
    frame = framed(
        outcome=outcome,
        position=position,
        salience=salience,
        scale_low=scale_low,
        scale_high=scale_high,
        has_stand=has_stand,
        reversion=reversion,
        has_reversion=has_reversion,
        no_deal=no_deal,
        has_no_deal=has_no_deal,
        is_required=is_required,
    )
    utility = utilities(frame["outcome"], frame, power_of(loss))
    floor = reservations(frame, power_of(loss))
    needed = parties(frame)
    knows_no_deal(frame, needed)
    is_accepted = utility - floor >= -INDIFFERENT
    result = frame.labelled(
        utility=((DRAW, ACTOR), utility),
        reservation=((DRAW, ACTOR), floor),
        gain=((DRAW, ACTOR), utility - floor),
        is_accepted=((DRAW, ACTOR), is_accepted),
        is_settled=((DRAW,), is_accepted[:, needed].all(axis=1)),
    )
    return described(result)


# --- the same over arrays, for methods that bargain over utilities --------------------------------


def power_of(loss: str) -> int:
    """Return the exponent a of the loss."""
    return {"linear": 1, "quadratic": 2}[loss]


def shares(frame: Frame) -> FloatArray:
    """Return v (draw, actor, issue): salience as a share of the actor's salience over all issues."""
    salience = frame["salience"]
    total = salience.sum(axis=2, keepdims=True)
    share: FloatArray = np.divide(salience, total, out=np.zeros_like(salience), where=total > 0)
    return share


def lengths(frame: Frame) -> FloatArray:
    """Return R (draw, issue), the length of each scale.

    Raises
    ------
    CallError: a scale does not end above its start.
    """
    length: FloatArray = frame["scale_high"] - frame["scale_low"]
    wrong = (length <= 0).any(axis=0)
    if wrong.any():
        issue = frame.name_of(ISSUE, int(np.argmax(wrong)))
        raise CallError(
            f"The scale of '{issue}' has no length.",
            code="value-out-of-range",
            where="scale_high",
            hint="Its high end must lie above its low end.",
        )
    return length


def on_unit(frame: Frame) -> FloatArray:
    """Return positions as shares of their scales (draw, actor, issue)."""
    unit: FloatArray = (frame["position"] - frame["scale_low"][:, None]) / lengths(frame)[:, None]
    return unit


def lies_on_scale(frame: Frame) -> None:
    """Check that every stand lies on its scale, but for rounding.

    Raises
    ------
    CallError: one does not, or a scale does not end above its start.
    """
    unit = on_unit(frame)
    off = frame["has_stand"] & ((unit < -1e-9) | (unit > 1 + 1e-9))
    if off.any():
        _, actor, issue = np.unravel_index(int(np.argmax(off)), off.shape)
        names = frame.name_of(ACTOR, int(actor)), frame.name_of(ISSUE, int(issue))
        raise CallError(
            f"The position of '{names[0]}' on '{names[1]}' lies off the scale.",
            code="value-out-of-range",
            where="position",
            hint="Move it onto the scale, or make the scale longer.",
        )


def utilities(outcome: FloatArray, frame: Frame, power: int) -> FloatArray:
    """Return u (draw, actor) of outcomes (draw, issue)."""
    distance = np.abs(outcome[:, None, :] - frame["position"]) / lengths(frame)[:, None, :]
    utility: FloatArray = 1.0 - (shares(frame) * distance**power).sum(axis=2)
    return utility


def reservations(frame: Frame, power: int) -> FloatArray:
    """Return d (draw, actor); NaN where it is neither stated nor follows from reversion points."""
    fallen_back = utilities(frame["reversion"], frame, power)
    cares = (shares(frame) > 0) & ~frame["has_reversion"]
    computed = np.where(cares.any(axis=2), np.nan, fallen_back)
    return np.where(frame["has_no_deal"], frame["no_deal"], computed)


def parties(frame: Frame) -> Array:
    """Return which actors (actor) must consent: the required ones, all if none is marked."""
    required = frame["is_required"]
    return required if required.any() else np.ones_like(required)


def knows_no_deal(frame: Frame, needed: Array) -> None:
    """Raise CallError (code ``input-missing``) if the no deal of a needed actor cannot be computed."""
    blank = (shares(frame) > 0) & ~frame["has_reversion"] & (needed & ~frame["has_no_deal"])[:, None]
    if blank.any():
        _, actor, issue = np.unravel_index(int(np.argmax(blank)), blank.shape)
        names = frame.name_of(ACTOR, int(actor)), frame.name_of(ISSUE, int(issue))
        raise CallError(
            f"What no deal is worth to '{names[0]}' is unknown: '{names[1]}' has no reversion point.",
            code="input-missing",
            where=names[1],
            hint=f"State what holds on '{names[1]}' without agreement, or the no-deal value of '{names[0]}'.",
        )
