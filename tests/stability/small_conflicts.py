"""Small conflicts of the literature, and 2×2 games as conflicts."""

from __future__ import annotations

import numpy as np

from westphalia.methods.stability.conflict import Conflict, Preferences


def ranks(order, size):
    """Ranks from a list of state numbers from 1, best first; a list in it is a tie."""
    found = np.zeros(size, dtype=np.int32)
    for at, tied in enumerate(order):
        for state in tied if isinstance(tied, list) else [tied]:
            found[state - 1] = len(order) - at
    return found


def numbers(is_true):
    """The states for which it is true, numbered from 1."""
    return [int(at) + 1 for at in np.flatnonzero(is_true)]


def elmira():
    """Elmira groundwater contamination: 12 states, three decision makers."""
    codes = [code for code in range(32) if bin(code >> 1 & 7).count("1") == 1]
    conflict = Conflict(
        ("MoE", "Uniroyal", "Local Government"),
        ("modify", "delay", "accept", "abandon", "insist"),
        np.array([0, 1, 1, 1, 2]),
        np.full(5, 2),
        np.array([True, False, True, True, True]),
        np.array([False, True, True, False, True]),
        np.array(codes),
    )
    orders = (
        [9, 3, 4, 10, 7, 1, 2, 8, [11, 5, 6, 12]],
        [1, 4, 10, 7, [5, 11, 6, 12], 2, 3, 9, 8],
        [9, 3, 7, 1, 10, 8, 4, 2, [11, 5, 12, 6]],
    )
    return conflict, Preferences(np.stack([ranks(order, 12) for order in orders]))


def free(actors, moves, rank):
    """A conflict of moves with two levels, dealt round to the actors, all free."""
    always = np.ones(moves, dtype=bool)
    conflict = Conflict(
        tuple(f"actor-{at}" for at in range(actors)),
        tuple(f"move-{at}" for at in range(moves)),
        np.arange(moves) % actors,
        np.full(moves, 2),
        always,
        always,
    )
    return conflict, Preferences(np.asarray(rank, dtype=np.int32))


def random_free(actors, moves, seed):
    rng = np.random.default_rng(seed)
    return free(actors, moves, rng.permuted(np.tile(np.arange(2**moves), (actors, 1)), axis=1))


def game(payoffs):
    """A 2×2 game: payoffs (row, column) of the cells (0, 0), (1, 0), (0, 1), (1, 1), row's choice first."""
    return free(2, 2, np.array(payoffs).T)


PRISONERS = game([(3, 3), (4, 1), (1, 4), (2, 2)])
CHICKEN = game([(3, 3), (4, 2), (2, 4), (1, 1)])
PENNIES = game([(2, 1), (1, 2), (1, 2), (2, 1)])
