"""The table at which the challenge model is played: who sits where, and what is written down.

The actors of one draw and issue that take part sit in the order of their positions; see
`challenge_kernels` for what that order is good for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array, FloatArray

TIE = 1e-9
"""Utilities, and positions as shares of the range, that differ by no more than this are equal."""

NOTHING, PREVAILS, YIELDS, GAINS_BY_COMPROMISE, COMPROMISES, RECEIVES, CAPITULATES = range(7)


class Rules(NamedTuple):
    """Where the readings part; see `challenge.READINGS`."""

    all_pairs: bool
    viewer_risk: bool
    voter_risk: bool
    by_average: bool
    conflict_moves: bool
    capitulation: bool
    q: float


class Table(NamedTuple):
    """The seated actors, and room to reckon; every array is (seat) or (seat, seat)."""

    x: FloatArray
    w: FloatArray
    s: FloatArray
    r: FloatArray
    who: Array
    target: FloatArray
    moved_by: Array
    move: Array
    far: FloatArray
    near: FloatArray
    gain: FloatArray
    harm: FloatArray
    votes: FloatArray
    odds: FloatArray
    ours: FloatArray
    theirs: FloatArray


class Played(NamedTuple):
    """What a run leaves, axes draw, (round,) actor, (other actor,) issue; dyads only if asked for."""

    path: FloatArray
    median: FloatArray
    mean: FloatArray
    risk: FloatArray
    moved_by: Array
    move: Array
    odds: FloatArray
    ours: FloatArray
    theirs: FloatArray
    relation: Array


@compiled
def new_table(n: int) -> Table:
    """Return a table with n seats; `votes` has one row more, for the sum over no voter."""
    line, square = np.empty((5, n)), np.empty((7, n, n))
    places = np.empty((3, n), np.int64)
    return Table(
        line[0],
        line[1],
        line[2],
        line[3],
        places[0],
        line[4],
        places[1],
        places[2],
        square[0],
        square[1],
        square[2],
        square[3],
        np.empty((n + 1, n)),
        square[4],
        square[5],
        square[6],
    )


@compiled
def take_seats(t: Table, position: FloatArray, salience: FloatArray, weight: FloatArray) -> int:
    """Seat the actors with any weight by position and return how many they are."""
    n = 0
    for actor in range(position.shape[0]):
        if weight[actor] > 0:
            t.x[n], t.w[n], t.s[n], t.r[n] = position[actor], weight[actor], salience[actor], 1.0
            t.who[n] = actor
            n += 1
    sort_seats(t, n)
    return n


@compiled
def sort_seats(t: Table, n: int) -> None:
    """Sort the seats by position, in place; few actors move, so insertion is near linear."""
    for at in range(1, n):
        x, w, s, who = t.x[at], t.w[at], t.s[at], t.who[at]
        to = at
        while to > 0 and (t.x[to - 1] > x or (t.x[to - 1] == x and t.who[to - 1] > who)):
            t.x[to], t.w[to], t.s[to], t.who[to] = t.x[to - 1], t.w[to - 1], t.s[to - 1], t.who[to - 1]
            to -= 1
        t.x[to], t.w[to], t.s[to], t.who[to] = x, w, s, who


@compiled
def move_seats(t: Table, n: int) -> None:
    """Move everybody to its target at once, and seat them anew."""
    for i in range(n):
        t.x[i] = t.target[i]
    sort_seats(t, n)


@compiled
def middle(t: Table, n: int) -> float:
    """Return the weighted median: the lowest position at which half the weight is reached."""
    half = 0.0
    for i in range(n):
        half += t.w[i] / 2
    reached, at = t.w[0], 0
    while reached < half * (1 - TIE):
        at += 1
        reached += t.w[at]
    return float(t.x[at])


@compiled
def balance(t: Table, n: int) -> float:
    """Return the weighted mean position."""
    total = moment = 0.0
    for i in range(n):
        total += t.w[i]
        moment += t.w[i] * t.x[i]
    return moment / total


@compiled
def note_round(t: Table, n: int, out: Played, d: int, at: int, k: int) -> None:
    """Write down positions, median and mean at the end of a round, and what moved whom."""
    for i in range(n):
        out.path[d, at, t.who[i], k] = t.x[i]
    out.median[d, at, k], out.mean[d, at, k] = middle(t, n), balance(t, n)


@compiled
def note_moves(t: Table, n: int, out: Played, d: int, at: int, k: int) -> None:
    """Write down who moves whom and how, where that is asked for."""
    if out.move.shape[1] > at:
        for i in range(n):
            out.moved_by[d, at, t.who[i], k] = t.moved_by[i]
            out.move[d, at, t.who[i], k] = t.move[i]
