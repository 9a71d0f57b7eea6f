"""Nash bargaining: the package that makes the weighted product of the parties' gains largest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import numpy as np

from westphalia.labels import ACTOR, DRAW, ISSUE, described
from westphalia.methods.arrays import Array, FloatArray, Frame, framed
from westphalia.methods.deals.utility import (
    Loss,
    knows_no_deal,
    lengths,
    lies_on_scale,
    on_unit,
    parties,
    power_of,
    reservations,
    shares,
    utilities,
)
from westphalia.methods.examples import SCALED
from westphalia.methods.spatial.nash_kernels import SETTLED, TOLERANCE, UNDECIDED, bargain_all
from westphalia.registry import MethodSpec, Param, register

if TYPE_CHECKING:
    import xarray as xr

LEAST_WEIGHT = 1e-6
"""Share of weight a party keeps without capability: its consent is needed all the same."""

Power = Annotated[
    Literal["capability", "equal"],
    Param("What a party's bargaining power is: its mean capability, or the same for all."),
]
Scope = Annotated[
    Literal["package", "issue"],
    Param("Whether all issues are settled in one package, or each alone."),
]


class Sides(NamedTuple):
    """What each party wants, axes (bargain, party, issue): a bargain a draw, or a draw and issue."""

    position: FloatArray
    share: FloatArray
    reservation: FloatArray
    capability: FloatArray


def nash_bargaining(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    is_required: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    reversion: xr.DataArray,
    has_reversion: xr.DataArray,
    no_deal: xr.DataArray,
    has_no_deal: xr.DataArray,
    *,
    power: Power = "capability",
    loss: Loss = "linear",
    scope: Scope = "package",
) -> xr.Dataset:
    """Maximise Σ_i w_i ln(u_i(x) − d_i) over packages x within the scales, i the required actors.

    All actors are parties if none is required. Where no package brings every party a gain of at
    least 1e-6, nothing is settled and the forecast is the reversion point. A party that cares about
    no issue accepts anything.

    Parameters
    ----------
    position: (draw, actor, issue), scale points, within the scale.
    salience: (draw, actor, issue), 0 to 1.
    capability: (draw, actor, issue), at least 0, any unit.
    has_stand: (actor, issue); cells without a stand are not read.
    is_required: (actor).
    scale_low, scale_high: (issue), scale points.
    reversion: (draw, issue), scale points, read where `has_reversion` (issue).
    no_deal: (draw, actor), at most 1, read where `has_no_deal` (actor).
    power, loss, scope: see the sentence of each.

    Returns
    -------
    Dataset with `forecast` (draw, issue), NaN where nothing is settled and no reversion point is
    stated, and on issues without reversion point about which no party cares; `gain` (draw, actor),
    of all actors whose no deal is known, 0 where no package is settled; `is_settled` (draw), with
    scope `issue` that every issue is; `converged` (draw); `residual` (draw), a bound on how far the
    logarithm of the product lies below its maximum. Time grows with draws, with parties times the
    square of issues, and with the cube of issues.

    Raises
    ------
    CallError: inputs do not fit together or hold NaN; a position lies off its scale; what no deal is
        worth to a party can be computed from neither `no_deal` nor `reversion`.

    References
    ----------
    nash1950, harsanyi1972, brw1986, muthoo1999
    """
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
        no_deal=no_deal,
        has_no_deal=has_no_deal,
    )
    lies_on_scale(frame)
    needed = parties(frame)
    knows_no_deal(frame, needed)
    exponent = power_of(loss)
    sides = _package(frame, exponent) if scope == "package" else _single_issues(frame, exponent)
    result = _labelled(frame, needed, _bargain(sides, needed, power, exponent), exponent)
    return described(result, method=SPEC.id)


class Agreed(NamedTuple):
    """Outcomes as shares of the scales (bargain, issue), how each ended and what is left (bargain)."""

    outcome: FloatArray
    ended: FloatArray
    left: FloatArray
    is_cared_for: Array


def _package(frame: Frame, exponent: int) -> Sides:
    """Return the sides of one bargain a draw, over all issues."""
    stands = frame["has_stand"].sum(axis=1)
    mean_capability = frame["capability"].sum(axis=2) / np.maximum(stands, 1)
    return Sides(on_unit(frame), shares(frame), reservations(frame, exponent), mean_capability)


def _single_issues(frame: Frame, exponent: int) -> Sides:
    """Return the sides of one bargain a draw and issue, each with the whole utility on that issue."""

    def fold(array: FloatArray) -> FloatArray:
        folded: FloatArray = np.moveaxis(array, 2, 1).reshape(-1, array.shape[1], 1)
        return folded

    cares = (frame["salience"] > 0).astype(float)
    distance = np.abs(frame["reversion"][:, None] - frame["position"]) / lengths(frame)[:, None]
    fallen_back = np.where(frame["has_reversion"], 1.0 - cares * distance**exponent, np.nan)
    stated = (frame["has_no_deal"][:, None], frame["no_deal"][:, :, None])
    reservation = np.where(stated[0], stated[1], fallen_back)
    return Sides(
        fold(on_unit(frame)), fold(cares), fold(reservation)[..., 0], fold(frame["capability"])[..., 0]
    )


def _bargain(sides: Sides, needed: Array, power: str, exponent: int) -> Agreed:
    """Let the parties bargain in every draw (and issue)."""
    position, share, reservation, capability = (array[:, needed] for array in sides)
    # Who cares about nothing loses nothing: with a reservation of 0 it binds nobody.
    reservation = np.where((share > 0).any(axis=2), reservation, 0.0)
    weight = capability if power == "capability" else np.ones_like(capability)
    total = weight.sum(axis=1, keepdims=True)
    even = np.full_like(weight, 1.0 / weight.shape[1])
    weight = np.maximum(np.divide(weight, total, out=even, where=total > 0), LEAST_WEIGHT)
    bargains, _, issues = position.shape
    outcome, ended, left = np.empty((bargains, issues)), np.empty(bargains), np.empty(bargains)
    position, share = np.ascontiguousarray(position), np.ascontiguousarray(share)
    bargain_all(position, share, reservation, weight, exponent == 1, outcome, ended, left)
    is_cared_for: Array = np.asarray((share > 0).any(axis=1))
    return Agreed(outcome, ended, left, is_cared_for)


def _labelled(frame: Frame, needed: Array, agreed: Agreed, exponent: int) -> xr.Dataset:
    """Turn shares of scales into outcomes, fall back where nothing is settled, and name it all."""
    shape = frame["reversion"].shape
    # A bargain over a package gives one column, bargains over single issues one for each.
    ended, left = agreed.ended.reshape(shape[0], -1), agreed.left.reshape(shape[0], -1)
    settled = ended == SETTLED
    fallback = np.where(frame["has_reversion"], frame["reversion"], np.nan)
    package = frame["scale_low"] + lengths(frame) * agreed.outcome.reshape(shape)
    forecast = np.where(settled & agreed.is_cared_for.reshape(shape), package, fallback)
    gain = _gains(frame, forecast, exponent)
    if settled.shape[1] == 1:
        gain = np.where(settled, gain, 0.0 * reservations(frame, exponent))
    return frame.labelled(
        forecast=((DRAW, ISSUE), forecast),
        gain=((DRAW, ACTOR), gain),
        is_settled=((DRAW,), settled.all(axis=1)),
        converged=((DRAW,), ((ended != UNDECIDED) & (left <= TOLERANCE)).all(axis=1)),
        residual=((DRAW,), left.max(axis=1)),
    )


def _gains(frame: Frame, forecast: FloatArray, exponent: int) -> FloatArray:
    """Return u − d (draw, actor); an issue without forecast counts only for those who care about it."""
    known = np.where(np.isnan(forecast), frame["scale_low"], forecast)
    unknown = (np.isnan(forecast)[:, None] & (shares(frame) > 0)).any(axis=2)
    gain = utilities(known, frame, exponent) - reservations(frame, exponent)
    return np.where(unknown, np.nan, gain)


SPEC = register(
    MethodSpec(
        id="nash",
        title="Nash bargaining",
        question="Which package would the parties whose consent is needed agree on, if any?",
        family="spatial",
        run=nash_bargaining,
        outputs=("forecast", "gain", "is_settled", "converged", "residual"),
        forecast="forecast",
        sources=("nash1950", "harsanyi1972", "brw1986", "muthoo1999"),
        limits=(
            "Assumes that the parties know each other's utilities, keep to what they sign and lose "
            "nothing by talking. It depends on what no deal is worth, which is rarely known well. "
            "Several packages can give the same utilities; one of them is shown."
        ),
        cost="Grows with draws, parties times the square of issues, and the cube of issues.",
        invariances=("translate", "scale", "capability-unit", "reflect"),
        aliases=("nbs", "nash_bargaining", "asymmetric_nash"),
        example=SCALED,
    )
)
