"""What robustness over draws of preferences costs, against judging draw by draw in the same run.

    python benchmarks/robustness.py

Made-up conflicts with free moves, four decision makers, and draws that never recur: strict random
rankings of all states. The last column is the time that judging each draw by `stability` would take,
from a hundred draws.
"""

from __future__ import annotations

import numpy as np
from timing import seconds, show

from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Conflict, Preferences
from westphalia.methods.stability.robustness import USUAL, robustness, swaps

ACTORS = 4
ONE_BY_ONE = 100


def free(moves: int) -> Conflict:
    """Return a conflict of moves with two levels, dealt round, all free."""
    always = np.ones(moves, dtype=bool)
    return Conflict(
        tuple(f"actor-{at}" for at in range(ACTORS)),
        tuple(f"move-{at}" for at in range(moves)),
        np.arange(moves) % ACTORS,
        np.full(moves, 2),
        always,
        always,
    )


def row(moves: int, draws: int) -> list[object]:
    """Return one line of the table."""
    conflict = free(moves)
    states = np.tile(np.arange(conflict.size, dtype=np.int32), (draws, ACTORS, 1))
    ranks = np.random.default_rng(1).permuted(states, axis=2)
    some = ranks[:ONE_BY_ONE]
    stability(conflict, Preferences(some[0]))
    taken = [seconds(lambda each=each: robustness(conflict, ranks, threads=each)) for each in (1, 2)]
    swapped = seconds(lambda: swaps(conflict, Preferences(some[0])), 1)
    looped = seconds(lambda: [stability(conflict, Preferences(rank), concepts=USUAL) for rank in some], 1) * (
        draws / len(some)
    )
    return [conflict.size, draws, *taken, looped, looped / taken[1], swapped]


def main() -> None:
    """Print one line for each size."""
    robustness(free(4), np.zeros((1, ACTORS, 16), dtype=np.int32))
    head = ("states", "draws", "one thread, s", "two, s", "draw by draw, s", "times", "all swaps, s")
    show(head, [row(6, 10_000), row(8, 10_000), row(10, 2_000), row(12, 500)])


if __name__ == "__main__":
    main()
