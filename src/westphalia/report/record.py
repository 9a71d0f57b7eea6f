"""How far to trust the default forecast: its record on past decisions, in words."""

from __future__ import annotations

import math

import xarray as xr

from westphalia.analyses.forecasts import PREDICTIVE
from westphalia.catalog.eu_backtest import load_scores
from westphalia.charts.words import listed, percent
from westphalia.labels import GROUP, LEVEL, METHOD

WHOLE = "all"
"""The group of all issues that were scored."""


def record_sentences(scores: xr.Dataset | None = None) -> tuple[str, ...]:
    """Return the record of the default forecast: what its intervals held, what it is worth, and on what.

    `scores` are those of `catalog.eu_backtest` unless given.
    """
    told = load_scores() if scores is None else scores
    one = told.sel({METHOD: PREDICTIVE, GROUP: WHOLE})
    issues, proposals = int(one["issues"]), int(one["proposals"])
    shares = {
        percent(float(at)): percent(float(one["coverage"].sel({LEVEL: at}))) for at in one[LEVEL].values
    }
    held = listed(f"{share} in its {level} interval" for level, share in shares.items())
    skill, *ends = (100 * float(one[name]) for name in ("skill", "skill_low", "skill_high"))
    return (
        f"Track record of the default forecast: on {issues} past issues with a known outcome, of {proposals} "
        f"proposals that it had not been fitted on, it held {held} of the outcomes. So few issues leave "
        f"such shares open by {sampling_error(issues):.0f} points or more.",
        f"Its middle was off by {float(one['mae']):.0f} % of the scale on average. By the score that judges "
        f"all of the distribution (CRPS: {float(one['crps']):.1f} % of the scale) it was {skill:.0f} % "
        f"better than the compromise mean with the same spread of errors everywhere (95 % interval of that: "
        f"{ends[0]:.0f} to {ends[1]:.0f} %).",
        "Those were decisions of the European Union, made by rule among partners. The conditions of this "
        "case differ, so its intervals may hold less often here; nothing measured says how much less.",
        str(told.attrs["source"]),
    )


def sampling_error(issues: int) -> float:
    """Return twice the standard error, in points of a hundred, of a share near a half of so many issues."""
    return 200 * math.sqrt(0.25 / issues)
