"""How far to trust the default forecast: its record on past decisions, in words."""

from __future__ import annotations

import math

import xarray as xr

from westphalia.analyses.forecasts import PREDICTIVE
from westphalia.catalog.eu_backtest import load_scores
from westphalia.charts.words import listed, percent
from westphalia.labels import GROUP, LEVEL, METHOD
from westphalia.language import decimal, said

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
    held = listed(
        said("{share} in its {level} interval", share=share, level=level) for level, share in shares.items()
    )
    skill, *ends = (100 * float(one[name]) for name in ("skill", "skill_low", "skill_high"))
    return (
        said(
            "Track record of the default forecast: on {issues} past issues with a known outcome, of "
            "{proposals} proposals that it had not been fitted on, it held {held} of the outcomes. "
            "So few issues leave such shares open by {points} points or more.",
            issues=issues,
            proposals=proposals,
            held=held,
            points=f"{sampling_error(issues):.0f}",
        ),
        said(
            "Its middle was off by {mae} % of the scale on average. By the score that judges all of the "
            "distribution (CRPS: {crps} % of the scale) it was {skill} % better than the compromise mean "
            "with the same spread of errors everywhere (95 % interval of that: {low} to {high} %).",
            mae=f"{float(one['mae']):.0f}",
            crps=decimal(f"{float(one['crps']):.1f}"),
            skill=f"{skill:.0f}",
            low=f"{ends[0]:.0f}",
            high=f"{ends[1]:.0f}",
        ),
        said(
            "Those were decisions of the European Union, made by rule among partners. The conditions of this "
            "case differ, so its intervals may hold less often here; nothing measured says how much less."
        ),
        str(told.attrs["source"]),
    )


def sampling_error(issues: int) -> float:
    """Return twice the standard error, in points of a hundred, of a share near a half of so many issues."""
    return 200 * math.sqrt(0.25 / issues)
