"""What would change an answer as exact data: rows for JSON and a table."""

from __future__ import annotations

from typing import Any

import xarray as xr

from westphalia.report.tables import csv_of
from westphalia.runs.rests import Persuasion, RestLevers

_SHOWN = ("lever_kind", "lever_actor", "lever_issue", "lever_size", "bound", "lever_cost", "lever_from",
          "lever_to", "lever_forecast", "is_enough", "is_proved", "is_one_way", "is_own",
          "suffices_probability")  # fmt: skip


def rows_of(found: xr.Dataset) -> list[dict[str, Any]]:
    """Return the levers as rows, the cheapest first."""
    columns = {name: found[name].values.tolist() for name in _SHOWN if name in found}
    return [{name: column[at] for name, column in columns.items()} for at in range(found.sizes["lever"])]


def plain(found: xr.Dataset) -> dict[str, Any]:
    """Return the levers of a forecast or of the zone as plain data."""
    held = float(found["holds_probability"])
    return {
        "case": found.attrs["case"],
        "run": found.attrs,
        "holds_probability": held,
        "levers": rows_of(found),
    }


def csv_text(found: xr.Dataset) -> str:
    """Return every lever as CSV."""
    return csv_of(rows_of(found))


def plain_rest(found: RestLevers) -> dict[str, Any]:
    """Return what would bring a state to rest as plain data; wishes in the words of the case."""
    together = found.together.isel(concept=0)
    return {
        "case": found.attrs["case"],
        "run": found.attrs,
        "state": found.state,
        "concept": found.concept,
        "holds_probability": found.holds_probability,
        "is_enough": found.is_enough,
        "joint_share": float(together["joint_share"]),
        "rise": dict(zip(together["actor"].values.tolist(), together["rise"].values.tolist(), strict=True)),
        "levers": [_lever(one, found) for one in found.persuasions],
    }


def _lever(one: Persuasion, found: RestLevers) -> dict[str, Any]:
    smallest = one.smallest
    told: dict[str, Any] = {"actor": one.actor, "is_own": found.is_own(one)}
    if smallest is None:
        return {**told, "has_wishes": False, "edits": []}
    edits = [
        [{"kind": edit.kind, "wish": one.wishes[edit.wish], "to": edit.to} for edit in list_.edits]
        for list_ in smallest.found
    ]
    return {**told, "has_wishes": True, "edits_tried": smallest.edits_tried, "edits": edits}
