"""What exchanges of positions are realised at the central values, and who pays for them, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from westphalia.case.schema import CaseFile
from westphalia.charts.chart import Chart
from westphalia.charts.exchanges import WHOSE, paying, signed
from westphalia.charts.words import listed, number
from westphalia.labels import ACTOR, DRAW, EFFECT, ISSUE, ROUND, TRADE
from westphalia.language import decimal, marked, said, said_n
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.report.values import actor_name

MOST = 12
"""Rows of the table of exchanges in the report; the command line lists them all."""

TERMS = marked(
    "Position exchange, at the central values of the inputs and so without doubt: two actors on opposite "
    "sides of the outcome on two issues give way to each other, each where it counts for less, and gain "
    "alike. Gains are in hundredths of the scale times salience, as the two partners reckon them. They look "
    "at their own two issues; what others exchange meanwhile, and what third parties do about it, is not "
    "foreseen. Small changes of the inputs, and which of equal gains goes first, change the list."
)


@dataclass(frozen=True)
class Exchanges:
    """The exchanges of a case: its result (one draw), and how actors and issues are called."""

    result: xr.Dataset
    case: CaseFile
    language: str

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names of the actors by id."""
        ids = [str(actor) for actor in self.result[ACTOR].values]
        return {actor: actor_name(actor, self.case, self.language) for actor in ids}

    @cached_property
    def brought(self) -> xr.DataArray:
        """Return what all exchanges brought (actor, effect)."""
        return self.result["externality"].isel({DRAW: 0}).sum(ROUND)

    def question(self, issue: str) -> str:
        """Return what an issue asks."""
        return self.case.issue[issue].question.into(self.language)


def exchange_chapter(result: xr.Dataset, case: CaseFile, language: str) -> Chapter:
    """Return the chapter on the exchanges of a case."""
    found = Exchanges(result, case, language)
    chart = paying(found.brought, found.names)
    charts: dict[str, Chart] = {chart.id: chart} if chart.table.rows else {}
    parts = exchange_parts(found, most=MOST)
    return Chapter(said("Exchanges"), "", parts, charts, said(TERMS))


def exchange_parts(found: Exchanges, *, most: int | None = None) -> tuple[Part, ...]:
    """Return what is exchanged, at most so many exchanges, and who pays."""
    return (_realised(found, most), _paying(found))


def rows_of(found: Exchanges) -> Iterator[dict[str, object]]:
    """Yield the exchanges in the order they were realised, as plain data."""
    one = found.result.isel({DRAW: 0})
    for at in range(_count(found)):
        trade = one.isel({TRADE: at})
        sides = [
            {
                "actor": str(trade["trade_actor"].values[side]),
                "issue": str(trade["trade_issue"].values[side]),
                "from": round(float(trade["trade_from"].values[side]), 6),
                "to": round(float(trade["trade_to"].values[side]), 6),
                "gain": round(float(trade["trade_reckoned_gain"].values[side]), 6),
            }
            for side in range(2)
        ]
        yield {"round": int(trade["trade_round"]), "sides": sides}


def _count(found: Exchanges) -> int:
    return int((found.result["trade_round"].isel({DRAW: 0}).values > 0).sum())


def _realised(found: Exchanges, most: int | None) -> Part:
    title = said("What is exchanged")
    count = _count(found)
    if not count:
        none = said("No two actors have an exchange of positions by which both gain, at the central values.")
        return Part("realised", title, (none,))
    rows = [_row(found, at) for at in range(count if most is None else min(count, most))]
    head = (
        said("who gives way"),
        said("on"),
        said("for whom"),
        said("who gives way on"),
        said("gain of each"),
        said("round"),
    )
    grid = Grid(said("Exchanges in the order in which they are realised"), head, tuple(rows), (4, 5))
    return Part("realised", title, (_counted(found, count, len(rows)), _moved(found)), (grid,))


def _counted(found: Exchanges, count: int, shown: int) -> str:
    rounds = int(found.result.sizes[ROUND]) - 1
    told = said_n(
        "Over {rounds} {n} exchange is realised, those that promise most first.",
        "Over {rounds} {n} exchanges are realised, those that promise most first.",
        count,
        rounds=said_n("{n} round", "{n} rounds", rounds),
    )
    return f"{told} {said('The first {n} are listed.', n=shown)}" if shown < count else told


