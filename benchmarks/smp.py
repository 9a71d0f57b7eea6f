"""The spatial model of politics: cost against actors, issues and draws, and against the plain definition."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import xarray as xr
from timing import made_up, seconds, show

from westphalia.catalog.ktab import load_inputs
from westphalia.labels import ACTOR, DRAW, ISSUE
from westphalia.methods.spatial.smp import SPEC, smp
from westphalia.runs.engine import run

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "spatial"))
import plain_smp as plain

READINGS = ("mended", "ktab")
NEEDED = list(SPEC.needed)


def with_gaps(draws: int, actors: int, issues: int) -> xr.Dataset:
    """Return random inputs of which two cells in three hold no stand, as in a case with many actors."""
    data = made_up(draws, actors, issues)
    has_stand = np.random.default_rng(2).random((actors, issues)) < 1 / 3
    has_stand[np.arange(actors), np.arange(actors) % issues] = True
    return data.assign(has_stand=((ACTOR, ISSUE), has_stand))


def whole_runs() -> None:
    """Time runs to their natural end over all threads, as a case is run."""
    rows = []
    for reading in READINGS:
        for name, data in (
            ("25 actors × 5 issues, two stands in three missing, 10,000 draws", with_gaps(10_000, 25, 5)),
            ("10 actors × 1 issue, 10,000 draws", made_up(10_000, 10, 1)),
        ):
            taken = seconds(lambda d=data, r=reading: run(SPEC, d, options={"reading": r}), 1)
            rows.append((name, reading, taken))
    show(("run", "reading", "seconds"), rows)


def growth() -> None:
    """Time a fixed number of turns of one draw as actors and issues grow."""
    rows = []
    for actors, issues, turns in (
        (10, 1, 10),
        (26, 1, 19),
        (40, 1, 10),
        (80, 1, 10),
        (80, 3, 10),
        (160, 1, 10),
    ):
        data = made_up(1, actors, issues)[NEEDED]
        taken = [
            seconds(lambda d=data, r=r, t=turns: smp(**d, reading=r, rounds=t, stop_below=0.0))
            for r in READINGS
        ]
        cubes = turns * actors**3
        rows.append((actors, issues, turns, *(1e3 * t for t in taken), *(1e9 * t / cubes for t in taken)))
    ours = [f"{reading}, {unit}" for unit in ("ms", "ns a turn and cube of actors") for reading in READINGS]
    show(("actors", "issues", "turns", *ours), rows)


def plainly(data: xr.Dataset, reading: str) -> None:
    """Play inputs with stands everywhere by the plain definition."""
    group = plain.Group(
        data["capability"].values[:, 0].tolist(),
        data["salience"].values.tolist(),
        (data["position"].values / 100).tolist(),
    )
    plain.play(group, plain.Rules(mended=reading == "mended"))


def against_plain() -> None:
    """Time the program's examples against the plain definition, in the same run."""
    rows = []
    for name in ("dummy_3dim", "soe_pol_comp"):
        data = load_inputs(name)
        for reading in READINGS:
            fast = seconds(lambda d=data, r=reading: smp(**d, reading=r))
            slow = seconds(lambda d=data, r=reading: plainly(d, r), 1)
            turns = smp(**data, reading=reading)["rounds_played"].item()
            rows.append((name, reading, turns, 1e3 * slow, 1e3 * fast, f"{slow / fast:,.0f}"))
    show(("example", "reading", "turns", "plain, ms", "compiled, ms", "times faster"), rows)


if __name__ == "__main__":
    smp(**made_up(1, 3, 1)[NEEDED].isel({DRAW: 0}), rounds=1)
    growth()
    against_plain()
    whole_runs()
