"""The deals of a case as exact data: a tree for JSON, and packages as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr

from westphalia.labels import (
    ACTOR,
    BEST_FOR,
    COALITION,
    CONFLICT,
    EFFICIENT,
    ISSUE,
    LEVER,
    PRINCIPAL,
    RULE,
    STEP,
    TRADE,
)
from westphalia.report.deals_packages import parties
from westphalia.runs.deals import Deals

Tree = dict[str, Any]


def plain(deals: Deals) -> Tree:
    """Return all that the deals say as plain data; options by the names the case gives them."""
    return {
        "case": deals.document.case.id,
        "run": {**deals.stamp, "options": deals.options},
        "parties": list(parties(deals)),
        "reservation": _by_actor(deals.inputs["reservation"]),
        "zone": _zone(deals),
        "over_draws": _over_draws(deals.doubt),
        "solutions": {rule: _solution(deals, rule) for rule in map(str, deals.solutions[RULE].values)},
        "expected": _package(deals, deals.expected),
        "reverted": _package(deals, deals.reverted),
        "frontier": {
            "count": deals.frontier.sizes[EFFICIENT],
            "is_complete": bool(deals.frontier["is_complete"]),
        },
        "payments": _payments(deals, deals.payments),
        "payments_for_expected": _payments(deals, deals.payments_for_expected),
        "levers": _levers(deals, deals.levers),
        "levers_for_expected": _levers(deals, deals.levers_for_expected),
        "home": _home(deals),
        "trades": [_trade(deals, at) for at in range(deals.trades.sizes[TRADE])],
        "exchange_gain": _by_actor(deals.exchange["exchange_gain"]),
        "steps": [_step(deals, at) for at in range(deals.steps.sizes[STEP])],
    }


def _by_actor(values: xr.DataArray) -> Tree:
    return dict(zip(map(str, values[ACTOR].values), values.values.tolist(), strict=True))


def _package(deals: Deals, places: xr.DataArray | Iterable[int]) -> Tree | None:
    """Return the names of the options (issue) a package settles on; None if there is no package."""
    at = np.asarray(places, dtype=int)
    if (at < 0).any():
        return None
    labels = deals.inputs["option_label"].values
    issues = map(str, deals.inputs[ISSUE].values)
    return {issue: str(labels[row, place]) for row, (issue, place) in enumerate(zip(issues, at, strict=True))}


def _scalars(found: xr.Dataset) -> Tree:
    """Return the variables that are single values."""
    return {str(name): found[name].item() for name in found.data_vars if found[name].ndim == 0}


def _members(flags: xr.DataArray) -> list[str]:
    return [str(actor) for actor in flags[ACTOR].values[flags.values.astype(bool)]]


def _zone(deals: Deals) -> Tree:
    zone = deals.zone
    best = {
        str(party): {
            "package": _package(deals, zone["package"].isel({BEST_FOR: at})),
            "gain": _by_actor(zone["slack"].isel({BEST_FOR: at})),
        }
        for at, party in enumerate(zone[BEST_FOR].values)
    }
    return {
        **_scalars(zone),
        "best": best,
        "conflicts": [_members(row) for row in zone["in_conflict"].transpose(CONFLICT, ACTOR)],
        "coalitions": [_members(row) for row in zone["in_coalition"].transpose(COALITION, ACTOR)],
        "blockers": _members(zone["is_blocker"]),
    }


def _over_draws(doubt: xr.Dataset) -> Tree:
    return {
        **_scalars(doubt),
        "is_decided": float(doubt["is_decided"].mean()),
        "blocks": _by_actor(doubt["block_probability"]),
        "blocks_alone": _by_actor(doubt["block_alone_probability"]),
        "conflicts": [
            {
                "parties": _members(doubt["is_member"].isel({CONFLICT: at})),
                "share": float(doubt["conflict_probability"].values[at]),
            }
            for at in range(doubt.sizes[CONFLICT])
        ],
    }


def _solution(deals: Deals, rule: str) -> Tree:
    own = deals.solutions.sel({RULE: rule})
    found = [_package(deals, row) for row in own["package"].values]
    there = [at for at, package in enumerate(found) if package is not None]
    numbers = ("value", "bound", "gap", "converged", "is_tie", "tie_count", "ties_complete")
    return {
        **{name: own[name].item() for name in numbers},
        "packages": [found[at] for at in there],
        "gain": _by_actor(own["gain"].isel(solution=0)) if there else None,
    }


def _payments(deals: Deals, paid: xr.Dataset) -> Tree:
    return {
        **_scalars(paid),
        "package": _package(deals, paid["package"]),
        "payment": _by_actor(paid["payment"]),
    }


def _levers(deals: Deals, levers: xr.Dataset) -> list[Tree]:
    return [
        {
            **_scalars(levers.isel({LEVER: at})),
            "package": _package(deals, levers["package"].isel({LEVER: at})),
        }
        for at in range(levers.sizes[LEVER])
    ]


def _home(deals: Deals) -> Tree | None:
    if deals.home is None:
        return None
    sizes = {
        str(one): {
            name: float(deals.home[name].values[at]) for name in ("win_set_size", "win_set_size_alone")
        }
        for at, one in enumerate(deals.home[PRINCIPAL].values)
    }
    rules = [str(rule) for rule in deals.solutions[RULE].values]
    passed = None if deals.ratified is None else deals.ratified["is_ratified"].values[0].tolist()
    ratified = None if passed is None else dict(zip(rules, passed, strict=True))
    return {**_scalars(deals.home), "win_sets": sizes, "is_ratified": ratified}


def _trade(deals: Deals, at: int) -> Tree:
    trade = deals.trades.isel({TRADE: at})
    labels = deals.inputs["option_label"]
    sides = [
        {
            "party": str(trade["trade_actor"].values[side]),
            "gives_way_on": issue,
            "from": str(labels.sel({ISSUE: issue}).values[int(trade["option_from"].values[side])]),
            "to": str(labels.sel({ISSUE: issue}).values[int(trade["option_to"].values[side])]),
        }
        for side, issue in enumerate(map(str, trade["trade_issue"].values))
    ]
    return {"sides": sides, "gain": _by_actor(trade["trade_gain"])}


def _step(deals: Deals, at: int) -> Tree:
    step = deals.steps.isel({STEP: at})
    return {"package": _package(deals, step["package"]), "gain": _by_actor(step["step_gain"])}


# --- packages as a table ---------------------------------------------------------------------------


def csv_text(deals: Deals) -> str:
    """Return every solution's packages and the frontier as CSV: options by name, gains by actor."""
    issues, actors = (list(map(str, deals.inputs[dim].values)) for dim in (ISSUE, ACTOR))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["kind", "rule", *issues, *(f"gain_{actor}" for actor in actors), "is_proved"])
    for rule in map(str, deals.solutions[RULE].values):
        own = deals.solutions.sel({RULE: rule})
        for package, gain in zip(own["package"].values, own["gain"].values, strict=True):
            named = _package(deals, package)
            if named is not None:
                proved = bool(own["converged"])
                writer.writerow(["solution", rule, *named.values(), *gain.tolist(), proved])
    efficient = deals.frontier
    for at in range(efficient.sizes[EFFICIENT]):
        named = _package(deals, efficient["package"].values[at]) or {}
        gain = efficient["gain"].values[at].tolist()
        writer.writerow(["frontier", "", *named.values(), *gain, bool(efficient["is_proved"].values[at])])
    return stream.getvalue()