def _row(found: Exchanges, at: int) -> tuple[str, ...]:
    trade = found.result.isel({DRAW: 0, TRADE: at})
    who, what = ([str(name) for name in trade[key].values] for key in ("trade_actor", "trade_issue"))
    gains = [decimal(f"{gain:.2g}") for gain in trade["trade_reckoned_gain"].values]
    steps = [_step(found, trade, issue, side) for side, issue in enumerate(what)]
    names = found.names
    return (
        names[who[0]],
        steps[0],
        names[who[1]],
        steps[1],
        gains[0] if gains[0] == gains[1] else listed(gains),
        str(int(trade["trade_round"])),
    )


def _step(found: Exchanges, trade: xr.Dataset, issue: str, side: int) -> str:
    low, high = found.case.issue[issue].ends
    start, end = (number(float(trade[name].values[side]), high - low) for name in ("trade_from", "trade_to"))
    return f"{found.question(issue)} {start}\u00a0→\u00a0{end}"


def _moved(found: Exchanges) -> str:
    """Return on which issue exchanges move the outcome farthest."""
    path = found.result["path"].isel({DRAW: 0})
    issues = [str(issue) for issue in path[ISSUE].values]
    ends = {issue: found.case.issue[issue].ends for issue in issues}
    way = {
        issue: float(path.sel({ISSUE: issue})[-1] - path.sel({ISSUE: issue})[0])
        / (ends[issue][1] - ends[issue][0])
        for issue in issues
    }
    far = max(way, key=lambda issue: abs(way[issue]))
    length = ends[far][1] - ends[far][0]
    start, end = (number(float(path.sel({ISSUE: far})[at]), length) for at in (0, -1))
    return said(
        "They move the outcome farthest on “{question}”: from the compromise mean at {start} to {end}.",
        question=found.question(far),
        start=start,
        end=end,
    )


def _paying(found: Exchanges) -> Part:
    sums = _sums(found)
    rows = tuple(
        (found.names[actor], *(signed(value) for value in values), signed(sum(values)))
        for actor, values in sums.items()
    )
    head = (said("actor"), *(said(words) for words in WHOSE.values()), said("in all"))
    title = said("What the exchanges brought, in points × salience")
    grid = Grid(title, head, rows, (1, 2, 3, 4), is_drawn=True)
    return Part(
        "paying",
        said("Who pays for it"),
        tuple(_paid(found.names, sums)),
        (grid,) if rows else (),
        "exchange-costs",
    )


def _sums(found: Exchanges) -> Mapping[str, tuple[float, ...]]:
    """Return by actor what its own exchanges, those of its camps and those of others brought."""
    effects = [str(effect) for effect in found.brought[EFFECT].values]
    sums = {}
    for actor in found.names:
        values = np.asarray(found.brought.sel({ACTOR: actor}).values)
        if np.abs(values).max() > 1e-9:
            sums[actor] = tuple(
                float(sum(v for v, e in zip(values, effects, strict=True) if e.startswith(w))) for w in WHOSE
            )
    return sums


def _paid(names: Mapping[str, str], sums: Mapping[str, tuple[float, ...]]) -> Iterator[str]:
    if not sums:
        yield said("No exchange was possible, so nobody pays.")
        return
    passive = [actor for actor, (own, *others) in sums.items() if sum(others) < 0 and own + sum(others) < 0]
    if not passive:
        yield said("Nobody ends worse off than before the exchanges.")
        return
    passive.sort(key=lambda actor: sum(sums[actor]))
    yield said(
        "What others exchange costs more than one's own exchanges bring: to {actors}.",
        actors=listed(f"{names[actor]} ({signed(sum(sums[actor]))})" for actor in passive),
    )
    outside = [actor for actor in passive if abs(sums[actor][0]) < 0.05 * abs(sum(sums[actor]))]
    if outside:
        yield said(
            "Paying with hardly an exchange of its own: {actors}.",
            actors=listed(names[actor] for actor in outside),
        )
