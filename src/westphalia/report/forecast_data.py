"""What the methods expect as exact data: quantiles for JSON, and as a table."""

from __future__ import annotations

from typing import Any

from westphalia.analyses.forecasts import PREDICTIVE, QUANTILES, summary
from westphalia.labels import DRAW, METHOD
from westphalia.report.tables import csv_of
from westphalia.runs.study import Study


def quantiles_of(study: Study) -> dict[str, dict[str, list[float]]]:
    """Return the quantiles of each issue and method, the default forecast first."""
    if "forecast" not in study.forecast:
        return {}
    quantiles = summary(study.forecast["forecast"])
    methods = sorted(quantiles["method"].values.tolist(), key=lambda method: method != PREDICTIVE)
    return {
        issue: {
            method: [float(value) for value in quantiles.sel({"issue": issue, "method": method}).values]
            for method in methods
        }
        for issue in quantiles["issue"].values.tolist()
    }


def shares_of_options(study: Study) -> dict[str, dict[str, list[float]]]:
    """Return the quantiles of the weighted support of each option of a nominal issue."""
    if "plurality" not in study.results:
        return {}
    quantiles = summary(study.results["plurality"]["share"])
    return {
        issue: {
            option: [float(share) for share in quantiles.sel(issue=issue).isel(option=at).values]
            for at, option in enumerate(options)
        }
        for issue, options in study.inputs.options.items()
    }


def plain(study: Study) -> dict[str, Any]:
    """Return what the methods expect as plain data: quantiles by issue and method, shares, who accepts."""
    accepted = study.acceptance
    return {
        "case": study.document.case.id,
        "run": study.forecast.attrs,
        "quantiles": list(QUANTILES),
        "forecast": quantiles_of(study),
        "shares": shares_of_options(study),
        "accepted": {}
        if accepted is None
        else {
            actor: float(accepted["is_accepted"].sel(actor=actor).mean())
            for actor in accepted["actor"].values.tolist()
        },
        "skipped": study.skipped,
    }


def means_of(study: Study) -> dict[str, dict[str, float]]:
    """Return the mean of each issue and method over the draws."""
    if "forecast" not in study.forecast:
        return {}
    means = study.forecast["forecast"].mean(DRAW)
    return {
        issue: {
            method: float(means.sel({"issue": issue, METHOD: method}))
            for method in means[METHOD].values.tolist()
        }
        for issue in means["issue"].values.tolist()
    }


def spreads(study: Study) -> dict[str, Any]:
    """Return what the methods expect as plain data, each figure by its name.

    By issue and method `mean`, `median` and quantiles (``q05``, ``q25``, ``q75``, ``q95``); besides, shares
    of options and who accepts.
    """
    told, means = plain(study), means_of(study)
    names = ("q05", "q25", "median", "q75", "q95")
    by_issue = {
        issue: {
            method: {"mean": means[issue][method], **dict(zip(names, found, strict=True))}
            for method, found in methods.items()
        }
        for issue, methods in told["forecast"].items()
    }
    return {**told, "forecast": by_issue}


def csv_text(study: Study) -> str:
    """Return the forecasts as CSV: mean and quantiles of each issue and method."""
    means = means_of(study)
    return csv_of(
        {"issue": issue, "method": method, "mean": means[issue][method]}
        | {f"quantile_{share:g}": value for share, value in zip(QUANTILES, found, strict=True)}
        for issue, methods in quantiles_of(study).items()
        for method, found in methods.items()
    )
