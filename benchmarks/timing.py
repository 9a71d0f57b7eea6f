"""Shared by the benchmarks: made-up inputs, a stopwatch, a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from westphalia.labels import ACTOR, DRAW, ISSUE


def made_up(draws: int, actors: int, issues: int, seed: int = 1) -> xr.Dataset:
    """Return random inputs of every method: all have stands, three actors must consent."""
    rng = np.random.default_rng(seed)
    cells = (DRAW, ACTOR, ISSUE)
    required = np.arange(actors) < 3
    return xr.Dataset(
        {
            "position": (cells, 100 * rng.random((draws, actors, issues))),
            "salience": (cells, rng.uniform(0.05, 1, (draws, actors, issues))),
            "capability": (cells, rng.uniform(0.05, 1, (draws, actors, issues))),
            "has_stand": ((ACTOR, ISSUE), np.ones((actors, issues), dtype=bool)),
            "is_required": (ACTOR, required if actors > 5 else np.ones(actors, dtype=bool)),
            "scale_low": (ISSUE, np.zeros(issues)),
            "scale_high": (ISSUE, np.full(issues, 100.0)),
            "reversion": ((DRAW, ISSUE), 100 * rng.random((draws, issues))),
            "has_reversion": (ISSUE, np.ones(issues, dtype=bool)),
            "no_deal": (ACTOR, np.zeros(actors)),
            "has_no_deal": (ACTOR, np.zeros(actors, dtype=bool)),
        },
        coords={ACTOR: [f"a{i}" for i in range(actors)], ISSUE: [f"k{i}" for i in range(issues)]},
    )


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of several runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def show(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in Markdown."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print(
            "| " + " | ".join(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row) + " |"
        )
    print()
