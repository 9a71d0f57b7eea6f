"""What the answer of a study hangs on: the inputs, the choice of method, single changes, scenarios.

All of it is about the compromise mean and its rivals, whose draws hold the doubt of the inputs alone;
the predictive distribution, whose draws hold the model's own error too, is told beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import xarray as xr

from westphalia.analyses.ensemble import agreement
from westphalia.analyses.forecasts import DEFAULT_METHOD, PREDICTIVE, of_inputs_alone
from westphalia.case.document import Document
from westphalia.case.schema import CaseFile, Issue
from westphalia.errors import CallError
from westphalia.labels import DRAW, ISSUE, METHOD
from westphalia.registry import find
from westphalia.runs.engine import Progress, run
from westphalia.runs.levers import forecast_levers
from westphalia.runs.sensitivity import By, sensitivity
from westphalia.runs.study import Options, Study
from westphalia.runs.whatif import WhatIf, run_scenarios
from westphalia.uncertain import UncertainInputs

BASE_DRAWS = 512
"""Size of each of the two base samples of the indices; shares are told with the interval this leaves."""

TRIED_DRAWS = 500
"""Draws on which levers and scenarios are tried: shares then hold within 4 points."""

CLOSE = 0.02
"""Share of the scale within which a forecast counts as at a stated point, so that there is none to pass."""

_VARIED = ("position", "salience", "capability")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Doubt:
    """What a study's answer hangs on.

    `indices` holds Sobol indices of the compromise mean by way to group the unknowns; `agreement`
    that of the methods which found something in every draw, `left_out` the others; `levers` by
    issue the changes that bring the compromise mean to the nearest stated point; `scenarios` the
    case's own, run with the compromise mean and the predictive distribution. `reasons` says why a
    part is missing.
    """

    study: Study
    indices: Mapping[By, xr.Dataset]
    agreement: xr.Dataset | None
    left_out: tuple[str, ...]
    levers: Mapping[str, xr.Dataset]
    scenarios: Mapping[str, WhatIf]
    reasons: Mapping[str, str]


def weigh(
    study: Study,
    *,
    base_draws: int = BASE_DRAWS,
    tried_draws: int = TRIED_DRAWS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Doubt:
    """Return what the answer of a study hangs on; its seed and options are those of the study.

    Parameters
    ----------
    base_draws: size of each of the two base samples of the indices.
    tried_draws: draws on which levers and scenarios are tried.

    Raises
    ------
    CallError: no issue has a scale, so there is no forecast to ask about; or a number out of bounds.
    """
    document = study.document
    if not study.inputs.central.sizes[ISSUE]:
        raise CallError("The case has no issue with a scale.", code="input-missing")
    hands = _Hands(study, _of_mean(study.options), workers, progress, {})
    together, left_out = _agreeing(study)
    return Doubt(
        study=study,
        indices=hands.tried("indices", lambda: hands.indices(base_draws), {}),
        agreement=together,
        left_out=left_out,
        levers=hands.tried("levers", lambda: hands.levers(tried_draws), {}),
        scenarios=hands.tried("scenarios", lambda: hands.scenarios(document, tried_draws), {}),
        reasons=hands.reasons,
    )


def _of_mean(options: Options) -> Options:
    return {name: given for name, given in options.items() if name == DEFAULT_METHOD}


@dataclass(frozen=True)
class _Hands:
    """What all parts share, and why any of them is missing."""

    study: Study
    options: Options
    workers: int | None
    progress: Progress | None
    reasons: dict[str, str]

    def tried(self, part: str, made: Callable[[], Found], otherwise: Found) -> Found:
        """Return a part of the answer, or what stands for it where the case does not give it."""
        try:
            return made()
        except CallError as error:
            self.reasons[part] = f"{error.message} {error.hint}".strip()
            return otherwise

    def indices(self, draws: int) -> dict[By, xr.Dataset]:
        """Return the indices of the compromise mean on every issue, by each way to group."""
        how: dict[str, Any] = {"draws": draws, "seed": self.study.seed, "options": self.options}
        how |= {"workers": self.workers, "progress": self.progress}
        return {by: sensitivity(self.study.document, by=by, **how) for by in ways(self.study.document.case)}

    def levers(self, draws: int) -> dict[str, xr.Dataset]:
        """Return the changes that bring the compromise mean to the nearest stated point of each scale."""
        forecast = central_mean(self.study.inputs, self.options)
        found = {}
        for issue in self.study.document.case.issues:
            aim = None if issue.kind == "nominal" else aimed(issue, float(forecast.sel({ISSUE: issue.id})))
            if aim is not None:
                how: dict[str, Any] = {"draws": draws, "seed": self.study.seed, "options": self.options}
                how |= {"workers": self.workers, **aim}
                found[issue.id] = forecast_levers(self.study.document, issue.id, **how)
        return found

    def scenarios(self, document: Document, draws: int) -> Mapping[str, WhatIf]:
        """Return the scenarios of the case, each beside the case as it is."""
        if not document.case.scenarios:
            return {}
        how: dict[str, Any] = {"draws": draws, "seed": self.study.seed, "options": self.options}
        only = (DEFAULT_METHOD, PREDICTIVE)
        return run_scenarios(document, only=only, workers=self.workers, progress=self.progress, **how)


def ways(case: CaseFile) -> tuple[By, ...]:
    """Return the ways to group that say something of a case: by source only if several are named."""
    several = len({statement.source for statement in case.statements}) > 1
    return ("value", "actor", *(("source",) if several else ()), *(("statement",) if case.statements else ()))


def aimed(issue: Issue, forecast: float) -> dict[str, float] | None:
    """Return the wish to reach the nearest stated point of a scale that a forecast is not at already.

    The ends of the scale are asked for only if no other is left: a mean gets there if all do.
    """
    low, high = issue.ends
    points = [float(point) for point in issue.scale]
    away = [point for point in points if abs(point - forecast) > CLOSE * (high - low)]
    if not away:
        return None
    inner = [point for point in away if low < point < high]
    nearest = min(inner or away, key=lambda point: abs(point - forecast))
    return {"at_least" if nearest > forecast else "at_most": nearest}


def central_mean(inputs: UncertainInputs, options: Options) -> xr.DataArray:
    """Return the compromise mean (issue) at the central values of the inputs."""
    central = inputs.central
    one = central.assign({name: central[name].expand_dims({DRAW: [0]}) for name in _VARIED})
    spec = find(DEFAULT_METHOD)
    return run(spec, one, options=options.get(spec.id), workers=1)[str(spec.forecast)].isel({DRAW: 0})


def _agreeing(study: Study) -> tuple[xr.Dataset | None, tuple[str, ...]]:
    """Return how far methods agree that find something in every draw, and the methods left out."""
    if "forecast" not in study.forecast:
        return None, ()
    forecast = of_inputs_alone(study.forecast["forecast"])
    names = forecast[METHOD].values
    whole = np.isfinite(forecast.values).all(axis=(1, 2))
    left_out = tuple(map(str, names[~whole]))
    if whole.sum() < 2:
        return None, left_out
    ends = (study.draws["scale_low"], study.draws["scale_high"])
    return agreement(forecast.sel({METHOD: names[whole]}), *ends), left_out
