"""The table at which the spatial model of politics is played: who sits there, and what is written down.

All actors of one draw that take part sit in the order of the inputs. Positions are shares of the
scales; where an actor has no stand, `has` is false, and `fill_gaps` puts it where the others are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.spatial.splitmix import STEP, below_one, stirred

WHO, TARGET, MADE_BY, MADE_TO, QUEUE = range(5)
"""Rows of `Table.whom`: the actor on a seat, the seat it challenges; who made an offer to whom; options."""

CAPABILITY, TOTAL, SQUARE, PROBABILITY, RISK, CHANCE, GAIN = range(7)
"""Rows of `Table.of`: c, S, Σ s², p, R; chance and gain of the challenge the seat makes."""

S, X, Y, NEW, TO_I, TO_J = range(6)
"""Rows of `Table.at`: salience, position, ideal, next position; where an offer takes its two parties."""

FOLLOWS, FAR, U, SEEN = range(4)
"""Rows of `Table.pair`: ideal adjustment, distance, true utility, utility as somebody sees it."""

SHIFT, WORTH, STRENGTH, ODDS = range(4)
"""Rows of `Table.deal`: what an offer (row) adds for an actor; actors' (row) utilities of options; votes."""

SETTLED, SPREAD = range(2)
WIN, ATTITUDE = range(2)

REASONS = (
    "position_probability",
    "challenge_probability",
    "challenge_gain",
    "choice_probability",
    "target",
    "proposer",
    "receiver",
    "choice_count",
)
"""Rows of `Played.why`, as results name them."""

WHOLE = REASONS[4:]
"""Those that are whole numbers."""


class Rules(NamedTuple):
    """The options as numbers, places of choices in `smp.CODES`; `share` is of others' risk known."""

    victory: int
    pce: int
    is_stochastic: bool
    voting: int
    share: float
    risk_range: int
    third_party: int
    vectors: int
    bargaining: int
    mended: bool
    by_mean: bool
    rounds: int
    stop_below: float
    seed: int


class Stands(NamedTuple):
    """What the kernel reads: (draw, actor, issue), (draw, actor), (actor, issue), (actor, actor), (draw)."""

    position: FloatArray
    salience: FloatArray
    capability: FloatArray
    has_stand: Array
    follows: FloatArray
    draw: Array


class Table(NamedTuple):
    """The seated actors and room to reckon; few arrays, for each costs time to compile in every kernel.

    The first axis of each goes over the names above: `whom` (name, seat or option), `of` (name, seat), `at`
    (name, seat or offer, issue), `pair` (name, seat, seat), `deal` (name, offer or option, option or seat);
    `has` (seat, issue); `room` (row, option) holds what a kernel needs for the moment.
    """

    whom: Array
    of: FloatArray
    at: FloatArray
    has: Array
    pair: FloatArray
    deal: FloatArray
    room: FloatArray


class Played(NamedTuple):
    """What a run leaves; the rounds of `path`, `ratio` and `why` are none unless asked for.

    `settled` (SETTLED or SPREAD, draw, issue), `final` (draw, actor, issue), `odds` (WIN or ATTITUDE, draw,
    actor), `rounds` and `converged` (draw), `path` (draw, round, actor, issue), `ratio` (draw, round), `why`
    (one of `REASONS`, draw, round, actor).
    """

    settled: FloatArray
    final: FloatArray
    odds: FloatArray
    rounds: Array
    converged: Array
    path: FloatArray
    ratio: FloatArray
    why: FloatArray


@compiled
def new_table(n: int, issues: int) -> Table:
    """Return a table with n seats; an actor faces at most 2 n + 1 options, 2 n offers are made at most."""
    options = 2 * n + 1
    return Table(
        np.empty((5, options), np.int64),
        np.empty((7, n + 1)),
        np.empty((6, options, issues)),
        np.empty((n + 1, issues), np.bool_),
        np.empty((4, n, n)),
        np.empty((4, options, options)),
        np.empty((8, options)),
    )


@compiled
def take_seats(t: Table, stands: Stands, draw: int, rules: Rules) -> int:
    """Seat the actors with capability and salience, in their order, and return how many they are."""
    n, mean = 0, 0.0
    for actor in range(stands.position.shape[1]):
        t.of[TOTAL, n] = t.of[SQUARE, n] = 0.0
        for k in range(stands.position.shape[2]):
            salience = stands.salience[draw, actor, k]
            t.at[S, n, k], t.has[n, k] = salience, stands.has_stand[actor, k]
            t.at[X, n, k] = t.at[Y, n, k] = stands.position[draw, actor, k]
            t.of[TOTAL, n] += salience
            t.of[SQUARE, n] += salience * salience
        t.whom[WHO, n], t.of[CAPABILITY, n] = actor, stands.capability[draw, actor]
        if t.of[TOTAL, n] > 0 and t.of[CAPABILITY, n] > 0:
            mean += t.of[CAPABILITY, n]
            n += 1
    for i in range(n):
        if rules.mended:
            t.of[CAPABILITY, i] /= mean / n
        for j in range(n):
            t.pair[FOLLOWS, i, j] = stands.follows[t.whom[WHO, i], t.whom[WHO, j]]
    return n


@compiled
def fill_gaps(t: Table, n: int) -> None:
    """Place who has no stand on an issue at the mean, by capability and salience, of those who have."""
    for k in range(t.at.shape[2]):
        whole = centre = 0.0
        for i in range(n):
            if t.has[i, k]:
                weight = t.of[CAPABILITY, i] * t.at[S, i, k]
                whole += weight
                centre += weight * t.at[X, i, k]
        for i in range(n):
            if not t.has[i, k]:
                t.at[X, i, k] = t.at[Y, i, k] = centre / whole


@compiled
def distance(t: Table, i: int, place: FloatArray) -> float:
    """Return how far actor i finds `place` from its own ideal, over the issues it cares about."""
    top = 0.0
    for k in range(place.shape[0]):
        part = t.at[S, i, k] * (t.at[Y, i, k] - place[k])
        top += part * part
    return float(np.sqrt(top / t.of[SQUARE, i]))


@compiled
def utility(d: float, risk: float) -> float:
    """Return u(d, R): 1 at distance 0, bent by the attitude to risk, straight beyond the scale."""
    return (1 - d) * (1 + risk * d) if d <= 1 else (1 - d) * (1 + risk)


@compiled
def number(seed: int, draw: int, turn: int, actor: int) -> float:
    """Return a random number in [0, 1) that depends on its four names alone."""
    z = STEP
    for name in (seed, draw, turn, actor):
        z = stirred(z, name)
    return below_one(z)
