"""Whether a case has a zone of agreement, draw by draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr

from westphalia.case.inputs import build
from westphalia.case.packages import package_terms
from westphalia.case.schema import CaseFile
from westphalia.labels import ACTOR, DRAW
from westphalia.methods.deals.doubt import doubt
from westphalia.methods.deals.values import deal_inputs
from westphalia.runs.deals import of_consequence
from westphalia.uncertain import FloatArray

_BATCH = 256
"""Draws whose packages are laid out at a time: a draw takes some ten kilobytes, more with linkages."""


def parties(case: CaseFile) -> tuple[str, ...]:
    """Return the actors a zone hangs on: whose consent counts, with ratifiers, or who are at war.

    If nobody's consent is named, it needs everybody's.
    """
    inputs = build(case)
    terms = of_consequence(package_terms(case, inputs.central, inputs.nominal), case)
    return tuple(map(str, terms[ACTOR].values))


def laid_out(case: CaseFile, scaled: xr.Dataset, nominal: xr.Dataset) -> Iterator[xr.Dataset]:
    """Yield the packages of draws of the inputs, some draws at a time, of those on whom a zone hangs."""
    for start in range(0, scaled.sizes[DRAW], _BATCH):
        part = {DRAW: slice(start, start + _BATCH)}
        yield of_consequence(package_terms(case, scaled.isel(part), nominal.isel(part)), case)


def zone_of(case: CaseFile) -> Callable[[xr.Dataset, xr.Dataset], FloatArray]:
    """Return what says of draws of the inputs whether some package is accepted by all: (draw, 1), 0 or 1.

    Ratifiers, commitments and linkages count. A draw that could not be decided counts as without.
    """

    def judge(scaled: xr.Dataset, nominal: xr.Dataset) -> FloatArray:
        parts = [
            doubt(deal_inputs(terms), workers=1)["has_zone"].values
            for terms in laid_out(case, scaled, nominal)
        ]
        return np.concatenate(parts).astype(float)[:, None]

    return judge
