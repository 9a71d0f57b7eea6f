"""Levers on any forecast: a search over all changes at once, then ever finer where the wish is first met."""

from __future__ import annotations

import numpy as np

from westphalia.analyses.levers import KINDS, Found, Kind, Moved, Scene, Wish
from westphalia.uncertain import FloatArray

GRID = 129
"""Places along the range of a lever that are tried first."""

_MOST_CELLS = 2_000_000
_FINER = 17
_ROUNDS = 6
"""Each round looks at 16 parts of the last: in all the place is had to 10⁻⁷ of what lay between two tries."""


def search_levers(
    scene: Scene, wish: Wish, forecast: Moved, *, kinds: tuple[Kind, ...] = KINDS, is_monotone: bool = False
) -> list[Found]:
    """Return the smallest change of each actor's position, salience or capability that meets the wish.

    Every lever is tried at 129 places of its range, all in one call of the method, and the nearest
    place that is enough is drawn closer to the last that was not. Where the method is known to be
    monotone in each of them (`is_monotone`) the last place that was not enough bounds the size from
    below and the size is proved. Elsewhere something nearer may have been stepped over: the bound is
    0, and `is_one_way` says whether the forecast at least moved one way all along the range.

    Parameters
    ----------
    scene: the stands on the issue; wish: the outcome wished for.
    forecast: from position, salience, capability (change, actor) to forecasts (change).
    kinds: what may be moved. Cost is some 230 forecasts a lever.
    """
    levers = [(kind, actor) for actor in range(len(scene.actors)) for kind in kinds]
    tried = np.stack([_places(scene, kind, actor) for kind, actor in levers])
    told = _forecasts(scene, levers, tried, forecast)
    brackets = np.stack(
        [_bracket(scene, *lever, tried[at], wish.short(told[at])) for at, lever in enumerate(levers)]
    )
    is_open = ~np.isnan(brackets[:, 1])
    brackets[is_open] = _narrowed(
        scene,
        [lever for lever, found in zip(levers, is_open, strict=True) if found],
        brackets[is_open],
        wish,
        forecast,
    )
    return [
        _found(scene, *lever, brackets[at], is_monotone, _is_one_way(told[at]))
        for at, lever in enumerate(levers)
    ]


def _places(scene: Scene, kind: Kind, actor: int) -> FloatArray:
    """Return the places to try: an even grid over the range, and where the lever stands."""
    low, high = scene.range_of(kind, actor)
    here = scene.value_of(kind, actor)
    return np.sort(np.append(np.linspace(low, high, GRID), np.clip(here, low, high)))


def _forecasts(
    scene: Scene, levers: list[tuple[Kind, int]], tried: FloatArray, forecast: Moved
) -> FloatArray:
    """Return the forecasts (lever, place) of all changes, as many at a time as memory bears."""
    places = tried.shape[1]
    few = max(1, _MOST_CELLS // (places * len(scene.actors)))
    told = []
    for start in range(0, len(levers), few):
        repeated = [lever for lever in levers[start : start + few] for _ in range(places)]
        kinds, actors = [kind for kind, _ in repeated], [actor for _, actor in repeated]
        told.append(forecast(*scene.with_changes(kinds, actors, tried[start : start + few].ravel())))
    return np.concatenate(told).reshape(tried.shape)


def _bracket(scene: Scene, kind: Kind, actor: int, tried: FloatArray, short: FloatArray) -> FloatArray:
    """Return the last place that is not enough and the next, nearest, that is; NaN if none is."""
    here = scene.value_of(kind, actor)
    enough = short <= 0
    if not enough.any():
        return np.array([here, np.nan])
    near = np.flatnonzero(enough)[np.argmin(np.abs(tried[enough] - here))]
    to = tried[near]
    if to == here:
        return np.array([here, here])
    step = -1 if to > here else 1
    return np.array([tried[near + step], to])


def _narrowed(
    scene: Scene, levers: list[tuple[Kind, int]], brackets: FloatArray, wish: Wish, forecast: Moved
) -> FloatArray:
    if not levers:
        return brackets
    rows = np.arange(len(levers))
    for _ in range(_ROUNDS):
        tried = np.linspace(brackets[:, 0], brackets[:, 1], _FINER, axis=1)
        short = wish.short(_forecasts(scene, levers, tried, forecast))
        # The far end is enough by what was found before, whatever rounding says of it now.
        first = (
            np.argmax(np.concatenate([short[:, 1:-1] <= 0, np.ones((len(levers), 1), bool)], axis=1), axis=1)
            + 1
        )
        brackets = np.stack([tried[rows, first - 1], tried[rows, first]], axis=1)
    return brackets


def _found(
    scene: Scene, kind: Kind, actor: int, bracket: FloatArray, is_monotone: bool, is_one_way: bool
) -> Found:
    last, to = (float(place) for place in bracket)
    if np.isnan(to):
        return Found(kind, actor, to, np.inf if is_monotone else 0.0, is_monotone, is_one_way)
    bound = scene.sized(kind, actor, last) if is_monotone or to == last else 0.0
    return Found(kind, actor, to, bound, is_monotone or to == last, is_one_way)


def _is_one_way(forecasts: FloatArray) -> bool:
    steps = np.diff(forecasts)
    noise = 1e-9 * float(np.ptp(forecasts))
    return bool((steps >= -noise).all() or (steps <= noise).all())
