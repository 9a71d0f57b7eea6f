"""How the compromise mean did on decisions of the European Union: our measurement, not others' data.

The positions, saliences and outcomes belong to the projects that coded them and are not kept here;
what is kept is the distribution of the error, measured on the issues named in the record.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """The error of a method's forecast against what happened, on many past issues.

    `residuals[i]` is the value below which a share `shares[i]` of the residuals lies. A residual is
    outcome minus forecast, in per cent of the length of the issue's scale.
    """

    method: str
    capability: str
    issues: int
    proposals: int
    mae: float
    shares: tuple[float, ...]
    residuals: tuple[float, ...]
    source: str


def load_record() -> TrackRecord:
    """Return the record of the compromise mean."""
    raw = json.loads(resources.files(__name__).joinpath("record.json").read_text(encoding="utf-8"))
    return TrackRecord(**{**raw, "shares": tuple(raw["shares"]), "residuals": tuple(raw["residuals"])})
