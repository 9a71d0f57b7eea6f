"""From any statement over moves to conditions on options, one or more of which hold: the form GMCR+ knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import pairwise, product

import numpy as np

from westphalia.formats.gmcr_parts import Anyone, BoolArray, Condition
from westphalia.logic import Formula, Joined

MOST_TABLED = 10
"""Options whose combinations are looked at one by one; the work is 3 to this power."""

_FREE = 2


def conditions_of(formula: Formula, options: Mapping[str, Sequence[int]], most: int) -> Anyone | None:
    """Return conditions one or more of which hold just where the formula holds.

    Parameters
    ----------
    options: by move the places of its options; the k-th (from 1) is taken at level k and above.
    most: how many conditions may be needed.

    Returns
    -------
    None where more are needed; no condition where the formula never holds; one without options where it
    always does. No condition holds one option too many, though there may be shorter lists of them.
    """
    if sum(len(options[name]) for name in formula.names) <= MOST_TABLED:
        found: Anyone | None = _tabled(formula, options)
    elif isinstance(formula, Joined) and formula.word in ("or", "and"):
        parts = [conditions_of(part, options, most) for part in formula.parts]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        found = (
            _shortened(each for part in known for each in part) if formula.word == "or" else _all(known, most)
        )
    else:
        return None
    return found if found is not None and len(found) <= most else None


def _all(parts: Sequence[Anyone], most: int) -> Anyone | None:
    """Return the conditions under which all parts hold."""
    found: Anyone = ((),)
    for part in parts:
        joined = (frozenset(one) | frozenset(other) for one, other in product(found, part))
        found = _shortened(tuple(sorted(each)) for each in joined if len(dict(each)) == len(each))
        if len(found) > most:
            return None
    return found


def _shortened(conditions: Iterable[Condition]) -> Anyone:
    """Return the conditions without those that another implies."""
    kept: list[frozenset[tuple[int, bool]]] = []
    for one in sorted(map(frozenset, dict.fromkeys(conditions)), key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
    return tuple(tuple(sorted(one)) for one in kept)


def _tabled(formula: Formula, options: Mapping[str, Sequence[int]]) -> Anyone:
    """Return the conditions by looking at all combinations of the options that the formula speaks of."""
    names = sorted(formula.names, key=lambda name: options[name][0])
    places = [place for name in names for place in options[name]]
    axes = iter(np.indices((2,) * len(places), sparse=True))
    own = {name: [next(axes) for _ in options[name]] for name in names}
    shape = (2,) * len(places)
    truth = np.broadcast_to(
        formula.truth({name: reduce(np.add, steps) for name, steps in own.items()}), shape
    )
    is_possible = np.ones(shape, dtype=np.bool_)
    for steps in own.values():
        for lower, higher in pairwise(steps):
            is_possible &= lower >= higher
    cubes = _cubes(np.array(truth | ~is_possible), np.array(truth & is_possible))
    return tuple(
        tuple((place, bool(sign)) for place, sign in zip(places, cube, strict=True) if sign != _FREE)
        for cube in cubes
    )


def _cubes(is_allowed: BoolArray, is_needed: BoolArray) -> list[tuple[int, ...]]:
    """Return blocks within what is allowed that cover what is needed, the widest first (Quine, McCluskey)."""
    within = is_allowed
    for axis in range(is_allowed.ndim):
        ends = [within.take(end, axis) for end in (0, 1)]
        within = np.stack([*ends, ends[0] & ends[1]], axis=axis)
    is_widest = within.copy()
    for axis in range(within.ndim):
        is_widest &= ~within.take([_FREE], axis) | (_signs(within.shape, axis) == _FREE)
    cubes = [tuple(map(int, cube)) for cube in np.argwhere(is_widest)]
    left, chosen = is_needed.copy(), []
    for cube in sorted(cubes, key=lambda cube: -cube.count(_FREE)):
        inside = tuple(slice(None) if sign == _FREE else sign for sign in cube)
        if left[inside].any():
            left[inside] = False
            chosen.append(cube)
    return chosen


def _signs(shape: tuple[int, ...], axis: int) -> np.ndarray:
    """Return the sign along one axis, to be spread over the others."""
    return np.arange(shape[axis]).reshape([-1 if at == axis else 1 for at in range(len(shape))])
