"""Two actors and two issues: the smallest exchange of positions, small enough to be followed by hand."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, Literal

from westphalia.labels import ACTOR, ISSUE, described

if TYPE_CHECKING:
    import xarray as xr

Table = Literal["stands", "rounds"]

ACTORS = ("A1", "A2")
ISSUES = ("I1", "I2")

GAIN = 5.0
"""What each actor gains in the first round, salience times hundredths of the scale."""


def load_table(name: Table) -> list[dict[str, str]]:
    """Return a table of this folder, a row a dict; the file's first lines say where it comes from."""
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def load_inputs() -> xr.Dataset:
    """Return the stands as labelled inputs (actor, issue) on scales from 0 to 100."""
    import xarray as xr

    rows = {(row["actor"], row["issue"]): row for row in load_table("stands")}

    def cells(column: str) -> tuple[tuple[str, str], list[list[float]]]:
        return (ACTOR, ISSUE), [[float(rows[actor, issue][column]) for issue in ISSUES] for actor in ACTORS]

    data = xr.Dataset(
        {
            "position": cells("position"),
            "salience": cells("salience"),
            "capability": cells("capability"),
            "has_stand": ((ACTOR, ISSUE), [[True for _ in ISSUES] for _ in ACTORS]),
            "scale_low": (ISSUE, [0.0 for _ in ISSUES]),
            "scale_high": (ISSUE, [100.0 for _ in ISSUES]),
        },
        coords={ACTOR: list(ACTORS), ISSUE: list(ISSUES)},
    )
    return described(data)
