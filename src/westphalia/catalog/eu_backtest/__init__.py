"""What our forecasts were worth on decisions of the European Union: our measurement, not others' data.

The positions, saliences and outcomes belong to the projects that coded them and are not kept here;
what is kept are the scores of the back-test, overall and by thirds of how far positions lie apart.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from westphalia.labels import GROUP, LEVEL, METHOD, described

if TYPE_CHECKING:
    import xarray as xr


def load_scores() -> xr.Dataset:
    """Return the scores of the compromise mean and the predictive distribution, (method, group).

    They are those that `analyses.backtest.scores` gives: `mae`, `rmse`, `crps`, `skill` with its ends,
    `issues` and `proposals`, and by level (method, group, level) `coverage` and `interval_width`. The
    attribute `source` says on what they were measured.
    """
    import xarray as xr

    raw = json.loads(resources.files(__name__).joinpath("scores.json").read_text(encoding="utf-8"))
    groups = raw["scores"]
    methods = list(groups["all"])
    levels = list(groups["all"][methods[0]]["coverage"])
    data: dict[str, Any] = {}
    for name, example in groups["all"][methods[0]].items():
        rows = [[groups[group][method][name] for group in groups] for method in methods]
        if isinstance(example, dict):
            by_level = [[[cell[level] for level in levels] for cell in row] for row in rows]
            data[name] = ((METHOD, GROUP, LEVEL), by_level)
        else:
            data[name] = ((METHOD, GROUP), rows)
    coords = {METHOD: methods, GROUP: list(groups), LEVEL: list(map(float, levels))}
    return described(xr.Dataset(data, coords=coords), source=raw["source"])
