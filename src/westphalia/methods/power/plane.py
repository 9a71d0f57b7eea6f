"""The win set of a status quo on two issues at once, and whether the status quo is in the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from westphalia.errors import CallError, suggest
from westphalia.labels import ACROSS, DRAW, ISSUE, UP, described
from westphalia.methods.arrays import Array, FloatArray, Frame, framed, weighted
from westphalia.methods.deals.utility import lengths
from westphalia.methods.power.quotas import check_quota, reaches

if TYPE_CHECKING:
    import xarray as xr

_SAME = 1e-12
"""A loss smaller than that of the status quo by less than this, in shares of a scale, is rounding."""


class _Plane(NamedTuple):
    """Two issues, their scales mapped to 0…1.

    Axes: position and salience (draw, actor, 2), weight (draw, actor), the status quo (draw, 2).
    """

    position: FloatArray
    salience: FloatArray
    weight: FloatArray
    origin: FloatArray


def plane_win_set(
    position: xr.DataArray,
    salience: xr.DataArray,
    capability: xr.DataArray,
    has_stand: xr.DataArray,
    scale_low: xr.DataArray,
    scale_high: xr.DataArray,
    reversion: xr.DataArray,
    has_reversion: xr.DataArray,
    *,
    issues: tuple[str, str],
    points: int = 101,
    loss: str = "quadratic",
    quota: float = 0.5,
    reach: str = "more",
    weighting: str = "capability-salience",
) -> xr.Dataset:
    """Return what beats the reversion points of two issues when they are voted on together.

    Losses add up over the two issues with their saliences: circles and ellipses around a position
    with quadratic loss, diamonds with linear. An actor weighs the mean of its weights on the two.

    Parameters
    ----------
    position, salience, capability: (draw, actor, issue); has_stand: (actor, issue).
    scale_low, scale_high: (issue); reversion: (draw, issue), read where `has_reversion` (issue).
    issues: the two issues.
    points: points of the grid on each scale, 2 to 2001.
    loss: linear or quadratic.
    quota, reach, weighting: as for `win_set`.

    Returns
    -------
    Dataset with `is_in_win_set` (across, up), the share of draws in which the point beats the
    status quo, `win_set_share` (draw), of the points of the grid, and `is_in_core` (draw): nothing
    beats the status quo, found exactly from the directions in which actors gain, not from the grid.
    Time grows with draws, actors and the square of points; memory does not grow with draws.

    Raises
    ------
    CallError: inputs do not fit together; an unknown issue, or one without reversion point; bounds.

    References
    ----------
    plott1967, mckelvey1976
    """
    check_quota(quota, reach)
    if not 2 <= points <= 2001 or loss not in ("linear", "quadratic"):
        raise CallError(
            f"points = {points}, loss = '{loss}'.", code="bad-option", hint="2 to 2001; linear or quadratic."
        )
    arrays = {
        "position": position,
        "salience": salience,
        "capability": capability,
        "has_stand": has_stand,
        "scale_low": scale_low,
        "scale_high": scale_high,
        "reversion": reversion,
        "has_reversion": has_reversion,
    }
    places = _two(has_stand, issues)
    frame = framed(**{n: a.isel({ISSUE: places}) if ISSUE in a.dims else a for n, a in arrays.items()})
    _has_status_quo(frame, issues)
    plane, power = _scaled(frame, weighting), {"linear": 1, "quadratic": 2}[loss]
    grid = np.linspace(0.0, 1.0, points)
    beaten, share = np.zeros((points, points)), np.empty(frame.draws)
    for draw in range(frame.draws):
        is_better = _beats(plane, draw, grid, power, quota, reach)
        beaten += is_better
        share[draw] = is_better.mean()
    in_core = [not _is_beaten(plane, draw, power, quota, reach) for draw in range(frame.draws)]
    result = frame.labelled(
        is_in_win_set=((ACROSS, UP), beaten / frame.draws),
        win_set_share=((DRAW,), share),
        is_in_core=((DRAW,), in_core),
    )
    return described(result.assign_coords(_scales(frame, grid)), issues=list(issues))


def _scales(frame: Frame, grid: FloatArray) -> dict[str, FloatArray]:
    """Return the points of the grid on the scales of the two issues."""
    low, length = frame["scale_low"][0], lengths(frame)[0]
    return {ACROSS: low[0] + grid * length[0], UP: low[1] + grid * length[1]}


def _two(has_stand: xr.DataArray, issues: tuple[str, str]) -> list[int]:
    known = [str(name) for name in has_stand[ISSUE].values]
    for issue in issues:
        if issue not in known:
            raise CallError(
                f"There is no issue '{issue}'.",
                code="unknown-issue",
                where=issue,
                hint=suggest(issue, known),
            )
    if len(set(issues)) != 2:
        raise CallError("Two different issues are needed.", code="bad-option", where="issues")
    return [known.index(issue) for issue in issues]


def _has_status_quo(frame: Frame, issues: tuple[str, str]) -> None:
    for issue, has_one in zip(issues, frame["has_reversion"], strict=True):
        if not has_one:
            raise CallError(
                f"'{issue}' has no reversion point.",
                code="input-missing",
                where=issue,
                hint="State what holds on the issue without agreement.",
            )


def _scaled(frame: Frame, weighting: str) -> _Plane:
    low, length = frame["scale_low"][:, None], lengths(frame)[:, None]
    origin = (frame["reversion"] - low[:, 0]) / length[:, 0]
    weight = weighted(frame, weighting).mean(axis=2)
    stands = np.broadcast_to(frame["has_stand"], frame["salience"].shape)
    salience = np.where(stands, frame["salience"], 0.0)
    return _Plane((frame["position"] - low) / length, salience, weight, origin)


def _beats(plane: _Plane, draw: int, grid: FloatArray, power: int, quota: float, reach: str) -> Array:
    """Return which points (across, up) those who prefer them to the status quo carry."""
    place, salience = plane.position[draw], plane.salience[draw]
    origin, weight = plane.origin[draw], plane.weight[draw]
    votes = np.zeros((len(grid), len(grid)))
    for actor in range(len(place)):
        here = (salience[actor] * np.abs(origin - place[actor]) ** power).sum()
        first = salience[actor, 0] * np.abs(grid - place[actor, 0]) ** power
        second = salience[actor, 1] * np.abs(grid - place[actor, 1]) ** power
        votes += weight[actor] * (first[:, None] + second[None, :] < here - _SAME)
    return reaches(votes, np.asarray(weight.sum()), quota, reach)


def _is_beaten(plane: _Plane, draw: int, power: int, quota: float, reach: str) -> bool:
    """Return whether some direction from the status quo is a gain for enough weight.

    Utilities are concave, so whoever prefers a point gains along the whole way to it: looking at
    directions is enough, and one between each two at which some actor's gain changes its sign.
    """
    place, salience = plane.position[draw], plane.salience[draw]
    origin, weight = plane.origin[draw], plane.weight[draw]
    turns = np.unique(np.mod(_turning_angles(place - origin, salience, power), 2 * np.pi))
    middle = (turns + np.append(turns[1:], turns[0] + 2 * np.pi)) / 2
    way = np.stack([np.cos(middle), np.sin(middle)], axis=-1)
    is_inside = ~(((origin <= 0) & (way < 0)) | ((origin >= 1) & (way > 0))).any(axis=1)
    gains = _slopes(place - origin, salience, way, power) > _SAME
    return bool((reaches(gains @ weight, np.asarray(weight.sum()), quota, reach) & is_inside).any())


def _turning_angles(offset: FloatArray, salience: FloatArray, power: int) -> FloatArray:
    """Return every angle at which the gain of some actor can change its sign, the axes among them."""
    axes = np.arange(4) * np.pi / 2
    if power == 2:
        pull = salience * offset
        toward = np.arctan2(pull[:, 1], pull[:, 0])
        return np.concatenate([axes, toward + np.pi / 2, toward - np.pi / 2])
    slope = np.arctan2(salience[:, 0], salience[:, 1])
    return np.concatenate([axes, slope, -slope, np.pi - slope, np.pi + slope])


def _slopes(offset: FloatArray, salience: FloatArray, way: FloatArray, power: int) -> FloatArray:
    """Return each actor's gain per step (direction, actor) along unit steps `way` (direction, 2)."""
    if power == 2:
        return np.asarray(2 * way @ (salience * offset).T)
    toward = np.sign(offset)[None] * way[:, None]
    away = np.abs(way)[:, None] * (offset == 0)[None]
    slope: FloatArray = (salience[None] * (toward - away)).sum(axis=2)
    return slope
