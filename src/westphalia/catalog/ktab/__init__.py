"""Examples that come with KTAB, with the figures its spatial model of politics gives: `ktab2019`."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING, Literal

from westphalia.labels import ACTOR, ISSUE, described

if TYPE_CHECKING:
    import xarray as xr

Example = Literal["dummy_3dim", "soe_pol_comp"]
Table = Literal["dummy_3dim", "soe_pol_comp", "dummy_3dim_first_turn", "dummy_3dim_variants"]

ISSUES: dict[Example, tuple[str, ...]] = {
    "dummy_3dim": ("first", "second", "third"),
    "soe_pol_comp": ("policy", "competitive"),
}
"""The dimensions of each example, in the order of its columns."""

STOP_RATIOS = (0.9999, 0.7631, 0.1780, 0.0801, 0.0853, 0.0686, 0.0639, 0.1058, 0.0398, 0.0045)
"""All movement of turns 1 to 10 of `dummy_3dim` as a share of that of the first, as the program prints it."""


def load_table(name: Table) -> list[dict[str, str]]:
    """Return a table of this folder, a row a dict; the file's first lines say where it comes from."""
    text = resources.files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def load_inputs(name: Example) -> xr.Dataset:
    """Return the labelled inputs of an example: scales from 0 to 100, saliences as shares of attention."""
    import xarray as xr

    rows, issues = load_table(name), ISSUES[name]
    cells, places = (ACTOR, ISSUE), range(1, len(issues) + 1)
    data = xr.Dataset(
        {
            "position": (cells, [[float(row[f"position_{k}"]) for k in places] for row in rows]),
            "salience": (cells, [[float(row[f"salience_{k}"]) / 100 for k in places] for row in rows]),
            "capability": (cells, [[float(row["capability"]) for _ in places] for row in rows]),
            "has_stand": (cells, [[True for _ in places] for _ in rows]),
            "scale_low": (ISSUE, [0.0 for _ in places]),
            "scale_high": (ISSUE, [100.0 for _ in places]),
        },
        coords={ACTOR: [row["actor"] for row in rows], ISSUE: list(issues)},
    )
    return described(data)
