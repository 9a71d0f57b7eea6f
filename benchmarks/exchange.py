"""Position exchange: cost against draws, actors and issues, and against the plain reading."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import xarray as xr
from timing import made_up, seconds, show

from westphalia.labels import DRAW
from westphalia.methods.spatial.exchange import SPEC, exchange
from westphalia.runs.engine import run

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from spatial import plain_exchange as plain

READINGS = ("program", "mended")


def cells(data: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return the inputs of the method."""
    return {name: data[name] for name in SPEC.inputs}


def stands(data: xr.Dataset) -> dict[tuple[int, int], tuple[float, float, float]]:
    """Return the first draw as the plain reading takes it."""
    one = data.isel({DRAW: 0}) if DRAW in data.dims else data
    columns = [one[name].values for name in ("position", "salience", "capability")]
    present = np.argwhere(one["has_stand"].values)
    return {(int(a), int(k)): tuple(float(column[a, k]) for column in columns) for a, k in present}


def growth() -> None:
    """Time one round of one draw on one thread as actors and issues grow."""
    rows = []
    for actors, issues in ((10, 5), (10, 20), (20, 10), (20, 20), (40, 10), (40, 20)):
        data = cells(made_up(1, actors, issues))
        once = exchange(**data, rounds=1)
        candidates, realised = (int(once[f"{kind}_count"].sum()) for kind in ("candidate", "realised"))
        taken = [1e3 * seconds(lambda d=data, r=r: exchange(**d, rounds=1, reading=r)) for r in READINGS]
        rows.append((actors, issues, candidates, realised, *taken))
    show(("actors", "issues", "candidates", "realised", *(f"{name}, ms" for name in READINGS)), rows)


def whole_runs() -> None:
    """Time runs of 10 rounds over all threads, as a case is run."""
    rows = []
    for draws, actors, issues in ((10_000, 4, 5), (1_000, 10, 6), (100, 15, 13)):
        data = made_up(draws, actors, issues)
        taken = [seconds(lambda d=data, r=r: run(SPEC, d, options={"reading": r}), 1) for r in READINGS]
        rows.append((draws, actors, issues, *taken))
    show(("draws", "actors", "issues", *(f"{name}, s" for name in READINGS)), rows)


def against_plain() -> None:
    """Time one round against the plain reading, in the same run."""
    rows = []
    for actors, issues in ((10, 5), (10, 10), (15, 13)):
        data = made_up(1, actors, issues)
        for reading in READINGS:
            fast = seconds(lambda d=data, r=reading: exchange(**cells(d), rounds=1, reading=r))
            slow = seconds(lambda d=data, r=reading: plain.play(stands(d), 1, r == "mended"), 1)
            rows.append((actors, issues, reading, slow, 1e3 * fast, f"{slow / fast:,.0f}"))
    show(("actors", "issues", "reading", "plain, s", "compiled, ms", "times faster"), rows)


def climate_conference() -> None:
    """Time 10 rounds of CoP21, whose data are others' (WESTPHALIA_DATA names their folder)."""
    from published.test_exchange import load

    data = load("cop21")
    rows = []
    for reading in READINGS:
        fast = seconds(lambda r=reading: exchange(**cells(data), reading=r))
        slow = seconds(lambda r=reading: plain.play(stands(data), 10, r == "mended"), 1)
        rows.append((reading, slow, fast, f"{slow / fast:,.0f}"))
    show(("CoP21, 10 rounds", "plain, s", "compiled, s", "times faster"), rows)


if __name__ == "__main__":
    exchange(**cells(made_up(1, 3, 2)), rounds=1)
    growth()
    whole_runs()
    against_plain()
    if "WESTPHALIA_DATA" in os.environ:
        climate_conference()
