"""What exact power indices cost as the number of members grows, and against `powerindex` if it is installed.

    python benchmarks/power.py

Weights are drawn at random, the quota is a simple majority. `powerindex` is no dependency; where it is
installed its Shapley–Shubik values are timed and compared in the same run.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from timing import seconds, show

from westphalia.methods.power.indices import power_of
from westphalia.methods.power.rules import Weighted

Peer = Callable[[int, list[int]], list[float]]


def peer() -> Peer | None:
    """Return the peer's Shapley–Shubik values of a game, None if it is not installed."""
    try:
        from powerindex import Game  # type: ignore[import-not-found]
    except ImportError:
        return None

    def values(quota: int, weights: list[int]) -> list[float]:
        game = Game(quota, weights)
        game.calc_shapley_shubik()
        return [float(value) for value in game.shapley_shubik]

    return values


def row(members: int, largest: int, other: Peer | None) -> list[object]:
    """Return the times of one random game, and how far the peer's values lie from ours."""
    rng = np.random.default_rng(members)
    weights = [int(weight) for weight in rng.integers(1, largest + 1, members)]
    quota = sum(weights) // 2 + 1
    rule = Weighted({f"m{at}": weight for at, weight in enumerate(weights)}, quota)
    own = seconds(lambda: power_of(rule).shapley_shubik(), 1)
    every = seconds(lambda: (power_of(rule).banzhaf(), power_of(rule).holler()), 1)
    if other is None:
        return [members, largest, own, every, "-", "-"]
    theirs = seconds(lambda: other(quota, weights), 1)
    ours = [float(value) for value in power_of(rule).shapley_shubik().values()]
    apart = max(abs(one - two) for one, two in zip(ours, other(quota, weights), strict=True))
    return [members, largest, own, every, theirs, apart]


def main() -> None:
    """Print the table."""
    other = peer()
    sizes = [(20, 20), (20, 1000), (40, 20), (40, 1000), (80, 20), (80, 1000)]
    head = (
        "members",
        "largest weight",
        "Shapley–Shubik, s",
        "Banzhaf and Holler, s",
        "powerindex, s",
        "apart by",
    )
    show(head, [row(members, largest, other) for members, largest in sizes])


if __name__ == "__main__":
    main()
