"""The models beside the compromise mean: how each goes from round to round, and what is exchanged."""

from __future__ import annotations

import numpy as np
import xarray as xr

from westphalia.labels import ACTOR, DRAW, ISSUE, ROUND
from westphalia.methods import load_all
from westphalia.registry import find
from westphalia.runs.engine import run
from westphalia.runs.study import Options, Study
from westphalia.uncertain import UncertainInputs

PATH_DRAWS = 300
"""Draws over which the spatial model is played once more to keep its rounds."""

MOST_ROUNDS = 10
"""Rounds that are kept; of the 100 that the spatial model may play, most draws need fewer than these."""

PATHS = ("challenge", "smp", "exchange")
"""The methods that go in rounds, in the order in which they are shown."""

_KEPT = {"challenge": "median", "exchange": "path"}
"""What results hold of each round; the spatial model keeps none unless asked."""

_VARIED = ("position", "salience", "capability")


def paths(study: Study) -> dict[str, xr.DataArray]:
    """Return where the methods that go in rounds stand after each (draw, round, issue), by method id.

    In scale points, round 0 the start: the weighted median of the challenge model, the mean of positions by
    weight in the spatial model, and the outcome of votes after exchanges. Those that the study did not run,
    or ran without rounds, are left out. Takes as long as `PATH_DRAWS` draws of the spatial model.
    """
    ways = {name: study.results[name] for name in PATHS if name in study.results}
    found = {name: ways[name][kept] for name, kept in _KEPT.items() if kept in ways.get(name, ())}
    if "smp" in ways:
        found["smp"] = _spatial(study)
    return {name: found[name].isel({ROUND: slice(MOST_ROUNDS + 1)}) for name in PATHS if name in found}


def realised(inputs: UncertainInputs, options: Options) -> xr.Dataset:
    """Return position exchange at the central values of the inputs, each exchange included.

    Raises
    ------
    CallError: an option is wrong, or nobody has weight on an issue.
    """
    load_all()
    central = inputs.central.assign({name: inputs.central[name].expand_dims({DRAW: [0]}) for name in _VARIED})
    given = {**options.get("exchange", {}), "detail": "exchanges"}
    return run(find("exchange"), central, options=given, workers=1)


def _spatial(study: Study) -> xr.DataArray:
    """Return the mean of positions by weight after each round (draw, round, issue)."""
    inputs = study.draws.isel({DRAW: slice(PATH_DRAWS)})
    options = {**study.options.get("smp", {}), "detail": "path"}
    path = run(find("smp"), inputs, options=options, workers=1)["position_path"]
    path = path.isel({ROUND: slice(MOST_ROUNDS + 1)})
    weight = (inputs["capability"] * inputs["salience"]).where(inputs["has_stand"], 0.0)
    total = (path.fillna(0.0) * weight).sum(ACTOR) / weight.sum(ACTOR)
    return total.transpose(DRAW, ROUND, ISSUE).astype(np.float64)
