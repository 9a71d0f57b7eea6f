"""Compiled search for improvements of several actors that, made at once, deter one of them."""

from __future__ import annotations

import numpy as np

from westphalia.compiled import compiled
from westphalia.methods.stability.conflict import BoolArray, IntArray, RankArray


@compiled
def deter(
    codes: IntArray,
    starts: IntArray,
    targets: IntArray,
    rank: RankArray,
    takes_part: BoolArray,
    may_stay: bool,
    is_deterred: BoolArray,
) -> None:
    """Write where (actor, state) every improvement of the actor is deterred; it is true before.

    `starts` (actor, state + 1) and `targets` (arc) hold the improvements, `takes_part` (actor,
    state) who makes them besides the focal actor.
    """
    count, size = rank.shape
    shifts = np.zeros(count, dtype=np.int64)
    at, first, many = np.zeros_like(shifts), np.zeros_like(shifts), np.zeros_like(shifts)
    for state in range(size):
        for actor in range(count):
            movers = _list_movers(actor, state, starts, takes_part, first, many)
            for arc in range(starts[actor, state], starts[actor, state + 1]):
                shift = codes[targets[arc]] - codes[state]
                if not _has_sanction(
                    state, shift, codes, targets, rank[actor], first[:movers], many[:movers], may_stay, at
                ):
                    is_deterred[actor, state] = False
                    break


@compiled
def _list_movers(
    actor: int, state: int, starts: IntArray, takes_part: BoolArray, first: IntArray, many: IntArray
) -> int:
    """Write where the improvements of each other mover begin and how many there are; count the movers."""
    movers = 0
    for other in range(len(takes_part)):
        low, high = starts[other, state], starts[other, state + 1]
        if other != actor and takes_part[other, state] and high > low:
            first[movers], many[movers] = low, high - low
            movers += 1
    return movers


@compiled
def _has_sanction(
    state: int,
    shift: int,
    codes: IntArray,
    targets: IntArray,
    rank: RankArray,
    first: IntArray,
    many: IntArray,
    may_stay: bool,
    at: IntArray,
) -> bool:
    """Return whether some combination, one choice a mover, ends no better than in `state`.

    `at` counts through the choices like the wheels of a counter; where movers may stay, each has one
    choice more, which changes nothing. If all stay the end is the improvement itself, no sanction.
    """
    movers = len(first)
    if movers == 0:
        return False
    at[:] = 0
    while True:
        code = codes[state] + shift
        for mover in range(movers):
            if at[mover] < many[mover]:
                code += codes[targets[first[mover] + at[mover]]] - codes[state]
        place = np.searchsorted(codes, code)
        if place < len(codes) and codes[place] == code and rank[place] <= rank[state]:
            return True
        wheel = 0
        while wheel < movers and at[wheel] + 1 >= many[wheel] + may_stay:
            at[wheel] = 0
            wheel += 1
        if wheel == movers:
            return False
        at[wheel] += 1
