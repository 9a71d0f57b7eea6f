"""Where the states of a graph stand: around a ring, those between which there are moves side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

Place = tuple[float, float]

_ROUNDS = 40


def ring(count: int, pairs: Sequence[tuple[int, int]]) -> list[Place]:
    """Return a place on the unit circle for each of `count` states, the first at the left.

    States change places as long as that shortens the lines between `pairs` in all: the same states,
    the same places. Costs at most count² · pairs a round, of which there are at most 40.
    """
    seats = [
        (round(-math.cos(turn), 4), round(-math.sin(turn), 4))
        for turn in (2 * math.pi * seat / count for seat in range(count))
    ]
    seat_of = list(range(count))
    for _ in range(_ROUNDS):
        if not _shortened(seat_of, seats, pairs):
            break
    return [seats[seat] for seat in seat_of]


def _shortened(seat_of: list[int], seats: Sequence[Place], pairs: Sequence[tuple[int, int]]) -> bool:
    """Swap what shortens the lines, in place, the first state kept; return whether anything did."""
    least = _length(seat_of, seats, pairs)
    has_shortened = False
    for one in range(1, len(seat_of)):
        for other in range(one + 1, len(seat_of)):
            seat_of[one], seat_of[other] = seat_of[other], seat_of[one]
            length = _length(seat_of, seats, pairs)
            if length < least - 1e-9:
                least, has_shortened = length, True
            else:
                seat_of[one], seat_of[other] = seat_of[other], seat_of[one]
    return has_shortened


def _length(seat_of: list[int], seats: Sequence[Place], pairs: Sequence[tuple[int, int]]) -> float:
    return sum(math.dist(seats[seat_of[one]], seats[seat_of[other]]) for one, other in pairs)
