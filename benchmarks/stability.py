"""What stability of all states costs: time and memory against number of states, for both engines.

    python benchmarks/stability.py [--long]

Made-up conflicts: two to four decision makers with as many two-way, one-way and excluded options as
the row says, dealt round, and strict random rankings of all states, which leave the engines nothing
to merge. Beside the cube and the graph stands the plain reading of the definitions in the tests.
Every row runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from westphalia.methods.stability.concepts import stability
from westphalia.methods.stability.conflict import Conflict, Preferences
from westphalia.methods.stability.cube import Cube
from westphalia.methods.stability.graph import Graph

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "stability"))
from plain_stability import CONCEPTS as PLAIN
from plain_stability import game_of

CONCEPTS = ("nash", "gmr", "smr", "seq")
MOST_BY_GRAPH = 16


class Row(NamedTuple):
    """A measurement: by what, how many decision makers and options, of which kind."""

    engine: str
    actors: int
    options: int
    kind: str


class Taken(NamedTuple):
    """Seconds of each concept alone and of all together, megabytes beyond those of the inputs."""

    states: int
    each: tuple[float, ...]
    together: float
    memory: float


def case(actors: int, options: int, kind: str) -> tuple[Conflict, Preferences]:
    """Return a conflict: free, directed (a third of options one way), or holed (a third infeasible)."""
    rng = np.random.default_rng(1)
    codes = np.flatnonzero(rng.random(1 << options) > 1 / 3) if kind == "holed" else None
    both = np.ones(options, dtype=bool)
    conflict = Conflict(
        tuple(f"actor-{at}" for at in range(actors)),
        tuple(f"option-{at}" for at in range(options)),
        np.arange(options) * actors // options,
        np.full(options, 2),
        both,
        rng.random(options) > 1 / 3 if kind == "directed" else both,
        codes,
    )
    rank = np.empty((actors, conflict.size), dtype=np.int32)
    for at in range(actors):
        rank[at] = rng.permutation(np.arange(conflict.size, dtype=np.int32))
    return conflict, Preferences(rank)


def ask(row: Row, told: tuple[Conflict, Preferences], concepts: tuple[str, ...]) -> float:
    """Return the seconds that an engine, built anew, or the plain reading takes."""
    start = time.perf_counter()
    conflict, preferences = told
    if row.engine == "plain":
        game = game_of(conflict, preferences)
        for concept in concepts:
            [[PLAIN[concept](game, i, s) for s in game.states] for i in game.everyone]
    else:
        engine = {"cube": Cube, "graph": Graph}[row.engine]
        stability(conflict, preferences, concepts=concepts, engine=engine.of(conflict))
    return time.perf_counter() - start


def measured(row: Row) -> Taken:
    """Return what a row takes, kernels loaded before."""
    ask(Row(row.engine, row.actors, 4, row.kind), case(row.actors, 4, row.kind), CONCEPTS)
    told = case(row.actors, row.options, row.kind)
    before = peak()
    together = ask(row, told, CONCEPTS)
    memory = peak() - before
    each = () if row.engine == "plain" else tuple(ask(row, told, (concept,)) for concept in CONCEPTS)
    return Taken(told[0].size, each, together, memory)


def peak() -> float:
    """Return the most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows(is_long: bool) -> list[Row]:
    """Return all rows, small ones first; the plain reading where it takes seconds."""
    found = []
    for kind in ("free", "directed", "holed"):
        for actors in (2, 3, 4):
            for options in (8, 12, 16, 20):
                engines = ["plain"] * (options == 8) + ["graph"] * (options <= MOST_BY_GRAPH) + ["cube"]
                found += [Row(engine, actors, options, kind) for engine in engines]
    found.insert(0, Row("plain", 2, 10, "free"))
    return found + [Row("cube", 4, 24, "free")] * is_long


def main() -> None:
    """Print one line a row."""
    head = ("engine", "makers", "options", "kind", "states")
    print("| " + " | ".join((*head, *CONCEPTS, "all, s", "us a state", "MB")) + " |")
    print("|" + "---|" * (len(head) + len(CONCEPTS) + 3))
    work = rows("--long" in sys.argv)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for row, taken in zip(work, pool.map(measured, work), strict=True):
            each = [f"{seconds:.3g}" for seconds in taken.each] or [""] * len(CONCEPTS)
            share = 1e6 * taken.together / taken.states
            cells = (
                *row,
                f"{taken.states:,}",
                *each,
                f"{taken.together:.3g}",
                f"{share:.2g}",
                f"{taken.memory:.0f}",
            )
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
