"""Emission standards of the European Community: Bueno de Mesquita 1994, as Scholz and others rerun it."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, Literal

from westphalia.labels import ACTOR, ISSUE, described

if TYPE_CHECKING:
    import xarray as xr

Table = Literal["stands", "rounds", "moves", "dyads"]

OUTCOME = 8.833
"""Years; what happened, as Bueno de Mesquita 1994 gives it (p. 98)."""


def load_table(name: Table) -> list[dict[str, str]]:
    """Return a table of this folder, a row a dict; the file's first lines say where it comes from."""
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def load_inputs() -> xr.Dataset:
    """Return the stands as labelled inputs: ten actors, one issue in years, salience as a share.

    The printed table has no scale beyond its positions; 4 to 10 years, which they span, is given.
    """
    import xarray as xr

    rows = load_table("stands")
    cells = (ACTOR, ISSUE)
    data = xr.Dataset(
        {
            "position": (cells, [[float(row["position"])] for row in rows]),
            "salience": (cells, [[float(row["salience"]) / 100] for row in rows]),
            "capability": (cells, [[float(row["capability"])] for row in rows]),
            "has_stand": (cells, [[True] for _ in rows]),
            "scale_low": (ISSUE, [4.0]),
            "scale_high": (ISSUE, [10.0]),
        },
        coords={ACTOR: [row["actor"] for row in rows], ISSUE: ["introduction"]},
    )
    return described(data)
