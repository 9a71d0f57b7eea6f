"""Which parties cannot all be satisfied: minimal conflicts, maximal coalitions, prices as proof."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from westphalia.methods.arrays import Array, FloatArray
from westphalia.methods.deals.relaxation import Aim, Gains, relaxed
from westphalia.methods.deals.search import Clock, search

MOST_PARTIES = 20
"""Up to here all sets of parties are kept track of, one bit each; above, one conflict is sought."""


class Conflicts(NamedTuple):
    """Sets of parties as booleans (set, party).

    No package satisfies a conflict, and some package satisfies it without any one of its parties.
    A coalition is satisfied by some package, and by none together with any further party.
    `prices` (conflict, party): at these the slacks sum below 0 on every package; NaN where only the
    search proves the conflict. `is_complete`: these are all.
    """

    conflicts: Array
    coalitions: Array
    prices: FloatArray
    is_complete: bool


class _Undecided(Exception):  # noqa: N818 - says that time ran out, which is no error
    """Time ran out before it was known whether a set of parties can be satisfied."""


def find_conflicts(gains: Gains, clock: Clock) -> Conflicts:
    """Return all minimal conflicts and maximal coalitions of parties that share no package.

    Look at the largest set of which nothing is known: if it can be satisfied it is a maximal
    coalition, and its subsets need no look; else shrink it to a minimal conflict, whose supersets
    need none (Liffiton et al. 2016). Up to 20 parties; above, one of each is given.
    """
    parties = len(gains.start)
    conflicts: list[Array] = []
    coalitions: list[Array] = []
    is_complete = parties <= MOST_PARTIES
    try:
        if is_complete:
            _explore(gains, clock, conflicts, coalitions)
        else:
            conflicts.append(_shrunk(gains, np.ones(parties, dtype=bool), clock))
            coalitions.append(_grown(gains, np.zeros(parties, dtype=bool), clock))
    except _Undecided:
        is_complete = False
    return Conflicts(
        np.array(conflicts, dtype=bool).reshape(-1, parties),
        np.array(coalitions, dtype=bool).reshape(-1, parties),
        np.array([_prices(gains, conflict) for conflict in conflicts]).reshape(-1, parties),
        is_complete,
    )


def _explore(gains: Gains, clock: Clock, conflicts: list[Array], coalitions: list[Array]) -> None:
    parties = len(gains.start)
    bits = 1 << np.arange(parties)
    every = np.arange(1 << parties)
    members = np.bitwise_count(every).astype(np.int64)
    is_open = np.ones(1 << parties, dtype=bool)
    while is_open.any():
        code = int(np.argmax(np.where(is_open, members, -1)))
        held = (code & bits) > 0
        if _can_satisfy(gains, held, clock):
            coalitions.append(held)
            is_open &= (every & ~code) != 0
        else:
            conflict = _shrunk(gains, held, clock)
            conflicts.append(conflict)
            least = int(bits[conflict].sum())
            is_open &= (every & least) != least


def _shrunk(gains: Gains, held: Array, clock: Clock) -> Array:
    """Return a minimal conflict inside of a set that cannot be satisfied."""
    conflict = held.copy()
    for p in np.flatnonzero(held):
        conflict[p] = False
        if _can_satisfy(gains, conflict, clock):
            conflict[p] = True
    return conflict


def _grown(gains: Gains, held: Array, clock: Clock) -> Array:
    """Return a maximal coalition around a set that can be satisfied."""
    coalition = held.copy()
    for p in np.flatnonzero(~held):
        coalition[p] = True
        if not _can_satisfy(gains, coalition, clock):
            coalition[p] = False
    return coalition


def _can_satisfy(gains: Gains, held: Array, clock: Clock) -> bool:
    if not held.any():
        return True
    found = search(gains.binding(held), Aim(held), clock, enough=-np.inf)
    if len(found.places) == 0 and not found.is_proved:
        raise _Undecided
    return len(found.places) > 0


def _prices(gains: Gains, conflict: Array) -> FloatArray:
    """Return prices at which no package pays, NaN if even lotteries could satisfy the conflict."""
    free = gains.binding(np.zeros_like(conflict))
    proof = relaxed(free, Aim(conflict))
    if proof is None or proof.value >= gains.low.max():
        return np.full(len(conflict), np.nan)
    return proof.slope
