"""The chapter on what changes do: scenarios or changes of one's own, beside the case as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import xarray as xr

from westphalia.analyses.forecasts import DEFAULT_METHOD, PREDICTIVE
from westphalia.charts.chart import Chart
from westphalia.charts.positions import Scale
from westphalia.charts.scenarios import Tried, scenarios
from westphalia.charts.words import number, percent
from westphalia.labels import ISSUE, METHOD
from westphalia.language import said
from westphalia.registry import find
from westphalia.report.doubt import Asked
from westphalia.report.doubt_change import changing
from westphalia.report.grid import Chapter, Grid, Part
from westphalia.report.whatif_data import rows_of
from westphalia.runs.doubt import Doubt
from westphalia.runs.whatif import WhatIf


def whatif_chapter(ran: Mapping[str, WhatIf], language: str) -> Chapter:
    """Return the chapter of scenarios by id, which the case of their base study holds; at least one."""
    asked = _asked(ran, language)
    charts = {chart.id: chart for chart in _charts(asked)}
    titles = {f"scenarios-{issue}": scale.question for issue, scale in asked.scales.items()}
    words = tuple(changing(asked))
    shown = {part.chart for part in words}
    more = tuple(Part(name, titles[name], (), chart=name) for name in charts if name not in shown)
    return Chapter(said("What if"), "", (*words, *more, *_methods(asked)), charts, "")


def whatif_answer(ran: Mapping[str, WhatIf], language: str) -> tuple[str, ...]:
    """Return in short what the changes move on each issue."""
    asked = _asked(ran, language)
    questions = {f"scenarios-{issue}": scale.question for issue, scale in asked.scales.items()}
    moved = tuple(f"{questions[chart.id]} {chart.sentence}" for chart in _charts(asked))
    return moved or (said("No issue has a forecast that could move."),)


def _asked(ran: Mapping[str, WhatIf], language: str) -> Asked:
    base = next(iter(ran.values())).base
    return Asked(Doubt(base, {}, None, (), {}, ran, {}), language)


def _charts(asked: Asked) -> Iterator[Chart]:
    """Yield the picture of each issue on which scenarios and the case as it is have a forecast."""
    titles = {each.id: each.title.into(asked.language) for each in asked.case.scenarios}
    base = next(iter(asked.doubt.scenarios.values())).base
    for issue, scale in asked.scales.items():
        tried = {
            name: Tried(titles[name], _of_mean(one.changed.forecast), _of_mean(one.difference, "difference"))
            for name, one in asked.doubt.scenarios.items()
            if "difference" in one.difference and issue in one.difference[ISSUE].values
        }
        if tried:
            yield scenarios(scale, _of_mean(base.forecast), tried, said("the compromise mean"))


def _of_mean(found: xr.Dataset, name: str = "forecast") -> xr.DataArray:
    return found[name].sel({METHOD: DEFAULT_METHOD})


def _methods(asked: Asked) -> Iterator[Part]:
    """Yield what each scenario moves by the other methods, issue by issue."""
    grids = tuple(_by_method(asked, name, one) for name, one in asked.doubt.scenarios.items())
    told = tuple(grid for grid in grids if grid.rows)
    if told:
        words = said("Differences on the draws that both share: median, and where 90 % of draws lie.")
        yield Part("methods", said("By the other methods"), (words,), told)


def _by_method(asked: Asked, name: str, one: WhatIf) -> Grid:
    titles = {each.id: each.title.into(asked.language) for each in asked.case.scenarios}
    rows = tuple(
        (scale.question, said(find(method).title), _spread(row["difference"], scale), *_ways(row))
        for issue, methods in rows_of(one).items()
        for scale in (asked.scales[issue],)
        for method, row in methods.items()
        if method not in (DEFAULT_METHOD, PREDICTIVE)
    )
    head = (said("issue"), said("method"), said("difference"), said("rises in"), said("falls in"))
    return Grid(titles[name], head, rows, (3, 4))


def _ways(row: Mapping[str, Any]) -> tuple[str, str]:
    return percent(row["rises"]), percent(row["falls"])


def _spread(quantiles: list[float], scale: Scale) -> str:
    low, middle, high = (number(value, scale.length) for value in quantiles)
    return said("{middle} ({low} to {high})", middle=middle, low=low, high=high)
