"""What answers depend on as exact data: rows for JSON and a table."""

from __future__ import annotations

from typing import Any

import xarray as xr

from westphalia.report.tables import csv_of

_OF_ANSWERS = ("answer_mean", "variance", "answer_width")


def plain(found: xr.Dataset) -> dict[str, Any]:
    """Return the indices as plain data, answer by answer, what matters most first."""
    rows = rows_of(found)
    answers = {}
    for answer in found["answer"].values.tolist():
        one = found.sel(answer=answer)
        told = {name: float(one[name]) for name in _OF_ANSWERS if name in one}
        own = [{key: value for key, value in row.items() if key != "answer"} for row in rows[answer]]
        answers[answer] = {**told, "groups": own}
    return {"case": found.attrs["case"], "run": found.attrs, "answers": answers}


def rows_of(found: xr.Dataset) -> dict[str, list[dict[str, Any]]]:
    """Return by answer a row for each group, what matters most first."""
    leading = "first_order" if "first_order" in found else "effect_size"
    per_cell = [str(name) for name, data in found.data_vars.items() if data.dims == ("answer", "group")]
    rows: dict[str, list[dict[str, Any]]] = {}
    for answer in found["answer"].values.tolist():
        one = found.sel(answer=answer)
        order = (-one[leading].values).argsort(kind="stable")
        rows[answer] = [
            {"answer": answer, "group": str(one["group"].values[at])}
            | {name: float(one[name].values[at]) for name in per_cell}
            | ({"unknowns": int(one["unknown_count"].values[at])} if "unknown_count" in one else {})
            for at in order.tolist()
        ]
    return rows


def csv_text(found: xr.Dataset) -> str:
    """Return every row of every answer as CSV."""
    return csv_of(row for rows in rows_of(found).values() for row in rows)
