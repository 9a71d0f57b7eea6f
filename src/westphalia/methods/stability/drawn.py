"""Preferences drawn from doubt: wishes whose priority, presence or direction is not known for sure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from westphalia.errors import CallError
from westphalia.logic import Formula
from westphalia.methods.arrays import FloatArray
from westphalia.methods.stability.conflict import BoolArray, Conflict, RankArray
from westphalia.methods.stability.preferences import gapless
from westphalia.methods.stability.statements import truths

MOST_WISHES = 62
"""A draw's score is one whole number, with one bit a wish."""


def prioritised_draws(
    conflict: Conflict,
    statements: Sequence[Formula],
    place: FloatArray,
    is_held: BoolArray,
    is_wanted: BoolArray,
) -> RankArray:
    """Return ranks (draw, state) by statements whose order differs from draw to draw.

    States in which the same statements hold rank alike in every draw, so that draws cost the number
    of such classes, not of states; besides, each draw costs one look at each state.

    Parameters
    ----------
    place: (draw, statement), the lowest goes first, ties by the order of `statements`.
    is_held: (draw, statement); a statement that is not held is left out of the draw.
    is_wanted: (draw, statement); of one that is not, the contrary is wished for.

    Raises
    ------
    CallError: there are more than `MOST_WISHES` statements (code ``too-many-wishes``), arrays that do
        not fit (``labels-differ``), or a move there is not (``unknown-move``).
    """
    count = len(statements)
    if count > MOST_WISHES:
        raise CallError(
            f"There are {count} wishes in doubt.",
            code="too-many-wishes",
            hint=f"Up to {MOST_WISHES} can be drawn; state the rest as certain, or leave them out.",
        )
    if any(
        array.shape != place.shape or array.shape[1:] != (count,) for array in (place, is_held, is_wanted)
    ):
        raise CallError(
            f"Draws of {place.shape[-1]} wishes are given for {count}.",
            code="labels-differ",
            hint="Each wish has a place, a presence and a direction in each draw.",
        )
    if not count:
        return np.zeros((len(place), conflict.size), dtype=np.int32)
    holds, class_of = _classes(conflict, statements)
    above = place[:, :, None] > place[:, None, :]
    tied_above = (place[:, :, None] == place[:, None, :]) & np.tri(count, k=-1, dtype=np.bool_)
    before = (above | tied_above).sum(axis=2)
    worth = np.where(is_held, np.int64(1) << (count - 1 - before).astype(np.int64), 0)
    score = np.where(is_wanted, worth, -worth) @ holds.T.astype(np.int64)
    return gapless(score)[:, class_of]


def _classes(conflict: Conflict, statements: Sequence[Formula]) -> tuple[BoolArray, np.ndarray]:
    """Return which statements hold in each class of states (class, statement), and each state's class."""
    class_of = np.zeros(conflict.size, dtype=np.int64)
    columns = []
    for holds in truths(conflict, statements):
        columns.append(holds)
        class_of = np.unique(2 * class_of + holds, return_inverse=True)[1]
    _, first = np.unique(class_of, return_index=True)
    return np.stack([column[first] for column in columns], axis=1), class_of
