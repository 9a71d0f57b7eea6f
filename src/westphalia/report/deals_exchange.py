"""What parties gain by exchanges across issues, and by steps from the expected package."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr

from westphalia.charts.deals import signed
from westphalia.charts.words import listed
from westphalia.labels import ISSUE, STEP, TRADE
from westphalia.language import said, said_n
from westphalia.methods.deals.space import TOLERANCE
from westphalia.report.deals_packages import gains_by_actor, names_of, option_brief, parties, questions
from westphalia.report.grid import Grid, Part
from westphalia.runs.deals import Deals

MOST = 6
"""Rows of the table of exchanges; the data hold them all."""

SHOWN = 0.005
"""A gain below this much utility is not worth a word of its own."""


def exchanging(deals: Deals, language: str) -> Part:
    """Return the best exchanges, what settling together adds, and the way to the frontier."""
    sentences = (*_trade_count(deals), *_together(deals, language), *_steps(deals, language))
    grids = (*_trades(deals, language), *_way(deals, language))
    return Part("exchange", said("Exchanges across issues"), sentences, grids)


def _trade_count(deals: Deals) -> Iterator[str]:
    count = deals.trades.sizes[TRADE]
    if count == 0:
        yield said("From what holds without agreement no two parties gain by an exchange on two issues.")
    else:
        yield said_n(
            "From what holds without agreement two parties both gain by {n} exchange on two issues; other "
            "parties may lose by them.",
            "From what holds without agreement two parties both gain by {n} exchanges on two issues; other "
            "parties may lose by them.",
            count,
        )


def _trades(deals: Deals, language: str) -> Iterator[Grid]:
    names, rows = names_of(deals, language), []
    for at in range(min(deals.trades.sizes[TRADE], MOST)):
        trade = deals.trades.isel({TRADE: at})
        who = [str(actor) for actor in trade["trade_actor"].values]
        gives = [_given(deals, trade, side, language) for side in (0, 1)]
        gain = gains_by_actor(trade["trade_gain"])
        others = {p: gain[p] for p in parties(deals) if p not in who and abs(gain[p]) >= SHOWN}
        own = ", ".join(f"{names[p]} {signed(gain[p])}" for p in who)
        rest = ", ".join(f"{names[p]} {signed(v)}" for p, v in others.items())
        rows.append((*(f"{names[p]}: {text}" for p, text in zip(who, gives, strict=True)), own, rest))
    if rows:
        head = (
            said("one gives way"),
            said("the other gives way"),
            said("they gain"),
            said("other parties"),
        )
        yield Grid(said("The exchanges from which both gain most"), head, tuple(rows))


def _given(deals: Deals, trade: xr.Dataset, side: int, language: str) -> str:
    issue = str(trade["trade_issue"].values[side])
    start, end = (int(trade[name].values[side]) for name in ("option_from", "option_to"))
    return _change(deals, issue, start, end, language)


def _change(deals: Deals, issue: str, start: int, end: int, language: str) -> str:
    before, after = (option_brief(deals, issue, place, language) for place in (start, end))
    question = questions(deals, language)[issue]
    return said("“{question}” from {before} to {after}", question=question, before=before, after=after)


def _together(deals: Deals, language: str) -> Iterator[str]:
    gain = gains_by_actor(deals.exchange["exchange_gain"])
    if not all(np.isfinite(gain[party]) for party in parties(deals)):
        return
    names = names_of(deals, language)
    yield said(
        "Settling all issues together instead of each alone adds: {gains} of utility.",
        gains=listed(f"{names[party]} {signed(gain[party])}" for party in parties(deals)),
    )


def _steps(deals: Deals, language: str) -> Iterator[str]:
    count = deals.steps.sizes[STEP] - 1
    if count <= 0:
        yield said("The expected package is efficient: no party can gain without another's loss.")
        return
    names = names_of(deals, language)
    gain = gains_by_actor(deals.steps["step_gain"].sum(STEP))
    gains = listed(f"{names[p]} {signed(gain[p])}" for p in parties(deals))
    start = gains_by_actor(deals.steps["utility"].isel({STEP: -1}) - deals.inputs["reservation"])
    below = [names[p] for p in parties(deals) if start[p] < -TOLERANCE]
    then = (
        said("{parties} would still find no deal better", parties=listed(below))
        if below
        else said("then all accept")
    )
    yield said_n(
        "From the expected package {n} step that cost no party anything lead to the frontier ({gains}; "
        "{then}).",
        "From the expected package {n} steps that cost no party anything lead to the frontier ({gains}; "
        "{then}).",
        count,
        gains=gains,
        then=then,
    )


def _way(deals: Deals, language: str) -> Iterator[Grid]:
    rows = []
    issues = [str(issue) for issue in deals.steps[ISSUE].values]
    for at in range(1, deals.steps.sizes[STEP]):
        step, before = deals.steps.isel({STEP: at}), deals.steps.isel({STEP: at - 1})
        moved = [
            _change(deals, issue, int(before["package"].values[k]), int(step["package"].values[k]), language)
            for k, issue in enumerate(issues)
            if step["is_changed"].values[k]
        ]
        rows.append((str(at), "; ".join(moved)))
    if rows:
        head = (said("step"), said("what changes"))
        yield Grid(said("Steps from the expected package to the frontier"), head, tuple(rows))
