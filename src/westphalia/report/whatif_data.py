"""What changes do to the forecasts as exact data: quantiles for JSON, and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from westphalia.analyses.compare import rising_share
from westphalia.analyses.forecasts import summary
from westphalia.report.tables import csv_of
from westphalia.runs.whatif import WhatIf

_SHARES = (0.05, 0.5, 0.95)


def rows_of(ran: WhatIf) -> dict[str, dict[str, dict[str, Any]]]:
    """Return quantiles by issue and method: without and with the changes, and of the difference."""
    if "difference" not in ran.difference:
        return {}
    difference = ran.difference["difference"]
    told = {
        "base": summary(ran.base.forecast["forecast"], _SHARES),
        "changed": summary(ran.changed.forecast["forecast"], _SHARES),
        "difference": summary(difference, _SHARES),
    }
    up, down = rising_share(difference)
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for issue in difference["issue"].values.tolist():
        for method in difference["method"].values.tolist():
            at = {"issue": issue, "method": method}
            row = {name: quantiles.sel(at).values.tolist() for name, quantiles in told.items()}
            shares = {"rises": float(up.sel(at)), "falls": float(down.sel(at))}
            mean = float(difference.sel(at).mean())
            rows.setdefault(issue, {})[method] = {**row, "mean_difference": mean, **shares}
    return rows


def plain(ran: WhatIf) -> dict[str, Any]:
    """Return what changes do as plain data."""
    return {
        "title": ran.title,
        "changes": [change.plain() for change in ran.changes],
        "run": ran.base.forecast.attrs,
        "changed_digest": ran.changed.document.digest,
        "quantiles": list(_SHARES),
        "forecast": rows_of(ran),
        "accepted": {
            actor: {"base": base, "changed": changed} for actor, (base, changed) in ran.accepting().items()
        },
        "skipped": {**ran.base.skipped, **ran.changed.skipped},
    }


def csv_text(ran: Mapping[str, WhatIf]) -> str:
    """Return the differences that each of several sets of changes makes as CSV, by issue and method."""
    return csv_of(
        {"scenario": name, "issue": issue, "method": method, "mean_difference": row["mean_difference"]}
        | {f"difference_{share:g}": value for share, value in zip(_SHARES, row["difference"], strict=True)}
        | {"rises": row["rises"], "falls": row["falls"]}
        for name, one in ran.items()
        for issue, methods in rows_of(one).items()
        for method, row in methods.items()
    )
