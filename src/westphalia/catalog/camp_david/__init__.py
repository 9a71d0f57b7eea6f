"""The issues of Camp David, 1978, with the points of both parties: Brams and Togman 1996."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING

from westphalia.labels import ACTOR, ISSUE, described

if TYPE_CHECKING:
    import xarray as xr

PARTIES = ("israel", "egypt")


def load_points() -> xr.DataArray:
    """Return the points (actor, issue) of Israel and Egypt on the six issues, 100 each."""
    import xarray as xr

    text = resources.files(__name__).joinpath("points.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    points = xr.DataArray(
        [[int(row[party]) for row in rows] for party in PARTIES],
        dims=(ACTOR, ISSUE),
        coords={ACTOR: list(PARTIES), ISSUE: [row["issue"] for row in rows]},
    )
    return described(xr.Dataset({"points": points}))["points"]
