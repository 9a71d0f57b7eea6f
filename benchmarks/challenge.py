"""The challenge model: cost against draws, actors and issues, and against the plain definition."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import xarray as xr
from timing import made_up, seconds, show

from westphalia.catalog.bdm1994 import load_inputs
from westphalia.labels import ACTOR, DRAW, ISSUE
from westphalia.methods.spatial.challenge import SPEC, challenge
from westphalia.runs.engine import run

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import plain_challenge as plain

READINGS = {"scholz-code": plain.SCHOLZ, "printed": plain.PRINTED}


def emission(draws: int) -> xr.Dataset:
    """Return the emission case with every position half a year uncertain."""
    data = load_inputs()
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (draws, data.sizes[ACTOR], 1))
    position = np.clip(data["position"].values + noise, 4, 10)
    return data.assign(position=((DRAW, ACTOR, ISSUE), position))


def whole_runs() -> None:
    """Time runs over all threads, as a case is run: 8 rounds."""
    rows = []
    for reading in READINGS:
        for name, data in (
            ("emission case, 10,000 draws", emission(10_000)),
            ("30 actors × 8 issues, 2,000 draws", made_up(2_000, 30, 8)),
            ("1,000 actors × 1 issue, 1 draw", made_up(1, 1_000, 1)),
        ):
            taken = seconds(
                lambda data=data, reading=reading: run(SPEC, data, options={"reading": reading}), 2
            )
            rows.append((name, reading, taken))
    show(("run", "reading", "seconds"), rows)


def growth() -> None:
    """Time one round on one thread as draws, actors and issues grow."""
    rows = []
    sizes = [
        (1_000, 10, 1),
        (10_000, 10, 1),
        (1_000, 10, 8),
        (100, 30, 1),
        (10, 100, 1),
        (1, 300, 1),
        (1, 1_000, 1),
    ]
    for draws, actors, issues in sizes:
        data = made_up(draws, actors, issues)
        cells = [data[name] for name in SPEC.inputs]
        taken = [seconds(lambda c=cells, r=r: challenge(*c, reading=r, rounds=1)) for r in READINGS]
        pairs = draws * issues * actors**2
        rows.append((draws, actors, issues, *(1e3 * t for t in taken), *(1e9 * t / pairs for t in taken)))
    ours = [f"{reading}, {unit}" for unit in ("ms", "ns a pair") for reading in READINGS]
    show(("draws", "actors", "issues", *ours), rows)


def against_plain() -> None:
    """Time one round of one draw against the plain definition, in the same run."""
    rows = []
    for actors in (5, 10, 20):
        data = made_up(1, actors, 1)
        cells = [data[name] for name in SPEC.inputs]
        x, s, c = (data[name].values[0, :, 0].tolist() for name in ("position", "salience", "capability"))
        w = [a * b for a, b in zip(c, s, strict=True)]
        for reading, rules in READINGS.items():
            many = [cell if cell.dtype == bool else cell.isel(draw=[0] * 500) for cell in cells]
            fast = seconds(lambda m=many, r=reading: challenge(*m, reading=r, rounds=1)) / 500
            slow = seconds(lambda r=rules, x=x, w=w, s=s: plain.play(x, w, s, 1, r), 1)
            rows.append((actors, reading, 1e3 * slow, 1e3 * fast, f"{slow / fast:,.0f}"))
    show(("actors", "reading", "plain, ms", "compiled, ms", "times faster"), rows)


if __name__ == "__main__":
    challenge(*(made_up(1, 3, 1)[name] for name in SPEC.inputs), rounds=1)
    whole_runs()
    growth()
    against_plain()
