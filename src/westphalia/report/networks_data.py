"""The networks of a case as exact data: ties as lists, and what they show of the actors."""

from __future__ import annotations

from typing import Any

import xarray as xr

from westphalia.report.tables import csv_of
from westphalia.runs.networks import Agreement, Networks


def plain(found: Networks) -> dict[str, Any]:
    """Return the networks as plain data: a list of ties for each, and what they show of the actors."""
    told = found.affiliation
    return {
        "statements": found.statement_count,
        "affiliation": [] if told is None else _ties(told[["mentions", "mean_stance"]], "mentions"),
        "by_statements": _agreement(found.by_statements),
        "by_positions": _agreement(found.by_positions),
        "polarisation": _polarisation(found.polarisation),
        "hears": [] if found.hears is None else _ties(found.hears.to_dataset(), "hears"),
        "share_of_settled_opinion": {} if found.share is None else _by_actor(found.share),
    }


def _ties(network: xr.Dataset, present: str) -> list[dict[str, Any]]:
    """Return the pairs for which the variable `present` is not 0, with all variables."""
    first, second = network[present].dims
    table = network.to_dataframe().reset_index()
    return [
        {str(key): value for key, value in row.items()}
        for row in table[table[present] != 0][[first, second, *network.data_vars]].to_dict("records")
    ]


def _agreement(agreed: Agreement | None) -> dict[str, Any] | None:
    if agreed is None:
        return None
    bloc = {actor: int(number) for actor, number in _by_actor(agreed.blocs["bloc"]).items()}
    return {
        "ties": [tie for tie in _ties(agreed.ties, "overlap") if tie["actor"] < tie["other_actor"]],
        "bloc": bloc,
        "modularity": float(agreed.blocs["modularity"]),
        "camp": {actor: int(number) for actor, number in _by_actor(agreed.camps["camp"]).items()},
        "camp_share": float(agreed.camps["camp_share"]),
        "betweenness": _by_actor(agreed.brokers["betweenness"]),
    }


def _by_actor(values: xr.DataArray) -> dict[str, float]:
    return dict(zip(values["actor"].values.tolist(), values.values.tolist(), strict=True))


def _polarisation(found: xr.DataArray | None) -> dict[str, list[float]]:
    if found is None:
        return {}
    quantiles = found.quantile([0.05, 0.5, 0.95], "draw").transpose("issue", "quantile")
    return dict(zip(found["issue"].values.tolist(), quantiles.values.tolist(), strict=True))


def csv_texts(found: Networks) -> dict[str, str]:
    """Return each network there is as CSV, a row a tie, by its name."""
    told = plain(found)
    ties = {"affiliation": told["affiliation"], "hears": told["hears"]}
    for name in ("by_statements", "by_positions"):
        ties[name] = [] if told[name] is None else told[name]["ties"]
    return {name: csv_of(rows) for name, rows in ties.items() if rows}
